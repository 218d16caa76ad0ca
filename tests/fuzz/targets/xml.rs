//! XML: what is read another reader reads too, a canonical form is one, and good signatures are the seeds'.
#![no_main]

use std::sync::LazyLock;

use fuzz::documents::outline;
use fuzz::{Known, proofs, world};
use libfuzzer_sys::fuzz_target;
use signature::xmldsig::c14n::{Comments, Method, Part, Subset, Version, canonicalize};
use signature::xmldsig::xml::{Document, XmlError, XmlErrorKind};
use signature::xmldsig::{Ended, Form, Layout, Options, SignError, pieces, sign, sign_soap, verify};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("xml", proofs::xml));

fn canonical(bytes: &[u8], version: Version, comments: Comments) -> Result<Vec<u8>, XmlError> {
    let document = Document::new(bytes)?;
    let mut out = Vec::new();
    let subset = Subset { part: Part::Document, without: &[], comments: Comments::With };
    canonicalize(&document, &subset, &Method::new(version, comments), &mut |piece| out.extend(piece))?;
    Ok(out)
}

/// The pieces that a window lays out stand behind one another, and where the document can be read they are all of it.
fn taken_apart(data: &[u8]) -> Ended {
    let (found, ended) = pieces(data, usize::MAX);
    let text = std::str::from_utf8(data).unwrap_or_default();
    let mut behind = found.first().map_or(0, |first| first.place.start);
    for piece in &found {
        let between = text.get(behind..piece.place.start).expect("one behind another");
        assert!(between.trim().is_empty(), "{between} is left out");
        behind = piece.place.end;
    }
    let rest = text.get(behind..).expect("within the document");
    assert!(ended != Ended::Whole || rest.trim().is_empty(), "{rest} is left out");
    ended
}

fuzz_target!(|data: &[u8]| {
    let ended = taken_apart(data);
    let plain = match canonical(data, Version::Inclusive10, Comments::Without) {
        Ok(plain) => plain,
        Err(XmlError { kind: XmlErrorKind::RelativeNamespace, .. }) => {
            KNOWN.assert_all(&proofs::xml(data));
            return;
        }
        Err(error) => {
            // What cannot be read has no verdict, and is not signed.
            assert_eq!(verify(data, &Options::default()), Err(error));
            assert!(sign(&*world().signer(), data, &Form::enveloped(Layout::Compact)).is_err());
            return;
        }
    };
    assert_eq!(ended, Ended::Whole, "it has a canonical form");
    let text = std::str::from_utf8(data).expect("UTF-8");
    let theirs = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("no XML for others: {error}"));
    for version in [Version::Inclusive10, Version::Inclusive11, Version::Exclusive] {
        for comments in [Comments::With, Comments::Without] {
            let form = canonical(data, version, comments).expect("one form and not the other");
            let again = canonical(&form, version, comments).expect("a canonical form is XML");
            assert_eq!(String::from_utf8_lossy(&form), String::from_utf8_lossy(&again), "{version:?} is not stable");
            let form = std::str::from_utf8(&form).expect("UTF-8");
            let form = roxmltree::Document::parse(form).unwrap_or_else(|error| panic!("no canonical XML: {error}"));
            assert_eq!(outline(&form), outline(&theirs), "{version:?} is another document");
        }
    }
    let report = verify(data, &Options::default()).expect("it has a canonical form");
    KNOWN.assert_all(&proofs::xml(data));
    let _ = format!("{report:?}");

    let form = Form::enveloped(if plain.len() % 2 == 0 { Layout::Compact } else { Layout::Lines });
    match sign(&*world().signer(), data, &form) {
        Ok(signed) => {
            let after = verify(&signed, &Options::default()).expect("what was signed is read");
            let ours = after.signatures.iter().filter(|signature| signature.is_good() && signature.covers_document());
            assert!(ours.count() > 0, "signed, and yet not good: {after:?}");
        }
        Err(SignError::SelfCheck(problem)) => panic!("made a signature that is not good: {problem}"),
        Err(error) => drop(error.to_string()),
    }
    if let Err(SignError::SelfCheck(problem)) = sign_soap(&*world().signer(), data) {
        panic!("made a signature of a message that is not good: {problem}");
    }
});
