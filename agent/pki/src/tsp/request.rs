//! TimeStampReq: what is asked of the service (RFC 3161 §2.4.1, kz-crypto 12.1).

use const_oid::ObjectIdentifier;

use super::error::TspError;
use super::info::{imprint, nonce};
use super::response::Response;
use super::token::{Stamp, Token};
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::tlv::{self, Tlv};
use crate::{extensions, oid};

/// The service's policies: each one is another key (kz-crypto 5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    /// GOST-2015, 512 bit.
    Gost512,
    /// GOST-2004.
    Gost2004,
    /// RSA with SHA-256.
    Rsa,
    /// GOST-2004 under the identifiers of an older product.
    Gost2004Gamma,
}

impl Policy {
    const ALL: [Self; 4] = [Self::Gost512, Self::Gost2004, Self::Rsa, Self::Gost2004Gamma];

    /// The policy for the signatures of such a key. Keys that the NCA does not issue get the stamp of the current ones.
    pub const fn of(signer: SignatureAlgorithm) -> Self {
        match signer {
            SignatureAlgorithm::Gost2004 => Self::Gost2004,
            SignatureAlgorithm::RsaSha1
            | SignatureAlgorithm::RsaSha256
            | SignatureAlgorithm::RsaSha384
            | SignatureAlgorithm::RsaSha512 => Self::Rsa,
            _ => Self::Gost512,
        }
    }

    /// The policy of that identifier.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.oid() == *oid)
    }

    /// Its identifier.
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Gost512 => oid::TSA_GOST512,
            Self::Gost2004 => oid::TSA_GOST2004,
            Self::Rsa => oid::TSA_RSA,
            Self::Gost2004Gamma => oid::TSA_GOST2004_GAMMA,
        }
    }

    /// The digest that goes with it. The service takes others too (kz-crypto 12.2).
    pub const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::Gost512 => DigestAlgorithm::Streebog512,
            Self::Gost2004 | Self::Gost2004Gamma => DigestAlgorithm::Gost34311,
            Self::Rsa => DigestAlgorithm::Sha256,
        }
    }
}

/// A request for a time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    policy: Option<ObjectIdentifier>,
    digest_algorithm: ObjectIdentifier,
    imprint: Vec<u8>,
    nonce: Option<Vec<u8>>,
    wants_certificate: bool,
}

impl Request {
    /// Requests above this are refused: 16 KiB.
    pub const MAX_LEN: usize = 16 * 1024;
    /// For the header Content-Type.
    pub const CONTENT_TYPE: &'static str = "application/timestamp-query";

    /// A request in the NCA's form: with policy and nonce, and asking for the service's certificate.
    ///
    /// `imprint` is a finished digest of `hash`; for a signature it is that of the signature octets. `nonce` must be
    /// unpredictable: it is what tells this answer from an old one.
    ///
    /// # Errors
    /// [`TspError::ImprintLength`].
    pub fn new(
        policy: ObjectIdentifier,
        hash: DigestAlgorithm,
        imprint: &[u8],
        nonce: [u8; 8],
    ) -> Result<Self, TspError> {
        if imprint.len() != hash.output_len() {
            return Err(TspError::ImprintLength { expected: hash.output_len(), found: imprint.len() });
        }
        Ok(Self::filled(policy, hash, imprint.to_vec(), nonce))
    }

    /// A request in the NCA's form for the policy's own digest of `data`.
    pub fn for_data(policy: Policy, data: &[u8], nonce: [u8; 8]) -> Self {
        let hash = policy.digest_algorithm();
        Self::filled(policy.oid(), hash, hash.digest(data), nonce)
    }

    fn filled(policy: ObjectIdentifier, hash: DigestAlgorithm, imprint: Vec<u8>, nonce: [u8; 8]) -> Self {
        Self {
            policy: Some(policy),
            digest_algorithm: hash.oid(),
            imprint,
            nonce: Some(positive_integer(&nonce)),
            wants_certificate: true,
        }
    }

    /// What a service receives.
    ///
    /// # Errors
    /// [`TspError`]: no request, or one with a critical extension.
    pub fn from_der(der: &[u8]) -> Result<Self, TspError> {
        if der.len() > Self::MAX_LEN {
            return Err(TspError::TooLarge(der.len()));
        }
        let mut fields = tlv::whole(der, tlv::SEQUENCE)?.children();
        let version = fields.read()?;
        if version.small_integer()? != 1 {
            return Err(version.wrong("version of a time-stamp request").into());
        }
        let (digest_algorithm, imprint) = imprint(fields.read()?)?;
        let policy = fields.optional(tlv::OID)?.map(Tlv::oid).transpose()?;
        let nonce = fields.optional(tlv::INTEGER)?.map(nonce).transpose()?.map(<[u8]>::to_vec);
        let wants_certificate = fields.optional(tlv::BOOLEAN)?.map(Tlv::boolean).transpose()?.unwrap_or_default();
        if let Some(list) = fields.optional(tlv::context(0))? {
            let mut list = list.children();
            while !list.is_empty() {
                if let (oid, true, _) = extensions::fields(list.read()?)? {
                    return Err(TspError::UnknownCritical(oid));
                }
            }
        }
        fields.finish()?;
        Ok(Self { policy, digest_algorithm, imprint: imprint.to_vec(), nonce, wants_certificate })
    }

    /// The octets to send.
    pub fn to_der(&self) -> Vec<u8> {
        let imprint = tlv::element(
            tlv::SEQUENCE,
            &[&tlv::algorithm_null(&self.digest_algorithm), &tlv::element(tlv::OCTET_STRING, &[&self.imprint])],
        );
        let policy = self.policy.map(|policy| tlv::oid(&policy)).unwrap_or_default();
        let nonce = self.nonce.as_deref().map(|nonce| tlv::element(tlv::INTEGER, &[nonce])).unwrap_or_default();
        // BOOLEAN DEFAULT FALSE.
        let certificate: &[u8] = if self.wants_certificate { &[tlv::BOOLEAN, 1, 0xff] } else { &[] };
        tlv::element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 1], &imprint, &policy, &nonce, certificate])
    }

    /// The policy that is asked for.
    pub fn policy(&self) -> Option<ObjectIdentifier> {
        self.policy
    }

    /// The digest algorithm of the imprint.
    pub fn digest_algorithm(&self) -> ObjectIdentifier {
        self.digest_algorithm
    }

    /// The digest to stamp.
    pub fn imprint(&self) -> &[u8] {
        &self.imprint
    }

    /// The nonce: content octets of the INTEGER.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// certReq.
    pub fn wants_certificate(&self) -> bool {
        self.wants_certificate
    }

    /// The token answers this request: same imprint, policy and nonce (RFC 3161 §2.2). Says nothing about its signature.
    ///
    /// # Errors
    /// [`TspError::Imprint`], [`TspError::Policy`], [`TspError::Nonce`].
    pub fn is_answered_by(&self, token: &Token) -> Result<(), TspError> {
        let info = token.info();
        if info.imprint_algorithm != self.digest_algorithm || info.imprint != self.imprint {
            return Err(TspError::Imprint);
        }
        match self.policy {
            Some(asked) if asked != info.policy => return Err(TspError::Policy { asked, found: info.policy }),
            _ => {}
        }
        if self.nonce.is_some() && self.nonce != info.nonce {
            return Err(TspError::Nonce);
        }
        Ok(())
    }

    /// Judges the octets that the service sent back: granted, an answer to this request, a good signature of a
    /// time-stamp certificate, and for `data`, from which the imprint was made. What remains to be asked is
    /// [`Stamp::path`].
    ///
    /// # Errors
    /// [`TspError`].
    pub fn accept(&self, response: &[u8], data: &[u8]) -> Result<(Token, Stamp), TspError> {
        let token = Response::from_der(response)?.into_token()?;
        self.is_answered_by(&token)?;
        let stamp = token.verify(data)?;
        Ok((token, stamp))
    }
}

/// The content octets of the INTEGER with that big-endian value.
fn positive_integer(value: &[u8]) -> Vec<u8> {
    let significant: Vec<u8> = value.iter().copied().skip_while(|octet| *octet == 0).collect();
    match significant.first() {
        Some(first) if first & 0x80 == 0 => significant,
        _ => [&[0], &significant[..]].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_ncas_form() {
        let request = Request::for_data(Policy::Gost512, b"signature", [0x8c, 1, 2, 3, 4, 5, 6, 7]);
        let der = request.to_der();
        let imprint = hex::encode(DigestAlgorithm::Streebog512.digest(b"signature"));
        let expected = format!(
            "306d0201013050300c06082a830e030a010303050004 40{imprint}06082a830e03030206040209008c01020304050607 0101ff"
        );
        assert_eq!(hex::encode(&der), expected.replace(' ', ""));
        assert_eq!(Request::from_der(&der).unwrap(), request);
    }

    #[test]
    fn a_nonce_is_a_positive_integer_in_its_shortest_form() {
        for (nonce, content) in [
            ([0x7f, 0, 0, 0, 0, 0, 0, 0], "7f00000000000000"),
            ([0xff; 8], "00ffffffffffffffff"),
            ([0, 0, 0x80, 0, 0, 0, 0, 1], "00800000000001"),
            ([0; 8], "00"),
        ] {
            let request = Request::for_data(Policy::Rsa, b"", nonce);
            assert_eq!(hex::encode(request.nonce().unwrap()), content);
            assert_eq!(Request::from_der(&request.to_der()).unwrap(), request);
        }
    }

    #[test]
    fn the_policy_follows_the_key_and_the_digest_the_policy() {
        for (algorithm, policy) in [
            (SignatureAlgorithm::Gost512, "1.2.398.3.3.2.6.4"),
            (SignatureAlgorithm::Gost2004, "1.2.398.3.3.2.6.1"),
            (SignatureAlgorithm::RsaSha256, "1.2.398.3.3.2.6.2"),
        ] {
            let found = Policy::of(algorithm);
            assert_eq!(found.oid().to_string(), policy);
            assert_eq!(Some(found.digest_algorithm()), algorithm.digest_algorithm());
            assert_eq!(Policy::from_oid(&found.oid()), Some(found));
        }
        assert_eq!(Policy::from_oid(&oid::POLICY_TSA), None);
    }

    #[test]
    fn a_digest_of_another_algorithm_is_refused() {
        let refused = Request::new(oid::TSA_RSA, DigestAlgorithm::Sha256, &[0; 20], [1; 8]).unwrap_err();
        assert_eq!(refused, TspError::ImprintLength { expected: 32, found: 20 });
    }
}
