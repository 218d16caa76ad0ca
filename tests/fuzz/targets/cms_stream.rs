//! CMS that goes by: the report is that of the same octets in memory, in whatever pieces they come.
#![no_main]

use std::io::Read;

use fuzz::world;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use signature::cms::stream::{StreamError, Streamed, verify_stream};
use signature::cms::{Check, External, Form, Problem, Remark, Report, decode_any, verify};

/// Gives octets in pieces of one to seven.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 = self.1 * 5 % 7 + 1;
        let length = self.1.min(buffer.len()).min(self.0.len());
        let (piece, rest) = self.0.split_at(length);
        buffer[..length].copy_from_slice(piece);
        self.0 = rest;
        Ok(length)
    }
}

fn streamed(data: &[u8], pieces: bool, content: Option<&[u8]>) -> Result<Streamed, StreamError> {
    let mut content = content;
    let content = content.as_mut().map(|content| content as &mut dyn Read);
    if pieces { verify_stream(&mut Pieces(data, 0), content) } else { verify_stream(&mut &*data, content) }
}

/// Offsets are into other octets, where the content is left out.
fn without_offsets(mut report: Report) -> Report {
    for remark in &mut report.remarks {
        if let Remark::UnreadableCertificate(place) = remark {
            *place = 0;
        }
    }
    report
}

fn without_difference(mut report: Report) -> Report {
    report.problems.retain(|problem| *problem != Problem::ContentDiffers);
    report.signers.iter_mut().for_each(|signer| signer.problems.retain(|problem| *problem != Problem::ContentDiffers));
    report
}

/// A digest that is not announced before the content cannot be computed when the content has gone by. That it is not
/// announced is a problem in itself.
fn compare(mut streamed: Report, mut report: Report) {
    assert_eq!(streamed.is_good(), report.is_good());
    for (streamed, signer) in streamed.signers.iter_mut().zip(&mut report.signers) {
        if signer.problems.iter().any(|problem| matches!(problem, Problem::DigestNotAnnounced(_))) {
            for signer in [streamed, signer] {
                (signer.digest, signer.signature) = (Check::NotChecked, Check::NotChecked);
                let of_digest = |problem: &Problem| matches!(problem, Problem::DigestMismatch | Problem::Signature(_));
                signer.problems.retain(|problem| !of_digest(problem));
            }
        }
    }
    assert_eq!(streamed, report);
}

fuzz_target!(|data: &[u8]| {
    let whole = streamed(data, false, None);
    let pieces = streamed(data, true, None);
    assert_eq!(whole.as_ref().map_err(ToString::to_string), pieces.as_ref().map_err(ToString::to_string));
    let Ok(der) = decode_any(data) else {
        assert!(whole.is_err(), "a stream of what is no CMS: {whole:?}");
        return;
    };
    let in_memory = verify(&der, None);
    match (whole, in_memory) {
        (Ok(streamed), Ok(report)) => compare(without_offsets(streamed.report), without_offsets(report)),
        (Err(_), Err(_)) => return,
        (streamed, report) => panic!("streamed {streamed:?}, in memory {report:?}"),
    }
    let content = &world().contents[0];
    let given = streamed(data, true, Some(content)).expect("it was read before");
    let report = without_offsets(verify(&der, Some(External::Content(content))).expect("it was read before"));
    let given = without_offsets(given.report);
    if report.form == Form::Detached {
        compare(given, report);
    } else {
        // Octets that went by are compared by their digests, so the difference is told elsewhere.
        assert_eq!(given.is_good(), report.is_good(), "{given:?}, in memory {report:?}");
        compare(without_difference(given), without_difference(report));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
