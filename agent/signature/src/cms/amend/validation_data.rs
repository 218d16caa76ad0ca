//! CAdES-LT: what a later verification needs, put beside the signatures.
//!
//! Certificates go into SignedData.certificates, CRLs into SignedData.crls, OCSP responses there too, as
//! OtherRevocationInfoFormat id-ri-ocsp-response (RFC 5940 §2). CAdES knows a second place, the unsigned attributes
//! certificate-values and revocation-values. EN 319 122-1 §6.3 has baseline signatures use the first: requirements q and r
//! of its table name SignedData.crls.crl and SignedData.crls.other, and the attributes are left to the extended formats of
//! part 2. Besides, what stands in SignedData serves all signers and the time stamps in one copy, and other readers look
//! for certificates and CRLs there without knowing CAdES.

use std::borrow::Cow;

use pki::cms::{CmsError, SignedData};
use pki::tlv::{self, DerError, Reader, Tlv};
use pki::{Certificate, ObjectIdentifier};

use super::parts::{Elements, Parts, insert};
use super::{AmendError, refuse_archived, within_limits};
use crate::cms::{REVOCATION_VALUES, stamps};

/// id-ri-ocsp-response: an OCSPResponse.
const RI_OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");
/// id-pkix-ocsp-basic: the type of the response inside, which some write as the kind of revocation information.
const OCSP_BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// SignedData with revocation information of other kinds than CRLs has this version (RFC 5652 §5.1).
const VERSION_5: [u8; 3] = [tlv::INTEGER, 1, 5];
const ENUMERATED: u8 = 0x0a;

/// More entries are not read back.
const MOST: usize = 64;

/// What to put beside the signatures. It is not judged here.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValidationData<'a> {
    /// The certificates above the signers', of the time-stamp services and of the OCSP responders.
    pub certificates: &'a [Certificate],
    /// Whole OCSP responses, DER.
    pub ocsp_responses: &'a [&'a [u8]],
    /// CRLs, DER.
    pub crls: &'a [&'a [u8]],
}

/// Adds what is not there yet to a DER CMS, beside what is.
///
/// # Errors
/// [`AmendError`].
pub fn add_validation_data(der: &[u8], data: &ValidationData<'_>) -> Result<Vec<u8>, AmendError> {
    let signed_data = SignedData::from_der(der)?;
    refuse_archived(&signed_data)?;
    let mut parts = Parts::from_der(der)?;
    if !data.certificates.is_empty() {
        let certificates = parts.certificates.get_or_insert_default();
        data.certificates.iter().for_each(|certificate| insert(certificates, certificate.der().to_vec()));
        at_most(certificates, "certificates")?;
    }
    if !data.crls.is_empty() || !data.ocsp_responses.is_empty() {
        let crls = parts.crls.get_or_insert_default();
        for (index, crl) in data.crls.iter().enumerate() {
            check_crl(crl).map_err(|error| AmendError::Crl { index, error })?;
            insert(crls, crl.to_vec());
        }
        for (index, response) in data.ocsp_responses.iter().enumerate() {
            check_ocsp(response).map_err(|error| AmendError::Ocsp { index, error })?;
            insert(crls, tlv::element(tlv::context(1), &[&tlv::oid(&RI_OCSP_RESPONSE), response]));
        }
        at_most(crls, "CRLs and OCSP responses")?;
        if !data.ocsp_responses.is_empty() {
            parts.version = Cow::Borrowed(&VERSION_5);
        }
    }
    let out = within_limits(parts.to_der())?;
    self_check(&out, &signed_data, data)?;
    Ok(out)
}

fn at_most(set: &Elements<'_>, what: &'static str) -> Result<(), CmsError> {
    if set.len() > MOST { Err(CmsError::TooMany(what)) } else { Ok(()) }
}

/// CertificateList: three fields of the right types.
fn check_crl(crl: &[u8]) -> Result<(), DerError> {
    let mut fields = tlv::whole(crl, tlv::SEQUENCE)?.children();
    fields.expect(tlv::SEQUENCE)?;
    fields.expect(tlv::SEQUENCE)?;
    fields.expect(tlv::BIT_STRING)?;
    fields.finish()
}

/// OCSPResponse: successful, and with a basic response inside (RFC 5940 §2 wants no other).
fn check_ocsp(response: &[u8]) -> Result<(), DerError> {
    let mut fields = tlv::whole(response, tlv::SEQUENCE)?.children();
    let status = fields.expect(ENUMERATED)?;
    if status.value() != [0] {
        return Err(status.wrong("successful OCSP response"));
    }
    let tagged = fields.expect(tlv::context(0))?;
    fields.finish()?;
    let mut inner = tagged.children().expect(tlv::SEQUENCE)?.children();
    let kind = inner.read()?;
    if kind.oid()? != OCSP_BASIC {
        return Err(kind.wrong("basic OCSP response"));
    }
    inner.expect(tlv::OCTET_STRING)?;
    inner.finish()
}

/// Revocation information beside signatures, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevocationValues<'a> {
    /// CRLs, DER.
    pub crls: Vec<&'a [u8]>,
    /// OCSPResponses, DER. A BasicOCSPResponse that stands for itself has got the response around it.
    pub ocsp_responses: Vec<Cow<'a, [u8]>>,
}

/// The revocation information in a DER CMS: in SignedData.crls, and in the attribute revocation-values, where the extended
/// formats have it. Kinds that are not known are passed over.
///
/// # Errors
/// [`CmsError`].
pub fn revocation_values(der: &[u8]) -> Result<RevocationValues<'_>, CmsError> {
    let signed_data = SignedData::from_der(der)?;
    let mut found = RevocationValues::default();
    // Slices of the document again, with their own places.
    let mut fields = tlv::whole(der, tlv::SEQUENCE)?.children();
    fields.read()?;
    let mut fields = fields.read()?.children().read()?.children();
    for _ in 0..3 {
        fields.read()?;
    }
    fields.optional(tlv::context(0))?;
    if let Some(crls) = fields.optional(tlv::context(1))? {
        let mut entries = crls.children();
        while !entries.is_empty() {
            found.take_choice(entries.read()?)?;
        }
    }
    for signer in &signed_data.signers {
        let attributes = stamps::unsigned(signer)?;
        for (_, _, values) in attributes.iter().filter(|(oid, ..)| *oid == REVOCATION_VALUES) {
            let mut values = values.children();
            while !values.is_empty() {
                found.take_attribute(values.expect(tlv::SEQUENCE)?)?;
            }
        }
    }
    Ok(found)
}

impl<'a> RevocationValues<'a> {
    fn room(&self) -> Result<(), CmsError> {
        let count = self.crls.len() + self.ocsp_responses.len();
        if count >= MOST { Err(CmsError::TooMany("CRLs and OCSP responses")) } else { Ok(()) }
    }

    /// RevocationInfoChoice (RFC 5652 §10.2.1).
    fn take_choice(&mut self, choice: Tlv<'a>) -> Result<(), CmsError> {
        self.room()?;
        if choice.tag() == tlv::SEQUENCE {
            self.crls.push(choice.raw());
        } else if choice.tag() == tlv::context(1) {
            let mut fields = choice.children();
            let kind = fields.read()?.oid()?;
            let value = fields.read()?;
            fields.finish()?;
            match kind {
                RI_OCSP_RESPONSE => self.ocsp_responses.push(Cow::Borrowed(value.raw())),
                OCSP_BASIC => self.ocsp_responses.push(Cow::Owned(around_basic(value.raw()))),
                _ => {}
            }
        }
        Ok(())
    }

    /// RevocationValues (EN 319 122-1 §A.1.2.2): `[0]` CRLs, `[1]` basic OCSP responses, `[2]` others.
    fn take_attribute(&mut self, value: Tlv<'a>) -> Result<(), CmsError> {
        let mut fields = value.children();
        for number in [0, 1] {
            let Some(tagged) = fields.optional(tlv::context(number))? else { continue };
            let mut list: Reader<'a> = tagged.children().expect(tlv::SEQUENCE)?.children();
            while !list.is_empty() {
                self.room()?;
                let entry = list.expect(tlv::SEQUENCE)?.raw();
                match number {
                    0 => self.crls.push(entry),
                    _ => self.ocsp_responses.push(Cow::Owned(around_basic(entry))),
                }
            }
        }
        Ok(())
    }
}

fn around_basic(basic: &[u8]) -> Vec<u8> {
    let bytes = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&OCSP_BASIC), &tlv::element(tlv::OCTET_STRING, &[basic])]);
    tlv::element(tlv::SEQUENCE, &[&[ENUMERATED, 1, 0], &tlv::element(tlv::context(0), &[&bytes])])
}

/// The second path over the bytes: the same signatures, and what was added is read back.
fn self_check(der: &[u8], before: &SignedData<'_>, data: &ValidationData<'_>) -> Result<(), AmendError> {
    let after = SignedData::from_der(der)?;
    let values = revocation_values(der)?;
    let is_whole = after.version_fits() == before.version_fits()
        && Parts::from_der(der)?.signers.len() == before.signers.len()
        && after.content == before.content
        && after.signers.iter().zip(&before.signers).all(|(a, b)| a.signature == b.signature)
        && data.certificates.iter().all(|certificate| after.certificates.contains(certificate))
        && data.crls.iter().all(|crl| values.crls.contains(crl))
        && data.ocsp_responses.iter().all(|given| values.ocsp_responses.iter().any(|there| there == given));
    if is_whole { Ok(()) } else { Err(AmendError::SelfCheck) }
}
