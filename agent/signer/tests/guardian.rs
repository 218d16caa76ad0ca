//! The expiry guardian as a process, with a desktop of the test's own on a bus of the test's own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod desk;
mod publisher;

use desk::{Desk, Run, now, typed};
use pki::{Certificate, revocation::Reason};
use publisher::{Answer, PAGE, Publisher, Shelf};
use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use test_nca::services::{Server, Services};
use test_nca::{Holding, Person, TestNca};
use zbus::zvariant::OwnedValue;

/// What the desktop was asked to show: title, text, urgency.
type Shown = (String, String, u8);

struct Screen(mpsc::Sender<Shown>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Screen {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned(), "body-markup".to_owned()]
    }

    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        app_name: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        assert_eq!(app_name, "Tanba");
        let urgency = u8::try_from(hints["urgency"].clone()).unwrap();
        self.0.send((summary, body, urgency)).unwrap();
        1
    }
}

/// A bus that nobody else is on, and a desktop on it.
struct Desktop {
    daemon: Child,
    address: String,
    shown: mpsc::Receiver<Shown>,
    _connection: zbus::Connection,
    _folder: tempfile::TempDir,
}

impl Desktop {
    /// `None`, with a line that says so, where there is no bus to be had.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (config, socket) = (folder.path().join("bus.conf"), folder.path().join("bus"));
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><policy context=\"default\">\
             <allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>",
            socket.display()
        );
        fs::write(&config, text).unwrap();
        let daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(daemon) = daemon else {
            println!("NOT RUN: dbus-daemon (dbus) is not here");
            return None;
        };
        let started = Instant::now();
        while !socket.exists() {
            assert!(started.elapsed() < Duration::from_secs(20), "the bus does not come up");
            std::thread::sleep(Duration::from_millis(10));
        }
        let address = format!("unix:path={}", socket.display());
        let (sender, shown) = mpsc::channel();
        let connection = pollster::block_on(async {
            zbus::connection::Builder::address(address.as_str())?
                .name("org.freedesktop.Notifications")?
                .serve_at("/org/freedesktop/Notifications", Screen(sender))?
                .build()
                .await
        });
        Some(Self { daemon, address, shown, _connection: connection.unwrap(), _folder: folder })
    }

    fn shown(&self) -> Vec<Shown> {
        self.shown.try_iter().collect()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

struct World {
    desk: Desk,
    services: Arc<Services>,
    server: Server,
}

impl World {
    fn new() -> Self {
        let place = Server::bind(0).unwrap();
        let desk = Desk::of(TestNca::new(now()).unwrap().with_services(&place.url()));
        let services = Services::new(Arc::clone(&desk.nca), TestNca::new(now()).unwrap()).unwrap();
        let services = Arc::new(services);
        let server = place.serve(Arc::clone(&services), now).unwrap();
        let world = Self { desk, services, server };
        world.settle("", "");
        world
    }

    fn settle(&self, services: &str, more: &str) {
        let url = self.server.url();
        let host = url.trim_start_matches("http://");
        let text = format!(
            "language = \"ru\"\ntest_environment = true\n[services]\nproxy = \"none\"\nalso = [\"{host}\"]\n\
             timeout_seconds = 5\n{services}\n{more}\n"
        );
        fs::write(self.desk.path("config/settings.toml"), text).unwrap();
    }

    fn remember(&self, days: i64) -> Certificate {
        let to = now().plus_days(days).plus_seconds(3600);
        let issued = self.desk.nca.issue(&Holding::signing(Person::Citizen), now().plus_days(-300), to).unwrap();
        let key = self.desk.key("person.p12", &issued);
        self.desk.run(&["keys", "add", &key, "--password-stdin"], &typed()).ends_with(0);
        issued.certificate
    }

    fn look(&self, bus: &str) -> serde_json::Value {
        let output = Command::new(env!("CARGO_BIN_EXE_tanba-signer"))
            .arg("guardian")
            .arg("--data-dir")
            .arg(self.desk.dir.path())
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let run = Run::of(output).ends_with(0);
        assert_eq!(run.out.lines().count(), 1, "{}", run.out);
        serde_json::from_str(&run.out).unwrap()
    }
}

const NO_BUS: &str = "unix:path=/nonexistent/bus";

#[test]
fn a_key_that_ends_soon_is_spoken_of_once_in_the_persons_language() {
    let Some(desktop) = Desktop::new() else { return };
    let world = World::new();
    let certificate = world.remember(12);
    // Nobody saw it yet: it is said when there is a desktop.
    assert_eq!(world.look(NO_BUS), serde_json::json!({ "state": "soon", "days": 12 }));
    assert_eq!(world.look(&desktop.address)["state"], "soon");
    let shown = desktop.shown();
    let [(title, text, urgency)] = shown.as_slice() else { panic!("{shown:?}") };
    assert!(title.contains("ТЕСТ") && title.contains("скоро истекает"), "{title}");
    assert!(text.contains("осталось 12 дней") && text.contains(&certificate.holder().name), "{text}");
    assert_eq!(*urgency, 1);
    world.look(&desktop.address);
    assert_eq!(desktop.shown(), [], "once is enough");
    let memory = fs::read_to_string(world.desk.path("state/guardian.json")).unwrap();
    assert!(!memory.contains(&certificate.holder().name), "digests only: {memory}");
}

#[test]
fn a_revoked_key_is_spoken_of_at_once_and_nobody_is_asked_where_the_person_wants_that() {
    let Some(desktop) = Desktop::new() else { return };
    let world = World::new();
    let certificate = world.remember(200);
    world.services.revoke(certificate.serial(), now().plus_seconds(-3600), Reason::KeyCompromise);
    world.settle("check_before_signing = false", "");
    assert_eq!(world.look(&desktop.address), serde_json::json!({ "state": "fine" }));
    assert_eq!(desktop.shown(), []);
    world.settle("", "");
    assert_eq!(world.look(&desktop.address), serde_json::json!({ "state": "revoked" }));
    let shown = desktop.shown();
    let [(title, text, urgency)] = shown.as_slice() else { panic!("{shown:?}") };
    assert!(title.contains("отозван") && text.contains("1414"), "{title} {text}");
    assert_eq!(*urgency, 2);
    // Once a day only: what was heard is remembered although nobody answers any more.
    world.settle("ocsp = \"http://127.0.0.1:9/\"", "");
    assert_eq!(world.look(&desktop.address)["state"], "revoked");
    assert_eq!(desktop.shown(), []);
}

#[test]
fn a_desktop_that_does_not_answer_costs_some_seconds_and_nothing_else() {
    let world = World::new();
    world.remember(12);
    let silent = world.desk.path("silent");
    let _listener = std::os::unix::net::UnixListener::bind(&silent).unwrap();
    let started = Instant::now();
    assert_eq!(world.look(&format!("unix:path={}", silent.display()))["state"], "soon");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn who_wants_no_word_gets_none() {
    let Some(desktop) = Desktop::new() else { return };
    let world = World::new();
    world.remember(3);
    world.settle("", "[notifications]\nexpiry = false");
    assert_eq!(world.look(&desktop.address), serde_json::json!({ "state": "soon", "days": 3 }));
    assert_eq!(desktop.shown(), []);
}

#[test]
fn without_keys_there_is_nothing_to_say_and_a_broken_list_is_no_success() {
    let world = World::new();
    assert_eq!(world.look(NO_BUS), serde_json::json!({ "state": "fine" }));
    fs::write(world.desk.path("data/blocked.json"), "{").unwrap();
    world.desk.run(&["guardian"], "").ends_with(4);
}

#[test]
fn a_newer_version_is_told_once_and_its_publisher_asked_once_a_day() {
    let Some(desktop) = Desktop::new() else { return };
    let world = World::new();
    let (shelf, publisher) = (Shelf::new(), Publisher::of(&world.desk.nca));
    let named = format!("[updates]\nfile = \"{}\"\nsigner = \"{}\"", shelf.url(), publisher.digest());
    // Nobody is asked where nothing is named, and none of this is about keys.
    world.look(&desktop.address);
    assert_eq!(shelf.asked(), 0);
    world.settle("", &format!("[notifications]\nexpiry = false\n{named}"));
    shelf.lay(Answer::File(publisher.file("9.1.0", now())));
    assert_eq!(world.look(NO_BUS), serde_json::json!({ "state": "fine" }));
    assert_eq!(world.look(&desktop.address), serde_json::json!({ "state": "fine" }));
    let shown = desktop.shown();
    let [(title, text, urgency)] = shown.as_slice() else { panic!("{shown:?}") };
    assert!(
        title.contains("9.1.0") && text.contains(PAGE) && text.contains("ничего не устанавливает"),
        "{title} {text}"
    );
    assert_eq!(*urgency, 1);
    world.look(&desktop.address);
    assert_eq!((desktop.shown(), shelf.asked()), (Vec::new(), 1));
}

#[test]
fn a_version_file_that_is_not_believed_says_nothing_and_a_broken_list_of_keys_hinders_no_word_about_versions() {
    let Some(desktop) = Desktop::new() else { return };
    let world = World::new();
    let (publisher, stranger) = (Publisher::of(&world.desk.nca), Publisher::of(&world.desk.nca));
    let file = world.desk.write("version.cms", &stranger.file("9.1.0", now()));
    world.settle("", &format!("[updates]\nfile = \"{file}\"\nsigner = \"{}\"", publisher.digest()));
    world.look(&desktop.address);
    assert_eq!(desktop.shown(), []);
    let memory = world.desk.path("state/updates.json");
    fs::remove_file(&memory).unwrap();
    world.desk.write("version.cms", &publisher.file("9.1.0", now()));
    fs::write(world.desk.path("data/keys.json"), "{").unwrap();
    world.look(&desktop.address);
    assert_eq!(desktop.shown().len(), 1);
}
