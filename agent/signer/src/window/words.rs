//! What is said in a window: requesters, questions, documents and keys turned into sentences of the catalogue.
//!
//! Names, paths and hosts come from strangers. They are shown [`clean`] where a name stands in a sentence, and [`whole`]
//! where the person is asked about exactly them: no control characters, nothing that turns the reading direction around
//! or hides.

mod document;
mod folder;
mod key;
mod own;
mod question;
mod who;

pub(super) use document::{Look, document, size};
pub(super) use key::key;
pub(crate) use key::masked;
pub(super) use own::{asked, field};
#[cfg(test)]
use question::question;
pub(super) use question::{QuestionWords, Tone, notes};
pub(super) use who::{Trust, Who, who};

use super::model::{Argument, Busy, KeyAct, Problem, Sentence, Tries, Warning};
use super::state::{Missing, PinHint, Primary};
use crate::unseen::{hides, push_visible};
use texts::{Texts, Value};

/// The longest foreign name that is shown.
const LONGEST_NAME: usize = 300;

/// The longest path or address that is shown, in letters: as long as a path can be (`PATH_MAX`).
const LONGEST_WHOLE: usize = 4096;

/// The red sentences about the request itself.
pub(super) fn warning(texts: &Texts, warning: &Warning) -> String {
    match warning {
        Warning::WrongDigestLength { octets, expected } => texts.format(
            "window-warning-digest-length",
            &[("octets", Value::Count(*octets)), ("expected", Value::Count(*expected))],
        ),
        Warning::DigestOnly => texts.text("window-warning-digest-only"),
        Warning::KeyAct(KeyAct::Certificate) => texts.text("window-warning-certificate-request"),
        Warning::KeyAct(KeyAct::Revocation) => texts.text("window-warning-revocation-request"),
        Warning::PartOnly => texts.text("window-warning-part-only"),
        Warning::OtherSite { named, asks } => texts.format(
            "window-warning-other-site",
            &[("named", Value::Text(&clean(named))), ("asks", Value::Text(&clean(asks)))],
        ),
        Warning::File(said) => sentence(texts, said),
    }
}

/// What the main button says.
pub(super) fn primary(texts: &Texts, primary: Primary, question: &QuestionWords) -> String {
    match primary {
        Primary::Sign => texts.text("window-sign"),
        Primary::ShowKey => texts.text("window-show-key"),
        Primary::Open => texts.text("window-open-key"),
        Primary::Make
        | Primary::Install
        | Primary::Agree
        | Primary::Choose
        | Primary::Read
        | Primary::Fill
        | Primary::Block
        | Primary::Care => question.yes.clone(),
    }
}

/// Whether the secret that is asked for is a password or a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    /// Of a key file.
    Password,
    /// Of a key file that is made.
    NewPassword,
    /// Of a token.
    Pin,
}

/// What a decision lacks.
pub(super) fn missing(texts: &Texts, missing: Missing, secret: Secret) -> String {
    texts.text(match (missing, secret) {
        (Missing::Key, _) => "window-missing-key",
        (Missing::Password, Secret::Password) => "window-missing-password",
        (Missing::Password, Secret::NewPassword) => "window-missing-new-password",
        (Missing::Repetition, _) => "window-missing-repetition",
        (Missing::Agreement, _) => "window-missing-agreement",
        (Missing::Password, Secret::Pin) => "window-missing-pin",
        (Missing::Token, _) => "window-missing-token",
        (Missing::Understanding, _) => "window-missing-understanding",
    })
}

/// What is being done.
pub(super) fn busy(texts: &Texts, busy: Busy, primary: Primary) -> String {
    texts.text(match busy {
        Busy::AtReader => "window-busy-reader",
        Busy::Making => "window-busy-making",
        Busy::Installing => "window-busy-installing",
        Busy::Writing => "own-busy-writing",
        Busy::Signing if primary == Primary::Sign => "window-busy-signing",
        Busy::Signing | Busy::Opening => "window-busy-opening",
    })
}

/// What went wrong.
pub(super) fn problem(texts: &Texts, problem: &Problem) -> String {
    match problem {
        Problem::WrongPassword => texts.text("error-wrong-password"),
        Problem::WrongPin(tries) => texts.text(match tries {
            Tries::Unsaid => "error-wrong-pin",
            // What is left stands beside the field.
            Tries::Low | Tries::Last => "error-wrong-pin-again",
            Tries::None => "error-pin-locked",
        }),
        Problem::CannotOpen(said) | Problem::CannotSign(said) | Problem::Token(said) => sentence(texts, said),
    }
}

/// What is said beside the PIN: that it is typed at the reader; that few tries are left, in amber; that it is the last
/// one, in red, with what must be understood then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PinWords {
    pub(super) reader: String,
    pub(super) few: String,
    pub(super) last: String,
    pub(super) understood: String,
}

pub(super) fn pin(texts: &Texts, hint: PinHint, button: &str) -> PinWords {
    let mut said = PinWords::default();
    if hint.at_reader {
        said.reader = texts.format("window-pin-at-reader", &[("button", Value::Text(button))]);
    }
    match hint.tries {
        Some(Tries::Low) => said.few = texts.text("window-pin-few"),
        Some(Tries::Last) => {
            said.last = texts.text("window-pin-last");
            said.understood = texts.text("window-pin-last-understood");
        }
        Some(Tries::Unsaid | Tries::None) | None => {}
    }
    said
}

/// A sentence of the catalogue, with foreign names made fit to be drawn.
pub(super) fn sentence(texts: &Texts, sentence: &Sentence) -> String {
    let cleaned: Vec<(&str, Argument)> = sentence
        .arguments
        .iter()
        .map(|(place, argument)| match argument {
            Argument::Text(text) => (*place, Argument::Text(clean(text))),
            Argument::Count(count) => (*place, Argument::Count(*count)),
        })
        .collect();
    let arguments: Vec<(&str, Value<'_>)> = cleaned
        .iter()
        .map(|(place, argument)| match argument {
            Argument::Text(text) => (*place, Value::Text(text)),
            Argument::Count(count) => (*place, Value::Count(*count)),
        })
        .collect();
    texts.format(sentence.id, &arguments)
}

/// A foreign name that can be drawn: one line, nothing that hides or turns the reading direction around, not endless.
pub(crate) fn clean(text: &str) -> String {
    let mut shown: String =
        text.chars().take(LONGEST_NAME).map(|c| if hides(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if text.chars().nth(LONGEST_NAME).is_some() {
        shown.push('…');
    }
    shown
}

/// A path or an address of which every letter counts: what hides is written out, and it is cut only where no system
/// takes a longer one.
pub(crate) fn whole(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut letters = text.chars();
    for letter in letters.by_ref().take(LONGEST_WHOLE) {
        push_visible(&mut shown, letter);
    }
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests;
