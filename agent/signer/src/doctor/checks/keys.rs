//! The remembered keys: whether their files are there and nobody else's, and how long they are good.

use crate::doctor::{Detail, Finding, Fix, Kind, World, kinds};
use crate::key_file;
use crate::life::standing::{days_left, has_successor, is_soon};
use pki::{Certificate, Validity};
use platform::privacy::{self, Privacy};
use std::io;
use std::path::Path;

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let fault = |what: &String| Finding::of(kinds::KEYS_LISTS).with("what", Detail::Cause(what.clone()));
    let mut found: Vec<Finding> = world.list_faults.iter().map(fault).collect();
    found.extend(world.files.iter().filter_map(|file| at_place(&file.path)));
    let certificates = world.certificates();
    if certificates.is_empty() && world.files.is_empty() {
        found.push(Finding::of(kinds::KEYS_NONE));
        return found;
    }
    let mut ready = Vec::new();
    for certificate in &certificates {
        match stands(world, certificate, &certificates) {
            Some(kind) => found.push(about(kind, certificate)),
            None if certificate.validity_at(world.measure.now) == Validity::Current => ready.push(certificate),
            None => {}
        }
    }
    let last = ready.iter().max_by_key(|certificate| certificate.not_after());
    if let Some(last) = last {
        let until = Detail::plain(last.not_after().date());
        found
            .push(Finding::of(kinds::KEYS_READY).with("count", Detail::Count(ready.len() as u64)).with("until", until));
    } else if found.is_empty() {
        found.push(Finding::of(kinds::KEYS_NONE));
    }
    found
}

/// What is wrong with a file where it lies.
fn at_place(path: &Path) -> Option<Finding> {
    let at = |kind: Kind| Finding::of(kind).with("file", Detail::KeyFile(path.to_owned()));
    match privacy::of(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Some(at(kinds::KEYS_MISSING).fixed_by(Fix::Forget(path.to_owned())));
        }
        Ok(Privacy::Open) => {
            return Some(at(kinds::KEYS_OPEN).fixed_by(Fix::Tighten(path.to_owned())));
        }
        _ => {}
    }
    let why = key_file::check(path).err()?;
    Some(at(kinds::KEYS_UNREADABLE).with("what", Detail::Sentence(why.sentence())))
}

/// How a certificate stands, where that is worth a word: not where another has taken its place.
fn stands(world: &World, certificate: &Certificate, all: &[&Certificate]) -> Option<Kind> {
    let now = world.measure.now;
    let is_test = |one: &Certificate| crate::fitness::is_test(one, &world.measure);
    // A test key is no successor of a real one.
    let alike: Vec<&Certificate> = all.iter().copied().filter(|other| is_test(other) == is_test(certificate)).collect();
    let kind = match (certificate.validity_at(now), days_left(certificate, now)) {
        (Validity::Expired, _) => kinds::KEYS_ENDED,
        (Validity::Current, Some(days)) if is_soon(days) => kinds::KEYS_ENDS_SOON,
        _ => return None,
    };
    (!has_successor(certificate, &alike, now)).then_some(kind)
}

/// A finding about somebody's certificate.
pub(super) fn about(kind: Kind, certificate: &Certificate) -> Finding {
    Finding::of(kind)
        .with("name", Detail::Person(certificate.holder().name.clone()))
        .with("until", Detail::plain(certificate.not_after().date()))
}
