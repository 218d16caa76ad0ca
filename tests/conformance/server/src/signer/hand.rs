//! The key that signs, fresh for each signer, and the time-stamp service beside it.
//!
//! RSA, because anybody's library can verify it: the kit holds the signatures against code that is not ours.

use crate::Fault;
use keystore::{NewKey, Password};
use order::KeyInfo;
use pki::tsp::{Policy, Request};
use pki::{Certificate, Signer, Timestamp};
use serde_bytes::ByteBuf;
use signature::cms::amend::{add_stamps, stamp_data};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use test_nca::services::Services;
use test_nca::{PASSWORD, TestNca};

/// One key, and where its file lies.
pub(super) struct Hand {
    signer: Box<dyn Signer>,
    other: Box<dyn Signer>,
    services: Services,
    alias: String,
    file: PathBuf,
}

impl Hand {
    /// A new authority, a new key of it, and its key file in that folder.
    pub(super) fn new(folder: &Path) -> Result<Self, Fault> {
        let nca = Arc::new(TestNca::of(NewKey::Rsa2048, now())?);
        let person = nca.person()?;
        let other = nca.head()?.signer()?;
        let services = Services::new(Arc::clone(&nca), nca)?.with_all_policies()?;
        let file = folder.join("key.p12");
        fs::write(&file, person.key_file(&Password::new(PASSWORD.to_owned())?)?)?;
        let alias = person.certificate.subject_key_identifier().map(hex::encode).unwrap_or_default();
        Ok(Self { signer: person.signer()?, other, services, alias, file })
    }

    pub(super) fn signer(&self) -> &dyn Signer {
        &*self.signer
    }

    /// Somebody else, for a signature beside the first one.
    pub(super) fn other(&self) -> &dyn Signer {
        &*self.other
    }

    /// The key file, for a person who chooses one.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) fn key_info(&self) -> Box<KeyInfo> {
        Box::new(key_info(&self.alias, self.signer.certificate()))
    }

    /// A time stamp for each signature of a CMS.
    pub(super) fn stamp(&self, cms: &[u8]) -> Result<Vec<u8>, Fault> {
        let policy = Policy::of(self.signer.algorithm());
        let mut tokens = Vec::new();
        for (place, data) in stamp_data(cms)?.into_iter().enumerate() {
            let mut nonce = [0; 8];
            getrandom::fill(&mut nonce)?;
            let request = Request::for_data(policy, data, nonce);
            let response = self.services.stamp(&request.to_der(), now(), None)?;
            tokens.push((place, request.accept(&response, data)?.0));
        }
        let tokens: Vec<_> = tokens.iter().map(|(place, token)| (*place, token)).collect();
        Ok(add_stamps(cms, &tokens)?)
    }
}

pub(super) fn now() -> Timestamp {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Timestamp::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
}

pub(super) fn key_info(alias: &str, certificate: &Certificate) -> KeyInfo {
    KeyInfo {
        alias: alias.to_owned(),
        key_id: certificate.subject_key_identifier().unwrap_or_default().to_vec(),
        algorithm: certificate.public_key().kalkan_name().to_owned(),
        subject_cn: certificate.subject().common_name().unwrap_or_default().to_owned(),
        subject_dn: certificate.subject().to_dn_string(),
        issuer_cn: certificate.issuer().common_name().unwrap_or_default().to_owned(),
        issuer_dn: certificate.issuer().to_dn_string(),
        serial_number: certificate.serial().bytes().to_vec(),
        not_before_ms: certificate.not_before().millis(),
        not_after_ms: certificate.not_after().millis(),
        authority_key_id: certificate.authority_key_identifier().unwrap_or_default().to_vec(),
        certificate: certificate.der().to_vec(),
    }
}

/// Octets as the pipe carries them.
pub(super) fn octets(made: impl Into<Vec<u8>>) -> ByteBuf {
    ByteBuf::from(made.into())
}
