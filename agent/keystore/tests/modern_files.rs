//! Other programs open what is written in the modern layout.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, path::Path};

use pki::{Certificate, Timestamp};
use tanba_keystore::{
    Entry, OsEntropy, Password, demo,
    pkcs12::{self, Bundle, Iterations},
};

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn openssl(arguments: &[&str]) -> Option<Vec<u8>> {
    let output = nca_material::openssl(arguments)?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

/// A key of OpenSSL with its certificate, and the certificate of an authority.
fn made_by_openssl(folder: &Path, kind: &[&str]) -> Option<(Entry, Certificate)> {
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    for name in ["own", "authority"] {
        let (key, certificate, subject) =
            (at(&format!("{name}.key")), at(&format!("{name}.pem")), format!("/CN={name}"));
        let request =
            ["req", "-x509", "-nodes", "-days", "1", "-subj", &subject, "-keyout", &key, "-out", &certificate];
        openssl(&[&request[..], &["-newkey"], kind].concat())?;
    }
    let export = ["pkcs12", "-export", "-inkey", &at("own.key"), "-in", &at("own.pem"), "-out", &at("own.p12")];
    openssl(&[&export[..], &["-passout", "pass:x"]].concat())?;
    let mut contents = pkcs12::open(&fs::read(at("own.p12")).unwrap(), &password("x")).unwrap();
    let authority = Certificate::from_pem_or_der(&fs::read(at("authority.pem")).unwrap()).unwrap();
    Some((contents.entries.remove(0), authority))
}

const RSA: [&str; 1] = ["rsa:2048"];
const EC: [&str; 3] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

#[test]
fn openssl_opens_a_modern_file_and_gives_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for kind in [&RSA[..], &EC] {
        let Some((entry, authority)) = made_by_openssl(folder.path(), kind) else { return };
        // The recommended count once; the others are about the password.
        let few = Iterations::new(2_000).unwrap();
        for (text, iterations) in [("Qwerty12", Iterations::default()), ("", few), ("Құпия-сөз1", few), ("𝄞🔑", few)]
        {
            let chain = [authority.clone()];
            let bundle = Bundle { key: &entry.key, certificate: entry.certificate.as_ref(), chain: &chain };
            let made = pkcs12::write_modern(&bundle, &password(text), iterations, &OsEntropy).unwrap();
            let (file, secret) = (at("made.p12"), format!("pass:{text}"));
            fs::write(&file, &made).unwrap();

            let output =
                nca_material::openssl(["pkcs12", "-info", "-nodes", "-in", &file, "-passin", &secret]).unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            for line in [
                "MAC: sha256, Iteration ROUNDS",
                "MAC length: 32, salt length: 16",
                "PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration ROUNDS, PRF hmacWithSHA256",
                "Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration ROUNDS, PRF hmacWithSHA256",
            ] {
                let line = line.replace("ROUNDS", &iterations.get().to_string());
                assert!(said.contains(&line), "{line}: {said}");
            }
            let shown = String::from_utf8_lossy(&output.stdout);
            assert_eq!(shown.matches("BEGIN CERTIFICATE").count(), 2);
            fs::write(at("read.pem"), shown.as_bytes()).unwrap();
            let pkcs8 = openssl(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", &at("read.pem")]).unwrap();
            assert_eq!(pkcs8, *entry.key.to_pkcs8());
        }
    }
}

#[test]
fn java_opens_a_modern_file_and_takes_the_key_out() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let Some((entry, authority)) = made_by_openssl(folder.path(), &EC) else { return };
    let bundle = Bundle { key: &entry.key, certificate: entry.certificate.as_ref(), chain: &[authority] };
    let write = |name: &str, iterations| {
        let made = pkcs12::write_modern(&bundle, &password("Qwerty12"), iterations, &OsEntropy).unwrap();
        fs::write(at(name), &made).unwrap();
    };
    write("recommended.p12", Iterations::default());
    write("made.p12", Iterations::new(2_000).unwrap());

    let list = ["-list", "-keystore", &at("recommended.p12"), "-storepass"];
    let Some(listed) = nca_material::keytool([&list[..], &["Qwerty12"]].concat()) else { return };
    let said = String::from_utf8_lossy(&listed.stdout);
    assert!(listed.status.success() && said.contains("PrivateKeyEntry"), "{said}");
    assert!(!nca_material::keytool([&list[..], &["wrong-one"]].concat()).unwrap().status.success());

    // Java deciphers many rounds slowly, and several times over; so fewer, to take the key out.
    let source = ["-importkeystore", "-noprompt", "-srckeystore", &at("made.p12"), "-srcstorepass", "Qwerty12"];
    let target = ["-destkeystore", &at("copy.p12"), "-deststoretype", "PKCS12", "-deststorepass", "Another1"];
    let output = nca_material::keytool([&source[..], &target].concat()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let copy = pkcs12::open(&fs::read(at("copy.p12")).unwrap(), &password("Another1")).unwrap();
    assert_eq!(copy.entries[0].alias, entry_name(&entry));
    assert_eq!(copy.entries[0].certificate, entry.certificate);
}

/// The subject key identifier in hexadecimal, by which files that are written here call their key.
fn entry_name(entry: &Entry) -> String {
    let id = entry.certificate.as_ref().unwrap().subject_key_identifier().unwrap();
    id.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[test]
fn java_and_openssl_list_a_modern_file_with_a_gost_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gost.p12").to_str().unwrap().to_owned();
    let now = Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap();
    let made = demo::make(now, &password("x")).unwrap();
    let entry = pkcs12::open(&made.key_file, &password("x")).unwrap().entries.remove(0);
    let bundle = Bundle { key: &entry.key, certificate: entry.certificate.as_ref(), chain: &[made.authority] };
    let file =
        pkcs12::write_modern(&bundle, &password("Qwerty12"), Iterations::new(2_000).unwrap(), &OsEntropy).unwrap();
    fs::write(&path, &file).unwrap();

    // Neither has the algorithm, but both open the file and tell the key's certificate from the authority's.
    if let Some(shown) = openssl(&["pkcs12", "-nokeys", "-clcerts", "-in", &path, "-passin", "pass:Qwerty12"]) {
        assert_eq!(Certificate::from_pem_or_der(&shown).unwrap(), made.certificate);
    }
    if let Some(output) = nca_material::keytool(["-list", "-keystore", &path, "-storepass", "Qwerty12"]) {
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("PrivateKeyEntry"), "{said}");
        assert!(said.contains(&entry_name(&entry)), "{said}");
    }
}
