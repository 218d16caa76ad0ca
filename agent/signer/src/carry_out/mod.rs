//! Carrying an order out: the window, the choice of a key, the signing itself.
//!
//! The order of things is the promise: a page's request becomes a [`View`] of exactly the octets that will be hashed; a
//! person chooses a key and types its password; the key file is opened, the documents are signed, every signature is
//! verified by the code that verifies foreign ones, and only then does anything leave. Wrong passwords, damaged files and
//! changed ones are dealt with here, in the window, and never reach the page.
//!
//! Who decides stands behind two traits, [`Person`] and [`Talk`]: the real window is one implementation, a test's script
//! another.

mod keys;
mod work;

pub use keys::{KeyFault, key_view};
pub use work::key_info;

use crate::{
    fitness::{Measure, named_authority},
    known_keys::KnownKeys,
    preview,
    window::{
        Busy, DocumentView, Environment, Event, FormView, KeyRow, Locale, Problem, Question, RowId, SecretText,
        Sentence, StampView, View, Warning,
    },
};
use keys::{Keys, Purpose, Unlocked};
use order::{
    Chain, Cms, Delivery, Document, Failure, FailureCode, Form, KeyFilter, Order, Outcome, SignTask, SiteChoice, Task,
    TimeStamp,
};

/// Someone who can be asked.
pub trait Person {
    /// Opens one window; the answers come through the talk.
    ///
    /// # Errors
    /// The cause in English when no window can be opened.
    fn ask(&mut self, order: &Order, view: View) -> Result<Box<dyn Talk + '_>, String>;
}

/// One open window.
pub trait Talk {
    /// Waits for what happens next.
    fn next(&mut self) -> Input;
    /// What has happened already, without waiting.
    fn pending(&mut self) -> Option<Input>;
    /// Shows another list of keys.
    fn show_keys(&mut self, keys: Vec<KeyRow>, focus: Option<RowId>);
    /// Says what went wrong; the person may try again.
    fn show_problem(&mut self, problem: Problem);
    /// Says that work is under way.
    fn show_busy(&mut self, busy: Busy);
    /// Says how many requests wait.
    fn show_waiting(&mut self, count: u32);
    /// Says that the page went away, and ends.
    fn page_gone(self: Box<Self>);
    /// Closes the window.
    fn close(self: Box<Self>);
}

/// What happens while a window is open.
#[derive(Debug)]
pub enum Input {
    /// The person did something.
    Window(Event),
    /// The page went away.
    Withdrawn,
    /// So many further requests wait.
    Waiting(u32),
    /// The window or the listener is gone.
    Gone,
}

/// What orders are carried out with.
pub struct Room<'a> {
    /// The remembered key files.
    pub known: &'a mut KnownKeys,
    /// Who is believed, and what time it is.
    pub measure: Measure,
    /// The person's language.
    pub locale: Locale,
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// For the page.
    pub outcome: Outcome,
    /// For the listener's policy.
    pub site: Option<SiteChoice>,
}

impl Done {
    /// The data folder cannot be used, so nobody can be asked.
    #[must_use]
    pub fn without_a_place() -> Self {
        Self::failed(FailureCode::SignerUnavailable, "the signer's data folder cannot be used")
    }

    fn not_yet() -> Self {
        Self::failed(FailureCode::Signing, "not supported by this version of Tanba")
    }

    fn failed(code: FailureCode, detail: impl Into<String>) -> Self {
        Outcome::Failed(Failure { code, detail: detail.into() }).into()
    }
}

impl From<Outcome> for Done {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, site: None }
    }
}

/// Carries one order out, from the window to the signatures.
pub fn carry_out(order: &Order, room: &mut Room<'_>, person: &mut dyn Person) -> Done {
    let purpose = match &order.task {
        Task::Sign(task) if task.documents.is_empty() => {
            return Done::failed(FailureCode::InvalidRequest, "there is no document to sign");
        }
        Task::Sign(task) => match unreadable_authority(&task.filter) {
            Some(place) => {
                return Done::failed(FailureCode::InvalidRequest, format!("chain[{place}] is no certificate"));
            }
            None => Purpose::Sign,
        },
        Task::ShowKey(_) => Purpose::Show,
        _ => return Done::not_yet(),
    };
    if let Task::Sign(task) = &order.task
        && !is_plain(task)
    {
        return Done::not_yet();
    }
    let Some(filter) = order.task.filter() else { return Done::not_yet() };
    let mut keys = Keys::of(room.known, purpose, filter, &room.measure);
    let view = View {
        locale: order.locale.map_or(room.locale, window_locale),
        requester: order.requester.clone(),
        question: question(&order.task),
        keys: keys.rows(filter, &room.measure),
        environment: if room.measure.test_environment { Environment::Test } else { Environment::Real },
        waiting: 0,
        warnings: warnings(&order.task, &keys.digest_lengths(filter, &room.measure)),
        logo: None,
    };
    let mut talk = match person.ask(order, view) {
        Ok(talk) => talk,
        Err(cause) => return Done::failed(FailureCode::SignerUnavailable, cause),
    };
    let mut site = None;
    loop {
        match talk.next() {
            Input::Window(Event::Decide { row, password }) => {
                talk.show_busy(keys.busy(row));
                let mut interruption = Interruption::default();
                let decision = decide(order, row, &password, &mut keys, room, &mut || interruption.came(&mut *talk));
                // A no that came while the last signature was made still counts: nothing has left yet.
                if interruption.came(&mut *talk) {
                    return ended(interruption.by.unwrap_or(Input::Gone), site, talk);
                }
                match decision {
                    Decision::Done(outcome) => {
                        talk.close();
                        return Done { outcome, site };
                    }
                    Decision::Opened(focus) => talk.show_keys(keys.rows(filter, &room.measure), focus),
                    Decision::Problem(problem) => talk.show_problem(problem),
                    Decision::Changed(problem) => {
                        talk.show_keys(keys.rows(filter, &room.measure), None);
                        talk.show_problem(problem);
                    }
                }
            }
            Input::Window(Event::AddFile(path)) => match keys.add(&path) {
                Ok(row) => talk.show_keys(keys.rows(filter, &room.measure), Some(row)),
                Err(fault) => talk.show_problem(Problem::CannotOpen(fault.sentence())),
            },
            Input::Window(Event::Forget(row)) => {
                if let Err(error) = keys.forget(row, room.known) {
                    tracing::warn!(%error, "a key file could not be forgotten");
                }
                talk.show_keys(keys.rows(filter, &room.measure), None);
            }
            Input::Window(Event::Shown) => {}
            Input::Window(Event::AllowSite) => site = Some(SiteChoice::Allow),
            // What belongs to other questions.
            Input::Window(Event::Agree | Event::AgreeAlways | Event::Chosen(_)) => {}
            Input::Waiting(count) => talk.show_waiting(count),
            end @ (Input::Window(Event::Cancel | Event::BlockSite | Event::Failed(_))
            | Input::Withdrawn
            | Input::Gone) => return ended(end, site, talk),
        }
    }
}

/// The end of an order that was not carried out.
fn ended(end: Input, site: Option<SiteChoice>, talk: Box<dyn Talk + '_>) -> Done {
    let site = match end {
        Input::Window(Event::Failed(cause)) => return Done::failed(FailureCode::SignerUnavailable, cause),
        Input::Withdrawn => {
            talk.page_gone();
            site
        }
        Input::Window(Event::BlockSite) => {
            talk.close();
            Some(SiteChoice::Block)
        }
        _ => {
            talk.close();
            site
        }
    };
    Done { outcome: Outcome::Cancelled, site }
}

/// A no, or a page that goes away, while documents are being signed.
#[derive(Default)]
struct Interruption {
    by: Option<Input>,
}

impl Interruption {
    /// Whether it has come by now.
    fn came(&mut self, talk: &mut dyn Talk) -> bool {
        while self.by.is_none()
            && let Some(input) = talk.pending()
        {
            match input {
                Input::Waiting(count) => talk.show_waiting(count),
                // What is pressed in a window that is busy has no meaning, but for the way out.
                Input::Window(
                    Event::Decide { .. }
                    | Event::AddFile(_)
                    | Event::Forget(_)
                    | Event::Shown
                    | Event::Agree
                    | Event::AgreeAlways
                    | Event::Chosen(_)
                    | Event::AllowSite,
                ) => {}
                end => self.by = Some(end),
            }
        }
        self.by.is_some()
    }
}

enum Decision {
    Done(Outcome),
    Opened(Option<RowId>),
    Problem(Problem),
    Changed(Problem),
}

fn decide(
    order: &Order,
    row: RowId,
    password: &SecretText,
    keys: &mut Keys,
    room: &mut Room<'_>,
    is_stopped: &mut dyn FnMut() -> bool,
) -> Decision {
    let Some(filter) = order.task.filter() else { return Decision::Done(Outcome::Cancelled) };
    if keys.is_locked(row) {
        return match keys.open(row, password) {
            Ok((path, certificates)) => {
                if let Err(error) = room.known.remember(&path, certificates) {
                    // The list is a convenience: signing goes on without it.
                    tracing::warn!(%error, "the key file could not be remembered");
                }
                Decision::Opened(keys.first_that_fits(&path, filter, &room.measure))
            }
            Err(fault) => Decision::Problem(fault.problem()),
        };
    }
    // The list that the window had may be older than the key's certificate: the judgement is made again.
    if !keys.fits(row, filter, &room.measure) {
        return Decision::Problem(Problem::CannotSign(Sentence::new("error-key-does-not-fit")));
    }
    let result = match &order.task {
        Task::ShowKey(_) => keys
            .certificate(row)
            .map(|(alias, certificate)| Outcome::KeyShown(Box::new(work::key_info(&alias, &certificate)))),
        Task::Sign(task) => keys.unlock(row, password).and_then(|unlocked| match unlocked {
            Unlocked::Signer(signer) => {
                let Form::Cms(form) = task.form else { return Err(KeyFault::Changed) };
                let alias = keys.certificate(row).map(|(alias, _)| alias).unwrap_or_default();
                work::sign(task, form, &alias, signer.as_ref(), room.measure.now, is_stopped)
            }
            Unlocked::Changed => Err(KeyFault::Changed),
        }),
        _ => Ok(Outcome::Cancelled),
    };
    match result {
        Ok(outcome) => {
            keys.used(row, room.known);
            Decision::Done(outcome)
        }
        Err(fault @ KeyFault::Changed) => Decision::Changed(fault.problem()),
        Err(fault) => Decision::Problem(fault.problem()),
    }
}

/// What this version makes: CMS without a time stamp over what came with the request.
fn is_plain(task: &SignTask) -> bool {
    matches!(task.form, Form::Cms(Cms { time_stamp: TimeStamp::None, .. }))
        && task.delivery == Delivery::Page
        && task.documents.iter().all(|document| matches!(document, Document::Content(_) | Document::Digest(_)))
}

/// The place of what a page names as an authority's certificate and is none.
fn unreadable_authority(filter: &KeyFilter) -> Option<usize> {
    match &filter.chain {
        Chain::These(authorities) => authorities.iter().position(|one| named_authority(one).is_none()),
        Chain::Nca | Chain::Any => None,
    }
}

fn question(task: &Task) -> Question {
    match task {
        Task::Sign(task) => {
            let longest = preview::length_for(task.documents.len());
            let documents = task.documents.iter().map(|one| document_view(one, longest)).collect();
            Question::Sign { documents, form: FormView::Cms { stamp: StampView::None } }
        }
        _ => Question::ShowKey,
    }
}

fn document_view(document: &Document, longest: usize) -> DocumentView {
    DocumentView {
        size: document.octets().len() as u64,
        what: match document {
            Document::Digest(digest) => preview::of_digest(digest),
            document => preview::of_content(document.octets(), longest),
        },
    }
}

/// `lengths` are the digest lengths that the keys which may answer sign. One that does not fit is enough for a warning: a
/// needless one costs a look, a missing one a signature that nobody can verify.
fn warnings(task: &Task, lengths: &[usize]) -> Vec<Warning> {
    let Task::Sign(task) = task else {
        return Vec::new();
    };
    let mut warnings = Vec::new();
    let digest = |document: &Document| match document {
        Document::Digest(digest) => Some(digest.len()),
        _ => None,
    };
    let mut digests = task.documents.iter().filter_map(digest).peekable();
    if digests.peek().is_some() {
        warnings.push(Warning::DigestOnly);
    }
    let odd = digests.find_map(|octets| {
        let expected = lengths.iter().find(|length| **length != octets)?;
        Some((octets as u64, *expected as u64))
    });
    if let Some((octets, expected)) = odd {
        warnings.push(Warning::WrongDigestLength { octets, expected });
    }
    warnings
}

fn window_locale(locale: order::Locale) -> Locale {
    Locale::from_code(locale.code()).unwrap_or(Locale::Ru)
}
