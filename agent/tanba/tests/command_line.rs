//! The program as a person and a script meet it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn tanba(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tanba"));
    command.env("HOME", home).env("LANG", "en_US.UTF-8").env("LC_ALL", "en_US.UTF-8").env_remove("LANGUAGE");
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"] {
        command.env_remove(name);
    }
    // No icon in the tray of whoever runs the tests, and no window on their screen.
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

fn says(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A running `tanba run`, and the port it said.
struct Running {
    child: Child,
    port: u16,
}

impl Running {
    fn new(home: &Path, arguments: &[&str]) -> Self {
        let mut command = tanba(home);
        command.arg("run").args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("https://127.0.0.1:").nth(1).unwrap_or_else(|| panic!("no address in {line:?}"));
        let port = address.trim().trim_end_matches('/').parse().unwrap();
        Self { child, port }
    }

    fn page(&self) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn help_and_version_say_what_the_program_is() {
    let home = tempfile::tempdir().unwrap();
    let help = tanba(home.path()).arg("--help").output().unwrap();
    assert!(help.status.success());
    for word in ["run", "trust", "journal", "keys", "tokens", "sign", "verify", "inspect", "--data-dir", "Exit codes"] {
        assert!(says(&help).contains(word), "{word}: {}", says(&help));
    }
    assert!(
        says(&help).starts_with("An open, local signing agent for Kazakhstan's electronic signature"),
        "{}",
        says(&help)
    );
    let version = tanba(home.path()).arg("--version").output().unwrap();
    assert_eq!(says(&version).trim(), concat!("tanba ", env!("CARGO_PKG_VERSION")));
    for command in ["run", "trust", "journal"] {
        let help = tanba(home.path()).args([command, "--help"]).output().unwrap();
        assert!(help.status.success() && says(&help).contains("Usage"), "{}", says(&help));
    }
    let run = tanba(home.path()).args(["run", "--help"]).output().unwrap();
    for word in
        ["settings.toml", "language", "port", "frame_mebibytes", "idle_seconds", "test_environment", "Exit codes"]
    {
        assert!(says(&run).contains(word), "{word}: {}", says(&run));
    }
    assert_eq!(tanba(home.path()).arg("dance").output().unwrap().status.code(), Some(2));
    assert!(std::fs::read_dir(home.path()).unwrap().next().is_none(), "asking leaves nothing behind");
}

#[test]
fn it_says_its_page_serves_it_and_stops_gracefully_on_both_signals() {
    for signal in ["-TERM", "-INT"] {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        let mut running = Running::new(home.path(), &["--port", "0", "--data-dir", data.to_str().unwrap()]);
        assert!(running.page().contains("<title>Tanba</title>"));
        let _open = TcpStream::connect(("127.0.0.1", running.port)).unwrap();
        let kill = Command::new("kill").args([signal, &running.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let started = Instant::now();
        let status = loop {
            if let Some(status) = running.child.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < Duration::from_secs(6), "it does not stop");
            std::thread::sleep(Duration::from_millis(10));
        };
        assert_eq!(status.code(), Some(0), "{signal}");
        assert_eq!(
            std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>(),
            ["data"],
            "everything is under the named folder"
        );
    }
}

#[test]
fn a_second_one_is_told_of_the_first() {
    let home = tempfile::tempdir().unwrap();
    let first = Running::new(home.path(), &["--port", "0"]);
    let second = tanba(home.path()).args(["run", "--port", "0"]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let (pid, port) = (first.child.id().to_string(), first.port.to_string());
    assert!(says(&second).contains(&pid) && says(&second).contains(&port), "{}", says(&second));

    // With a folder of its own it comes as far as the port, and knows a Tanba when it meets one.
    let other = home.path().join("other");
    let third = tanba(home.path()).args(["run", "--port", &port, "--data-dir"]).arg(&other).output().unwrap();
    assert_eq!(third.status.code(), Some(1));
    if cfg!(target_os = "linux") {
        // Which one only where it is the only one, or where nothing is hidden from us.
        assert!(says(&third).contains("another Tanba"), "{}", says(&third));
    }
}

#[test]
fn a_port_that_another_program_has_is_said_with_its_name() {
    let home = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = tanba(home.path()).args(["run", "--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(says(&output).contains(&port), "{}", says(&output));
    if cfg!(target_os = "linux") {
        assert!(says(&output).contains(&std::process::id().to_string()), "{}", says(&output));
        assert!(says(&output).contains("command_line"), "{}", says(&output));
    }
}

#[test]
fn broken_settings_are_an_error_and_unknown_ones_a_word() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("data/config");
    std::fs::create_dir_all(&config).unwrap();
    let status = |text: &str| {
        std::fs::write(config.join("settings.toml"), text).unwrap();
        tanba(home.path()).args(["trust", "status", "--data-dir"]).arg(home.path().join("data")).output().unwrap()
    };
    let broken = status("port = 'many'");
    assert_eq!(broken.status.code(), Some(4));
    assert!(says(&broken).contains("line 1"), "{}", says(&broken));
    let unknown = status("colour = 'blue'");
    assert!(says(&unknown).contains("colour"), "{}", says(&unknown));
    assert_eq!(unknown.status.code(), Some(1), "there is no certificate yet");
    let kazakh = status("language = 'kk'");
    assert!(says(&kazakh).contains("сертификат жоқ"), "{}", says(&kazakh));
}

#[test]
fn trust_is_installed_shown_and_removed() {
    let home = tempfile::tempdir().unwrap();
    if Command::new("certutil").arg("-H").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("NOT RUN: certutil (libnss3-tools) is not here");
        return;
    }
    let trust = |arguments: &[&str]| tanba(home.path()).arg("trust").args(arguments).output().unwrap();
    let json = |output: &Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();

    assert_eq!(trust(&["status"]).status.code(), Some(1));
    let installed = trust(&["install"]);
    assert_eq!(installed.status.code(), Some(0), "{}", says(&installed));
    let status = trust(&["status", "--json"]);
    assert_eq!(status.status.code(), Some(0));
    assert_eq!(json(&status)["trusted"], true);
    assert_eq!(json(&status)["stores"][0]["standing"], "trusted");

    // What is served is what is trusted.
    let running = Running::new(home.path(), &["--port", "0"]);
    let name = json(&status)["certificate"]["name"].as_str().unwrap().to_owned();
    let leaf = std::fs::read_to_string(home.path().join(".local/share/tanba/leaf.pem")).unwrap();
    assert!(leaf.contains("BEGIN CERTIFICATE"));
    drop(running);
    assert_eq!(json(&trust(&["status", "--json"]))["certificate"]["name"], name.as_str());

    let removed = trust(&["remove"]);
    assert_eq!(removed.status.code(), Some(0), "{}", says(&removed));
    assert_eq!(json(&trust(&["status", "--json"]))["stores"][0]["standing"], "absent");
}

#[test]
fn a_missing_tool_is_named_with_the_way_to_get_it() {
    let home = tempfile::tempdir().unwrap();
    let output = tanba(home.path()).env("PATH", home.path()).args(["trust", "install"]).output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(says(&output).contains("certutil") && says(&output).contains("libnss3-tools"), "{}", says(&output));
}

#[cfg(unix)]
#[test]
fn who_reads_our_output_may_have_read_enough() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["settings", "list"][..], &["settings", "schema"], &["sites", "list"], &["journal", "list"]] {
        // The reader is gone before the first line comes.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = tanba(home.path()).args(arguments).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_signers_commands_become_the_signer_that_stands_beside() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("tanba");
    // A file that was just written may still be held open by a process that another test is starting.
    if std::fs::hard_link(env!("CARGO_BIN_EXE_tanba"), &program).is_err() {
        std::fs::copy(env!("CARGO_BIN_EXE_tanba"), &program).unwrap();
    }
    let run = |arguments: &[&str]| Command::new(&program).args(arguments).output().unwrap();
    let missing = run(&["keys", "list"]);
    assert_eq!(missing.status.code(), Some(5), "{}", says(&missing));
    assert!(says(&missing).contains("tanba-signer"), "{}", says(&missing));

    let signer = folder.path().join("tanba-signer");
    std::fs::write(&signer, "#!/bin/sh\necho \"$$ $*\"\nexit 3\n").unwrap();
    std::fs::set_permissions(&signer, std::fs::Permissions::from_mode(0o755)).unwrap();
    for arguments in [
        &["keys", "list", "--json"][..],
        &["tokens", "add", "lib.so", "--vendor", "X"],
        &["--data-dir", "d", "sign", "f", "--help"],
        &["verify", "-"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(3));
        let said = says(&output);
        let (_, same) = said.trim().split_once(' ').unwrap();
        assert_eq!(same, arguments.join(" "));
    }
}

#[test]
fn a_blocked_site_is_listed_and_can_be_heard_again() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("d");
    let sites = |arguments: &[&str]| {
        tanba(home.path()).arg("sites").args(arguments).arg("--data-dir").arg(&data).output().unwrap()
    };
    assert!(says(&sites(&["list"])).contains("No site has been answered yet"));
    let remembered = r#"{"version":1,"sites":[{"origin":"https://spam.kz","program":"browser:Chromium","rule":"block","since":"2026-11-23T09:00:00Z"}]}"#;
    std::fs::write(data.join("data/sites.json"), remembered).unwrap();
    assert!(says(&sites(&["list"])).contains("https://spam.kz · Chromium · blocked, with all addresses of spam.kz"));
    let listed: serde_json::Value = serde_json::from_slice(&sites(&["list", "--json"]).stdout).unwrap();
    assert_eq!(listed["sites"][0]["decision"], "blocked");
    assert_eq!(listed["sites"][0]["site"], "spam.kz");
    assert!(says(&sites(&["forget", "https://spam.kz"])).contains("is forgotten"));
    let again = sites(&["forget", "https://spam.kz"]);
    assert_eq!(again.status.code(), Some(1), "{}", says(&again));
    assert!(says(&sites(&["list"])).contains("No site has been answered yet"));
}

#[test]
fn settings_are_listed_set_and_given_back_their_default() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("d");
    let settings = |arguments: &[&str]| {
        tanba(home.path()).arg("settings").args(arguments).arg("--data-dir").arg(&data).output().unwrap()
    };
    assert!(says(&settings(&["list"])).contains("services.proxy = system\n    The proxy for"));
    let file = data.join("config/settings.toml");
    assert_eq!(says(&settings(&["where"])).lines().next(), file.to_str());
    std::fs::write(&file, "# the office's\n[services]\ntimeout_seconds = 20 # slow line\n").unwrap();
    let set = settings(&["set", "services.proxy", "http://anna:secret@proxy.lan:3128"]);
    assert!(set.status.success() && !says(&set).contains("secret"), "{}", says(&set));
    assert!(String::from_utf8_lossy(&set.stderr).contains("Better: tanba settings set services.proxy -"), "{set:?}");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.starts_with("# the office's\n[services]\ntimeout_seconds = 20 # slow line\n"), "{written}");
    assert!(written.contains("secret"));
    let list = says(&settings(&["list"]));
    assert!(list.contains("services.proxy = http://***@proxy.lan:3128 · set by you"), "{list}");
    let listed: serde_json::Value = serde_json::from_slice(&settings(&["list", "--json"]).stdout).unwrap();
    let proxy = listed["settings"].as_array().unwrap().iter().find(|one| one["key"] == "services.proxy").unwrap();
    assert_eq!((&proxy["set_by"], &proxy["locked"]), (&"person".into(), &false.into()));
    assert!(says(&settings(&["set", "port", "13580"])).contains("takes effect when Tanba is started again"));

    let refused = settings(&["set", "limits.connections", "3"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(says(&refused).contains("limits.connections cannot be “3”. It may be: 16..65536"), "{}", says(&refused));
    assert!(says(&settings(&["get", "colour"])).contains("There is no setting colour"));
    assert!(says(&settings(&["reset", "services.proxy"])).contains("services.proxy = system (the default)"));
    assert_eq!(says(&settings(&["get", "services.proxy"])), "system\n");
    let schema: serde_json::Value = serde_json::from_slice(&settings(&["schema"]).stdout).unwrap();
    assert_eq!(schema["properties"]["limits"]["properties"]["connections"]["minimum"], 16);
}

#[test]
fn a_value_with_a_password_is_read_from_standard_input() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("d");
    let set = |value: &str| {
        let mut set = tanba(home.path());
        set.args(["settings", "set", "services.proxy", "-", "--data-dir"]).arg(&data);
        let mut set = set.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        set.stdin.take().unwrap().write_all(value.as_bytes()).unwrap();
        set.wait_with_output().unwrap()
    };
    let done = set("http://anna:secret@proxy.lan:3128\nno part of it\n");
    assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
    assert_eq!(says(&done), "services.proxy = http://***@proxy.lan:3128\n");
    let file = data.join("config/settings.toml");
    assert!(std::fs::read_to_string(&file).unwrap().contains("\"http://anna:secret@proxy.lan:3128\""));
    let nothing = set("");
    assert_eq!(nothing.status.code(), Some(1));
    assert!(says(&nothing).contains("Standard input has no value for services.proxy"), "{nothing:?}");
    let wrong = set("anna:secret@proxy.lan");
    assert!(wrong.status.code() == Some(1) && !says(&wrong).contains("secret"), "{wrong:?}");
    assert!(std::fs::read_to_string(&file).unwrap().contains("secret"), "what was there stays");
}

/// People keep their files elsewhere and put links to them.
#[cfg(unix)]
#[test]
fn a_settings_file_that_is_a_link_stays_one_and_what_it_leads_to_is_written() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    // What lies below `/tmp` is nobody's alone.
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = home.path().join("d");
    let set = |key: &str, value: &str| {
        tanba(home.path()).args(["settings", "set", key, value, "--data-dir"]).arg(&data).output().unwrap()
    };
    let (link, kept) = (data.join("config/settings.toml"), home.path().join("kept.toml"));
    std::fs::write(&kept, "# mine\nport = 13580\n").unwrap();
    std::fs::create_dir_all(data.join("config")).unwrap();
    symlink(&kept, &link).unwrap();
    let done = set("port", "13581");
    assert!(done.status.success(), "{done:?}");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "# mine\nport = 13581\n");

    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o666)).unwrap();
    let refused = set("port", "13582");
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        says(&refused).contains("is a link, and what it leads to is not written: others may write to"),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "# mine\nport = 13581\n");

    std::fs::remove_file(&kept).unwrap();
    assert!(says(&set("port", "13582")).contains("there is no file"));
    assert!(!kept.exists() && link.symlink_metadata().unwrap().is_symlink(), "a link that leads nowhere is left alone");
}

#[test]
fn of_two_processes_that_set_something_at_once_none_loses_its_change() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("d");
    let file = data.join("config/settings.toml");
    for round in 1..=10 {
        let number = round.to_string();
        let set = |key: &str| {
            let mut set = tanba(home.path());
            set.args(["settings", "set", key, &number, "--data-dir"]).arg(&data);
            set.stdout(Stdio::null()).spawn().unwrap()
        };
        let both = [set("services.timeout_seconds"), set("signer.idle_seconds")];
        for mut one in both {
            assert!(one.wait().unwrap().success());
        }
        let written = std::fs::read_to_string(&file).unwrap();
        let holds = |name: &str| written.contains(&format!("{name} = {number}\n"));
        assert!(holds("timeout_seconds") && holds("idle_seconds"), "round {round}: {written}");
    }
}

/// The administrator's file is where the system has it: this runs where `/etc` is its own.
#[cfg(target_os = "linux")]
#[test]
fn what_the_administrator_set_is_locked() {
    let script = r#"
        mount -t tmpfs -o mode=755 none /etc && mkdir /etc/tanba && cd /etc/tanba || exit 77
        file() { printf "$2" > settings.toml && chmod "$1" settings.toml; }
        say() { "$TANBA" settings "$@" --data-dir "$DATA" 2>&1; echo "exit $?"; }
        file 644 'language = "en"\n[services]\nproxy = "none"\n'
        say get services.proxy; say set services.proxy system; say set services.timeout_seconds 20
        file 666 'language = "en"\n'; say list
        file 644 'port = 0\n'; say list
    "#;
    let home = tempfile::tempdir().unwrap();
    let ran = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .env("TANBA", env!("CARGO_BIN_EXE_tanba"))
        .env("DATA", home.path().join("d"))
        .env("HOME", home.path())
        .env("LC_ALL", "en_US.UTF-8")
        .output();
    let Some(ran) = ran.ok().filter(|ran| ran.status.success()) else {
        println!("NOT RUN: this system gives nobody an /etc of their own");
        return;
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    let said: Vec<_> = said.lines().collect();
    assert_eq!(said[..2], ["none", "exit 0"], "{said:#?}");
    assert!(said[2].contains("The administrator of this computer has set services.proxy (/etc/tanba/settings.toml)"));
    assert_eq!(said[3..6], ["exit 1", "services.timeout_seconds = 20", "exit 0"], "{said:#?}");
    assert!(said[6].contains("administrator’s settings file is not used") && said[7] == "exit 4", "{said:#?}");
    assert!(
        said[8].contains("/etc/tanba/settings.toml is not right") && said[8].contains("(port must be 1..65535"),
        "{said:#?}"
    );
}
