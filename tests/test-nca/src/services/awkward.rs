//! What can be wrong with a service, or only unusual.

/// A way in which a service does not answer as it should, or in which it should be understood although it is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Awkward {
    /// The nonce of another request.
    WrongNonce,
    /// No nonce.
    NoNonce,
    /// Signed for another authority of the same name.
    Stranger,
    /// Signed with a certificate that is not one for this service.
    WrongPurpose,
    /// Signed with a certificate that has ended.
    Expired,
    /// Signed with a certificate that has not begun.
    NotYetValid,
    /// tryLater from OCSP, a rejection from the time-stamp service.
    Refusal,
    /// Not DER.
    Garbage,
    /// OCSP: an answer of yesterday. Time stamp: the time of yesterday, which is nothing that a verifier can see.
    Stale,
    /// From tomorrow.
    FromTheFuture,
    /// OCSP: about another certificate. Time stamp: for other data.
    Other,
    /// OCSP: as of a certificate that was never issued. Time stamp: under a policy that was not asked for.
    NeverIssued,
    /// Time stamp: with a negative number, a fraction of the second and an accuracy. Right, though unusual; OCSP: by the
    /// hash of the responder's key, and with the end of its time.
    Unusual,
}

impl Awkward {
    /// All of them, by the names that stand in the addresses of [`super::Server`].
    pub const ALL: [(&'static str, Self); 13] = [
        ("wrong-nonce", Self::WrongNonce),
        ("no-nonce", Self::NoNonce),
        ("stranger", Self::Stranger),
        ("wrong-purpose", Self::WrongPurpose),
        ("expired", Self::Expired),
        ("not-yet-valid", Self::NotYetValid),
        ("refusal", Self::Refusal),
        ("garbage", Self::Garbage),
        ("stale", Self::Stale),
        ("from-the-future", Self::FromTheFuture),
        ("other", Self::Other),
        ("never-issued", Self::NeverIssued),
        ("unusual", Self::Unusual),
    ];

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, awkward)| *awkward)
    }
}
