//! The orders of octets that were found out, in a file beside the settings: a person shall not wait for a test signature
//! on a slow card each time. It holds no secret, and it is only a hint: every signature is verified.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use pkcs11::wire::TokenId;
use pki::SignatureAlgorithm;
use platform::files;
use serde::{Deserialize, Serialize};

use super::{layout::OctetOrder, process::lock};

/// Octets of the file; more is taken for damage.
const MOST_OCTETS: u64 = 256 * 1024;
/// Modules and models of tokens that are remembered. The oldest go first.
const MOST_ORDERS: usize = 200;
const VERSION: u32 = 1;

/// What an order holds for: tokens of one model behave alike under one module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Subject {
    library: String,
    manufacturer: String,
    model: String,
    /// The signature algorithm's object identifier.
    algorithm: String,
}

impl Subject {
    pub(super) fn new(library: &Path, token: &TokenId, algorithm: SignatureAlgorithm) -> Self {
        Self {
            library: library.to_string_lossy().into_owned(),
            manufacturer: token.manufacturer.clone(),
            model: token.model.clone(),
            algorithm: algorithm.oid().to_string(),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    version: u32,
    orders: Vec<Remembered>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Remembered {
    #[serde(flatten)]
    of: Subject,
    #[serde(flatten)]
    order: OctetOrder,
}

/// The file, and what is in it.
pub(super) struct Memory {
    path: Option<PathBuf>,
    known: Mutex<Option<Vec<Remembered>>>,
}

impl Memory {
    /// Without a file, what is found out is remembered as long as this lives.
    pub(super) fn new(path: Option<PathBuf>) -> Self {
        Self { path, known: Mutex::new(None) }
    }

    pub(super) fn order_of(&self, subject: &Subject) -> Option<OctetOrder> {
        let mut known = lock(&self.known);
        let known = known.get_or_insert_with(|| self.read());
        known.iter().find(|one| one.of == *subject).map(|one| one.order)
    }

    pub(super) fn remember(&self, subject: Subject, order: OctetOrder) {
        let mut known = lock(&self.known);
        let mut all = known.take().unwrap_or_default();
        // Another process may have found something out meanwhile.
        for one in self.read() {
            if !all.iter().any(|other| other.of == one.of) {
                all.push(one);
            }
        }
        all.retain(|one| one.of != subject);
        all.push(Remembered { of: subject, order });
        all.drain(..all.len().saturating_sub(MOST_ORDERS));
        if let Some(path) = &self.path
            && let Err(error) = write(path, &all)
        {
            // It is found out again the next time.
            tracing::warn!(path = %path.display(), %error, "a token's order of octets is not remembered");
        }
        *known = Some(all);
    }

    /// What is damaged is forgotten.
    fn read(&self) -> Vec<Remembered> {
        let Some(path) = &self.path else { return Vec::new() };
        let Ok(octets) = files::read_ordinary(path, MOST_OCTETS) else { return Vec::new() };
        match serde_json::from_slice(&octets) {
            Ok(File { version: VERSION, mut orders }) => {
                orders.truncate(MOST_ORDERS);
                orders
            }
            _ => Vec::new(),
        }
    }
}

fn write(path: &Path, orders: &[Remembered]) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        files::create_private_dir(folder)?;
    }
    let octets = serde_json::to_vec_pretty(&File { version: VERSION, orders: orders.to_vec() })?;
    files::write_private(path, &octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(text: &str) -> OctetOrder {
        serde_json::from_str(text).unwrap()
    }

    fn subject(model: &str) -> Subject {
        let token = TokenId { manufacturer: "Aktiv".into(), model: model.into(), ..TokenId::default() };
        Subject::new(Path::new("/usr/lib/librtpkcs11ecp.so"), &token, SignatureAlgorithm::Gost512)
    }

    const FIRST: &str = r#"{"digest":"AsItIs","signature":"RsBig"}"#;
    const SECOND: &str = r#"{"digest":"Reversed","signature":"SrLittle"}"#;

    #[test]
    fn what_was_found_out_is_known_to_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/tokens.json");
        let memory = Memory::new(Some(path.clone()));
        assert_eq!(memory.order_of(&subject("A")), None);
        memory.remember(subject("A"), order(FIRST));
        // Two at once do not forget each other's.
        let other = Memory::new(Some(path.clone()));
        other.remember(subject("B"), order(SECOND));
        memory.remember(subject("C"), order(SECOND));
        let next = Memory::new(Some(path));
        for (model, expected) in [("A", FIRST), ("B", SECOND), ("C", SECOND)] {
            assert_eq!(next.order_of(&subject(model)), Some(order(expected)));
        }
        next.remember(subject("A"), order(SECOND));
        assert_eq!(next.order_of(&subject("A")), Some(order(SECOND)));
    }

    #[test]
    fn a_damaged_file_is_forgotten_and_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        let full = vec![b' '; MOST_OCTETS as usize + 1];
        for damage in [&b"{"[..], b"[]", br#"{"version":2,"orders":[]}"#, &[0xff; 99], &full] {
            std::fs::write(&path, damage).unwrap();
            let memory = Memory::new(Some(path.clone()));
            assert_eq!(memory.order_of(&subject("A")), None);
            memory.remember(subject("A"), order(FIRST));
            assert_eq!(Memory::new(Some(path.clone())).order_of(&subject("A")), Some(order(FIRST)));
        }
    }

    #[test]
    fn the_file_does_not_grow_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(Some(folder.path().join("tokens.json")));
        for number in 0..=MOST_ORDERS {
            memory.remember(subject(&number.to_string()), order(FIRST));
        }
        assert_eq!(memory.order_of(&subject("0")), None);
        assert_eq!(memory.order_of(&subject("1")), Some(order(FIRST)));
    }

    #[test]
    fn without_a_file_it_is_remembered_in_this_process() {
        let memory = Memory::new(None);
        memory.remember(subject("A"), order(FIRST));
        assert_eq!(memory.order_of(&subject("A")), Some(order(FIRST)));
    }
}
