//! A certificate that came is put to its key.

use crate::{
    applications::{Application, Applications, ApplicationsError},
    fitness::Measure,
};
use keystore::{Import, KeyStore, Password, StoreError};
use pki::{Certificate, SignerError, Validity, request::answer, trust::find_path};

/// The request that one of the certificates answers, and that certificate.
///
/// # Errors
/// As [`Applications::list`].
pub(crate) fn waiting(
    applications: &Applications,
    certificates: &[Certificate],
) -> Result<Option<(Application, Certificate)>, ApplicationsError> {
    let found = applications.list()?;
    Ok(found.waiting.into_iter().find_map(|application| {
        let own = answer::of_key(certificates, application.request.public_key())?.clone();
        Some((application, own))
    }))
}

/// Puts the first certificate that belongs to the store's key into it, and sees whether it then signs.
///
/// # Errors
/// [`StoreError::NoSuchKey`] when none belongs to it; [`StoreError::Occupied`] and [`StoreError::ReadOnly`] when nothing
/// can be put there.
pub(crate) fn put_in(
    store: &dyn KeyStore,
    password: &Password,
    candidates: &[Certificate],
) -> Result<Certificate, StoreError> {
    for certificate in candidates {
        match store.import(password, Import::Certificate(certificate)) {
            Ok(_) => {
                check(store, password, certificate)?;
                return Ok(certificate.clone());
            }
            Err(StoreError::NoSuchKey) => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::NoSuchKey)
}

/// The store opens, and its key signs as that certificate says.
fn check(store: &dyn KeyStore, password: &Password, certificate: &Certificate) -> Result<(), StoreError> {
    let unlocked = store.unlock(password)?;
    let key = unlocked.list().iter().find(|key| key.certificate.as_ref() == Some(certificate));
    let signer = unlocked.signer(&key.ok_or(StoreError::NoSuchKey)?.id)?;
    let failed = |what: String| StoreError::Sign(SignerError::Store(what));
    let message = b"tanba keys import";
    let digest = signer.algorithm().digest_algorithm().ok_or_else(|| failed("unknown digest".to_owned()))?;
    let digest = digest.digest(message);
    let signature = signer.sign(message)?;
    let verified = certificate.public_key().verify(&digest, &signature, signer.algorithm());
    verified.map_err(|error| failed(error.to_string()))
}

/// What is worth a second look about a certificate that is put in all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Nobody here knows who issued it.
    UnknownAuthority,
    /// It is not valid now.
    NotValid {
        /// The first day.
        from: String,
        /// The last day.
        until: String,
    },
    /// It speaks of somebody else than the request did.
    OtherSubject {
        /// Whom it was asked for.
        asked: String,
        /// Whom it is for.
        got: String,
    },
}

/// The doubts about a certificate; `brought` came with it.
pub(crate) fn doubts(
    own: &Certificate,
    brought: &[Certificate],
    application: Option<&Application>,
    measure: &Measure,
) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if find_path(own, brought, &measure.anchors).is_err() {
        doubts.push(Doubt::UnknownAuthority);
    }
    if own.validity_at(measure.now) != Validity::Current {
        let (from, until) = (own.not_before().date().to_string(), own.not_after().date().to_string());
        doubts.push(Doubt::NotValid { from, until });
    }
    if let Some(application) = application {
        let (asked, got) = (application.request.holder(), own.holder());
        if (asked.iin, asked.bin) != (got.iin, got.bin) {
            let asked = application.request.subject().to_dn_string();
            doubts.push(Doubt::OtherSubject { asked, got: own.subject().to_dn_string() });
        }
    }
    doubts
}
