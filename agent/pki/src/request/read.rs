//! Reading a request.

use std::ops::Range;

use const_oid::ObjectIdentifier;

use super::RequestError;
use crate::algorithm::SignatureAlgorithm;
use crate::certificate::algorithm;
use crate::extensions::{self, Extensions, KeyUsage};
use crate::holder::Holder;
use crate::key::{PublicKey, VerifyError};
use crate::name::Name;
use crate::tlv::{self, Tlv};
use crate::{oid, pem};

/// More attributes than this are refused.
const MOST_ATTRIBUTES: usize = 16;

/// Labels of PEM blocks that hold a request; the second is what older programs write.
const LABELS: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

/// A PKCS#10 request for a certificate: the DER as it arrived, and what it asks for. Equality is equality of the DER.
///
/// Reading it proves nothing; [`CertificationRequest::verify`] proves that whoever asks has the key.
#[derive(Clone, Debug)]
pub struct CertificationRequest {
    der: Vec<u8>,
    info: Range<usize>,
    spki: Range<usize>,
    subject: Name,
    public_key: PublicKey,
    extensions: Extensions,
    email: Option<String>,
    algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
    holder: Holder,
}

impl CertificationRequest {
    /// Requests above this are refused: 64 KiB.
    pub const MAX_LEN: usize = 64 * 1024;

    /// The media type of the DER (RFC 5967).
    pub const CONTENT_TYPE: &'static str = "application/pkcs10";

    /// From exactly one DER request.
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        if der.len() > Self::MAX_LEN {
            return Err(RequestError::TooLarge(der.len()));
        }
        let mut outer = tlv::whole(der, tlv::SEQUENCE)?.children();
        let info = outer.expect(tlv::SEQUENCE)?;
        let algorithm = algorithm(outer.expect(tlv::SEQUENCE)?)?;
        let signature = outer.expect(tlv::BIT_STRING)?.whole_bits()?.to_vec();
        outer.finish()?;

        let mut fields = info.children();
        let version = fields.read()?;
        if version.small_integer()? != 0 {
            return Err(version.wrong("version of a certificate request").into());
        }
        let subject = Name::from_tlv(fields.expect(tlv::SEQUENCE)?)?;
        let spki = fields.expect(tlv::SEQUENCE)?;
        let public_key = PublicKey::from_tlv(spki)?;
        // RFC 2986 has them always, if empty; some programs leave them out.
        let asked = match fields.optional(tlv::context(0))? {
            Some(attributes) => asked(attributes)?,
            None => Asked::default(),
        };
        fields.finish()?;
        let Asked { extensions, email } = asked;
        let holder = Holder::new(&subject, extensions.extended_key_usage());
        Ok(Self {
            der: der.to_vec(),
            info: info.offset()..info.offset() + info.raw().len(),
            spki: spki.offset()..spki.offset() + spki.raw().len(),
            subject,
            public_key,
            extensions,
            email,
            algorithm,
            signature,
            holder,
        })
    }

    /// From DER, or from the first block of a PEM text that holds a request.
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, RequestError> {
        if bytes.first() == Some(&tlv::SEQUENCE) {
            return Self::from_der(bytes);
        }
        // Base64 and a generous amount of text around it.
        if bytes.len() > 4 * Self::MAX_LEN {
            return Err(RequestError::TooLarge(bytes.len()));
        }
        Self::from_der(&pem::decode(bytes, &LABELS)?)
    }

    /// PEM with lines of 64 characters.
    pub fn to_pem(&self) -> String {
        pem::encode("CERTIFICATE REQUEST", &self.der)
    }

    /// The encoding, as it arrived.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// CertificationRequestInfo, exactly as it was signed.
    pub fn info(&self) -> &[u8] {
        self.der.get(self.info.clone()).unwrap_or_default()
    }

    /// Whom the certificate shall speak of.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// The key that a certificate is asked for.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The DER of its SubjectPublicKeyInfo, as it stands in the request.
    pub fn spki_der(&self) -> &[u8] {
        self.der.get(self.spki.clone()).unwrap_or_default()
    }

    /// The algorithm of its signature.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The key usage that is asked for.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions.key_usage()
    }

    /// The extended key usage that is asked for, in its order.
    pub fn extended_key_usage(&self) -> &[ObjectIdentifier] {
        self.extensions.extended_key_usage()
    }

    /// Whether a certificate of an authority is asked for.
    pub fn asks_to_be_an_authority(&self) -> bool {
        self.extensions.is_ca()
    }

    /// The first e-mail address of the subjectAltName that is asked for.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Holder, organisation and roles, as they are asked for.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Proof of possession: whoever made the request has the key. A signature that could be forged proves nothing.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub fn verify(&self) -> Result<(), VerifyError> {
        if self.algorithm.is_weak() {
            return Err(VerifyError::Weak(self.algorithm.oid()));
        }
        let unsupported = VerifyError::Unsupported(self.algorithm.oid());
        let digest = self.algorithm.digest_algorithm().ok_or(unsupported)?;
        self.public_key.verify(&digest.digest(self.info()), &self.signature, self.algorithm)
    }
}

impl PartialEq for CertificationRequest {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for CertificationRequest {}

/// What the attributes ask for.
#[derive(Default)]
struct Asked {
    extensions: Extensions,
    email: Option<String>,
}

/// `[0] IMPLICIT SET OF Attribute`: the one that asks for extensions is read, the others are passed over.
fn asked(attributes: Tlv<'_>) -> Result<Asked, RequestError> {
    let mut found = None;
    let mut list = attributes.children();
    let mut count = 0;
    while !list.is_empty() {
        count += 1;
        if count > MOST_ATTRIBUTES {
            return Err(RequestError::TooManyAttributes(MOST_ATTRIBUTES));
        }
        let mut attribute = list.expect(tlv::SEQUENCE)?.children();
        let kind = attribute.read()?.oid()?;
        let values = attribute.expect(tlv::SET)?;
        attribute.finish()?;
        if kind != oid::EXTENSION_REQUEST {
            continue;
        }
        // A SET of one SEQUENCE, as in the `[3]` of a certificate.
        let extensions = Extensions::from_tlv(values).map_err(RequestError::Extensions)?;
        let asked = Asked { extensions, email: email(values)? };
        if found.replace(asked).is_some() {
            return Err(RequestError::AttributeRepeated);
        }
    }
    Ok(found.unwrap_or_default())
}

/// The address in the subjectAltName among those extensions.
fn email(values: Tlv<'_>) -> Result<Option<String>, RequestError> {
    let mut list = values.children().expect(tlv::SEQUENCE)?.children();
    while !list.is_empty() {
        let (oid, _, value) = extensions::fields(list.read()?)?;
        if oid == oid::SUBJECT_ALT_NAME {
            return Ok(extensions::email(value.value()));
        }
    }
    Ok(None)
}
