//! Finding the path from a certificate to an anchor.

use const_oid::ObjectIdentifier;

use crate::certificate::Certificate;
use crate::extensions::KeyUsage;
use crate::key::{PublicKey, VerifyError};
use crate::time::{Timestamp, Validity};
use crate::trust::anchors::{Anchor, Anchors, Environment};
use crate::trust::authority::identifiers_agree;

/// Certificates in a path, the judged one included; the anchor is not counted.
const LONGEST_PATH: usize = 8;
/// Signatures that are computed for one judgement. A hostile set of certificates with one name costs no more.
const MOST_SIGNATURES: usize = 64;

/// Where a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Below a production authority.
    Production(&'a Anchor),
    /// Below a test authority: proves nothing about anybody.
    Test(&'a Anchor),
    /// Below no authority that is believed. [`find_path`] says why.
    Unknown,
}

/// A path: every signature in it was computed and every issuer was allowed to make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    /// The judged certificate, then its issuer, and so on; the last one is signed by the anchor.
    pub certificates: Vec<&'a Certificate>,
    /// What it rests on.
    pub anchor: &'a Anchor,
}

impl Path<'_> {
    /// The first of the path, from the judged certificate upwards, that is not valid at that moment decides.
    pub fn validity_at(&self, moment: Timestamp) -> Validity {
        let certificates = self.certificates.iter().map(|certificate| certificate.validity_at(moment));
        certificates
            .chain([self.anchor.validity_at(moment)])
            .find(|validity| *validity != Validity::Current)
            .unwrap_or(Validity::Current)
    }
}

/// Why there is no path. When several ways end, the one that came furthest is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// Nobody known has the issuer's name and key identifier.
    #[error("the issuer {issuer} is not known")]
    UnknownIssuer {
        /// The name that was looked for.
        issuer: String,
    },
    /// The path would be longer than 8 certificates.
    #[error("the path is too long")]
    TooLong,
    /// The issuer is no authority, or may not sign certificates, or not at this depth.
    #[error("{issuer} may not issue this certificate")]
    NotAuthority {
        /// The issuer's name.
        issuer: String,
    },
    /// A critical extension that this code does not know (RFC 5280 §4.2).
    #[error("{subject} has an unknown critical extension {oid}")]
    UnknownCritical {
        /// Whose certificate.
        subject: String,
        /// The extension.
        oid: ObjectIdentifier,
    },
    /// An issuer was found and the signature is not its.
    #[error("the signature of {issuer} on {subject}: {error}")]
    Signature {
        /// Whose certificate.
        subject: String,
        /// Who should have signed.
        issuer: String,
        /// What is wrong; [`VerifyError::Unsupported`] is "not checked", not "forged".
        error: VerifyError,
    },
    /// So many candidates that the search was given up.
    #[error("too many certificates to try")]
    TooMuchWork,
}

impl ChainError {
    /// How far the search came.
    const fn rank(&self) -> u8 {
        match self {
            Self::UnknownIssuer { .. } => 0,
            Self::TooLong => 1,
            Self::NotAuthority { .. } => 2,
            Self::UnknownCritical { .. } => 3,
            Self::Signature { .. } => 4,
            Self::TooMuchWork => 5,
        }
    }
}

/// Where `certificate` stands. `intermediates` may be anything that came along, in any order.
pub fn judge<'a>(certificate: &'a Certificate, intermediates: &'a [Certificate], anchors: &'a Anchors) -> Standing<'a> {
    match find_path(certificate, intermediates, anchors) {
        Ok(path) => match path.anchor.environment() {
            Environment::Production => Standing::Production(path.anchor),
            Environment::Test => Standing::Test(path.anchor),
        },
        Err(_) => Standing::Unknown,
    }
}

/// The path from `certificate` to an anchor. A production anchor is preferred to a test one.
pub fn find_path<'a>(
    certificate: &'a Certificate,
    intermediates: &'a [Certificate],
    anchors: &'a Anchors,
) -> Result<Path<'a>, ChainError> {
    let mut search = Search { intermediates, anchors, budget: MOST_SIGNATURES, error: None, test: None };
    let mut path = vec![certificate];
    let production = search.extend(&mut path);
    match (production, search.test, search.error) {
        (Some(path), _, _) | (None, Some(path), _) => Ok(path),
        (None, None, Some(error)) => Err(error),
        (None, None, None) => Err(ChainError::UnknownIssuer { issuer: certificate.issuer().to_dn_string() }),
    }
}

struct Search<'a> {
    intermediates: &'a [Certificate],
    anchors: &'a Anchors,
    budget: usize,
    error: Option<ChainError>,
    test: Option<Path<'a>>,
}

impl<'a> Search<'a> {
    /// A path to a production anchor that starts with `path`; one to a test anchor is put aside.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Option<Path<'a>> {
        let subject = *path.last()?;
        if let Some(oid) = subject.unknown_critical_extensions().first() {
            self.note(ChainError::UnknownCritical { subject: subject.subject().to_dn_string(), oid: *oid });
            return None;
        }
        let mut issuers = 0;
        for anchor in self.anchors.iter() {
            if anchor.name() != subject.issuer()
                || !identifiers_agree(subject.authority_key_identifier(), anchor.key_identifier())
            {
                continue;
            }
            issuers += 1;
            if !anchor_may_issue(anchor, path) {
                self.note(ChainError::NotAuthority { issuer: anchor.name().to_dn_string() });
                continue;
            }
            if self.signed(subject, anchor.public_key(), anchor.label()) {
                let found = Path { certificates: path.clone(), anchor };
                match anchor.environment() {
                    Environment::Production => return Some(found),
                    Environment::Test => self.test = self.test.take().or(Some(found)),
                }
            }
        }
        for issuer in self.intermediates {
            let fits = issuer.subject() == subject.issuer()
                && identifiers_agree(subject.authority_key_identifier(), issuer.subject_key_identifier())
                && !path.contains(&issuer);
            if !fits {
                continue;
            }
            issuers += 1;
            if path.len() >= LONGEST_PATH {
                self.note(ChainError::TooLong);
                continue;
            }
            // Authorities between this issuer and the judged certificate.
            if !may_issue(issuer, path.len() - 1) {
                self.note(ChainError::NotAuthority { issuer: issuer.subject().to_dn_string() });
                continue;
            }
            if self.signed(subject, issuer.public_key(), &issuer.subject().to_dn_string()) {
                path.push(issuer);
                let found = self.extend(path);
                path.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        if issuers == 0 {
            self.note(ChainError::UnknownIssuer { issuer: subject.issuer().to_dn_string() });
        }
        None
    }

    fn signed(&mut self, subject: &Certificate, key: &PublicKey, issuer: &str) -> bool {
        let Some(left) = self.budget.checked_sub(1) else {
            self.note(ChainError::TooMuchWork);
            return false;
        };
        self.budget = left;
        // A certificate is an authority's word on what a stranger sent it: with such a digest, on something else too.
        let algorithm = subject.signature_algorithm();
        let verified = match algorithm.is_weak() {
            true => Err(VerifyError::Weak(algorithm.oid())),
            false => subject.verify_signature(key),
        };
        match verified {
            Ok(()) => true,
            Err(error) => {
                let subject = subject.subject().to_dn_string();
                self.note(ChainError::Signature { subject, issuer: issuer.to_owned(), error });
                false
            }
        }
    }

    fn note(&mut self, error: ChainError) {
        if self.error.as_ref().is_none_or(|known| known.rank() < error.rank()) {
            self.error = Some(error);
        }
    }
}

/// RFC 5280 §6.1.4 (k) to (n): an authority, below its path length, with keyCertSign where it names key usages.
fn may_issue(issuer: &Certificate, authorities_below: usize) -> bool {
    issuer.basic_constraints_ca()
        && signs_certificates(issuer.key_usage())
        && allows(issuer.path_len_constraint(), authorities_below)
}

/// RFC 5280 leaves an anchor's own certificate aside; whoever made it has limited it all the same (RFC 5937 §3.1).
fn anchor_may_issue(anchor: &Anchor, path: &[&Certificate]) -> bool {
    signs_certificates(anchor.key_usage()) && allows(anchor.path_len_constraint(), path.len().saturating_sub(1))
}

fn signs_certificates(usage: Option<KeyUsage>) -> bool {
    usage.is_none_or(|usage| usage.contains(KeyUsage::KEY_CERT_SIGN))
}

fn allows(path_len_constraint: Option<u32>, authorities_below: usize) -> bool {
    path_len_constraint.is_none_or(|most| usize::try_from(most).is_ok_and(|most| authorities_below <= most))
}
