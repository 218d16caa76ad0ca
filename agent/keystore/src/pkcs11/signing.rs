//! A key of a token at work. Whatever the module gives is verified before it is given on.

use std::sync::Arc;

use pkcs11::numbers;
use pki::{BareSigner, Certificate, PublicKey, SignatureAlgorithm, Signer, SignerError};

use super::{
    TokenFault,
    layout::{self, OctetOrder, Plan},
    login::Login,
    memory::Subject,
};
use crate::Requester;

/// The longest message that a token is given to digest by itself: it goes through the pipe in one frame.
const LONGEST_MESSAGE: usize = 1024 * 1024;

/// A key of a token that somebody is logged in to.
pub(super) struct KeyOnToken {
    pub(super) login: Arc<Login>,
    /// CKA_ID.
    pub(super) id: Vec<u8>,
    /// CKA_ALWAYS_AUTHENTICATE.
    pub(super) wants_pin: bool,
    pub(super) public: PublicKey,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) plan: Plan,
}

impl KeyOnToken {
    pub(super) fn certified(self, certificate: Certificate) -> Certified {
        Certified { key: self, certificate }
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        let expected = self.algorithm.digest_algorithm().map_or(0, |algorithm| algorithm.output_len());
        if digest.len() != expected {
            return Err(SignerError::DigestLength { expected, found: digest.len() });
        }
        let signature = match self.plan {
            Plan::DigestInfo => {
                let unsupported = SignerError::Unsupported("this digest");
                let info = layout::digest_info(self.algorithm, digest).ok_or(unsupported)?;
                self.padded(self.ask(numbers::RSA_PKCS, &info)?)
            }
            Plan::Message => return Err(SignerError::Unsupported("a digest alone on this token")),
            Plan::Ecdsa(coordinate) => {
                let made = self.ask(numbers::ECDSA, digest)?;
                layout::ecdsa_to_der(&made, coordinate).ok_or(TokenFault::WrongSignature)?
            }
            Plan::Gost(mechanism) => return Ok(self.gost(mechanism, digest)?),
        };
        self.check(digest, &signature)?;
        Ok(signature)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        let algorithm = self.algorithm.digest_algorithm().ok_or(SignerError::Unsupported("this algorithm"))?;
        let digest = algorithm.digest(message);
        if self.plan != Plan::Message {
            return self.sign_digest(&digest);
        }
        if message.len() > LONGEST_MESSAGE {
            return Err(SignerError::Unsupported("a message of this length on this token"));
        }
        let signature = self.padded(self.ask(numbers::SHA256_RSA_PKCS, message)?);
        self.check(&digest, &signature)?;
        Ok(signature)
    }

    /// In the order that is remembered, else in the one that is found out now. One that fits no longer (another version
    /// of the module) is found out anew.
    fn gost(&self, mechanism: u64, digest: &[u8]) -> Result<Vec<u8>, TokenFault> {
        let memory = &self.login.fleet().shared().memory;
        let library = &self.login.member()?.driver.path;
        let subject = Subject::new(library, &self.login.place.token, self.algorithm);
        let signed = |order: OctetOrder| {
            let made = self.ask(mechanism, &order.digest(digest))?;
            let signature = order.signature(&made);
            self.check(digest, &signature)?;
            Ok(signature)
        };
        match memory.order_of(&subject).map(signed) {
            None | Some(Err(TokenFault::WrongSignature)) => {}
            Some(done) => return done,
        }
        let found = layout::discover(&self.public, self.algorithm, |digest| self.ask(mechanism, digest))?;
        let order = found.ok_or(TokenFault::WrongSignature)?;
        tracing::info!(?order, token = ?self.login.place.token.model, "in this order of octets the token signs");
        memory.remember(subject, order);
        signed(order)
    }

    fn ask(&self, mechanism: u64, data: &[u8]) -> Result<Vec<u8>, TokenFault> {
        let host = &self.login.member()?.host;
        let place = &self.login.place;
        if self.wants_pin {
            return self.login.with_pin(|pin| Ok(host.sign(place, &self.id, mechanism, data, Some(pin))?));
        }
        Ok(host.sign(place, &self.id, mechanism, data, None)?)
    }

    /// There are modules that leave out an RSA signature's leading zeros.
    fn padded(&self, signature: Vec<u8>) -> Vec<u8> {
        let PublicKey::Rsa { modulus, .. } = &self.public else { return signature };
        let missing = modulus.len().saturating_sub(signature.len());
        [vec![0; missing], signature].concat()
    }

    fn check(&self, digest: &[u8], signature: &[u8]) -> Result<(), TokenFault> {
        self.public.verify(digest, signature, self.algorithm).map_err(|error| {
            tracing::warn!(%error, token = ?self.login.place.token.model, "the token's signature is none of its key's");
            TokenFault::WrongSignature
        })
    }
}

/// A key with its certificate.
pub(super) struct Certified {
    key: KeyOnToken,
    certificate: Certificate,
}

impl Signer for Certified {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.sign_digest(digest)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.sign(message)
    }
}

/// A key that has no certificate yet, or whose certificate does not matter.
pub(super) struct Uncertified(pub(super) KeyOnToken);

impl BareSigner for Uncertified {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.sign_digest(digest)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.0.sign(message)
    }
}

impl Requester for Uncertified {
    fn public_key(&self) -> &PublicKey {
        &self.0.public
    }
}
