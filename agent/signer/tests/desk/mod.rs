//! A desk for tests of commands: a data folder, a miniature NCA, key files of it, and the program to run.
#![allow(dead_code, unreachable_pub)]

pub mod counter;

use keystore::Password;
use pki::Timestamp;
use serde_json::Value;
use std::sync::Arc;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};
use test_nca::{Issued, TestNca};

pub const PASSWORD: &str = "Құпия-Сөз1";

/// What stands in a desk's `tokens.toml` from the start: a reader of whoever runs the tests is not asked, for one that is
/// slow or broken would be waited for each time.
pub const NO_READERS: &str = "[[library]]\nvendor = \"OpenSC\"\noff = true\n";

/// The person's file of token libraries.
const TOKENS: &str = "config/tokens.toml";

/// A data folder whose test environment believes a miniature NCA, and key files of that NCA.
pub struct Desk {
    pub dir: tempfile::TempDir,
    pub nca: Arc<TestNca>,
}

impl Desk {
    pub fn new() -> Self {
        Self::of(TestNca::new(now()).unwrap())
    }

    /// With an NCA of one's own, which has services perhaps.
    pub fn of(nca: TestNca) -> Self {
        let nca = Arc::new(nca);
        let desk = Self { dir: tempfile::tempdir().unwrap(), nca };
        let authorities = desk.dir.path().join("data/test-authorities");
        fs::create_dir_all(&authorities).unwrap();
        fs::write(authorities.join("nca.cer"), desk.nca.authority().der()).unwrap();
        fs::create_dir_all(desk.dir.path().join("config")).unwrap();
        desk.set_test_environment(true);
        desk.write(TOKENS, NO_READERS.as_bytes());
        desk
    }

    pub fn set_test_environment(&self, on: bool) {
        let text = format!("language = \"en\"\ntest_environment = {on}\n");
        fs::write(self.dir.path().join("config/settings.toml"), text).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn key(&self, name: &str, issued: &Issued) -> String {
        self.write(name, &issued.key_file(&Password::new(PASSWORD.to_owned()).unwrap()).unwrap())
    }

    pub fn person(&self) -> String {
        self.key("GOST512_person.p12", &self.nca.person().unwrap())
    }

    /// Writes entries behind those of `tokens.toml`.
    pub fn knows_also(&self, entries: &str) {
        let mut text = self.token_libraries();
        text.push_str(entries);
        self.write(TOKENS, text.as_bytes());
    }

    /// What `tokens.toml` says now.
    pub fn token_libraries(&self) -> String {
        fs::read_to_string(self.path(TOKENS)).unwrap()
    }

    pub fn run(&self, arguments: &[&str], input: &str) -> Run {
        self.run_with(&[], arguments, input)
    }

    /// With these variables in its environment.
    pub fn run_with(&self, environment: &[(&str, &Path)], arguments: &[&str], input: &str) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tanba-signer"))
            .envs(environment.iter().copied())
            .arg("--data-dir")
            .arg(self.dir.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads no password closes its input early.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Run::of(child.wait_with_output().unwrap())
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(arguments, "").out).unwrap()
    }
}

pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        let run = Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        let bare = run.out.lines().chain(run.err.lines()).find(|line| is_bare_identifier(line));
        assert_eq!(bare, None, "a sentence that is in no catalogue was printed by its name");
        assert!(!run.out.contains(PASSWORD) && !run.err.contains(PASSWORD), "a password was printed");
        run
    }

    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }
}

/// A sentence that is missing gives its own name.
fn is_bare_identifier(line: &str) -> bool {
    const AREAS: [&str; 16] = [
        "keys-", "tokens-", "token-", "library-", "life-", "lost-", "error-", "command-", "sign-", "verify-",
        "inspect-", "cli-", "export-", "backup-", "install-", "factory-",
    ];
    let line = line.trim();
    let line = line.rsplit_once(": ").map_or(line, |(_, end)| end);
    AREAS.iter().any(|area| line.starts_with(area))
        && line.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'-')
}

pub fn now() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    Timestamp::from_unix(i64::try_from(now).unwrap())
}

pub fn typed() -> String {
    format!("{PASSWORD}\n")
}
