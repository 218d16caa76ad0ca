//! The block ciphers of key files, all in CBC mode with PKCS#7 padding.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit,
    block_padding::Pkcs7,
};
use des::{TdesEde2, TdesEde3};
use rc2::Rc2;
use zeroize::Zeroizing;

/// A cipher with the key length that a key file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    /// Three-key triple DES.
    TripleDes3,
    /// Two-key triple DES.
    TripleDes2,
    /// RC2, five octets of key, effective key length 40 bits.
    Rc2With40Bits,
    /// RC2, sixteen octets of key, effective key length 128 bits.
    Rc2With128Bits,
    Aes128,
    Aes192,
    Aes256,
}

/// Key, initial value or ciphertext do not have the form the cipher needs, or the padding is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CipherError;

impl Cipher {
    /// In octets.
    pub(super) fn key_len(self) -> usize {
        match self {
            Self::TripleDes3 | Self::Aes192 => 24,
            Self::TripleDes2 | Self::Rc2With128Bits | Self::Aes128 => 16,
            Self::Rc2With40Bits => 5,
            Self::Aes256 => 32,
        }
    }

    /// Of block and initial value, in octets.
    pub(super) fn block_len(self) -> usize {
        match self {
            Self::TripleDes3 | Self::TripleDes2 | Self::Rc2With40Bits | Self::Rc2With128Bits => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }

    /// Deciphers and takes the padding off.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, CipherError> {
        if key.len() != self.key_len() || data.is_empty() {
            return Err(CipherError);
        }
        match self {
            Self::TripleDes3 => decrypt_with(keyed::<TdesEde3>(key)?, iv, data),
            Self::TripleDes2 => decrypt_with(keyed::<TdesEde2>(key)?, iv, data),
            Self::Rc2With40Bits => decrypt_with(Rc2::new_with_eff_key_len(key, 40), iv, data),
            Self::Rc2With128Bits => decrypt_with(Rc2::new_with_eff_key_len(key, 128), iv, data),
            Self::Aes128 => decrypt_with(keyed::<Aes128>(key)?, iv, data),
            Self::Aes192 => decrypt_with(keyed::<Aes192>(key)?, iv, data),
            Self::Aes256 => decrypt_with(keyed::<Aes256>(key)?, iv, data),
        }
    }

    /// Pads and enciphers.
    pub(super) fn encrypt(self, key: &[u8], iv: &[u8], plain: &[u8]) -> Result<Zeroizing<Vec<u8>>, CipherError> {
        if key.len() != self.key_len() {
            return Err(CipherError);
        }
        match self {
            Self::TripleDes3 => encrypt_with(keyed::<TdesEde3>(key)?, iv, plain, 8),
            Self::TripleDes2 => encrypt_with(keyed::<TdesEde2>(key)?, iv, plain, 8),
            Self::Rc2With40Bits => encrypt_with(Rc2::new_with_eff_key_len(key, 40), iv, plain, 8),
            Self::Rc2With128Bits => encrypt_with(Rc2::new_with_eff_key_len(key, 128), iv, plain, 8),
            Self::Aes128 => encrypt_with(keyed::<Aes128>(key)?, iv, plain, 16),
            Self::Aes192 => encrypt_with(keyed::<Aes192>(key)?, iv, plain, 16),
            Self::Aes256 => encrypt_with(keyed::<Aes256>(key)?, iv, plain, 16),
        }
    }
}

fn keyed<C: KeyInit>(key: &[u8]) -> Result<C, CipherError> {
    C::new_from_slice(key).map_err(|_| CipherError)
}

fn decrypt_with<C: BlockCipherDecrypt>(cipher: C, iv: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, CipherError> {
    let mode = cbc::Decryptor::inner_iv_slice_init(cipher, iv).map_err(|_| CipherError)?;
    let mut buffer = Zeroizing::new(data.to_vec());
    let plain_len = mode.decrypt_padded::<Pkcs7>(&mut buffer).map_err(|_| CipherError)?.len();
    buffer.truncate(plain_len);
    Ok(buffer)
}

fn encrypt_with<C: BlockCipherEncrypt>(
    cipher: C,
    iv: &[u8],
    plain: &[u8],
    block_len: usize,
) -> Result<Zeroizing<Vec<u8>>, CipherError> {
    let mode = cbc::Encryptor::inner_iv_slice_init(cipher, iv).map_err(|_| CipherError)?;
    let mut buffer = Zeroizing::new(Vec::with_capacity(plain.len() + block_len));
    buffer.extend_from_slice(plain);
    buffer.resize((plain.len() + 1).next_multiple_of(block_len), 0);
    let sealed_len = mode.encrypt_padded::<Pkcs7>(&mut buffer, plain.len()).map_err(|_| CipherError)?.len();
    buffer.truncate(sealed_len);
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Cipher; 7] = [
        Cipher::TripleDes3,
        Cipher::TripleDes2,
        Cipher::Rc2With40Bits,
        Cipher::Rc2With128Bits,
        Cipher::Aes128,
        Cipher::Aes192,
        Cipher::Aes256,
    ];

    #[test]
    fn what_was_enciphered_is_deciphered() {
        for cipher in ALL {
            let key: Vec<u8> = (1u8..).take(cipher.key_len()).collect();
            let iv = vec![7; cipher.block_len()];
            for len in [0, 1, 7, 8, 9, 15, 16, 17, 110] {
                let plain = vec![0x5a; len];
                let sealed = cipher.encrypt(&key, &iv, &plain).unwrap();
                assert_eq!(sealed.len() % cipher.block_len(), 0);
                assert!(sealed.len() > len);
                assert_eq!(*cipher.decrypt(&key, &iv, &sealed).unwrap(), plain, "{cipher:?} {len}");
            }
        }
    }

    #[test]
    fn ciphertext_that_is_no_number_of_blocks_is_refused() {
        for cipher in ALL {
            let (key, iv) = (vec![1; cipher.key_len()], vec![0; cipher.block_len()]);
            for len in [0, 1, cipher.block_len() - 1, cipher.block_len() + 1] {
                assert_eq!(cipher.decrypt(&key, &iv, &vec![0; len]).unwrap_err(), CipherError);
            }
            assert_eq!(cipher.decrypt(&key, &iv[1..], &[0; 16]).unwrap_err(), CipherError);
            assert_eq!(cipher.decrypt(&key[1..], &iv, &[0; 16]).unwrap_err(), CipherError);
        }
    }

    /// RFC 2268 section 5: key 88 (8 octets, effective 64 bits) is not ours, but the 16-octet, 128-bit one is.
    #[test]
    fn rc2_follows_its_published_vector() {
        let key = 0x88bc_a90e_9087_5a7f_0f79_c384_627b_afb2_u128.to_be_bytes();
        let sealed = Cipher::Rc2With128Bits.encrypt(&key, &[0; 8], &[0; 8]).unwrap();
        assert_eq!(sealed[..8], 0x2269_552a_b0f8_5ca6_u64.to_be_bytes());
    }
}
