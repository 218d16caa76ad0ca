//! The NCA's services and the clock: the miniature NCA answers over HTTP, well or badly.

use crate::clinic::{Clinic, Found, kill};
use crate::desk::{Desk, now, typed};
use pki::Timestamp;
use pki::revocation::Reason;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use test_nca::services::{Server, Services};
use test_nca::{Issued, TestNca};

struct World {
    clinic: Clinic,
    services: Arc<Services>,
    server: Server,
    person: Issued,
}

impl World {
    /// An NCA whose services' clock is that, and a remembered key of it.
    fn with_clock(clock: fn() -> Timestamp) -> Self {
        let place = Server::bind(0).unwrap();
        let desk = Desk::of(TestNca::new(now()).unwrap().with_services(&place.url()));
        let services = Arc::new(Services::new(Arc::clone(&desk.nca), TestNca::new(now()).unwrap()).unwrap());
        let server = place.serve(Arc::clone(&services), clock).unwrap();
        let clinic = Clinic::of(desk);
        let person = clinic.desk.nca.person().unwrap();
        let key = clinic.desk.key("person.p12", &person);
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        clinic.run(&["keys", "add", &key, "--password-stdin"], &typed());
        let world = Self { clinic, services, server, person };
        world.settle("", "", true);
        world
    }

    fn new() -> Self {
        Self::with_clock(now)
    }

    /// With an awkward corner of the services in front of the ordinary paths; whether certificates may name its host.
    fn settle(&self, tsp: &str, ocsp: &str, also: bool) {
        let url = self.server.url();
        let host = url.trim_start_matches("http://");
        let ocsp = if ocsp.is_empty() { String::new() } else { format!("{url}{ocsp}/ocsp/") };
        let also = if also { format!("\"{host}\"") } else { String::new() };
        self.clinic.settle(&format!(
            "[services]\nproxy = \"none\"\ntsp = \"{url}{tsp}/tsp/\"\nocsp = \"{ocsp}\"\nalso = [{also}]\n\
             timeout_seconds = 5\n"
        ));
    }

    fn look(&self) -> Found {
        Found::of(&self.clinic.run(&["doctor", "--json"], ""))
    }
}

#[test]
fn services_that_answer_and_a_clock_that_agrees_are_good() {
    let world = World::new();
    let found = world.look();
    for code in ["ocsp.answers", "crl.answers", "tsp.answers", "clock.agrees", "keys.ready"] {
        assert_eq!(found.has(code)["state"], "good", "{code}");
    }
    let found = world.clinic.look();
    found.has("services.not-asked");
    found.has("clock.unknown");
    for code in ["ocsp.answers", "crl.answers", "tsp.answers"] {
        found.has_none(code);
    }
}

#[test]
fn each_service_that_fails_is_named_and_only_that() {
    let world = World::new();
    world.settle("/nowhere", "", true);
    let found = world.look();
    assert!(found.what("tsp.fails").contains("TSP"), "{}", found.what("tsp.fails"));
    found.has("ocsp.answers");
    found.has("crl.answers");
    for corner in ["/wrong-nonce", "/stranger", "/garbage"] {
        world.settle(corner, "", true);
        world.look().has("tsp.fails");
    }
    for corner in ["/nowhere", "/garbage", "/stranger"] {
        world.settle("", corner, true);
        let found = world.look();
        found.has("ocsp.fails");
        found.has("tsp.answers");
    }
    // Where certificates name a host that nobody allowed, no list is fetched.
    world.settle("", "", false);
    world.look().has("crl.fails");
    world.settle("", "", true);
    let found = world.look();
    for code in ["ocsp.fails", "crl.fails", "tsp.fails"] {
        found.has_none(code);
    }
}

#[test]
fn an_answer_that_is_none_is_told_in_the_persons_language_and_in_full_to_who_helps() {
    let world = World::new();
    for (corner, language) in [("/wrong-nonce", "ru"), ("/stranger", "kk"), ("/garbage", "ru")] {
        world.settle(corner, corner, true);
        let file = world.clinic.desk.path("config/settings.toml");
        let text = fs::read_to_string(&file).unwrap().replace("\"en\"", &format!("\"{language}\""));
        fs::write(&file, text).unwrap();
        let found = world.look();
        let report = world.clinic.run(&["doctor", "--report"], "").out;
        for code in ["tsp.fails", "ocsp.fails"] {
            let words = found.what(code);
            assert!(!words.chars().any(|c| c.is_ascii_alphabetic()), "{corner}, {language}: {words}");
            let cause = found.has(code)["cause"].as_str().unwrap();
            // Names of authorities are in it as they are.
            assert!(cause.contains(' ') && cause.starts_with(|c: char| c.is_ascii_alphabetic()), "{cause}");
            let line = report.lines().find(|line| line.starts_with(&format!("[{code}]"))).unwrap();
            assert!(line.contains(words) && line.ends_with(']'), "{line}");
        }
    }
}

#[test]
fn services_that_are_not_there_are_told_and_nothing_else_suffers() {
    let world = World::new();
    drop(world.server);
    let found = Found::of(&world.clinic.run(&["doctor", "--json"], ""));
    for code in ["ocsp.fails", "crl.fails", "tsp.fails"] {
        assert!(found.what(code).contains("127.0.0.1"), "{}", found.what(code));
    }
    assert_eq!(found.has("clock.unknown")["state"], "unknown");
    found.has("keys.ready");
}

#[test]
fn without_a_key_the_services_are_asked_about_nobody() {
    let world = World::new();
    let key = world.clinic.desk.path("person.p12");
    world.clinic.run(&["keys", "remove", key.to_str().unwrap()], "");
    world.settle("", "", true);
    // Nobody names a responder, so the settings do.
    let ocsp = format!("{}/ocsp/", world.server.url());
    let settings = world.clinic.desk.path("config/settings.toml");
    let text = fs::read_to_string(&settings).unwrap().replace("ocsp = \"\"", &format!("ocsp = \"{ocsp}\""));
    fs::write(&settings, text).unwrap();
    let found = world.look();
    found.has("ocsp.answers");
    found.has("tsp.answers");
}

#[test]
fn a_clock_that_is_off_is_told_with_both_times() {
    let world = World::with_clock(|| now().plus_seconds(3600));
    let found = world.look();
    let words = found.what("clock.wrong");
    assert!(words.contains("TSP") && ["3599", "3600", "3601"].iter().any(|off| words.contains(off)), "{words}");
    assert_eq!(found.has("clock.wrong")["state"], "bad");
    // Without a stamp, what the servers write above their answers is better than nothing.
    world.settle("/nowhere", "", true);
    let found = world.look();
    found.has("tsp.fails");
    assert!(found.what("clock.wrong").contains("127.0.0.1"), "{}", found.what("clock.wrong"));
    World::with_clock(|| now().plus_seconds(-20)).look().has("clock.agrees");
}

#[test]
fn a_key_that_was_revoked_is_told_by_whoever_says_so() {
    let world = World::new();
    world.look().has_none("keys.revoked");
    world.services.revoke(world.person.certificate.serial(), now().plus_seconds(-3600), Reason::KeyCompromise);
    let found = world.look();
    assert_eq!(found.has("keys.revoked")["state"], "bad");
    found.has("ocsp.answers");
    world.services.release(world.person.certificate.serial());
    world.look().has_none("keys.revoked");
}

#[test]
fn a_proxy_that_is_none_is_named() {
    let world = World::new();
    world.clinic.settle("[services]\nproxy = \"http://\"\n");
    let found = world.look();
    // The settings refuse most of them already.
    assert!(
        found.codes().contains("services.proxy") || found.codes().contains("settings.broken"),
        "{:?}",
        found.codes()
    );
    world.settle("", "", true);
    world.look().has_none("services.proxy");
}

#[test]
fn a_service_that_says_nothing_is_not_waited_for_without_end_and_ctrl_c_ends_the_wait_at_once() {
    let world = World::new();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let settle = |seconds: u32| {
        world.clinic.settle(&format!(
            "[services]\nproxy = \"none\"\ntsp = \"http://{address}\"\nocsp = \"http://{address}\"\n\
             timeout_seconds = {seconds}\n"
        ));
    };
    settle(1);
    let began = Instant::now();
    let found = world.look();
    assert!(found.what("tsp.fails").contains("does not answer"), "{}", found.what("tsp.fails"));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());

    settle(120);
    let mut command = world.clinic.command(&["doctor"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    let began = Instant::now();
    kill("INT", child.id());
    let output = child.wait_with_output().unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(output.status.signal(), Some(2));
    assert!(output.stdout.is_empty(), "half a report is none");
}
