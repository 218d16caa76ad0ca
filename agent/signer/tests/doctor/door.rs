//! Who has the port, whether Tanba answers there, and with which certificate.

use crate::clinic::{Agent, Clinic, Found, free_port, is_root};
use crate::puppet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

#[test]
fn when_tanba_does_not_run_it_is_started_and_goes_on() {
    let clinic = Clinic::new();
    let found = clinic.look();
    let nobody = found.has("port.nobody");
    assert_eq!((nobody["state"].as_str(), nobody["fix"]["kind"].as_str()), (Some("bad"), Some("start")));
    assert!(nobody["next"].as_str().unwrap().contains("tanba run"));
    assert_eq!(found.code, 1);
    found.has("tls.unknown");

    let found = clinic.mend("port.nobody");
    let _started = clinic.started();
    for code in ["port.tanba", "socket.answers", "tls.own"] {
        assert_eq!(found.has(code)["state"], "good");
    }
    // It is still there when the doctor is gone.
    clinic.look().has("socket.answers");
}

#[test]
fn a_port_that_sites_do_not_look_at_is_given_up_again() {
    let clinic = Clinic::new();
    let found = clinic.look();
    let words = found.what("port.unusual");
    assert!(words.contains("13579") && words.contains(&clinic.port.to_string()), "{words}");
    clinic.mend("port.unusual").has_none("port.unusual");
    let settings = fs::read_to_string(clinic.desk.path("config/settings.toml")).unwrap();
    assert!(!settings.contains("port") && settings.contains("test_environment = true"), "{settings}");
}

#[test]
fn another_program_at_the_port_is_named() {
    let clinic = Clinic::new();
    let listener = TcpListener::bind(("127.0.0.1", clinic.port)).unwrap();
    let found = clinic.look();
    let words = found.what("port.other");
    assert!(words.contains(&format!("process {}", std::process::id())), "{words}");
    found.has_none("port.nobody");
    assert!(found.has("port.other")["fix"].is_null(), "nobody's program is ended");
    drop(listener);
    clinic.look().has_none("port.other");
}

#[test]
fn ncalayer_at_the_port_is_known_by_its_name() {
    let clinic = Clinic::new();
    let ncalayer = puppet::serve(clinic.desk.dir.path(), "java", clinic.port, &["ncalayer.jar"]);
    let found = clinic.look();
    assert!(found.what("port.ncalayer").contains(&ncalayer.pid().to_string()));
    found.has_none("tls.resigned");
    drop(ncalayer);
    clinic.look().has_none("port.ncalayer");
}

#[test]
fn who_looks_into_secure_connections_is_named_by_the_issuer_it_uses() {
    let clinic = Clinic::new();
    let antivirus = puppet::serve(clinic.desk.dir.path(), "shield", clinic.port, &[]);
    let found = clinic.look();
    assert!(found.what("tls.resigned").contains(puppet::ISSUER));
    assert!(found.has("tls.resigned")["next"].as_str().unwrap().contains("127.0.0.1"));
    drop(antivirus);
    let _agent = clinic.start(&[]);
    let found = clinic.look();
    found.has("tls.own");
    found.has_none("tls.resigned");
}

#[test]
fn a_tanba_that_has_half_of_the_port_is_told_of() {
    let clinic = Clinic::new();
    if TcpListener::bind("[::1]:0").is_err() {
        println!("NOT RUN: this computer has no ::1");
        return;
    }
    let half = puppet::serve(clinic.desk.dir.path(), "tanba", clinic.port, &[]);
    let found = clinic.look();
    for code in ["port.tanba", "port.half", "tls.resigned"] {
        found.has(code);
    }
    drop(half);
    let _agent = clinic.start(&[]);
    clinic.look().has_none("port.half");
}

#[test]
fn a_tanba_that_hangs_is_told_from_one_that_answers() {
    let clinic = Clinic::new();
    let agent = clinic.start(&[]);
    agent.signal("STOP");
    let found = clinic.look();
    for code in ["port.tanba", "socket.silent", "tls.unknown"] {
        found.has(code);
    }
    assert_eq!(found.has("socket.silent")["state"], "bad");
    agent.signal("CONT");
    let found = clinic.look();
    found.has("socket.answers");
    found.has_none("socket.silent");
}

#[test]
fn a_tanba_that_serves_a_former_certificate_is_to_be_started_anew() {
    let clinic = Clinic::new();
    let agent = clinic.start(&[]);
    // At its start Tanba looks after its certificate; from then on daily.
    let is_stale = || {
        fs::remove_file(clinic.desk.path("data/leaf.pem")).unwrap();
        clinic.run(&["trust", "install"], "");
        !clinic.look().all("tls.stale").is_empty()
    };
    assert!((0..10).any(|_| is_stale()));
    drop(agent);
    let _agent = clinic.start(&[]);
    let found = clinic.look();
    found.has("tls.own");
    found.has_none("tls.stale");
}

#[test]
fn a_tanba_at_another_port_is_found_there() {
    let clinic = Clinic::new();
    let other = free_port().to_string();
    let agent = clinic.start(&["--port", &other]);
    let found = clinic.look();
    assert!(found.what("port.elsewhere").contains(&other));
    found.has_none("port.nobody");
    drop(agent);
    let _agent = clinic.start(&[]);
    let found = clinic.look();
    found.has("port.tanba");
    found.has_none("port.elsewhere");
}

#[test]
fn another_user_at_the_port_is_said_with_what_works_meanwhile() {
    if !is_root() {
        return;
    }
    let clinic = Clinic::new();
    let theirs = tempfile::tempdir().unwrap();
    fs::set_permissions(theirs.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let program = theirs.path().join("tanba");
    fs::copy(Clinic::program(), &program).unwrap();
    let mut command = Command::new(program);
    command.arg("--data-dir").arg(theirs.path().join("d")).args(["run", "--port", &clinic.port.to_string()]);
    command.env("HOME", theirs.path()).env("LANG", "en_US.UTF-8").stderr(Stdio::null()).gid(65_534).uid(65_534);
    let agent = Agent::of(&mut command);
    let found = clinic.look();
    let next = found.has("port.another-user")["next"].as_str().unwrap();
    assert!(next.contains("tanba sign"), "{next}");
    for code in ["port.tanba", "port.nobody", "tls.own", "tls.resigned"] {
        found.has_none(code);
    }
    drop(agent);
    clinic.look().has_none("port.another-user");
}

#[test]
fn a_system_that_does_not_tell_of_its_sockets_is_no_fault() {
    let clinic = Clinic::new();
    let Some(found) = clinic.look_where("mount -t tmpfs none /proc/$$/net") else { return };
    assert_eq!(found.has("port.unknown")["state"], "unknown");
    found.has("tls.unknown");
    clinic.look().has_none("port.unknown");
}

#[test]
fn a_program_that_the_system_does_not_name_is_said_to_be_there() {
    if !is_root() {
        return;
    }
    if Command::new("python3").arg("--version").output().is_err() {
        println!("NOT RUN: python3 is not here");
        return;
    }
    // Somebody whose own program has the port, but whose processes they may not look into: no program is named.
    let clinic = Clinic::new();
    let theirs = tempfile::tempdir().unwrap();
    fs::set_permissions(theirs.path(), fs::Permissions::from_mode(0o777)).unwrap();
    for name in ["tanba", "tanba-signer"] {
        fs::copy(Clinic::program().with_file_name(name), theirs.path().join(name)).unwrap();
    }
    // A socket that this user opened and a process of root's holds.
    let data = theirs.path().join("d");
    fs::create_dir_all(data.join("config")).unwrap();
    fs::write(data.join("config/settings.toml"), format!("language = \"en\"\nport = {}\n", clinic.port)).unwrap();
    let script = "import os, socket, time\ns = socket.socket()\nos.seteuid(65534)\n\
                  s = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))\nos.seteuid(0)\n\
                  print('127.0.0.1', flush=True)\ntime.sleep(600)\n";
    let mut holder = Command::new("python3");
    holder.args(["-c", script]).env("PORT", clinic.port.to_string());
    let holder = Agent::of(&mut holder);
    let mut command = Command::new(theirs.path().join("tanba"));
    command.arg("--data-dir").arg(&data).args(["doctor", "--offline", "--json"]);
    command.env("HOME", theirs.path()).env("LANG", "en_US.UTF-8").gid(65_534).uid(65_534);
    command.env_remove("XDG_RUNTIME_DIR").current_dir("/");
    Command::new("chown").args(["-R", "65534:65534"]).arg(theirs.path()).status().unwrap();
    let found = Found::of(&Clinic::finish(command, ""));
    assert_eq!(found.has("port.hidden")["state"], "unknown");
    drop(holder);
}
