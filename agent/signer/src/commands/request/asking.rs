//! A key that is made in a store signs the request for its own certificate.

use keystore::{KeyId, KeyStore, NewKey, Password, StoreError};
use pki::{
    SignerError,
    request::{self, CertificationRequest, Wanted, WriteError},
};

/// Makes a key of that kind in the store, and a request for its certificate; the key's name is in it.
///
/// # Errors
/// [`StoreError`]; a store that made the key and does not sign with it says so, and keeps the key.
pub(super) fn ask(
    store: &dyn KeyStore,
    password: &Password,
    kind: NewKey,
    wanted: &Wanted,
) -> Result<(KeyId, CertificationRequest), StoreError> {
    let made = store.generate(password, kind)?;
    let unlocked = store.unlock(password)?;
    let signer = unlocked.requester(&made.id)?;
    let request = request::make(wanted, &made.public_key, &*signer).map_err(|error| match error {
        WriteError::Signer(error) => StoreError::Sign(error),
        error => StoreError::Sign(SignerError::Store(error.to_string())),
    })?;
    Ok((made.id, request))
}
