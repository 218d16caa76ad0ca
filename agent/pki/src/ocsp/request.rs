//! OCSPRequest and CertID (RFC 6960 §4.1.1).

use const_oid::ObjectIdentifier;

use super::error::OcspError;
use crate::algorithm::DigestAlgorithm;
use crate::cms::Algorithm;
use crate::serial::Serial;
use crate::tlv::{self, DerError, Tlv};
use crate::trust::Authority;
use crate::{extensions, oid};

/// Certificates in a request, answers in a response.
pub(super) const MOST: usize = 64;

/// Which certificate is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    pub(super) hash: ObjectIdentifier,
    pub(super) name_hash: Vec<u8>,
    pub(super) key_hash: Vec<u8>,
    pub(super) serial: Serial,
}

impl CertId {
    /// The certificate of that issuer with that number. `None`: the issuer's key is of an unknown kind.
    pub fn new(hash: DigestAlgorithm, issuer: Authority<'_>, serial: &Serial) -> Option<Self> {
        Some(Self {
            hash: hash.oid(),
            name_hash: hash.digest(issuer.name().der()),
            key_hash: hash.digest(&issuer.public_key().subject_public_key()?),
            serial: serial.clone(),
        })
    }

    /// It means the certificate of that issuer with that number. An unknown digest means nothing.
    pub fn means(&self, issuer: Authority<'_>, serial: &Serial) -> bool {
        let known = DigestAlgorithm::from_oid(&self.hash);
        self.serial == *serial && known.and_then(|hash| Self::new(hash, issuer, serial)).as_ref() == Some(self)
    }

    /// The number of the certificate.
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    pub(super) fn from_tlv(tlv: Tlv<'_>) -> Result<Self, DerError> {
        let mut fields = tlv.expect(tlv::SEQUENCE)?.children();
        let identifier = fields.read()?;
        let algorithm = Algorithm::from_tlv(identifier)?;
        if !algorithm.plain {
            return Err(identifier.wrong("digest algorithm without parameters"));
        }
        let name_hash = fields.read()?.octets()?.to_vec();
        let key_hash = fields.read()?.octets()?.to_vec();
        let number = fields.read()?;
        let serial = Serial::from_bytes(number.integer()?).ok_or(number.wrong("serial number"))?;
        fields.finish()?;
        Ok(Self { hash: algorithm.oid, name_hash, key_hash, serial })
    }

    /// The digest's AlgorithmIdentifier has NULL parameters, as the NCA's own (kz-crypto 10).
    pub fn to_der(&self) -> Vec<u8> {
        tlv::element(
            tlv::SEQUENCE,
            &[
                &tlv::algorithm_null(&self.hash),
                &tlv::element(tlv::OCTET_STRING, &[&self.name_hash]),
                &tlv::element(tlv::OCTET_STRING, &[&self.key_hash]),
                &tlv::element(tlv::INTEGER, &[self.serial.bytes()]),
            ],
        )
    }
}

/// A request about certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    certificates: Vec<CertId>,
    /// Content of the extension.
    nonce: Option<Vec<u8>>,
}

impl Request {
    /// Requests above this are refused: 64 KiB.
    pub const MAX_LEN: usize = 64 * 1024;
    /// For the header Content-Type.
    pub const CONTENT_TYPE: &'static str = "application/ocsp-request";

    /// A request about the certificate of that issuer with that number, in the NCA's form: SHA-256, and a nonce. `nonce` must be unpredictable: it is
    /// what tells this answer from an old one.
    ///
    /// # Errors
    /// [`OcspError::IssuerKey`].
    pub fn new(serial: &Serial, issuer: Authority<'_>, nonce: [u8; 8]) -> Result<Self, OcspError> {
        let id = CertId::new(DigestAlgorithm::Sha256, issuer, serial).ok_or(OcspError::IssuerKey)?;
        Ok(Self { certificates: vec![id], nonce: Some(wrapped(&nonce)) })
    }

    /// What a responder receives. A requestor's name and signature are passed over: the NCA asks for neither.
    ///
    /// # Errors
    /// [`OcspError`].
    pub fn from_der(der: &[u8]) -> Result<Self, OcspError> {
        if der.len() > Self::MAX_LEN {
            return Err(OcspError::TooLarge(der.len()));
        }
        let mut outer = tlv::whole(der, tlv::SEQUENCE)?.children();
        let mut fields = outer.expect(tlv::SEQUENCE)?.children();
        outer.optional(tlv::context(0))?;
        outer.finish()?;
        version(fields.optional(tlv::context(0))?)?;
        fields.optional(tlv::context(1))?;
        let mut list = fields.expect(tlv::SEQUENCE)?.children();
        let mut certificates = Vec::new();
        while !list.is_empty() {
            let request = list.expect(tlv::SEQUENCE)?;
            if certificates.len() >= MOST {
                return Err(request.wrong("list of certificates: too long").into());
            }
            certificates.push(CertId::from_tlv(request.children().read()?)?);
        }
        let extensions = fields.optional(tlv::context(2))?;
        fields.finish()?;
        Ok(Self { certificates, nonce: known_extensions(extensions)?.map(<[u8]>::to_vec) })
    }

    /// The octets to send.
    pub fn to_der(&self) -> Vec<u8> {
        let list: Vec<u8> =
            self.certificates.iter().flat_map(|id| tlv::element(tlv::SEQUENCE, &[&id.to_der()])).collect();
        let extensions = self.nonce.as_deref().map(|nonce| {
            let fields = [tlv::oid(&oid::OCSP_NONCE), tlv::element(tlv::OCTET_STRING, &[nonce])].concat();
            let list = tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&fields])]);
            tlv::element(tlv::context(2), &[&list])
        });
        let tbs =
            tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, &[&list]), &extensions.unwrap_or_default()]);
        tlv::element(tlv::SEQUENCE, &[&tbs])
    }

    /// The certificates that are asked about.
    pub fn certificates(&self) -> &[CertId] {
        &self.certificates
    }

    /// The content of the nonce extension: what a responder sends back as it is.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }
}

/// A nonce is an OCTET STRING inside of the OCTET STRING of its extension (RFC 8954 §2.1, kz-crypto 10).
pub(super) fn wrapped(nonce: &[u8; 8]) -> Vec<u8> {
    tlv::element(tlv::OCTET_STRING, &[nonce])
}

/// `[0] EXPLICIT Version DEFAULT v1`: nothing but v1 exists.
pub(super) fn version(tagged: Option<Tlv<'_>>) -> Result<(), DerError> {
    let Some(tagged) = tagged else { return Ok(()) };
    let mut inner = tagged.children();
    let version = inner.read()?;
    inner.finish()?;
    if version.small_integer()? == 0 { Ok(()) } else { Err(version.wrong("OCSP version")) }
}

/// `EXPLICIT Extensions`: the content of the nonce. Another one that is critical is an error.
pub(super) fn known_extensions(tagged: Option<Tlv<'_>>) -> Result<Option<&[u8]>, OcspError> {
    let Some(tagged) = tagged else { return Ok(None) };
    let mut inner = tagged.children();
    let mut list = inner.expect(tlv::SEQUENCE)?.children();
    inner.finish()?;
    let mut nonce = None;
    while !list.is_empty() {
        let extension = list.read()?;
        match extensions::fields(extension)? {
            (oid::OCSP_NONCE, _, value) if nonce.is_none() => nonce = Some(value.value()),
            (oid::OCSP_NONCE, ..) => return Err(extension.wrong("single nonce").into()),
            (oid::OCSP_EXTENDED_REVOKE, ..) => {}
            (unknown, true, _) => return Err(OcspError::UnknownCritical(unknown)),
            _ => {}
        }
    }
    Ok(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let request = Request {
            certificates: vec![CertId {
                hash: oid::SHA256,
                name_hash: vec![1; 32],
                key_hash: vec![2; 32],
                serial: Serial::from_bytes(&[0x10, 0x20]).unwrap(),
            }],
            nonce: Some(wrapped(&[7; 8])),
        };
        let der = request.to_der();
        assert_eq!(Request::from_der(&der).unwrap(), request);
        // The nonce stands in an OCTET STRING in an OCTET STRING.
        assert!(hex::encode(&der).ends_with("2b0601050507300102040a04080707070707070707"));
        for end in 0..der.len() {
            assert!(Request::from_der(&der[..end]).is_err());
        }
    }

    #[test]
    fn an_unknown_critical_extension_is_not_overlooked() {
        let list = |fields: &[&[u8]]| {
            let extension = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::KEY_STORAGE), &fields.concat()]);
            tlv::element(tlv::context(2), &[&tlv::element(tlv::SEQUENCE, &[&extension])])
        };
        let known = |der: &[u8]| known_extensions(Some(tlv::Reader::new(der).read().unwrap())).map(|_| ());
        assert_eq!(known(&list(&[&[tlv::OCTET_STRING, 0]])), Ok(()));
        let critical = list(&[&[tlv::BOOLEAN, 1, 0xff], &[tlv::OCTET_STRING, 0]]);
        assert_eq!(known(&critical), Err(OcspError::UnknownCritical(oid::KEY_STORAGE)));
    }
}
