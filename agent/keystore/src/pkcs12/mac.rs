//! The integrity of a whole file under its password: the MAC of RFC 7292, and PBMAC1 in its place (RFC 9579).

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::{
    OpenError,
    asn1::{self, MacData, Pbmac1Parameters},
    hash::Hash,
    kdf::{self, Purpose},
    pbe::PasswordForms,
    pbkdf2::Pbkdf2,
};
use crate::work::WorkBudget;

const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");

const PARAMETERS: &str = "PBMAC1 parameters";
/// RFC 9579 section 5: a key of less than 20 octets is to be refused.
const SHORTEST_KEY: u64 = 20;
/// Eight times the output of the longest hash.
const LONGEST_KEY: u64 = 512;

/// The means of a MAC with its parameters read, and what it is said to be.
#[derive(Debug)]
pub(super) struct FileMac<'a> {
    hash: Hash,
    derivation: Derivation<'a>,
    stated: &'a [u8],
}

#[derive(Debug)]
enum Derivation<'a> {
    /// RFC 7292 B.2 with the MAC's own hash.
    Pkcs12 {
        salt: &'a [u8],
        iterations: u64,
    },
    Pbmac1 {
        pbkdf2: Pbkdf2<'a>,
        key_len: usize,
    },
}

impl<'a> FileMac<'a> {
    pub(super) fn read(mac: &MacData<'a>) -> Result<Self, OpenError> {
        let (algorithm, stated) = (&mac.mac.digest_algorithm, mac.mac.digest.as_bytes());
        if algorithm.algorithm == PBMAC1 {
            let (hash, derivation) = pbmac1(algorithm.parameters(PARAMETERS)?)?;
            return Ok(Self { hash, derivation, stated });
        }
        let hash = Hash::by_digest_oid(algorithm.algorithm);
        let hash = hash.ok_or(OpenError::UnsupportedAlgorithm(algorithm.algorithm))?;
        let iterations = mac.iterations.map_or(1, asn1::count);
        Ok(Self { hash, derivation: Derivation::Pkcs12 { salt: mac.salt.as_bytes(), iterations }, stated })
    }

    /// The hash of the MAC; with PBMAC1 that of its HMAC.
    pub(super) fn hash(&self) -> Hash {
        self.hash
    }

    /// The rounds that a guess at the password costs.
    pub(super) fn iterations(&self) -> u64 {
        match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => *iterations,
            Derivation::Pbmac1 { pbkdf2, .. } => pbkdf2.iterations,
        }
    }

    /// Whether the password's BMPString matters.
    pub(super) fn takes_bmp(&self) -> bool {
        matches!(self.derivation, Derivation::Pkcs12 { .. })
    }

    /// Asks for the work of one check, and gives the rounds that are then safe to run.
    pub(super) fn take_work(&self, work: &mut WorkBudget) -> Result<u32, OpenError> {
        match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => work.take(*iterations, self.hash.block_cost()),
            Derivation::Pbmac1 { pbkdf2, key_len } => pbkdf2.take_work(*key_len, work),
        }
    }

    /// RFC 7292 5.2, step 2: the MAC is over the octets of the AuthenticatedSafe.
    pub(super) fn is_right(
        &self,
        password: &PasswordForms<'_>,
        content: &[u8],
        work: &mut WorkBudget,
    ) -> Result<bool, OpenError> {
        let key = match &self.derivation {
            Derivation::Pkcs12 { salt, .. } => {
                let rounds = self.take_work(work)?;
                let mut key = Zeroizing::new(vec![0; self.hash.output_len()]);
                kdf::derive(self.hash, Purpose::MacKey, password.bmp, salt, rounds, &mut key);
                key
            }
            Derivation::Pbmac1 { pbkdf2, key_len } => {
                let mut key = Zeroizing::new(vec![0; *key_len]);
                pbkdf2.derive(password.utf8, &mut key, work)?;
                key
            }
        };
        Ok(self.hash.hmac_is(&key, content, self.stated))
    }
}

/// The key's length must be stated: it cannot be told from the HMAC, which takes any.
fn pbmac1(given: Pbmac1Parameters<'_>) -> Result<(Hash, Derivation<'_>), OpenError> {
    let scheme = given.scheme.algorithm;
    let hash = Hash::by_hmac_oid(scheme).ok_or(OpenError::UnsupportedAlgorithm(scheme))?;
    let pbkdf2 = Pbkdf2::read(&given.key_derivation, PARAMETERS)?;
    let key_len = pbkdf2.key_length.filter(|octets| (SHORTEST_KEY..=LONGEST_KEY).contains(octets));
    let key_len = key_len.and_then(|octets| usize::try_from(octets).ok());
    let key_len = key_len.ok_or(OpenError::Malformed { part: PARAMETERS, offset: 0 })?;
    Ok((hash, Derivation::Pbmac1 { pbkdf2, key_len }))
}
