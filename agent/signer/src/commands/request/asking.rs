//! A key that is made in a store signs the request for its own certificate.

use keystore::{CannotSign, KeyId, KeyStore, NewKey, Password, StoreError, UnlockedStore};
use pki::{
    SignatureAlgorithm, SignerError,
    issue::IssuerSigner,
    request::{self, CertificationRequest, Wanted, WriteError},
};

/// Makes a key of that kind in the store, and a request for its certificate.
///
/// # Errors
/// [`StoreError`]; a store that made the key and does not sign with it says so, and keeps the key.
pub(super) fn ask(
    store: &dyn KeyStore,
    password: &Password,
    kind: NewKey,
    wanted: &Wanted,
) -> Result<CertificationRequest, StoreError> {
    let made = store.generate(password, kind)?;
    let algorithm = made.public_key.signature_algorithm().ok_or(CannotSign::Unsupported("other"))?;
    let unlocked = store.unlock(password)?;
    let signer = Asking { store: &*unlocked, key: &made.id, algorithm };
    request::make(wanted, &made.public_key, &signer).map_err(|error| match error {
        WriteError::Signer(error) => StoreError::Sign(error),
        error => StoreError::Sign(SignerError::Store(error.to_string())),
    })
}

/// A key of an open store that has no certificate yet.
struct Asking<'a> {
    store: &'a dyn UnlockedStore,
    key: &'a KeyId,
    algorithm: SignatureAlgorithm,
}

impl IssuerSigner for Asking<'_> {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.store.sign(self.key, digest).map_err(|error| match error {
            StoreError::Sign(error) => error,
            error => SignerError::Store(error.to_string()),
        })
    }
}
