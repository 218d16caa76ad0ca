//! CMS in memory: a good signature is one of the seeds', and a text form changes nothing.
#![no_main]

use std::sync::LazyLock;

use fuzz::{Known, proofs};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pki::Timestamp;
use signature::cms::amend::{SameCertificate, add_signer, revocation_values, stamp_data};
use signature::cms::{TextForm, decode_any, digest_algorithms, encode, verify};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("cms", proofs::cms));

fuzz_target!(|data: &[u8]| {
    KNOWN.assert_all(&proofs::cms(data));
    let Ok(der) = decode_any(data) else { return };
    for form in [TextForm::Der, TextForm::Base64, TextForm::Base64Lines, TextForm::Pem] {
        assert_eq!(decode_any(&encode(&der, form)).as_deref(), Ok(&der[..]), "{form:?}");
    }
    let Ok(report) = verify(&der, None) else { return };
    assert!(digest_algorithms(&der).is_ok());
    let _ = (stamp_data(&der), revocation_values(&der), format!("{report:?}"));
    // A signer may be added to what is good, and all is good then.
    if report.is_good() {
        let signer = fuzz::world().signer();
        match add_signer(&der, &*signer, None, SameCertificate::Allow, Timestamp::from_unix(1_800_000_000)) {
            Ok(more) => {
                let after = verify(&more, None).unwrap();
                assert!(after.is_good(), "not good after a signer was added: {after:?}");
                assert_eq!(after.signers.len(), report.signers.len() + 1);
            }
            Err(error) => assert!(!error.to_string().contains("does not verify"), "{error}"),
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
