//! X.509 certificates, read once into types over the bytes that were signed.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::algorithm::SignatureAlgorithm;
use crate::extensions::{self, Extensions, KeyUsage};
use crate::holder::Holder;
use crate::key::{PublicKey, VerifyError};
use crate::name::Name;
use crate::pem::{self, PemError};
use crate::serial::Serial;
use crate::time::{Timestamp, Validity};
use crate::tlv::{self, DerError};

/// A certificate: the DER as it arrived, and what it says. Equality is equality of the DER.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: std::ops::Range<usize>,
    signature: Vec<u8>,
    signature_algorithm: SignatureAlgorithm,
    serial: Serial,
    issuer: Name,
    subject: Name,
    not_before: Timestamp,
    not_after: Timestamp,
    spki: std::ops::Range<usize>,
    public_key: PublicKey,
    extensions: Extensions,
    /// Place of the SEQUENCE OF Extension's content.
    extension_list: std::ops::Range<usize>,
    holder: Holder,
}

/// One extension of a certificate, as it stands there.
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    /// Whoever does not know it must not rely on the certificate.
    pub critical: bool,
    /// Content of extnValue.
    pub value: &'a [u8],
}

/// Why bytes are not a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// More than [`Certificate::MAX_LEN`] octets.
    #[error("a certificate of {0} bytes is too large")]
    TooLarge(usize),
    /// The DER is not that of a certificate.
    #[error("not a certificate: {0}")]
    Der(#[from] DerError),
    /// The PEM armour is broken.
    #[error("not a PEM certificate: {0}")]
    Pem(#[from] PemError),
    /// The algorithm inside and outside of the signed part differ (RFC 5280 §4.1.1.2).
    #[error("the signed part names another signature algorithm than the certificate")]
    AlgorithmDiffers,
    /// An extension stands twice (RFC 5280 §4.2).
    #[error("extension {0} stands twice")]
    DuplicateExtension(ObjectIdentifier),
}

impl Certificate {
    /// Certificates above this are refused: 64 KiB.
    pub const MAX_LEN: usize = 64 * 1024;

    /// From exactly one DER certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > Self::MAX_LEN {
            return Err(CertificateError::TooLarge(der.len()));
        }
        let mut outer = tlv::whole(der, tlv::SEQUENCE)?.children();
        let tbs = outer.expect(tlv::SEQUENCE)?;
        let algorithm = algorithm(outer.expect(tlv::SEQUENCE)?)?;
        let signature = outer.expect(tlv::BIT_STRING)?.whole_bits()?.to_vec();
        outer.finish()?;

        let mut fields = tbs.children();
        let version = match fields.optional(tlv::context(0))? {
            Some(tagged) => {
                let mut inner = tagged.children();
                let version = inner.read()?;
                inner.finish()?;
                match version.small_integer()? {
                    number @ 0..=2 => number,
                    _ => return Err(version.wrong("certificate version").into()),
                }
            }
            None => 0,
        };
        let number = fields.read()?;
        let serial = Serial::from_bytes(number.integer()?).ok_or(number.wrong("serial number"))?;
        let inner_algorithm = self::algorithm(fields.expect(tlv::SEQUENCE)?)?;
        let issuer = Name::from_tlv(fields.expect(tlv::SEQUENCE)?)?;
        let mut validity = fields.expect(tlv::SEQUENCE)?.children();
        let not_before = Timestamp::from_tlv(validity.read()?)?;
        let not_after = Timestamp::from_tlv(validity.read()?)?;
        validity.finish()?;
        let subject = Name::from_tlv(fields.expect(tlv::SEQUENCE)?)?;
        let spki = fields.expect(tlv::SEQUENCE)?;
        let public_key = PublicKey::from_tlv(spki)?;
        // issuerUniqueID and subjectUniqueID: obsolete, never used (RFC 5280 §4.1.2.8).
        fields.optional(tlv::context_primitive(1))?;
        fields.optional(tlv::context_primitive(2))?;
        let (extensions, extension_list) = match fields.optional(tlv::context(3))? {
            Some(tagged) if version == 2 => {
                let list = tagged.children().expect(tlv::SEQUENCE)?;
                let place = list.value_offset()..list.value_offset() + list.value().len();
                (Extensions::from_tlv(tagged)?, place)
            }
            Some(tagged) => return Err(tagged.wrong("extensions of a version 3 certificate").into()),
            None => (Extensions::default(), 0..0),
        };
        fields.finish()?;
        if inner_algorithm != algorithm {
            return Err(CertificateError::AlgorithmDiffers);
        }

        let holder = Holder::new(&subject, extensions.extended_key_usage());
        Ok(Self {
            der: der.to_vec(),
            tbs: tbs.offset()..tbs.offset() + tbs.raw().len(),
            signature,
            signature_algorithm: algorithm,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            spki: spki.offset()..spki.offset() + spki.raw().len(),
            public_key,
            extensions,
            extension_list,
            holder,
        })
    }

    /// From DER, or from the first `CERTIFICATE` block of a PEM text.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.first() == Some(&tlv::SEQUENCE) {
            return Self::from_der(bytes);
        }
        // Base64 and a generous amount of text around it.
        if bytes.len() > 4 * Self::MAX_LEN {
            return Err(CertificateError::TooLarge(bytes.len()));
        }
        Self::from_der(&pem::decode(bytes, &["CERTIFICATE"])?)
    }

    /// PEM with lines of 64 characters.
    pub fn to_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der)
    }

    /// The encoding, as it arrived.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The signed part, as it arrived.
    pub fn tbs(&self) -> &[u8] {
        self.der.get(self.tbs.clone()).unwrap_or_default()
    }

    /// The issuer's signature: content of the BIT STRING.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// With what the issuer signed.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.signature_algorithm
    }

    /// The serial number.
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Whom it speaks of.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// First moment of validity.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last moment of validity.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Where `moment` lies against the validity period.
    pub fn validity_at(&self, moment: Timestamp) -> Validity {
        if moment < self.not_before {
            Validity::NotYet
        } else if moment > self.not_after {
            Validity::Expired
        } else {
            Validity::Current
        }
    }

    /// The holder's public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The SubjectPublicKeyInfo, as it arrived.
    pub fn spki_der(&self) -> &[u8] {
        self.der.get(self.spki.clone()).unwrap_or_default()
    }

    /// subjectKeyIdentifier: opaque (kz-crypto 8.1).
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.subject_key_identifier()
    }

    /// keyIdentifier of authorityKeyIdentifier: opaque.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.extensions.authority_key_identifier()
    }

    /// The purposes in their encoded order; empty when the extension is absent.
    pub fn extended_key_usage(&self) -> &[ObjectIdentifier] {
        self.extensions.extended_key_usage()
    }

    /// What the key may be used for; `None` when the extension is absent.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions.key_usage()
    }

    /// basicConstraints says that this is a certification authority.
    pub fn basic_constraints_ca(&self) -> bool {
        self.extensions.is_ca()
    }

    /// How many intermediate authorities may stand below this one; `None` without a limit.
    pub fn path_len_constraint(&self) -> Option<u32> {
        self.extensions.path_len_constraint()
    }

    /// Policy identifiers in their encoded order.
    pub fn policies(&self) -> &[ObjectIdentifier] {
        self.extensions.policies()
    }

    /// Where the key lives, by the NCA's extension (kz-crypto 5.6).
    pub fn key_storage(&self) -> Option<ObjectIdentifier> {
        self.extensions.key_storage()
    }

    /// Critical extensions that this code does not know: such a certificate must not be relied on (RFC 5280 §4.2).
    pub fn unknown_critical_extensions(&self) -> &[ObjectIdentifier] {
        self.extensions.unknown_critical()
    }

    /// An extension as it stands in the certificate; most have a method of their own that says what they mean.
    pub fn extension(&self, wanted: &ObjectIdentifier) -> Option<Extension<'_>> {
        let mut list = tlv::Reader::new(self.der.get(self.extension_list.clone())?);
        while !list.is_empty() {
            let (oid, critical, value) = extensions::fields(list.read().ok()?).ok()?;
            if oid == *wanted {
                return Some(Extension { critical, value: value.value() });
            }
        }
        None
    }

    /// Holder, organisation and roles.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Checks this certificate's signature with an issuer's key. Says nothing about names, validity or trust.
    pub fn verify_signature(&self, issuer: &PublicKey) -> Result<(), VerifyError> {
        let unsupported = VerifyError::Unsupported(self.signature_algorithm.oid());
        let digest = self.signature_algorithm.digest_algorithm().ok_or(unsupported)?;
        issuer.verify(&digest.digest(self.tbs()), &self.signature, self.signature_algorithm)
    }
}

/// The algorithm of an AlgorithmIdentifier whose parameters are NULL or absent.
pub(crate) fn algorithm(identifier: tlv::Tlv<'_>) -> Result<SignatureAlgorithm, DerError> {
    let mut fields = identifier.children();
    let algorithm = SignatureAlgorithm::from_oid(&fields.read()?.oid()?);
    // Unknown algorithms may have any parameters; the known ones have none.
    if !matches!(algorithm, SignatureAlgorithm::Other(_)) {
        fields.optional(tlv::NULL)?;
        fields.finish()?;
    }
    Ok(algorithm)
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}
