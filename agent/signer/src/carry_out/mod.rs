//! Carrying an order out: the windows, the choice of a key, the signing itself.
//!
//! The order of things is the promise: a page's request becomes a [`View`] of exactly the octets that will be hashed; a
//! person chooses a key and types its password; the key file is opened, the documents are signed, every signature is
//! verified by the code that verifies foreign ones, and only then does anything leave. Wrong passwords, damaged files and
//! changed ones are dealt with here, in the window, and never reach the page. What cannot be signed at all, whatever the
//! person decides, is refused before a window opens; what reaches beyond the request (a file, the network, a site's own
//! server) is asked about in a window of its own, before anything is done.
//!
//! Who decides stands behind two traits, [`Person`] and [`Talk`]: the real window is one implementation, a test's script
//! another.
//!
//! - `errand`: one order under way: its windows one after the other, consents, and how it ends early.
//! - `choice`: the window with a list to choose from; `key_window`, `keys`: of keys, and their rows.
//! - `sign`, `documents`, `forms`, `delivery`: from documents to signatures, and where they go.
//! - `site`: what is fetched from the asking site, and sent to it.
//! - `stamps`, `status`, `beside`: what is asked of the NCA's services, and hearing a no meanwhile.
//! - `new_key`, `install`: a key is made, and its certificate is put to it.
//! - `by_hand`: what a person does without a page; `one_place`: a key whose place is known.
//! - `factory_pin`: a token that still has the PIN that it came with.
//! - `check`: signatures of others; `notice`: what is only told.

mod beside;
mod by_hand;
mod check;
mod choice;
mod clock;
mod delivery;
mod documents;
mod errand;
mod factory_pin;
mod forms;
mod hearts;
mod install;
mod key_acts;
mod key_window;
mod keys;
mod new_file_place;
mod new_key;
mod notice;
mod one_place;
mod sax;
mod sign;
mod site;
mod stamps;
mod status;

pub use by_hand::{Draft, Fulfilled, Wish, fulfil, lost_form, request_form};
pub use clock::Clock;
pub use factory_pin::FactoryPins;
pub use forms::key_info;
pub use keys::key_view;
pub(crate) use new_file_place::free as free_file;
pub use status::Statuses;

use crate::{
    fitness::Measure,
    known_keys::KnownKeys,
    services::{SiteError, Sites},
    tokens::{Tokens, Waker},
    window::{Busy, Event, KeyRow, Locale, Looking, OpenWindow, Problem, RowId, View},
};
use errand::Errand;
use order::{Failure, FailureCode, Order, Outcome, SiteChoice, Task};
use settings::Places;
use std::time::Duration;

/// Someone who can be asked: about one order at a time, or about what they want themself.
pub trait Person {
    /// Waits until no other process of Tanba shows a window, or until [`Person::is_withdrawn`] says that nobody waits for
    /// this one any more. Asked before each window; a turn lasts as long as the order.
    ///
    /// # Errors
    /// The cause in English when it cannot be found out.
    fn take_turn(&mut self, places: &Places) -> Result<(), String>;

    /// Opens one window; the answers come through the talk. An order may have several, one after the other.
    ///
    /// # Errors
    /// The cause in English when no window can be opened.
    fn ask(&mut self, view: View) -> Result<Box<dyn Talk + '_>, String>;

    /// Whether the page of this order has gone, heard while no window is open: between two windows of one order, and while
    /// something is fetched.
    fn is_withdrawn(&mut self) -> bool;

    /// What gives the open window [`Input::TokensChanged`], from any thread.
    fn waker(&self) -> Waker;
}

/// One open window. Dropping it closes the window, unless it says that the page went away.
pub trait Talk {
    /// Waits for what happens next.
    fn next(&mut self) -> Input;
    /// Waits for what happens next, but not longer than that.
    fn next_within(&mut self, patience: Duration) -> Option<Input>;
    /// What has happened already, without waiting.
    fn pending(&mut self) -> Option<Input>;
    /// What the window shows.
    fn screen(&mut self) -> &mut dyn Screen;
    /// What is called, on any thread, as soon as a no comes while work is under way; [`Talk::pending`] gives it too.
    fn on_no(&mut self, _call: Option<Waker>) {}
    /// Closes the window.
    fn close(self: Box<Self>);
}

/// What an open window can be told to show.
pub trait Screen {
    /// Shows another list of keys.
    fn show_keys(&mut self, keys: Vec<KeyRow>, focus: Option<RowId>);
    /// The list changed by itself, under the person's hands: what they chose and typed stays, and nothing else ends.
    fn update_keys(&mut self, keys: Vec<KeyRow>, looking: Looking);
    /// Says what went wrong; the person may try again.
    fn show_problem(&mut self, problem: Problem);
    /// Says that work is under way.
    fn show_busy(&mut self, busy: Busy);
    /// Says how many requests wait.
    fn show_waiting(&mut self, count: u32);
    /// Says that the page went away, and takes no answer any more but that the site be blocked.
    fn page_gone(&mut self);
}

impl Screen for OpenWindow {
    fn show_keys(&mut self, keys: Vec<KeyRow>, focus: Option<RowId>) {
        Self::show_keys(self, keys, focus);
    }

    fn update_keys(&mut self, keys: Vec<KeyRow>, looking: Looking) {
        Self::update_keys(self, keys, looking);
    }

    fn show_problem(&mut self, problem: Problem) {
        Self::show_problem(self, problem);
    }

    fn show_busy(&mut self, busy: Busy) {
        Self::show_busy(self, busy);
    }

    fn show_waiting(&mut self, count: u32) {
        Self::show_waiting(self, count);
    }

    fn page_gone(&mut self) {
        Self::page_gone(self);
    }
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
    /// A token was plugged in or taken out, or more is known of one.
    TokensChanged,
    /// The window or the listener is gone.
    Gone,
}

/// What orders are carried out with.
pub struct Room<'a> {
    /// The remembered key files.
    pub known: &'a mut KnownKeys,
    /// The tokens that are plugged in.
    pub tokens: &'a dyn Tokens,
    /// Who is believed. Its time is when the order came; `clock` has the present.
    pub trust: Measure,
    /// What time it is.
    pub clock: Clock,
    /// The person's language.
    pub locale: Locale,
    /// The NCA's services, as the settings have them.
    pub services: &'a settings::Services,
    /// The way to sites' own servers, or why there is none.
    pub sites: Result<Sites, SiteError>,
    /// Where settings and data lie.
    pub places: &'a Places,
    /// What was heard lately about certificates.
    pub statuses: &'a Statuses,
    /// The tokens that still have their factory PIN.
    pub pins: &'a FactoryPins,
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
        let detail = "the signer's data folder cannot be used".to_owned();
        Self { outcome: Outcome::Failed(Failure { code: FailureCode::SignerUnavailable, detail }), site: None }
    }
}

/// Carries one order out, from the first window to what the page gets.
pub fn carry_out(order: &Order, room: &mut Room<'_>, person: &mut dyn Person) -> Done {
    let mut errand = Errand::new(order, room, person);
    let outcome = match &order.task {
        Task::Sign(task) => sign::sign(&mut errand, task),
        Task::ShowKey(filter) => sign::show_key(&mut errand, filter),
        Task::Stamp { cms } => stamps::stamp(&mut errand, cms),
        Task::ChooseFile(query) => notice::choose_file(&mut errand, query),
        Task::Verify(task) => check::verify(&mut errand, task),
        Task::Digest { algorithm, content } => Ok(check::digest(*algorithm, content)),
        Task::Extract { path, folder } => delivery::extract(&mut errand, path, folder),
        Task::Tell(what) => notice::tell(&mut errand, what),
        Task::NewKey(task) => new_key::new_key(&mut errand, task),
        Task::ImportCertificate { certificates } => install::install(&mut errand, certificates),
    };
    let outcome = outcome.unwrap_or_else(errand::End::into_outcome);
    // Who said no, or went away, is not held up.
    if outcome != Outcome::Cancelled {
        factory_pin::tell(&mut errand, &outcome);
    }
    Done { outcome, site: errand.site }
}
