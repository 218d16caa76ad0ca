//! The last step of `make run`, on a computer where nobody has a key yet.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        // The script passes it on to the agent, which a KILL would not.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../installer/setup/run.sh")
}

/// Runs the script in that home folder until the agent serves; what it said until then.
fn said_until_ready(home: &Path) -> Vec<String> {
    let programs = Path::new(env!("CARGO_BIN_EXE_tanba")).parent().unwrap();
    let mut command = Command::new("bash");
    command.arg(script()).arg(programs).stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home).env("LANG", "C.UTF-8");
    let mut script = Stopped(command.spawn().unwrap());
    let out = BufReader::new(script.0.stdout.take().unwrap());
    let mut said = Vec::new();
    for line in out.lines() {
        said.push(line.unwrap());
        if said.last().unwrap().contains("https://") {
            return said;
        }
    }
    panic!("the agent never served: {said:?}");
}

#[test]
fn who_has_no_key_gets_one_to_try_with_once() {
    if !Path::new(env!("CARGO_BIN_EXE_tanba")).with_file_name("tanba-signer").is_file() {
        println!("NOT RUN: tanba-signer is not built");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    // Whoever runs these tests may have an agent of their own at the port of the sites.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    std::fs::create_dir_all(home.path().join(".config/tanba")).unwrap();
    std::fs::write(home.path().join(".config/tanba/settings.toml"), format!("port = {port}\n")).unwrap();
    let key = home.path().join(".local/share/tanba/demo/TANBA-DEMO-TEST.p12");

    let first = said_until_ready(home.path());
    assert!(key.is_file(), "{first:?}");
    assert!(first.iter().any(|line| line.contains("TANBA-DEMO-TEST.p12")), "{first:?}");
    let made = std::fs::read(&key).unwrap();

    let second = said_until_ready(home.path());
    assert!(!second.iter().any(|line| line.contains("TANBA-DEMO-TEST.p12")), "a second key was made: {second:?}");
    assert_eq!(std::fs::read(&key).unwrap(), made);
}
