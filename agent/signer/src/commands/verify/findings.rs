//! What was found in a file, whatever its format.

use crate::judgement::{Believed, Fault, Judged, Revocation};
use pki::{Certificate, Timestamp};
use serde_json::Value as Json;
use signature::cms::StampReport;

use super::Kind;

/// What was found in a file.
pub(super) struct Findings {
    pub(super) kind: Kind,
    pub(super) content: Place,
    pub(super) signatures: Vec<Found>,
    /// What is wrong with the whole.
    pub(super) problems: Vec<Complaint>,
    /// What is unusual about the whole.
    pub(super) remarks: Vec<String>,
}

/// Where the signed document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The file is the document.
    Here,
    /// Inside the signature, so many octets.
    Inside(u64),
    /// Elsewhere, and it was given.
    Given,
    /// Elsewhere, and it was not given.
    Missing,
}

/// What is wrong, for programs and for people.
pub(super) struct Complaint {
    pub(super) code: &'static str,
    /// The sentence of the catalogue; it may have a place `detail`.
    pub(super) sentence: &'static str,
    /// In English, exactly.
    pub(super) detail: String,
}

/// What was found about one signature.
pub(super) struct Found {
    /// The signature fits what it covers.
    pub(super) fits: bool,
    pub(super) certificate: Option<Certificate>,
    /// `None` when there is no certificate to judge.
    pub(super) judged: Option<Judged>,
    /// The algorithm as it is written in the file.
    pub(super) algorithm: String,
    /// What the signer's clock said.
    pub(super) claimed: Option<Timestamp>,
    pub(super) stamps: Vec<StampReport>,
    pub(super) problems: Vec<Complaint>,
    pub(super) remarks: Vec<String>,
    /// What it covers and what came after it: sentences with their places.
    pub(super) scope: Vec<(&'static str, Option<String>)>,
    /// What only this format has.
    pub(super) more: Json,
}

impl Findings {
    pub(super) fn is_good(&self) -> bool {
        self.problems.is_empty() && !self.signatures.is_empty() && self.signatures.iter().all(Found::is_good)
    }

    /// What the program ends with; [`crate::commands::EXIT_CODES`].
    pub(super) fn exit_code(&self) -> u8 {
        if self.is_good() {
            0
        } else if self.signatures.is_empty() {
            4
        } else if self.content == Place::Missing {
            5
        } else {
            1
        }
    }

    /// What a good verdict leaves open, as sentences.
    pub(super) fn not_found_out(&self) -> Vec<&'static str> {
        let judged = || self.signatures.iter().filter_map(|found| found.judged.as_ref());
        let mut open = Vec::new();
        if judged().any(|judged| !matches!(judged.revocation, Revocation::Good { .. })) {
            open.push("verify-open-revocation");
        }
        if judged().any(|judged| !judged.is_time_proven()) {
            open.push("verify-open-time");
        }
        if judged().any(|judged| !judged.is_for_signing) {
            open.push("verify-open-purpose");
        }
        open
    }

    /// Takes an unknown revocation for a fault.
    pub(super) fn require_revocation(&mut self) {
        for judged in self.signatures.iter_mut().filter_map(|found| found.judged.as_mut()) {
            if !matches!(judged.revocation, Revocation::Good { .. } | Revocation::Revoked { .. }) {
                judged.faults.push(Fault::RevocationUnknown);
            }
        }
    }

    pub(super) fn has_test_certificate(&self) -> bool {
        self.signatures.iter().any(Found::is_test)
    }
}

impl Found {
    pub(super) fn is_good(&self) -> bool {
        self.fits && self.problems.is_empty() && self.judged.as_ref().is_some_and(Judged::is_good)
    }

    pub(super) fn is_test(&self) -> bool {
        matches!(self.judged.as_ref().map(|judged| &judged.believed), Some(Believed::Test { .. }))
    }

    /// What keeps its certificate from being believed.
    pub(super) fn faults(&self) -> &[Fault] {
        self.judged.as_ref().map_or(&[Fault::Missing], |judged| &judged.faults)
    }
}
