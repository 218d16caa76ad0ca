//! SoftHSM's tokens in a folder of their own: a software token that is not ours, with the tools that people use.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "for tests only: a panic is how a test fails"
)]

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where the library lies on the systems that have it.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
];
const SO_PIN: &str = "87654321";

/// A folder with tokens, which vanishes with the value.
pub struct SoftHsm {
    folder: tempfile::TempDir,
    driver: PathBuf,
    pin: &'static str,
}

impl SoftHsm {
    /// With no token yet; those that are added have this PIN. `None`, with a line that says so, where SoftHSM or OpenSC's
    /// tool is not installed.
    #[must_use]
    pub fn find(pin: &'static str) -> Option<Self> {
        let library = LIBRARIES.into_iter().map(PathBuf::from).find(|path| path.is_file());
        let has = |tool: &str| Command::new(tool).arg("--help").output().is_ok();
        let (Some(library), true, true) = (library, has("softhsm2-util"), has("pkcs11-tool")) else {
            println!("NOT RUN: SoftHSM (softhsm2) or pkcs11-tool (opensc) is not here");
            return None;
        };
        let softhsm = Self { folder: tempfile::tempdir().unwrap(), driver: library, pin };
        let tokens = softhsm.folder().join("tokens");
        fs::create_dir(&tokens).unwrap();
        let conf =
            format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
        fs::write(softhsm.conf(), conf).unwrap();
        Some(softhsm)
    }

    /// The folder, for what else a test makes.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The library's file.
    #[must_use]
    pub fn driver(&self) -> &Path {
        &self.driver
    }

    /// What `SOFTHSM2_CONF` must say to a process that is to see these tokens.
    #[must_use]
    pub fn conf(&self) -> PathBuf {
        self.folder().join("softhsm2.conf")
    }

    /// A command that sees these tokens.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("SOFTHSM2_CONF", self.conf());
        command
    }

    /// Makes a token.
    pub fn add(&self, label: &str) {
        self.util(&["--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", self.pin]);
    }

    /// Empties a token and gives it another label.
    pub fn add_over(&self, old: &str, label: &str) {
        self.util(&["--init-token", "--token", old, "--label", label, "--so-pin", SO_PIN, "--pin", self.pin]);
    }

    /// SoftHSM's own tool.
    pub fn util(&self, arguments: &[&str]) {
        run(self.command("softhsm2-util").args(arguments));
    }

    /// OpenSC's tool, logged in to a token, and what it prints.
    pub fn tool(&self, token: &str, arguments: &[&str]) -> Vec<u8> {
        let mut command = self.command("pkcs11-tool");
        command.arg("--module").arg(&self.driver).args(["--token-label", token, "--login", "--pin", self.pin]);
        run(command.args(arguments))
    }
}

/// Standard output of a command that succeeds.
pub fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
