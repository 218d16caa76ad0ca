//! A token that is named on the command line.

use super::{CommandError, Context, say};
use crate::{key_file::KeyFileError, libraries, token_fault};
use keystore::{
    KeyStore, Password, StoreError, UnlockedStore,
    pkcs11::{PinPlace, Seen, Token, TokenFault, Tries},
};
use std::time::Duration;
use texts::Value;

/// How long libraries may take to say what is plugged in; most need a tenth of a second.
const PATIENCE: Duration = Duration::from_secs(15);

/// A token that is plugged in.
pub(super) struct Named {
    seen: Seen,
    token: Token,
}

impl Named {
    /// The token of this label or serial number.
    ///
    /// # Errors
    /// [`CommandError`] where there is none, or several.
    pub(super) fn find(context: &Context, name: &str) -> Result<Self, CommandError> {
        let found = libraries::find(&context.places)
            .map_err(|error| CommandError::Unreadable(say(&context.texts, &libraries::sentence(&error))))?;
        let fleet = libraries::fleet(&context.places, found.libraries)
            .map_err(|error| CommandError::Failed(error.to_string()))?;
        let snapshot = fleet.settled(PATIENCE);
        let is = |seen: &&Seen| seen.id.label == name || seen.id.serial.eq_ignore_ascii_case(name);
        let mut named = snapshot.tokens.iter().filter(is);
        match (named.next(), named.next()) {
            (Some(seen), None) => {
                let token = fleet.shown(seen).ok_or_else(|| fault(context, TokenFault::Gone.into()))?;
                Ok(Self { seen: seen.clone(), token })
            }
            (None, _) => {
                let there: Vec<_> = snapshot.tokens.iter().map(|seen| seen.id.label.as_str()).collect();
                let (count, there) = (there.len() as u64, there.join(", "));
                let places =
                    [("name", Value::Text(name)), ("count", Value::Count(count)), ("tokens", Value::Text(&there))];
                Err(CommandError::Failed(context.say("token-not-there", &places)))
            }
            (Some(_), Some(_)) => {
                Err(CommandError::Usage(context.say("token-several", &[("name", Value::Text(name))])))
            }
        }
    }

    /// Logs in, once. A last try is only for a person at the keyboard: a script that goes on with an old PIN would lock
    /// the token.
    ///
    /// # Errors
    /// [`CommandError`]; a wrong PIN has the exit code of a wrong password.
    pub(super) fn open(&self, context: &Context, from_stdin: bool) -> Result<Box<dyn UnlockedStore>, CommandError> {
        let refused = |fault: TokenFault| Err(self::fault(context, fault.into()));
        match (self.seen.pin.tries, self.seen.pin.is_set) {
            (Tries::None, _) => return refused(TokenFault::PinLocked),
            (_, false) => return refused(TokenFault::PinNotSet),
            (Tries::Last, _) if from_stdin => {
                return Err(CommandError::Failed(context.texts.text("token-last-try-by-hand")));
            }
            (Tries::Last, _) => context.note("window-pin-last", &[]),
            (Tries::Low, _) => context.note("window-pin-few", &[]),
            (Tries::Unsaid, true) => {}
        }
        let label = &self.seen.id.label;
        let pin = match self.seen.pin.place {
            PinPlace::Reader => {
                context.note("token-pin-at-reader", &[]);
                Password::new(String::new()).map_err(|error| CommandError::Unreadable(error.to_string()))?
            }
            PinPlace::Window => {
                let pin =
                    context.secret(from_stdin, || context.say("token-pin-prompt", &[("label", Value::Text(label))]))?;
                if pin.is_empty() {
                    // It is never sent: the token would count it.
                    return Err(CommandError::Usage(context.texts.text("window-missing-pin")));
                }
                pin
            }
        };
        self.token.unlock(&pin).map_err(|error| fault(context, error))
    }
}

/// What a token did not do.
pub(super) fn fault(context: &Context, error: StoreError) -> CommandError {
    if error.is_wrong_password() {
        KeyFileError::from(error).into()
    } else {
        CommandError::Failed(say(&context.texts, &token_fault::sentence(&error)))
    }
}
