//! PDF: good signatures are the seeds', and what can be read can be signed.
#![no_main]

use std::sync::LazyLock;

use fuzz::{Known, now, proofs, world};
use libfuzzer_sys::fuzz_target;
use signature::pades::{Later, Options, PdfError, sign, verify};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("pdf", proofs::pdf));

fuzz_target!(|data: &[u8]| {
    let Ok(report) = verify(data) else { return };
    let _ = format!("{report:?}");
    KNOWN.assert_all(&proofs::pdf(data));
    match sign(&*world().signer(), data, &Options::at(now())) {
        Ok(signed) => {
            assert!(signed.starts_with(data), "octets of the document were changed");
            let after = verify(&signed).expect("what was signed is read");
            let last = after.signatures.last().expect("it was signed");
            assert!(last.is_good(), "signed, and yet not good: {:?}", last.problems);
            assert_eq!(last.later, Later::Nothing);
            assert_eq!(after.signatures.len(), report.signatures.len() + 1);
            // Those before are worth what they were worth, and only a signature came after them.
            for before in report.signatures.iter().filter(|before| before.is_good()) {
                let then = after.signatures.iter().find(|then| then.byte_range == before.byte_range);
                let then = then.expect("an earlier signature is still there");
                assert!(then.is_good(), "an earlier signature was spoiled: {:?}", then.problems);
                if matches!(before.later, Later::Nothing | Later::OnlySignatures) {
                    assert_eq!(then.later, Later::OnlySignatures, "a signature is taken for a change");
                }
            }
        }
        Err(PdfError::SelfCheck(problem)) => panic!("made a signature that is not good: {problem}"),
        Err(error) => drop(error.to_string()),
    }
});
