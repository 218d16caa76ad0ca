//! A token that holds, or will hold, the key of a request.

use super::super::{CommandError, Context, say};
use crate::{key_file::KeyFileError, libraries};
use keystore::{
    Password,
    pkcs11::{Fleet, Pin, PinPlace, Seen, Token, TokenFault, TokenId, Tries},
};
use std::time::Duration;
use texts::Value;

/// How long a person waits for libraries that do not answer: longer than a host is given to load one.
const PATIENCE: Duration = Duration::from_secs(15);

/// A token that is plugged in.
pub(super) struct Plugged {
    pub(super) token: Token,
    /// What a person calls it.
    pub(super) name: String,
    pin: Pin,
}

/// The one token whose label or serial number that is.
pub(super) fn named(context: &Context, name: &str) -> Result<Plugged, CommandError> {
    let is_it = |id: &TokenId| id.label.trim() == name.trim() || id.serial.trim() == name.trim();
    plugged(context, name, |seen| is_it(&seen.id))
}

/// The token that a request was made on.
pub(super) fn of_request(context: &Context, id: &TokenId, label: &str) -> Result<Plugged, CommandError> {
    plugged(context, label, |seen| seen.id == *id)
}

fn plugged(context: &Context, name: &str, is_it: impl Fn(&Seen) -> bool) -> Result<Plugged, CommandError> {
    let fleet = fleet(context)?;
    let snapshot = fleet.settled(PATIENCE);
    let mut found = snapshot.tokens.iter().filter(|seen| is_it(seen));
    let failed = |id: &str| CommandError::Failed(context.say(id, &[("token", Value::Text(name))]));
    match (found.next(), found.next()) {
        (Some(seen), None) => {
            let token = fleet.shown(seen).ok_or_else(|| failed("keys-token-missing"))?;
            Ok(Plugged { token, name: name.to_owned(), pin: seen.pin })
        }
        (None, _) => Err(failed("keys-token-missing")),
        (Some(_), Some(_)) => Err(failed("keys-token-several")),
    }
}

fn fleet(context: &Context) -> Result<Fleet, CommandError> {
    let found = libraries::find(&context.places)
        .map_err(|error| CommandError::Unreadable(say(&context.texts, &libraries::sentence(&error))))?;
    libraries::fleet(&context.places, found.libraries).map_err(|error| CommandError::Failed(error.to_string()))
}

impl Plugged {
    /// Its PIN; empty where the reader asks for it.
    pub(super) fn pin(&self, context: &Context, from_stdin: bool) -> Result<Password, CommandError> {
        let name = [("token", Value::Text(self.name.as_str()))];
        match self.pin.tries {
            // No window and no terminal asks for a PIN that cannot be right any more.
            Tries::None => return Err(KeyFileError::from(keystore::StoreError::Token(TokenFault::PinLocked)).into()),
            Tries::Last => context.note("keys-token-pin-last", &name),
            Tries::Low | Tries::Unsaid => {}
        }
        if self.pin.place == PinPlace::Reader {
            context.note("keys-token-pin-at-reader", &name);
            return Password::new(String::new()).map_err(|error| CommandError::Failed(error.to_string()));
        }
        context.secret(from_stdin, || context.say("keys-token-pin", &name))
    }
}
