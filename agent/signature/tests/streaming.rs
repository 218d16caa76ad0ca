//! Content and CMS that go by: the same bytes and the same verdicts as in memory, whatever the form.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use common::{Recorded, golden, golden_time, person, shared};
use pki::tsp::Token;
use pki::{Certificate, DigestAlgorithm, SignatureAlgorithm};
use proptest::prelude::*;
use signature::cms::amend::{SameCertificate, add_signer, add_stamps};
use signature::cms::stream::{
    StreamError, Streamed, put_back, sign_attached, sign_detached, verify_stream, verify_stream_for,
};
use signature::cms::{
    Content, ContentDigests, External, Problem, TextForm, TextWriter, decode_any, digest_algorithms, encode, sign,
    verify,
};

/// Gives a few octets at a time, as pipes and sockets do.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = self.1.min(out.len());
        self.0.read(&mut out[..most])
    }
}

fn streamed(cms: &[u8], content: Option<&[u8]>) -> Result<Streamed, StreamError> {
    let mut content = content.map(|content| Drops(content, 7));
    verify_stream(&mut Drops(cms, 3), content.as_mut().map(|content| content as &mut dyn Read))
}

fn recorded(der: &[u8]) -> Recorded {
    Recorded {
        certificate: Certificate::from_der(&golden("gost512.cer")).unwrap(),
        algorithm: SignatureAlgorithm::Gost512,
        signature: der[der.len() - 128..].to_vec(),
    }
}

#[test]
fn a_stream_is_signed_with_the_same_bytes_as_the_whole() {
    let document = golden("document.txt");
    let (attached, detached) = (golden("attached.der"), golden("detached.der"));
    let signer = recorded(&detached);
    assert_eq!(sign_detached(&signer, &mut Drops(&document, 5), golden_time()).unwrap(), detached);
    let mut out = Vec::new();
    let written = sign_attached(&recorded(&attached), &mut Cursor::new(&document), &mut out, golden_time()).unwrap();
    assert_eq!((out.as_slice(), written), (attached.as_slice(), attached.len() as u64));
    // From where the content stands, not from the beginning of the file.
    let mut file = Cursor::new([b"header".as_slice(), &document].concat());
    file.seek(SeekFrom::Start(6)).unwrap();
    let mut out = Vec::new();
    sign_attached(&recorded(&attached), &mut file, &mut out, golden_time()).unwrap();
    assert_eq!(out, attached);
}

#[test]
fn lengths_of_every_size_are_written_as_in_memory() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 100_000, 1 << 20] {
        let document = vec![b'x'; length];
        let mut out = Vec::new();
        sign_attached(&*signer, &mut Cursor::new(&document), &mut out, nca.now()).unwrap();
        assert!(verify(&out, Some(External::Content(&document))).unwrap().is_good(), "{length}");
        assert_eq!(decode_any(&out).unwrap(), out, "{length}");
        let found = streamed(&out, Some(&document)).unwrap();
        assert!(found.report.is_good(), "{length}");
        assert_eq!(found.content.unwrap().content_len(), length as u64);
        let detached = sign_detached(&*signer, &mut Drops(&document, 1000), nca.now()).unwrap();
        assert!(verify(&detached, Some(External::Content(&document))).unwrap().is_good(), "{length}");
    }
}

const GOLDEN: [&str; 16] = [
    "attached.der",
    "by-key-identifier.der",
    "detached.der",
    "ess-in-full.der",
    "ess-of-another.der",
    "ess-v1.der",
    "gost2004-native-kalkan.der",
    "gost2004-without-ess.der",
    "gost2004.der",
    "rsa.der",
    "streamed.ber",
    "two-signers.der",
    "with-chain.der",
    "without-attributes.der",
    "without-certificate.der",
    "year-2050.der",
];

#[test]
fn a_cms_that_goes_by_gets_the_same_report_in_every_form() {
    let document = golden("document.txt");
    for name in GOLDEN {
        let cms = golden(name);
        let expected = verify(&decode_any(&cms).unwrap(), Some(External::Content(&document))).unwrap();
        let texts = [TextForm::Base64, TextForm::Base64Lines, TextForm::Pem].map(|form| encode(&cms, form));
        let windows = String::from_utf8(texts[2].clone()).unwrap().replace('\n', "\r\n");
        let old = String::from_utf8(texts[2].clone()).unwrap().replace("CMS", "PKCS7");
        let marked = [b"\xef\xbb\xbf ".as_slice(), &texts[1], b"\r\n"].concat();
        let among = format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{windows}-----BEGIN");
        for form in
            [&cms, &texts[0], &texts[1], &texts[2], windows.as_bytes(), old.as_bytes(), &marked, among.as_bytes()]
        {
            let found = streamed(form, Some(&document)).unwrap();
            assert_eq!(found.report, expected, "{name}");
            assert_eq!(found.content.unwrap().content_len(), document.len() as u64, "{name}");
        }
        assert_eq!(streamed(&cms, None).unwrap().report, verify(&decode_any(&cms).unwrap(), None).unwrap(), "{name}");
    }
}

#[test]
fn the_ncas_files_get_the_same_report_as_in_memory() {
    let Some(shared) = shared() else { return };
    let read = |name: &str| std::fs::read(shared.join("fixtures/nca/cms").join(name)).unwrap();
    let document = read("gost512-document.txt");
    for (name, content) in [
        ("gost512-attached-production-timestamp.der", None),
        ("gost512-detached-production-timestamp.der", Some(document.as_slice())),
        ("gost2004.cms", None),
        ("rsa.cms", None),
    ] {
        let expected = verify(&decode_any(&read(name)).unwrap(), content.map(External::Content)).unwrap();
        assert_eq!(streamed(&read(name), content).unwrap().report, expected, "{name}");
    }
}

#[test]
fn another_content_is_noticed() {
    for name in ["attached.der", "detached.der", "streamed.ber", "two-signers.der"] {
        let found = streamed(&golden(name), Some(b"another content")).unwrap().report;
        assert!(!found.is_good(), "{name}");
        let problems: Vec<_> = found.problems.iter().chain(found.signers.iter().flat_map(|s| &s.problems)).collect();
        assert!(problems.contains(&&Problem::ContentDiffers) || problems.contains(&&Problem::DigestMismatch), "{name}");
    }
    let missing = streamed(&golden("detached.der"), None).unwrap();
    assert_eq!((missing.report.problems, missing.content), (vec![Problem::ContentMissing], None));
}

#[test]
fn flipping_any_byte_that_goes_by_is_noticed() {
    let good = golden("attached.der");
    for position in 0..good.len() {
        for change in [1 << (position % 8), 0x20, 0xff] {
            let mut der = good.clone();
            der[position] ^= change;
            let verdict = verify_stream(&mut der.as_slice(), None).is_ok_and(|found| found.report.is_good());
            assert!(!verdict, "byte {position} changed by {change:#04x}");
        }
    }
}

#[test]
fn cutting_or_lengthening_what_goes_by_is_noticed() {
    for name in ["attached.der", "streamed.ber"] {
        let good = golden(name);
        for end in 0..good.len() {
            assert!(verify_stream(&mut &good[..end], None).is_err(), "{name} cut at {end}");
        }
        assert!(verify_stream(&mut [&good[..], &[0]].concat().as_slice(), None).is_err());
        let pem = encode(&good, TextForm::Pem);
        assert!(matches!(verify_stream(&mut &pem[..pem.len() - 9], None), Err(StreamError::Text(_))));
    }
}

#[test]
fn texts_that_are_none_are_refused() {
    let url_safe = |text: &str| text.replace('+', "-").replace('/', "_");
    let base64 = String::from_utf8(encode(&golden("attached.der"), TextForm::Base64)).unwrap();
    assert_ne!(url_safe(&base64), base64);
    let twice = format!("{base64}{base64}");
    for text in [url_safe(&base64), format!("{base64}="), format!("{base64}\u{fe}"), String::new(), "%PDF".to_owned()] {
        assert!(decode_any(text.as_bytes()).is_err());
        assert!(verify_stream(&mut text.as_bytes(), None).is_err(), "{}", &text[..4.min(text.len())]);
    }
    assert!(decode_any(twice.as_bytes()).is_err() && verify_stream(&mut twice.as_bytes(), None).is_err());
    let other = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(verify_stream(&mut other.as_slice(), None), Err(StreamError::Text(_))));
}

#[test]
fn a_written_text_is_the_same_in_pieces_and_whole() {
    let der: Vec<u8> = (0..200_000_u32).map(|number| (number * 7 / 3) as u8).collect();
    for length in [0, 1, 2, 3, 47, 48, 49, 96, 65_535, 65_536, 200_000] {
        let der = &der[..length];
        for form in [TextForm::Der, TextForm::Base64, TextForm::Base64Lines, TextForm::Pem] {
            for piece in [1, 48, 1000, 100_000] {
                let mut writer = TextWriter::new(Vec::new(), form);
                for part in der.chunks(if length > 1000 { piece.max(999) } else { piece }) {
                    writer.write_all(part).unwrap();
                }
                assert_eq!(writer.finish().unwrap(), encode(der, form), "{form:?} {length} {piece}");
            }
        }
    }
}

#[test]
fn several_signers_get_the_digests_that_they_need() {
    let (der, document) = (golden("two-signers.der"), golden("document.txt"));
    let mut algorithms = digest_algorithms(&der).unwrap();
    algorithms.sort_by_key(|algorithm| algorithm.oid());
    assert_eq!(algorithms, [DigestAlgorithm::Gost34311, DigestAlgorithm::Streebog512]);
    let digests = ContentDigests::read(&mut document.as_slice(), &algorithms).unwrap();
    assert!(verify(&der, Some(External::Digests(&digests))).unwrap().is_good());
    // A digest that is missing is not taken for one that fits.
    let one = ContentDigests::read(&mut document.as_slice(), &algorithms[..1]).unwrap();
    let report = verify(&der, Some(External::Digests(&one))).unwrap();
    assert_eq!(report.signers.iter().filter(|signer| signer.is_good()).count(), 1);
    assert!(report.signers.iter().any(|signer| signer.problems == [Problem::ContentMissing]));
}

#[test]
fn what_is_added_while_the_content_stands_outside_is_what_is_added_in_memory() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let document = golden("document.txt");
    let token = Token::from_der(&golden("attached.stamp")).unwrap();
    let streebog = [DigestAlgorithm::Streebog512];
    for form in [TextForm::Der, TextForm::Base64, TextForm::Pem] {
        let cms = encode(&golden("attached.der"), form);
        let found = verify_stream_for(&mut Drops(&cms, 5), None, &streebog).unwrap();
        let put = |amended: &[u8]| {
            let mut out = Vec::new();
            put_back(&mut Drops(&cms, 7), &found, amended, &mut out).map(|_| out)
        };
        assert_eq!(put(&found.detached).unwrap(), golden("attached.der"));
        let stamped = add_stamps(&found.detached, &[(0, &token)]).unwrap();
        assert_eq!(put(&stamped).unwrap(), golden("stamped.der"));
        let digests = found.content.as_ref().map(External::Digests);
        let added = add_signer(&stamped, &*signer, digests, SameCertificate::Refuse, nca.now()).unwrap();
        let whole = put(&added).unwrap();
        let report = verify(&whole, Some(External::Content(&document))).unwrap();
        assert!(report.is_good() && report.signers.len() == 2);
    }
    // Of another algorithm, in a CMS that does not announce it; and written by a program that streams.
    for name in ["gost2004.der", "streamed.ber", "two-signers.der"] {
        let found = verify_stream_for(&mut golden(name).as_slice(), None, &streebog).unwrap();
        let digests = found.content.as_ref().map(External::Digests);
        let added = add_signer(&found.detached, &*signer, digests, SameCertificate::Refuse, nca.now()).unwrap();
        let mut out = Vec::new();
        put_back(&mut golden(name).as_slice(), &found, &added, &mut out).unwrap();
        let report = verify(&out, Some(External::Content(&document))).unwrap();
        assert!(report.is_good(), "{name}: {report:?}");
        assert_eq!(report.signers.len(), found.report.signers.len() + 1);
    }
    // A detached one is what was amended.
    let found = verify_stream(&mut golden("detached.der").as_slice(), Some(&mut document.as_slice())).unwrap();
    let mut out = Vec::new();
    put_back(&mut golden("detached.der").as_slice(), &found, &found.detached, &mut out).unwrap();
    assert_eq!(out, golden("detached.der"));
    // Another content by now.
    let found = verify_stream(&mut golden("attached.der").as_slice(), None).unwrap();
    let mut other = golden("attached.der");
    let place = other.windows(document.len()).position(|window| window == document).unwrap();
    other[place] ^= 1;
    let changed = put_back(&mut other.as_slice(), &found, &found.detached, &mut Vec::new());
    assert!(matches!(changed, Err(StreamError::Changed)));
    let full = put_back(&mut golden("attached.der").as_slice(), &found, &found.detached, &mut Full);
    assert!(matches!(full, Err(StreamError::Write(_))));
}

/// A file that is another one when it is read for the second time.
struct Changing {
    file: Cursor<Vec<u8>>,
    reads_left: usize,
    change: fn(&mut Vec<u8>),
}

impl Read for Changing {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.reads_left == 0 {
            (self.change)(self.file.get_mut());
        }
        self.reads_left = self.reads_left.wrapping_sub(1);
        self.file.read(out)
    }
}

impl Seek for Changing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[test]
fn a_file_that_changes_while_it_is_signed_is_an_error() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let changes: [fn(&mut Vec<u8>); 3] = [|file| file[100] ^= 1, |file| file.truncate(50), |file| file.push(1)];
    for change in changes {
        // The first reading takes two reads: the content and its end.
        for reads_left in [0, 2] {
            let mut file = Changing { file: Cursor::new(vec![b'x'; 1000]), reads_left, change };
            let mut out = Vec::new();
            match sign_attached(&*signer, &mut file, &mut out, nca.now()) {
                Err(StreamError::Changed) => {}
                // Changed before anything was read of it, and as long as before: that is what is signed.
                Ok(_) if reads_left == 0 => assert!(verify(&out, None).unwrap().is_good()),
                other => panic!("{other:?}"),
            }
        }
    }
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn faults_of_source_and_target_are_told_apart() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let full = sign_attached(&*signer, &mut Cursor::new([1; 9]), &mut Full, nca.now());
    assert!(matches!(full, Err(StreamError::Write(error)) if error.kind() == io::ErrorKind::StorageFull));
    let broken = sign_detached(&*signer, &mut Broken, nca.now());
    assert!(matches!(broken, Err(StreamError::Read(error)) if error.kind() == io::ErrorKind::PermissionDenied));
    let broken = verify_stream(&mut Broken, None);
    assert!(matches!(broken, Err(StreamError::Read(error)) if error.kind() == io::ErrorKind::PermissionDenied));
    let der = sign(&*signer, Content::Detached(b"x"), nca.now()).unwrap();
    assert!(matches!(verify_stream(&mut der.as_slice(), Some(&mut Broken)), Err(StreamError::Read(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn spoiled_files_get_the_same_verdict_as_in_memory(
        which in 0..GOLDEN.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut cms = golden(GOLDEN[which]);
        let document = golden("document.txt");
        for (position, with) in changes {
            let position = position.index(cms.len());
            cms[position] = with;
        }
        let in_memory = decode_any(&cms)
            .is_ok_and(|der| verify(&der, Some(External::Content(&document))).is_ok_and(|report| report.is_good()));
        let going_by = streamed(&cms, Some(&document)).is_ok_and(|found| found.report.is_good());
        prop_assert_eq!(in_memory, going_by);
    }

    #[test]
    fn spoiled_texts_get_the_same_verdict_as_in_memory(
        form in prop_oneof![Just(TextForm::Base64), Just(TextForm::Base64Lines), Just(TextForm::Pem)],
        changes in proptest::collection::vec((any::<prop::sample::Index>(), "[-A-Za-z0-9+/= \n_\u{0}]"), 1..4),
    ) {
        let mut text = encode(&golden("attached.der"), form);
        for (position, with) in changes {
            let position = position.index(text.len());
            text[position] = with.as_bytes()[0];
        }
        let in_memory = decode_any(&text).is_ok_and(|der| verify(&der, None).is_ok_and(|report| report.is_good()));
        let going_by = streamed(&text, None).is_ok_and(|found| found.report.is_good());
        prop_assert_eq!(in_memory, going_by, "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn any_bytes_that_go_by_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = streamed(&bytes, None);
        let in_place = [&golden("attached.der")[..19], &bytes].concat();
        let _ = streamed(&in_place, Some(b""));
        let indefinite = [&golden("streamed.ber")[..30], &bytes].concat();
        let _ = streamed(&indefinite, None);
    }
}
