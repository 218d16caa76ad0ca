//! The NCA's own key files, from the window to a signature that an independent verifier accepts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use keystore::{KeyFile, KeyStore, Password};
use nca_material::Oracle;
use pki::{Timestamp, trust::Anchors};
use signature::cms;
use signer::{
    fitness::{Measure, reasons_against},
    life::blocked::Blocked,
    window::Reason,
};

/// 2026-11-23T12:00:00Z: the fixtures are of that time, whatever the clock says when this runs.
const NOW: i64 = 1_795_435_200;

const IN_DATE: [&str; 5] = [
    "gost512-individual.p12",
    "gost512-individual-revoked.p12",
    "gost512-head.p12",
    "gost512-employee.p12",
    "gost512-employee-signright.p12",
];

fn measure() -> Measure {
    Measure {
        anchors: Anchors::production().with_nca_test(),
        test_environment: true,
        now: Timestamp::from_unix(NOW),
        blocked: Blocked::default(),
    }
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

#[test]
fn every_in_date_key_of_the_nca_makes_signatures_that_the_oracle_accepts() {
    let Some(oracle) = Oracle::find() else { return };
    let shared = nca_material::shared().unwrap();
    let ca = |name: &str| shared.join("fixtures/nca/ca").join(name).into_os_string();
    let document = "Қазақстан Республикасы, өтініш №1\n".as_bytes();
    let content = oracle.write("document", document).into_os_string();
    for name in IN_DATE {
        let store = KeyFile::at(shared.join("fixtures/nca/keys").join(name)).unlock(&password("Qwerty12")).unwrap();
        let key = &store.list()[0];
        let certificate = key.certificate.as_ref().unwrap();
        assert_eq!(reasons_against(certificate, &order::KeyFilter::default(), &measure()), [], "{name}");
        let signer = store.signer(&key.id).unwrap();
        for (form, made) in
            [("attached", cms::Content::Attached(document)), ("detached", cms::Content::Detached(document))]
        {
            let der = cms::sign(signer.as_ref(), made, Timestamp::from_unix(NOW)).unwrap();
            let file = oracle.write(&format!("{name}.{form}.cms"), &der).into_os_string();
            let mut arguments = vec!["cms".into(), file, "--json".into()];
            if form == "detached" {
                arguments.extend(["--content".into(), content.clone()]);
            }
            arguments.extend(["--ca".into(), ca("nca_gost2022_test.cer"), ca("root_test_gost_2022.cer")]);
            let (code, report) = oracle.run(arguments);
            assert_eq!(code, 0, "{name} {form}: {report:#}");
            assert_eq!(report["problems"], serde_json::json!([]), "{name} {form}: {report:#}");
        }
    }
}

#[test]
fn expired_and_older_keys_of_the_nca_are_shown_with_the_reason() {
    let Some(shared) = nca_material::shared() else { return };
    for (name, typed, reasons) in [
        ("gost512-individual-expired-Aa123456.p12", "Aa123456", &[Reason::Expired][..]),
        ("gost2004-head-expired.p12", "Qwerty12", &[Reason::Expired]),
        ("rsa-individual-sign-expired.p12", "Qwerty12", &[Reason::Expired]),
        ("rsa-individual-auth-expired.p12", "Qwerty12", &[Reason::Expired]),
    ] {
        let store = KeyFile::at(shared.join("fixtures/nca/keys").join(name)).unlock(&password(typed)).unwrap();
        let certificate = store.list()[0].certificate.clone().unwrap();
        assert_eq!(reasons_against(&certificate, &order::KeyFilter::default(), &measure()), reasons, "{name}");
    }
}
