//! PKCS#12 as OpenSSL writes it, in every layout that it offers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    fs,
    time::{Duration, Instant},
};

use tanba_keystore::{Contents, OpenError, Password, pkcs12};
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

    /// Opens, within a second, and holds the key against OpenSSL's own.
    fn opened(&self, file: &[u8], text: &str, what: &str) -> Contents {
        let begun = Instant::now();
        let contents = pkcs12::open(file, &password(text)).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(begun.elapsed() < Duration::from_secs(1), "{what}: {:?}", begun.elapsed());
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
fn hundreds_of_thousands_of_rounds_open_within_a_second() {
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
