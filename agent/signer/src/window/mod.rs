//! The signing window.
//!
//! The toolkit lives on the main thread; whoever carries orders out lives on another and talks to it through a
//! [`Desk`]. Nothing here knows cryptography: a [`View`] goes in, [`Event`]s come out.
//!
//! - [`model`]: what is shown and what comes back.
//! - [`run`], [`Desk`], [`Conversation`]: the way between the two threads.

mod desk;
mod model;
mod stage;

pub use desk::{Conversation, Desk, OpenWindow, WindowError, run};
pub use model::{
    Argument, Busy, DocumentView, Environment, Event, Extent, Fit, Holder, KeyKind, KeyRow, Locale, Media,
    PasswordState, Preview, Problem, Question, Reason, Requester, Role, RowId, SecretText, Sentence, View, Warning,
    What,
};
