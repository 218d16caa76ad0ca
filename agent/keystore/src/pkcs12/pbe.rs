//! Password-based encryption: the schemes of RFC 7292 appendix C, and PBES2 (RFC 8018 6.2).

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use zeroize::Zeroizing;

use super::{
    OpenError, Weakness,
    asn1::{self, AlgorithmIdentifier, PbeParameters, Pbes2Parameters},
    cipher::{Cipher, CipherError},
    hash::Hash,
    kdf::{self, Purpose},
    pbkdf2::Pbkdf2,
};
use crate::work::WorkBudget;

pub(super) const PBE_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const PBE_2DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
const PBE_RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
pub(super) const PBE_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");
pub(super) const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const DES_EDE3_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.7");
const AES_128_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2");
const AES_192_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22");
pub(super) const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");

const PARAMETERS: &str = "encryption parameters";

/// The password in the two forms that schemes take.
pub(super) struct PasswordForms<'p> {
    /// RFC 7292 B.1: the BMPString, or nothing at all.
    pub(super) bmp: &'p [u8],
    /// RFC 8018: UTF-8.
    pub(super) utf8: &'p [u8],
}

/// An encryption scheme with its parameters read.
#[derive(Debug)]
pub(super) struct Scheme<'a> {
    cipher: Cipher,
    derivation: Derivation<'a>,
}

#[derive(Debug)]
enum Derivation<'a> {
    /// Key and initial value both come from RFC 7292 B.2 with SHA-1.
    Pkcs12 { salt: &'a [u8], iterations: u64 },
    /// The key comes from PBKDF2, the initial value stands in the file.
    Pbkdf2 { pbkdf2: Pbkdf2<'a>, iv: &'a [u8] },
}

impl<'a> Scheme<'a> {
    pub(super) fn read(algorithm: &AlgorithmIdentifier<'a>) -> Result<Self, OpenError> {
        let cipher = match algorithm.algorithm {
            PBE_3DES => Cipher::TripleDes3,
            PBE_2DES => Cipher::TripleDes2,
            PBE_RC2_128 => Cipher::Rc2With128Bits,
            PBE_RC2_40 => Cipher::Rc2With40Bits,
            PBES2 => return Self::read_pbes2(algorithm.parameters(PARAMETERS)?),
            other => return Err(OpenError::UnsupportedAlgorithm(other)),
        };
        let given: PbeParameters<'a> = algorithm.parameters(PARAMETERS)?;
        let (salt, iterations) = (given.salt.as_bytes(), asn1::count(given.iterations));
        Ok(Self { cipher, derivation: Derivation::Pkcs12 { salt, iterations } })
    }

    fn read_pbes2(given: Pbes2Parameters<'a>) -> Result<Self, OpenError> {
        let pbkdf2 = Pbkdf2::read(&given.key_derivation, PARAMETERS)?;
        let cipher = match given.encryption.algorithm {
            DES_EDE3_CBC => Cipher::TripleDes3,
            AES_128_CBC => Cipher::Aes128,
            AES_192_CBC => Cipher::Aes192,
            AES_256_CBC => Cipher::Aes256,
            other => return Err(OpenError::UnsupportedAlgorithm(other)),
        };
        let iv: &'a OctetStringRef = given.encryption.parameters(PARAMETERS)?;
        Ok(Self { cipher, derivation: Derivation::Pbkdf2 { pbkdf2, iv: iv.as_bytes() } })
    }

    /// What is weak about the cipher.
    pub(super) fn weak_cipher(&self) -> Option<Weakness> {
        match self.cipher {
            Cipher::Rc2With40Bits | Cipher::Rc2With128Bits => Some(Weakness::Rc2),
            Cipher::TripleDes2 | Cipher::TripleDes3 => Some(Weakness::TripleDes),
            Cipher::Aes128 | Cipher::Aes192 | Cipher::Aes256 => None,
        }
    }

    /// The rounds that a guess at the password costs.
    pub(super) fn iterations(&self) -> u64 {
        match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => *iterations,
            Derivation::Pbkdf2 { pbkdf2, .. } => pbkdf2.iterations,
        }
    }

    /// Whether the password's BMPString matters: where it does not, a second form of it is not worth trying.
    pub(super) fn takes_bmp(&self) -> bool {
        matches!(self.derivation, Derivation::Pkcs12 { .. })
    }

    /// Deciphers `data`. A wrong password shows itself as [`CipherError`] most of the time, not always.
    pub(super) fn decrypt(
        &self,
        password: &PasswordForms<'_>,
        data: &[u8],
        work: &mut WorkBudget,
    ) -> Result<Result<Zeroizing<Vec<u8>>, CipherError>, OpenError> {
        let mut key = Zeroizing::new(vec![0; self.cipher.key_len()]);
        match &self.derivation {
            Derivation::Pkcs12 { salt, iterations } => {
                let hash_blocks = self.cipher.key_len().div_ceil(Hash::Sha1.output_len()) + 1;
                let rounds = work.take(*iterations, hash_blocks as u64)?;
                let mut iv = Zeroizing::new(vec![0; self.cipher.block_len()]);
                kdf::derive(Hash::Sha1, Purpose::EncryptionKey, password.bmp, salt, rounds, &mut key);
                kdf::derive(Hash::Sha1, Purpose::InitialValue, password.bmp, salt, rounds, &mut iv);
                Ok(self.cipher.decrypt(&key, &iv, data))
            }
            Derivation::Pbkdf2 { pbkdf2, iv } => {
                pbkdf2.derive(password.utf8, &mut key, work)?;
                Ok(self.cipher.decrypt(&key, iv, data))
            }
        }
    }
}

/// Enciphers as a scheme of RFC 7292 appendix C does.
pub(super) fn seal(
    cipher: Cipher,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    plain: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CipherError> {
    let mut key = Zeroizing::new(vec![0; cipher.key_len()]);
    let mut iv = Zeroizing::new(vec![0; cipher.block_len()]);
    kdf::derive(Hash::Sha1, Purpose::EncryptionKey, password, salt, iterations, &mut key);
    kdf::derive(Hash::Sha1, Purpose::InitialValue, password, salt, iterations, &mut iv);
    cipher.encrypt(&key, &iv, plain)
}
