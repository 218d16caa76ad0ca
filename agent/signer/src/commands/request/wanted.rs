//! What was typed, as what a certificate is asked to say.

use super::super::{CommandError, Context, KeyUse, RequestArgs};
use pki::{
    holder::{Bin, Iin},
    issue::Subject,
    oid,
    request::Wanted,
};
use texts::Value;

/// The longest name or address, in characters.
const LONGEST: usize = 200;

pub(super) fn of(context: &Context, args: &RequestArgs) -> Result<Wanted, CommandError> {
    let wrong = |id: &str, value: &str| CommandError::Usage(context.say(id, &[("value", Value::Text(value))]));
    let iin = Iin::new(args.iin.trim()).ok_or_else(|| wrong("keys-request-iin-wrong", &args.iin))?;
    if !iin.control_digit_fits() {
        context.note("keys-request-iin-doubtful", &[("value", Value::Text(iin.as_str()))]);
    }
    let organisation = match (args.whose.position(), &args.organisation, &args.bin) {
        (None, None, None) => None,
        (Some(_), Some(name), Some(number)) => {
            let bin = Bin::new(number.trim()).ok_or_else(|| wrong("keys-request-bin-wrong", number))?;
            if !bin.control_digit_fits() {
                context.note("keys-request-bin-doubtful", &[("value", Value::Text(bin.as_str()))]);
            }
            Some((text(context, name)?, bin))
        }
        (None, ..) => return Err(CommandError::Usage(context.texts.text("keys-request-organisation-unwanted"))),
        (Some(_), ..) => return Err(CommandError::Usage(context.texts.text("keys-request-organisation-needed"))),
    };
    let email = args.email.as_deref().map(|email| address(context, email)).transpose()?;
    // The NCA writes people's names as their documents do.
    let capitals = |name: &str| Ok::<_, CommandError>(text(context, name)?.to_uppercase());
    let surname = capitals(&args.surname)?;
    let subject = Subject {
        common_name: format!("{surname} {}", capitals(&args.name)?),
        surname,
        iin,
        organisation,
        given: args.given.as_deref().map(capitals).transpose()?,
        email: email.clone(),
    };
    let name = subject.to_name().map_err(|error| CommandError::Usage(error.to_string()))?;
    let purpose = match args.purpose {
        KeyUse::Sign => oid::EMAIL_PROTECTION,
        KeyUse::Login => oid::CLIENT_AUTH,
    };
    Ok(Wanted::new(name, &[purpose], args.whose.position().as_slice(), email))
}

/// A name: not empty, of bounded length, on one line.
fn text(context: &Context, typed: &str) -> Result<String, CommandError> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(CommandError::Usage(context.say("keys-request-name-wrong", &[("value", Value::Text(typed))])));
    }
    Ok(text)
}

/// Something before and after one `@`, in the characters that certificates have for addresses.
fn address(context: &Context, typed: &str) -> Result<String, CommandError> {
    let is_one = typed.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && typed.bytes().all(|octet| octet.is_ascii_graphic())
    });
    if !is_one || typed.len() > LONGEST {
        return Err(CommandError::Usage(context.say("keys-request-email-wrong", &[("value", Value::Text(typed))])));
    }
    Ok(typed.to_owned())
}
