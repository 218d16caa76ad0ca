//! Whether a certificate was revoked, out of everything that was brought together about it.
//!
//! [`judge`] takes OCSP responses and verified lists, and a moment. The rule since September 2026 is OCSP or a list
//! (kz-crypto 10): an OCSP response that answers decides; without one a complete list, with the changes since then where
//! they are here. Evidence that cannot be used is set aside and told; it never makes a certificate good, and never bad
//! either.

use crate::certificate::Certificate;
use crate::crl::{CrlError, CrlNumber, Entry, Verified};
use crate::ocsp::{self, CertStatus, OcspError, Question};
use crate::revocation::{Freshness, Revocation};
use crate::time::Timestamp;
use crate::trust::Authority;

/// An OCSP response, and the nonce that it was asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The response.
    pub response: ocsp::Response,
    /// The request's nonce; `None` for a response that was found.
    pub nonce: Option<[u8; 8]>,
}

/// What was brought together. In any order, and about other certificates as well.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// OCSP responses.
    pub ocsp: &'a [Answered],
    /// Lists, complete and delta.
    pub lists: &'a [Verified<'a>],
}

/// Whether a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was not.
    Good,
    /// It was.
    Revoked(Revocation),
    /// That cannot be said.
    Unknown(Why),
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// There is nothing about this certificate, or nothing that can be used: [`Judgement::set_aside`] says why.
    #[error("nothing is known about a revocation of the certificate")]
    NoEvidence,
    /// The authority's responder does not know the certificate. A list that does not have it either says no more.
    #[error("the authority's OCSP responder does not know the certificate")]
    NotKnown,
    /// The list is about some reasons of revocation only.
    #[error("the revocation list is about some reasons only")]
    SomeReasons,
    /// The list does not have the certificate, and was made after it expired: it may have been taken off for that
    /// (RFC 5280 §5).
    #[error("the revocation list is newer than the certificate's end and need not have it any more")]
    Expired,
}

impl Status {
    /// How it was at a moment that something else than the signer's word proves: a time stamp. A certificate that was
    /// revoked after it was not revoked then.
    #[must_use]
    pub fn at(self, moment: Timestamp) -> Self {
        match self {
            Self::Revoked(revocation) if !revocation.counts_at(moment) => Self::Good,
            status => status,
        }
    }
}

/// What a status rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// An OCSP response.
    Ocsp {
        /// When it was signed.
        produced_at: Timestamp,
        /// When it was known.
        this_update: Timestamp,
    },
    /// A list.
    List {
        /// Its number.
        number: Option<CrlNumber>,
        /// When it was made.
        this_update: Timestamp,
        /// The number of the list of changes that was taken along.
        delta: Option<CrlNumber>,
    },
}

/// Evidence that was not used: its place in [`Evidence`], and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetAside {
    /// An OCSP response.
    #[error("{1}")]
    Ocsp(usize, OcspError),
    /// A list.
    #[error("{1}")]
    List(usize, CrlError),
}

/// A status with its grounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it was revoked.
    pub status: Status,
    /// What that rests on.
    pub ground: Option<Ground>,
    /// What could not be used. Lists of other authorities are passed over, and those of this one are only looked at where
    /// OCSP says nothing definite.
    pub set_aside: Vec<SetAside>,
}

/// Whether `certificate`, which `issuer` issued, was revoked, as it is known at `freshness.now`. That the issuer is
/// believed and did issue it is [`crate::trust`]'s business.
pub fn judge(
    certificate: &Certificate,
    issuer: Authority<'_>,
    evidence: &Evidence<'_>,
    freshness: Freshness,
) -> Judgement {
    let mut set_aside = Vec::new();
    let ocsp = by_ocsp(certificate, issuer, evidence.ocsp, freshness, &mut set_aside);
    if let Some((status @ (Status::Good | Status::Revoked(_)), ground)) = ocsp {
        return Judgement { status, ground: Some(ground), set_aside };
    }
    let list = by_lists(certificate, issuer, evidence.lists, freshness, &mut set_aside);
    let decided = match (ocsp, list) {
        // Not on the list, and the responder does not know it: it may never have been issued.
        (Some(unknown), Some((Status::Good | Status::Unknown(_), _)) | None) => Some(unknown),
        (_, list) => list,
    };
    let (status, ground) = decided.unzip();
    Judgement { status: status.unwrap_or(Status::Unknown(Why::NoEvidence)), ground, set_aside }
}

/// The newest response that answers; of two that differ at one time, the worse.
fn by_ocsp(
    certificate: &Certificate,
    issuer: Authority<'_>,
    responses: &[Answered],
    freshness: Freshness,
    set_aside: &mut Vec<SetAside>,
) -> Option<(Status, Ground)> {
    let mut newest: Option<(Timestamp, u8, Status, Ground)> = None;
    for (place, Answered { response, nonce }) in responses.iter().enumerate() {
        let question = Question { serial: certificate.serial(), issuer, nonce: *nonce, freshness };
        let answer = match response.verify(&question) {
            Ok(answer) => answer,
            Err(error) => {
                set_aside.push(SetAside::Ocsp(place, error));
                continue;
            }
        };
        let (badness, status) = match answer.status {
            CertStatus::Good => (0, Status::Good),
            CertStatus::Unknown => (1, Status::Unknown(Why::NotKnown)),
            CertStatus::Revoked(revocation) => (2, Status::Revoked(revocation)),
        };
        let ground = Ground::Ocsp { produced_at: answer.produced_at, this_update: answer.this_update };
        if newest.is_none_or(|(time, known, ..)| (time, known) < (answer.this_update, badness)) {
            newest = Some((answer.this_update, badness, status, ground));
        }
    }
    newest.map(|(_, _, status, ground)| (status, ground))
}

/// The newest complete list that can be used, with the newest changes to it.
fn by_lists(
    certificate: &Certificate,
    issuer: Authority<'_>,
    lists: &[Verified<'_>],
    freshness: Freshness,
    set_aside: &mut Vec<SetAside>,
) -> Option<(Status, Ground)> {
    let mut complete: Vec<(usize, &Verified<'_>)> = Vec::new();
    let mut deltas: Vec<(usize, &Verified<'_>)> = Vec::new();
    for (place, list) in lists.iter().enumerate() {
        if !list.is_of(issuer) {
            continue;
        }
        let usable = if list.covers(certificate) { list.is_fresh(&freshness) } else { Err(CrlError::Scope) };
        match usable {
            Ok(()) if list.crl().base().is_some() => deltas.push((place, list)),
            Ok(()) => complete.push((place, list)),
            Err(error) => set_aside.push(SetAside::List(place, error)),
        }
    }
    let newest_first = |(_, list): &(usize, &Verified<'_>)| std::cmp::Reverse(list.crl().this_update());
    complete.sort_by_key(newest_first);
    deltas.sort_by_key(newest_first);

    for (place, list) in complete {
        let listed = match list.find(certificate.serial()) {
            Ok(listed) => listed,
            Err(error) => {
                set_aside.push(SetAside::List(place, error));
                continue;
            }
        };
        let mut delta = None;
        for (place, changes) in &deltas {
            match list.is_continued_by(changes).and_then(|()| changes.find(certificate.serial())) {
                Ok(changed) => {
                    delta = Some((changes, changed));
                    break;
                }
                Err(error) => set_aside.push(SetAside::List(*place, error)),
            }
        }
        let changed = delta.and_then(|(_, changed)| changed);
        // Expiry takes a certificate off as well, and the changes tell that as they tell a release (RFC 5280 §5.3.1).
        let dropped = match (changed, delta) {
            (Some(Entry::Removed), Some((changes, _))) => changes.may_have_dropped(certificate),
            _ => list.may_have_dropped(certificate),
        };
        let status = match changed.or(listed) {
            Some(Entry::Revoked(revocation)) => Status::Revoked(revocation),
            Some(Entry::Removed) | None if !list.is_about_all_reasons() => Status::Unknown(Why::SomeReasons),
            Some(Entry::Removed) | None if dropped => Status::Unknown(Why::Expired),
            Some(Entry::Removed) | None => Status::Good,
        };
        let (number, this_update) = (list.crl().number(), list.crl().this_update());
        let delta = delta.and_then(|(changes, _)| changes.crl().number());
        return Some((status, Ground::List { number, this_update, delta }));
    }
    // Changes alone can still say that it was revoked.
    for (place, changes) in deltas {
        match changes.find(certificate.serial()) {
            Ok(Some(Entry::Revoked(revocation))) => {
                let this_update = changes.crl().this_update();
                let ground = Ground::List { number: None, this_update, delta: changes.crl().number() };
                return Some((Status::Revoked(revocation), ground));
            }
            Ok(_) => {
                let base = changes.crl().base().unwrap_or(0.into());
                set_aside.push(SetAside::List(place, CrlError::Base { base }));
            }
            Err(error) => set_aside.push(SetAside::List(place, error)),
        }
    }
    None
}
