//! The certificate extensions that decide anything here (RFC 5280 §4.2.1, kz-crypto 5.6).

use const_oid::ObjectIdentifier;

use crate::certificate::CertificateError;
use crate::oid;
use crate::tlv::{self, DerError, Tlv};

/// More extensions than this are refused.
const MOST_EXTENSIONS: usize = 64;
/// More purposes or policies than this are refused.
const MOST_IDENTIFIERS: usize = 256;

/// keyUsage: what the key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// nonRepudiation, also contentCommitment.
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    /// keyEncipherment.
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    /// dataEncipherment.
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    /// keyAgreement.
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    /// keyCertSign.
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// cRLSign.
    pub const CRL_SIGN: Self = Self(1 << 6);

    /// All of these together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Every bit of `other` is set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The signature profile: digitalSignature and nonRepudiation.
    pub const fn signs_documents(self) -> bool {
        self.contains(Self::DIGITAL_SIGNATURE.and(Self::NON_REPUDIATION))
    }

    fn from_tlv(bits: Tlv<'_>) -> Result<Self, DerError> {
        // DER: named bit lists end with a one (X.690 §11.2.2), but some issuers pad; both are read the same way.
        let (unused, octets) = match bits.expect(tlv::BIT_STRING)?.value() {
            [unused @ 0..=7, octets @ ..] if octets.len() <= 2 => (*unused, octets),
            _ => return Err(bits.wrong("keyUsage")),
        };
        if octets.is_empty() && unused != 0 {
            return Err(bits.wrong("keyUsage"));
        }
        let mut usage = 0;
        for (index, octet) in octets.iter().enumerate() {
            usage |= u16::from(octet.reverse_bits()) << (8 * index);
        }
        Ok(Self(usage))
    }

    /// The BIT STRING of X.690 §11.2.2: no trailing zero bits.
    pub(crate) fn to_der(self) -> Vec<u8> {
        let [low, high] = self.0.to_le_bytes();
        let octets = [low.reverse_bits(), high.reverse_bits()];
        let significant: &[u8] = match octets {
            [0, 0] => &[],
            [_, 0] => octets.get(..1).unwrap_or_default(),
            _ => &octets,
        };
        let unused = significant.last().map_or(0, |last| last.trailing_zeros() as u8);
        tlv::element(tlv::BIT_STRING, &[&[unused], significant])
    }
}

/// What the extensions of one certificate say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions {
    subject_key_identifier: Option<Vec<u8>>,
    authority_key_identifier: Option<Vec<u8>>,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Vec<ObjectIdentifier>,
    policies: Vec<ObjectIdentifier>,
    is_ca: bool,
    path_len_constraint: Option<u32>,
    key_storage: Option<ObjectIdentifier>,
    unknown_critical: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// From `[3] EXPLICIT Extensions`.
    pub(crate) fn from_tlv(tagged: Tlv<'_>) -> Result<Self, CertificateError> {
        let mut tagged_content = tagged.children();
        let mut list = tagged_content.expect(tlv::SEQUENCE)?.children();
        tagged_content.finish()?;
        let mut seen = Vec::new();
        let mut found = Self::default();
        while !list.is_empty() {
            let extension = list.expect(tlv::SEQUENCE)?;
            if seen.len() >= MOST_EXTENSIONS {
                return Err(extension.wrong("extensions: too many").into());
            }
            let (oid, critical, value) = fields(extension)?;
            if seen.contains(&oid) {
                return Err(CertificateError::DuplicateExtension(oid));
            }
            seen.push(oid);
            found.take(oid, critical, value)?;
        }
        Ok(found)
    }

    fn take(&mut self, oid: ObjectIdentifier, critical: bool, value: Tlv<'_>) -> Result<(), DerError> {
        let mut content = value.children();
        match oid {
            oid::SUBJECT_KEY_IDENTIFIER => self.subject_key_identifier = Some(content.read()?.octets()?.to_vec()),
            oid::AUTHORITY_KEY_IDENTIFIER => {
                // issuer and serial number may follow; the key identifier alone is used.
                let identifier = content.expect(tlv::SEQUENCE)?.children().optional(tlv::context_primitive(0))?;
                self.authority_key_identifier = identifier.map(|identifier| identifier.value().to_vec());
            }
            oid::KEY_USAGE => self.key_usage = Some(KeyUsage::from_tlv(content.read()?)?),
            oid::EXTENDED_KEY_USAGE => {
                let mut purposes = content.expect(tlv::SEQUENCE)?.children();
                while !purposes.is_empty() {
                    push(&mut self.extended_key_usage, purposes.read()?)?;
                }
            }
            oid::CERTIFICATE_POLICIES => {
                let mut policies = content.expect(tlv::SEQUENCE)?.children();
                while !policies.is_empty() {
                    push(&mut self.policies, policies.expect(tlv::SEQUENCE)?.children().read()?)?;
                }
            }
            oid::BASIC_CONSTRAINTS => {
                let mut constraints = content.expect(tlv::SEQUENCE)?.children();
                if let Some(flag) = constraints.optional(tlv::BOOLEAN)? {
                    self.is_ca = flag.boolean()?;
                }
                if let Some(length) = constraints.optional(tlv::INTEGER)? {
                    self.path_len_constraint = Some(length.small_integer()?);
                }
                constraints.finish()?;
            }
            oid::KEY_STORAGE => {
                self.key_storage = Some(content.expect(tlv::SEQUENCE)?.children().read()?.oid()?);
            }
            // Read by whoever fetches; nothing here depends on their content.
            oid::SUBJECT_ALT_NAME | oid::CRL_DISTRIBUTION_POINTS | oid::FRESHEST_CRL | oid::AUTHORITY_INFO_ACCESS => {
                return Ok(());
            }
            unknown => {
                if critical {
                    self.unknown_critical.push(unknown);
                }
                return Ok(());
            }
        }
        content.finish()
    }

    pub(crate) fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.subject_key_identifier.as_deref()
    }

    pub(crate) fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.authority_key_identifier.as_deref()
    }

    pub(crate) const fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }

    pub(crate) fn extended_key_usage(&self) -> &[ObjectIdentifier] {
        &self.extended_key_usage
    }

    pub(crate) fn policies(&self) -> &[ObjectIdentifier] {
        &self.policies
    }

    pub(crate) const fn is_ca(&self) -> bool {
        self.is_ca
    }

    pub(crate) const fn path_len_constraint(&self) -> Option<u32> {
        self.path_len_constraint
    }

    pub(crate) const fn key_storage(&self) -> Option<ObjectIdentifier> {
        self.key_storage
    }

    pub(crate) fn unknown_critical(&self) -> &[ObjectIdentifier] {
        &self.unknown_critical
    }
}

/// One Extension (RFC 5280 §4.1): which, whether it is critical, and extnValue. Certificates, CRLs, OCSP and time stamps
/// have the same.
pub(crate) fn fields(extension: Tlv<'_>) -> Result<(ObjectIdentifier, bool, Tlv<'_>), DerError> {
    let mut fields = extension.expect(tlv::SEQUENCE)?.children();
    let oid = fields.read()?.oid()?;
    let critical = match fields.optional(tlv::BOOLEAN)? {
        Some(flag) => flag.boolean()?,
        None => false,
    };
    let value = fields.expect(tlv::OCTET_STRING)?;
    fields.finish()?;
    Ok((oid, critical, value))
}

/// The first rfc822Name of a subjectAltName, from the content of its extnValue; `None` where there is none that can be
/// read.
pub(crate) fn email(value: &[u8]) -> Option<String> {
    let mut names = tlv::whole(value, tlv::SEQUENCE).ok()?.children();
    while !names.is_empty() {
        let name = names.read().ok()?;
        if name.tag() == tlv::context_primitive(1) && name.value().is_ascii() {
            return String::from_utf8(name.value().to_vec()).ok();
        }
    }
    None
}

fn push(list: &mut Vec<ObjectIdentifier>, oid: Tlv<'_>) -> Result<(), DerError> {
    if list.len() >= MOST_IDENTIFIERS {
        return Err(oid.wrong("list of identifiers: too long"));
    }
    list.push(oid.oid()?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(hex: &[u8]) -> Option<KeyUsage> {
        KeyUsage::from_tlv(tlv::Reader::new(&tlv::element(tlv::BIT_STRING, &[hex])).read().unwrap()).ok()
    }

    #[test]
    fn key_usage_bits_are_counted_from_the_left() {
        // The NCA's 2023+ profile: digitalSignature, nonRepudiation, keyAgreement (kz-crypto 8.3).
        let nca = usage(&[0x03, 0xc8]).unwrap();
        assert_eq!(nca, KeyUsage::DIGITAL_SIGNATURE.and(KeyUsage::NON_REPUDIATION).and(KeyUsage::KEY_AGREEMENT));
        assert!(nca.signs_documents());
        assert_eq!(nca.to_der(), [0x03, 0x02, 0x03, 0xc8]);
        assert!(!usage(&[0x01, 0x06]).unwrap().signs_documents());
        assert!(usage(&[0x01, 0x06]).unwrap().contains(KeyUsage::KEY_CERT_SIGN.and(KeyUsage::CRL_SIGN)));
        assert_eq!(KeyUsage(1 << 8).to_der(), [0x03, 0x03, 0x07, 0x00, 0x80]);
        assert_eq!(KeyUsage(0).to_der(), [0x03, 0x01, 0x00]);
    }

    #[test]
    fn key_usage_that_is_no_bit_string_is_refused() {
        for wrong in [&[][..], &[8, 0x80], &[1], &[0, 1, 2, 3]] {
            assert_eq!(usage(wrong), None, "{wrong:02x?}");
        }
    }
}
