//! A password for a key file that is being made, or made anew: typed twice, or the next line of standard input.

use super::{CommandError, Context, read_password_line};
use crate::life::password_rule::fits_the_rule_of_the_nca;
use keystore::Password;
use std::{
    io::{self, IsTerminal as _},
    path::Path,
};
use texts::Value;

/// What the password will open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// A key file.
    KeyFile,
    /// A backup of one.
    Backup,
}

impl Question {
    const fn sentence(self) -> &'static str {
        match self {
            Self::KeyFile => "keys-password-new",
            Self::Backup => "backup-password-new",
        }
    }
}

/// Asks for it. One that the NCA's own programs would not take is taken, with a word about it.
///
/// # Errors
/// [`CommandError`]; an empty one is refused.
pub(super) fn ask(
    context: &Context,
    from_stdin: bool,
    question: Question,
    file: &Path,
) -> Result<Password, CommandError> {
    let password = if from_stdin { read_password_line(io::stdin().lock())? } else { twice(context, question, file)? };
    if password.is_empty() {
        return Err(CommandError::Failed(context.texts.text("keys-password-empty")));
    }
    if !fits_the_rule_of_the_nca(password.expose()) {
        context.note("keys-password-rule", &[]);
    }
    Ok(password)
}

fn twice(context: &Context, question: Question, file: &Path) -> Result<Password, CommandError> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let question = context.say(question.sentence(), &[("file", Value::Text(&name))]);
    typed_twice(context, &question, Repeated { again: "keys-password-again", differs: "keys-password-differs" })
}

/// What is said around a secret that is typed twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repeated {
    /// The question for it again.
    pub(super) again: &'static str,
    /// That the two are not the same.
    pub(super) differs: &'static str,
}

/// A new secret, asked for twice.
///
/// # Errors
/// [`CommandError`], also where nobody can type.
pub(super) fn typed_twice(context: &Context, question: &str, ids: Repeated) -> Result<Password, CommandError> {
    if !io::stdin().is_terminal() {
        return Err(CommandError::Usage(context.texts.text("cli-password-needs-terminal")));
    }
    let typed = |question: &str| {
        let typed = rpassword::prompt_password(question).map_err(|error| CommandError::Failed(error.to_string()))?;
        Password::new(typed).map_err(|error| CommandError::Unreadable(error.to_string()))
    };
    let first = typed(question)?;
    let second = typed(&context.texts.text(ids.again))?;
    if first.expose() == second.expose() {
        Ok(first)
    } else {
        Err(CommandError::Failed(context.texts.text(ids.differs)))
    }
}
