//! Key files written anew: nothing of what they held is lost, and what would be lost is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::process::{Command, Stdio};
use tanba_keystore::{
    Layout, OsEntropy, Password, Relayout, ResealError, Resealed, demo, hold_the_same, open,
    pkcs12::{Bundle, Iterations, Weakness, write_modern},
    reseal, weaknesses,
};

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

/// A key file of the NCA's layout, with its authority beside.
fn made() -> demo::Demo {
    demo::make(pki::Timestamp::from_unix(1_795_435_200), &password("old")).unwrap()
}

fn few() -> Iterations {
    Iterations::new(1000).unwrap()
}

fn again(octets: &[u8], relayout: Relayout) -> Result<Resealed, ResealError> {
    reseal(octets, &password("old"), &password("Жаңа-2"), relayout, &OsEntropy)
}

#[test]
fn a_new_password_opens_what_the_old_one_opened_and_the_old_one_no_longer() {
    let made = made();
    let old = made.key_file;
    let new = again(&old, Relayout::Keep).unwrap();
    let opened = open(&new.octets, &password("Жаңа-2")).unwrap();
    assert!(hold_the_same(&opened, &open(&old, &password("old")).unwrap()));
    assert_eq!(opened.entries[0].certificate.as_ref(), Some(&made.certificate));
    assert!(open(&new.octets, &password("old")).is_err());
    assert_eq!(new.renamed, None);
    assert_eq!(weaknesses(&new.octets), weaknesses(&old), "the layout is kept");
}

#[test]
fn an_old_file_becomes_a_modern_one_and_back() {
    let old = made().key_file;
    let weak = [Weakness::Rc2, Weakness::TripleDes, Weakness::Sha1, Weakness::FewRounds(1024)];
    assert_eq!(weaknesses(&old).unwrap(), weak);
    let modern = again(&old, Relayout::Into(Layout::Modern(Iterations::RECOMMENDED))).unwrap();
    assert_eq!(weaknesses(&modern.octets).unwrap(), []);
    let back =
        reseal(&modern.octets, &password("Жаңа-2"), &password("old"), Relayout::Into(Layout::Nca), &OsEntropy).unwrap();
    assert_eq!(weaknesses(&back.octets).unwrap(), weak);
    assert!(hold_the_same(&open(&old, &password("old")).unwrap(), &open(&back.octets, &password("old")).unwrap()));
}

#[test]
fn a_chain_stays_with_the_key_and_is_refused_where_it_has_no_room() {
    let made = made();
    let held = open(&made.key_file, &password("old")).unwrap();
    let chain = [made.authority];
    let bundle = Bundle { key: &held.entries[0].key, certificate: Some(&made.certificate), chain: &chain };
    let octets = write_modern(&bundle, &password("old"), few(), &OsEntropy).unwrap();
    let kept = again(&octets, Relayout::Keep).unwrap();
    assert_eq!(open(&kept.octets, &password("Жаңа-2")).unwrap().certificates, chain);
    let refused = again(&octets, Relayout::Into(Layout::Nca)).unwrap_err();
    assert_eq!(refused, ResealError::FurtherCertificates(1));
}

#[test]
fn a_wrong_password_and_what_is_no_key_file_are_said_as_such() {
    let octets = made().key_file;
    let refused = reseal(&octets, &password("wrong"), &password("new"), Relayout::Keep, &OsEntropy).unwrap_err();
    assert_eq!(refused, ResealError::Open(tanba_keystore::OpenError::WrongPassword));
    assert!(matches!(again(b"hello", Relayout::Keep), Err(ResealError::Open(_))));
}

#[test]
fn a_file_of_another_program_with_two_keys_is_refused_and_with_one_is_told_its_new_name() {
    if Command::new("keytool").arg("-help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("NOT RUN: keytool (default-jre-headless) is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let make = |kind: &str, alias: &str| {
        let file = folder.path().join(kind);
        let made = Command::new("keytool")
            .args(["-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=Test", "-storepass", "secret1"])
            .args(["-keypass", "secret1", "-storetype", kind, "-alias", alias, "-keystore"])
            .arg(&file)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        std::fs::read(file).unwrap()
    };
    let reseal = |octets: &[u8], relayout| reseal(octets, &password("secret1"), &password("n"), relayout, &OsEntropy);
    let one = make("PKCS12", "first");
    let renamed = reseal(&one, Relayout::Keep).unwrap().renamed.unwrap();
    assert_eq!(renamed.len(), 40, "the key's identifier: {renamed}");
    assert_eq!(reseal(&make("PKCS12", "second"), Relayout::Keep).unwrap_err(), ResealError::SeveralKeys(2));

    let jks = make("JKS", "first");
    assert_eq!(weaknesses(&jks).unwrap(), [Weakness::Jks]);
    assert_eq!(reseal(&jks, Relayout::Keep).unwrap_err(), ResealError::ReadOnly);
    let modern = reseal(&jks, Relayout::Into(Layout::Modern(few()))).unwrap();
    assert!(hold_the_same(&modern.contents, &open(&modern.octets, &password("n")).unwrap()));
}
