use super::*;
use crate::life::blocked::sha256;
use pki::{Signer, Timestamp};
use platform::notifications::{Message, NotificationError, Notifications};
use proptest::prelude::*;
use settings::{Places, Updates, VersionSource};
use signature::cms::{self, Content};
use std::cell::{Cell, RefCell};
use std::sync::LazyLock;
use test_nca::{Holding, Issued, Person, TestNca};
use texts::{Locale, Texts};

/// 2026-11-23T12:00:00Z
const NOW: Timestamp = Timestamp::from_unix(1_795_435_200);
const PAGE: &str = "https://tanba.example/0.2";

/// Two publishers; the first one is believed.
struct Publishers {
    ours: Issued,
    other: Issued,
}

static PUBLISHERS: LazyLock<Publishers> = LazyLock::new(|| {
    let nca = TestNca::seeded(NOW, 6).unwrap();
    // The certificate ended long ago: it is pinned, and its time is not asked for.
    let long_ago = |person| nca.issue(&Holding::signing(person), NOW.plus_days(-400), NOW.plus_days(-100)).unwrap();
    Publishers { ours: long_ago(Person::Head), other: long_ago(Person::Citizen) }
});

fn pinned() -> String {
    sha256(PUBLISHERS.ours.certificate.der())
}

fn text(version: &str, issued: &str) -> String {
    format!(r#"{{"program":"tanba","version":"{version}","page":"{PAGE}","issued":"{issued}"}}"#)
}

fn signed_by(issued: &Issued, content: &[u8]) -> Vec<u8> {
    let signer: Box<dyn Signer> = issued.signer().unwrap();
    cms::sign(&*signer, Content::Attached(content), NOW).unwrap()
}

fn signed(content: &str) -> Vec<u8> {
    signed_by(&PUBLISHERS.ours, content.as_bytes())
}

fn read(octets: &[u8]) -> Result<VersionFile, NotBelieved> {
    VersionFile::read(octets, &pinned(), NOW)
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

#[test]
fn a_file_of_the_named_signer_is_believed_in_der_and_in_pem() {
    let wanted = VersionFile {
        release: Release { version: version("0.2.0"), page: PAGE.to_owned() },
        issued: Timestamp::from_utc(2026, 11, 20, 10, 0, 0).unwrap(),
    };
    let der = signed(&text("0.2.0", "2026-11-20T15:00:00+05:00"));
    assert_eq!(read(&der), Ok(wanted.clone()));
    assert_eq!(read(cms::to_pem(&der).as_bytes()), Ok(wanted));
}

#[test]
fn a_file_of_anybody_else_is_not_believed() {
    let content = text("0.2.0", "2026-11-20T10:00:00Z");
    let others = signed_by(&PUBLISHERS.other, content.as_bytes());
    assert_eq!(read(&others), Err(NotBelieved::OtherSigner));
    // Neither is one with the named signer's beside it.
    let other = PUBLISHERS.other.signer().unwrap();
    let both = cms::amend::add_signer(&signed(&content), &*other, None, cms::amend::SameCertificate::Refuse, NOW);
    assert_eq!(read(&both.unwrap()), Err(NotBelieved::Signers(2)));
    // To put the named certificate into another's signature makes it no signature of the named one.
    let (ours, theirs) = (PUBLISHERS.ours.certificate.der(), PUBLISHERS.other.certificate.der());
    let at = others.windows(theirs.len()).position(|window| window == theirs).unwrap();
    let mut forged = others;
    if ours.len() == theirs.len() {
        forged.splice(at..at + theirs.len(), ours.iter().copied());
        assert!(read(&forged).is_err());
    }
}

#[test]
fn what_is_not_exactly_a_signed_file_is_not_believed() {
    let good = signed(&text("0.2.0", "2026-11-20T10:00:00Z"));
    let signer = PUBLISHERS.ours.signer().unwrap();
    let detached = cms::sign(&*signer, Content::Detached(b"{}"), NOW).unwrap();
    for octets in [&b""[..], b"{}", b"\x30", b"-----BEGIN CMS-----", &good[..good.len() - 1], &good[..100], &detached] {
        assert_eq!(read(octets), Err(NotBelieved::NotSigned), "{} octets", octets.len());
    }
    let padded = format!("{}{}", text("0.2.0", "2026-11-20T10:00:00Z"), " ".repeat(65_536));
    assert_eq!(read(&signed(&padded)), Err(NotBelieved::TooLong));
    let mut changed = good.clone();
    let at = changed.windows(5).position(|window| window == b"0.2.0").unwrap();
    changed[at] = b'9';
    assert_eq!(read(&changed), Err(NotBelieved::BadSignature));
}

#[test]
fn the_content_is_read_strictly() {
    let good = text("0.2.0", "2026-11-20T10:00:00Z");
    assert!(read(&signed(&format!("{good}\n"))).is_ok());
    for (from, to) in [
        ("0.2.0", "0.2"),
        ("0.2.0", "v0.2.0"),
        ("0.2.0", "0.02.0"),
        ("0.2.0", "99999999999999999999.0.0"),
        ("0.2.0", ""),
        ("https://", "http://"),
        ("https://tanba.example", "https://"),
        ("https://tanba.example", "https://tanba.example@other.example"),
        ("https://tanba.example", "https://tanba.example:99999"),
        ("https://tanba.example", "https://tanba example"),
        ("https://tanba.example", "https://\\u202etanba.example"),
        ("https://tanba.example", "javascript:https://tanba.example"),
        ("2026-11-20T10:00:00Z", "2026-11-20"),
        ("2026-11-20T10:00:00Z", "yesterday"),
        ("{\"program\"", "{\"size\":1,\"program\""),
        ("{\"program\"", "{\"program\":\"tanba\",\"program\""),
        ("\"program\":\"tanba\",", ""),
        ("\"0.2.0\"", "2"),
        ("}", "}}"),
        ("}", "} {}"),
        ("{", "[{"),
        ("{", "\u{feff}{"),
    ] {
        let content = good.replacen(from, to, 1);
        assert_eq!(read(&signed(&content)), Err(NotBelieved::Content), "{content}");
    }
    for endless in [
        good.replace("/0.2\"", &format!("/{}\"", "a".repeat(600))),
        good.replace("0.2.0", &format!("0.2.0-{}", "a".repeat(80))),
    ] {
        assert_eq!(read(&signed(&endless)), Err(NotBelieved::Content));
    }
    for other in ["Tanba", "tanba ", "ncalayer", ""] {
        let content = good.replace("\"tanba\"", &format!("\"{other}\""));
        assert_eq!(read(&signed(&content)), Err(NotBelieved::OtherProgram), "{content}");
    }
    assert_eq!(read(&signed("null")), Err(NotBelieved::Content));
    assert_eq!(read(&signed_by(&PUBLISHERS.ours, b"\xff\xfe")), Err(NotBelieved::Content));
}

#[test]
fn a_file_from_the_future_would_keep_out_all_later_ones_and_is_not_believed() {
    let issued = |moment: Timestamp| read(&signed(&text("0.2.0", &moment.iso8601().to_string())));
    assert!(issued(NOW.plus_seconds(86_400)).is_ok(), "clocks differ");
    let later = NOW.plus_seconds(86_401);
    assert_eq!(issued(later), Err(NotBelieved::Future(later)));
}

#[test]
fn versions_are_compared_by_their_numbers_and_a_pre_release_is_older() {
    let ascending =
        ["0.0.9", "0.1.0-alpha.2", "0.1.0-alpha.10", "0.1.0-rc.1", "0.1.0", "0.1.9", "0.1.10", "0.2.0", "1.0.0"];
    for (at, one) in ascending.iter().enumerate() {
        for (than, other) in ascending.iter().enumerate() {
            assert_eq!(is_newer(&version(one), &version(other)), at > than, "{one} {other}");
        }
    }
    assert!(!is_newer(&version("0.1.0+b"), &version("0.1.0+a")), "how it was built does not count");
    assert_eq!(this_version().to_string(), env!("CARGO_PKG_VERSION"));
}

#[test]
fn an_older_file_than_one_that_was_seen_is_stale() {
    let mut memory = Memory::default();
    let stand = |memory: &Memory, version: &str, issued: &str| {
        let octets = Ok(signed(&text(version, issued)));
        Standing::told(octets, &pinned(), memory, &this_version(), NOW)
    };
    let (standing, file) = stand(&memory, "9.0.0", "2026-11-20T10:00:00Z");
    assert!(matches!(standing, Standing::Newer(_)), "{standing:?}");
    memory.remember(&file.unwrap());
    let (standing, file) = stand(&memory, "9.9.0", "2026-11-20T09:59:59Z");
    assert!(matches!(standing, Standing::Stale { .. }) && file.is_none(), "{standing:?}");
    let (standing, _) = stand(&memory, "9.0.0", "2026-11-20T10:00:00Z");
    assert!(matches!(standing, Standing::Newer(_)), "the same file is no older one: {standing:?}");
    // A publisher may take a version back; only a later file does.
    let (standing, file) = stand(&memory, "0.0.1", "2026-11-21T10:00:00Z");
    assert!(matches!(standing, Standing::Latest { .. }), "{standing:?}");
    memory.remember(&file.unwrap());
    let (standing, _) = stand(&memory, "9.0.0", "2026-11-20T10:00:00Z");
    assert!(matches!(standing, Standing::Stale { .. }), "{standing:?}");
}

/// A screen, a source, and the guardian's memory in its file.
struct World {
    folder: tempfile::TempDir,
    content: RefCell<Result<Vec<u8>, std::io::ErrorKind>>,
    asked: Cell<u32>,
    shown: RefCell<Vec<String>>,
    is_broken: Cell<bool>,
    updates: Updates,
}

impl Notifications for World {
    fn show(&self, message: &Message<'_>) -> Result<(), NotificationError> {
        if self.is_broken.get() {
            return Err(NotificationError::NotShown("no desktop".to_owned()));
        }
        self.shown.borrow_mut().push(format!("{}\n{}", message.title, message.text));
        Ok(())
    }
}

impl World {
    fn new() -> Self {
        let world = Self {
            folder: tempfile::tempdir().unwrap(),
            content: RefCell::new(Err(std::io::ErrorKind::NotFound)),
            asked: Cell::new(0),
            shown: RefCell::default(),
            is_broken: Cell::new(false),
            updates: Updates { file: "https://updates.lan/tanba.cms".to_owned(), signer: pinned() },
        };
        world.places().create().unwrap();
        world
    }

    fn places(&self) -> Places {
        Places::under(self.folder.path())
    }

    fn publish(&self, version: &str, day: i64) {
        let issued = NOW.plus_days(day).iso8601().to_string();
        *self.content.borrow_mut() = Ok(signed(&text(version, &issued)));
    }

    /// One look of the version 0.1.0 on that day, the memory read from its file and written there: what was shown.
    fn look(&self, day: i64) -> Vec<String> {
        self.look_of("0.1.0", day)
    }

    fn look_of(&self, here: &str, day: i64) -> Vec<String> {
        let mut memory = Memory::load(&self.places(), &self.updates.signer_digest().unwrap_or_default());
        let fetch = |_: VersionSource<'_>| {
            self.asked.set(self.asked.get() + 1);
            self.content.borrow().clone().map_err(|kind| Unavailable::File("x".into(), kind.into()))
        };
        Watch {
            updates: &self.updates,
            fetch: &fetch,
            texts: &Texts::new(Locale::Kk),
            notifications: self,
            here: &version(here),
            now: NOW.plus_days(day),
        }
        .look(&mut memory);
        memory.save(&self.places()).unwrap();
        self.shown.take()
    }
}

#[test]
fn each_new_version_is_told_once_in_the_persons_language_and_nobody_is_asked_twice_a_day() {
    let world = World::new();
    world.publish("0.1.0", 0);
    assert!(world.look(0).is_empty());
    world.publish("0.2.0", 1);
    let said = world.look(1);
    assert!(said.len() == 1 && said[0].contains("0.2.0") && said[0].contains(PAGE), "{said:?}");
    assert!(said[0].contains("нұсқа") && !said[0].contains('{'), "{said:?}");
    for day in 1..10 {
        assert!(world.look(day).is_empty());
        assert!(world.look(day).is_empty());
    }
    assert_eq!(world.asked.get(), 10, "once on each of the ten days");
    world.publish("0.3.0", 10);
    assert_eq!(world.look(10).len(), 1);
    // Taken back, and there again: the person knows of it.
    world.publish("0.2.0", 11);
    assert!(world.look(11).is_empty());
    world.publish("0.3.0", 12);
    assert!(world.look(12).is_empty());
    // Who has it is told nothing.
    world.publish("0.4.0", 13);
    assert!(world.look_of("0.4.0", 13).is_empty());
}

#[test]
fn what_nobody_saw_is_said_when_there_is_a_desktop_without_asking_anew() {
    let world = World::new();
    world.publish("0.2.0", 0);
    world.is_broken.set(true);
    assert!(world.look(0).is_empty());
    world.is_broken.set(false);
    assert_eq!((world.look(0).len(), world.asked.get()), (1, 1));
}

#[test]
fn a_computer_without_network_asks_at_its_next_start() {
    let world = World::new();
    assert!(world.look(0).is_empty());
    world.publish("0.2.0", 0);
    assert_eq!((world.look(0).len(), world.asked.get()), (1, 2));
}

#[test]
fn nobody_is_asked_where_no_file_or_no_signer_is_named() {
    let mut world = World::new();
    world.publish("0.2.0", 0);
    let named = world.updates.clone();
    world.updates = Updates { file: String::new(), ..named.clone() };
    assert!(world.look(0).is_empty());
    world.updates = Updates { signer: String::new(), ..named };
    assert!(world.look(0).is_empty());
    assert_eq!(world.asked.get(), 0);
}

#[test]
fn an_old_file_in_the_place_of_a_new_one_and_a_forged_one_say_nothing() {
    let world = World::new();
    world.publish("0.1.0", 5);
    world.look(5);
    world.publish("9.0.0", 4);
    assert!(world.look(6).is_empty());
    let issued = NOW.plus_days(7).iso8601().to_string();
    *world.content.borrow_mut() = Ok(signed_by(&PUBLISHERS.other, text("9.0.0", &issued).as_bytes()));
    assert!(world.look(7).is_empty());
    assert_eq!(known_newer(&world.updates, &world.places()), None);
}

#[test]
fn a_window_knows_what_the_guardian_found_while_the_settings_name_that_signer() {
    let mut world = World::new();
    assert_eq!(known_newer(&world.updates, &world.places()), None);
    world.publish("9.0.0", 0);
    world.look(0);
    let known = known_newer(&world.updates, &world.places()).unwrap();
    assert_eq!((known.version.to_string().as_str(), known.page.as_str()), ("9.0.0", PAGE));
    let named = world.updates.clone();
    world.updates.file.clear();
    assert_eq!(known_newer(&world.updates, &world.places()), None, "switched off");
    world.updates = Updates { signer: "0".repeat(64), ..named };
    assert_eq!(known_newer(&world.updates, &world.places()), None, "another signer's word");
}

#[test]
fn another_signer_begins_anew() {
    let mut world = World::new();
    world.publish("0.2.0", 5);
    assert_eq!(world.look(5).len(), 1);
    world.updates.signer = sha256(PUBLISHERS.other.certificate.der());
    let issued = NOW.plus_days(1).iso8601().to_string();
    *world.content.borrow_mut() = Ok(signed_by(&PUBLISHERS.other, text("0.2.0", &issued).as_bytes()));
    assert_eq!(world.look(5).len(), 1, "its files may be older than those of the one before");
}

#[test]
fn a_memory_that_cannot_be_understood_is_an_empty_one() {
    let world = World::new();
    let file = world.places().state().join("updates.json");
    let foreign = format!("{{\"form\":1,\"signer\":\"{}\",\"version\":\"9.0.0\",\"page\":\"http://x\"}}", pinned());
    for damaged in ["", "{", "{\"form\":2,\"signer\":\"\"}", foreign.as_str()] {
        std::fs::write(&file, damaged).unwrap();
        assert_eq!(known_newer(&world.updates, &world.places()), None, "{damaged}");
    }
    world.publish("0.2.0", 0);
    assert_eq!(world.look(0).len(), 1);
}

/// Whether it is believed, and says something else than what was signed. What is unsigned may be anything.
fn says_something_else(octets: &[u8]) -> bool {
    static WANTED: LazyLock<VersionFile> = LazyLock::new(|| read(&GOOD).unwrap());
    read(octets).is_ok_and(|file| file != *WANTED)
}

static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| signed(&text("0.2.0", "2026-11-20T10:00:00Z")));

#[test]
fn no_changed_octet_makes_it_say_something_else() {
    for at in 0..GOOD.len() {
        let mut changed = GOOD.clone();
        changed[at] ^= 1;
        assert!(!says_something_else(&changed), "octet {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&octets).is_err());
    }

    #[test]
    fn no_content_makes_it_panic(content in proptest::collection::vec(any::<u8>(), 0..200), json in "[{}\":,a-z0-9 ]{0,80}") {
        let _ = (read(&signed_by(&PUBLISHERS.ours, &content)), read(&signed(&json)));
    }

    #[test]
    fn what_is_cut_or_patched_is_not_believed_as_something_else(
        from in 0usize..4000, length in 0usize..40, put in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut changed = GOOD.clone();
        let from = from % changed.len();
        let to = (from + length).min(changed.len());
        changed.splice(from..to, put);
        prop_assert!(!says_something_else(&changed));
    }
}
