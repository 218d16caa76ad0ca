//! What the integration tests share.

use std::path::{Path, PathBuf};

/// The folder with the NCA's material: `TANBA_SHARED`, else `shared` beside the workspace.
pub(crate) fn nca_material() -> Option<PathBuf> {
    let folder = std::env::var_os("TANBA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let keys = folder.join("fixtures/nca/keys");
    if keys.is_dir() {
        Some(folder)
    } else {
        println!("NOT RUN: NCA material is not here (set TANBA_SHARED)");
        None
    }
}
