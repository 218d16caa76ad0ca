//! Whether a newer version is there: files of the named signer and of others, whole and broken, at a path and at an address.

use crate::clinic::{Clinic, Found};
use crate::desk::now;
use crate::publisher::{Answer, PAGE, Publisher, Shelf, content, ok};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use test_nca::TestNca;

struct World {
    clinic: Clinic,
    publisher: Publisher,
}

impl World {
    fn new() -> Self {
        let clinic = Clinic::new();
        let publisher = Publisher::of(&clinic.desk.nca);
        Self { clinic, publisher }
    }

    fn settle(&self, file: &str) {
        self.settle_with(file, &self.publisher.digest());
    }

    fn settle_with(&self, file: &str, signer: &str) {
        // The services of the NCA are nobody's: they are asked too.
        self.clinic.settle(&format!(
            "[services]\nproxy = \"none\"\ntsp = \"http://127.0.0.1:9\"\nocsp = \"http://127.0.0.1:9\"\ntimeout_seconds = 2\n\
             [updates]\nfile = \"{file}\"\nsigner = \"{signer}\"\n"
        ));
    }

    /// Lays a file down, and has it looked at.
    fn look_at(&self, octets: &[u8]) -> Found {
        let file = self.file();
        fs::write(&file, octets).unwrap();
        self.settle(file.to_str().unwrap());
        self.clinic.look()
    }

    fn file(&self) -> PathBuf {
        self.clinic.desk.path("tanba-version.cms")
    }

    fn look_online(&self) -> Found {
        Found::of(&self.clinic.run(&["doctor", "--json"], ""))
    }

    fn guard(&self) {
        let signer = env!("CARGO_BIN_EXE_tanba-signer");
        let mut command = std::process::Command::new(signer);
        command.arg("guardian").arg("--data-dir").arg(self.clinic.desk.dir.path());
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        assert_eq!(Clinic::finish(command, "").code, 0);
    }
}

fn said_of_version(found: &Found) -> Vec<&str> {
    found.codes().into_iter().filter(|code| code.starts_with("version.")).collect()
}

#[test]
fn where_no_file_is_named_nothing_is_said_and_nothing_looked_at() {
    let world = World::new();
    assert_eq!(said_of_version(&world.clinic.look()), [""; 0]);
}

#[test]
fn a_newer_version_is_told_with_its_page_and_is_no_fault() {
    let world = World::new();
    let found = world.look_at(&world.publisher.file("9.1.0", now()));
    assert_eq!(said_of_version(&found), ["version.newer"]);
    let newer = found.has("version.newer");
    assert_eq!(newer["state"], "warning");
    let here = env!("CARGO_PKG_VERSION");
    assert!(found.what("version.newer").contains("9.1.0") && found.what("version.newer").contains(here), "{newer}");
    assert!(newer["next"].as_str().unwrap().contains(PAGE), "{newer}");
    assert!(newer["why"].as_str().unwrap().contains("installs nothing by itself"), "{newer}");
    // In the report for others too.
    let said = world.clinic.run(&["doctor", "--offline", "--report"], "");
    assert!(said.out.contains("[version.newer]") && said.out.contains("9.1.0"), "{}", said.out);
}

#[test]
fn this_version_an_older_one_and_its_own_pre_release_are_nothing_newer() {
    let world = World::new();
    let here = env!("CARGO_PKG_VERSION");
    for version in [here.to_owned(), "0.0.9".to_owned(), format!("{here}-rc.1"), format!("{here}+later")] {
        let found = world.look_at(&world.publisher.file(&version, now()));
        assert_eq!(said_of_version(&found), ["version.latest"], "{version}");
        assert!(found.what("version.latest").contains(here));
    }
}

#[test]
fn a_file_that_is_not_of_the_named_signer_alone_or_not_what_it_should_be_is_not_believed() {
    let world = World::new();
    let stranger = Publisher::of(&world.clinic.desk.nca);
    let good = world.publisher.file("9.1.0", now());
    let mut changed = good.clone();
    let at = changed.windows(5).position(|window| window == b"9.1.0").unwrap();
    changed[at] = b'8';
    for (octets, why) in [
        (stranger.file("9.1.0", now()), "certificate that the settings name"),
        (stranger.sign_too(&good), "has 2"),
        (world.publisher.sign_too(&good), "has 2"),
        (changed, "does not hold"),
        (good[..good.len() / 2].to_vec(), "not a signed file"),
        (Vec::new(), "not a signed file"),
        (content("tanba", "9.1.0", now()).into_bytes(), "not a signed file"),
        (world.publisher.sign(&content("ncalayer", "9.1.0", now())), "another program"),
        (world.publisher.sign("{\"program\":\"tanba\""), "cannot be understood"),
        (world.publisher.sign(&content("tanba", "nine", now())), "cannot be understood"),
        (world.publisher.file("9.1.0", now().plus_days(30)), "clock"),
    ] {
        let found = world.look_at(&octets);
        assert_eq!(said_of_version(&found), ["version.not-believed"], "{why}");
        assert!(found.what("version.not-believed").contains(why), "{why}: {}", found.what("version.not-believed"));
        assert_eq!(found.has("version.not-believed")["state"], "warning");
        assert!(!found.json.to_string().contains("9.1.0"), "nothing of it is repeated: {why}");
    }
}

#[test]
fn without_a_signer_the_file_is_not_even_fetched() {
    let world = World::new();
    let shelf = Shelf::new();
    shelf.lay(Answer::File(world.publisher.file("9.1.0", now())));
    world.settle_with(&shelf.url(), "");
    let found = world.look_online();
    assert_eq!(said_of_version(&found), ["version.no-signer"]);
    assert!(found.has("version.no-signer")["next"].as_str().unwrap().contains("updates.signer"));
    world.guard();
    assert_eq!(shelf.asked(), 0);
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_one_is_told_with_its_place() {
    let world = World::new();
    let missing = world.clinic.desk.path("nowhere.cms");
    world.settle(missing.to_str().unwrap());
    let found = world.clinic.look();
    assert!(found.what("version.unavailable").contains("nowhere.cms"), "{}", found.what("version.unavailable"));
    // A folder, a pipe that nobody writes to, a file of any length.
    world.settle(world.clinic.desk.dir.path().to_str().unwrap());
    world.clinic.look().has("version.unavailable");
    let pipe = world.clinic.desk.path("pipe");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        world.settle(pipe.to_str().unwrap());
        world.clinic.look().has("version.unavailable");
    }
    let found = world.look_at(&vec![0x30; 64 * 1024 + 1]);
    assert!(found.what("version.unavailable").contains("longer"), "{}", found.what("version.unavailable"));
}

#[test]
fn an_address_is_asked_with_its_bounds_and_not_offline() {
    let world = World::new();
    let shelf = Shelf::new();
    let good = world.publisher.file("9.1.0", now());
    world.settle(&shelf.url());
    shelf.lay(Answer::File(good.clone()));
    assert_eq!(said_of_version(&world.clinic.look()), ["version.not-asked"]);
    assert_eq!(shelf.asked(), 0);
    world.look_online().has("version.newer");
    assert_eq!(shelf.asked(), 1);

    let elsewhere = Shelf::new();
    elsewhere.lay(Answer::File(good.clone()));
    let redirection = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        elsewhere.url()
    );
    let endless = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "0".repeat(70_000));
    let mut cut = ok(&good);
    cut.truncate(cut.len() - 10);
    for (answer, why) in [
        (redirection.into_bytes(), "302"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(), "404"),
        (endless.into_bytes(), "longer"),
        (cut, "127.0.0.1"),
        (b"220 mail.example ESMTP\r\n".to_vec(), "127.0.0.1"),
        (Vec::new(), "127.0.0.1"),
    ] {
        shelf.lay(Answer::Raw(answer));
        let found = world.look_online();
        assert_eq!(said_of_version(&found), ["version.unavailable"], "{why}");
        assert!(found.what("version.unavailable").contains(why), "{why}: {}", found.what("version.unavailable"));
    }
    assert_eq!(elsewhere.asked(), 0, "a redirection is not followed");

    shelf.lay(Answer::Nothing);
    let began = Instant::now();
    let found = world.look_online();
    assert!(found.what("version.unavailable").contains("in time"), "{}", found.what("version.unavailable"));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.settle(&format!("http://{nobody}/x"));
    let found = world.look_online();
    assert!(found.what("version.unavailable").contains("cannot be reached"), "{}", found.what("version.unavailable"));
}

#[test]
fn an_older_file_than_the_guardian_saw_is_stale_whatever_it_names() {
    let world = World::new();
    let newest = world.publisher.file("0.0.1", now());
    world.look_at(&newest).has("version.latest");
    // The doctor remembers nothing: looking changes nothing.
    let older = world.publisher.file("9.1.0", now().plus_days(-1));
    world.look_at(&older).has("version.newer");
    world.look_at(&newest);
    world.guard();
    let found = world.look_at(&older);
    assert_eq!(said_of_version(&found), ["version.stale"]);
    assert!(!found.what("version.stale").contains("9.1.0"), "{}", found.what("version.stale"));
    world.look_at(&world.publisher.file("9.1.0", now().plus_seconds(5))).has("version.newer");
}

/// A server with TLS under the name `localhost`, whose authority the system believes where a variable says so.
#[test]
fn over_https_a_server_is_asked_that_the_system_believes_and_no_other() {
    let world = World::new();
    let (port, authority) = secure_shelf(world.publisher.file("9.1.0", now()));
    world.settle(&format!("https://localhost:{port}/tanba-version.cms"));
    let believed = world.clinic.desk.write("authority.pem", authority.as_bytes());
    let look = |authorities: &str| {
        let mut command = world.clinic.command(&["doctor", "--json"]);
        command.env("SSL_CERT_FILE", authorities).env("SSL_CERT_DIR", world.clinic.home());
        Found::of(&Clinic::finish(command, ""))
    };
    look(&believed).has("version.newer");
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
    look(&world.clinic.desk.write("other.pem", other.as_bytes())).has("version.unavailable");
}

/// Gives that file over TLS; its port, and its certificate in PEM.
fn secure_shelf(file: Vec<u8>) -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = BufReader::new(rustls::StreamOwned::new(connection, socket));
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                if stream.read_line(&mut line).unwrap_or(0) == 0 {
                    break;
                }
            }
            let _ = stream.get_mut().write_all(&ok(&file));
            stream.get_mut().conn.send_close_notify();
            let _ = stream.get_mut().flush();
        }
    });
    (port, made.cert.pem())
}

/// The commands of `docs/updates.md` that stand in a block with this word in it.
fn commands_with(word: &str) -> String {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/updates.md")).unwrap();
    let blocks = page.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    let found: Vec<_> = blocks.filter(|block| block.contains(word)).collect();
    assert_eq!(found.len(), 1, "{word}");
    found[0].to_owned()
}

/// Runs a script in the desk's folder, where `tanba` is this one with the desk's data; what it prints.
fn run_script(world: &World, script: &str) -> String {
    let (program, data) = (Clinic::program(), world.clinic.desk.dir.path().to_owned());
    let tanba = format!("tanba() {{ '{}' --data-dir '{}' \"$@\"; }}\n", program.display(), data.display());
    let mut command = std::process::Command::new("sh");
    command.args(["-euc", &format!("{tanba}{script}")]).current_dir(&data);
    let said = Clinic::finish(command, &crate::desk::typed());
    assert_eq!(said.code, 0, "{script}\n{}{}", said.out, said.err);
    said.out
}

#[test]
fn the_commands_of_the_page_make_a_file_with_openssl_that_is_believed() {
    if nca_material::openssl(["version"]).is_none() {
        return;
    }
    let world = World::new();
    let digest = run_script(&world, &commands_with("openssl req"));
    run_script(&world, &commands_with("openssl cms"));
    world.settle_with(world.file().to_str().unwrap(), digest.split_whitespace().next().unwrap());
    let found = world.clinic.look();
    assert!(found.what("version.newer").contains("0.2.0"), "{}", found.what("version.newer"));
    // As the publisher looks at it. That other things here are in the way is none of its business.
    world.clinic.settle("");
    let script =
        commands_with("tanba settings set updates.file").replace("doctor --offline", "doctor --offline || true");
    let said = run_script(&world, &script);
    assert!(said.contains("0.2.0") && said.contains("https://example.kz/tanba/0.2.0"), "{said}");
    // In PEM too.
    let pem = commands_with("openssl cms").replace("-outform DER", "-outform PEM");
    run_script(&world, &pem);
    world.clinic.look().has("version.newer");
}

#[test]
fn the_commands_of_the_page_make_a_file_with_tanba_itself_that_is_believed() {
    let world = World::new();
    let key = world.clinic.desk.nca.head().unwrap();
    world.clinic.desk.key("publisher.p12", &key);
    fs::write(world.clinic.desk.path("version.json"), content("tanba", "9.1.0", now())).unwrap();
    // The password is typed at a terminal there.
    let script = commands_with("tanba sign").replace("publisher.p12", "publisher.p12 --password-stdin");
    let (export, sign) = script.split_at(script.find("tanba sign").unwrap());
    let said = run_script(&world, export);
    let digest = said.lines().last().and_then(|line| line.split_whitespace().next()).unwrap();
    run_script(&world, sign);
    world.settle_with(world.file().to_str().unwrap(), digest);
    world.clinic.look().has("version.newer");
}

#[test]
fn an_nca_of_rsa_keys_publishes_as_well() {
    let clinic = Clinic::new();
    let nca = TestNca::of(keystore::NewKey::Rsa2048, now()).unwrap();
    let world = World { publisher: Publisher::of(&nca), clinic };
    world.look_at(&world.publisher.file("9.1.0", now())).has("version.newer");
}
