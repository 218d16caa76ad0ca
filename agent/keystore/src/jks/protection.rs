//! What a password does in a store: it enciphers keys, and it stands in a digest over everything.
//!
//! A key is enciphered by a stream of SHA-1 values, each over the password and the value before it, the first over the
//! password and a salt. There are no rounds to slow a guesser down; the strength is the password's alone.

use const_oid::ObjectIdentifier;
use der::Decode;
use sha1::{Digest, Sha1};
use zeroize::{Zeroize, Zeroizing};

use crate::{OpenError, Password, pkcs12::EncryptedPrivateKeyInfo, work::WorkBudget};

/// Sun's own, `1.3.6.1.4.1.42.2.17.1.1`.
const KEY_PROTECTOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.17.1.1");
const ENCRYPTED_PRIVATE_KEY_INFO: &str = "EncryptedPrivateKeyInfo";
/// Also the length of the salt.
const DIGEST_LEN: usize = 20;
/// Stands between password and content in the digest over a store.
const WHITENER: &[u8] = b"Mighty Aphrodite";

/// What a password makes of an enciphered key.
pub(super) enum Unsealed {
    /// A PrivateKeyInfo.
    Key(Zeroizing<Vec<u8>>),
    /// The digest within does not fit.
    OtherPassword,
}

/// The digest over a store.
pub(super) fn digest(password: &Password, covered: &[u8]) -> [u8; DIGEST_LEN] {
    let hash = Sha1::new().chain_update(&*password.to_utf16()).chain_update(WHITENER);
    hash.chain_update(covered).finalize().into()
}

/// Deciphers a key: salt, ciphertext, and SHA-1 over password and plaintext.
pub(super) fn unseal(password: &[u8], sealed: &[u8], work: &mut WorkBudget) -> Result<Unsealed, OpenError> {
    let fault = OpenError::in_part(ENCRYPTED_PRIVATE_KEY_INFO);
    let info = EncryptedPrivateKeyInfo::from_der(sealed).map_err(fault)?;
    if info.algorithm.algorithm != KEY_PROTECTOR {
        return Err(OpenError::UnsupportedAlgorithm(info.algorithm.algorithm));
    }
    let short = OpenError::Malformed { part: ENCRYPTED_PRIVATE_KEY_INFO, offset: 0 };
    let Some((salt, rest)) = info.encrypted.as_bytes().split_first_chunk::<DIGEST_LEN>() else { return Err(short) };
    let Some((ciphertext, stated)) = rest.split_last_chunk::<DIGEST_LEN>() else { return Err(short) };

    // Every twenty octets are one more value of the stream, of at most two blocks behind the password's own.
    let values = ciphertext.len().div_ceil(DIGEST_LEN) as u64;
    work.take(1, values.saturating_mul(2))?;
    let keyed = Sha1::new_with_prefix(password);
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    let mut value: Zeroizing<[u8; DIGEST_LEN]> = Zeroizing::new(*salt);
    for chunk in plain.chunks_mut(DIGEST_LEN) {
        let mut next = keyed.clone().chain_update(*value).finalize();
        value.copy_from_slice(&next);
        next.as_mut_slice().zeroize();
        chunk.iter_mut().zip(value.iter()).for_each(|(octet, key)| *octet ^= key);
    }
    let found: [u8; DIGEST_LEN] = keyed.chain_update(&*plain).finalize().into();
    Ok(if found == *stated { Unsealed::Key(plain) } else { Unsealed::OtherPassword })
}
