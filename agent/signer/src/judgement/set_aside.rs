//! Evidence that could not be used, and what a person can make of that.

use crate::window::Sentence;
use pki::{crl::CrlError, ocsp::OcspError, status, tsp::TspError};
use std::fmt;

/// Evidence that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// What is wrong with it.
    pub flaw: Flaw,
    /// The same for whoever looks after the service, in English.
    pub cause: String,
}

/// What is wrong with evidence, as far as it tells a person anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is not what it should be: a page of a proxy, half an answer.
    Unreadable,
    /// The service answered that it does not answer.
    Refused,
    /// It is about something else than was asked.
    OffTheQuestion,
    /// Whoever signed it is not believed, or did not sign it.
    NotBelieved,
    /// It is too old, or from the future.
    OutOfTime,
    /// Nothing could be asked.
    NotAsked,
}

impl SetAside {
    /// Evidence with this flaw.
    pub(crate) fn new(flaw: Flaw, cause: impl ToString) -> Self {
        Self { flaw, cause: cause.to_string() }
    }

    /// What is wrong with it, in a sentence of the catalogue.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        Sentence::new(match self.flaw {
            Flaw::Unreadable => "evidence-unreadable",
            Flaw::Refused => "evidence-refused",
            Flaw::OffTheQuestion => "evidence-off-the-question",
            Flaw::NotBelieved => "evidence-not-believed",
            Flaw::OutOfTime => "evidence-out-of-time",
            Flaw::NotAsked => "evidence-not-asked",
        })
    }
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl From<OcspError> for SetAside {
    fn from(error: OcspError) -> Self {
        let flaw = match error {
            OcspError::Refused(_) => Flaw::Refused,
            OcspError::OtherCertificate | OcspError::Ambiguous | OcspError::Nonce => Flaw::OffTheQuestion,
            OcspError::Responder | OcspError::ResponderValidity(_) | OcspError::Signature(_) | OcspError::Weak(_) => {
                Flaw::NotBelieved
            }
            OcspError::FromTheFuture(_) | OcspError::Stale(_) | OcspError::Times => Flaw::OutOfTime,
            OcspError::IssuerKey => Flaw::NotAsked,
            _ => Flaw::Unreadable,
        };
        Self::new(flaw, error)
    }
}

impl From<CrlError> for SetAside {
    fn from(error: CrlError) -> Self {
        let flaw = match error {
            CrlError::Foreign | CrlError::Scope | CrlError::Base { .. } => Flaw::OffTheQuestion,
            CrlError::Issuer | CrlError::Purpose | CrlError::Signature(_) | CrlError::Weak(_) => Flaw::NotBelieved,
            CrlError::FromTheFuture(_) | CrlError::Stale(_) | CrlError::NoNextUpdate => Flaw::OutOfTime,
            _ => Flaw::Unreadable,
        };
        Self::new(flaw, error)
    }
}

impl From<TspError> for SetAside {
    fn from(error: TspError) -> Self {
        let flaw = match error {
            TspError::Refused { .. } | TspError::NoToken => Flaw::Refused,
            TspError::Imprint | TspError::Nonce | TspError::Policy { .. } => Flaw::OffTheQuestion,
            TspError::CertificateMissing
            | TspError::SigningCertificate
            | TspError::DigestMismatch
            | TspError::AlgorithmMismatch(_)
            | TspError::Signature(_)
            | TspError::Purpose
            | TspError::Chain(_) => Flaw::NotBelieved,
            TspError::NotValidThen(_) => Flaw::OutOfTime,
            _ => Flaw::Unreadable,
        };
        Self::new(flaw, error)
    }
}

impl From<&status::SetAside> for SetAside {
    fn from(one: &status::SetAside) -> Self {
        match *one {
            status::SetAside::Ocsp(_, error) => error.into(),
            status::SetAside::List(_, error) => error.into(),
        }
    }
}
