//! An order whose window has to wait for the window of another process.

use super::*;
use crate::{
    carry_out::{FactoryPins, Statuses},
    commands::Context,
    tokens::Shelf,
};
use order::{Notice, Origin, Outcome, PathPermission, Requester, Task};
use pki::Timestamp;
use std::io::{PipeReader, PipeWriter, pipe};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

/// Long enough that a window which does not wait is noticed.
const A_WHILE: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(20);

/// A signer of pages, and the other process's window.
struct Pages {
    folder: tempfile::TempDir,
    words: Option<PipeWriter>,
    answers: Receiver<FromSigner>,
}

impl Pages {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.create().unwrap();
        // A reader of whoever runs the tests is not asked.
        std::fs::write(places.tokens_file(), "[[library]]\nvendor = \"OpenSC\"\noff = true\n").unwrap();
        let ((input, words), (said, output)) = (pipe().unwrap(), pipe().unwrap());
        thread::spawn(move || serve_pages(folder_of(&places), input, output));
        let (sender, answers) = channel();
        thread::spawn(move || hear(said, &sender));
        let pages = Self { folder, words: Some(words), answers };
        assert!(matches!(pages.answers.recv_timeout(PATIENCE), Ok(FromSigner::Ready { .. })));
        pages
    }

    fn own_window(&self) -> Turn {
        Turn::take(Places::under(self.folder.path()).runtime()).unwrap().unwrap()
    }

    fn says(&mut self, word: &ToSigner) {
        wire::write(word, self.words.as_mut().unwrap()).unwrap();
    }

    fn orders(&mut self) {
        let requester = Requester {
            origin: Origin::from_header(Some(b"https://egov.kz")),
            program: None,
            first_time: true,
            paths: PathPermission::Ask,
        };
        let task = Task::Tell(Notice::Settings);
        self.says(&ToSigner::Order(Box::new(Order { id: 7, requester, locale: None, task })));
    }

    fn waits(&self) {
        assert!(self.answers.recv_timeout(A_WHILE).is_err(), "it did not wait for the other window");
    }

    fn outcome(&self) -> Outcome {
        match self.answers.recv_timeout(PATIENCE).unwrap() {
            FromSigner::Done { id: 7, outcome, .. } => outcome,
            other => panic!("{other:?}"),
        }
    }
}

fn folder_of(places: &Places) -> PathBuf {
    places.root().unwrap().to_owned()
}

fn serve_pages(folder: PathBuf, input: PipeReader, output: PipeWriter) {
    let (statuses, pins, shelf) = (Statuses::default(), FactoryPins::default(), Shelf::default());
    let now = Timestamp::from_unix(1_795_435_200);
    serve(Desk::nowhere(), input, output, |carry_out| {
        let context = Context::new(Some(&folder), now).unwrap();
        context.with_room((&statuses, &pins), &shelf, carry_out).unwrap();
    })
    .unwrap();
}

fn hear(mut said: PipeReader, to: &Sender<FromSigner>) {
    while let Ok(Some(word)) = wire::read(&mut said) {
        if to.send(word).is_err() {
            return;
        }
    }
}

#[test]
fn a_pages_window_waits_until_the_persons_own_is_closed_and_then_has_its_turn_as_long_as_its_order() {
    let mut pages = Pages::new();
    let own = pages.own_window();
    pages.orders();
    pages.waits();
    drop(own);
    // The desk has no screen, and its windows end at once.
    assert_eq!(pages.outcome(), Outcome::Cancelled);
    // Orders one after the other: each gives its turn back.
    pages.orders();
    assert_eq!(pages.outcome(), Outcome::Cancelled);
    let since = Instant::now();
    let runtime = Places::under(pages.folder.path()).runtime().to_owned();
    while Turn::take(&runtime).unwrap().is_none() {
        assert!(since.elapsed() < PATIENCE, "the turn is not given back");
    }
}

#[test]
fn a_page_that_goes_away_while_its_window_waits_gets_none() {
    let mut pages = Pages::new();
    let _own = pages.own_window();
    pages.orders();
    pages.waits();
    pages.says(&ToSigner::Withdraw { id: 7 });
    assert_eq!(pages.outcome(), Outcome::Cancelled);
}

#[test]
fn a_listener_that_ends_does_not_wait_for_the_persons_own_window() {
    let mut pages = Pages::new();
    let _own = pages.own_window();
    pages.orders();
    pages.waits();
    pages.words = None;
    assert_eq!(pages.outcome(), Outcome::Cancelled);
    assert!(matches!(pages.answers.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected)), "it goes on");
}
