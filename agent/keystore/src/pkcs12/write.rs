//! Writing a key file in the NCA's layout (kz-crypto 7.1), octet by octet.
//!
//! Other readers are used to exactly this: what is definite and what indefinite, the constructed `[0]` around the
//! enciphered certificate, 1,024 rounds, salts of 20 octets. The algorithms are old and weak (RC2 with 40 bits covers only
//! the certificate, which is public; the key is under triple DES); a stronger file would be one that the country's other
//! programs do not open.

use pki::{Certificate, tlv};
use zeroize::Zeroizing;

use super::{
    WriteError,
    cipher::Cipher,
    emit::{self, bag, number, octets, sequence},
    hash::{self, Hash},
    kdf::{self, Purpose},
    oids, pbe,
};
use crate::{Entropy, EntropyError, Password, PrivateKey};

const ITERATIONS: u32 = 1024;
const SALT_LEN: usize = 20;

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
    let id = emit::key_id(key, certificate)?;
    let password = password.to_bmp_string();
    let attributes = emit::attributes(&id);

    let sealed = pbe::seal(Cipher::TripleDes3, &password, &salts.key, ITERATIONS, &key.to_pkcs8())?;
    let shrouded = sequence(&[&algorithm(&pbe::PBE_3DES, &salts.key), &octets(&sealed)]);
    let key_bag = bag(&oids::SHROUDED_KEY_BAG, &shrouded, &attributes);
    let mut infos = content_info(&oids::DATA, &octets(&sequence(&[&key_bag])));

    if let Some(certificate) = certificate {
        let contents = sequence(&[&emit::certificate(certificate, &attributes)]);
        let sealed = pbe::seal(Cipher::Rc2With40Bits, &password, &salts.certificate, ITERATIONS, &contents)?;
        // [0] IMPLICIT OCTET STRING, constructed of one piece.
        let pieces = indefinite(tlv::context(0), &[&octets(&sealed)]);
        let info = indefinite(
            tlv::SEQUENCE,
            &[&tlv::oid(&oids::DATA), &algorithm(&pbe::PBE_RC2_40, &salts.certificate), &pieces],
        );
        let encrypted_data = indefinite(tlv::SEQUENCE, &[&number(0), &info]);
        infos.extend(content_info(&oids::ENCRYPTED_DATA, &encrypted_data));
    }
    let safe = indefinite(tlv::SEQUENCE, &[&infos]);

    let mut mac_key = Zeroizing::new([0; 20]);
    kdf::derive(Hash::Sha1, Purpose::MacKey, &password, &salts.mac, ITERATIONS, &mut *mac_key);
    let mac = Hash::Sha1.hmac(&*mac_key, &safe);
    let digest_info = sequence(&[&tlv::algorithm_null(&hash::SHA_1), &octets(&mac)]);
    let mac_data = sequence(&[&digest_info, &octets(&salts.mac), &number(ITERATIONS)]);

    // Definite again, on the outside.
    Ok(Zeroizing::new(sequence(&[&number(3), &emit::data(&safe), &mac_data])))
}

/// An element of indefinite length: X.690 8.1.3.6.
fn indefinite(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[tag, 0x80], parts.concat().as_slice(), &[0, 0]].concat()
}

fn algorithm(scheme: &const_oid::ObjectIdentifier, salt: &[u8]) -> Vec<u8> {
    sequence(&[&tlv::oid(scheme), &sequence(&[&octets(salt), &number(ITERATIONS)])])
}

fn content_info(content_type: &const_oid::ObjectIdentifier, content: &[u8]) -> Vec<u8> {
    indefinite(tlv::SEQUENCE, &[&tlv::oid(content_type), &indefinite(tlv::context(0), &[content])])
}
