//! For tests: the NCA's own material and the independent verifier, where they are.
//!
//! Real key files, certificates and signatures of the НУЦ cannot be part of this repository. Tests that want them look
//! in the folder that `TANBA_SHARED` names, or in `shared` beside the checkout. Where there is no such folder they say
//! `NOT RUN` and pass; where there is one, whatever of it does not work is a failure, because a check that quietly does
//! not happen is worse than one that is known to be missing.

#![allow(clippy::panic, clippy::expect_used, reason = "for tests only: a panic is how a test fails")]

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The folder with the NCA's material, or `None`, after saying so.
#[must_use]
pub fn shared() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = env::var_os("TANBA_SHARED").map_or_else(beside, PathBuf::from);
    // Absolute, because the verifier runs in another folder.
    let folder = fs::canonicalize(folder).ok().filter(|folder| folder.join("fixtures/nca").is_dir());
    if folder.is_none() {
        println!("NOT RUN: NCA material is not here (set TANBA_SHARED)");
    }
    folder
}

/// A file of the NCA's material by its name under `fixtures/nca`: `keys/gost512-head.p12`.
#[must_use]
pub fn fixture(name: &str) -> Option<Vec<u8>> {
    shared().map(|shared| {
        let path = shared.join("fixtures/nca").join(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    })
}

/// The independent verifier in Python, which shares no code with this project.
#[derive(Debug)]
pub struct Oracle {
    shared: PathBuf,
    folder: tempfile::TempDir,
}

impl Oracle {
    /// `None`, after saying so, where the NCA's material is not.
    #[must_use]
    pub fn find() -> Option<Self> {
        let shared = shared()?;
        Some(Self { shared, folder: tempfile::tempdir().expect("a folder for the verifier's files") })
    }

    /// A file for the verifier to read; gone when this value is.
    #[must_use]
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// Runs a command of it in the folder of [`Oracle::write`]: exit code and report.
    #[must_use]
    pub fn run<I: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> (i32, serde_json::Value) {
        let python = env::var_os("TANBA_PYTHON").unwrap_or_else(|| "python3".into());
        let output = Command::new(&python)
            .args(["-m", "nca_oracle"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("PYTHONPATH", self.shared.join("oracle"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .unwrap_or_else(|error| panic!("{} (TANBA_PYTHON) does not start: {error}", python.display()));
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            panic!(
                "the independent verifier does not run with {}; set TANBA_PYTHON to a Python that has its requirements:\n{}",
                python.display(),
                String::from_utf8_lossy(&output.stderr)
            )
        });
        (output.status.code().unwrap_or(-1), report)
    }
}

/// Runs OpenSSL; `None`, after saying so, where it is not installed.
#[must_use]
pub fn openssl<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Option<Output> {
    run(Command::new("openssl").args(arguments))
}

/// Runs Java's keytool, with texts in UTF-8; `None`, after saying so, where it is not installed.
#[must_use]
pub fn keytool<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Option<Output> {
    let utf8 = ["-J-Dfile.encoding=UTF-8", "-J-Dsun.jnu.encoding=UTF-8", "-J-Duser.language=en"];
    run(Command::new("keytool").args(arguments).args(utf8).env("LC_ALL", "C.UTF-8"))
}

/// Runs a Python program that needs nothing but Python's own library; `None`, after saying so, where there is none.
#[must_use]
pub fn python<I: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = I>) -> Option<Output> {
    let python = env::var_os("TANBA_PYTHON").unwrap_or_else(|| "python3".into());
    run(Command::new(python).arg("-c").arg(program).args(arguments))
}

fn run(command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("NOT RUN: {} is not here", command.get_program().display());
            None
        }
        Err(error) => panic!("{} does not start: {error}", command.get_program().display()),
    }
}
