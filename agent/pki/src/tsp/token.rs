//! TimeStampToken: SignedData over a TSTInfo (RFC 3161 §2.4.2).

use super::error::TspError;
use super::info::{Accuracy, TstInfo};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::cms::{self, Ess, SignedData, SignerInfo};
use crate::extensions::KeyUsage;
use crate::oid;
use crate::serial::Serial;
use crate::time::{Timestamp, Validity};
use crate::tlv::Tlv;
use crate::trust::{Anchors, Path, find_path};

/// A time-stamp token: the DER as it arrived, and what it states. The statement is not to be relied on before
/// [`Token::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    der: Vec<u8>,
    info: TstInfo,
}

/// A time stamp that was verified: signed by that certificate, over that data. Whether the certificate is believed is
/// asked with [`Stamp::path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the data existed.
    pub time: Timestamp,
    /// Nanoseconds after `time`, where the service counts in fractions of the second.
    pub nanoseconds: u32,
    /// How exact; the NCA does not say.
    pub accuracy: Option<Accuracy>,
    /// Under which of the service's policies.
    pub policy: const_oid::ObjectIdentifier,
    /// The token's number. May be negative.
    pub serial: Serial,
    /// The nonce of the request: content octets of the INTEGER.
    pub nonce: Option<Vec<u8>>,
    /// The digest algorithm of the imprint. It need not fit the service's key; SHA-1 has been seen (kz-crypto 12.2).
    pub imprint_algorithm: DigestAlgorithm,
    /// With what the service signed; its digest says how much that proves.
    pub signature_algorithm: SignatureAlgorithm,
    /// The certificate of the time-stamp service.
    pub authority: Certificate,
    /// All certificates inside, in their order.
    pub certificates: Vec<Certificate>,
}

/// What a time stamp should be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamped<'a> {
    /// The data.
    Data(&'a [u8]),
    /// A finished digest of the token's own [`TstInfo::imprint_algorithm`].
    Digest(&'a [u8]),
}

impl Stamp {
    /// The path from the service's certificate to an authority that is believed, valid at the time of the stamp.
    ///
    /// # Errors
    /// [`TspError::Chain`], [`TspError::NotValidThen`].
    pub fn path<'a>(&'a self, anchors: &'a Anchors) -> Result<Path<'a>, TspError> {
        let path = find_path(&self.authority, &self.certificates, anchors)?;
        match path.validity_at(self.time) {
            Validity::Current => Ok(path),
            validity => Err(TspError::NotValidThen(validity)),
        }
    }
}

impl Token {
    /// Tokens above this are refused: 256 KiB.
    pub const MAX_LEN: usize = 256 * 1024;

    /// From exactly one DER ContentInfo.
    ///
    /// # Errors
    /// [`TspError`].
    pub fn from_der(der: &[u8]) -> Result<Self, TspError> {
        if der.len() > Self::MAX_LEN {
            return Err(TspError::TooLarge(der.len()));
        }
        let info = TstInfo::from_der(statement(&SignedData::from_der(der)?)?)?;
        Ok(Self { der: der.to_vec(), info })
    }

    /// The encoding, as it arrived: what goes into a signature unmodified (kz-crypto 12.1).
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What it states.
    pub fn info(&self) -> &TstInfo {
        &self.info
    }

    /// Verifies the token and that it is for `data`: the octets whose digest was sent, for a signature the signature
    /// value.
    ///
    /// # Errors
    /// [`TspError`].
    pub fn verify(&self, data: &[u8]) -> Result<Stamp, TspError> {
        self.verify_with(Stamped::Data(data), &[])
    }

    /// As [`Token::verify`], where the service's certificate may also be one of `others`: a request that does not ask
    /// for it gets a token without it.
    ///
    /// # Errors
    /// [`TspError`].
    pub fn verify_with(&self, stamped: Stamped<'_>, others: &[Certificate]) -> Result<Stamp, TspError> {
        let imprint_algorithm = DigestAlgorithm::from_oid(&self.info.imprint_algorithm)
            .ok_or(TspError::UnknownDigest(self.info.imprint_algorithm))?;
        let same = match stamped {
            Stamped::Data(data) => imprint_algorithm.digest(data) == self.info.imprint,
            Stamped::Digest(digest) => digest == self.info.imprint,
        };
        if !same {
            return Err(TspError::Imprint);
        }
        let signed_data = SignedData::from_der(&self.der)?;
        let content = statement(&signed_data)?;
        let signer = only_signer(&signed_data)?;
        let (authority, signature_algorithm) = verify_signer(&signed_data, signer, content, others)?;
        let authority = authority.clone();
        is_for_time_stamps(&authority)?;
        match authority.validity_at(self.info.time) {
            Validity::Current => {}
            validity => return Err(TspError::NotValidThen(validity)),
        }
        Ok(Stamp {
            time: self.info.time,
            nanoseconds: self.info.nanoseconds,
            accuracy: self.info.accuracy,
            policy: self.info.policy,
            serial: self.info.serial.clone(),
            nonce: self.info.nonce.clone(),
            imprint_algorithm,
            signature_algorithm,
            authority,
            certificates: signed_data.certificates,
        })
    }
}

/// The DER of TSTInfo.
fn statement<'a>(signed_data: &SignedData<'a>) -> Result<&'a [u8], TspError> {
    if signed_data.content_type != oid::CT_TST_INFO {
        return Err(TspError::ContentType(signed_data.content_type));
    }
    signed_data.content.ok_or(TspError::Malformed("the statement is not inside"))
}

/// "MUST NOT contain any signatures other than the signature of the TSA" (RFC 3161 §2.4.2).
fn only_signer<'s, 'a>(signed_data: &'s SignedData<'a>) -> Result<&'s SignerInfo<'a>, TspError> {
    if !signed_data.version_fits() {
        return Err(TspError::Malformed("version"));
    }
    let [signer] = &signed_data.signers[..] else { return Err(TspError::Malformed("not exactly one signature")) };
    if !signer.version_fits() {
        return Err(TspError::Malformed("version of the signature"));
    }
    let algorithms = [signer.digest_algorithm, signer.signature_algorithm];
    if !signed_data.digest_algorithms.iter().chain(&algorithms).all(|algorithm| algorithm.plain) {
        return Err(TspError::Malformed("algorithm with parameters"));
    }
    if !signed_data.digest_algorithms.iter().any(|announced| announced.oid == signer.digest_algorithm.oid) {
        return Err(TspError::Malformed("digest algorithm that is not announced"));
    }
    Ok(signer)
}

/// The certificate whose key signed the statement, and the algorithm that was computed.
fn verify_signer<'s>(
    signed_data: &'s SignedData<'_>,
    signer: &SignerInfo<'_>,
    content: &[u8],
    others: &'s [Certificate],
) -> Result<(&'s Certificate, SignatureAlgorithm), TspError> {
    let digest_algorithm = DigestAlgorithm::from_oid(&signer.digest_algorithm.oid)
        .ok_or(TspError::UnknownDigest(signer.digest_algorithm.oid))?;
    let set = signer.signed_attributes.ok_or(TspError::Malformed("no signed attributes"))?;
    let attributes = cms::attributes(set)?;
    if !cms::are_der(&attributes) {
        return Err(TspError::Malformed("order of the signed attributes"));
    }
    if value(&attributes, cms::CONTENT_TYPE)?.oid().ok() != Some(signed_data.content_type) {
        return Err(TspError::Attribute(cms::CONTENT_TYPE));
    }
    let digest = value(&attributes, cms::MESSAGE_DIGEST)?.octets();
    if digest.map_err(|_| TspError::Attribute(cms::MESSAGE_DIGEST))? != digest_algorithm.digest(content) {
        return Err(TspError::DigestMismatch);
    }

    let mut error = TspError::CertificateMissing;
    let mut found = None;
    let namesakes = signed_data.certificates.iter().chain(others).filter(|c| signer.identifier.matches(c));
    for candidate in namesakes.take(cms::MOST_NAMESAKES) {
        match is_signed_certificate(&attributes, candidate) {
            Ok(()) => {
                found = Some(candidate);
                break;
            }
            Err(why) => error = why,
        }
    }
    let certificate = found.ok_or(error)?;
    let algorithm = signer.computed_algorithm(digest_algorithm);
    if algorithm.digest_algorithm().is_some_and(|fitting| fitting != digest_algorithm) {
        return Err(TspError::AlgorithmMismatch(signer.signature_algorithm.oid));
    }
    let signed = cms::signed_digest(set, digest_algorithm);
    certificate.public_key().verify(&signed, signer.signature, algorithm).map_err(TspError::Signature)?;
    Ok((certificate, algorithm))
}

type Attributes<'a> = [(const_oid::ObjectIdentifier, Tlv<'a>, Tlv<'a>)];

fn value<'a>(attributes: &Attributes<'a>, oid: const_oid::ObjectIdentifier) -> Result<Tlv<'a>, TspError> {
    cms::one(attributes, oid).ok().flatten().ok_or(TspError::Attribute(oid))
}

/// One of the two ESS attributes is there, and whatever is there means this certificate (RFC 3161 §2.4.2, RFC 5816 §2.2.1).
fn is_signed_certificate(attributes: &Attributes<'_>, certificate: &Certificate) -> Result<(), TspError> {
    let mut named = false;
    for (oid, ess) in [(cms::SIGNING_CERTIFICATE, Ess::V1), (cms::SIGNING_CERTIFICATE_V2, Ess::V2)] {
        let value = match cms::one(attributes, oid) {
            Ok(Some(value)) => value,
            Ok(None) => continue,
            Err(cms::NotOne) => return Err(TspError::Attribute(oid)),
        };
        match cms::means(value, ess, certificate) {
            Ok(Some(true)) => named = true,
            Ok(Some(false) | None) => return Err(TspError::SigningCertificate),
            Err(_) => return Err(TspError::Attribute(oid)),
        }
    }
    if named { Ok(()) } else { Err(TspError::Attribute(cms::SIGNING_CERTIFICATE)) }
}

/// extKeyUsage is critical and timeStamping is all it says (RFC 3161 §2.3); the key may sign.
fn is_for_time_stamps(certificate: &Certificate) -> Result<(), TspError> {
    let critical = certificate.extension(&oid::EXTENDED_KEY_USAGE).is_some_and(|extension| extension.critical);
    let signs = certificate
        .key_usage()
        .is_none_or(|usage| usage.contains(KeyUsage::DIGITAL_SIGNATURE) || usage.contains(KeyUsage::NON_REPUDIATION));
    if critical && signs && certificate.extended_key_usage() == [oid::TIME_STAMPING] {
        Ok(())
    } else {
        Err(TspError::Purpose)
    }
}
