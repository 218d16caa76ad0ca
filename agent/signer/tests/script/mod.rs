//! A script in the person's place: it presses what a person would press and looks at what a person would see.
#![allow(dead_code, unreachable_pub)]

pub mod tokens;

use keystore::{Password, demo};
use order::{
    Cms, Content, Delivery, Document, FailureCode, Form, KeyFilter, KeyUse, NewKeyAlgorithm, NewKeyTask, Order, Origin,
    Outcome, PathPermission, Requested, Requester, SignTask, Subject, Task, TimeStamp,
};
use pki::{Certificate, Timestamp, request::CertificationRequest, trust::Anchors};
use serde_bytes::ByteBuf;
use settings::Places;
use signer::{
    carry_out::{
        Clock, Done, FactoryPins, Fulfilled, Input, Person, Room, Screen, Statuses, Talk, Wish, carry_out, fulfil,
    },
    fitness::Measure,
    known_keys::KnownKeys,
    life::blocked::Blocked,
    services::{SiteError, Sites},
    tokens::Waker,
    window::{
        Busy, Care, Consent, Event, KeyRow, Locale, Looking, Problem, Question, RowId, SecretText, Sentence, View,
    },
};
use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

pub const PASSWORD: &str = "Құпия-сөз1";
/// 2026-11-23T12:00:00Z
pub const NOW: i64 = 1_795_435_200;
pub const DAY: i64 = 86_400;

/// A folder with one key of an authority that counts, and a list of known keys.
pub struct Home {
    pub dir: tempfile::TempDir,
    pub authority: Certificate,
    pub certificate: Certificate,
    pub key: PathBuf,
    pub known: KnownKeys,
    pub now: i64,
    /// Seconds by which the clock went on while windows were open.
    pub later: Arc<AtomicI64>,
    pub test_environment: bool,
    pub origin: String,
    pub paths: PathPermission,
    pub services: settings::Services,
    pub sites: Result<Sites, SiteError>,
    pub places: Places,
    pub statuses: Statuses,
    pub pins: FactoryPins,
    pub tokens: Rc<tokens::Rack>,
}

impl Home {
    /// The key's file is there, and is not known yet.
    pub fn new() -> Self {
        // Nothing is written where a name begins with a dot, as those of temporary folders do otherwise.
        let dir = tempfile::Builder::new().prefix("tanba-").tempdir().unwrap();
        let made = demo::make(Timestamp::from_unix(NOW), &Password::new(PASSWORD.to_owned()).unwrap()).unwrap();
        let key = dir.path().join("GOST512_test.p12");
        fs::write(&key, &*made.key_file).unwrap();
        let known = KnownKeys::load(&dir.path().join("keys.json")).unwrap();
        let places = Places::under(dir.path());
        Self {
            dir,
            authority: made.authority,
            certificate: made.certificate,
            key,
            known,
            now: NOW + 60,
            later: Arc::default(),
            test_environment: true,
            origin: "https://egov.kz".to_owned(),
            paths: PathPermission::Ask,
            services: settings::Services { proxy: settings::Proxy::None, ..settings::Services::default() },
            sites: Sites::new(&settings::Services { proxy: settings::Proxy::None, ..settings::Services::default() }),
            places,
            statuses: Statuses::default(),
            pins: FactoryPins::default(),
            tokens: Rc::new(tokens::Rack::of(Vec::new())),
        }
    }

    /// The key was used before.
    pub fn with_known_key() -> Self {
        let mut home = Self::new();
        let (key, certificate) = (home.key.clone(), home.certificate.clone());
        home.known.remember(&key, vec![certificate]).unwrap();
        home
    }

    pub fn carry_out(&mut self, task: Task, person: &mut Script) -> Done {
        let order = Order {
            id: 1,
            requester: Requester {
                origin: Origin::from_header(Some(self.origin.as_bytes())),
                program: None,
                first_time: true,
                paths: self.paths,
            },
            locale: Some(order::Locale::Kk),
            task,
        };
        self.in_room(|room| carry_out(&order, room, person))
    }

    pub fn fulfil(&mut self, wish: &Wish, person: &mut Script) -> Fulfilled {
        self.in_room(|room| fulfil(wish, room, person))
    }

    fn in_room<T>(&mut self, act: impl FnOnce(&mut Room<'_>) -> T) -> T {
        let mut anchors = Anchors::production();
        anchors.add_test(&self.authority);
        let blocked = Blocked::load(self.places.data()).unwrap_or_default();
        let (begin, later) = (self.now, Arc::clone(&self.later));
        let trust =
            Measure { anchors, test_environment: self.test_environment, now: Timestamp::from_unix(self.now), blocked };
        let mut room = Room {
            known: &mut self.known,
            tokens: &*self.tokens,
            trust,
            clock: Clock::new(move || Timestamp::from_unix(begin + later.load(Ordering::SeqCst))),
            locale: Locale::Ru,
            services: &self.services,
            sites: self.sites.clone(),
            places: &self.places,
            statuses: &self.statuses,
            pins: &self.pins,
        };
        act(&mut room)
    }
}

pub fn sign(documents: &[&[u8]], content: Content) -> Task {
    Task::Sign(SignTask {
        documents: documents.iter().map(|bytes| Document::Content(bytes.to_vec().into())).collect(),
        form: Form::Cms(Cms { content, time_stamp: TimeStamp::None }),
        delivery: Delivery::Page,
        logo: None,
        filter: KeyFilter::default(),
    })
}

pub fn sign_digest(digest: &[u8]) -> Task {
    Task::Sign(SignTask {
        documents: vec![Document::Digest(digest.to_vec().into())],
        form: Form::Cms(Cms { content: Content::Detached, time_stamp: TimeStamp::None }),
        delivery: Delivery::Page,
        logo: None,
        filter: KeyFilter::default(),
    })
}

/// What the person does next, having seen the keys.
pub type Step = Box<dyn Fn(&[KeyRow]) -> Input>;

/// What the window was told.
#[derive(Debug, Default)]
pub struct Seen {
    /// Of the last window.
    pub view: Option<View>,
    /// Of all windows.
    pub views: Vec<View>,
    pub keys: Vec<KeyRow>,
    pub focus: Option<RowId>,
    /// What changed by itself.
    pub updates: Vec<Looking>,
    pub problems: Vec<Problem>,
    pub busy: Vec<Busy>,
    pub waiting: Vec<u32>,
    pub page_gone: bool,
    pub closed: bool,
}

#[derive(Default)]
pub struct Script {
    pub steps: VecDeque<Step>,
    /// What happens while documents are signed.
    pub meanwhile: VecDeque<Input>,
    /// The same, of an event: asked as often as it is looked whether something happened.
    pub hears: Option<Box<dyn FnMut() -> Option<Input>>>,
    /// What happens while the window says that the page went away.
    pub farewell: VecDeque<Input>,
    pub seen: Seen,
    pub no_window: Option<String>,
    /// Whether the page has gone while no window is open; asked as often as it is looked.
    pub is_gone: Option<Box<dyn FnMut() -> bool>>,
}

impl Script {
    pub fn new(steps: Vec<Step>) -> Self {
        Self { steps: steps.into(), ..Self::default() }
    }
}

impl Person for Script {
    fn take_turn(&mut self, _: &Places) -> Result<(), String> {
        Ok(())
    }

    fn ask(&mut self, view: View) -> Result<Box<dyn Talk + '_>, String> {
        if let Some(cause) = &self.no_window {
            return Err(cause.clone());
        }
        self.seen.keys = view.keys.clone();
        self.seen.views.push(view.clone());
        self.seen.view = Some(view);
        Ok(Box::new(ScriptedTalk(self)))
    }

    fn is_withdrawn(&mut self) -> bool {
        self.is_gone.as_mut().is_some_and(|is_gone| is_gone())
    }

    fn waker(&self) -> Waker {
        // A script says itself when the tokens changed.
        Box::new(|| {})
    }
}

pub struct ScriptedTalk<'a>(&'a mut Script);

impl Talk for ScriptedTalk<'_> {
    fn next(&mut self) -> Input {
        let step = self.0.steps.pop_front().expect("the script ended while the window was open");
        step(&self.0.seen.keys)
    }
    fn next_within(&mut self, _: Duration) -> Option<Input> {
        self.0.farewell.pop_front()
    }
    fn pending(&mut self) -> Option<Input> {
        self.0.meanwhile.pop_front().or_else(|| self.0.hears.as_mut()?())
    }
    fn screen(&mut self) -> &mut dyn Screen {
        self
    }
    fn close(self: Box<Self>) {
        self.0.seen.closed = true;
    }
}

impl Screen for ScriptedTalk<'_> {
    fn show_keys(&mut self, keys: Vec<KeyRow>, focus: Option<RowId>) {
        self.0.seen.keys = keys;
        self.0.seen.focus = focus;
    }
    fn update_keys(&mut self, keys: Vec<KeyRow>, looking: Looking) {
        self.0.seen.keys = keys;
        self.0.seen.updates.push(looking);
    }
    fn show_problem(&mut self, problem: Problem) {
        self.0.seen.problems.push(problem);
    }
    fn show_busy(&mut self, busy: Busy) {
        self.0.seen.busy.push(busy);
    }
    fn show_waiting(&mut self, count: u32) {
        self.0.seen.waiting.push(count);
    }
    fn page_gone(&mut self) {
        self.0.seen.page_gone = true;
    }
}

pub fn decide(row: usize, password: &'static str) -> Step {
    Box::new(move |keys| {
        Input::Window(Event::Decide { row: keys[row].id, password: SecretText::new(password.to_owned()) })
    })
}

pub fn does(event: impl Fn() -> Event + 'static) -> Step {
    Box::new(move |_| Input::Window(event()))
}

pub fn add(path: &Path) -> Step {
    let path = path.to_owned();
    does(move || Event::AddFile(path.clone()))
}

pub fn cancel() -> Step {
    does(|| Event::Cancel)
}

pub fn signatures(done: &Done) -> Vec<Vec<u8>> {
    match &done.outcome {
        Outcome::Signed(signed) => signed.signatures.iter().map(|one| one.to_vec()).collect(),
        other => panic!("not signed: {other:?}"),
    }
}

/// What each window asked, in a word.
pub fn questions(seen: &Seen) -> Vec<&'static str> {
    seen.views
        .iter()
        .map(|view| match &view.question {
            Question::Sign { .. } => "sign",
            Question::ShowKey => "show",
            Question::NewKey { .. } => "new-key",
            Question::Install { .. } => "install",
            Question::Consent(Consent::ReadFiles { .. }) => "read",
            Question::Consent(Consent::WriteFile { .. }) => "write",
            Question::Consent(Consent::Fetch { .. }) => "fetch",
            Question::Consent(Consent::Upload { .. }) => "upload",
            Question::Consent(Consent::Stamp { .. }) => "stamp",
            Question::Consent(Consent::OtherSite { .. }) => "other-site",
            Question::Consent(Consent::BareSignature) => "bare",
            Question::Consent(Consent::KeyAct(_)) => "key-act",
            Question::ChooseFile { .. } => "choose",
            Question::Apply(_) => "apply",
            Question::Lost { .. } => "lost",
            Question::Revoke => "revoke",
            Question::Care(Care::Add) => "add",
            Question::Care(Care::Change) => "change",
            Question::Care(Care::Renew) => "renew",
            Question::Care(Care::BackUp) => "back-up",
            Question::Care(Care::Backup { .. }) => "backup",
            Question::Care(Care::Modernise) => "modernise",
            Question::Done(report) => report.done,
            Question::Notice(_) => "notice",
        })
        .collect()
}

pub fn agree() -> Step {
    does(|| Event::Agree)
}

pub fn chooses(path: &Path) -> Step {
    let path = path.to_owned();
    does(move || Event::Chosen(path.clone()))
}

/// The code and the text of a failure that no window was opened for.
#[track_caller]
pub fn refused(home: &mut Home, task: Task) -> (FailureCode, String) {
    let mut nobody = Script::default();
    let done = home.carry_out(task, &mut nobody);
    assert!(nobody.seen.views.is_empty(), "a window was opened");
    failure(&done)
}

#[track_caller]
pub fn failure(done: &Done) -> (FailureCode, String) {
    match &done.outcome {
        Outcome::Failed(failure) => (failure.code, failure.detail.clone()),
        other => panic!("it did not fail: {other:?}"),
    }
}

/// The sentences that were said as problems, by their identifiers.
pub fn said(problems: &[Problem]) -> Vec<&'static str> {
    let id = |problem: &Problem| match problem {
        Problem::CannotOpen(Sentence { id, .. })
        | Problem::CannotSign(Sentence { id, .. })
        | Problem::Token(Sentence { id, .. }) => *id,
        Problem::WrongPassword => "wrong-password",
        Problem::WrongPin(_) => "wrong-pin",
    };
    problems.iter().map(id).collect()
}

/// A task that signs one document in this form.
pub fn sign_as(document: Document, form: Form) -> SignTask {
    SignTask { documents: vec![document], form, delivery: Delivery::Page, logo: None, filter: KeyFilter::default() }
}

pub const fn attached() -> Form {
    Form::Cms(Cms { content: Content::Attached, time_stamp: TimeStamp::None })
}

pub fn content(octets: &[u8]) -> Document {
    Document::Content(octets.to_vec().into())
}

/// A page brings certificates.
pub fn brought(certificates: Vec<Vec<u8>>) -> Task {
    Task::ImportCertificate { certificates: certificates.into_iter().map(ByteBuf::from).collect() }
}

/// A page asks for a key that signs, for a person.
pub fn of_person() -> NewKeyTask {
    NewKeyTask {
        storages: Vec::new(),
        algorithm: NewKeyAlgorithm::Gost512,
        key_use: KeyUse::Signature,
        roles: Vec::new(),
        subject: Subject {
            common_name: "ТЕСТОВА АЙГҮЛ".to_owned(),
            surname: "ТЕСТОВА".to_owned(),
            given_name: "ТЕСТҚЫЗЫ".to_owned(),
            iin: "123456789011".to_owned(),
            email: "test@example.kz".to_owned(),
            ..Subject::default()
        },
    }
}

/// What the page got for that.
#[track_caller]
pub fn requested(done: &Done) -> (Requested, CertificationRequest) {
    match &done.outcome {
        Outcome::Requested(requested) => {
            let request = CertificationRequest::from_der(&requested.request).unwrap();
            assert_eq!(request.verify(), Ok(()));
            (requested.clone(), request)
        }
        other => panic!("nothing was requested: {other:?}"),
    }
}
