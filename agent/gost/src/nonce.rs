//! Nonces: RFC 6979's generator, with fresh randomness mixed in.
//!
//! A nonce that repeats, or of which a few bits are known, gives the key away. Deriving it from the key and the digest
//! (RFC 6979) makes a broken random generator harmless; mixing randomness in (section 3.6, "additional data") makes
//! an attack harmless that needs the same signature made twice, such as a fault or a power trace. An attacker has to
//! break both.
//!
//! HMAC is over SHA-512 for both curves, and not over Streebog: the nonce is nobody's business but the signer's, and
//! every fast Streebog looks up its tables by the data it hashes, which here is the private key.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use zeroize::Zeroizing;

/// Output of HMAC-SHA-512.
const OUTPUT: usize = 64;

/// HMAC-DRBG in the form of RFC 6979, section 3.2.
pub(crate) struct NonceGenerator {
    key: Zeroizing<[u8; OUTPUT]>,
    value: Zeroizing<[u8; OUTPUT]>,
}

impl NonceGenerator {
    /// `private_key` and `digest` as the numbers `d` and `e`, big-endian in the length of `q` (steps b to g).
    pub(crate) fn new(private_key: &[u8], digest: &[u8], entropy: &[u8]) -> Self {
        let mut generator = Self { key: Zeroizing::new([0; OUTPUT]), value: Zeroizing::new([1; OUTPUT]) };
        for separator in [0, 1] {
            generator.rekey(&[&[separator], private_key, digest, entropy]);
        }
        generator
    }

    /// The next candidate: the leftmost bytes of the output, big-endian (step h). One output is enough for any curve.
    pub(crate) fn candidate(&mut self, out: &mut [u8]) {
        self.value = self.mac(&[]);
        for (byte, value) in out.iter_mut().zip(self.value.iter()) {
            *byte = *value;
        }
    }

    /// Moves on from a candidate that is no nonce (end of step h).
    pub(crate) fn reject(&mut self) {
        self.rekey(&[&[0]]);
    }

    fn rekey(&mut self, data: &[&[u8]]) {
        self.key = self.mac(data);
        self.value = self.mac(&[]);
    }

    /// `HMAC_K(V ‖ data)`
    fn mac(&self, data: &[&[u8]]) -> Zeroizing<[u8; OUTPUT]> {
        // HMAC pads a short key with zeros to the length of a block.
        let mut key = Zeroizing::new([0; 128]);
        for (byte, key_byte) in key.iter_mut().zip(self.key.iter()) {
            *byte = *key_byte;
        }
        let mut mac = Hmac::<Sha512>::new(&(*key).into());
        mac.update(&*self.value);
        for part in data {
            mac.update(part);
        }
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}
