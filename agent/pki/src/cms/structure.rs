//! Taking SignedData apart, without a judgement: slices of what arrived, with their places.

use const_oid::ObjectIdentifier;

use super::{DATA, SIGNED_DATA};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::oid;
use crate::tlv::{self, DerError, Tlv};

/// A CMS above this is refused: 256 MiB.
pub const MAX_LEN: usize = 256 << 20;

/// The largest content that is put inside of a CMS, in octets: [`MAX_LEN`] with room for a signature around it.
pub const MAX_ATTACHED_LEN: usize = MAX_LEN - (1 << 16);

const MOST: usize = 64;

/// Certificates of one issuer and number that are looked at when a signer's is looked for. There should be one; each costs
/// a digest of it, and 64 signers may look among 64.
pub const MOST_NAMESAKES: usize = 4;

/// The longest signature value, in octets. Keys have up to 1024; every time stamp costs a digest of it.
const LONGEST_SIGNATURE: usize = 1 << 14;

/// Why bytes are not a CMS that can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CmsError {
    /// More than [`MAX_LEN`] octets.
    #[error("a CMS of {0} bytes is too large")]
    TooLarge(usize),
    /// A CMS, but of another kind: encrypted data, for example.
    #[error("content type {0} is not SignedData")]
    NotSignedData(ObjectIdentifier),
    /// Not the DER of a CMS.
    #[error("not a CMS: {0}")]
    Der(#[from] DerError),
    /// More parts of a kind than are looked at.
    #[error("more than {MOST} {0}")]
    TooMany(&'static str),
}

/// An AlgorithmIdentifier.
#[derive(Clone, Copy, Debug)]
pub struct Algorithm {
    /// What it identifies.
    pub oid: ObjectIdentifier,
    /// Parameters absent or NULL: all algorithms here have none.
    pub plain: bool,
}

impl Algorithm {
    /// From its SEQUENCE.
    pub fn from_tlv(tlv: Tlv<'_>) -> Result<Self, DerError> {
        let mut fields = tlv.expect(tlv::SEQUENCE)?.children();
        let oid = fields.read()?.oid()?;
        let plain = match fields.optional(tlv::NULL)? {
            Some(null) => null.value().is_empty() && fields.is_empty(),
            None => fields.is_empty(),
        };
        Ok(Self { oid, plain })
    }
}

/// Which certificate is the signer's.
#[derive(Clone, Copy, Debug)]
pub enum SignerIdentifier<'a> {
    /// The issuer's name and the certificate's number.
    IssuerAndSerialNumber {
        /// DER of the Name.
        issuer: &'a [u8],
        /// Content octets of the INTEGER.
        serial: &'a [u8],
    },
    /// The certificate's subjectKeyIdentifier.
    SubjectKeyIdentifier(&'a [u8]),
}

impl SignerIdentifier<'_> {
    /// It is that certificate.
    pub fn matches(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerialNumber { issuer, serial } => {
                certificate.issuer().der() == *issuer && certificate.serial().bytes() == *serial
            }
            Self::SubjectKeyIdentifier(identifier) => certificate.subject_key_identifier() == Some(identifier),
        }
    }
}

/// One SignerInfo.
#[derive(Clone, Copy, Debug)]
pub struct SignerInfo<'a> {
    /// 1 or 3 (RFC 5652 §5.3).
    pub version: u32,
    /// Whose it is.
    pub identifier: SignerIdentifier<'a>,
    /// digestAlgorithm.
    pub digest_algorithm: Algorithm,
    /// `[0] IMPLICIT SET OF Attribute`.
    pub signed_attributes: Option<Tlv<'a>>,
    /// signatureAlgorithm, as written; see [`SignerInfo::computed_algorithm`].
    pub signature_algorithm: Algorithm,
    /// The signature value.
    pub signature: &'a [u8],
    /// `[1] IMPLICIT SET OF Attribute`.
    pub unsigned_attributes: Option<Tlv<'a>>,
}

impl SignerInfo<'_> {
    /// The version that goes with the kind of identifier (RFC 5652 §5.3).
    pub const fn version_fits(&self) -> bool {
        match self.identifier {
            SignerIdentifier::IssuerAndSerialNumber { .. } => self.version == 1,
            SignerIdentifier::SubjectKeyIdentifier(_) => self.version == 3,
        }
    }

    /// The signature algorithm to compute where the digest is `digest`: producers also write the key's identifier in
    /// that place (kz-crypto 13.2, RFC 3370 §3.2).
    pub fn computed_algorithm(&self, digest: DigestAlgorithm) -> SignatureAlgorithm {
        match (self.signature_algorithm.oid, digest) {
            (oid::GOST512_KEY, _) => SignatureAlgorithm::Gost512,
            (oid::GOST256_KEY, _) => SignatureAlgorithm::Gost256,
            (oid::GOST2004_KEY, _) => SignatureAlgorithm::Gost2004,
            (oid::RSA, DigestAlgorithm::Sha1) => SignatureAlgorithm::RsaSha1,
            (oid::RSA, DigestAlgorithm::Sha256) => SignatureAlgorithm::RsaSha256,
            (oid::RSA, DigestAlgorithm::Sha384) => SignatureAlgorithm::RsaSha384,
            (oid::RSA, DigestAlgorithm::Sha512) => SignatureAlgorithm::RsaSha512,
            (written, _) => SignatureAlgorithm::from_oid(&written),
        }
    }
}

/// SignedData.
#[derive(Clone, Debug)]
pub struct SignedData<'a> {
    /// 1 to 5 (RFC 5652 §5.1).
    pub version: u32,
    /// digestAlgorithms: those that the signers use, announced.
    pub digest_algorithms: Vec<Algorithm>,
    /// eContentType.
    pub content_type: ObjectIdentifier,
    /// eContent; `None` when detached.
    pub content: Option<&'a [u8]>,
    /// The certificates inside that could be read, in their order.
    pub certificates: Vec<Certificate>,
    /// Places of certificates that could not be read.
    pub unreadable_certificates: Vec<usize>,
    /// Entries of `certificates` and `crls` of kinds that no X.509 signer needs (RFC 5652 §10.2).
    pub other_formats: bool,
    /// signerInfos, in their order.
    pub signers: Vec<SignerInfo<'a>>,
}

impl<'a> SignedData<'a> {
    /// From exactly one DER ContentInfo.
    pub fn from_der(der: &'a [u8]) -> Result<Self, CmsError> {
        if der.len() > MAX_LEN {
            return Err(CmsError::TooLarge(der.len()));
        }
        let mut content_info = tlv::whole(der, tlv::SEQUENCE)?.children();
        let content_type = content_info.read()?.oid()?;
        if content_type != SIGNED_DATA {
            return Err(CmsError::NotSignedData(content_type));
        }
        let tagged = content_info.expect(tlv::context(0))?;
        content_info.finish()?;
        let mut tagged_content = tagged.children();
        let mut fields = tagged_content.expect(tlv::SEQUENCE)?.children();
        tagged_content.finish()?;

        let version = fields.read()?.small_integer()?;
        let digest_algorithms = fields.expect(tlv::SET)?;
        let digest_algorithms = list(digest_algorithms, "digest algorithms", |item| Ok(Algorithm::from_tlv(item)?))?;
        let (content_type, content) = encapsulated(fields.expect(tlv::SEQUENCE)?)?;
        let mut signed_data = Self {
            version,
            digest_algorithms,
            content_type,
            content,
            certificates: Vec::new(),
            unreadable_certificates: Vec::new(),
            other_formats: false,
            signers: Vec::new(),
        };
        if let Some(certificates) = fields.optional(tlv::context(0))? {
            signed_data.take_certificates(certificates)?;
        }
        if let Some(crls) = fields.optional(tlv::context(1))? {
            let mut crls = crls.children();
            while !crls.is_empty() {
                signed_data.other_formats |= crls.read()?.tag() != tlv::SEQUENCE;
            }
        }
        signed_data.signers = list(fields.expect(tlv::SET)?, "signers", signer_info)?;
        fields.finish()?;
        Ok(signed_data)
    }

    fn take_certificates(&mut self, certificates: Tlv<'a>) -> Result<(), CmsError> {
        let mut entries = certificates.children();
        let mut count = 0;
        while !entries.is_empty() {
            let entry = entries.read()?;
            count += 1;
            if count > MOST {
                return Err(CmsError::TooMany("certificates"));
            }
            if entry.tag() != tlv::SEQUENCE {
                self.other_formats = true;
                continue;
            }
            match Certificate::from_der(entry.raw()) {
                Ok(certificate) => self.certificates.push(certificate),
                Err(_) => self.unreadable_certificates.push(entry.offset()),
            }
        }
        Ok(())
    }

    /// RFC 5652 §5.1: 1 for plain data, certificates of X.509 and issuerAndSerialNumber everywhere. 3 and above tell of
    /// other things, which this code does not count out one by one.
    pub fn version_fits(&self) -> bool {
        let plain = self.content_type == DATA && !self.other_formats && self.signers.iter().all(|s| s.version == 1);
        match self.version {
            1 => plain,
            3 => !plain && !self.other_formats,
            4 | 5 => self.other_formats,
            _ => false,
        }
    }
}

/// The content of an attached signature, as it stands in the DER; `None` for a detached one.
pub fn attached_content(der: &[u8]) -> Result<Option<&[u8]>, CmsError> {
    Ok(SignedData::from_der(der)?.content)
}

fn encapsulated(info: Tlv<'_>) -> Result<(ObjectIdentifier, Option<&[u8]>), CmsError> {
    let mut fields = info.children();
    let content_type = fields.read()?.oid()?;
    let content = match fields.optional(tlv::context(0))? {
        Some(tagged) => {
            let mut inner = tagged.children();
            let content = inner.read()?.octets()?;
            inner.finish()?;
            Some(content)
        }
        None => None,
    };
    fields.finish()?;
    Ok((content_type, content))
}

fn signer_info(tlv: Tlv<'_>) -> Result<SignerInfo<'_>, CmsError> {
    let mut fields = tlv.expect(tlv::SEQUENCE)?.children();
    let version = fields.read()?.small_integer()?;
    let identifier = fields.read()?;
    let identifier = if identifier.tag() == tlv::context_primitive(0) {
        SignerIdentifier::SubjectKeyIdentifier(identifier.value())
    } else {
        let mut pair = identifier.expect(tlv::SEQUENCE)?.children();
        let issuer = pair.expect(tlv::SEQUENCE)?.raw();
        let serial = pair.read()?.integer()?;
        pair.finish()?;
        SignerIdentifier::IssuerAndSerialNumber { issuer, serial }
    };
    let digest_algorithm = Algorithm::from_tlv(fields.read()?)?;
    let signed_attributes = fields.optional(tlv::context(0))?;
    let signature_algorithm = Algorithm::from_tlv(fields.read()?)?;
    let value = fields.read()?;
    let signature = value.octets()?;
    if signature.len() > LONGEST_SIGNATURE {
        return Err(value.wrong("signature value: too long").into());
    }
    let unsigned_attributes = fields.optional(tlv::context(1))?;
    fields.finish()?;
    Ok(SignerInfo {
        version,
        identifier,
        digest_algorithm,
        signed_attributes,
        signature_algorithm,
        signature,
        unsigned_attributes,
    })
}

/// The elements of a SET OF or SEQUENCE OF.
pub(super) fn list<'a, T>(
    set: Tlv<'a>,
    what: &'static str,
    mut read: impl FnMut(Tlv<'a>) -> Result<T, CmsError>,
) -> Result<Vec<T>, CmsError> {
    let mut elements = set.children();
    let mut found = Vec::new();
    while !elements.is_empty() {
        if found.len() >= MOST {
            return Err(CmsError::TooMany(what));
        }
        found.push(read(elements.read()?)?);
    }
    Ok(found)
}
