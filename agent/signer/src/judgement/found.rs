//! What was found about a certificate, as data.

use super::SetAside;
use crate::services::ServiceError;
use pki::{Certificate, Timestamp, revocation};
use std::fmt;

/// What was found about the certificate of one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Below whom it stands.
    pub believed: Believed,
    /// When the signature was made, and who says so.
    pub moment: Moment,
    /// There are good time stamps, but their service is not believed; the reason in English.
    pub stamp_not_believed: Option<String>,
    /// The certificate and its issuers are still valid. If not, and nothing but the signer's clock says when it was signed,
    /// it may have been made later than it says.
    pub is_valid_now: bool,
    /// Its key is for signing documents, and not only for logging in.
    pub is_for_signing: bool,
    /// Whether it was revoked.
    pub revocation: Revocation,
    /// What keeps the signature from being accepted.
    pub faults: Vec<Fault>,
    /// Services that gave no usable answer, and evidence that was set aside.
    pub troubles: Vec<Trouble>,
    /// The issuers between it and the authority that is believed, from below.
    pub issuers: Vec<Certificate>,
    /// OCSP responses that were fetched, DER, for keeping.
    pub ocsp: Vec<Vec<u8>>,
}

impl Judged {
    /// Nothing keeps the signature from being accepted. What could not be found out is not a fault.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// Something else than the signer's clock says that the certificate was valid when it signed: it still is, or a stamp.
    #[must_use]
    pub fn is_time_proven(&self) -> bool {
        self.is_valid_now || matches!(self.moment, Moment::Stamped(_))
    }
}

/// Below whom a certificate stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Believed {
    /// An authority of the NCA, or one that was added.
    Production {
        /// Its name.
        anchor: String,
        /// Its own certificate has not been seen; its key is known from what it signed.
        by_key_only: bool,
    },
    /// A test authority.
    Test {
        /// Its name.
        anchor: String,
    },
    /// Nobody who is believed; why, in English.
    Nobody(String),
}

/// When a signature was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Not later than this: a time stamp says so.
    Stamped(Timestamp),
    /// So the signer's clock says, and nobody else.
    Claimed(Timestamp),
    /// Nobody says; it is judged as of now.
    Now,
}

impl Moment {
    /// The time, where one is said.
    #[must_use]
    pub const fn time(self) -> Option<Timestamp> {
        match self {
            Self::Stamped(time) | Self::Claimed(time) => Some(time),
            Self::Now => None,
        }
    }
}

/// Whether a certificate was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Nobody may be asked, and nothing came along.
    NotAsked,
    /// Nobody who is believed issued it, so that nobody's word about it counts.
    NoIssuer,
    /// It was not, as of this time.
    Good {
        /// Where that stands.
        source: Source,
        /// As of when.
        as_of: Timestamp,
    },
    /// It was.
    Revoked {
        /// Where that stands.
        source: Source,
        /// Since when.
        since: Timestamp,
        /// Why.
        reason: Option<revocation::Reason>,
    },
    /// That could not be found out; why, in English.
    Unknown(String),
}

/// Where it stands whether a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An OCSP response.
    Ocsp,
    /// A revocation list.
    List,
}

/// What keeps a signature from being accepted although it fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The signer's certificate is not there.
    Missing,
    /// Nobody who is believed issued it.
    Unknown,
    /// A test authority issued it, and this is no test environment.
    Test,
    /// It, or one of its issuers, was not valid when it signed.
    NotValid,
    /// The signing time lies ahead.
    Future,
    /// It was revoked before it signed.
    Revoked,
    /// One of its issuers was revoked.
    IssuerRevoked,
    /// Its key is a service's, or may not sign.
    WrongPurpose,
    /// Whether it was revoked is not known, and that was asked for.
    RevocationUnknown,
}

/// What could not be had, or not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A service gave no answer.
    Service(ServiceError),
    /// Evidence was set aside.
    Evidence(SetAside),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => error.fmt(f),
            Self::Evidence(one) => one.fmt(f),
        }
    }
}
