//! PDF: good signatures are the seeds', and what can be read can be signed. Octets that no PDF begins with choose more:
//! up to 2, the objects of a document whose offsets are right; 3, those of an update of a signed document.
#![no_main]

use std::sync::LazyLock;

use fuzz::documents::{self, CONTENT};
use fuzz::{Known, now, proofs, world};
use libfuzzer_sys::fuzz_target;
use signature::pades::{Later, Options, PdfError, sign, verify};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("pdf", proofs::pdf));

/// A document that was signed once, and a change of it.
fn changed(text: &[u8]) -> Vec<u8> {
    static SIGNED: LazyLock<Vec<u8>> =
        LazyLock::new(|| sign(&*world().signer(), &documents::pdfs()[0], &Options::at(now())).unwrap());
    let (pdf, objects) = documents::update(&SIGNED, text);
    let shows = |object: &[u8]| object.windows(CONTENT.len()).any(|window| window == CONTENT.as_bytes());
    if objects.iter().any(|(number, object)| *number == 4 && !shows(object))
        && let Ok(report) = verify(&pdf)
    {
        for signature in &report.signatures {
            let end = signature.byte_range.map(|[_, _, start, length]| start.saturating_add(length));
            let unchanged = matches!(signature.later, Later::Nothing | Later::OnlySpace | Later::OnlySignatures);
            assert!(end != Some(SIGNED.len()) || !unchanged, "the page is another one: {:?}", signature.later);
        }
        assert!(!report.is_good(), "the page is another one");
    }
    pdf
}

fuzz_target!(|data: &[u8]| {
    let made = match data {
        [form @ 0..=2, text @ ..] => documents::pdf_of(*form, text),
        [3, text @ ..] => changed(text),
        _ => data.to_vec(),
    };
    let data = &made[..];
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
