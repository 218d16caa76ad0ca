use super::*;
use crate::life::blocked::{Blocked, Why};
use pki::trust::Anchors;
use platform::notifications::NotificationError;
use std::cell::{Cell, RefCell};
use test_nca::{Holding, Person, TestNca};
use texts::Locale;

/// 2026-11-23T12:00:00Z
const NOW: Timestamp = Timestamp::from_unix(1_795_435_200);

/// A screen that keeps what it showed.
#[derive(Default)]
struct Screen {
    shown: RefCell<Vec<(String, String)>>,
    is_broken: Cell<bool>,
}

impl Notifications for Screen {
    fn show(&self, message: &Message<'_>) -> Result<(), NotificationError> {
        if self.is_broken.get() {
            return Err(NotificationError::NotShown("no desktop".to_owned()));
        }
        self.shown.borrow_mut().push((message.title.to_owned(), message.text.to_owned()));
        Ok(())
    }
}

/// A person with one key that ends after so many days, and the guardian's memory.
struct World {
    nca: TestNca,
    certificates: Vec<Certificate>,
    blocked: Blocked,
    memory: Memory,
    screen: Screen,
    asked: Cell<u32>,
    status: Cell<Status>,
    folder: tempfile::TempDir,
}

impl World {
    fn new(days: i64) -> Self {
        let nca = TestNca::new(NOW.plus_days(-400)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::load(&folder.path().join("guardian.json"));
        let mut world = Self {
            nca,
            certificates: Vec::new(),
            blocked: Blocked::load(folder.path()).unwrap(),
            memory,
            screen: Screen::default(),
            asked: Cell::new(0),
            status: Cell::new(Status::Good),
            folder,
        };
        world.add(NOW.plus_days(-300), NOW.plus_days(days));
        world
    }

    fn add(&mut self, from: Timestamp, to: Timestamp) -> Certificate {
        let issued = self.nca.issue(&Holding::signing(Person::Citizen), from, to).unwrap();
        self.certificates.push(issued.certificate.clone());
        issued.certificate
    }

    /// One look on that day. The memory goes through its file, as between two processes.
    fn look(&mut self, day: i64) -> Report {
        let at = self.folder.path().join("guardian.json");
        let mut anchors = Anchors::production();
        anchors.add_test(self.nca.authority());
        let measure =
            Measure { anchors, test_environment: true, now: NOW.plus_days(day), blocked: self.blocked.clone() };
        let texts = Texts::new(Locale::Ru);
        let ask = |_: &Certificate| {
            self.asked.set(self.asked.get() + 1);
            self.status.get()
        };
        let watch = Watch {
            certificates: &self.certificates,
            measure: &measure,
            texts: &texts,
            notifications: Some(&self.screen),
            ask: Some(&ask),
        };
        let report = watch.look(&mut self.memory);
        self.memory.save(&at).unwrap();
        self.memory = Memory::load(&at);
        report
    }

    fn shown(&self) -> Vec<String> {
        self.screen.shown.take().into_iter().map(|(title, text)| format!("{title}\n{text}")).collect()
    }
}

#[test]
fn thirty_fourteen_seven_days_and_one_day_before_the_end_it_is_said_once_each() {
    let mut world = World::new(40);
    let mut days = Vec::new();
    for day in 0..45 {
        world.look(day);
        world.look(day);
        for said in world.shown() {
            assert!(said.contains("ТЕСТ"), "{said}");
            days.push(day);
        }
    }
    // The last word is that it ended.
    assert_eq!(days, [10, 26, 33, 39, 41]);
}

#[test]
fn it_says_whose_key_how_long_and_what_to_do() {
    let mut world = World::new(12);
    assert_eq!(world.look(0), Report { state: State::Soon, days: Some(12) });
    let said = world.shown().pop().unwrap();
    assert!(said.contains("12 дней") && said.contains("pki.gov.kz"), "{said}");
    assert!(said.contains(&world.certificates[0].holder().name), "{said}");
    assert!(!said.contains('{'), "{said}");
}

#[test]
fn who_was_away_hears_the_nearest_word_only() {
    let mut world = World::new(40);
    world.look(35);
    assert_eq!(world.shown().len(), 1, "five days are left: the word of a week");
    world.look(36);
    assert!(world.shown().is_empty());
}

#[test]
fn what_nobody_saw_is_said_again() {
    let mut world = World::new(12);
    world.screen.is_broken.set(true);
    world.look(0);
    world.screen.is_broken.set(false);
    world.look(1);
    assert_eq!(world.shown().len(), 1);
}

#[test]
fn a_key_whose_successor_is_there_is_no_longer_spoken_of() {
    let mut world = World::new(12);
    world.add(NOW.plus_days(-1), NOW.plus_days(360));
    assert_eq!(world.look(0), Report { state: State::Fine, days: None });
    assert!(world.shown().is_empty());
}

#[test]
fn a_successor_that_is_blocked_or_revoked_counts_for_nothing() {
    let mut world = World::new(12);
    let new = world.add(NOW.plus_days(-1), NOW.plus_days(360));
    world.blocked.block(&new, Why::Lost, NOW).unwrap();
    assert_eq!(world.look(0).state, State::Soon);
    assert_eq!(world.shown().len(), 1);
}

#[test]
fn a_revoked_key_is_told_once_and_asked_about_once_a_day() {
    let mut world = World::new(200);
    world.look(0);
    world.look(0);
    assert_eq!(world.asked.get(), 1);
    world.status.set(Status::Revoked);
    assert_eq!(world.look(1).state, State::Revoked);
    let said = world.shown();
    assert!(said.len() == 1 && said[0].contains("отозван"), "{said:?}");
    // The service is away: what was heard stands.
    world.status.set(Status::Unknown);
    assert_eq!(world.look(2).state, State::Revoked);
    assert!(world.shown().is_empty());
    assert_eq!(world.asked.get(), 3);
    // A suspended one came back.
    world.status.set(Status::Good);
    assert_eq!(world.look(3).state, State::Fine);
}

#[test]
fn a_blocked_key_is_neither_asked_about_nor_spoken_of() {
    let mut world = World::new(12);
    let certificate = world.certificates[0].clone();
    world.blocked.block(&certificate, Why::Stolen, NOW).unwrap();
    assert_eq!(world.look(0).state, State::Fine);
    assert!(world.shown().is_empty());
    assert_eq!(world.asked.get(), 0);
}

#[test]
fn a_key_that_ended_long_ago_is_no_news_and_one_that_ended_lately_is() {
    let mut world = World::new(-60);
    assert_eq!(world.look(0).state, State::Fine);
    assert!(world.shown().is_empty());
    let mut world = World::new(-3);
    assert_eq!(world.look(0).state, State::Ended);
    assert_eq!(world.shown().len(), 1);
}

#[test]
fn a_memory_that_cannot_be_understood_is_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("guardian.json");
    for damaged in ["{", "{\"version\":9,\"keys\":[]}", ""] {
        std::fs::write(&at, damaged).unwrap();
        assert!(Memory::load(&at).keys.is_empty());
    }
}
