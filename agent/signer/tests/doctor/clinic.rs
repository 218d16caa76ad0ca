//! A home folder and a data folder of the test's own, and the programs to run there.

use crate::desk::Desk;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub(crate) struct Clinic {
    pub(crate) desk: Desk,
    pub(crate) port: u16,
}

/// What a run said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Clinic {
    pub(crate) fn new() -> Self {
        Self::of(Desk::new())
    }

    pub(crate) fn of(desk: Desk) -> Self {
        let clinic = Self { desk, port: free_port() };
        fs::create_dir_all(clinic.home()).unwrap();
        clinic.settle("");
        clinic
    }

    /// The settings: a port of the test's own, and more lines.
    pub(crate) fn settle(&self, more: &str) {
        let text = format!("language = \"en\"\ntest_environment = true\nport = {}\n{more}\n", self.port);
        fs::write(self.desk.path("config/settings.toml"), text).unwrap();
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.desk.path("home")
    }

    pub(crate) fn at_home(&self, name: &str) -> PathBuf {
        let path = self.home().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// The program `tanba`, as it stands beside the signer.
    pub(crate) fn program() -> PathBuf {
        let program = Path::new(env!("CARGO_BIN_EXE_tanba-signer")).with_file_name("tanba");
        assert!(program.exists(), "build the whole workspace: {} is not there", program.display());
        program
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(Self::program());
        command.arg("--data-dir").arg(self.desk.dir.path()).args(arguments);
        command.env("HOME", self.home()).env("LANG", "en_US.UTF-8").env_remove("LC_ALL").env_remove("LANGUAGE");
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "http_proxy", "all_proxy"]
        {
            command.env_remove(name);
        }
        // No icon in the tray of whoever runs the tests, and no window on their screen.
        command
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Said {
        Self::finish(self.command(arguments), input)
    }

    pub(crate) fn finish(mut command: Command, input: &str) -> Said {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What is found without the network.
    pub(crate) fn look(&self) -> Found {
        Found::of(&self.run(&["doctor", "--offline", "--json"], ""))
    }

    /// The same where the disk looks otherwise: a script arranges it in a view of its own. `None`, with a line that says so,
    /// where that cannot be had.
    pub(crate) fn look_where(&self, arrange: &str) -> Option<Found> {
        if Command::new("unshare").arg("--version").output().is_err() {
            println!("NOT RUN: unshare (util-linux) is not here");
            return None;
        }
        let doctor = self.command(&["doctor", "--offline", "--json"]);
        let mut command = Command::new("unshare");
        let script = format!("{arrange} && echo arranged >&2 && exec \"$@\"");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"]);
        command.arg(doctor.get_program()).args(doctor.get_args());
        for (name, value) in doctor.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let said = Self::finish(command, "");
        if !said.err.contains("arranged") {
            println!("NOT RUN: no view of the disk of one's own: {}", said.err.trim());
            return None;
        }
        Some(Found::of(&said))
    }

    /// Has exactly that mended without being asked, and tells what is found then.
    #[track_caller]
    pub(crate) fn mend(&self, code: &str) -> Found {
        let found = Found::of(&self.run(&["doctor", "--offline", "--json", "--yes", "--fix", code], ""));
        assert_eq!(found.json["mended"], serde_json::json!([code]), "{:#}", found.json);
        found
    }

    /// `tanba run`, ready.
    pub(crate) fn start(&self, arguments: &[&str]) -> Agent {
        let mut command = self.command(&[&["run"], arguments].concat());
        Agent::of(command.stderr(Stdio::null()))
    }

    /// The listener that the doctor has started, which is no child of ours.
    pub(crate) fn started(&self) -> Started {
        let lock = fs::read_to_string(self.desk.path("run/tanba.lock")).unwrap();
        Started(lock.lines().next().unwrap().parse().unwrap())
    }
}

/// What was found.
pub(crate) struct Found {
    pub(crate) json: Value,
    pub(crate) code: i32,
}

impl Found {
    #[track_caller]
    pub(crate) fn of(said: &Said) -> Self {
        let json = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err));
        Self { json, code: said.code }
    }

    fn findings(&self) -> &[Value] {
        self.json["findings"].as_array().unwrap()
    }

    pub(crate) fn codes(&self) -> BTreeSet<&str> {
        self.findings().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
    }

    pub(crate) fn all(&self, code: &str) -> Vec<&Value> {
        self.findings().iter().filter(|finding| finding["code"] == code).collect()
    }

    /// The words of a finding.
    #[track_caller]
    pub(crate) fn what(&self, code: &str) -> &str {
        self.has(code)["what"].as_str().unwrap()
    }

    #[track_caller]
    pub(crate) fn has(&self, code: &str) -> &Value {
        self.all(code).first().copied().unwrap_or_else(|| panic!("no {code} in {:?}", self.codes()))
    }

    #[track_caller]
    pub(crate) fn has_none(&self, code: &str) {
        assert!(self.all(code).is_empty(), "{:#}", self.has(code));
    }
}

/// A program that is said to be ready by its first line.
pub(crate) struct Agent(Child);

impl Agent {
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        // A test program says what it runs first.
        while !line.contains("127.0.0.1") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it did not become ready");
        }
        // What it says further has somewhere to go.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self(child)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }

    pub(crate) fn signal(&self, signal: &str) {
        kill(signal, self.pid());
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process that is no child of ours, ended when the test ends.
pub(crate) struct Started(u32);

impl Drop for Started {
    fn drop(&mut self) {
        kill("TERM", self.0);
        let until = Instant::now() + Duration::from_secs(10);
        while Path::new(&format!("/proc/{}", self.0)).exists() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

pub(crate) fn kill(signal: &str, pid: u32) {
    let _ = Command::new("kill").args([format!("-{signal}"), pid.to_string()]).status();
}

/// A port that is free on both addresses at this moment, from below those that the system itself gives away, and not from
/// among those that a test beside this one takes.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id().wrapping_mul(4).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = 20_000 + u16::try_from(number % 12_000).unwrap();
        let is_free = |address| match TcpListener::bind((address, port)) {
            Ok(_) => true,
            // A computer without IPv6.
            Err(error) => error.kind() != std::io::ErrorKind::AddrInUse,
        };
        if is_free("127.0.0.1") && is_free("::1") {
            return port;
        }
    }
}

/// Whether NSS's tools are here.
pub(crate) fn has_certutil() -> bool {
    let there = Command::new("certutil").arg("-H").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        println!("NOT RUN: certutil (libnss3-tools) is not here");
    }
    there
}

/// Whether this test may be somebody else.
pub(crate) fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    let is_root = output.stdout.trim_ascii() == b"0";
    if !is_root {
        println!("NOT RUN: only root can be another user");
    }
    is_root
}
