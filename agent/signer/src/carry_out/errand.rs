//! One order under way, or what a person does without a page: its windows, one after the other, and how it ends before it
//! is done.

use super::{Input, Person, Room, Talk};
use crate::local_path::LocalPath;
use crate::unseen::visible;
use crate::window::{
    Asker, Consent, Environment, Event, Filled, Form, KeyRow, Learns, Locale, Looking, Question, Report, Sentence,
    View, Warning,
};
use order::{Failure, FailureCode, Order, Origin, Outcome, PathPermission, SiteChoice};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a window that says that its page went away is listened to at most. It ends by itself after six seconds, a
/// little later when the person is on the way to its *Block*, and a *Block* that is seen must be heard. The listener waits
/// ten seconds for a signer to let go of a withdrawn order.
const GOODBYE: Duration = Duration::from_secs(8);

/// The end of an order before it is done.
#[derive(Debug)]
pub(super) enum End {
    /// With this outcome.
    Outcome(Box<Outcome>),
    /// The person goes back to the window before this one.
    Back,
}

impl End {
    pub(super) fn into_outcome(self) -> Outcome {
        match self {
            Self::Outcome(outcome) => *outcome,
            // There was none.
            Self::Back => Outcome::Cancelled,
        }
    }

    pub(super) fn cancelled() -> Self {
        Self::Outcome(Box::new(Outcome::Cancelled))
    }

    pub(super) fn failed(code: FailureCode, detail: impl Into<String>) -> Self {
        Failure { code, detail: detail.into() }.into()
    }
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Outcome(Box::new(Outcome::Failed(failure)))
    }
}

/// One order under way, or what a person does without a page.
pub(super) struct Errand<'e, 'r> {
    /// `None`: the person themself wants it.
    order: Option<&'e Order>,
    pub(super) room: &'e mut Room<'r>,
    pub(super) person: &'e mut dyn Person,
    /// What the person decided about the site so far.
    pub(super) site: Option<SiteChoice>,
    /// How many requests wait, as was heard last.
    pub(super) waiting: u32,
}

/// The answer to a question that is no choice of a key.
enum Answer {
    Yes,
    File(PathBuf),
    Filled(Filled),
    /// What was read need not be agreed to.
    Closed,
    Undo,
}

/// What a person does who has read what came of what they did.
pub(super) enum Reported {
    GoOn,
    Undo,
    Closed,
}

impl<'e, 'r> Errand<'e, 'r> {
    pub(super) fn new(order: &'e Order, room: &'e mut Room<'r>, person: &'e mut dyn Person) -> Self {
        Self { order: Some(order), room, person, site: None, waiting: 0 }
    }

    /// Of the person themself.
    pub(super) fn of_person(room: &'e mut Room<'r>, person: &'e mut dyn Person) -> Self {
        Self { order: None, room, person, site: None, waiting: 0 }
    }

    /// Where the order comes from.
    pub(super) fn origin(&self) -> &'e Origin {
        self.order.map_or(&Origin::Absent, |order| &order.requester.origin)
    }

    /// What the next window starts with.
    pub(super) fn view(&self, question: Question, keys: Vec<KeyRow>, warnings: Vec<Warning>) -> View {
        View {
            locale: self.order.and_then(|order| order.locale).map_or(self.room.locale, window_locale),
            asker: self.order.map_or(Asker::Yourself, |order| Asker::Page(order.requester.clone())),
            question,
            keys,
            looking: Looking::Done,
            environment: if self.room.trust.test_environment { Environment::Test } else { Environment::Real },
            waiting: self.waiting,
            warnings,
            logo: None,
        }
    }

    /// Whether the person says yes to this.
    pub(super) fn consent(&mut self, consent: Consent) -> Result<(), End> {
        self.ask(Question::Consent(consent), Vec::new()).map(|_| ())
    }

    /// The paths that a page names may be read: it is allowed to name them, or the person says yes to these. Only for what
    /// a window then shows of them: else a site that may name files would look around on this computer unseen.
    pub(super) fn consent_to_read(&mut self, paths: &[LocalPath]) -> Result<(), End> {
        if self.may_name_paths() || self.site.is_some_and(allows_paths) {
            return Ok(());
        }
        self.ask_to_read(paths)
    }

    /// The same, where no window shows afterwards what was read: the person says yes to these paths, whatever they allowed.
    pub(super) fn ask_to_read(&mut self, paths: &[LocalPath]) -> Result<(), End> {
        if paths.is_empty() {
            return Ok(());
        }
        let paths = paths.iter().map(|path| visible(&path.as_path().to_string_lossy())).collect();
        self.consent(Consent::ReadFiles { paths })
    }

    /// This site was allowed to name files before this order. Who says *always* to one question of an order has not seen
    /// the next one yet.
    pub(super) fn may_name_paths(&self) -> bool {
        // What a person names themself they need not allow.
        self.order.is_none_or(|order| order.requester.paths == PathPermission::Allowed)
    }

    /// The file that the person chooses, absolute.
    pub(super) fn choose_file(&mut self, learns: Learns, extension: &str, folder: PathBuf) -> Result<PathBuf, End> {
        self.chosen(Question::ChooseFile { learns, extension: extension.to_owned(), folder }, Vec::new())
    }

    /// The file of a certificate that the person chooses, absolute; `warnings` say what was wrong with the last one.
    pub(super) fn choose_certificate(&mut self, warnings: Vec<Warning>) -> Result<PathBuf, End> {
        let (learns, extension, folder) = (Learns::Certificate, String::new(), PathBuf::new());
        self.chosen(Question::ChooseFile { learns, extension, folder }, warnings)
    }

    fn chosen(&mut self, question: Question, warnings: Vec<Warning>) -> Result<PathBuf, End> {
        match self.ask(question, warnings)? {
            Answer::File(path) => Ok(std::path::absolute(&path).unwrap_or(path)),
            _ => Err(End::cancelled()),
        }
    }

    /// What the person fills in.
    pub(super) fn fill(&mut self, form: Form) -> Result<Filled, End> {
        match self.ask(Question::Apply(form), Vec::new())? {
            Answer::Filled(filled) => Ok(filled),
            _ => Err(End::cancelled()),
        }
    }

    /// Tells the person what came of what they did. Whatever becomes of the window, it was done: one that is lost with the
    /// screen counts as closed.
    pub(super) fn report(&mut self, report: Report) -> Reported {
        let goes_on = report.go_on.is_some();
        match self.ask(Question::Done(report), Vec::new()) {
            Ok(Answer::Undo) => Reported::Undo,
            Ok(Answer::Yes) if goes_on => Reported::GoOn,
            _ => Reported::Closed,
        }
    }

    /// Tells the person something, until it was read.
    pub(super) fn tell(&mut self, sentences: Vec<Sentence>) -> Result<(), End> {
        self.ask(Question::Notice(sentences), Vec::new()).map(|_| ())
    }

    /// No window opens beside another one, nor for a page that has gone.
    pub(super) fn may_open(&mut self) -> Result<(), End> {
        self.person.take_turn(self.room.places).map_err(no_window)?;
        if self.person.is_withdrawn() { Err(End::cancelled()) } else { Ok(()) }
    }

    fn ask(&mut self, question: Question, warnings: Vec<Warning>) -> Result<Answer, End> {
        let chooses = matches!(question, Question::ChooseFile { .. });
        let fills = matches!(question, Question::Apply(_));
        let is_told = matches!(question, Question::Notice(_) | Question::Done(_));
        let is_of_paths = matches!(question, Question::Consent(Consent::ReadFiles { .. } | Consent::WriteFile { .. }));
        let view = self.view(question, Vec::new(), warnings);
        self.may_open()?;
        let mut talk = self.person.ask(view).map_err(no_window)?;
        let answer = loop {
            match talk.next() {
                Input::Window(Event::Agree) if !chooses && !fills => break Answer::Yes,
                Input::Window(Event::AgreeAlways) if is_of_paths => {
                    self.site = Some(with_paths(self.site));
                    break Answer::Yes;
                }
                Input::Window(Event::Chosen(path)) if chooses => break Answer::File(path),
                Input::Window(Event::Filled(filled)) if fills => break Answer::Filled(filled),
                Input::Window(Event::Undo) if is_told => break Answer::Undo,
                Input::Window(Event::Cancel) if is_told => break Answer::Closed,
                Input::Waiting(count) => {
                    self.waiting = count;
                    talk.screen().show_waiting(count);
                }
                input => {
                    if let Some(end) = meaning(input, &mut self.site) {
                        return Err(ended(end, &mut self.site, talk));
                    }
                }
            }
        };
        talk.close();
        Ok(answer)
    }
}

/// What was decided about the site so far, and that it may name files.
fn with_paths(site: Option<SiteChoice>) -> SiteChoice {
    match site {
        None | Some(SiteChoice::AllowPaths) => SiteChoice::AllowPaths,
        Some(SiteChoice::Allow | SiteChoice::AllowBoth) => SiteChoice::AllowBoth,
        Some(SiteChoice::Block) => SiteChoice::Block,
    }
}

fn allows_paths(choice: SiteChoice) -> bool {
    matches!(choice, SiteChoice::AllowPaths | SiteChoice::AllowBoth)
}

/// What ends an order, of what may happen in any window; choices about the site are kept.
pub(super) fn meaning(input: Input, site: &mut Option<SiteChoice>) -> Option<Input> {
    match input {
        Input::Window(Event::AllowSite) => {
            *site = Some(match *site {
                None | Some(SiteChoice::Allow) => SiteChoice::Allow,
                Some(SiteChoice::AllowPaths | SiteChoice::AllowBoth) => SiteChoice::AllowBoth,
                Some(SiteChoice::Block) => SiteChoice::Block,
            });
            None
        }
        Input::Window(Event::Cancel | Event::Back | Event::BlockSite | Event::Failed(_))
        | Input::Withdrawn
        | Input::Gone => Some(input),
        // What belongs to other questions.
        Input::Window(
            Event::Shown
            | Event::Decide { .. }
            | Event::AddFile(_)
            | Event::Forget(_)
            | Event::Agree
            | Event::AgreeAlways
            | Event::Undo
            | Event::Filled(_)
            | Event::Chosen(_),
        )
        | Input::Waiting(_)
        | Input::TokensChanged => None,
    }
}

/// The end of an order that was not carried out.
pub(super) fn ended(end: Input, site: &mut Option<SiteChoice>, mut talk: Box<dyn Talk + '_>) -> End {
    match end {
        Input::Window(Event::Failed(cause)) => return no_window(cause),
        Input::Withdrawn => {
            talk.screen().page_gone();
            if is_blocked(&mut *talk) {
                *site = Some(SiteChoice::Block);
            }
            return End::cancelled();
        }
        Input::Window(Event::Back) => {
            talk.close();
            return End::Back;
        }
        Input::Window(Event::BlockSite) => *site = Some(SiteChoice::Block),
        _ => {}
    }
    talk.close();
    End::cancelled()
}

/// Whether the person blocks a site whose page went away before they could: such a page could ask again and again.
fn is_blocked(talk: &mut dyn Talk) -> bool {
    let until = Instant::now() + GOODBYE;
    while let Some(input) = talk.next_within(until.saturating_duration_since(Instant::now())) {
        match input {
            Input::Window(Event::BlockSite) => return true,
            Input::Window(Event::Cancel | Event::Failed(_)) | Input::Gone => return false,
            _ => {}
        }
    }
    false
}

pub(super) fn no_window(cause: String) -> End {
    End::failed(FailureCode::SignerUnavailable, cause)
}

fn window_locale(locale: order::Locale) -> Locale {
    Locale::from_code(locale.code()).unwrap_or(Locale::Ru)
}
