//! PKCS#12 as OpenSSL writes it, in every layout that it offers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    fs,
    time::{Duration, Instant},
};

use tanba_keystore::{Contents, OpenError, Password, Skipped, pkcs12};
use tempfile::TempDir;

/// A key with its certificate, that of an authority, and files made of them.
struct Workshop {
    folder: TempDir,
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

impl Workshop {
    /// `None`, after saying so, where OpenSSL is not here.
    fn open(key: &[&str]) -> Option<Self> {
        let made = Self { folder: tempfile::tempdir().unwrap() };
        let own = ["-keyout", &made.at("key.pem"), "-out", &made.at("own.pem")];
        let authority = ["-keyout", &made.at("authority-key.pem"), "-out", &made.at("authority.pem")];
        for (name, files) in [("/CN=TEST", own), ("/CN=AUTHORITY", authority)] {
            let request = ["req", "-x509", "-nodes", "-days", "1", "-subj", name, "-newkey"];
            made.run(&[&request[..], key, &files].concat())?;
        }
        Some(made)
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Option<Vec<u8>> {
        let output = nca_material::openssl(arguments)?;
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Some(output.stdout)
    }

    /// A key file by these options.
    fn export(&self, text: &str, options: &[&str]) -> Vec<u8> {
        let file = self.at("made.p12");
        let given = |option: &str| options.contains(&option);
        let mut arguments = vec!["pkcs12", "-export", "-out", &file];
        let (key, own, secret) = (self.at("key.pem"), self.at("own.pem"), format!("pass:{text}"));
        if !given("-nokeys") {
            arguments.extend(["-inkey", &key]);
        }
        arguments.extend(["-in", if given("-nocerts") { &key } else { &own }]);
        self.run(&[&arguments[..], options, &["-passout", &secret]].concat()).unwrap();
        fs::read(file).unwrap()
    }

    fn pkcs8(&self) -> Vec<u8> {
        self.run(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", &self.at("key.pem")]).unwrap()
    }

    /// Opens, soon, and holds the key against OpenSSL's own.
    fn opened(&self, file: &[u8], text: &str, what: &str) -> Contents {
        let begun = Instant::now();
        let contents = pkcs12::open(file, &password(text)).unwrap_or_else(|error| panic!("{what}: {error}"));
        // Half a second is the most, on a machine that has nothing else to do.
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}: {:?}", begun.elapsed());
        assert_eq!(*contents.entries[0].key.to_pkcs8(), self.pkcs8(), "{what}");
        assert!(contents.skipped.is_empty(), "{what}");
        contents
    }
}

const RSA: [&str; 1] = ["rsa:2048"];
const EC: [&str; 3] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"];

#[test]
fn every_cipher_that_openssl_offers_is_deciphered() {
    for key in [&RSA[..], &EC] {
        let Some(workshop) = Workshop::open(key) else { return };
        let ciphers = ["PBE-SHA1-3DES", "PBE-SHA1-2DES", "PBE-SHA1-RC2-40", "PBE-SHA1-RC2-128", "DES-EDE3-CBC"];
        for cipher in ciphers.into_iter().chain(["AES-128-CBC", "AES-192-CBC", "AES-256-CBC"]) {
            // Without a MAC too, where it must come right by itself.
            for mac in [&["-macalg", "sha256"][..], &["-nomac"]] {
                let file =
                    workshop.export("Qwerty12", &[&["-legacy", "-keypbe", cipher, "-certpbe", cipher], mac].concat());
                let contents = workshop.opened(&file, "Qwerty12", cipher);
                let own = contents.entries[0].certificate.as_ref().unwrap();
                assert_eq!(own.subject().common_name(), Some("TEST"));
                let wrong = pkcs12::open(&file, &password("Qwerty1")).unwrap_err();
                assert_eq!(wrong, OpenError::WrongPassword, "{cipher}");
            }
        }
    }
}

#[test]
fn every_mac_that_openssl_offers_is_checked() {
    let Some(workshop) = Workshop::open(&EC) else { return };
    for hash in ["sha1", "sha224", "sha256", "sha384", "sha512"] {
        for rounds in [&["-nomaciter"][..], &["-noiter"], &["-iter", "1"], &["-iter", "100000"]] {
            let file = workshop.export("Qwerty12", &[&["-macalg", hash][..], rounds].concat());
            workshop.opened(&file, "Qwerty12", hash);
            assert_eq!(pkcs12::open(&file, &password("")).unwrap_err(), OpenError::WrongPassword);
        }
    }
    let file = workshop.export("Qwerty12", &["-macalg", "md5"]);
    assert!(matches!(pkcs12::open(&file, &password("Qwerty12")), Err(OpenError::UnsupportedAlgorithm(_))));
}

#[test]
fn hundreds_of_thousands_of_rounds_are_borne_and_a_million_and_one_are_not() {
    let Some(workshop) = Workshop::open(&EC) else { return };
    for hash in ["sha1", "sha256", "sha512"] {
        workshop.opened(&workshop.export("Qwerty12", &["-iter", "600000", "-macalg", hash]), "Qwerty12", hash);
    }
    let file = workshop.export("Qwerty12", &["-legacy", "-iter", "300000"]);
    workshop.opened(&file, "Qwerty12", "legacy");
    let refused = pkcs12::open(&workshop.export("Qwerty12", &["-iter", "1000001"]), &password("Qwerty12"));
    assert_eq!(refused.unwrap_err(), OpenError::TooManyIterations { asked: 1_000_001, most: 1_000_000 });
}

#[test]
fn passwords_of_every_alphabet_open_what_openssl_closed() {
    let Some(workshop) = Workshop::open(&EC) else { return };
    let hundred = "Аа1".repeat(33) + "ң";
    assert_eq!(hundred.chars().count(), 100);
    for text in ["", "Пароль 1", "Құпия-сөз1 ӘҒҚҢӨҰҮҺІ", "𝄞🔑𠀀", "€ é ß", &hundred] {
        for options in [&[][..], &["-legacy"], &["-nomac"], &["-legacy", "-nomac"]] {
            let file = workshop.export(text, options);
            workshop.opened(&file, text, &format!("{text:?} {options:?}"));
            let wrong = pkcs12::open(&file, &password(&format!("{text} "))).unwrap_err();
            assert_eq!(wrong, OpenError::WrongPassword);
        }
    }
}

#[test]
fn keys_alone_certificates_alone_and_chains_are_read() {
    let Some(workshop) = Workshop::open(&RSA) else { return };
    let alone = workshop.opened(&workshop.export("Qwerty12", &["-nocerts"]), "Qwerty12", "key alone");
    assert!(alone.entries[0].certificate.is_none() && alone.certificates.is_empty());

    let bytes = workshop.export("Qwerty12", &["-nokeys", "-certfile", &workshop.at("authority.pem")]);
    let certificates = pkcs12::open(&bytes, &password("Qwerty12")).unwrap();
    assert_eq!((certificates.entries.len(), certificates.certificates.len()), (0, 2));

    let options = ["-certfile", &workshop.at("authority.pem"), "-name", "менің кілтім", "-caname", "CA"];
    let chain = workshop.opened(&workshop.export("Qwerty12", &options), "Qwerty12", "chain");
    assert_eq!(chain.entries[0].alias, "менің кілтім");
    assert_eq!(chain.certificates[0].subject().common_name(), Some("AUTHORITY"));

    let open = workshop.export("Qwerty12", &["-keypbe", "NONE", "-certpbe", "NONE", "-nomac"]);
    workshop.opened(&open, "any", "nothing is enciphered");
}

/// Makes of a file in the clear one whose bags are nested, with bags of other kinds around them: arguments are the file
/// and a file with a revocation list.
const NESTER: &str = r#"
import sys
path, crl = sys.argv[1:]
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
def split(octets):
    while octets:
        rest = read(octets)[1]
        yield octets[:len(octets) - len(rest)]
        octets = rest
PKCS = bytes.fromhex("2a864886f70d01")
DATA = der(6, PKCS + bytes([7, 1]))
content = lambda octets: der(0x30, DATA, der(0xa0, der(4, octets)))
inside = lambda info: read(read(read(read(info)[0])[1])[0])[0]
bag = lambda kind, value: der(0x30, der(6, PKCS + bytes([12, 10, 1, kind])), der(0xa0, value))
pfx = list(split(read(open(path, "rb").read())[0]))
bags = []
for part in split(read(inside(pfx[1]))[0]):
    bags += split(read(inside(part))[0])
nested = bag(6, der(0x30, bag(6, der(0x30, *bags))))
listed = bag(4, der(0x30, der(6, PKCS + bytes([9, 23, 1])), der(0xa0, der(4, open(crl, "rb").read()))))
secret = bag(5, der(0x30, der(6, PKCS + bytes([9, 25, 5])), der(0xa0, der(4, b"secret"))))
safe = der(0x30, content(der(0x30, listed)), content(der(0x30, secret, nested)))
open(path, "wb").write(der(0x30, der(2, b"\x03"), content(safe)))
"#;

#[test]
fn nested_bags_are_read_and_lists_and_secrets_beside_them_passed_over() {
    let Some(workshop) = Workshop::open(&EC) else { return };
    workshop.export("", &["-keypbe", "NONE", "-certpbe", "NONE", "-nomac", "-certfile", &workshop.at("authority.pem")]);
    let (file, list, settings) = (workshop.at("made.p12"), workshop.at("list.der"), workshop.at("ca.cnf"));
    // A revocation list of the authority, empty.
    let index = workshop.at("index.txt");
    fs::write(&index, "").unwrap();
    fs::write(&settings, format!("[ca]\ndefault_ca=own\n[own]\ndatabase={index}\ndefault_md=sha256\n")).unwrap();
    let authority = ["-cert", &workshop.at("authority.pem"), "-keyfile", &workshop.at("authority-key.pem")];
    let list_pem = workshop.at("list.pem");
    let command = ["ca", "-gencrl", "-config", &settings, "-crldays", "1", "-out", &list_pem];
    workshop.run(&[&command[..], &authority].concat()).unwrap();
    workshop.run(&["crl", "-in", &list_pem, "-outform", "DER", "-out", &list]).unwrap();
    let Some(output) = nca_material::python(NESTER, [&file, &list]) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    // OpenSSL understands the same file.
    let shown = nca_material::openssl(["pkcs12", "-info", "-nodes", "-nomacver", "-in", &file, "-passin", "pass:"]);
    let said = String::from_utf8_lossy(&shown.as_ref().unwrap().stderr).into_owned();
    assert!(said.contains("Safe Contents bag") && said.contains("Secret bag"), "{said}");

    let contents = pkcs12::open(&fs::read(&file).unwrap(), &password("any")).unwrap();
    assert_eq!(*contents.entries[0].key.to_pkcs8(), workshop.pkcs8());
    assert!(contents.entries[0].certificate.is_some());
    assert_eq!(contents.certificates.len(), 1);
    assert_eq!(contents.skipped, [Skipped::RevocationList, Skipped::Secret]);
}
