//! A certificate that came is put to its key.

use crate::{
    applications::{Application, Applications, ApplicationsError},
    fitness::Measure,
    libraries::sentence_of,
    unseen::visible,
    window::Sentence,
};
use keystore::{Import, KeyStore, Password, StoreError, UnlockedStore};
use pki::{
    Certificate, PublicKey, SignerError, Timestamp, Validity,
    holder::Holder,
    request::answer,
    trust::{Standing, judge},
};

/// The request that one of the certificates answers, and the best certificate for it.
///
/// # Errors
/// As [`Applications::list`].
pub(crate) fn waiting(
    applications: &Applications,
    certificates: &[Certificate],
    measure: &Measure,
) -> Result<Option<(Application, Certificate)>, ApplicationsError> {
    let found = applications.list()?;
    Ok(found.waiting.into_iter().find_map(|application| {
        let own = best(certificates, application.request.public_key(), measure)?;
        Some((application, own))
    }))
}

/// The best of the certificates that are of a key in this store.
///
/// # Errors
/// [`StoreError::NoSuchKey`] when none of them is of a key here.
pub(crate) fn own(
    store: &dyn KeyStore,
    password: &Password,
    certificates: &[Certificate],
    measure: &Measure,
) -> Result<Certificate, StoreError> {
    let unlocked = store.unlock(password)?;
    let requesters = unlocked.list().iter().filter_map(|key| unlocked.requester(&key.id).ok());
    let mut own = requesters.filter_map(|requester| best(certificates, requester.public_key(), measure));
    own.next().ok_or(StoreError::NoSuchKey)
}

/// The most certificates of one key that are judged: each may cost many signatures' verification, and whoever brings them
/// needs nobody's yes for that.
const MOST_JUDGED: usize = 8;

/// The certificate of a key. An authority's answer may bring several: one that stands below an authority which counts here
/// comes before one that does not, then one that is valid now, then the one that begins last.
fn best(certificates: &[Certificate], key: &PublicKey, measure: &Measure) -> Option<Certificate> {
    best_by(certificates, key, measure.now, |one| standing(one, certificates, measure).is_none())
}

/// The same, where `is_believed` judges. It is asked of few, and of none but the key's own.
fn best_by(
    certificates: &[Certificate],
    key: &PublicKey,
    now: Timestamp,
    is_believed: impl Fn(&Certificate) -> bool,
) -> Option<Certificate> {
    let worth = |one: &Certificate| match (is_believed(one), one.validity_at(now)) {
        (true, Validity::Current) => 0,
        (true, _) => 1,
        (false, _) => 2,
    };
    // Of the same worth the first one is taken: the one that begins last.
    let own = answer::of_key(certificates, key).into_iter().take(MOST_JUDGED);
    own.min_by_key(|one| worth(one)).cloned()
}

/// Puts a certificate to its key, and sees whether that then signs.
///
/// # Errors
/// [`StoreError::NoSuchKey`] when it does not belong to it; [`StoreError::Occupied`] and [`StoreError::ReadOnly`] when nothing
/// can be put there.
pub(crate) fn put_in(store: &dyn KeyStore, password: &Password, certificate: &Certificate) -> Result<(), StoreError> {
    let unlocked = store.import_unlocked(password, Import::Certificate(certificate))?;
    check(&*unlocked, certificate)
}

/// The store's key signs as that certificate says.
fn check(unlocked: &dyn UnlockedStore, certificate: &Certificate) -> Result<(), StoreError> {
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

/// Why a certificate is not put in, unless the person wants it all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Nobody here knows who issued it.
    UnknownAuthority,
    /// A test authority issued it, and this is no test environment.
    TestAuthority,
    /// It is valid from this day on.
    NotYetValid(String),
    /// It was valid until this day.
    Expired(String),
    /// It was revoked on this day.
    Revoked(String),
    /// It speaks of somebody else than the request did.
    OtherSubject {
        /// Whom it was asked for.
        asked: String,
        /// Whom it is for.
        got: String,
    },
}

impl Doubt {
    /// In words, with what can be done about it.
    pub(crate) fn sentence(&self) -> Sentence {
        match self {
            Self::UnknownAuthority => Sentence::new("keys-import-unknown-authority"),
            Self::TestAuthority => Sentence::new("keys-import-test-authority"),
            Self::NotYetValid(from) => sentence_of("keys-import-not-yet", &[("from", from)]),
            Self::Expired(until) => sentence_of("keys-import-expired", &[("until", until)]),
            Self::Revoked(since) => sentence_of("keys-import-revoked", &[("since", since)]),
            Self::OtherSubject { asked, got } => {
                sentence_of("keys-import-other-subject", &[("asked", asked), ("got", got)])
            }
        }
    }
}

/// The doubts about a certificate that need nobody to be asked; `brought` came with it.
pub(crate) fn doubts(
    own: &Certificate,
    brought: &[Certificate],
    application: Option<&Application>,
    measure: &Measure,
) -> Vec<Doubt> {
    let mut doubts = Vec::from_iter(standing(own, brought, measure));
    match own.validity_at(measure.now) {
        Validity::Current => {}
        Validity::NotYet => doubts.push(Doubt::NotYetValid(own.not_before().date().to_string())),
        Validity::Expired => doubts.push(Doubt::Expired(own.not_after().date().to_string())),
    }
    if let Some(application) = application
        && is_somebody_else(application.request.holder(), own.holder())
    {
        let [asked, got] = [application.request.subject(), own.subject()].map(|name| visible(&name.to_dn_string()));
        doubts.push(Doubt::OtherSubject { asked, got });
    }
    doubts
}

/// What is against the authority.
fn standing(certificate: &Certificate, brought: &[Certificate], measure: &Measure) -> Option<Doubt> {
    match judge(certificate, brought, &measure.anchors) {
        Standing::Production(_) => None,
        Standing::Test(_) if measure.test_environment => None,
        Standing::Test(_) => Some(Doubt::TestAuthority),
        Standing::Unknown => Some(Doubt::UnknownAuthority),
    }
}

/// Whoever has the same numbers is the same. Authorities write names as their registers have them; only where neither side
/// has a number, the name has to do.
fn is_somebody_else(asked: &Holder, got: &Holder) -> bool {
    if (&asked.iin, &asked.bin) != (&got.iin, &got.bin) {
        return true;
    }
    let name = |holder: &Holder| holder.name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    asked.iin.is_none() && asked.bin.is_none() && name(asked) != name(got)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use test_nca::TestNca;

    #[test]
    fn whatever_is_brought_few_are_judged_and_none_but_the_keys_own() {
        let now = Timestamp::from_unix(1_795_435_200);
        let nca = TestNca::new(now).unwrap();
        let [own, strange] = [nca.person(), nca.person()].map(|one| one.unwrap().certificate);
        let best_of = |certificates: &[Certificate]| {
            let judged = Cell::new(0);
            let best = best_by(certificates, own.public_key(), now.plus_seconds(60), |_| {
                judged.set(judged.get() + 1);
                false
            });
            (best, judged.get())
        };
        let mut brought = vec![strange; 1000];
        assert_eq!(best_of(&brought), (None, 0));
        brought.push(own.clone());
        assert_eq!(best_of(&brought), (Some(own.clone()), 1));
        brought.extend(vec![own.clone(); 1000]);
        assert_eq!(best_of(&brought), (Some(own.clone()), MOST_JUDGED));
    }
}
