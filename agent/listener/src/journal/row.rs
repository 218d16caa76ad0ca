//! What stands in a row, and how each is bound to the one before.

use sha2::{Digest, Sha256};

/// A SHA-256 digest.
pub(crate) type Hash = [u8; 32];

/// What the first row is bound to.
pub(crate) const BEGINNING: Hash = [0; 32];

/// Said before everything that is hashed, so that a hash of the journal is never the hash of anything else.
const TAG: &[u8] = b"tanba journal row 1";

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// When, RFC 3339 in UTC.
    pub(crate) at: String,
    /// The site, as [`order::Origin::as_record`] has it.
    pub(crate) origin: String,
    /// The calling program's path; empty where the system does not say.
    pub(crate) program: String,
    /// The module that was called.
    pub(crate) module: String,
    /// Its method.
    pub(crate) method: String,
    /// SHA-256 of each document, hexadecimal, one to a line; `digest:` before one of which the page gave only a digest.
    pub(crate) documents: String,
    /// SHA-256 of the certificate, hexadecimal; empty where none was used.
    pub(crate) certificate: String,
    /// Whose certificate it is.
    pub(crate) signer: String,
    /// How it ended: `signed`, `key-shown`, `cancelled`, `withdrawn`, `blocked`, `failed:CODE`.
    pub(crate) result: String,
}

impl Row {
    /// The columns, in the order in which they are hashed and stored.
    pub(crate) fn columns(&self) -> [&str; 9] {
        [
            &self.at,
            &self.origin,
            &self.program,
            &self.module,
            &self.method,
            &self.documents,
            &self.certificate,
            &self.signer,
            &self.result,
        ]
    }

    /// SHA-256(tag ‖ number ‖ hash of the row before ‖ for each column its length and octets); numbers are 64 bits,
    /// big-endian. The lengths keep two rows from meaning the same octets.
    pub(crate) fn hash(&self, number: u64, before: &Hash) -> Hash {
        let mut hash = Sha256::new();
        hash.update(TAG);
        hash.update(number.to_be_bytes());
        hash.update(before);
        for column in self.columns() {
            hash.update((column.len() as u64).to_be_bytes());
            hash.update(column.as_bytes());
        }
        hash.finalize().into()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn row(number: u8) -> Row {
        Row {
            at: "2026-11-23T09:00:00Z".into(),
            origin: "https://egov.kz".into(),
            program: "/usr/lib/chromium/chromium".into(),
            module: "kz.gov.pki.knca.basics".into(),
            method: "sign".into(),
            documents: format!("{number:064x}"),
            certificate: String::new(),
            signer: String::new(),
            result: "cancelled".into(),
        }
    }

    #[test]
    fn every_column_the_number_and_the_row_before_are_bound() {
        let plain = row(1).hash(1, &BEGINNING);
        assert_ne!(plain, row(1).hash(2, &BEGINNING));
        assert_ne!(plain, row(1).hash(1, &[1; 32]));
        for column in 0..9 {
            let mut other = row(1);
            let Row { at, origin, program, module, method, documents, certificate, signer, result } = &mut other;
            let columns = [at, origin, program, module, method, documents, certificate, signer, result];
            columns.into_iter().nth(column).unwrap().push('x');
            assert_ne!(plain, other.hash(1, &BEGINNING), "column {column}");
        }
    }

    #[test]
    fn what_moves_from_one_column_to_the_next_is_seen() {
        let (mut left, mut right) = (row(1), row(1));
        (left.module, left.method) = ("ab".into(), "c".into());
        (right.module, right.method) = ("a".into(), "bc".into());
        assert_ne!(left.hash(1, &BEGINNING), right.hash(1, &BEGINNING));
    }
}
