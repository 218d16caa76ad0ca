//! What the seeds prove: nothing else can be proved without a key.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Proofs by their text.
pub struct Known(BTreeSet<String>);

/// Where the seeds of a target are: under the crate, or in the folder that `TANBA_FUZZ` names.
pub fn seeds_of(target: &str) -> PathBuf {
    let folder = std::env::var_os("TANBA_FUZZ").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    folder.join("seeds").join(target)
}

impl Known {
    /// What the seeds of a target prove, by the target's own way to see what bytes prove.
    pub fn of(target: &str, proofs: impl Fn(&[u8]) -> Vec<String>) -> Self {
        let folder = seeds_of(target);
        let files = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}; `make fuzz` makes the seeds", folder.display()));
        let read = |path: &Path| std::fs::read(path).unwrap();
        let known: BTreeSet<String> = files.flat_map(|file| proofs(&read(&file.unwrap().path()))).collect();
        assert!(!known.is_empty(), "the seeds in {} prove nothing", folder.display());
        Self(known)
    }

    /// Panics over a proof that no seed has.
    pub fn assert_all(&self, proofs: &[String]) {
        for proof in proofs {
            assert!(self.0.contains(proof), "proved without a key: {proof}");
        }
    }
}
