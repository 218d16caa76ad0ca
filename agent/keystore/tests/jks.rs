//! JKS as Java's keytool and a writer in Python make it, and as a key store.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, path::Path};

use pki::Timestamp;
use tanba_keystore::{
    Contents, Format, Import, KeyFile, KeyStore, NewKey, OpenError, Password, Skipped, StoreError, demo, jks, pkcs12,
};

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

/// Runs keytool; what it says on failure is the failure.
fn keytool(arguments: &[&str]) -> Option<()> {
    let output = nca_material::keytool(arguments)?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    Some(())
}

/// A store of keytool.
struct Store<'a> {
    path: String,
    text: &'a str,
}

impl<'a> Store<'a> {
    fn at(folder: &Path, text: &'a str) -> Self {
        Self { path: folder.join("keys.jks").to_str().unwrap().to_owned(), text }
    }

    fn run(&self, command: &str, options: &[&str]) -> Option<()> {
        keytool(&[&[command, "-keystore", &self.path, "-storepass", self.text], options].concat())
    }

    fn generate(&self, alias: &str, options: &[&str]) -> Option<()> {
        let name = format!("CN={alias}");
        self.run("-genkeypair", &[&["-storetype", "JKS", "-alias", alias, "-dname", &name], options].concat())
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(&self.path).unwrap()
    }

    fn open(&self) -> Result<Contents, OpenError> {
        jks::open(&self.bytes(), &password(self.text))
    }
}

const EC: [&str; 4] = ["-keyalg", "EC", "-groupname", "secp384r1"];
const RSA: [&str; 4] = ["-keyalg", "RSA", "-keysize", "2048"];

#[test]
fn the_key_that_java_made_is_the_key_that_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path(), "Qwerty12");
    if store.generate("кілт 𝄞", &RSA).is_none() {
        return;
    }
    let contents = store.open().unwrap();
    let entry = &contents.entries[0];
    assert_eq!((entry.alias.as_str(), entry.key.algorithm_name()), ("кілт 𝄞", "RSA"));
    assert_eq!(entry.certificate.as_ref().unwrap().subject().common_name(), Some("кілт 𝄞"));
    assert_eq!(jks::open(&store.bytes(), &password("qwerty12")).unwrap_err(), OpenError::WrongPassword);

    // The same key by the way of Java, PKCS#12 and OpenSSL.
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let target = ["-destkeystore", &at("copy.p12"), "-deststoretype", "PKCS12", "-deststorepass", "Qwerty12"];
    let source = ["-importkeystore", "-noprompt", "-srckeystore", &store.path, "-srcstorepass", "Qwerty12"];
    keytool(&[&source[..], &target].concat()).unwrap();
    let take = ["pkcs12", "-nodes", "-nocerts", "-in", &at("copy.p12"), "-passin", "pass:Qwerty12", "-out"];
    let Some(taken) = nca_material::openssl([&take[..], &[&at("key.pem")]].concat()) else { return };
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    let pkcs8 = ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", &at("key.pem")];
    assert_eq!(nca_material::openssl(pkcs8).unwrap().stdout, *entry.key.to_pkcs8());
}

#[test]
fn chains_authorities_and_several_keys_of_java_are_sorted_out() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let store = Store::at(folder.path(), "Qwerty12");
    if store.generate("authority", &[&EC[..], &["-ext", "bc:c"]].concat()).is_none() {
        return;
    }
    store.generate("own", &EC).unwrap();
    store.generate("friend", &RSA).unwrap();
    // A certificate of the authority for "own", which then has a chain of two.
    store.run("-certreq", &["-alias", "own", "-file", &at("own.csr")]).unwrap();
    store.run("-gencert", &["-alias", "authority", "-infile", &at("own.csr"), "-outfile", &at("own.cer")]).unwrap();
    store.run("-importcert", &["-alias", "own", "-file", &at("own.cer"), "-noprompt"]).unwrap();
    // Of "friend" only the certificate stays.
    store.run("-exportcert", &["-alias", "friend", "-file", &at("friend.cer")]).unwrap();
    store.run("-delete", &["-alias", "friend"]).unwrap();
    store.run("-importcert", &["-alias", "friend", "-file", &at("friend.cer"), "-noprompt"]).unwrap();

    let contents = store.open().unwrap();
    let mut found: Vec<_> = contents
        .entries
        .iter()
        .map(|entry| {
            let own = entry.certificate.as_ref().unwrap();
            assert_eq!(own.subject().common_name(), Some(entry.alias.as_str()));
            (entry.alias.as_str(), own.issuer().common_name().unwrap())
        })
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("authority", "authority"), ("own", "authority")]);
    let others: Vec<_> = contents.certificates.iter().map(|one| one.subject().common_name().unwrap()).collect();
    assert!(others.contains(&"friend"), "{others:?}");
    assert!(contents.skipped.is_empty());
}

#[test]
fn passwords_of_every_alphabet_open_what_java_closed() {
    let hundred = "Ңғ1 ".repeat(25);
    for text in ["Пароль 1", "Құпия-сөз1", "𝄞🔑𠀀", &hundred] {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path(), text);
        if store.generate("key", &EC).is_none() {
            return;
        }
        assert!(store.open().unwrap().entries[0].certificate.is_some(), "{text}");
        assert_eq!(jks::open(&store.bytes(), &password("wrong")).unwrap_err(), OpenError::WrongPassword, "{text}");
    }
}

#[test]
fn a_key_that_java_gave_a_password_of_its_own_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path(), "Qwerty12");
    if store.generate("own", &[&EC[..], &["-keypass", "Құпия1"]].concat()).is_none() {
        return;
    }
    let differs = OpenError::KeyPasswordDiffers { alias: "own".to_owned() };
    assert_eq!(store.open().unwrap_err(), differs);
    let file = KeyFile::at(&store.path);
    let refused = file.unlock(&password("Qwerty12")).err().unwrap();
    assert_eq!((refused.code(), refused.is_wrong_password()), ("key-password-differs", false));
    let unlocked = file.with_key_password(password("Құпия1")).unlock(&password("Qwerty12")).unwrap();
    assert_eq!(unlocked.list()[0].alias, "own");

    store.generate("second", &EC).unwrap();
    let contents = store.open().unwrap();
    assert_eq!(contents.entries[0].alias, "second");
    assert_eq!(contents.skipped, [Skipped::LockedKey("own".to_owned())]);
}

#[test]
fn the_extensions_key_store_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path(), "Qwerty12");
    let name = ["-storetype", "JCEKS", "-alias", "own", "-dname", "CN=TEST"];
    if store.run("-genkeypair", &[&name[..], &EC].concat()).is_none() {
        return;
    }
    let refused = KeyFile::at(&store.path).unlock(&password("Qwerty12")).err().unwrap();
    assert_eq!(refused.code(), "unsupported-format");
    let said = refused.to_string();
    assert!(said.contains("JCEKS") && said.contains("PKCS#12") && said.contains("JKS"), "{said}");
}

/// Writes a store of one key: arguments are file, password, alias, and files of the PrivateKeyInfo and certificates.
const WRITER: &str = r#"
import hashlib, struct, sys
path, password, alias, key, *chain = sys.argv[1:]
password = password.encode("utf-16-be")
sha1 = lambda *parts: hashlib.sha1(b"".join(parts)).digest()
def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128: return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 128 | len(size)]) + size + body
counted = lambda octets: struct.pack(">I", len(octets)) + octets
text = lambda value: struct.pack(">H", len(value.encode())) + value.encode()
plain = open(key, "rb").read()
salt = value = bytes(range(20))
stream = b""
while len(stream) < len(plain):
    value = sha1(password, value)
    stream += value
sealed = salt + bytes(a ^ b for a, b in zip(plain, stream)) + sha1(password, plain)
info = der(0x30, der(0x30, bytes.fromhex("060a2b060104012a02110101"), der(5)), der(4, sealed))
store = struct.pack(">III", 0xFEEDFEED, 2, 1)
store += struct.pack(">I", 1) + text(alias) + struct.pack(">Q", 0) + counted(info) + struct.pack(">I", len(chain))
for one in chain:
    store += text("X.509") + counted(open(one, "rb").read())
open(path, "wb").write(store + sha1(password, b"Mighty Aphrodite", store))
"#;

#[test]
fn a_gost_key_in_a_store_signs_through_the_key_store() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let now = Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap();
    let made = demo::make(now, &password("x")).unwrap();
    let entry = pkcs12::open(&made.key_file, &password("x")).unwrap().entries.remove(0);
    fs::write(at("key"), &*entry.key.to_pkcs8()).unwrap();
    fs::write(at("own"), made.certificate.der()).unwrap();
    fs::write(at("authority"), made.authority.der()).unwrap();
    // The name says nothing: what a file is, its octets tell.
    let path = at("GOST512.p12");
    let arguments = [&path, "Құпия 𝄞", "таңба", &at("key"), &at("own"), &at("authority")];
    let Some(output) = nca_material::python(WRITER, arguments) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    assert_eq!(Format::of(&fs::read(&path).unwrap()), Ok(Format::Jks));
    let store = KeyFile::at(&path);
    store.list().unwrap();
    assert!(store.unlock(&password("wrong")).err().unwrap().is_wrong_password());
    let unlocked = store.unlock(&password("Құпия 𝄞")).unwrap();
    let [listed] = unlocked.list() else { panic!("one key") };
    assert_eq!((listed.alias.as_str(), listed.certificate.as_ref()), ("таңба", Some(&made.certificate)));
    assert_eq!(unlocked.certificates(), [made.authority]);
    let signer = unlocked.signer(&listed.id).unwrap();
    let digest = signer.algorithm().digest_algorithm().unwrap().digest("құжат".as_bytes());
    let signature = signer.sign_digest(&digest).unwrap();
    made.certificate.public_key().verify(&digest, &signature, signer.algorithm()).unwrap();

    // Nothing is written into it, nor over it.
    let before = fs::read(&path).unwrap();
    let refused = store.import(&password("Құпия 𝄞"), Import::Certificate(&made.certificate)).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly), "{refused}");
    assert!(matches!(store.generate(&password("x"), NewKey::Gost512, ""), Err(StoreError::Occupied)));
    assert_eq!(fs::read(&path).unwrap(), before);
}
