//! A key that is made in a store signs the request for its own certificate.

use keystore::{Generated, KeyId, KeyStore, NewKey, Password, StoreError, UnlockedStore};
use pki::{
    SignerError, Timestamp, oid,
    request::{self, CertificationRequest, Wanted, WriteError},
};

/// Makes a key of that kind in the store, now, and a request for its certificate. Where the key was
/// made and does not ask for a certificate, `undo` takes it away: nobody could use it.
///
/// # Errors
/// [`StoreError`].
pub(crate) fn ask(
    store: &dyn KeyStore,
    password: &Password,
    kind: NewKey,
    (wanted, now): (&Wanted, Timestamp),
    undo: &dyn Fn(&KeyId),
) -> Result<(KeyId, CertificationRequest), StoreError> {
    let (made, opened) = store.generate_unlocked(password, kind, &label(wanted, now))?;
    let asked = opened.and_then(|store| signed(&*store, wanted, &made)).inspect_err(|_| undo(&made.id))?;
    Ok((made.id, asked))
}

/// What a key is called on a token: what it is for and when it was made. Everybody reads it without a PIN, so it says nothing
/// of whose key it is; some tokens show no more than ASCII.
fn label(wanted: &Wanted, now: Timestamp) -> String {
    let has = |purpose| wanted.usages.contains(&purpose);
    let purpose = match (has(oid::EMAIL_PROTECTION), has(oid::CLIENT_AUTH)) {
        (true, false) => "sign ",
        (false, true) => "login ",
        _ => "",
    };
    format!("Tanba {purpose}{}", now.date())
}

/// The request that a key which was just made signs.
fn signed(store: &dyn UnlockedStore, wanted: &Wanted, made: &Generated) -> Result<CertificationRequest, StoreError> {
    let signer = store.requester(&made.id)?;
    request::make(wanted, &made.public_key, &*signer).map_err(|error| match error {
        WriteError::Signer(error) => StoreError::Sign(error),
        error => StoreError::Sign(SignerError::Store(error.to_string())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki::{holder::Iin, issue::Subject};

    #[test]
    fn a_keys_label_tells_purpose_and_day_and_nothing_of_its_holder() {
        let subject = Subject {
            common_name: "ТЕСТ АЙГҮЛ".to_owned(),
            surname: "ТЕСТ".to_owned(),
            iin: Iin::new("000000000000").unwrap(),
            organisation: None,
            given: None,
            email: None,
        };
        let subject = subject.to_name().unwrap();
        let now = Timestamp::from_unix(1_795_000_000);
        let of = |purposes: &[_]| label(&Wanted::new(subject.clone(), purposes, &[], None), now);
        let day = now.date().to_string();
        assert_eq!(of(&[oid::EMAIL_PROTECTION]), format!("Tanba sign {day}"));
        assert_eq!(of(&[oid::CLIENT_AUTH]), format!("Tanba login {day}"));
        assert_eq!(of(&[oid::EMAIL_PROTECTION, oid::CLIENT_AUTH]), format!("Tanba {day}"));
    }
}
