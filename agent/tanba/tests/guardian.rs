//! The listener has somebody look whether keys end soon: here a script that stands where the signer would.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// `tanba` beside a signer that is this script; `$OUT` is a folder to write into.
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(env!("CARGO_BIN_EXE_tanba"), folder.path().join("tanba")).unwrap();
        let signer = folder.path().join("tanba-signer");
        let text = format!("#!/bin/sh\nOUT='{}'\n{script}\n", folder.path().display());
        fs::write(&signer, text).unwrap();
        fs::set_permissions(&signer, fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self) -> Running {
        let mut child = Command::new(self.path("tanba"))
            .args(["run", "--port", "0", "--data-dir"])
            .arg(self.path("home"))
            .env("HOME", self.folder.path())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(self.path("log")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("https://127.0.0.1:").nth(1).unwrap_or_else(|| panic!("no address in {line:?}"));
        let port = port.trim().trim_end_matches('/').parse().unwrap();
        Running { child, port }
    }
}

struct Running {
    child: Child,
    port: u16,
}

impl Running {
    fn page(&self) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(mut self) -> i32 {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        let mut code = None;
        until(|| {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        code.unwrap().code().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn until(mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(20), "it does not come to that");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn somebody_looks_once_at_the_start_and_what_is_heard_is_how_the_keys_stand() {
    let world = World::new("echo \"$@\" >> \"$OUT/asked\"\necho '{\"state\":\"soon\",\"days\":12}'");
    let running = world.run();
    until(|| text(&world.path("log")).contains("looked at"));
    assert_eq!(text(&world.path("asked")).trim(), format!("guardian --data-dir {}", world.path("home").display()));
    assert!(text(&world.path("log")).contains("soon"), "{}", text(&world.path("log")));
    assert_eq!(running.stop(), 0);
}

#[test]
fn sites_are_served_while_a_look_goes_on_and_it_ends_with_the_listener() {
    let world = World::new("echo $$ > \"$OUT/pid\"\nexec sleep 600");
    let running = world.run();
    until(|| !text(&world.path("pid")).trim().is_empty());
    assert!(running.page().contains("<title>Tanba</title>"));
    let pid = text(&world.path("pid")).trim().to_owned();
    let is_there = || Command::new("kill").args(["-0", &pid]).stderr(Stdio::null()).status().unwrap().success();
    assert!(is_there());
    assert_eq!(running.stop(), 0);
    until(|| !is_there());
}

#[test]
fn a_look_that_fails_or_raves_hinders_nothing() {
    for script in ["exit 7", "yes nonsense | head -c 100000", "kill -9 $$"] {
        let world = World::new(script);
        let running = world.run();
        until(|| text(&world.path("log")).contains("expiry guardian"));
        assert!(running.page().contains("<title>Tanba</title>"), "{script}");
        assert_eq!(running.stop(), 0);
    }
}

#[test]
fn who_wants_no_word_has_nobody_looking() {
    let world = World::new("touch \"$OUT/asked\"");
    fs::create_dir_all(world.path("home/config")).unwrap();
    fs::write(world.path("home/config/settings.toml"), "[notifications]\nexpiry = false\n").unwrap();
    let running = world.run();
    assert!(running.page().contains("<title>Tanba</title>"));
    assert_eq!(running.stop(), 0);
    assert!(!world.path("asked").exists());
}
