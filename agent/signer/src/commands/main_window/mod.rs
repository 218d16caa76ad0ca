//! The main window: keys, files, journal, sites, check, settings, about.
//!
//! What belongs to the listener's room (the journal, the sites) is asked of `tanba` itself, started beside with `--json`, as a
//! script would: this process links none of it. Everything else is at hand here.
//!
//! - `keys`, `files`, `journal`, `sites`, `check`, `settings`, `about`: one part each: its page, and what its buttons do.
//! - `beside`: commands of ours, started beside and given up.

mod about;
mod beside;
mod check;
mod files;
mod journal;
mod keys;
mod settings;
mod sites;

use super::{CommandError, Context, say};
use crate::{
    carry_out::{Clock, FactoryPins, Fulfilled, Statuses, Wish},
    own_desk,
    tokens::{Shelf, Tokens},
    turn::Turn,
    window::{self, Desk, MainAction, MainEvent, MainHandle, MainNote, MainPage, MainRow, clean},
};
use ::settings::Places;
use beside::Ended;
use keystore::pkcs11::Snapshot;
use platform::instance::{Instance, InstanceError};
use std::{
    any::Any,
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
}

/// Opens the window, or brings the one that is open to the front, and waits until it is closed.
pub(super) fn open(context: &Context, part: Part) -> Result<ExitCode, CommandError> {
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

/// What one more press takes back.
enum Undo {
    Key(keys::Forgotten),
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
    undo: Option<Undo>,
    /// What would be mended after a yes.
    mending: Option<String>,
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
        let context = Context::at(places.clone(), clock.now()).map_err(|error| error.to_string())?;
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
        self.turn_to(self.part)?;
        loop {
            match self.messages.recv_timeout(GLANCE) {
                Ok(Message::Window(MainEvent::Closed(None))) => return Ok(()),
                Ok(Message::Window(MainEvent::Closed(Some(what)))) => return Err(what),
                Ok(Message::Window(event)) => self.hear(event)?,
                Ok(Message::TokensChanged) if self.part == Part::Keys => self.show()?,
                Ok(Message::TokensChanged) => {}
                Ok(Message::Ended(number, ended)) => self.task_ended(number, ended)?,
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

    fn hear(&mut self, event: MainEvent) -> Result<(), String> {
        match event {
            MainEvent::Tab(index) => self.turn_to(Part::ALL.get(index).copied().unwrap_or(Part::Keys)),
            MainEvent::Toggle(row) => {
                self.open = if self.open == row { String::new() } else { row };
                self.show()
            }
            MainEvent::Search(text) => {
                self.search = text;
                self.refresh()
            }
            MainEvent::Refresh => self.refresh(),
            MainEvent::Dropped(paths)
                if self.part == Part::Keys && paths.iter().all(|one| keys::is_named_as_key(one)) =>
            {
                let context = self.context()?;
                paths.iter().try_for_each(|path| self.add_key(&context, path))
            }
            MainEvent::Dropped(paths) => {
                self.turn_to(Part::Files)?;
                self.open = self.files.take(paths);
                self.show()
            }
            MainEvent::Press { row, action, text } => self.press(&row, &action, &text),
            // Heard before.
            MainEvent::Closed(_) => Ok(()),
        }
    }

    /// Another part, from its beginning.
    fn turn_to(&mut self, part: Part) -> Result<(), String> {
        self.part = part;
        self.open.clear();
        self.search.clear();
        self.undo = None;
        self.mending = None;
        if self.task.is_none() {
            self.window.say(MainNote::default());
        }
        self.refresh()
    }

    /// Reads anew what is shown.
    fn refresh(&mut self) -> Result<(), String> {
        match self.part {
            Part::Journal => self.ask_beside(beside::Why::Journal, &journal::Journal::question(&self.search))?,
            Part::Sites => self.ask_beside(beside::Why::Sites, &["sites", "list", "--json"].map(str::to_owned))?,
            // What takes so long is looked at once, and again when the person wants it.
            Part::Check if self.check.is_fresh() || self.is_looking() => {}
            Part::Check => self.look()?,
            Part::About => self.ask_beside(beside::Why::Log, &self.about.question())?,
            Part::Keys | Part::Files | Part::Settings => {}
        }
        self.show()
    }

    fn context(&self) -> Result<Context, String> {
        Context::at(self.places.clone(), self.clock.now()).map_err(|error| error.to_string())
    }

    fn show(&mut self) -> Result<(), String> {
        let context = match self.context() {
            Ok(context) => context,
            // A file that is broken now may be mended in a moment: the window stays.
            Err(what) => {
                self.window.say(MainNote { text: what, alarms: true, actions: Vec::new() });
                return Ok(());
            }
        };
        let mut page = blank(&context, self.part);
        match self.part {
            Part::Keys => keys::fill(&mut page, &context, &self.snapshot()),
            Part::Files => self.files.fill(&mut page, &context),
            Part::Journal => self.journal.fill(&mut page, &context, &self.search),
            Part::Sites => self.sites.fill(&mut page, &context),
            Part::Check => self.check.fill(&mut page, &context),
            Part::Settings => settings::fill(&mut page, &context),
            Part::About => self.about.fill(&mut page, &context),
        }
        self.window.show(page, &self.open);
        Ok(())
    }

    fn snapshot(&self) -> Snapshot {
        self.shelf.fleet(&self.places).map(|fleet| Tokens::snapshot(&fleet)).unwrap_or_default()
    }

    fn press(&mut self, row: &str, action: &str, text: &str) -> Result<(), String> {
        let context = self.context()?;
        match (self.part, action) {
            (_, "stop") => {
                if self.is_looking() {
                    self.check.give_up(&context);
                }
                self.mending = None;
                self.stop_task();
                self.window.say(MainNote::default());
                self.show()
            }
            (Part::About, "log-all" | "log-grave" | "log-read") => {
                if action != "log-read" {
                    self.about.show_only_grave(action == "log-grave");
                }
                self.refresh()
            }
            (Part::About, "log-save") => self.ask_beside(beside::Why::Change, &about::About::saving(&context)),
            (_, "undo") => self.take_back(&context),
            (Part::Keys, "request") => self.fulfil(&context, Wish::Request(crate::carry_out::Draft::default())),
            (Part::Keys, "import") => self.fulfil(&context, Wish::Import(None)),
            (Part::Keys, "lost") => self.fulfil(&context, Wish::Lost(crate::life::blocked::Why::Lost)),
            (Part::Keys, "add") => match window::pick_key_file(&context.texts.text("main-keys-add"), &context.texts) {
                window::Choice::File(path) => self.add_key(&context, &path),
                window::Choice::Nothing => Ok(()),
                window::Choice::NoChooser => {
                    self.tell(Err(context.texts.text("main-files-no-chooser")));
                    Ok(())
                }
            },
            (Part::Keys, "read" | "password" | "backup" | "modernise") => {
                match keys::file_of(&context, row).and_then(|path| keys::wish(action, path)) {
                    Some(wish) => self.fulfil(&context, wish),
                    None => {
                        self.tell(Err(context.texts.text("main-gone")));
                        self.show()
                    }
                }
            }
            (Part::Keys, "export") => {
                self.tell(keys::export(&context, &self.snapshot(), row));
                Ok(())
            }
            (Part::Keys, "forget") => {
                match keys::forget(&context, row) {
                    Ok(forgotten) => {
                        let text = context.say("main-forgotten", &[("file", Value::Text(&forgotten.shown()))]);
                        self.undo = Some(Undo::Key(forgotten));
                        let actions = vec![MainAction::new("undo", context.texts.text("main-undo"))];
                        self.window.say(MainNote { text, alarms: false, actions });
                    }
                    Err(what) => self.tell(Err(what)),
                }
                self.show()
            }
            (Part::Files, "choose") => {
                let title = context.texts.text("main-files-choose");
                match window::pick_any_file(&title, &context.texts) {
                    window::Choice::File(path) => self.open = self.files.take(vec![path]),
                    window::Choice::Nothing => {}
                    window::Choice::NoChooser => self.tell(Err(context.texts.text("main-files-no-chooser"))),
                }
                self.show()
            }
            (Part::Files, "sign") => match self.files.path(row) {
                Some(path) => {
                    let done = self.fulfil_one(&context, Wish::Sign(path))?;
                    self.files.signed(row, &done);
                    self.show()
                }
                None => Ok(()),
            },
            (Part::Files, "verify") => match self.files.path(row) {
                Some(path) => {
                    let command = ["verify".to_owned(), "--".to_owned(), path.to_string_lossy().into_owned()];
                    self.ask_beside(beside::Why::Verify(row.to_owned()), &command)?;
                    let text = context.say("main-files-verifying", &[("file", Value::Text(&clean(&shown(&path))))]);
                    self.wait_for(&context, text);
                    Ok(())
                }
                None => Ok(()),
            },
            (Part::Files, "away") => {
                self.files.put_away(row);
                self.show()
            }
            (Part::Sites, "forget") => match self.sites.origin(row) {
                Some(origin) => {
                    let command = ["sites".to_owned(), "forget".to_owned(), "--".to_owned(), origin];
                    self.ask_beside(beside::Why::Change, &command)
                }
                None => Ok(()),
            },
            (Part::Journal, "check") => self.ask_beside(beside::Why::Change, &["journal", "check"].map(str::to_owned)),
            (Part::Check, "again") => {
                self.check.forget();
                self.refresh()
            }
            (Part::Check, "report") => {
                self.ask_beside(beside::Why::Report, &["doctor", "--report"].map(str::to_owned))?;
                self.wait_for(&context, context.texts.text("main-check-looking"));
                Ok(())
            }
            (Part::Check, "mend") => {
                if let Some((code, text)) = self.check.fix(row) {
                    let text_of = |id: &str| context.texts.text(id);
                    let actions = vec![
                        MainAction::new("stop", text_of("window-cancel")),
                        MainAction::new("mend-now", text_of("main-check-mend")),
                    ];
                    self.mending = Some(code);
                    self.window.say(MainNote { text, alarms: false, actions });
                }
                Ok(())
            }
            (Part::Check, "mend-now") => match self.mending.take() {
                Some(code) => {
                    let command = ["doctor", "--fix", &code, "--yes"].map(str::to_owned);
                    self.ask_beside(beside::Why::Mend, &command)?;
                    self.wait_for(&context, context.texts.text("main-check-mending"));
                    Ok(())
                }
                None => Ok(()),
            },
            (Part::Settings, "on" | "off") if row == settings::AUTOSTART => {
                self.ask_beside(beside::Why::Change, &["autostart", action].map(str::to_owned))
            }
            (Part::Settings, _) => {
                let said = settings::change(&context, row, action, text);
                // In the language that holds now.
                self.tell(said);
                self.show()
            }
            _ => Ok(()),
        }
    }

    fn tell(&self, said: Result<String, String>) {
        let alarms = said.is_err();
        let (Ok(text) | Err(text)) = said;
        self.window.say(MainNote { text, alarms, actions: Vec::new() });
    }

    /// Brings a key file into the list.
    fn add_key(&mut self, context: &Context, path: &Path) -> Result<(), String> {
        let wish = match keys::check(context, path) {
            Ok(wish) => wish,
            Err(what) => {
                self.tell(Err(what));
                return Ok(());
            }
        };
        if self.fulfil_one(context, wish)? == Fulfilled::Done {
            let text = context.say("main-keys-added", &[("file", Value::Text(&clean(&shown(path))))]);
            self.tell(Ok(text));
        }
        self.show()
    }

    /// Opens the windows of a wish, and waits until they are closed.
    fn fulfil(&mut self, context: &Context, wish: Wish) -> Result<(), String> {
        self.fulfil_one(context, wish)?;
        self.show()
    }

    fn fulfil_one(&mut self, context: &Context, wish: Wish) -> Result<Fulfilled, String> {
        let Some(turn) = Turn::take(self.places.runtime()).map_err(|error| error.to_string())? else {
            self.tell(Err(context.texts.text("main-other-window")));
            return Ok(Fulfilled::Left);
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
        Ok(fulfilled)
    }

    fn take_back(&mut self, context: &Context) -> Result<(), String> {
        match self.undo.take() {
            Some(Undo::Key(forgotten)) => self.tell(forgotten.take_back(context)),
            None => self.window.say(MainNote::default()),
        }
        self.show()
    }

    /// Starts a command beside; one that runs already is given up.
    fn ask_beside(&mut self, why: beside::Why, arguments: &[String]) -> Result<(), String> {
        self.stop_task();
        self.tasks += 1;
        let (number, sender) = (self.tasks, self.sender.clone());
        let ended = move |ended| drop(sender.send(Message::Ended(number, ended)));
        match beside::Task::start(number, why, &self.places, arguments, ended) {
            Ok(task) => self.task = Some(task),
            Err(what) => self.tell(Err(what)),
        }
        Ok(())
    }

    /// Says that something is being done, and offers to give it up.
    fn wait_for(&self, context: &Context, text: String) {
        let actions = vec![MainAction::new("stop", context.texts.text("window-cancel"))];
        self.window.say(MainNote { text, alarms: false, actions });
    }

    fn is_looking(&self) -> bool {
        self.task.as_ref().is_some_and(|task| *task.why() == beside::Why::Check)
    }

    /// Has everything looked at that can be in the way.
    fn look(&mut self) -> Result<(), String> {
        self.ask_beside(beside::Why::Check, &check::Check::question())?;
        let context = self.context()?;
        self.wait_for(&context, context.texts.text("main-check-looking"));
        Ok(())
    }

    fn stop_task(&mut self) {
        if let Some(task) = self.task.take() {
            task.stop();
        }
    }

    fn task_ended(&mut self, number: u64, ended: Ended) -> Result<(), String> {
        let Some(task) = self.task.take_if(|task| task.number() == number) else { return Ok(()) };
        match task.why() {
            beside::Why::Journal => self.journal.heard(&ended),
            beside::Why::Sites => self.sites.heard(&ended),
            beside::Why::Log => self.about.heard(&ended),
            beside::Why::Verify(row) => {
                let context = self.context()?;
                self.files.verified(row, &ended, &context);
                self.open = row.clone();
                self.window.say(MainNote::default());
            }
            beside::Why::Check => {
                self.check.heard(&ended);
                self.window.say(MainNote::default());
            }
            beside::Why::Report => {
                let context = self.context()?;
                self.tell(check::save(&context, &ended));
            }
            beside::Why::Mend => {
                self.check.forget();
                return self.look();
            }
            beside::Why::Change => {
                self.tell(ended.said());
                return self.refresh();
            }
        }
        self.show()
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
