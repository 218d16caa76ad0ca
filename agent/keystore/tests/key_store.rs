//! A key file as a key store: list, unlock, sign, generate, import.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{fs, sync::Arc};

use pki::{
    Certificate, DigestAlgorithm, PublicKey, Timestamp,
    issue::{Issuer, Template, Urls, issue},
    name::NameBuilder,
    oid,
};
use tanba_keystore::{
    CannotSign, Import, IssuingKey, KeyFile, KeyStore, Layout, Listing, NewKey, OsEntropy, Password, PrivateKey,
    StoreError,
    pkcs12::{self, Bundle, Iterations, OpenError, Weakness},
};

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap()
}

fn template() -> Template {
    let name = NameBuilder::new().with(oid::COMMON_NAME, "ТЕСТ").with(oid::COUNTRY, "KZ").build().unwrap();
    Template::root(name, now(), now().plus_days(1), Urls::default())
}

fn key_and_certificate() -> (PrivateKey, Certificate) {
    let key = PrivateKey::generate_gost512(&OsEntropy).unwrap();
    let certificate = {
        let issuing = IssuingKey::new(&key, &OsEntropy).unwrap();
        issue(&template(), Issuer::Itself(&issuing), &key.public_key().unwrap()).unwrap()
    };
    (key, certificate)
}

/// A certificate for somebody else's public key, as an authority gives it for a request.
fn certificate_for(public_key: &PublicKey) -> Certificate {
    let (authority_key, authority) = key_and_certificate();
    let issuing = IssuingKey::new(&authority_key, &OsEntropy).unwrap();
    let template = Template::person(template().subject, now(), now().plus_days(1), Urls::default());
    issue(&template, Issuer::Authority { certificate: &authority, signer: &issuing }, public_key).unwrap()
}

#[test]
fn what_is_imported_is_unlocked_listed_and_signs() {
    let folder = tempfile::tempdir().unwrap();
    let store = KeyFile::at(folder.path().join("ключ.p12")).with_entropy(Arc::new(OsEntropy));
    let (key, certificate) = key_and_certificate();
    let id = store.import(&password("Құпия1"), Import::KeyAndCertificate(&key, &certificate)).unwrap();
    assert_eq!(store.label(), "ключ.p12");
    assert!(matches!(store.list().unwrap(), Listing::Locked), "the certificate is under the password too");

    let unlocked = store.unlock(&password("Құпия1")).unwrap();
    let [listed] = unlocked.list() else { panic!("one key") };
    assert_eq!((&listed.id, listed.certificate.as_ref()), (&id, Some(&certificate)));
    assert_eq!(listed.algorithm, "GOST 34.310-2015");

    let digest = DigestAlgorithm::Streebog512.digest(b"document");
    let signature = unlocked.sign(&id, &digest).unwrap();
    let algorithm = certificate.public_key().signature_algorithm().unwrap();
    certificate.public_key().verify(&digest, &signature, algorithm).unwrap();
    assert!(matches!(unlocked.sign(&id, b"short"), Err(StoreError::Sign(_))));
    let signer = unlocked.signer(&id).unwrap();
    drop(unlocked);
    assert!(signer.sign_digest(&digest).is_ok(), "the signer outlives the store");
}

#[test]
fn a_key_is_made_in_the_file_and_gets_its_certificate_later() {
    let folder = tempfile::tempdir().unwrap();
    let store = KeyFile::at(folder.path().join("new.p12"));
    let made = store.generate(&password("Qwerty12"), NewKey::Gost512, "").unwrap();

    let unlocked = store.unlock(&password("Qwerty12")).unwrap();
    assert_eq!(unlocked.list()[0].id, made.id);
    assert!(unlocked.list()[0].certificate.is_none());
    let refused = unlocked.signer(&made.id).err();
    assert!(matches!(refused, Some(StoreError::CannotSign(CannotSign::NoCertificate))));
    // It signs the request for its certificate all the same.
    let digest = DigestAlgorithm::Streebog512.digest(b"request");
    let signature = unlocked.sign(&made.id, &digest).unwrap();
    made.public_key.verify(&digest, &signature, made.public_key.signature_algorithm().unwrap()).unwrap();

    let stranger = certificate_for(&key_and_certificate().0.public_key().unwrap());
    let refused = store.import(&password("Qwerty12"), Import::Certificate(&stranger));
    assert!(matches!(refused, Err(StoreError::NoSuchKey)));
    let certificate = certificate_for(&made.public_key);
    let refused = store.import(&password("qwerty12"), Import::Certificate(&certificate)).unwrap_err();
    assert!(refused.is_wrong_password());
    assert_eq!(store.import(&password("Qwerty12"), Import::Certificate(&certificate)).unwrap(), made.id);

    let unlocked = store.unlock(&password("Qwerty12")).unwrap();
    assert_eq!(unlocked.signer(&made.id).unwrap().certificate(), &certificate);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_key_of_any_kind_is_made_and_signs_in_its_own_way() {
    let folder = tempfile::tempdir().unwrap();
    for kind in [NewKey::Gost512, NewKey::Gost256, NewKey::Gost2004, NewKey::Rsa2048, NewKey::P256, NewKey::P384] {
        let store = KeyFile::at(folder.path().join(format!("{kind:?}.p12")));
        let made = store.generate(&password("Qwerty12"), kind, "").unwrap();
        let algorithm = made.public_key.signature_algorithm().unwrap();
        let digest = algorithm.digest_algorithm().unwrap().digest(b"request");
        let signature = store.unlock(&password("Qwerty12")).unwrap().sign(&made.id, &digest).unwrap();
        made.public_key.verify(&digest, &signature, algorithm).unwrap();
    }
}

#[test]
fn a_store_of_the_modern_layout_takes_a_key_and_its_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::Modern(Iterations::new(1_000).unwrap());
    let store = KeyFile::at(folder.path().join("new.p12")).with_layout(layout);
    let made = store.generate(&password("Құпия1"), NewKey::Gost512, "").unwrap();
    let certificate = certificate_for(&made.public_key);
    assert_eq!(store.import(&password("Құпия1"), Import::Certificate(&certificate)).unwrap(), made.id);
    let unlocked = store.unlock(&password("Құпия1")).unwrap();
    assert_eq!(unlocked.signer(&made.id).unwrap().certificate(), &certificate);
    assert!(unlocked.certificates().is_empty() && unlocked.skipped().is_empty());
    // Triple DES is what the NCA's layout has, and PBES2 this one.
    let bytes = fs::read(store.path()).unwrap();
    let pbes2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
    assert_eq!(bytes.windows(pbes2.len()).filter(|octets| *octets == pbes2).count(), 2);
}

#[test]
fn a_certificate_does_not_change_how_its_key_file_is_protected() {
    let folder = tempfile::tempdir().unwrap();
    for (name, layout) in [("modern.p12", Layout::Modern(Iterations::new(1_000).unwrap())), ("nca.p12", Layout::Nca)] {
        let path = folder.path().join(name);
        let made = KeyFile::at(&path).with_layout(layout).generate(&password("Құпия1"), NewKey::Gost512, "").unwrap();
        let before = tanba_keystore::weaknesses(&fs::read(&path).unwrap()).unwrap();
        // Whoever imports does not say of which layout the file is.
        let certificate = certificate_for(&made.public_key);
        KeyFile::at(&path).import(&password("Құпия1"), Import::Certificate(&certificate)).unwrap();
        let bytes = fs::read(&path).unwrap();
        let is_old = |weakness: &Weakness| matches!(weakness, Weakness::Rc2 | Weakness::TripleDes);
        let has_old = |weaknesses: &[Weakness]| weaknesses.iter().any(is_old);
        assert_eq!(has_old(&before), layout == Layout::Nca, "{name}");
        assert_eq!(has_old(&tanba_keystore::weaknesses(&bytes).unwrap()), layout == Layout::Nca, "{name}");
        let opened = KeyFile::at(&path).unlock(&password("Құпия1")).unwrap();
        assert_eq!(opened.signer(&made.id).unwrap().certificate(), &certificate);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside them");
}

#[cfg(unix)]
#[test]
fn a_certificate_for_a_linked_key_file_comes_into_the_file_and_leaves_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("new.p12"), folder.path().join("link.p12"));
    let made = KeyFile::at(&path).generate(&password("x"), NewKey::Gost512, "").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let certificate = certificate_for(&made.public_key);
    KeyFile::at(&link).import(&password("x"), Import::Certificate(&certificate)).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(KeyFile::at(&path).unlock(&password("x")).unwrap().signer(&made.id).is_ok());
}

#[test]
fn a_chain_in_the_file_is_shown_and_keeps_it_from_being_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chain.p12");
    let ((key, certificate), (_, authority)) = (key_and_certificate(), key_and_certificate());
    let bundle = Bundle { key: &key, certificate: Some(&certificate), chain: std::slice::from_ref(&authority) };
    let few = Iterations::new(1_000).unwrap();
    fs::write(&path, pkcs12::write_modern(&bundle, &password("x"), few, &OsEntropy).unwrap()).unwrap();
    let store = KeyFile::at(&path);
    assert_eq!(store.unlock(&password("x")).unwrap().certificates(), [authority]);
    let refused = store.import(&password("x"), Import::Certificate(&certificate));
    assert!(matches!(refused, Err(StoreError::Occupied)));
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("precious.p12");
    fs::write(&path, b"precious").unwrap();
    let store = KeyFile::at(&path);
    let (key, certificate) = key_and_certificate();
    assert!(matches!(store.generate(&password("x"), NewKey::Gost512, ""), Err(StoreError::Occupied)));
    let refused = store.import(&password("x"), Import::KeyAndCertificate(&key, &certificate));
    assert!(matches!(refused, Err(StoreError::Occupied)));
    assert_eq!(fs::read(&path).unwrap(), b"precious");
    let refused = KeyFile::at(folder.path().join("none/new.p12")).generate(&password("x"), NewKey::Gost512, "");
    assert_eq!(refused.unwrap_err().code(), "unreachable");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_a_key_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = KeyFile::at(folder.path().join("new.p12"));
    store.generate(&password("Qwerty12"), NewKey::Gost512, "").unwrap();
    assert_eq!(fs::metadata(store.path()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_cannot_be_read_is_said_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let code = |store: &KeyFile| store.unlock(&password("x")).err().unwrap().code();
    assert_eq!(code(&KeyFile::at(folder.path().join("none.p12"))), "unreachable");
    assert_eq!(code(&KeyFile::at(folder.path())), "unreachable");
    let path = folder.path().join("file");
    for (content, expected) in
        [(&b""[..], "not-a-key-file"), (b"text", "not-a-key-file"), (&[0x30, 0x80, 2, 1], "truncated")]
    {
        fs::write(&path, content).unwrap();
        assert_eq!(code(&KeyFile::at(&path)), expected);
        assert_eq!(KeyFile::at(&path).list().unwrap_err().code(), expected);
    }
    fs::write(&path, vec![0x30; pkcs12::MOST_OCTETS + 1]).unwrap();
    let refused = KeyFile::at(&path).unlock(&password("x")).err().unwrap();
    assert!(matches!(refused, StoreError::Open(OpenError::TooLarge { .. })));
}
