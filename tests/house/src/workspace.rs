//! The workspace as the tests see it: where it lies, what is tracked, what cargo says of it.

use cargo_metadata::{Metadata, MetadataCommand, Package};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's root folder.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace's root exists")
}

/// A text file of the workspace.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What cargo says of the workspace and of all it links on this platform.
pub(crate) fn metadata() -> Metadata {
    MetadataCommand::new()
        .current_dir(root())
        .other_options(["--locked".to_owned(), "--filter-platform".to_owned(), host()])
        .exec()
        .unwrap_or_else(|error| panic!("cargo metadata: {error}"))
}

/// Where a package of the workspace has its manifest, relative to the root and with `/` on every system.
pub(crate) fn manifest_of(package: &Package) -> String {
    let path = package.manifest_path.as_std_path().canonicalize().expect("the manifest exists");
    let relative = path.strip_prefix(root()).expect("a package of the workspace lies in it").to_path_buf();
    relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn host() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().expect("rustc runs");
    let text = String::from_utf8(output.stdout).expect("rustc writes UTF-8");
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// Every file that git tracks, or would track once added, relative to the root. Where there is no git (an unpacked
/// archive), every file outside of build folders.
pub(crate) fn tracked_files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let mut files = match listed {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8(output.stdout).expect("paths are UTF-8");
            text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
        }
        _ => {
            let mut found = Vec::new();
            walk(&root(), &root(), &mut found);
            found
        }
    };
    files.retain(|path| root().join(path).is_file());
    files.sort();
    assert!(files.iter().any(|path| path == "Cargo.toml"), "the list of files is not the workspace's");
    files
}

/// The tracked files whose name ends so, with their text.
pub(crate) fn sources(suffix: &str) -> Vec<(String, String)> {
    tracked_files()
        .into_iter()
        .filter(|path| path.ends_with(suffix))
        .map(|path| {
            let text = read(&path);
            (path, text)
        })
        .collect()
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | "node_modules" | ".git" | "artefacts") {
                walk(root, &path, found);
            }
        } else if let Ok(relative) = path.strip_prefix(root) {
            found.push(relative.to_string_lossy().into_owned());
        }
    }
}
