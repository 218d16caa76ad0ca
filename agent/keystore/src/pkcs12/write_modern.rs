//! Writing a key file as it should be protected today: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256 for key and
//! certificates, a MAC with SHA-256 over the whole.
//!
//! The MAC is the old one of RFC 7292 and not PBMAC1: OpenSSL before 3.4 and Java before 26 do not know the latter, and
//! it would protect nothing more, for whoever guesses passwords meets the same number of rounds either way.

use pki::{
    Certificate,
    tlv::{self, element},
};
use zeroize::Zeroizing;

use super::{
    WriteError,
    cipher::Cipher,
    emit::{self, bag, number, octets, sequence},
    hash::{self, Hash},
    kdf::{self, Purpose},
    oids, pbe, pbkdf2,
};
use crate::{Entropy, Password, PrivateKey, work};

const SALT_LEN: usize = 16;
const CIPHER: Cipher = Cipher::Aes256;
const HASH: Hash = Hash::Sha256;

/// How many rounds stand between a guessed password and knowing whether it was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Iterations(u32);

impl Iterations {
    /// What OWASP recommends for PBKDF2 with HMAC-SHA-256 (Password Storage Cheat Sheet, since 2023).
    pub const RECOMMENDED: Self = Self(600_000);
    /// A file of more would not be opened again: two derivations of two hash blocks a round, and one of one block.
    pub const MOST: Self = Self((work::MOST_BLOCKS / 5 - 1_000) as u32);

    /// A count other than the recommended one: a lower one is for tests, or for passwords that are random themselves.
    /// `None` for zero and above [`Iterations::MOST`].
    #[must_use]
    pub const fn new(count: u32) -> Option<Self> {
        if count == 0 || count > Self::MOST.0 { None } else { Some(Self(count)) }
    }

    /// The count.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for Iterations {
    fn default() -> Self {
        Self::RECOMMENDED
    }
}

/// What a key file is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Bundle<'a> {
    /// The key.
    pub key: &'a PrivateKey,
    /// Its certificate; `None` while that is still to come.
    pub certificate: Option<&'a Certificate>,
    /// Those of the authorities above it, in any order.
    pub chain: &'a [Certificate],
}

/// A key file in today's layout, which OpenSSL, Java and Windows open.
///
/// Alias and localKeyId are the certificate's subject key identifier, as in the NCA's files.
///
/// # Errors
/// [`WriteError`]; a certificate of another key is refused.
pub fn write_modern(
    bundle: &Bundle<'_>,
    password: &Password,
    iterations: Iterations,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let attributes = emit::attributes(&emit::key_id(bundle.key, bundle.certificate)?);
    let seal = |plain: &[u8]| seal(password, iterations, entropy, plain);

    let mut bags: Vec<u8> = Vec::new();
    bags.extend(bundle.certificate.map(|own| emit::certificate(own, &attributes)).unwrap_or_default());
    bundle.chain.iter().for_each(|authority| bags.extend(emit::certificate(authority, &[])));
    let mut parts = Vec::new();
    if !bags.is_empty() {
        let (algorithm, sealed) = seal(&sequence(&[&bags]))?;
        let content = element(tlv::context_primitive(0), &[&sealed]);
        let info = sequence(&[&tlv::oid(&oids::DATA), &algorithm, &content]);
        let encrypted_data = emit::explicit(&sequence(&[&number(0), &info]));
        parts.extend(sequence(&[&tlv::oid(&oids::ENCRYPTED_DATA), &encrypted_data]));
    }
    let (algorithm, sealed) = seal(&bundle.key.to_pkcs8())?;
    let shrouded = sequence(&[&algorithm, &octets(&sealed)]);
    parts.extend(emit::data(&sequence(&[&bag(&oids::SHROUDED_KEY_BAG, &shrouded, &attributes)])));
    let safe = sequence(&[&parts]);

    let salt = fresh(entropy)?;
    let mut mac_key = Zeroizing::new(vec![0; HASH.output_len()]);
    kdf::derive(HASH, Purpose::MacKey, &password.to_bmp_string(), &salt, iterations.0, &mut mac_key);
    let digest = sequence(&[&tlv::algorithm_null(&hash::SHA_256), &octets(&HASH.hmac(&mac_key, &safe))]);
    let mac_data = sequence(&[&digest, &octets(&salt), &number(iterations.0)]);
    Ok(Zeroizing::new(sequence(&[&number(3), &emit::data(&safe), &mac_data])))
}

/// Enciphers under PBES2 with a salt and an initial value of its own: the AlgorithmIdentifier, and the ciphertext.
fn seal(
    password: &Password,
    iterations: Iterations,
    entropy: &dyn Entropy,
    plain: &[u8],
) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), WriteError> {
    let (salt, iv) = (fresh(entropy)?, fresh(entropy)?);
    let mut key = Zeroizing::new(vec![0; CIPHER.key_len()]);
    HASH.pbkdf2(password.expose().as_bytes(), &salt, iterations.0, &mut key);
    let sealed = CIPHER.encrypt(&key, &iv, plain)?;

    let prf = tlv::algorithm_null(&hash::HMAC_SHA_256);
    let derivation = sequence(&[&octets(&salt), &number(iterations.0), &prf]);
    let derivation = sequence(&[&tlv::oid(&pbkdf2::PBKDF2), &derivation]);
    let encryption = sequence(&[&tlv::oid(&pbe::AES_256_CBC), &octets(&iv)]);
    Ok((sequence(&[&tlv::oid(&pbe::PBES2), &sequence(&[&derivation, &encryption])]), sealed))
}

/// Sixteen random octets: a salt, or AES's initial value.
fn fresh(entropy: &dyn Entropy) -> Result<[u8; SALT_LEN], WriteError> {
    let mut octets = [0; SALT_LEN];
    entropy.fill(&mut octets)?;
    Ok(octets)
}
