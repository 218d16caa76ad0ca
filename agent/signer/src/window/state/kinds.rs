//! What a window can be at, and what can come of what the person does.

use crate::window::model::{Busy, Problem, RowId};

/// What a window is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Phase {
    /// The person is deciding.
    Asking,
    /// Something is being done about the decision.
    Busy(Busy),
    /// The page went away: there is nothing left to decide.
    Gone,
    /// The window is closing.
    Ended,
}

/// Where the keyboard goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Focus {
    /// The password field.
    Password,
    /// The field in which a new password is typed once more.
    Repetition,
    /// The list of keys.
    Keys,
    /// The button that looks for another file.
    OtherFile,
    /// The main button.
    Primary,
    /// The button that says no.
    Refuse,
    /// The first field of a form that is to be filled in.
    Form,
    /// The box that says what the last try of a PIN means.
    Understanding,
}

/// What the main button would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Primary {
    /// Sign the documents.
    Sign,
    /// Show the page the key.
    ShowKey,
    /// Make a key.
    Make,
    /// Put a certificate to its key.
    Install,
    /// Open the chosen file, to see whose key it is.
    Open,
    /// Agree to what is asked.
    Agree,
    /// Look for the file that the page wants to know of.
    Choose,
    /// Close what was read, or go on from it.
    Read,
    /// Go on with what was filled in.
    Fill,
    /// Give a key up.
    Block,
    /// Do something with a key file.
    Care,
}

/// How easily a yes is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Caution {
    /// As everywhere: Enter does it.
    Usual,
    /// Only the button itself, by Enter too when the person went there: no password stands between a stray Enter and
    /// what is given away.
    Aimed,
    /// Only the button itself, and never with Enter.
    Deliberate,
    /// Only after the person set the box that says what it is. It is not set.
    NotUnderstood,
    /// It is set.
    Understood,
}

/// What pressing the main button came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Pressed {
    /// Nothing: too early, busy, or over.
    Ignored,
    /// Something is missing, and the focus goes there.
    Missing(Missing),
    /// The decision, with this row; the window is busy now.
    Decided(RowId),
    /// Yes, or read.
    Agreed,
    /// A file is to be looked for.
    Choose,
}

/// What a decision lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Missing {
    /// No key is chosen.
    Key,
    /// The password is empty.
    Password,
    /// The new password was not typed once more.
    Repetition,
    /// The new password was typed differently once more.
    Agreement,
    /// The chosen key's token is not plugged in.
    Token,
    /// The box that says what the last try means is not set.
    Understanding,
}

/// What is said beside the buttons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::window) enum Status {
    /// Nothing.
    Quiet,
    /// What a decision lacks.
    Missing(Missing),
    /// What went wrong.
    Problem(Problem),
}

/// What is in the password field, and in that where a new one is typed once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Typed {
    /// It is empty.
    Nothing,
    /// It is not. Where it is typed twice, both are the same.
    Something,
    /// The second field is empty.
    Once,
    /// The second field has something else.
    Differently,
}

/// Whether what the person decided may be on its way already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Departure {
    /// Nothing left this computer.
    Nothing,
    /// A signature, a file or a key may have, in whole or in part.
    Perhaps,
}
