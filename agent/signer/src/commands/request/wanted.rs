//! What was typed, as what a certificate is asked to say.

use super::super::{CommandError, Context, KeyUse, RequestArgs};
use crate::applicant::{self, Part, Typed};
use pki::{oid, request::Wanted};
use texts::Value;

/// What is asked for, and the numbers in it that look mistyped.
pub(super) fn of(context: &Context, args: &RequestArgs) -> Result<(Wanted, Vec<String>), CommandError> {
    let wrong = |id: &str, value: &str| CommandError::Usage(context.say(id, &[("value", Value::Text(value))]));
    let organisation = match (args.whose.position(), &args.organisation, &args.bin) {
        (None, None, None) => None,
        (Some(_), Some(name), Some(number)) => Some((name.as_str(), number.as_str())),
        (None, ..) => return Err(CommandError::Usage(context.texts.text("keys-request-organisation-unwanted"))),
        (Some(_), ..) => return Err(CommandError::Usage(context.texts.text("keys-request-organisation-needed"))),
    };
    let (given, email) = (args.given.as_deref(), args.email.as_deref());
    let typed = Typed {
        surname: args.surname.as_deref().unwrap_or_default(),
        name: args.name.as_deref().unwrap_or_default(),
        given: given.unwrap_or_default(),
        iin: args.iin.as_deref().unwrap_or_default(),
        organisation,
        email: email.unwrap_or_default(),
    };
    // What was given to be left out is a slip.
    let is_empty = |value: Option<&str>| value.is_some_and(|value| value.trim().is_empty());
    if is_empty(given) {
        return Err(wrong("keys-request-name-wrong", typed.given));
    }
    if is_empty(email) {
        return Err(wrong("keys-request-email-wrong", typed.email));
    }
    let subject = applicant::read(&typed).map_err(|parts| {
        let (name, number) = typed.organisation.unwrap_or_default();
        match parts.first() {
            Some(Part::Iin) => wrong("keys-request-iin-wrong", typed.iin),
            Some(Part::Bin) => wrong("keys-request-bin-wrong", number),
            Some(Part::Email) => wrong("keys-request-email-wrong", typed.email),
            Some(Part::Given) => wrong("keys-request-name-wrong", typed.given),
            Some(Part::Organisation) => wrong("keys-request-name-wrong", name),
            Some(Part::Name) => wrong("keys-request-name-wrong", typed.name),
            Some(Part::Surname) | None => wrong("keys-request-name-wrong", typed.surname),
        }
    })?;
    let mut doubtful = Vec::new();
    let mut doubt = |id: &str, number: &str| {
        context.note(id, &[("value", Value::Text(number))]);
        doubtful.push(number.to_owned());
    };
    if !subject.iin.control_digit_fits() {
        doubt("keys-request-iin-doubtful", subject.iin.as_str());
    }
    if let Some((_, bin)) = &subject.organisation
        && !bin.control_digit_fits()
    {
        doubt("keys-request-bin-doubtful", bin.as_str());
    }
    let name = subject.to_name().map_err(|error| CommandError::Usage(error.to_string()))?;
    let purpose = match args.purpose {
        KeyUse::Sign => oid::EMAIL_PROTECTION,
        KeyUse::Login => oid::CLIENT_AUTH,
    };
    let wanted = Wanted::new(name, &[purpose], args.whose.position().as_slice(), subject.email);
    Ok((wanted, doubtful))
}
