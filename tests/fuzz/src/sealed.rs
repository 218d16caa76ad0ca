//! Key files whose checksums are right. A mutated file fails at its MAC, and nothing behind the MAC would ever be read.

use hmac::{Hmac, KeyInit, Mac};
use pki::ObjectIdentifier;
use pki::tlv::{self, Tlv, element};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use test_nca::PASSWORD;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SALT: [u8; 8] = *b"saltsalt";

/// `id-data` around octets.
pub fn data(content: &[u8]) -> Vec<u8> {
    let octets = element(tlv::OCTET_STRING, &[content]);
    element(tlv::SEQUENCE, &[&tlv::oid(&DATA), &element(tlv::context(0), &[&octets])])
}

/// A PFX around these octets in the place of the AuthenticatedSafe, with an HMAC of SHA-256 after one round.
pub fn pkcs12(safe: &[u8]) -> Vec<u8> {
    // RFC 7292 appendix B.2 with one block of output and one round.
    let password: Vec<u8> = PASSWORD.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect();
    let filled = |octets: &[u8]| octets.iter().copied().cycle().take(64).collect::<Vec<u8>>();
    let key =
        Sha256::new().chain_update([3; 64]).chain_update(filled(&SALT)).chain_update(filled(&password)).finalize();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(safe);
    let value = element(tlv::OCTET_STRING, &[&mac.finalize().into_bytes()]);
    let digest_info = element(tlv::SEQUENCE, &[&tlv::algorithm_null(&SHA256), &value]);
    let mac_data = element(tlv::SEQUENCE, &[&digest_info, &element(tlv::OCTET_STRING, &[&SALT])]);
    element(tlv::SEQUENCE, &[&[tlv::INTEGER, 1, 3], &data(safe), &mac_data])
}

/// The AuthenticatedSafe of a PFX in DER.
pub fn safe_of(pfx: &[u8]) -> Option<Vec<u8>> {
    let mut fields = tlv::whole(pfx, tlv::SEQUENCE).ok()?.children();
    fields.read().ok()?;
    let mut content_info = fields.read().ok()?.children();
    content_info.read().ok()?;
    content_info.read().ok()?.children().read().and_then(Tlv::octets).ok().map(<[u8]>::to_vec)
}

/// An AuthenticatedSafe in which a key and its certificates lie open.
pub fn open_safe(key: &[u8], certificates: &[&[u8]]) -> Vec<u8> {
    let bag = |kind: u8, value: &[u8]| {
        let kind = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1").push_arc(kind.into()).unwrap();
        let friendly_name =
            element(tlv::BMP_STRING, &["key".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>().as_slice()]);
        let name = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
        let attribute = element(tlv::SEQUENCE, &[&tlv::oid(&name), &element(tlv::SET, &[&friendly_name])]);
        element(
            tlv::SEQUENCE,
            &[&tlv::oid(&kind), &element(tlv::context(0), &[value]), &element(tlv::SET, &[&attribute])],
        )
    };
    let certificates = certificates.iter().map(|der| {
        let x509 = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
        let value = element(tlv::context(0), &[&element(tlv::OCTET_STRING, &[der])]);
        bag(3, &element(tlv::SEQUENCE, &[&tlv::oid(&x509), &value]))
    });
    let bags: Vec<u8> = std::iter::once(bag(1, key)).chain(certificates).flatten().collect();
    element(tlv::SEQUENCE, &[&data(&element(tlv::SEQUENCE, &[&bags]))])
}

/// Java's key stores end with this digest.
pub fn jks_digest(covered: &[u8]) -> Vec<u8> {
    let hasher = Sha1::new().chain_update(utf16()).chain_update(b"Mighty Aphrodite");
    hasher.chain_update(covered).finalize().to_vec()
}

fn utf16() -> Vec<u8> {
    PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// A key store of Java's, without its digest, with one key and one authority.
pub fn jks(key: &[u8], certificate: &[u8], authority: &[u8]) -> Vec<u8> {
    let (mut value, mut ciphertext) = ([0x5a; 20].to_vec(), [0x5a; 20].to_vec());
    for chunk in key.chunks(20) {
        value = Sha1::new().chain_update(utf16()).chain_update(&value).finalize().to_vec();
        ciphertext.extend(chunk.iter().zip(&value).map(|(octet, key)| octet ^ key));
    }
    ciphertext.extend(Sha1::new().chain_update(utf16()).chain_update(key).finalize());
    let protector = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.17.1.1");
    let sealed =
        element(tlv::SEQUENCE, &[&tlv::algorithm_null(&protector), &element(tlv::OCTET_STRING, &[&ciphertext])]);
    let counted = |octets: &[u8]| [&(octets.len() as u32).to_be_bytes()[..], octets].concat();
    let x509 = |der: &[u8]| [b"\0\x05X.509", counted(der).as_slice()].concat();
    let entry = |kind: u32, alias: &str, rest: &[u8]| {
        let alias = [&(alias.len() as u16).to_be_bytes()[..], alias.as_bytes()].concat();
        [&kind.to_be_bytes()[..], &alias, &1_700_000_000_000_u64.to_be_bytes(), rest].concat()
    };
    let chain = [&1_u32.to_be_bytes()[..], &x509(certificate)].concat();
    [
        &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 2][..],
        &entry(1, "key", &[counted(&sealed), chain].concat()),
        &entry(2, "authority", &x509(authority)),
    ]
    .concat()
}
