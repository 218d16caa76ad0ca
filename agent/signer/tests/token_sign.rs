//! `tanba sign --token`, with tokens of SoftHSM and the real library in its own process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use desk::{Desk, Run, now};
use keystore::NewKey;
use std::path::Path;
use test_nca::TestNca;
use test_token::softhsm::SoftHsm;

const PIN: &str = "тест-1234";

/// A data folder that knows SoftHSM's library, and tokens with keys of an authority that counts there.
struct Tokens {
    desk: Desk,
    softhsm: SoftHsm,
}

impl Tokens {
    /// `None`, with a line that says so, where SoftHSM is not installed.
    fn new() -> Option<Self> {
        let softhsm = SoftHsm::find(PIN)?;
        let tokens = Self { desk: Desk::of(TestNca::of(NewKey::P256, now()).unwrap()), softhsm };
        // It may be one of those that p11-kit names already.
        let library = tokens.softhsm.driver().to_str().unwrap();
        let add = tokens.tanba(&["tokens", "add", library, "--vendor", "SoftHSM"], "");
        assert!(add.code == 0 || add.err.contains("already"), "{}{}", add.out, add.err);
        Some(tokens)
    }

    /// Puts a key with its certificate on a token.
    fn key(&self, token: &str, id: &str, label: &str) {
        let issued = self.desk.nca.person().unwrap();
        let body = STANDARD.encode(&*issued.key.to_pkcs8());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let key = self.desk.write("key.pem", pem.as_bytes());
        let certificate = self.desk.write("certificate.der", issued.certificate.der());
        self.softhsm.util(&["--import", &key, "--token", token, "--label", label, "--id", id, "--pin", PIN]);
        let write = ["--write-object", &certificate, "--type", "cert", "--id", id, "--label", label];
        self.softhsm.tool(token, &write);
    }

    fn tanba(&self, arguments: &[&str], input: &str) -> Run {
        let run = self.desk.run_with(&[("SOFTHSM2_CONF", &self.softhsm.conf())], arguments, input);
        assert!(!run.out.contains(PIN) && !run.err.contains(PIN), "a PIN was printed");
        run
    }

    fn sign(&self, file: &str, more: &[&str], input: &str) -> Run {
        let signature = format!("{file}.cms");
        let arguments = [&["sign", file, "--pin-stdin", "--force", "-o", &signature], more].concat();
        self.tanba(&arguments, input)
    }

    fn tries(&self, label: &str) -> String {
        let list = self.tanba(&["tokens", "list", "--json"], "").ends_with(0).out;
        let list: serde_json::Value = serde_json::from_str(&list).unwrap();
        let token = list["tokens"].as_array().unwrap().iter().find(|token| token["label"] == label).unwrap();
        token["pin"]["tries"].to_string()
    }
}

#[test]
fn a_file_is_signed_with_a_token_by_its_label_and_the_signature_verifies() {
    let Some(tokens) = Tokens::new() else { return };
    tokens.softhsm.add("Aliya");
    tokens.key("Aliya", "01", "own");
    let file = tokens.desk.write("letter.txt", "Өтініш".as_bytes());
    tokens.sign(&file, &["--token", "Aliya"], &format!("{PIN}\n")).ends_with(0);
    assert!(Path::new(&format!("{file}.cms")).is_file());
    tokens.tanba(&["verify", &format!("{file}.cms"), "--offline"], "").ends_with(0);
}

#[test]
fn a_wrong_pin_is_told_and_sent_once_and_an_empty_one_never() {
    let Some(tokens) = Tokens::new() else { return };
    tokens.softhsm.add("Aliya");
    tokens.key("Aliya", "01", "own");
    let file = tokens.desk.write("letter.txt", b"x");
    let fresh = tokens.tries("Aliya");
    let empty = tokens.sign(&file, &["--token", "Aliya"], "\n").ends_with(2);
    assert!(empty.err.contains("Type the token’s PIN"), "{}", empty.err);
    assert_eq!(tokens.tries("Aliya"), fresh, "nothing was sent");
    let wrong = tokens.sign(&file, &["--token", "Aliya"], "1111\n").ends_with(3);
    assert!(wrong.err.contains("Wrong PIN"), "{}", wrong.err);
    assert_ne!(tokens.tries("Aliya"), fresh);
    assert!(!Path::new(&format!("{file}.cms")).exists());
}

#[test]
fn a_token_and_a_key_that_are_not_there_are_told_by_name_with_those_that_are() {
    let Some(tokens) = Tokens::new() else { return };
    tokens.softhsm.add("Aliya");
    tokens.key("Aliya", "01", "own");
    tokens.key("Aliya", "02", "work");
    let file = tokens.desk.write("letter.txt", b"x");
    let input = format!("{PIN}\n");
    let nobody = tokens.sign(&file, &["--token", "Nobody"], &input).ends_with(1);
    assert!(nobody.err.contains("“Nobody” is not plugged in") && nobody.err.contains("Aliya"), "{}", nobody.err);
    let several = tokens.sign(&file, &["--token", "Aliya"], &input).ends_with(2);
    assert!(several.err.contains("own, work"), "{}", several.err);
    tokens.sign(&file, &["--token", "Aliya", "--alias", "work"], &input).ends_with(0);
    let alias = tokens.sign(&file, &["--token", "Aliya", "--alias", "other"], &input).ends_with(1);
    assert!(alias.err.contains("no key named other"), "{}", alias.err);
}

#[test]
fn a_key_file_and_a_token_do_not_go_together_and_one_of_them_is_needed() {
    let desk = Desk::new();
    let file = desk.write("letter.txt", b"x");
    desk.run(&["sign", &file], "").ends_with(2);
    desk.run(&["sign", &file, "--key", "k.p12", "--token", "t"], "").ends_with(2);
}
