//! Time stamps of a signature, as they stand among its unsigned attributes (CAdES-T, EN 319 122-1 §5.3).

use const_oid::ObjectIdentifier;
use pki::cms::{self, CmsError, SignedData, SignerInfo};
use pki::tlv::{DerError, Reader, Tlv};
use pki::tsp::{Stamped, Token};

use super::SIGNATURE_TIME_STAMP;
use super::report::StampReport;

/// Time stamps that are verified in one CMS: each costs a signature.
const MOST: usize = 64;

/// Type, whole attribute and SET of values of each.
type Attributes<'a> = Vec<(ObjectIdentifier, Tlv<'a>, Tlv<'a>)>;

/// The unsigned attributes.
pub(super) fn unsigned<'a>(signer: &SignerInfo<'a>) -> Result<Attributes<'a>, CmsError> {
    Ok(signer.unsigned_attributes.map(cms::attributes).transpose()?.unwrap_or_default())
}

/// The octets of the tokens among them. An attribute should have one, and one with several has been allowed for long
/// (RFC 3161 Annex A).
pub(super) fn tokens<'a>(unsigned: &Attributes<'a>) -> impl Iterator<Item = Result<&'a [u8], DerError>> {
    unsigned.iter().filter(|(oid, ..)| *oid == SIGNATURE_TIME_STAMP).flat_map(|(_, _, values)| {
        let mut values = values.children();
        std::iter::from_fn(move || {
            if values.is_empty() {
                return None;
            }
            let value = values.read().map(|value| value.raw());
            // Nothing can be told of what follows an element that is none.
            if value.is_err() {
                values = Reader::new(&[]);
            }
            Some(value)
        })
    })
}

/// Verifies the time stamps of one signature. `seen` counts those of the whole CMS.
pub(super) fn read(
    signed_data: &SignedData<'_>,
    signer: &SignerInfo<'_>,
    unsigned: &Attributes<'_>,
    seen: &mut usize,
) -> Result<Vec<StampReport>, CmsError> {
    let mut reports = Vec::new();
    for token in tokens(unsigned) {
        *seen += 1;
        if *seen > MOST {
            return Err(CmsError::TooMany("time stamps"));
        }
        reports.push(match token {
            Ok(token) => judge(signed_data, signer, token),
            Err(error) => StampReport { stated: None, verdict: Err(error.into()) },
        });
    }
    Ok(reports)
}

fn judge(signed_data: &SignedData<'_>, signer: &SignerInfo<'_>, token: &[u8]) -> StampReport {
    let token = match Token::from_der(token) {
        Ok(token) => token,
        Err(error) => return StampReport { stated: None, verdict: Err(error) },
    };
    // A token that was asked for without certificates has its service's among those of the signers, or nowhere.
    let verdict = token.verify_with(Stamped::Data(signer.signature), &signed_data.certificates);
    StampReport { stated: Some(token.info().clone()), verdict }
}
