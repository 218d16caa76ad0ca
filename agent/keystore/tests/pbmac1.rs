//! PBMAC1 (RFC 9579) by Python's own hashlib and hmac: OpenSSL before 3.4 and Java before 26 do not write it. The file
//! around the MAC is OpenSSL's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;

use tanba_keystore::{OpenError, Password, pkcs12};

/// Puts a MAC to a file that has none: arguments are file, password, PRF, HMAC, rounds, length of the key. Where the
/// package `cryptography` is there, its OpenSSL must accept the result first.
const WRITER: &str = r#"
import hashlib, hmac, sys, warnings
path, password, prf, mac, rounds, length = sys.argv[1:]
rounds, length = int(rounds), int(length)
def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128: return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 128 | len(size)]) + size + body
def read(octets):
    head, size = 2, octets[1]
    if size & 128:
        head = 2 + (size & 127)
        size = int.from_bytes(octets[2:head], "big")
    return octets[head:head + size], octets[head + size:]
def number(value): return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))
def oid(last): return der(6, bytes.fromhex("2a864886f70d") + bytes(last))
HMAC = {"sha1": 7, "sha224": 8, "sha256": 9, "sha384": 10, "sha512": 11}
pfx = read(open(path, "rb").read())[0]
rest = pfx[3:]
auth_safe = rest[:len(rest) - len(read(rest)[1])]
content = read(read(read(read(auth_safe)[0])[1])[0])[0]
salt = hashlib.sha256(content).digest()[:16]
key = hashlib.pbkdf2_hmac(prf, password.encode(), salt, rounds, length)
stated = hmac.new(key, content, mac).digest()
algorithm = lambda name: der(0x30, oid([2, HMAC[name]]), der(5))
kdf = der(0x30, oid([1, 5, 12]), der(0x30, der(4, salt), number(rounds), number(length), algorithm(prf)))
pbmac1 = der(0x30, oid([1, 5, 14]), der(0x30, kdf, algorithm(mac)))
mac_data = der(0x30, der(0x30, pbmac1, der(4, stated)), der(4, b"NOT USED"))
whole = der(0x30, number(3), auth_safe, mac_data)
open(path, "wb").write(whole)
try:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
except ImportError:
    sys.exit()
warnings.simplefilter("ignore")
assert load_pkcs12(whole, password.encode()).key
"#;

#[test]
fn files_with_pbmac1_of_another_program_open() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, certificate, file) = (at("key.pem"), at("certificate.pem"), at("made.p12"));
    let run = |arguments: &[&str]| {
        let output = nca_material::openssl(arguments)?;
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Some(())
    };
    let request = ["req", "-x509", "-nodes", "-subj", "/CN=TEST", "-newkey", "rsa:2048", "-out", &certificate];
    if run(&[&request[..], &["-keyout", &key]].concat()).is_none() {
        return;
    }
    for (text, prf, mac, rounds, length) in [
        ("1234", "sha256", "sha256", "2048", "32"),
        ("Пароль 1", "sha512", "sha256", "2048", "32"),
        ("Құпия-сөз𝄞", "sha512", "sha512", "2048", "64"),
        ("1234", "sha384", "sha224", "1", "28"),
        ("1234", "sha1", "sha384", "600000", "20"),
    ] {
        let password = Password::new(text.to_owned()).unwrap();
        let export = ["pkcs12", "-export", "-nomac", "-inkey", &key, "-in", &certificate, "-out", &file];
        run(&[&export[..], &["-passout", &format!("pass:{text}")]].concat()).unwrap();
        let Some(output) = nca_material::python(WRITER, [&file, text, prf, mac, rounds, length]) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let bytes = fs::read(&file).unwrap();
        pkcs12::inspect(&bytes).unwrap();
        let contents = pkcs12::open(&bytes, &password).unwrap_or_else(|error| panic!("{prf} {mac}: {error}"));
        assert!(contents.entries[0].certificate.is_some());
        let wrong = Password::new(format!("{text} ")).unwrap();
        assert_eq!(pkcs12::open(&bytes, &wrong).unwrap_err(), OpenError::WrongPassword);
        // The last octet of the MAC, before the outer salt: what the MAC does not fit is refused.
        let mut spoilt = bytes.clone();
        let at = spoilt.len() - b"\x04\x08NOT USED".len() - 1;
        spoilt[at] ^= 1;
        assert_eq!(pkcs12::open(&spoilt, &password).unwrap_err(), OpenError::WrongPassword);
    }
}
