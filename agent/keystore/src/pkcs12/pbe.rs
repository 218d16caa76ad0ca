//! Password-based encryption: the schemes of RFC 7292 appendix C, and PBES2 (RFC 8018 6.2).

use const_oid::ObjectIdentifier;
use der::{AnyRef, asn1::OctetStringRef};
use zeroize::Zeroizing;

use super::{
    OpenError,
    asn1::{self, AlgorithmIdentifier, PbeParameters, Pbes2Parameters, Pbkdf2Parameters},
    cipher::{Cipher, CipherError},
    hash::Hash,
    kdf::{self, Purpose},
    work::WorkBudget,
};

pub(super) const PBE_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const PBE_2DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
const PBE_RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
pub(super) const PBE_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const DES_EDE3_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.3.7");
const AES_128_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2");
const AES_192_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.22");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");

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
    salt: &'a [u8],
    iterations: u64,
    derivation: Derivation<'a>,
}

#[derive(Debug)]
enum Derivation<'a> {
    /// Key and initial value both come from RFC 7292 B.2 with SHA-1.
    Pkcs12,
    /// The key comes from PBKDF2, the initial value stands in the file.
    Pbkdf2 { prf: Hash, iv: &'a [u8] },
}

impl<'a> Scheme<'a> {
    pub(super) fn read(algorithm: &AlgorithmIdentifier<'a>) -> Result<Self, OpenError> {
        let cipher = match algorithm.algorithm {
            PBE_3DES => Cipher::TripleDes3,
            PBE_2DES => Cipher::TripleDes2,
            PBE_RC2_128 => Cipher::Rc2With128Bits,
            PBE_RC2_40 => Cipher::Rc2With40Bits,
            PBES2 => return Self::read_pbes2(parameters(algorithm)?),
            other => return Err(OpenError::UnsupportedAlgorithm(other)),
        };
        let given: PbeParameters<'a> = parameters(algorithm)?;
        let (salt, iterations) = (given.salt.as_bytes(), asn1::count(given.iterations));
        Ok(Self { cipher, salt, iterations, derivation: Derivation::Pkcs12 })
    }

    fn read_pbes2(given: Pbes2Parameters<'a>) -> Result<Self, OpenError> {
        if given.key_derivation.algorithm != PBKDF2 {
            return Err(OpenError::UnsupportedAlgorithm(given.key_derivation.algorithm));
        }
        let derivation: Pbkdf2Parameters<'a> = parameters(&given.key_derivation)?;
        let prf = match derivation.prf {
            None => Hash::Sha1,
            Some(prf) => Hash::by_hmac_oid(prf.algorithm).ok_or(OpenError::UnsupportedAlgorithm(prf.algorithm))?,
        };
        let cipher = match given.encryption.algorithm {
            DES_EDE3_CBC => Cipher::TripleDes3,
            AES_128_CBC => Cipher::Aes128,
            AES_192_CBC => Cipher::Aes192,
            AES_256_CBC => Cipher::Aes256,
            other => return Err(OpenError::UnsupportedAlgorithm(other)),
        };
        let iv: &'a OctetStringRef = parameters(&given.encryption)?;
        Ok(Self {
            cipher,
            salt: derivation.salt.as_bytes(),
            iterations: asn1::count(derivation.iterations),
            derivation: Derivation::Pbkdf2 { prf, iv: iv.as_bytes() },
        })
    }

    /// Deciphers `data`. A wrong password shows itself as [`CipherError`] most of the time, not always.
    pub(super) fn decrypt(
        &self,
        password: &PasswordForms<'_>,
        data: &[u8],
        work: &mut WorkBudget,
    ) -> Result<Result<Zeroizing<Vec<u8>>, CipherError>, OpenError> {
        let mut key = Zeroizing::new(vec![0; self.cipher.key_len()]);
        match self.derivation {
            Derivation::Pkcs12 => {
                let hash_blocks = self.cipher.key_len().div_ceil(Hash::Sha1.output_len()) + 1;
                let rounds = work.take(self.iterations, hash_blocks as u64)?;
                let mut iv = Zeroizing::new(vec![0; self.cipher.block_len()]);
                kdf::derive(Hash::Sha1, Purpose::EncryptionKey, password.bmp, self.salt, rounds, &mut key);
                kdf::derive(Hash::Sha1, Purpose::InitialValue, password.bmp, self.salt, rounds, &mut iv);
                Ok(self.cipher.decrypt(&key, &iv, data))
            }
            Derivation::Pbkdf2 { prf, iv } => {
                // Each round of HMAC is two hash blocks.
                let hash_blocks = 2 * self.cipher.key_len().div_ceil(prf.output_len());
                let rounds = work.take(self.iterations, hash_blocks as u64)?;
                prf.pbkdf2(password.utf8, self.salt, rounds, &mut key);
                Ok(self.cipher.decrypt(&key, iv, data))
            }
        }
    }
}

fn parameters<'a, T: der::Choice<'a> + der::DecodeValue<'a, Error = der::Error>>(
    algorithm: &AlgorithmIdentifier<'a>,
) -> Result<T, OpenError> {
    let missing = OpenError::Malformed { part: PARAMETERS, offset: 0 };
    let given: AnyRef<'a> = algorithm.parameters.ok_or(missing)?;
    given.decode_as::<T>().map_err(OpenError::in_part(PARAMETERS))
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
