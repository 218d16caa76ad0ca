//! The counter where certificates are asked for: requests, renewals, revocations.
//!
//! What an authority looks at is looked at: that whoever asks has the key, that a key is certified once, that a renewal
//! and a revocation are signed by a valid key of the same holder. What it knows of a person beside that (documents, a
//! face) is the operator's act here.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use pki::{
    Certificate, ObjectIdentifier, PublicKey, Role, Timestamp, Validity,
    cms::{DATA, SIGNED_DATA},
    issue::Profile,
    oid,
    request::{
        CertificationRequest,
        message::{Message, PKI_DATA},
        revocation::Statement,
    },
    tlv,
};
use sha2::{Digest, Sha256};
use signature::cms;

use super::{answering::Services, list::Listed};
use crate::TestNca;

/// Requests beyond this are not taken.
const MOST_REQUESTS: usize = 1000;
/// A signature that claims to be older or younger than this, in seconds, is not taken: somebody may have kept it.
const OLDEST_SIGNATURE: i64 = 3600;
/// How long a certificate runs.
const DAYS: i64 = 365;

/// The counter of an authority.
pub struct Counter {
    nca: Arc<TestNca>,
    at_once: bool,
    files: Mutex<Files>,
}

#[derive(Default)]
struct Files {
    requests: BTreeMap<u64, Filed>,
    /// SHA-256 of every key that was asked for, or that asked.
    keys: BTreeSet<[u8; 32]>,
    last: u64,
}

struct Filed {
    request: CertificationRequest,
    certificate: Option<Certificate>,
}

/// What whoever asked gets at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Under which number it was filed.
    pub number: u64,
    /// When.
    pub date: Timestamp,
}

/// Why the counter did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It cannot be read.
    #[error("{0}")]
    Malformed(String),
    /// It can be read, and may not be.
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is no such request, or no certificate yet.
    #[error("{0}")]
    NotFound(&'static str),
    /// It was done before.
    #[error("{0}")]
    Conflict(&'static str),
    /// There is no room.
    #[error("the counter is full")]
    Full,
    /// The authority itself failed.
    #[error("{0}")]
    Failed(String),
}

impl Counter {
    pub(super) fn new(nca: Arc<TestNca>) -> Self {
        Self { nca, at_once: false, files: Mutex::default() }
    }

    pub(super) fn issuing_at_once(self) -> Self {
        Self { at_once: true, ..self }
    }

    /// Files a request, DER or PEM.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn apply(&self, body: &[u8], now: Timestamp) -> Result<Receipt, Refused> {
        let request = CertificationRequest::from_pem_or_der(body).map_err(malformed)?;
        self.file(request, &[], now)
    }

    /// The operator's act: what was asked for under that number is issued.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn issue(&self, number: u64, now: Timestamp) -> Result<Certificate, Refused> {
        self.with_files(|files| {
            let filed = files.requests.get_mut(&number).ok_or(Refused::NotFound("there is no such request"))?;
            if filed.certificate.is_some() {
                return Err(Refused::Conflict("the certificate was issued already"));
            }
            let request = &filed.request;
            let profile = profile(request)?;
            let (from, to) = (now, now.plus_days(DAYS));
            let issued = self.nca.certify_public(request.public_key(), request.subject().clone(), profile, from, to);
            let certificate = issued.map_err(|error| Refused::Failed(error.to_string()))?;
            Ok(filed.certificate.insert(certificate).clone())
        })
    }

    /// What was issued under that number.
    ///
    /// # Errors
    /// [`Refused::NotFound`] while nothing is.
    pub fn certificate(&self, number: u64) -> Result<Certificate, Refused> {
        self.with_files(|files| {
            let filed = files.requests.get(&number).ok_or(Refused::NotFound("there is no such request"))?;
            filed.certificate.clone().ok_or(Refused::NotFound("the certificate is not issued yet"))
        })
    }

    /// The same with its issuers in a SignedData that nobody signed (RFC 5652 §5.2).
    ///
    /// # Errors
    /// As [`Counter::certificate`].
    pub fn bundle(&self, number: u64) -> Result<Vec<u8>, Refused> {
        let own = self.certificate(number)?;
        let certificates = [self.nca.root().der(), self.nca.authority().der(), own.der()].concat();
        let signed_data = tlv::element(
            tlv::SEQUENCE,
            &[
                &[tlv::INTEGER, 1, 1],
                &tlv::element(tlv::SET, &[]),
                &tlv::element(tlv::SEQUENCE, &[&tlv::oid(&DATA)]),
                &tlv::element(tlv::context(0), &[&certificates]),
                &tlv::element(tlv::SET, &[]),
            ],
        );
        let tagged = tlv::element(tlv::context(0), &[&signed_data]);
        Ok(tlv::element(tlv::SEQUENCE, &[&tlv::oid(&SIGNED_DATA), &tagged]))
    }

    /// Files a request for a new key that the holder's present key signed.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn renew(&self, services: &Services, body: &[u8], now: Timestamp) -> Result<Receipt, Refused> {
        let (content, holder) = self.signed_by_holder(services, body, now)?;
        let Message::Renewal(request) = Message::from_der(&content).map_err(malformed)? else {
            return Err(Refused::Malformed("this asks for a revocation, and not for a certificate".to_owned()));
        };
        if request.subject() != holder.subject() {
            return Err(Refused::Forbidden("the request speaks of somebody else than who signed it"));
        }
        let has = |usage: &ObjectIdentifier| holder.extended_key_usage().contains(usage);
        if !request.extended_key_usage().iter().all(has) {
            return Err(Refused::Forbidden(
                "the request asks for a role or purpose that the present certificate has not",
            ));
        }
        self.file(request, &[holder.public_key()], now)
    }

    /// Revokes the certificate of the key that signed the statement, for OCSP and on the list.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn revoke(&self, services: &Services, body: &[u8], now: Timestamp) -> Result<Receipt, Refused> {
        let (content, holder) = self.signed_by_holder(services, body, now)?;
        let Message::Revocation(statement) = Message::from_der(&content).map_err(malformed)? else {
            return Err(Refused::Malformed("this asks for a certificate, and not for a revocation".to_owned()));
        };
        if !statement.means(&holder) {
            return Err(Refused::Forbidden("the statement is about another certificate than the one that signed it"));
        }
        if !Statement::HOLDERS_REASONS.contains(&statement.reason) {
            return Err(Refused::Forbidden("that reason is not one that a holder can have"));
        }
        let mut listed = Listed::new(holder.serial(), now, statement.reason);
        listed.invalid_since = statement.invalid_since;
        services.enlist(listed);
        services.publish(now);
        Ok(Receipt { number: self.with_files(Files::next), date: now })
    }

    /// What a CMS holds, and the holder who signed it: with a certificate of this authority that is valid and not
    /// revoked, just now.
    fn signed_by_holder(
        &self,
        services: &Services,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(Vec<u8>, Certificate), Refused> {
        let der = cms::decode_any(body).map_err(malformed)?;
        let report = cms::verify_as(PKI_DATA, &der, None).map_err(malformed)?;
        if report.content_type != PKI_DATA {
            return Err(Refused::Forbidden(
                "what was signed is a document (its content type is not id-cct-PKIData), and asks for nothing",
            ));
        }
        if !report.is_good() {
            return Err(Refused::Forbidden("the signature does not hold"));
        }
        let [signer] = report.signers.as_slice() else { return Err(Refused::Forbidden("one signature is wanted")) };
        let content = cms::attached_content(&der).map_err(malformed)?;
        let content = content.ok_or(Refused::Forbidden("what was signed is not inside"))?.to_vec();
        let holder = signer.certificate.clone().ok_or(Refused::Forbidden("the signer's certificate is not inside"))?;
        let authority = self.nca.authority();
        if holder.issuer() != authority.subject() || holder.verify_signature(authority.public_key()).is_err() {
            return Err(Refused::Forbidden("the certificate is not of this authority"));
        }
        if holder.validity_at(now) != Validity::Current {
            return Err(Refused::Forbidden("the certificate is not valid now"));
        }
        if services.is_revoked(holder.serial()) {
            return Err(Refused::Forbidden("the certificate was revoked"));
        }
        let is_new = |time: Timestamp| (now.as_unix() - time.as_unix()).abs() <= OLDEST_SIGNATURE;
        if !signer.signing_time.is_some_and(is_new) {
            return Err(Refused::Forbidden("the signature is not of this hour"));
        }
        Ok((content, holder))
    }

    /// Files a request after all that is looked at in any of them. `others`: keys that are known from now on, too.
    fn file(&self, request: CertificationRequest, others: &[&PublicKey], now: Timestamp) -> Result<Receipt, Refused> {
        let forged = "the signature of the request does not fit the key that it asks for";
        request.verify().map_err(|_| Refused::Forbidden(forged))?;
        profile(&request)?;
        let receipt = self.with_files(|files| {
            if files.requests.len() >= MOST_REQUESTS {
                return Err(Refused::Full);
            }
            files.keys.extend(others.iter().map(|key| fingerprint(key)));
            if !files.keys.insert(fingerprint(request.public_key())) {
                return Err(Refused::Conflict("a certificate was asked for with this key before"));
            }
            let number = files.next();
            files.requests.insert(number, Filed { request, certificate: None });
            Ok(Receipt { number, date: now })
        })?;
        if self.at_once {
            self.issue(receipt.number, now)?;
        }
        Ok(receipt)
    }

    fn with_files<T>(&self, use_it: impl FnOnce(&mut Files) -> T) -> T {
        use_it(&mut self.files.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Files {
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}

fn malformed(error: impl ToString) -> Refused {
    Refused::Malformed(error.to_string())
}

fn fingerprint(key: &PublicKey) -> [u8; 32] {
    Sha256::digest(key.to_spki_der().unwrap_or_default()).into()
}

/// Which of the NCA's profiles a request asks for; refused when it is none that people get.
fn profile(request: &CertificationRequest) -> Result<Profile, Refused> {
    let holder = request.holder();
    if request.asks_to_be_an_authority() {
        return Err(Refused::Forbidden("nobody becomes an authority at this counter"));
    }
    if request.public_key().signature_algorithm().is_none() {
        return Err(Refused::Forbidden("keys of this algorithm are not certified"));
    }
    let is_named = !holder.name.is_empty() && holder.surname.is_some() && holder.iin.is_some();
    if !is_named || request.subject().get(&oid::COUNTRY) != Some("KZ") {
        return Err(Refused::Forbidden("the subject has to have a name, a surname, an IIN and the country KZ"));
    }
    if holder.organisation.is_some() != holder.bin.is_some() {
        return Err(Refused::Forbidden("an organisation has a name and a BIN"));
    }
    let is_role = |usage: &&ObjectIdentifier| Role::from_oid(usage).is_some();
    let (roles, purposes): (Vec<_>, Vec<_>) = request.extended_key_usage().iter().partition(is_role);
    let purposes: Vec<_> = purposes.into_iter().copied().collect();
    let is_known = |purpose: &ObjectIdentifier| [oid::EMAIL_PROTECTION, oid::CLIENT_AUTH].contains(purpose);
    if purposes.is_empty() || !purposes.iter().all(is_known) {
        return Err(Refused::Forbidden(
            "a key is for signing (emailProtection), for logging in (clientAuth), or for both",
        ));
    }
    let roles: Vec<Role> = roles.into_iter().filter_map(Role::from_oid).collect();
    match (holder.bin, roles.as_slice()) {
        (None, [Role::Person]) => Ok(Profile::Person { purposes }),
        (Some(_), [Role::Organisation, roles @ ..]) if roles.iter().all(|role| POSITIONS.contains(role)) => {
            Ok(Profile::Organisation { purposes, roles: roles.to_vec() })
        }
        _ => Err(Refused::Forbidden("the roles do not fit the subject")),
    }
}

/// What somebody can be in an organisation.
const POSITIONS: [Role; 5] = [Role::Head, Role::RightToSign, Role::FinancialSign, Role::Hr, Role::Employee];
