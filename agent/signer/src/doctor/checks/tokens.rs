//! The libraries of tokens: whether they are loaded and answer, each in a process of its own.

use crate::doctor::{Detail, Finding, World, kinds};
use crate::libraries;
use crate::window::Sentence;
use keystore::pkcs11::{CatalogueError, LibraryFault, Refused};
use platform::card_readers::{self, Service};
use std::time::Duration;

/// How long libraries that do not answer are waited for: longer than a host is given to load one.
const PATIENCE: Duration = Duration::from_secs(15);

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let inventory = match libraries::find(&world.places) {
        Ok(inventory) => inventory,
        Err(error) => {
            let (id, file, line) = match &error {
                CatalogueError::Malformed { file, line, .. } => ("doctor-tokens-file-line", file, *line),
                CatalogueError::Unreadable { file, .. } => ("doctor-tokens-file-unreadable", file, 0),
            };
            let what = Sentence::new(id).with("file", file.display().to_string()).with("line", line.to_string());
            return vec![Finding::of(kinds::TOKENS_FILE).with("what", Detail::Sentence(what)).because(error)];
        }
    };
    let mut found: Vec<Finding> = inventory.refused.iter().map(refused).collect();
    if inventory.libraries.is_empty() {
        found.push(Finding::of(kinds::TOKENS_NONE));
        return found;
    }
    let names: Vec<&str> = inventory.libraries.iter().map(|library| library.vendor.as_str()).collect();
    let names = names.join(", ");
    let snapshot = match libraries::fleet(&world.places, inventory.libraries) {
        Ok(fleet) => fleet.settled(PATIENCE),
        Err(error) => {
            let why = Detail::Cause(error.to_string());
            found.push(Finding::of(kinds::TOKENS_FAULT).with("vendor", Detail::Plain(names)).with("what", why));
            return found;
        }
    };
    found.extend(snapshot.faults.iter().map(fault));
    if snapshot.faults.is_empty() {
        let seen = Detail::Count(snapshot.tokens.len() as u64);
        found.push(Finding::of(kinds::TOKENS_FINE).with("vendors", Detail::Plain(names)).with("count", seen));
    }
    // A token of software needs no reader; who sees one lacks nothing.
    if snapshot.tokens.is_empty() && card_readers::service() == Service::Absent {
        found.push(Finding::of(kinds::TOKENS_READERS));
    }
    found
}

fn refused(refused: &Refused) -> Finding {
    Finding::of(kinds::TOKENS_REFUSED)
        .with("vendor", Detail::Plain(refused.vendor.clone()))
        .with("what", Detail::Sentence(libraries::distrust(&refused.why)))
}

fn fault(fault: &LibraryFault) -> Finding {
    let why: Sentence = libraries::fault(&fault.fault);
    Finding::of(kinds::TOKENS_FAULT)
        .with("vendor", Detail::Plain(fault.vendor.clone()))
        .with("path", Detail::Path(fault.path.clone()))
        .with("what", Detail::Sentence(why))
}
