//! A list of the size of the NCA's: some 422 000 entries, 22 MB (kz-crypto 11). The figures are printed and not asserted,
//! because they are this machine's; what is asserted is what is found, and that memory stays where it was.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::path::Path;
use std::time::Instant;

use common::{issuer, now, services};
use pki::crl::{Crl, Entry};
use pki::revocation::Reason;
use pki::{DigestAlgorithm, Serial};
use tanba_test_nca::services::{List, Listed, Services};

const ENTRIES: u32 = 422_000;

/// Numbers of 20 octets in no order, as the NCA's are.
fn serial(number: u32) -> Serial {
    let digest = DigestAlgorithm::Sha1.digest(&number.to_be_bytes());
    let octets: Vec<u8> = std::iter::once(0x40 | digest[0] & 0x3f).chain(digest[1..].iter().copied()).collect();
    Serial::from_bytes(&octets).unwrap()
}

/// The most memory that this process has had since [`forget_peak`], in kB; `None` where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

fn forget_peak() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    peak()
}

/// Nanoseconds that this thread has computed, apart from those that others took; `None` where the system does not say.
fn computed() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

/// Does it, and prints how long it took.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (started, before) = (Instant::now(), computed());
    let done = work();
    let (elapsed, after) = (started.elapsed().as_secs_f64() * 1e3, computed());
    let computed =
        before.zip(after).map(|(before, after)| format!(", of it computing {:.1} ms", (after - before) as f64 / 1e6));
    println!("{what}: {elapsed:.1} ms{}", computed.unwrap_or_default());
    done
}

/// Names the list to the process that is measured: one that has done nothing else, so that no memory is there already.
const LIST: &str = "TEST_NCA_BIG_LIST";

#[test]
fn a_list_of_the_ncas_size_is_searched_in_place() {
    let services = services();
    if let Some(file) = std::env::var_os(LIST) {
        return measure(&services, file.as_ref());
    }
    let reasons = [Reason::AffiliationChanged, Reason::Superseded, Reason::CertificateHold, Reason::KeyCompromise];
    let entries =
        (0..ENTRIES).map(|number| Listed::new(&serial(number), now(), reasons[number as usize % 4])).collect();
    let der = List::complete(166, now(), entries).sign(&*services.nca().authority_signer().unwrap()).unwrap();
    println!("a list of {ENTRIES} entries: {:.1} MB", der.len() as f64 / 1e6);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.crl");
    std::fs::write(&file, der).unwrap();
    let measured = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["a_list_of_the_ncas_size_is_searched_in_place", "--exact", "--nocapture"])
        .env(LIST, &file)
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&measured.stdout));
    assert!(measured.status.success(), "{}", String::from_utf8_lossy(&measured.stderr));
}

fn measure(services: &Services, file: &Path) {
    let der = std::fs::read(file).unwrap();
    let before = forget_peak();
    let list = timed("frame", || Crl::from_der(&der).unwrap());
    let list = timed("signature over all of it", || list.verify(issuer(services)).unwrap());
    let searched = [("the first entry", 0, true), ("the last entry", ENTRIES - 1, true), ("no entry", ENTRIES, false)];
    for (what, number, listed) in searched {
        let wanted = serial(number);
        let found = timed(&format!("search, {what}"), || list.find(&wanted).unwrap());
        assert_eq!(matches!(found, Some(Entry::Revoked(_))), listed, "{what}");
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        let more = after.saturating_sub(before);
        println!("memory beside the list: {more} kB");
        assert!(more < 30 * 1024, "{more} kB");
    }
}
