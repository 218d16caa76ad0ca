//! PBKDF2 (RFC 8018 5.2) as key files name it.

use const_oid::ObjectIdentifier;

use super::{
    OpenError,
    asn1::{self, AlgorithmIdentifier, Pbkdf2Parameters},
    hash::Hash,
};
use crate::work::WorkBudget;

pub(super) const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");

/// A derivation with its parameters read.
#[derive(Debug)]
pub(super) struct Pbkdf2<'a> {
    prf: Hash,
    salt: &'a [u8],
    pub(super) iterations: u64,
    /// Of the key, in octets. A cipher has its own, so only a MAC needs it.
    pub(super) key_length: Option<u64>,
}

impl<'a> Pbkdf2<'a> {
    /// `part` is what an error calls the parameters. Another derivation, such as scrypt, is named by its error.
    pub(super) fn read(algorithm: &AlgorithmIdentifier<'a>, part: &'static str) -> Result<Self, OpenError> {
        if algorithm.algorithm != PBKDF2 {
            return Err(OpenError::UnsupportedAlgorithm(algorithm.algorithm));
        }
        let given: Pbkdf2Parameters<'a> = algorithm.parameters(part)?;
        let prf = match given.prf {
            None => Hash::Sha1,
            Some(prf) => Hash::by_hmac_oid(prf.algorithm).ok_or(OpenError::UnsupportedAlgorithm(prf.algorithm))?,
        };
        Ok(Self {
            prf,
            salt: given.salt.as_bytes(),
            iterations: asn1::count(given.iterations),
            key_length: given.key_length.map(asn1::count),
        })
    }

    /// Asks for the work of a key of `key_len` octets, and gives the rounds that are then safe to run.
    pub(super) fn take_work(&self, key_len: usize, work: &mut WorkBudget) -> Result<u32, OpenError> {
        // Each round of HMAC is two hash blocks.
        let hash_blocks = 2 * key_len.div_ceil(self.prf.output_len()) as u64;
        work.take(self.iterations, hash_blocks.saturating_mul(self.prf.block_cost()))
    }

    /// Fills `key`.
    pub(super) fn derive(&self, password: &[u8], key: &mut [u8], work: &mut WorkBudget) -> Result<(), OpenError> {
        let rounds = self.take_work(key.len(), work)?;
        self.prf.pbkdf2(password, self.salt, rounds, key);
        Ok(())
    }
}
