//! Writing a key file in the NCA's layout (kz-crypto 7.1), octet by octet.
//!
//! Other readers are used to exactly this: what is definite and what indefinite, the constructed `[0]` around the
//! enciphered certificate, 1,024 rounds, salts of 20 octets. The algorithms are old and weak (RC2 with 40 bits covers only
//! the certificate, which is public; the key is under triple DES); a stronger file would be one that the country's other
//! programs do not open.

use pki::{
    Certificate,
    tlv::{self, element},
};
use zeroize::Zeroizing;

use super::{
    cipher::{Cipher, CipherError},
    hash::{self, Hash},
    kdf::{self, Purpose},
    oids, pbe,
};
use crate::{Entropy, EntropyError, Password, PrivateKey};

const ITERATIONS: u32 = 1024;
const SALT_LEN: usize = 20;

/// Why no key file was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The certificate is of another key (d·G ≠ Q).
    #[error("the private key does not belong to the certificate")]
    KeyDoesNotMatchCertificate,
    /// The key's public half is not known here, so that nothing can name it.
    #[error("keys of this algorithm cannot be written")]
    Unsupported,
    /// No random bytes for the salts.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A cipher refused its input; a fault of this program.
    #[error("the key file could not be enciphered")]
    Cipher,
}

impl From<CipherError> for WriteError {
    fn from(_: CipherError) -> Self {
        Self::Cipher
    }
}

/// The random parts of a file.
pub(super) struct Salts {
    pub(super) key: [u8; SALT_LEN],
    pub(super) certificate: [u8; SALT_LEN],
    pub(super) mac: [u8; SALT_LEN],
}

impl Salts {
    fn fresh(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut salts = Self { key: [0; SALT_LEN], certificate: [0; SALT_LEN], mac: [0; SALT_LEN] };
        for salt in [&mut salts.key, &mut salts.certificate, &mut salts.mac] {
            entropy.fill(salt)?;
        }
        Ok(salts)
    }
}

/// A key file with one key and its certificate, of the layout of the NCA's files.
///
/// Alias and localKeyId are the certificate's subject key identifier (kz-crypto 8.1).
///
/// # Errors
/// [`WriteError`]; a certificate of another key is refused.
pub fn write_nca(
    key: &PrivateKey,
    certificate: &Certificate,
    password: &Password,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    with_salts(key, Some(certificate), password, &Salts::fresh(entropy)?)
}

/// A key file with a key whose certificate is still to come: the same layout without the part for the certificate.
pub(crate) fn write_key_alone(
    key: &PrivateKey,
    password: &Password,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    with_salts(key, None, password, &Salts::fresh(entropy)?)
}

pub(super) fn with_salts(
    key: &PrivateKey,
    certificate: Option<&Certificate>,
    password: &Password,
    salts: &Salts,
) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    if certificate.is_some_and(|certificate| !key.belongs_to(certificate)) {
        return Err(WriteError::KeyDoesNotMatchCertificate);
    }
    let id = match certificate.and_then(Certificate::subject_key_identifier) {
        Some(id) => id.to_vec(),
        None => key.public_key().and_then(|key| key.key_identifier()).ok_or(WriteError::Unsupported)?.to_vec(),
    };
    let password = password.to_bmp_string();
    let attributes = attributes(&id);

    let sealed = pbe::seal(Cipher::TripleDes3, &password, &salts.key, ITERATIONS, &key.to_pkcs8())?;
    let shrouded = sequence(&[&algorithm(&pbe::PBE_3DES, &salts.key), &element(tlv::OCTET_STRING, &[&sealed])]);
    let key_bag = bag(&oids::SHROUDED_KEY_BAG, &shrouded, &attributes);
    let mut infos = content_info(&oids::DATA, &element(tlv::OCTET_STRING, &[&sequence(&[&key_bag])]));

    if let Some(certificate) = certificate {
        let der = element(tlv::context(0), &[&element(tlv::OCTET_STRING, &[certificate.der()])]);
        let cert_bag = bag(&oids::CERT_BAG, &sequence(&[&tlv::oid(&oids::X509_CERTIFICATE), &der]), &attributes);
        let contents = sequence(&[&cert_bag]);
        let sealed = pbe::seal(Cipher::Rc2With40Bits, &password, &salts.certificate, ITERATIONS, &contents)?;
        // [0] IMPLICIT OCTET STRING, constructed of one piece.
        let pieces = indefinite(tlv::context(0), &[&element(tlv::OCTET_STRING, &[&sealed])]);
        let info = indefinite(
            tlv::SEQUENCE,
            &[&tlv::oid(&oids::DATA), &algorithm(&pbe::PBE_RC2_40, &salts.certificate), &pieces],
        );
        let encrypted_data = indefinite(tlv::SEQUENCE, &[&integer(&[0]), &info]);
        infos.extend(content_info(&oids::ENCRYPTED_DATA, &encrypted_data));
    }
    let safe = indefinite(tlv::SEQUENCE, &[&infos]);

    let mut mac_key = Zeroizing::new([0; 20]);
    kdf::derive(Hash::Sha1, Purpose::MacKey, &password, &salts.mac, ITERATIONS, &mut *mac_key);
    let mac = Hash::Sha1.hmac(&*mac_key, &safe);
    let digest_info = sequence(&[&tlv::algorithm_null(&hash::SHA_1), &element(tlv::OCTET_STRING, &[&mac])]);
    let mac_data = sequence(&[&digest_info, &element(tlv::OCTET_STRING, &[&salts.mac]), &iterations()]);

    // Definite again, on the outside.
    let safe = element(tlv::context(0), &[&element(tlv::OCTET_STRING, &[&safe])]);
    let auth_safe = sequence(&[&tlv::oid(&oids::DATA), &safe]);
    Ok(Zeroizing::new(sequence(&[&integer(&[3]), &auth_safe, &mac_data])))
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tlv::SEQUENCE, parts)
}

/// An element of indefinite length: X.690 8.1.3.6.
fn indefinite(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[tag, 0x80], parts.concat().as_slice(), &[0, 0]].concat()
}

fn integer(octets: &[u8]) -> Vec<u8> {
    element(tlv::INTEGER, &[octets])
}

fn iterations() -> Vec<u8> {
    integer(&[0x04, 0x00])
}

fn algorithm(scheme: &const_oid::ObjectIdentifier, salt: &[u8]) -> Vec<u8> {
    sequence(&[&tlv::oid(scheme), &sequence(&[&element(tlv::OCTET_STRING, &[salt]), &iterations()])])
}

fn content_info(content_type: &const_oid::ObjectIdentifier, content: &[u8]) -> Vec<u8> {
    indefinite(tlv::SEQUENCE, &[&tlv::oid(content_type), &indefinite(tlv::context(0), &[content])])
}

fn bag(kind: &const_oid::ObjectIdentifier, value: &[u8], attributes: &[u8]) -> Vec<u8> {
    sequence(&[&tlv::oid(kind), &element(tlv::context(0), &[value]), attributes])
}

/// localKeyId, and its hexadecimal as friendlyName.
fn attributes(id: &[u8]) -> Vec<u8> {
    let name: Vec<u8> = hex(id).encode_utf16().flat_map(u16::to_be_bytes).collect();
    let attribute = |kind, value: &[u8]| sequence(&[&tlv::oid(kind), &element(tlv::SET, &[value])]);
    tlv::set_of(vec![
        attribute(&oids::LOCAL_KEY_ID, &element(tlv::OCTET_STRING, &[id])),
        attribute(&oids::FRIENDLY_NAME, &element(tlv::BMP_STRING, &[&name])),
    ])
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
