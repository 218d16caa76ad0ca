//! What the integration tests share: golden files, signers, and the NCA's test material where it is.
#![allow(dead_code, unreachable_pub)]

pub mod documents;
pub mod parts;

use std::path::{Path, PathBuf};

use pki::{Certificate, SignatureAlgorithm, Signer, SignerError, Timestamp};
use test_nca::{Issued, TestNca};

/// A file of `tests/golden`; `make.py` there says what is in it and how it was made.
pub fn golden(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// The signing time of the golden files.
pub fn golden_time() -> Timestamp {
    Timestamp::from_utc(2026, 11, 23, 9, 30, 0).unwrap()
}

/// A signer that returns a signature that somebody else made: the rest of a CMS can then be compared byte by byte.
pub struct Recorded {
    pub certificate: Certificate,
    pub algorithm: SignatureAlgorithm,
    pub signature: Vec<u8>,
}

impl Signer for Recorded {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn sign_digest(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.signature.clone())
    }
}

/// The authority of the tests and one of its people.
pub fn person() -> (TestNca, Issued) {
    let nca = TestNca::seeded(golden_time(), 1).unwrap();
    let person = nca.person().unwrap();
    (nca, person)
}

/// The folder of shared material, or `None` after saying that it is not here.
pub fn shared() -> Option<PathBuf> {
    nca_material::shared()
}
