//! A key that is made in a store signs the request for its own certificate.

use keystore::{Generated, KeyId, KeyStore, NewKey, Password, StoreError, UnlockedStore};
use pki::{
    SignerError,
    request::{self, CertificationRequest, Wanted, WriteError},
};

/// Makes a key of that kind in the store, and a request for its certificate; the key's name is in it. Where the key was
/// made and does not ask for a certificate, `undo` takes it away: nobody could use it.
///
/// # Errors
/// [`StoreError`].
pub(crate) fn ask(
    store: &dyn KeyStore,
    password: &Password,
    kind: NewKey,
    wanted: &Wanted,
    undo: &dyn Fn(&KeyId),
) -> Result<(KeyId, CertificationRequest), StoreError> {
    let (made, opened) = store.generate_unlocked(password, kind)?;
    let asked = opened.and_then(|store| signed(&*store, wanted, &made)).inspect_err(|_| undo(&made.id))?;
    Ok((made.id, asked))
}

/// The request that a key which was just made signs.
fn signed(store: &dyn UnlockedStore, wanted: &Wanted, made: &Generated) -> Result<CertificationRequest, StoreError> {
    let signer = store.requester(&made.id)?;
    request::make(wanted, &made.public_key, &*signer).map_err(|error| match error {
        WriteError::Signer(error) => StoreError::Sign(error),
        error => StoreError::Sign(SignerError::Store(error.to_string())),
    })
}
