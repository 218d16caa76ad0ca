//! What the integration tests share.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Output},
};

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

/// The independent verifier in Python, which shares no code with this project.
pub(crate) struct Oracle {
    folder: PathBuf,
}

impl Oracle {
    /// `None`, after saying so, where the NCA material is not.
    pub(crate) fn find() -> Option<Self> {
        nca_material().map(|folder| Self { folder: folder.join("oracle") })
    }

    /// Runs a command of it: exit code and report. That it is there and does not run is a failure.
    pub(crate) fn run<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> (i32, serde_json::Value) {
        let python = std::env::var_os("TANBA_PYTHON").unwrap_or_else(|| "python3".into());
        let output = Command::new(&python)
            .args(["-m", "nca_oracle"])
            .args(arguments)
            .env("PYTHONPATH", &self.folder)
            .output()
            .unwrap_or_else(|error| panic!("{python:?} (TANBA_PYTHON) does not start: {error}"));
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            let errors = String::from_utf8_lossy(&output.stderr);
            panic!("the oracle does not run with {python:?} (TANBA_PYTHON; needs oracle/requirements.txt): {errors}")
        });
        (output.status.code().unwrap(), report)
    }
}

/// Runs OpenSSL; `None`, after saying so, where it is not installed.
pub(crate) fn openssl<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Option<Output> {
    match Command::new("openssl").args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("NOT RUN: openssl is not here");
            None
        }
        Err(error) => panic!("openssl does not start: {error}"),
    }
}
