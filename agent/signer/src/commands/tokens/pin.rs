//! `tanba tokens pin`.

use super::{CommandError, Context};
use crate::{
    commands::{
        new_password::{self, Repeated},
        read_password_line,
        token::{self, Named},
    },
    libraries, tokens,
};
use keystore::{
    Password, StoreError,
    pkcs11::{PinPlace, PinRules, Seen, TokenFault},
};
use std::{io, process::ExitCode};
use texts::Value;

pub(super) fn change(context: &Context, name: &str, from_stdin: bool) -> Result<ExitCode, CommandError> {
    let named = Named::find(context, name)?;
    let label = tokens::name_of(&named.seen.id);
    let present = named.pin(context, from_stdin)?;
    let new = match named.seen.pin.place {
        PinPlace::Reader => {
            Password::new(String::new()).map_err(|error| CommandError::Unreadable(error.to_string()))?
        }
        PinPlace::Window => new_pin(context, &named.seen, &label, &present, from_stdin)?,
    };
    named.token.change_pin(&present, &new).map_err(|error| match error {
        StoreError::Token(TokenFault::NewPinRefused) => {
            CommandError::Failed(context.say("tokens-pin-refused", &[("length", Value::Text(&lengths(&named.seen)))]))
        }
        // Cards that let nobody but their vendor's program do it.
        StoreError::Token(TokenFault::Unsupported) => CommandError::Failed(context.texts.text("tokens-pin-elsewhere")),
        error => token::fault(context, error),
    })?;
    context.line("tokens-pin-done", &[("token", Value::Text(&label))]);
    Ok(ExitCode::SUCCESS)
}

/// The new PIN, typed twice, or the next line of standard input. One that cannot be right reaches no token.
fn new_pin(
    context: &Context,
    seen: &Seen,
    label: &str,
    present: &Password,
    from_stdin: bool,
) -> Result<Password, CommandError> {
    let new = if from_stdin {
        read_password_line(io::stdin().lock())?
    } else {
        let question = context.say("tokens-pin-new", &[("token", Value::Text(label))]);
        let ids = Repeated { again: "tokens-pin-again", differs: "tokens-pin-differs" };
        new_password::typed_twice(context, &question, ids)?
    };
    let refused = |id: &str| Err(CommandError::Failed(context.say(id, &[("length", Value::Text(&lengths(seen)))])));
    if !fits(seen, rules(context, seen).as_ref(), new.expose()) {
        return refused("tokens-pin-refused");
    }
    if new.expose() == present.expose() {
        return refused("tokens-pin-same");
    }
    if libraries::is_factory_pin(&context.places, seen, &new) {
        return refused("tokens-pin-factory");
    }
    Ok(new)
}

/// What the catalogue knows of this token's PIN.
fn rules(context: &Context, seen: &Seen) -> Option<PinRules> {
    libraries::catalogue(&context.places).ok()?.pin_rules(&seen.vendor, &seen.id, &seen.reader).cloned()
}

/// As the token says it, in octets, and as the catalogue does, in characters.
fn fits(seen: &Seen, rules: Option<&PinRules>, pin: &str) -> bool {
    let (shortest, longest) = seen.pin.length;
    let says_nothing = longest == 0 || longest < shortest;
    let by_token = says_nothing || (shortest..=longest).contains(&(pin.len() as u64));
    let by_rule = rules
        .and_then(|rules| rules.length)
        .is_none_or(|(fewest, most)| (usize::from(fewest)..=usize::from(most)).contains(&pin.chars().count()));
    !pin.is_empty() && by_token && by_rule
}

/// `4–8`, or nothing where the token does not say.
fn lengths(seen: &Seen) -> String {
    match seen.pin.length {
        (shortest, longest) if longest == 0 || longest < shortest => "?".to_owned(),
        (shortest, longest) => format!("{shortest}–{longest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::pkcs11::{Pin, Tries};
    use std::sync::Arc;

    fn seen(length: (u64, u64)) -> Seen {
        Seen {
            id: keystore::pkcs11::TokenId::default(),
            reader: String::new(),
            vendor: String::new(),
            driver: "/lib.so".into(),
            storage: None,
            pin: Pin { place: PinPlace::Window, is_set: true, tries: Tries::Unsaid, length },
            keys: Arc::default(),
            is_current: true,
        }
    }

    #[test]
    fn a_new_pin_is_as_long_as_token_and_catalogue_want_it() {
        let rule = PinRules { length: Some((5, 6)), ..PinRules::default() };
        for (length, rules, pin, is_good) in [
            ((4, 8), None, "1234", true),
            ((4, 8), None, "123", false),
            ((4, 8), None, "123456789", false),
            ((4, 8), Some(&rule), "1234", false),
            ((4, 8), Some(&rule), "12345", true),
            ((0, 0), None, "1", true),
            ((0, 0), None, "", false),
            ((0, 0), Some(&rule), "1234567", false),
        ] {
            assert_eq!(fits(&seen(length), rules, pin), is_good, "{length:?} {pin}");
        }
    }
}
