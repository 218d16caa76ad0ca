//! CAdES-T: a time stamp for a signature that is there.

use pki::cms::{CmsError, SignedData};
use pki::tlv;
use pki::tsp::{Stamped, Token};

use super::parts::{Parts, elements, insert, replace, write_set};
use super::{AmendError, refuse_archived, within_limits};
use crate::cms::{SIGNATURE_TIME_STAMP, attributes, stamps};

/// What is to be stamped: the signature value of every signer, in their order. The digest of one of these goes into the
/// request to the time-stamp service (kz-crypto 12.1).
///
/// # Errors
/// [`AmendError::Cms`].
pub fn stamp_data(der: &[u8]) -> Result<Vec<&[u8]>, AmendError> {
    Ok(SignedData::from_der(der)?.signers.iter().map(|signer| signer.signature).collect())
}

/// Puts time stamps into a DER CMS: for each, the index of its signature and the token, whose octets are kept. Each
/// becomes an unsigned attribute of its own beside those that are there; no other octet is touched. Every token must be a
/// good time stamp of its signature; whether the service is believed is the caller's question ([`pki::tsp::Stamp::path`]).
///
/// A SignerInfo that grows may change its place among the others where those have the order of DER, so all indices are
/// those of `der`: stamp all signatures in one call.
///
/// # Errors
/// [`AmendError`].
pub fn add_stamps(der: &[u8], tokens: &[(usize, &Token)]) -> Result<Vec<u8>, AmendError> {
    let signed_data = SignedData::from_der(der)?;
    refuse_archived(&signed_data)?;
    if let Some((index, _)) = tokens.iter().find(|(index, _)| *index >= signed_data.signers.len()) {
        return Err(AmendError::NoSuchSigner(*index));
    }
    let mut parts = Parts::from_der(der)?;
    let mut changed = Vec::new();
    for (index, (signer, whole)) in signed_data.signers.iter().zip(&parts.signers).enumerate() {
        let mut new = Vec::new();
        for (_, token) in tokens.iter().filter(|(of, _)| *of == index) {
            token
                .verify_with(Stamped::Data(signer.signature), &signed_data.certificates)
                .map_err(|error| AmendError::Stamp { signer: index, error })?;
            new.push(attributes::attribute(SIGNATURE_TIME_STAMP, token.der()));
        }
        if !new.is_empty() {
            changed.push((index, with_unsigned(whole, new)?));
        }
    }
    replace(&mut parts.signers, changed);
    let out = within_limits(parts.to_der())?;
    self_check(&out, &signed_data, tokens)?;
    Ok(out)
}

/// A SignerInfo with more unsigned attributes.
fn with_unsigned(signer_info: &[u8], new: Vec<Vec<u8>>) -> Result<Vec<u8>, CmsError> {
    let whole = tlv::whole(signer_info, tlv::SEQUENCE)?;
    let mut fields = whole.children();
    let mut last = fields.read()?;
    while !fields.is_empty() {
        last = fields.read()?;
    }
    let (signed, mut set) = if last.tag() == tlv::context(1) {
        (whole.value().strip_suffix(last.raw()).unwrap_or_default(), elements(last)?)
    } else {
        (whole.value(), Vec::new())
    };
    for attribute in new {
        insert(&mut set, attribute);
    }
    let mut unsigned = Vec::new();
    write_set(&mut unsigned, tlv::context(1), &set);
    Ok(tlv::element(tlv::SEQUENCE, &[signed, &unsigned]))
}

/// The second path over the bytes: the same signatures, and every token is read back from its own.
fn self_check(der: &[u8], before: &SignedData<'_>, tokens: &[(usize, &Token)]) -> Result<(), AmendError> {
    let after = SignedData::from_der(der)?;
    let is_stamped = |signature: &[u8], token: &Token| {
        after.signers.iter().filter(|signer| signer.signature == signature).any(|signer| {
            stamps::unsigned(signer).is_ok_and(|attributes| {
                stamps::tokens(&attributes).any(|there| there.is_ok_and(|there| there == token.der()))
            })
        })
    };
    let mut signatures: [Vec<&[u8]>; 2] =
        [before, &after].map(|signed_data| signed_data.signers.iter().map(|signer| signer.signature).collect());
    signatures.iter_mut().for_each(|list| list.sort_unstable());
    let are_the_same = signatures[0] == signatures[1] && before.content == after.content;
    let are_stamped = tokens
        .iter()
        .all(|(index, token)| before.signers.get(*index).is_some_and(|signer| is_stamped(signer.signature, token)));
    if are_the_same && are_stamped { Ok(()) } else { Err(AmendError::SelfCheck) }
}
