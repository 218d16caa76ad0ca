//! The program `test-nca`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use nca_material::Oracle;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use keystore::{
    Password,
    pkcs12::{self, OpenError},
};
use pki::{Certificate, crl::Crl};

const HOLDERS: [&str; 8] = ["person", "auth", "head", "employee", "right-to-sign", "expired", "not-yet", "stranger"];

fn test_nca(arguments: &[&str], input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_test-nca"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may refuse its arguments without having read anything.
    let _ = program.stdin.take().unwrap().write_all(input.as_bytes());
    program.wait_with_output().unwrap()
}

fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

fn opened(path: &Path, password: &str) -> Result<pkcs12::Contents, OpenError> {
    pkcs12::open(&fs::read(path).unwrap(), &Password::new(password.to_owned()).unwrap())
}

#[test]
fn it_makes_a_folder_and_says_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("made/here");
    let output = test_nca(&["make", "--out", out.to_str().unwrap()], "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let manifest = manifest(&out);
    let authority = Certificate::from_der(&fs::read(out.join("nca.cer")).unwrap()).unwrap();
    let root = Certificate::from_der(&fs::read(out.join("root.cer")).unwrap()).unwrap();
    authority.verify_signature(root.public_key()).unwrap();
    let keys = manifest["keys"].as_array().unwrap();
    assert_eq!(keys.iter().map(|key| key["name"].as_str().unwrap()).collect::<Vec<_>>(), HOLDERS);
    for key in keys {
        let password = manifest["password"].as_str().unwrap();
        let contents = opened(&out.join(key["key_file"].as_str().unwrap()), password).unwrap();
        let certificate = contents.entries[0].certificate.as_ref().unwrap();
        assert_eq!(certificate.der(), fs::read(out.join(key["certificate"].as_str().unwrap())).unwrap());
        assert_eq!(key["serial_number"], certificate.serial().to_hex());
        let issued_here = certificate.verify_signature(authority.public_key()).is_ok();
        assert_eq!(issued_here, key["name"] != "stranger");
    }
    assert_eq!((keys[0]["iin"].as_str(), keys[0]["bin"].as_str()), (Some("000000000001"), None));
    assert_eq!((keys[2]["iin"].as_str(), keys[2]["bin"].as_str()), (Some("000000000002"), Some("000000000021")));
}

#[test]
fn a_password_from_standard_input_is_taken_and_told_to_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        test_nca(&["make", "--out", folder.path().to_str().unwrap(), "--password-stdin"], "Құпия-сөз1\r\nrest");
    assert!(output.status.success());
    assert!(manifest(folder.path())["password"].is_null());
    assert!(opened(&folder.path().join("person.p12"), "Құпия-сөз1").is_ok());
    assert_eq!(opened(&folder.path().join("person.p12"), "Qwerty12").unwrap_err(), OpenError::WrongPassword);
    let refused = test_nca(&["make", "--out", folder.path().to_str().unwrap(), "--password-stdin"], &"a".repeat(5000));
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn a_seed_and_a_time_make_the_same_folder_again() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&first, &second] {
        let out = folder.path().to_str().unwrap();
        let time = ["--now", "2026-11-23", "--not-before", "2026-11-20T10:00:00Z", "--days", "10"];
        let output = test_nca(&[&["make", "--out", out, "--seed", "1"][..], &time].concat(), "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let files = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|path| (path.file_name().unwrap().into(), fs::read(path).unwrap())).collect()
    };
    assert_eq!(files(first.path()), files(second.path()));
    let person = &manifest(first.path())["keys"][0];
    assert_eq!(person["not_before"], "2026-11-20T10:00:00Z");
    assert_eq!(person["not_after"], "2026-11-30T10:00:00Z");
}

#[test]
fn it_serves_what_it_has_issued() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_test-nca"))
        .args(["serve", "--seed", "1", "--out"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let url = url.trim_end();
    let manifest = manifest(folder.path());
    assert_eq!(manifest["services"], url);
    let authority = Certificate::from_der(&fs::read(folder.path().join("nca.cer")).unwrap()).unwrap();
    let list = |path: &str| {
        let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nUser-Agent: test\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        answer.split_off(end + 4)
    };
    let (complete, delta) = (list("/crl/nca.crl"), list("/crl/nca_d.crl"));
    program.kill().unwrap();
    program.wait().unwrap();

    let verified = |der| Crl::from_der(der).unwrap().verify((&authority).into()).unwrap();
    let [complete, delta] = [&complete, &delta].map(|der| verified(der));
    for (name, listed, changed) in
        [("person", false, false), ("revoked", true, false), ("on-hold", true, false), ("forgotten", false, true)]
    {
        assert!(manifest["keys"].as_array().unwrap().iter().any(|key| key["name"] == name));
        let certificate = fs::read(folder.path().join(format!("{name}.cer"))).unwrap();
        let certificate = Certificate::from_der(&certificate).unwrap();
        assert!(certificate.der().windows(url.len()).any(|window| window == url.as_bytes()));
        assert_eq!(complete.find(certificate.serial()).unwrap().is_some(), listed, "{name}");
        assert_eq!(delta.find(certificate.serial()).unwrap().is_some(), changed, "{name}");
    }
}

#[test]
fn what_it_is_not_asked_right_it_refuses() {
    for arguments in [
        &[][..],
        &["make"],
        &["make", "--out", "x", "--days", "0"],
        &["make", "--out", "x", "--now", "2026-02-30"],
        &["make", "--out", "x", "--not-before", "2026-11-23T10:00:00+05:00"],
        &["make", "--out", "x", "--seed", "-1"],
    ] {
        assert_eq!(test_nca(arguments, "").status.code(), Some(2), "{arguments:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"no folder").unwrap();
    let output = test_nca(&["make", "--out", file.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with(&format!("test-nca: {}: ", file.display())), "{said}");
}

#[test]
fn the_independent_verifier_accepts_every_key_file_and_its_chain() {
    let Some(oracle) = Oracle::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    assert!(test_nca(&["make", "--out", folder.path().to_str().unwrap()], "").status.success());
    let file = |name: &str| folder.path().join(name).into_os_string();
    for name in HOLDERS {
        let (code, report) = oracle.run([
            "p12".into(),
            file(&format!("{name}.p12")),
            "--password".into(),
            "Qwerty12".into(),
            "--ca".into(),
            file("root.cer"),
            file("nca.cer"),
        ]);
        assert_eq!(report["ncaLayout"], true, "{name}: {report:#}");
        assert_eq!(code, if name == "stranger" { 1 } else { 0 }, "{name}: {report:#}");
    }
}
