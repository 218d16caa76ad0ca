//! A file of a gigabyte is signed and verified in little memory. Alone in its file, so that it has a process of its own
//! and what that process took at most is what this took.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(target_os = "linux")]

mod common;

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use common::person;
use pki::Signer;
use signature::cms::stream::{sign_attached, sign_detached, verify_stream};
use signature::cms::{TextForm, TextWriter, stream::StreamError};

const DETACHED: u64 = 1 << 30;
/// More than the process may hold.
const ATTACHED: u64 = 96 << 20;
const MOST_RESIDENT_KB: u64 = 64 << 10;

/// A document that nobody holds: a text over and over.
struct Document {
    len: u64,
    position: u64,
}

const TEXT: &[u8; 64] = b"A document that is long, and that no memory holds as a whole...\n";

impl Read for Document {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = usize::try_from((self.len - self.position).min(out.len() as u64)).unwrap();
        let (mut place, mut done) = (self.position as usize % TEXT.len(), 0);
        while done < count {
            let piece = (TEXT.len() - place).min(count - done);
            out[done..done + piece].copy_from_slice(&TEXT[place..place + piece]);
            (place, done) = (0, done + piece);
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Document {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::End(off) => self.len.checked_add_signed(off).unwrap(),
            SeekFrom::Current(off) => self.position.checked_add_signed(off).unwrap(),
        };
        Ok(self.position)
    }
}

/// The most that this process has had in memory, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn signed(signer: &dyn Signer, len: u64, target: &mut dyn Write) -> Result<u64, StreamError> {
    sign_attached(signer, &mut Document { len, position: 0 }, target, pki::Timestamp::from_unix(1_795_000_000))
}

#[test]
fn a_gigabyte_goes_by_in_little_memory() {
    let (nca, person) = person();
    let signer = person.signer().unwrap();
    let document = |len| Document { len, position: 0 };

    let detached = sign_detached(&*signer, &mut document(DETACHED), nca.now()).unwrap();
    assert!(detached.len() < 4096);
    let eighth = sign_detached(&*signer, &mut document(DETACHED / 8), nca.now()).unwrap();
    let found = verify_stream(&mut eighth.as_slice(), Some(&mut document(DETACHED / 8))).unwrap();
    assert!(found.report.is_good());
    assert_eq!(found.content.unwrap().content_len(), DETACHED / 8);
    println!("detached 1 GiB: at most {} KiB", peak());
    assert!(peak() < MOST_RESIDENT_KB, "{} KiB", peak());

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attached.pem");
    let mut target = TextWriter::new(BufWriter::new(File::create(&path).unwrap()), TextForm::Pem);
    let written = signed(&*signer, ATTACHED, &mut target).unwrap();
    target.finish().unwrap();
    assert!(written > ATTACHED);
    let found = verify_stream(&mut File::open(&path).unwrap(), None).unwrap();
    assert!(found.report.is_good(), "{:?}", found.report);
    assert_eq!(found.content.unwrap().content_len(), ATTACHED);
    assert!(found.detached.len() < 4096);
    println!("attached 96 MiB as PEM: at most {} KiB", peak());
    assert!(peak() < MOST_RESIDENT_KB, "{} KiB", peak());

    let too_large = signed(&*signer, 5 << 30, &mut io::sink());
    assert!(matches!(too_large, Err(StreamError::TooLarge(_))));
}
