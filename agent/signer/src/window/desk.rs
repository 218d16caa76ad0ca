//! The way between the thread that carries orders out and the one the toolkit lives on.

use super::fonts;
use super::model::{Busy, Event, KeyRow, Looking, MainEvent, MainNote, MainPage, Problem, RowId, View};
use super::stage::{self, Command};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};

/// Why no window can be shown.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// No screen: neither X11 nor Wayland answers.
    #[error("no window can be shown here: {0}")]
    NoScreen(String),
    /// The system has no fonts, and ours could not stand in for them.
    #[error("there is no font to write with: {0}")]
    NoFonts(String),
    /// The worker's thread could not be started, or ended by a panic.
    #[error("the thread that carries orders out failed: {0}")]
    Worker(String),
}

/// Runs the toolkit on the calling thread, which must be the program's first, until `worker` returns in its own.
///
/// On a system without fonts it starts this program again, with the same arguments, before anything else.
///
/// # Errors
/// [`WindowError::NoScreen`] before `worker` was started, when there is nothing to show windows on;
/// [`WindowError::NoFonts`] when there is nothing to write with;
/// [`WindowError::Worker`] when it panicked.
pub fn run(worker: impl FnOnce(Desk) + Send + 'static) -> Result<(), WindowError> {
    stage::prepare()?;
    let desk = Desk { next: Arc::new(AtomicU64::new(1)) };
    let worker = std::thread::Builder::new()
        .name("worker".to_owned())
        .spawn(move || {
            // Dropped when the worker returns and when it panics: the toolkit stops either way.
            let _stop = StopWhenDropped;
            worker(desk);
        })
        .map_err(|error| WindowError::Worker(error.to_string()))?;
    let stopped = stage::run_until_stopped();
    fonts::tidy();
    stopped?;
    worker.join().map_err(|_| WindowError::Worker("it panicked".to_owned()))
}

struct StopWhenDropped;

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        stage::post(Command::Stop);
    }
}

/// Where windows are opened from, in any thread. One window is open at a time: opening another one takes the place of
/// the former, whose events then end.
#[derive(Clone, Debug)]
pub struct Desk {
    next: Arc<AtomicU64>,
}

impl Desk {
    /// One that no screen belongs to: every window ends as soon as it is opened.
    #[cfg(test)]
    pub(crate) fn nowhere() -> Self {
        Self { next: Arc::new(AtomicU64::new(1)) }
    }

    /// Opens a window and gives its events as a channel, which ends with the window.
    #[must_use]
    pub fn ask(&self, view: View) -> Conversation {
        let (sender, events) = channel();
        // Nobody may be listening any more when the last event comes; then it has no meaning either.
        let window = self.ask_with(view, move |event| drop(sender.send(event)));
        Conversation { events, window }
    }

    /// Opens a window whose events go to `heard`, on the toolkit's thread: it must not block. For those who wait for
    /// several things at once and bring them together in a channel of their own. `heard` is dropped with the window.
    #[must_use]
    pub fn ask_with(&self, view: View, heard: impl Fn(Event) + Send + 'static) -> OpenWindow {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        stage::post(Command::Open(id, Box::new(view), Box::new(heard)));
        OpenWindow { id }
    }

    /// Opens the main window with its first page. It stays behind the windows that [`Desk::ask`] opens, and what comes from it
    /// goes to `heard`, on the toolkit's thread: it must not block.
    #[must_use]
    pub fn open_main(&self, page: MainPage, heard: impl Fn(MainEvent) + Send + 'static) -> MainHandle {
        stage::post(Command::Main(Box::new(page), Box::new(heard)));
        MainHandle { desk: self.clone() }
    }

    /// Takes every window off the screen, also one that is still saying that its page went away.
    pub fn clear(&self) {
        stage::post(Command::Clear);
    }
}

/// One window and what comes from it.
#[derive(Debug)]
pub struct Conversation {
    /// What the person does; ends when the window is closed.
    pub events: Receiver<Event>,
    /// The window itself.
    pub window: OpenWindow,
}

impl Conversation {
    /// Closes the window. Nothing is sent.
    pub fn close(self) {
        self.window.close();
    }
}

impl Deref for Conversation {
    type Target = OpenWindow;

    fn deref(&self) -> &OpenWindow {
        &self.window
    }
}

/// A window on the screen. Dropping it closes the window, unless it is showing that the page went away.
#[derive(Debug)]
pub struct OpenWindow {
    id: u64,
}

impl OpenWindow {
    /// Gives a new list of keys, and the row to choose in it, and ends being busy. Without `focus` the chosen row stays
    /// chosen while it is there and can answer.
    pub fn show_keys(&self, keys: Vec<KeyRow>, focus: Option<RowId>) {
        stage::post(Command::Keys(self.id, keys, focus));
    }

    /// The list changed by itself. What the person chose and typed stays, and so does all else.
    pub fn update_keys(&self, keys: Vec<KeyRow>, looking: Looking) {
        stage::post(Command::Update(self.id, keys, looking));
    }

    /// Says what went wrong, and ends being busy.
    pub fn show_problem(&self, problem: Problem) {
        stage::post(Command::Problem(self.id, problem));
    }

    /// Says what is being done. The window is busy by itself after [`Event::Decide`]; this only changes the words.
    pub fn show_busy(&self, busy: Busy) {
        stage::post(Command::Busy(self.id, busy));
    }

    /// Says how many further requests wait.
    pub fn show_waiting(&self, count: u32) {
        stage::post(Command::Waiting(self.id, count));
    }

    /// Says that the page went away. The window takes no answer any more and closes after a moment, or at a key; it
    /// does so even when this handle is dropped at once.
    pub fn page_gone(&self) {
        stage::post(Command::PageGone(self.id));
    }

    /// Closes the window. Nothing is sent.
    pub fn close(self) {
        drop(self);
    }
}

impl Drop for OpenWindow {
    fn drop(&mut self) {
        stage::post(Command::Close(self.id));
    }
}

/// The main window, from any thread. Dropping it closes the window.
#[derive(Debug)]
pub struct MainHandle {
    desk: Desk,
}

impl MainHandle {
    /// Where further windows are opened from.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Shows a page, with the row of that name open.
    pub fn show(&self, page: MainPage, open: &str) {
        stage::post(Command::Page(Box::new(page), open.to_owned()));
    }

    /// Says something at the lower edge; an empty note takes the last one away.
    pub fn say(&self, note: MainNote) {
        stage::post(Command::Note(note));
    }

    /// Whether something is being done, so that nothing else can be pressed.
    pub fn set_busy(&self, is_busy: bool) {
        stage::post(Command::MainBusy(is_busy));
    }

    /// Brings it to the front.
    pub fn come_to_front(&self) {
        stage::post(Command::MainToFront);
    }
}

impl Drop for MainHandle {
    fn drop(&mut self) {
        stage::post(Command::MainClose);
    }
}
