//! The key derivation of PKCS#12: RFC 7292 appendix B.2.

use sha2::digest::{Digest, common::BlockSizeUser};
use zeroize::{Zeroize, Zeroizing};

use super::hash::Hash;

/// What the derived octets are for (RFC 7292 B.3, the "ID").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    EncryptionKey = 1,
    InitialValue = 2,
    MacKey = 3,
}

/// Fills `out`. `password` is already in the form of B.1 (BMPString and two zeros, or nothing); `iterations` went
/// through the [work budget](crate::work).
pub(super) fn derive(hash: Hash, purpose: Purpose, password: &[u8], salt: &[u8], iterations: u32, out: &mut [u8]) {
    match hash {
        Hash::Sha1 => derive_with::<sha1::Sha1>(purpose, password, salt, iterations, out),
        Hash::Sha224 => derive_with::<sha2::Sha224>(purpose, password, salt, iterations, out),
        Hash::Sha256 => derive_with::<sha2::Sha256>(purpose, password, salt, iterations, out),
        Hash::Sha384 => derive_with::<sha2::Sha384>(purpose, password, salt, iterations, out),
        Hash::Sha512 => derive_with::<sha2::Sha512>(purpose, password, salt, iterations, out),
    }
}

/// The step numbers are those of B.2; `v` is the hash's block and `u` its output, in octets.
fn derive_with<D: Digest + BlockSizeUser>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) {
    let v = D::block_size();
    let u = <D as Digest>::output_size();

    // 1–4: D, and I = S ‖ P. Capacity is exact, so that no copy of the password stays behind a reallocation.
    let diversifier = vec![purpose as u8; v];
    let filled = |part: &[u8]| part.len().next_multiple_of(v);
    let mut i = Zeroizing::new(Vec::with_capacity(filled(salt) + filled(password)));
    i.extend(salt.iter().cycle().take(filled(salt)));
    i.extend(password.iter().cycle().take(filled(password)));

    let mut b = Zeroizing::new(Vec::<u8>::with_capacity(v));
    for chunk in out.chunks_mut(u) {
        // 6A: Ai = H^r(D ‖ I)
        let mut a = D::new().chain_update(&diversifier).chain_update(&*i).finalize();
        for _ in 1..iterations {
            a = D::digest(&a);
        }
        chunk.iter_mut().zip(a.iter()).for_each(|(to, from)| *to = *from);

        // 6B, 6C: every v octets of I, as a big-endian number, grow by B + 1 modulo 2^(8v).
        b.clear();
        b.extend(a.iter().cycle().take(v));
        a.as_mut_slice().zeroize();
        for block in i.chunks_mut(v) {
            let mut carry = 1u16;
            for (octet, add) in block.iter_mut().rev().zip(b.iter().rev()) {
                let [high, low] = (u16::from(*octet) + u16::from(*add) + carry).to_be_bytes();
                *octet = low;
                carry = u16::from(high);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Password;

    /// The published vectors of the algorithm: the PKCS#12 test values that circulate with BouncyCastle, OpenSSL and
    /// RustCrypto's own tests of appendix B ("smeg", "queeg").
    #[test]
    fn published_sha1_vectors_hold() {
        let smeg = Password::new("smeg".to_owned()).unwrap().to_bmp_string();
        let mut key = [0; 24];
        derive(Hash::Sha1, Purpose::EncryptionKey, &smeg, &0x0A58_CF64_530D_823F_u64.to_be_bytes(), 1, &mut key);
        assert_eq!(
            key,
            [
                0x8A, 0xAA, 0xE6, 0x29, 0x7B, 0x6C, 0xB0, 0x46, 0x42, 0xAB, 0x5B, 0x07, 0x78, 0x51, 0x28, 0x4E, 0xB7,
                0x12, 0x8F, 0x1A, 0x2A, 0x7F, 0xBC, 0xA3
            ]
        );
        let mut iv = [0; 8];
        derive(Hash::Sha1, Purpose::InitialValue, &smeg, &0x0A58_CF64_530D_823F_u64.to_be_bytes(), 1, &mut iv);
        assert_eq!(iv, [0x79, 0x99, 0x3D, 0xFE, 0x04, 0x8D, 0x3B, 0x76]);

        let queeg = Password::new("queeg".to_owned()).unwrap().to_bmp_string();
        let salt = 0x05DE_C959_ACFF_72F7_u64.to_be_bytes();
        derive(Hash::Sha1, Purpose::EncryptionKey, &queeg, &salt, 1000, &mut key);
        assert_eq!(
            key,
            [
                0xED, 0x20, 0x34, 0xE3, 0x63, 0x28, 0x83, 0x0F, 0xF0, 0x9D, 0xF1, 0xE1, 0xA0, 0x7D, 0xD3, 0x57, 0x18,
                0x5D, 0xAC, 0x0D, 0x4F, 0x9E, 0xB3, 0xD4
            ]
        );
        derive(Hash::Sha1, Purpose::InitialValue, &queeg, &salt, 1000, &mut iv);
        assert_eq!(iv, [0x11, 0xDE, 0xDA, 0xD7, 0x75, 0x8D, 0x48, 0x60]);
    }

    #[test]
    fn an_absent_password_and_an_empty_bmp_string_differ() {
        let (mut absent, mut empty) = ([0; 20], [0; 20]);
        derive(Hash::Sha1, Purpose::MacKey, &[], b"salt", 1, &mut absent);
        derive(Hash::Sha1, Purpose::MacKey, &[0, 0], b"salt", 1, &mut empty);
        assert_ne!(absent, empty);
    }
}
