//! The signing window.
//!
//! The toolkit lives on the main thread; whoever carries orders out lives on another and talks to it through a
//! [`Desk`]. Nothing here knows cryptography: a [`View`] goes in, [`Event`]s come out.
//!
//! - [`View`], [`Event`] and what they are made of: what is shown and what comes back (`model`).
//! - [`run`], [`Desk`], [`Conversation`]: the way between the two threads (`desk`; `stage` is its other end).
//! - `state`, `guard`: what a window does, without the window.
//! - `words`: what it says, in the catalogue's sentences.
//! - `sheet`: one window, where state, words and the component of `signer-ui` come together.
//! - `main_sheet`: the main window, which stays behind the others.
//! - `keyboard`, `desktop`, `fonts`: what the system is asked beside the toolkit.
//! - `album`, `drawing`, `logo`: pictures of documents and of sites, drawn by the preview host.

mod album;
mod desk;
mod desktop;
mod drawing;
mod fonts;
mod guard;
mod keyboard;
mod logo;
mod main_sheet;
mod model;
mod sheet;
mod stage;
mod state;
mod words;

pub use desk::{Conversation, Desk, MainHandle, OpenWindow, WindowError, run};
pub use desktop::{Choice, pick_any_file, pick_key_file};
pub(crate) use words::{clean, masked, whole};

pub use model::{
    Argument, Asker, Busy, Care, Closer, Consent, Detail, DocumentView, Drawable, Entry, Environment, Event, Extent,
    Fault, Faults, Field, Filled, Fit, Form, FormView, Holder, KeyAct, KeyKind, KeyRow, LaidOut, Learns, Line, Locale,
    Looking, MainAction, MainEvent, MainField, MainNote, MainPage, MainRow, Media, PasswordState, Place, Preview,
    Problem, Question, Reason, Report, Requester, Role, RowId, SecretText, Sentence, Share, StampView, TokenPlace,
    Tone, Tries, Value, View, Warning, What, XmlLine,
};
