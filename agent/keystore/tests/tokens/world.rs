//! Libraries that are scripts, and what their hosts were asked.

use std::{fs, path::PathBuf, time::Duration};

use pkcs11::numbers;
use serde_json::{Value, json};
use tanba_keystore::pkcs11::{Fleet, HostCommand, Library, Limits, Token, TokenId, TokenRule};
use tempfile::TempDir;

pub use crate::hosts::{PATIENCE, PIN, pin, wait_for};
pub use crate::pairs::{Pair, certificate_for, gost, pair};

/// Short enough for a test that waits for one to pass, long enough for a machine that is busy with others.
pub fn impatient() -> Limits {
    let short = Duration::from_millis(1500);
    Limits {
        start: short,
        look: short,
        log_in: short,
        pad: short,
        sign: short,
        generate: Duration::from_secs(20),
        write: short,
        poll: Duration::from_millis(30),
        poll_where_events_come: Duration::from_secs(60),
        first_pause: Duration::from_millis(100),
        longest_pause: Duration::from_secs(60),
        leave: Duration::from_millis(300),
    }
}

pub struct World {
    folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a library; whole or not at all, for its host may be reading.
    pub fn driver(&self, name: &str, script: &Value) -> Library {
        let path = self.path(name);
        let unfinished = self.path(&format!("{name}.new"));
        fs::write(&unfinished, serde_json::to_vec(script).unwrap()).unwrap();
        fs::rename(&unfinished, &path).unwrap();
        let rule = TokenRule { storage: Some("AKTestStore".to_owned()), ..TokenRule::default() };
        Library { vendor: format!("Vendor of {name}"), path, rules: vec![rule] }
    }

    pub fn memory(&self) -> PathBuf {
        self.path("orders.json")
    }

    pub fn fleet(&self, libraries: Vec<Library>) -> Fleet {
        self.fleet_with(libraries, impatient())
    }

    pub fn fleet_with(&self, libraries: Vec<Library>, limits: Limits) -> Fleet {
        Fleet::with_limits(libraries, host(), Some(self.memory()), limits)
    }

    /// The only token of a library that is this script.
    pub fn token(&self, script: &Value) -> Token {
        let fleet = self.fleet(vec![self.driver("library", script)]);
        let snapshot = fleet.settled(Duration::from_secs(20));
        fleet.token(&snapshot.tokens.first().unwrap_or_else(|| panic!("{snapshot:?}")).id).unwrap()
    }

    /// What the hosts of a library wrote down, without their numbers and times.
    pub fn log(&self, name: &str) -> Vec<String> {
        self.lines(name).into_iter().map(|(.., word)| word).collect()
    }

    /// When they wrote that word down, since whenever.
    pub fn times(&self, name: &str, word: &str) -> Vec<Duration> {
        self.lines(name).into_iter().filter(|(.., line)| line == word).map(|(_, time, _)| time).collect()
    }

    /// How often a word is in that.
    pub fn count(&self, name: &str, word: &str) -> usize {
        self.log(name).iter().filter(|line| *line == word).count()
    }

    /// The numbers of the hosts, and of what they started.
    pub fn processes(&self, name: &str) -> Vec<u32> {
        let lines = self.lines(name);
        let hosts = lines.iter().map(|(id, ..)| *id);
        let children = lines.iter().filter_map(|(.., word)| word.strip_prefix("child ")?.parse().ok());
        hosts.chain(children).collect()
    }

    fn lines(&self, name: &str) -> Vec<(u32, Duration, String)> {
        let text = fs::read_to_string(self.path(name).with_extension("log")).unwrap_or_default();
        let line = |line: &str| {
            let [id, milliseconds, word] = line.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
            (id.parse().unwrap(), Duration::from_millis(milliseconds.parse().unwrap()), word.to_owned())
        };
        text.lines().map(line).collect()
    }

    /// Waits until none of a library's processes runs.
    pub fn nothing_is_left(&self, name: &str) {
        let processes = self.processes(name);
        assert!(!processes.is_empty());
        wait_for("the processes to end", || !processes.iter().any(|id| runs(*id)));
    }
}

/// Whether a process runs: one that only waits to be counted does not.
fn runs(id: u32) -> bool {
    if cfg!(target_os = "linux") {
        fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
    } else {
        std::process::Command::new("kill").args(["-0", &id.to_string()]).status().is_ok_and(|status| status.success())
    }
}

pub fn host() -> HostCommand {
    crate::hosts::host("scripted_host")
}

pub fn id(label: &str) -> TokenId {
    let name = |text: &str| text.to_owned();
    TokenId { manufacturer: name("Maker"), model: name("Model"), serial: name("1"), label: name(label) }
}

/// A library with these tokens.
pub fn script(tokens: &[Value]) -> Value {
    json!({ "tokens": tokens })
}

/// The same, behaving badly.
pub fn badly(mut script: Value, at: &str, how: &str, times: Option<usize>) -> Value {
    let mut misdeed = json!({ "at": at, "how": how });
    if let Some(times) = times {
        misdeed["times"] = times.into();
    }
    script["faults"] = json!([misdeed]);
    script
}

/// A token with a key that has its certificate.
pub fn token(slot: u64, label: &str, pair: &Pair) -> Value {
    let certificate = pair.certificate.der();
    json!({
        "slot": slot,
        "id": id(label),
        "pin": PIN,
        "tries": "Unsaid",
        "mechanisms": [
            numbers::RSA_PKCS, numbers::ECDSA, numbers::GOSTR3410, numbers::GOSTR3410_512, numbers::EC_KEY_PAIR_GEN,
            numbers::GOSTR3410_KEY_PAIR_GEN, numbers::GOSTR3410_512_KEY_PAIR_GEN,
        ],
        "key": {
            "id": [1, 2, 3],
            "pkcs8": pair.key.to_pkcs8().to_vec(),
            "certificate": certificate,
            "for_signing": certificate,
            "order": [false, 2],
        },
    })
}
