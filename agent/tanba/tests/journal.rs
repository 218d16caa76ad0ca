//! `tanba journal` as a person and a script meet it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use sha2::{Digest as _, Sha256};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A data folder, and the program beside which no signer stands.
struct Home {
    folder: tempfile::TempDir,
    program: PathBuf,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("tanba");
        // A file that was just written may still be held open by a process that another test is starting.
        if std::fs::hard_link(env!("CARGO_BIN_EXE_tanba"), &program).is_err() {
            std::fs::copy(env!("CARGO_BIN_EXE_tanba"), &program).unwrap();
        }
        Self { folder, program }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("d")
    }

    fn database(&self) -> PathBuf {
        self.data().join("state/journal.db")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("HOME", self.folder.path()).env("LC_ALL", "en_US.UTF-8").env_remove("LANGUAGE");
        // Five hours before UTC's midnight, without a table of zones.
        command.env("TZ", "<+05>-5").arg("--data-dir").arg(self.data()).stdin(Stdio::null());
        command
    }

    fn journal(&self, arguments: &[&str]) -> Output {
        self.command().arg("journal").args(arguments).output().unwrap()
    }

    /// What it says, which must have gone well.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.journal(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", says(&output));
        says(&output)
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.says(arguments)).unwrap()
    }

    /// A journal with these rows, written by the documented rules and not by Tanba.
    fn write(&self, rows: &[[&str; 9]]) {
        self.says(&["list"]);
        let database = rusqlite::Connection::open(self.database()).unwrap();
        database
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 CREATE TABLE decision (number INTEGER PRIMARY KEY, at TEXT NOT NULL, origin TEXT NOT NULL,
                 program TEXT NOT NULL, module TEXT NOT NULL, method TEXT NOT NULL, documents TEXT NOT NULL,
                 certificate TEXT NOT NULL, signer TEXT NOT NULL, result TEXT NOT NULL, hash BLOB NOT NULL) STRICT",
            )
            .unwrap();
        let mut before = [0; 32];
        for (number, row) in (1_i64..).zip(rows) {
            let mut hash = Sha256::new();
            hash.update(b"tanba journal row 1");
            hash.update(number.to_be_bytes());
            hash.update(before);
            for column in row {
                hash.update((column.len() as u64).to_be_bytes());
                hash.update(column.as_bytes());
            }
            before = hash.finalize().into();
            let [at, origin, program, module, method, documents, certificate, signer, result] = row;
            database
                .execute(
                    "INSERT INTO decision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    rusqlite::params![
                        number,
                        at,
                        origin,
                        program,
                        module,
                        method,
                        documents,
                        certificate,
                        signer,
                        result,
                        before
                    ],
                )
                .unwrap();
        }
        let hash: String = before.iter().map(|octet| format!("{octet:02x}")).collect();
        std::fs::write(self.data().join("data/journal.head"), format!("{} {hash}\n", rows.len())).unwrap();
    }

    /// Three days of November.
    fn with_three() -> Self {
        let home = Self::new();
        let chromium = "/usr/lib/chromium/chromium";
        let basics = "kz.gov.pki.knca.basics";
        home.write(&[
            [
                "2026-11-20T20:30:00Z",
                "https://egov.kz",
                chromium,
                basics,
                "sign",
                "aa11\ndigest:bb22\nelsewhere",
                "cc33",
                "ТОО \"Ромашка\"",
                "signed",
            ],
            ["2026-11-21T09:00:00Z", "null", "", basics, "sign", "dd44", "", "", "cancelled"],
            [
                "2026-11-22T09:00:00.125Z",
                "https://enbek.kz",
                "/usr/bin/evil\u{1b}[2J\u{202e}",
                "kz.gov.pki.knca.commonUtils",
                "getKeyInfo",
                "",
                "",
                "=HYPERLINK(\"http://x\")",
                "failed:signer-unavailable",
            ],
        ]);
        home
    }
}

fn says(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// All octets of the files of a folder.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let octets = std::fs::read(entry.unwrap().path()).unwrap();
        octets.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn an_empty_journal_says_so_and_none_is_made() {
    let home = Home::new();
    let state = home.data().join("state").display().to_string();
    let said = home.says(&["list"]);
    assert!(said.contains("no decision in the journal") && said.contains(&state), "{said}");
    assert!(home.says(&["purge", "--all"]).contains("nothing to remove"));
    assert_eq!(home.json(&["list", "--json"])["decisions"], serde_json::json!([]));
    assert_eq!(home.says(&["export", "-"]), "");
    assert_eq!(home.journal(&["show", "1"]).status.code(), Some(1));
    assert!(!home.database().exists());
}

#[test]
fn a_journal_that_was_erased_with_its_head_is_not_called_whole() {
    let home = Home::with_three();
    for file in std::fs::read_dir(home.data().join("state")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.file_name().unwrap().to_string_lossy().starts_with("journal") {
            std::fs::remove_file(file).unwrap();
        }
    }
    std::fs::remove_file(home.data().join("data/journal.head")).unwrap();
    let said = home.says(&["check"]);
    assert!(said.contains("it was removed with its head, or this is another data folder"), "{said}");
    assert!(said.contains("cannot prove") && !said.contains("whole:"), "{said}");
}

#[test]
fn the_list_is_in_local_time_and_words_and_can_be_searched() {
    let home = Home::with_three();
    let list = home.says(&["list"]);
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(
        lines[0],
        "1 · 2026-11-21 01:30:00 · https://egov.kz · chromium · basics.sign · signed · ТОО \"Ромашка\""
    );
    assert_eq!(
        lines[1],
        "2 · 2026-11-21 14:00:00 · a page without an address · unknown program · basics.sign · cancelled"
    );
    assert!(lines[2].contains("evil\\u{1b}[2J\\u{202e}") && lines[2].contains("failed (signer-unavailable)"), "{list}");
    let numbers = |arguments: &[&str]| -> Vec<u64> {
        let listed = home.json(&[&["list", "--json"], arguments].concat());
        listed["decisions"].as_array().unwrap().iter().map(|decision| decision["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(numbers(&["--last", "2"]), [2, 3]);
    assert_eq!(numbers(&["--site", "egov.kz"]), [1]);
    assert_eq!(numbers(&["--result", "failed"]), [3]);
    assert_eq!(numbers(&["--search", "BB22"]), [1]);
    // By local days: the first was after midnight.
    assert_eq!(numbers(&["--until", "2026-11-20"]), [0; 0]);
    assert_eq!(numbers(&["--since", "2026-11-21", "--until", "2026-11-21"]), [1, 2]);
    assert_eq!(numbers(&["--result", "failed:signer-unavailable"]), [3]);
    let nonsense = home.journal(&["list", "--result", "nonsense"]);
    assert_eq!(nonsense.status.code(), Some(2));
    assert!(says(&nonsense).contains("withdrawn") && says(&nonsense).contains("failed:service"), "{}", says(&nonsense));
    assert!(home.says(&["list", "--help"]).contains("file-chosen"));
    assert!(home.says(&["list", "--site", "nowhere"]).contains("No decision in the journal fits"));
    let wrong = home.journal(&["list", "--since", "yesterday"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(says(&wrong).contains("2026-12-31"), "{}", says(&wrong));
    let output = home.command().env("TZ", "UTC0").args(["journal", "list"]).output().unwrap();
    assert!(says(&output).contains("2026-11-20 20:30:00 UTC"), "{}", says(&output));
}

#[test]
fn one_decision_is_shown_with_every_digest() {
    let home = Home::with_three();
    let shown = home.says(&["show", "1"]);
    for line in [
        "Site: https://egov.kz",
        "Program: /usr/lib/chromium/chromium",
        "Called: kz.gov.pki.knca.basics · sign",
        "Document, SHA-256: aa11",
        "Digest given by the site; the SHA-256 of it: bb22",
        "Document: its content was not known when it was asked",
        "Result: signed",
        "Certificate, SHA-256: cc33",
        "Key owner: ТОО \"Ромашка\"",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
    }
    assert!(shown.contains("2026-11-20T20:30:00Z"), "{shown}");
    let failed = home.says(&["show", "3"]);
    assert!(!failed.contains('\u{1b}') && failed.contains("Result: failed (signer-unavailable)\n"), "{failed}");
    let documents = serde_json::json!(["aa11", "digest:bb22", "elsewhere"]);
    assert_eq!(home.json(&["show", "1", "--json"])["documents"], documents);
    let missing = home.journal(&["show", "4"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(says(&missing).contains("no decision 4"), "{}", says(&missing));
}

#[test]
fn a_check_says_what_is_wrong_and_what_it_cannot_prove() {
    let home = Home::with_three();
    let whole = home.says(&["check"]);
    assert!(whole.contains("The journal is whole: 3 rows") && whole.contains("cannot prove"), "{whole}");
    assert_eq!(home.json(&["check", "--json"])["whole"], true);
    let database = rusqlite::Connection::open(home.database()).unwrap();
    database.execute("UPDATE decision SET signer = 'x' WHERE number = 2", []).unwrap();
    let broken = home.journal(&["check"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(says(&broken).contains("Row 2 is not as Tanba wrote it"), "{}", says(&broken));
    for folder in ["state", "data"] {
        let folder = home.data().join(folder).display().to_string();
        assert!(says(&broken).contains(&folder), "what to keep is named: {}", says(&broken));
    }
    assert!(says(&broken).contains("NOT whole") && says(&broken).contains("cannot prove"), "{}", says(&broken));
    let json: serde_json::Value = serde_json::from_slice(&home.journal(&["check", "--json"]).stdout).unwrap();
    assert_eq!(json["findings"], serde_json::json!([{"kind": "edited", "number": 2, "fault": true}]));
    database.execute("DELETE FROM decision WHERE number = 3", []).unwrap();
    let cut = home.journal(&["check"]);
    assert!(
        says(&cut).contains("The end is cut off: the last row is 2, but Tanba had written up to 3"),
        "{}",
        says(&cut)
    );
    std::fs::write(home.database(), "rubbish").unwrap();
    let unreadable = home.journal(&["check"]);
    assert_eq!(unreadable.status.code(), Some(4));
    assert!(says(&unreadable).contains("move journal.db away"), "{}", says(&unreadable));
}

#[test]
fn an_export_is_private_whole_and_takes_no_other_files_place() {
    let home = Home::with_three();
    let file = home.folder.path().join("out.jsonl");
    let name = file.to_str().unwrap();
    assert!(home.says(&["export", name]).contains("3 decisions written"));
    let lines: Vec<serde_json::Value> =
        std::fs::read_to_string(&file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["signer"], "ТОО \"Ромашка\"");
    assert_eq!(lines[0]["hash"].as_str().unwrap().len(), 64);
    std::fs::write(&file, "mine").unwrap();
    let refused = home.journal(&["export", name, "--format", "csv"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(says(&refused).contains("--force"), "{}", says(&refused));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    home.says(&["export", name, "--format", "csv", "--force", "--result", "failed"]);
    let table = std::fs::read_to_string(&file).unwrap();
    let rows: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(
        rows[0],
        "\u{feff}number,at,local_time,origin,program,module,method,documents,certificate,signer,result,hash"
    );
    assert!(rows[1].starts_with("3,2026-11-22T09:00:00.125Z,2026-11-22 14:00:00,https://enbek.kz,"), "{table}");
    assert!(rows[1].contains(",\"'=HYPERLINK(\"\"http://x\"\")\",failed:signer-unavailable,"), "{table}");
    assert_eq!(rows.len(), 3, "{table}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(home.folder.path()).unwrap().count(), 3, "nothing is left beside it");
    assert_eq!(home.says(&["export", "-"]).lines().count(), 3);
    let nowhere = home.journal(&["export", "/nowhere/at/all"]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(says(&nowhere).contains("/nowhere/at/all") && says(&nowhere).contains("has room"), "{}", says(&nowhere));
}

#[test]
fn a_purge_asks_first_and_what_it_removed_is_gone() {
    let home = Home::with_three();
    let refused = home.journal(&["purge", "--before", "2026-11-22"]);
    assert_eq!(refused.status.code(), Some(5));
    assert!(says(&refused).contains("2 decisions") && says(&refused).contains("--yes"), "{}", says(&refused));
    assert!(home.says(&["check"]).contains("3 rows"));
    assert!(home.says(&["purge", "--before", "2026-11-22", "--yes"]).contains("2 decisions are removed"));
    assert!(!holds(&home.data().join("state"), "egov.kz") && holds(&home.data().join("state"), "enbek.kz"));
    let check = home.says(&["check"]);
    assert!(check.contains("The owner removed the rows up to 2") && check.contains("whole: 2 rows"), "{check}");
    assert!(home.says(&["list"]).contains("earlier decisions were removed by the owner"));
    assert!(home.says(&["purge", "--before", "2026-11-22", "--yes"]).contains("nothing to remove"));
    for arguments in [&["purge"][..], &["purge", "--all", "--before", "2026-11-22"]] {
        assert_eq!(home.journal(arguments).status.code(), Some(2));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_keyboard_only_the_word_itself_removes_anything() {
    let home = Home::with_three();
    let purge = |answer: &str| {
        let line = "\"$TANBA\" --data-dir \"$DATA\" journal purge --all";
        // `script` gives it a terminal.
        let mut command = Command::new("script");
        command.args(["-qec", line, "/dev/null"]).env("TANBA", &home.program).env("DATA", home.data());
        command.env("HOME", home.folder.path()).env("LC_ALL", "en_US.UTF-8").env_remove("LANGUAGE");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
        let mut input = child.stdin.take().unwrap();
        input.write_all(answer.as_bytes()).unwrap();
        // Left open: an end would be typed too.
        let output = child.wait_with_output().unwrap();
        drop(input);
        Some(says(&output))
    };
    let Some(left) = purge("no\n") else {
        println!("NOT RUN: script (util-linux) is not here");
        return;
    };
    assert!(left.contains("3 decisions will be removed for good") && left.contains("Nothing was removed"), "{left}");
    assert!(home.says(&["check"]).contains("3 rows"));
    let done = purge("yes\n").unwrap();
    assert!(done.contains("3 decisions are removed"), "{done}");
}

#[test]
fn a_purge_of_a_broken_journal_says_what_goes_with_it() {
    let home = Home::with_three();
    std::fs::remove_file(home.data().join("data/journal.head")).unwrap();
    let said = home.says(&["purge", "--all", "--yes"]);
    assert!(said.contains("journal.head") && said.contains("The journal is not whole"), "{said}");
    assert!(home.says(&["check"]).contains("The journal is whole"));
}

/// A running `tanba run`, and the port it said.
struct Running {
    child: Child,
    port: u16,
}

impl Running {
    fn new(home: &Home) -> Self {
        let mut command = home.command();
        command.args(["run", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("https://127.0.0.1:").nth(1).unwrap_or_else(|| panic!("no address in {line:?}"));
        let port = address.trim().trim_end_matches('/').parse().unwrap();
        Self { child, port }
    }

    /// A page that asks for a certificate. Nobody is there to answer: no signer stands beside this program.
    fn ask(&self) {
        let mut page = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            page,
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: https://egov.kz\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            self.port
        )
        .unwrap();
        let mut first = [0; 12];
        page.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 101");
        let text = r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getKeyInfo","args":["PKCS12"]}"#;
        // RFC 6455 §5.2: a whole text, masked with zeros.
        let mut frame = vec![0x81, 0x80 | u8::try_from(text.len()).unwrap(), 0, 0, 0, 0];
        frame.extend(text.as_bytes());
        page.write_all(&frame).unwrap();
        // The answer, or the end, comes when the row is written.
        page.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut seen = Vec::new();
        let mut octet = [0];
        while !String::from_utf8_lossy(&seen).contains("\"code\"") && page.read(&mut octet).unwrap_or(0) > 0 {
            seen.push(octet[0]);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the journal has so many rows.
fn wait_for(home: &Home, rows: u64) {
    let started = Instant::now();
    let check = || {
        let output = home.journal(&["check", "--json"]);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap_or_else(|_| panic!("{}", says(&output)))
    };
    while check()["rows"] != rows {
        assert!(started.elapsed() < Duration::from_secs(60), "no row comes: {}", check());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_damaged_journal_that_was_moved_away_gives_place_to_a_new_one() {
    let home = Home::with_three();
    std::fs::write(home.database(), "rubbish").unwrap();
    assert_eq!(home.journal(&["purge", "--all", "--yes"]).status.code(), Some(4));
    std::fs::rename(home.database(), home.folder.path().join("kept.db")).unwrap();
    let running = Running::new(&home);
    running.ask();
    wait_for(&home, 1);
    assert!(home.says(&["list"]).contains("4 · "), "it goes on behind the row that the head names");
    let check = home.journal(&["check"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(says(&check).contains("Rows 1 to 3 are missing"), "{}", says(&check));
}

#[test]
fn a_running_tanba_s_journal_is_read_purged_and_survives_being_killed_and_stopped() {
    let home = Home::new();
    let mut running = Running::new(&home);
    running.ask();
    wait_for(&home, 1);
    let listed = home.says(&["list"]);
    assert!(listed.contains("https://egov.kz") && listed.contains("commonUtils.getKeyInfo"), "{listed}");
    assert!(home.says(&["purge", "--all", "--yes"]).contains("1 decision is removed"));
    assert!(!holds(&home.data().join("state"), "egov.kz"));
    running.ask();
    wait_for(&home, 2);
    let check = home.says(&["check"]);
    assert!(check.contains("The owner removed the rows up to 1") && check.contains("whole: 2 rows"), "{check}");
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    assert!(home.says(&["check"]).contains("whole: 2 rows"));
    assert!(home.says(&["list", "--last", "1"]).contains("https://egov.kz"));

    let mut again = Running::new(&home);
    again.ask();
    wait_for(&home, 3);
    let stopped = Command::new("kill").args(["-TERM", &again.child.id().to_string()]).status().unwrap();
    assert!(stopped.success() && again.child.wait().unwrap().success());
    assert!(home.says(&["check"]).contains("whole: 3 rows"));
    assert_eq!(home.says(&["list"]).lines().count(), 3);
}

#[test]
fn the_doctor_says_that_it_is_whole_and_when_it_is_not() {
    let signer = Path::new(env!("CARGO_BIN_EXE_tanba")).with_file_name("tanba-signer");
    assert!(signer.exists(), "build the whole workspace: {} is not there", signer.display());
    let home = Home::with_three();
    std::fs::copy(signer, home.folder.path().join("tanba-signer")).unwrap();
    let journal = || {
        let output = home.command().args(["doctor", "--offline", "--json"]).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let of_journal = findings.iter().find(|finding| finding["area"] == "journal").unwrap();
        (of_journal["code"].as_str().unwrap().to_owned(), of_journal["what"].as_str().unwrap().to_owned())
    };
    let (code, words) = journal();
    assert_eq!(code, "journal.whole");
    assert!(words.contains("3 decisions"), "{words}");
    let edit = |origin: &str| {
        let database = rusqlite::Connection::open(home.database()).unwrap();
        database.execute("UPDATE decision SET origin = ?1 WHERE number = 1", [origin]).unwrap();
    };
    edit("https://evil.kz");
    assert_eq!(journal().0, "journal.broken");
    edit("https://egov.kz");
    assert_eq!(journal().0, "journal.whole");
}
