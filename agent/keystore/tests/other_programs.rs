//! Other programs read what is written here, and what they write is read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use nca_material::Oracle;
use pki::{Certificate, Timestamp};
use tanba_keystore::{
    Password, demo,
    pkcs12::{self, Contents, OpenError},
};

const PASSWORDS: [&str; 5] = ["Qwerty12", "", "Пароль 1", "Құпия-сөз1", "𝄞🔑"];

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn demo_key_file(folder: &Path, text: &str) -> (PathBuf, Certificate) {
    let now = Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap();
    let made = demo::make(now, &password(text)).unwrap();
    let path = folder.join("made.p12");
    fs::write(&path, &made.key_file).unwrap();
    (path, made.certificate)
}

#[test]
fn the_independent_reader_opens_what_is_written_and_knows_the_ncas_layout() {
    let Some(oracle) = Oracle::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    for text in PASSWORDS {
        let (path, certificate) = demo_key_file(folder.path(), text);
        let (code, report) = oracle.run(["p12", path.to_str().unwrap(), "--password", text]);
        assert_eq!(code, 0, "{report:#}");
        assert_eq!(report["ncaLayout"], true, "{report:#}");
        let key = &report["keys"][0];
        assert_eq!((key["algorithm"].as_str(), key["certificate"].as_u64()), (Some("GOST-2015-512"), Some(0)));
        let id: String =
            certificate.subject_key_identifier().unwrap().iter().map(|octet| format!("{octet:02x}")).collect();
        assert_eq!((key["localKeyId"].as_str(), key["friendlyName"].as_str()), (Some(&*id), Some(&*id)));
        assert_eq!(oracle.run(["p12", path.to_str().unwrap(), "--password", "wrong"]).0, 3);
    }
}

#[test]
fn what_the_independent_writer_makes_opens() {
    let Some(oracle) = Oracle::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let file = at("made.p12");
    for algorithm in ["gost2015", "gost2004", "rsa", "ec256", "ec384"] {
        let made = oracle.run(["make-cert", "--alg", algorithm, "--out", &at(algorithm), "--ca-prefix", &at("ca")]);
        assert_eq!(made.0, 0, "{:#}", made.1);
        let pair = ["--cert", &at(&format!("{algorithm}.cer")), "--key", &at(&format!("{algorithm}.key"))];
        let passwords = if algorithm == "gost2015" { &PASSWORDS[..] } else { &PASSWORDS[..1] };
        for text in passwords {
            for extra in [&[][..], &["--no-password"], &["--friendly-name", "Менің кілтім"]] {
                if extra == ["--no-password"] && !text.is_empty() {
                    continue;
                }
                let arguments = [&["make-p12", "--out", &file, "--password", text], &pair[..], extra].concat();
                assert_eq!(oracle.run(arguments).0, 0);
                let contents = pkcs12::open(&fs::read(&file).unwrap(), &password(text)).unwrap();
                let entry = &contents.entries[0];
                let certificate = entry.certificate.as_ref().unwrap();
                assert_eq!(entry.alias == "Менің кілтім", extra.contains(&"--friendly-name"));
                let signer = entry.signer().unwrap_or_else(|error| panic!("{algorithm}: {error}"));
                let digest = signer.algorithm().digest_algorithm().unwrap().digest(b"document");
                let signature = signer.sign_digest(&digest).unwrap();
                certificate.public_key().verify(&digest, &signature, signer.algorithm()).unwrap();
            }
        }
    }
}

#[test]
fn awkward_files_of_the_independent_writer_are_told_apart() {
    let Some(oracle) = Oracle::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let file = at("made.p12");
    for (name, algorithm) in [("a", "gost2015"), ("b", "gost2015"), ("c", "gost2004")] {
        assert_eq!(oracle.run(["make-cert", "--alg", algorithm, "--out", &at(name), "--ca-prefix", &at("ca")]).0, 0);
    }
    let make = |arguments: &[&str]| {
        let all = [&["make-p12", "--password", "Qwerty12", "--out", &file], arguments].concat();
        let (code, report) = oracle.run(all);
        assert_eq!(code, 0, "{report:#}");
        pkcs12::open(&fs::read(&file).unwrap(), &password("Qwerty12"))
    };
    let (a, a_key, b, b_key) = (at("a.cer"), at("a.key"), at("b.cer"), at("b.key"));
    let (c, c_key, ca) = (at("c.cer"), at("c.key"), at("ca.cer"));

    let holds = |contents: Contents| {
        let own = contents.entries.iter().filter(|entry| entry.certificate.is_some()).count();
        (contents.entries.len(), own, contents.certificates.len())
    };
    let several = ["--cert", &a, "--key", &a_key, "--cert", &b, "--key", &b_key, "--cert", &c, "--key", &c_key];
    assert_eq!(holds(make(&several).unwrap()), (3, 3, 0));
    let chain = ["--cert", &a, "--key", &a_key, "--extra-cert", &ca, &b];
    assert_eq!(holds(make(&chain).unwrap()), (1, 1, 2));
    let mismatch = ["--cert", &a, "--key", &b_key, "--allow-mismatch"];
    assert_eq!(make(&mismatch).unwrap_err(), OpenError::KeyDoesNotMatchCertificate);
    let claimed = ["--cert", &a, "--key", &a_key, "--claim-iterations", "2147483648"];
    let refused = make(&claimed).unwrap_err();
    assert_eq!(refused, OpenError::TooManyIterations { asked: 2_147_483_648, most: 1_000_000 });
    assert_eq!(holds(make(&["--cert", &a, "--key", &a_key, "--iterations", "100000"]).unwrap()), (1, 1, 0));
}

#[test]
fn openssl_reads_the_bags_and_the_certificate_of_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (path, certificate) = demo_key_file(folder.path(), "Qwerty12");
    let path = path.to_str().unwrap();
    // GOST keys it lists, but cannot hold: so -nokeys.
    let Some(output) =
        nca_material::openssl(["pkcs12", "-legacy", "-info", "-nokeys", "-in", path, "-passin", "pass:Qwerty12"])
    else {
        return;
    };
    let (shown, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    for line in [
        "MAC: sha1, Iteration 1024",
        "MAC length: 20, salt length: 20",
        "Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 1024",
        "PKCS7 Encrypted data: pbeWithSHA1And40BitRC2-CBC, Iteration 1024",
        "Certificate bag",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let read = Certificate::from_pem_or_der(shown.as_bytes()).unwrap();
    assert_eq!(read, certificate);
    let wrong = nca_material::openssl(["pkcs12", "-legacy", "-nokeys", "-in", path, "-passin", "pass:wrong"]).unwrap();
    assert!(!wrong.status.success());
}

#[test]
fn what_openssl_writes_opens() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, certificate, file) = (at("key.pem"), at("certificate.pem"), at("made.p12"));
    let run = |arguments: &[&str]| {
        let output = nca_material::openssl(arguments)?;
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Some(())
    };
    for (kind, parameter) in [("rsa:2048", None), ("ec", Some("ec_paramgen_curve:P-256"))] {
        let mut request = vec!["req", "-x509", "-nodes", "-subj", "/CN=TEST", "-days", "1", "-newkey", kind];
        request.extend(["-keyout", &key, "-out", &certificate]);
        request.extend(parameter.map(|parameter| ["-pkeyopt", parameter]).into_iter().flatten());
        if run(&request).is_none() {
            return;
        }
        for options in [
            &[][..],
            &["-legacy"],
            &["-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-2DES"],
            &["-legacy", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
            &["-certpbe", "AES-128-CBC", "-keypbe", "AES-192-CBC", "-macalg", "sha512", "-iter", "100000"],
            &["-certpbe", "NONE", "-keypbe", "NONE"],
            &["-nomac"],
            &["-name", "менің кілтім", "-caname", "a", "-certfile", &certificate],
        ] {
            let export = ["pkcs12", "-export", "-inkey", &key, "-in", &certificate, "-out", &file];
            run(&[&export, options, &["-passout", "pass:Qwerty12"]].concat()).unwrap();
            let bytes = fs::read(&file).unwrap();
            let contents = pkcs12::open(&bytes, &password("Qwerty12"))
                .unwrap_or_else(|error| panic!("{kind} {options:?}: {error}"));
            let entry = &contents.entries[0];
            let own = entry.certificate.as_ref().unwrap();
            assert_eq!(own.subject().common_name(), Some("TEST"));
            let signature = entry.signer().unwrap().sign_digest(&[7; 32]).unwrap();
            let algorithm = own.public_key().signature_algorithm().unwrap();
            assert_eq!(own.public_key().verify(&[7; 32], &signature, algorithm), Ok(()));
            if !options.contains(&"NONE") || !options.contains(&"-nomac") {
                assert_eq!(pkcs12::open(&bytes, &password("wrong")).unwrap_err(), OpenError::WrongPassword);
            }
        }
    }
}
