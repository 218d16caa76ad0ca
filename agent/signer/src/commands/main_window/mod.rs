//! The main window: keys, files, journal, sites, check, settings, about.
//!
//! What belongs to the listener's room (the journal, the sites) is asked of `tanba` itself, started beside with `--json`, as a
//! script would: this process links none of it. Everything else is at hand here.
//!
//! - `keys`, `files`, `journal`, `sites`, `check`, `settings`, `about`: one part each: its page, and what its buttons do.
//! - `press`: what the buttons do.
//! - `beside`: commands of ours, started beside and given up.

mod about;
mod beside;
mod check;
mod files;
mod journal;
mod keys;
mod press;
mod settings;
mod sites;

use super::{CommandError, Context, ContextError, say};
use crate::{
    carry_out::{Clock, FactoryPins, Fulfilled, Statuses, Wish},
    own_desk,
    tokens::{Shelf, Tokens},
    turn::Turn,
    window::{self, Desk, MainAction, MainEvent, MainHandle, MainNote, MainPage, MainRow, clean},
};
use ::settings::{Places, Settings};
use beside::Ended;
use keystore::pkcs11::Snapshot;
use platform::instance::{Instance, InstanceError};
use std::{
    any::Any,
    ffi::OsStr,
    fs,
    path::Path,
    process::ExitCode,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};
use texts::Value;

/// Something that is needed is missing, as in `EXIT_CODES`: a screen.
const MISSING: u8 = 5;
/// The file that the main window holds while it is open.
const HELD: &str = "main-window.lock";
/// The file by which a second start asks the open window to come to the front.
const CALLED: &str = "main-window.called";
/// How often the open window looks whether it was called.
const GLANCE: Duration = Duration::from_millis(500);

/// The parts of the window, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The person's keys
    Keys,
    /// Signing and checking files
    Files,
    /// What was decided
    Journal,
    /// What was decided about sites
    Sites,
    /// What is in the way of signing
    Check,
    /// Settings
    Settings,
    /// What Tanba is, where its files lie, its log
    About,
}

impl Part {
    const ALL: [Self; 7] =
        [Self::Keys, Self::Files, Self::Journal, Self::Sites, Self::Check, Self::Settings, Self::About];

    const fn name(self) -> &'static str {
        match self {
            Self::Keys => "main-keys",
            Self::Files => "main-files",
            Self::Journal => "main-journal",
            Self::Sites => "main-sites",
            Self::Check => "main-check",
            Self::Settings => "main-settings",
            Self::About => "main-about",
        }
    }

    /// Whether it works while the settings cannot be read: what is in the way is found and mended there.
    const fn stands_alone(self) -> bool {
        matches!(self, Self::Check | Self::Settings | Self::About)
    }
}

/// Opens the window, or brings the one that is open to the front, and waits until it is closed.
pub(super) fn open(context: &Context, part: Part) -> Result<ExitCode, CommandError> {
    // The part that says what to do about it.
    let part = if part.stands_alone() || Settings::load(&context.places).is_ok() { part } else { Part::Check };
    let runtime = context.places.runtime();
    let failed = |what: &str| CommandError::Failed(context.say("main-failed", &[("what", Value::Text(what))]));
    let _held = match Instance::acquire(&runtime.join(HELD)) {
        Ok(held) => held,
        Err(InstanceError::Held(_)) => {
            fs::write(runtime.join(CALLED), b"").map_err(|error| failed(&error.to_string()))?;
            return Ok(ExitCode::SUCCESS);
        }
        Err(InstanceError::Io(error)) => return Err(failed(&error.to_string())),
    };
    let (places, clock) = (context.places.clone(), Clock::starting_at(context.now));
    let (told, outcome) = channel();
    let shown = window::run(move |desk| {
        // Who waits for it waits below.
        let _ = told.send(Main::new(desk, places, clock, part).and_then(Main::run));
    });
    if let Err(error) = shown {
        context.note("own-no-screen", &[("what", Value::Text(&error.to_string()))]);
        return Ok(ExitCode::from(MISSING));
    }
    match outcome.recv() {
        Ok(Ok(())) | Err(_) => Ok(ExitCode::SUCCESS),
        Ok(Err(what)) => Err(failed(&what)),
    }
}

/// What the worker hears.
enum Message {
    Window(MainEvent),
    TokensChanged,
    /// A command that was started beside has ended.
    Ended(u64, Ended),
}

/// The open window and what it shows.
struct Main {
    window: MainHandle,
    sender: Sender<Message>,
    messages: Receiver<Message>,
    places: Places,
    clock: Clock,
    shelf: Shelf,
    statuses: Statuses,
    pins: FactoryPins,
    /// The tokens are looked for while it is held.
    _watch: Option<Box<dyn Any>>,
    part: Part,
    open: String,
    search: String,
    /// What one more press takes back.
    undo: Option<keys::Forgotten>,
    /// What would be mended after a yes.
    mending: Option<check::Mending>,
    /// The command that runs beside, and what it is for.
    task: Option<beside::Task>,
    tasks: u64,
    files: files::Files,
    journal: journal::Journal,
    sites: sites::Sites,
    check: check::Check,
    about: about::About,
}

impl Main {
    fn new(desk: Desk, places: Places, clock: Clock, part: Part) -> Result<Self, String> {
        let (sender, messages) = channel();
        let (context, _) = context_at(&places, &clock)?;
        let heard = sender.clone();
        let first = blank(&context, part);
        // Nobody listens any more only when the window is done with.
        let window = desk.open_main(first, move |event| drop(heard.send(Message::Window(event))));
        let shelf = Shelf::default();
        let woken = sender.clone();
        let watch = shelf
            .fleet(&places)
            .ok()
            .map(|fleet| Tokens::watch(&fleet, Box::new(move || drop(woken.send(Message::TokensChanged)))));
        Ok(Self {
            window,
            sender,
            messages,
            places,
            clock,
            shelf,
            statuses: Statuses::default(),
            pins: FactoryPins::default(),
            _watch: watch,
            part,
            open: String::new(),
            search: String::new(),
            undo: None,
            mending: None,
            task: None,
            tasks: 0,
            files: files::Files::default(),
            journal: journal::Journal::default(),
            sites: sites::Sites::default(),
            check: check::Check::default(),
            about: about::About::default(),
        })
    }

    fn run(mut self) -> Result<(), String> {
        // What was asked before this window was there is not for it.
        let called = self.places.runtime().join(CALLED);
        let _ = fs::remove_file(&called);
        self.turn_to(self.part);
        loop {
            match self.messages.recv_timeout(GLANCE) {
                Ok(Message::Window(MainEvent::Closed(None))) => return Ok(()),
                Ok(Message::Window(MainEvent::Closed(Some(what)))) => return Err(what),
                Ok(Message::Window(event)) => self.hear(event),
                Ok(Message::TokensChanged) if self.part == Part::Keys => self.show(),
                Ok(Message::TokensChanged) => {}
                Ok(Message::Ended(number, ended)) => self.task_ended(number, &ended),
                Err(RecvTimeoutError::Timeout) => {
                    if fs::remove_file(&called).is_ok() {
                        self.window.come_to_front();
                    }
                }
                // This very window holds a sender.
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    fn hear(&mut self, event: MainEvent) {
        match event {
            MainEvent::Tab(index) => self.turn_to(Part::ALL.get(index).copied().unwrap_or(Part::Keys)),
            MainEvent::Toggle(row) => {
                self.open = if self.open == row { String::new() } else { row };
                self.show();
            }
            MainEvent::Search(text) => {
                self.search = text;
                self.refresh();
            }
            MainEvent::Refresh => {
                if self.part == Part::Check && !self.is_looking() {
                    self.check.forget();
                }
                self.refresh();
            }
            MainEvent::CameBack => self.refresh(),
            MainEvent::Dropped(paths)
                if self.part == Part::Keys && paths.iter().all(|one| keys::is_named_as_key(one)) =>
            {
                if let Some(context) = self.context() {
                    paths.iter().for_each(|path| self.add_key(&context, path));
                }
            }
            MainEvent::Dropped(paths) => {
                self.turn_to(Part::Files);
                self.open = self.files.take(paths);
                self.show();
            }
            MainEvent::Press { row, action, text } => self.press(&row, &action, &text),
            // Heard before.
            MainEvent::Closed(_) => {}
        }
    }

    /// Another part, from its beginning.
    fn turn_to(&mut self, part: Part) {
        self.part = part;
        self.open.clear();
        self.search.clear();
        self.undo = None;
        self.mending = None;
        // What is being done goes on, stays said, and can be given up; what was only read for another part does not. A look
        // at everything takes long: it goes on where nothing else is asked.
        let goes_on = self.task.as_ref().is_some_and(|task| match task.why() {
            beside::Why::Check => matches!(part, Part::Check | Part::Keys | Part::Files | Part::Settings),
            why => !only_reads(why),
        });
        if !goes_on {
            self.stop_task();
            self.window.say(MainNote::default());
        }
        self.refresh();
    }

    /// Reads anew what is shown.
    fn refresh(&mut self) {
        match self.part {
            Part::Journal => self.ask_beside(beside::Why::Journal, &journal::Journal::question(&self.search)),
            Part::Sites => self.ask_beside(beside::Why::Sites, &["sites", "list", "--json"].map(str::to_owned)),
            // What takes so long is looked at once, and again when the person wants it.
            Part::Check if self.check.is_fresh() || self.is_looking() => {}
            Part::Check => self.look(),
            Part::About => self.ask_beside(beside::Why::Log, &self.about.question()),
            Part::Keys | Part::Files | Part::Settings => {}
        }
        self.show();
    }

    /// Everything as it is now, for this part. Where it cannot be had, that is said: a file that is broken now may be mended
    /// in a moment, so the window stays.
    fn context(&self) -> Option<Context> {
        match context_at(&self.places, &self.clock) {
            Ok((context, None)) => Some(context),
            Ok((context, Some(_))) if self.part.stands_alone() => Some(context),
            Ok((_, Some(what))) | Err(what) => {
                self.tell(Err(what));
                None
            }
        }
    }

    fn show(&mut self) {
        let (context, fault) = match context_at(&self.places, &self.clock) {
            Ok(known) => known,
            Err(what) => return self.tell(Err(what)),
        };
        let mut page = blank(&context, self.part);
        match self.part {
            part if fault.is_some() && !part.stands_alone() => page.empty = fault.unwrap_or_default(),
            Part::Keys => keys::fill(&mut page, &context, &self.snapshot()),
            Part::Files => self.files.fill(&mut page, &context),
            Part::Journal => self.journal.fill(&mut page, &context, &self.search),
            Part::Sites => self.sites.fill(&mut page, &context),
            Part::Check => self.check.fill(&mut page, &context),
            Part::Settings => settings::fill(&mut page, &context),
            Part::About => self.about.fill(&mut page, &context),
        }
        self.window.show(page, &self.open);
    }

    fn snapshot(&self) -> Snapshot {
        self.shelf.fleet(&self.places).map(|fleet| Tokens::snapshot(&fleet)).unwrap_or_default()
    }

    fn tell(&self, said: Result<String, String>) {
        let alarms = said.is_err();
        let (Ok(text) | Err(text)) = said;
        self.window.say(MainNote { text, alarms, actions: Vec::new() });
    }

    /// Brings a key file into the list.
    fn add_key(&mut self, context: &Context, path: &Path) {
        let wish = match keys::check(context, path) {
            Ok(wish) => wish,
            Err(what) => return self.tell(Err(what)),
        };
        if self.fulfil_one(context, wish) == Fulfilled::Done {
            let text = context.say("main-keys-added", &[("file", Value::Text(&clean(&shown(path))))]);
            self.tell(Ok(text));
        }
        self.show();
    }

    /// Opens the windows of a wish, and waits until they are closed.
    fn fulfil(&mut self, context: &Context, wish: Wish) {
        self.fulfil_one(context, wish);
        self.show();
    }

    fn fulfil_one(&mut self, context: &Context, wish: Wish) -> Fulfilled {
        let turn = match Turn::take(self.places.runtime()) {
            Ok(Some(turn)) => turn,
            Ok(None) => {
                self.tell(Err(context.texts.text("main-other-window")));
                return Fulfilled::Left;
            }
            Err(error) => {
                self.tell(Err(error.to_string()));
                return Fulfilled::Left;
            }
        };
        self.window.set_busy(true);
        self.tell(Ok(context.texts.text("main-in-other-window")));
        let mut fulfilled = Fulfilled::Left;
        let desk = self.window.desk().clone();
        let done = context.with_room((&self.statuses, &self.pins), &self.shelf, &mut |room| {
            fulfilled = own_desk::open(desk.clone(), &turn, &wish, room);
        });
        self.window.set_busy(false);
        match done.err().or_else(|| match &fulfilled {
            Fulfilled::Failed(what) => Some(what.clone()),
            Fulfilled::Done | Fulfilled::Left => None,
        }) {
            Some(what) => self.tell(Err(context.say("own-failed", &[("what", Value::Text(&what))]))),
            None => self.window.say(MainNote::default()),
        }
        fulfilled
    }

    fn take_back(&mut self, context: &Context) {
        match self.undo.take() {
            Some(forgotten) => self.tell(forgotten.take_back(context)),
            None => self.window.say(MainNote::default()),
        }
        self.show();
    }

    /// Starts a command beside; one that runs already is given up. But what only reads for a part displaces nothing that is
    /// being done: it is read when that has ended.
    fn ask_beside(&mut self, why: beside::Why, arguments: &[impl AsRef<OsStr>]) {
        if only_reads(&why) && self.task.as_ref().is_some_and(|task| !only_reads(task.why())) {
            return;
        }
        self.stop_task();
        self.tasks += 1;
        let (number, sender) = (self.tasks, self.sender.clone());
        let ended = move |ended| drop(sender.send(Message::Ended(number, ended)));
        match beside::Task::start(number, why, &self.places, arguments, ended) {
            Ok(task) => self.task = Some(task),
            Err(what) => self.tell(Err(what)),
        }
    }

    /// Says that something is being done, and offers to give it up. Where it could not be started, that stays said.
    fn wait_for(&self, context: &Context, text: String) {
        if self.task.is_none() {
            return;
        }
        let actions = vec![MainAction::new("stop", context.texts.text("window-cancel"))];
        self.window.say(MainNote { text, alarms: false, actions });
    }

    fn is_looking(&self) -> bool {
        self.task.as_ref().is_some_and(|task| *task.why() == beside::Why::Check)
    }

    /// Has everything looked at that can be in the way.
    fn look(&mut self) {
        self.ask_beside(beside::Why::Check, &check::Check::question());
        if self.is_looking()
            && let Some(context) = self.context()
        {
            self.wait_for(&context, context.texts.text("main-check-looking"));
        }
    }

    fn stop_task(&mut self) {
        if let Some(task) = self.task.take() {
            task.stop();
        }
    }

    fn task_ended(&mut self, number: u64, ended: &Ended) {
        let Some(task) = self.task.take_if(|task| task.number() == number) else { return };
        match task.why() {
            beside::Why::Journal => self.journal.heard(ended),
            beside::Why::Sites => self.sites.heard(ended),
            beside::Why::Log => self.about.heard(ended),
            beside::Why::Check => {
                self.check.heard(ended);
                self.window.say(MainNote::default());
            }
            beside::Why::Verify(row) => {
                self.window.say(MainNote::default());
                if let Some(context) = self.context() {
                    self.files.verified(row, ended, &context);
                }
                if self.part == Part::Files {
                    self.open = row.clone();
                }
            }
            beside::Why::Report => {
                if let Some(context) = self.context() {
                    self.tell(check::save(&context, ended));
                }
            }
            beside::Why::Mend => {
                self.check.forget();
                self.window.say(MainNote::default());
            }
            beside::Why::Change => self.tell(ended.said()),
        }
        // What was done is over; what it kept from being read is read now.
        if only_reads(task.why()) { self.show() } else { self.refresh() }
    }
}

/// Whether a command only reads what a part shows, and may be given up for another part.
fn only_reads(why: &beside::Why) -> bool {
    use beside::Why;
    match why {
        Why::Journal | Why::Sites | Why::Log | Why::Check => true,
        Why::Verify(_) | Why::Report | Why::Mend | Why::Change => false,
    }
}

/// Everything as it is now. Where the person's settings, or the administrator's, cannot be read, with the defaults in their
/// place, and what is wrong.
fn context_at(places: &Places, clock: &Clock) -> Result<(Context, Option<String>), String> {
    match Context::at(places.clone(), clock.now()) {
        Ok(context) => Ok((context, None)),
        Err(error @ ContextError::Settings(_)) => {
            let what = error.sentence(places.root());
            let context = Context::with_defaults(places.root(), clock.now()).map_err(|error| error.to_string())?;
            Ok((context, Some(what)))
        }
        Err(error) => Err(error.to_string()),
    }
}

/// A page without rows.
fn blank(context: &Context, part: Part) -> MainPage {
    let text = |id: &str| context.texts.text(id);
    MainPage {
        tabs: Part::ALL.iter().map(|part| text(part.name())).collect(),
        tab: Part::ALL.iter().position(|one| *one == part).unwrap_or_default(),
        name: text("main-title"),
        tabs_label: text("main-parts"),
        test_banner: context.settings.test_environment.then(|| text("window-test-banner")),
        heading: text(part.name()),
        ..MainPage::default()
    }
}

/// A file's name without its folder.
fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Names and values that a row opens, those without a value left out.
fn facts(context: &Context, of: &[(&str, String)]) -> Vec<(String, String)> {
    let said = |(name, value): &(&str, String)| (context.texts.text(name), clean(value));
    of.iter().filter(|(_, value)| !value.is_empty()).map(said).collect()
}
