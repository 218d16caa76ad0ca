//! A token that a command names, and its PIN.

use super::{CommandError, Context, libraries, say};
use crate::{key_file::KeyFileError, libraries as libraries_of, token_fault, tokens};
use keystore::{
    KeyStore, Password, StoreError, UnlockedStore,
    pkcs11::{PinPlace, Seen, Token, TokenFault, TokenId, Tries},
};
use serde_json::{Value as Json, json};
use std::cell::Cell;
use texts::Value;

/// A token that is plugged in.
pub(super) struct Named {
    pub(super) seen: Seen,
    pub(super) token: Token,
    /// That it has its factory PIN.
    is_told: Cell<bool>,
}

impl Named {
    /// The token of this label or serial number.
    ///
    /// # Errors
    /// [`CommandError`] where there is none, or several.
    pub(super) fn find(context: &Context, name: &str) -> Result<Self, CommandError> {
        Self::plugged(context, name, |id| is_called(id, name))
    }

    /// This very token: the one that a request was made on, say.
    ///
    /// # Errors
    /// As [`Named::find`].
    pub(super) fn of(context: &Context, id: &TokenId) -> Result<Self, CommandError> {
        Self::plugged(context, &tokens::name_of(id), |other| other == id)
    }

    fn plugged(context: &Context, name: &str, is_it: impl Fn(&TokenId) -> bool) -> Result<Self, CommandError> {
        let (fleet, snapshot) = libraries::settled(context)?;
        let mut named = snapshot.tokens.iter().filter(|seen| is_it(&seen.id));
        match (named.next(), named.next()) {
            (Some(seen), None) => {
                let token = fleet.shown(seen).ok_or_else(|| fault(context, TokenFault::Gone.into()))?;
                Ok(Self { seen: seen.clone(), token, is_told: Cell::new(false) })
            }
            (None, _) => {
                let there: Vec<_> = snapshot.tokens.iter().map(|seen| tokens::name_of(&seen.id)).collect();
                let (count, there) = (there.len() as u64, there.join(", "));
                let places =
                    [("name", Value::Text(name)), ("count", Value::Count(count)), ("tokens", Value::Text(&there))];
                let mut said = vec![context.say("token-not-there", &places)];
                // It may be plugged in, and its driver at fault.
                let hidden = snapshot.faults.iter().map(|fault| {
                    let id = match fault.fault {
                        TokenFault::NotResponding => "token-hidden-silent",
                        _ => "token-hidden-broken",
                    };
                    context.say(id, &[("name", Value::Text(name)), ("vendor", Value::Text(&fault.vendor))])
                });
                let hidden: Vec<_> = hidden.collect();
                if count == 0 && !hidden.is_empty() {
                    said.clear();
                }
                said.extend(hidden);
                if !snapshot.is_settled {
                    said.push(context.texts.text("tokens-not-all"));
                }
                Err(CommandError::Failed(said.join("\n")))
            }
            (Some(_), Some(_)) => {
                Err(CommandError::Usage(context.say("token-several", &[("name", Value::Text(name))])))
            }
        }
    }

    /// Its PIN, to be given to the token once; empty where the reader asks for it. A PIN that cannot be right is not even
    /// asked for, and the last try is only for a person at the keyboard: a script that goes on with an old PIN would lock
    /// the token.
    ///
    /// # Errors
    /// [`CommandError`].
    pub(super) fn pin(&self, context: &Context, from_stdin: bool) -> Result<Password, CommandError> {
        let pin = self.seen.pin;
        let refused = |fault: TokenFault| Err(self::fault(context, fault.into()));
        match (pin.tries, pin.is_set) {
            (Tries::None, _) => return refused(TokenFault::PinLocked),
            (_, false) => return refused(TokenFault::PinNotSet),
            // At a reader's pad nobody but a person types.
            (Tries::Last, _) if from_stdin && pin.place == PinPlace::Window => {
                return Err(CommandError::Failed(context.texts.text("token-last-try-by-hand")));
            }
            (Tries::Last, _) => context.note("window-pin-last", &[]),
            (Tries::Low, _) => context.note("window-pin-few", &[]),
            (Tries::Unsaid, true) => {}
        }
        let name = tokens::name_of(&self.seen.id);
        let label = [("label", Value::Text(name.as_str()))];
        if pin.place == PinPlace::Reader {
            context.note("token-pin-at-reader", &label);
            return Password::new(String::new()).map_err(|error| CommandError::Unreadable(error.to_string()));
        }
        let pin = context.secret(from_stdin, || context.say("token-pin-prompt", &label))?;
        if pin.is_empty() {
            // It is never sent: the token would count it.
            return Err(CommandError::Usage(context.texts.text("window-missing-pin")));
        }
        Ok(pin)
    }

    /// Logs in, once.
    ///
    /// # Errors
    /// [`CommandError`]; a wrong PIN has the exit code of a wrong password.
    pub(super) fn open(&self, context: &Context, from_stdin: bool) -> Result<Box<dyn UnlockedStore>, CommandError> {
        self.unlock(context, &self.pin(context, from_stdin)?)
    }

    /// Opens it with a PIN.
    ///
    /// # Errors
    /// As [`Named::open`].
    pub(super) fn unlock(&self, context: &Context, pin: &Password) -> Result<Box<dyn UnlockedStore>, CommandError> {
        let store = self.token.unlock(pin).map_err(|error| fault(context, error))?;
        self.was_opened(context, pin);
        Ok(store)
    }

    /// The token took this PIN. If it is the one that every such token comes with, the person is told, once.
    pub(super) fn was_opened(&self, context: &Context, pin: &Password) {
        if !self.is_told.get() && libraries_of::is_factory_pin(&context.places, &self.seen, pin) {
            self.is_told.set(true);
            let name = tokens::name_of(&self.seen.id);
            let label = [("token", Value::Text(name.as_str()))];
            context.note("factory-pin", &label);
            context.note("factory-pin-change", &label);
        }
    }
}

/// Whether a person means this token by that name.
pub(super) fn is_called(id: &TokenId, name: &str) -> bool {
    let name = name.trim();
    let is_it = |own: &str| own.trim().to_lowercase() == name.to_lowercase();
    !name.is_empty() && (is_it(&id.label) || is_it(&id.serial))
}

/// Which token it is, for programs; every list calls these the same.
pub(super) fn as_json(id: &TokenId) -> Json {
    json!({ "manufacturer": id.manufacturer, "model": id.model, "label": id.label, "serialNumber": id.serial })
}

/// What a token did not do.
pub(super) fn fault(context: &Context, error: StoreError) -> CommandError {
    if error.is_wrong_password() {
        KeyFileError::from(error).into()
    } else {
        CommandError::Failed(say(&context.texts, &token_fault::in_command(token_fault::sentence(&error))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_called_by_its_label_or_its_serial_number_in_any_case() {
        let id = TokenId { label: "Айгүл ".to_owned(), serial: "00aF".to_owned(), ..TokenId::default() };
        for name in ["Айгүл", " АЙГҮЛ", "айгүл", "00af", "00AF"] {
            assert!(is_called(&id, name), "{name}");
        }
        for name in ["Айгу", "00a", "", " "] {
            assert!(!is_called(&id, name), "{name}");
        }
        let nameless = TokenId { serial: "1".to_owned(), ..TokenId::default() };
        assert!(!is_called(&nameless, ""), "no name is nobody's");
    }
}
