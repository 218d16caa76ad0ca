//! `tanba keys pending`: what waits for an answer.

use super::super::{CommandError, Context, PendingArgs, PendingCommand, output, token};
use super::{shown, unusable};
use crate::applications::{Application, Filed, Place};
use pki::Timestamp;
use serde_json::{Value as Json, json};
use std::{path::Path, process::ExitCode};
use texts::Value;

/// The longest number of an authority, in characters.
const LONGEST_NUMBER: usize = 64;

pub(in crate::commands) fn pending(context: &Context, args: &PendingArgs) -> Result<ExitCode, CommandError> {
    match &args.command {
        None => list(context, args.json),
        Some(PendingCommand::Number { id, number, date }) => note_number(context, id, number, date, args.json),
        Some(PendingCommand::Cancel { id }) => cancel(context, id, args.json),
    }
}

fn list(context: &Context, wants_json: bool) -> Result<ExitCode, CommandError> {
    let found = context.applications().list().map_err(unusable)?;
    for path in &found.aside {
        context.note("keys-pending-damaged", &[("path", Value::Text(&shown(path)))]);
    }
    if wants_json {
        let rows: Vec<_> = found.waiting.iter().map(|one| as_json(one, None)).collect();
        output::print_json(&json!({ "pending": rows }));
        return Ok(ExitCode::SUCCESS);
    }
    if found.waiting.is_empty() {
        context.line("keys-pending-none", &[]);
    }
    for one in &found.waiting {
        let created = one.created.date().to_string();
        context.line(
            "keys-pending-line",
            &[
                ("id", Value::Text(&one.id)),
                ("name", Value::Text(&one.subject)),
                ("algorithm", Value::Text(&one.algorithm)),
                ("created", Value::Text(&created)),
            ],
        );
        context.line("keys-pending-place", &[("place", Value::Text(&one.place.label()))]);
        match &one.filed {
            Some(filed) => context.line(
                "keys-pending-filed",
                &[("number", Value::Text(&filed.number)), ("date", Value::Text(&filed.date))],
            ),
            None => context.line("keys-pending-not-filed", &[]),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One of them, for programs; `request`: the file that the request was just written to.
pub(super) fn as_json(one: &Application, request: Option<&Path>) -> Json {
    let (file, token) = match &one.place {
        Place::File(path) => (Some(path), None),
        Place::Token { token, .. } => (None, Some(token::as_json(token))),
    };
    json!({
        "id": one.id,
        "created": one.created.iso8601().to_string(),
        "number": one.filed.as_ref().map(|filed| &filed.number),
        "date": one.filed.as_ref().map(|filed| &filed.date),
        "name": one.subject,
        "subject": one.request.subject().to_dn_string(),
        "algorithm": one.algorithm,
        "key": file,
        "token": token,
        "request": request,
        "publicKeySha256": hex::encode(one.public_key_sha256()),
    })
}

fn note_number(
    context: &Context,
    id: &str,
    number: &str,
    date: &str,
    wants_json: bool,
) -> Result<ExitCode, CommandError> {
    let number = number.trim();
    let is_number = (1..=LONGEST_NUMBER).contains(&number.chars().count()) && !number.chars().any(char::is_control);
    let Some(date) = day(date).filter(|_| is_number) else {
        return Err(CommandError::Usage(context.texts.text("keys-pending-number-wrong")));
    };
    let mut one = chosen(context, id)?;
    one.filed = Some(Filed { number: number.to_owned(), date });
    context.applications().keep(&one).map_err(unusable)?;
    if wants_json {
        output::print_json(&as_json(&one, None));
        return Ok(ExitCode::SUCCESS);
    }
    context.line("keys-pending-noted", &[("name", Value::Text(&one.subject)), ("number", Value::Text(number))]);
    Ok(ExitCode::SUCCESS)
}

fn cancel(context: &Context, id: &str, wants_json: bool) -> Result<ExitCode, CommandError> {
    let one = chosen(context, id)?;
    context.applications().forget(&one).map_err(unusable)?;
    if wants_json {
        output::print_json(&as_json(&one, None));
        return Ok(ExitCode::SUCCESS);
    }
    let place = one.place.label();
    context.line("keys-pending-cancelled", &[("name", Value::Text(&one.subject)), ("place", Value::Text(&place))]);
    Ok(ExitCode::SUCCESS)
}

/// The one request whose name begins so.
fn chosen(context: &Context, id: &str) -> Result<Application, CommandError> {
    let mut named = context.applications().named(id).map_err(unusable)?;
    match (named.pop(), named.is_empty()) {
        (Some(one), true) if !id.is_empty() => Ok(one),
        (None, _) => Err(CommandError::Failed(context.say("keys-pending-unknown", &[("id", Value::Text(id))]))),
        _ => Err(CommandError::Failed(context.say("keys-pending-several", &[("id", Value::Text(id))]))),
    }
}

/// A day that there is, typed as `YYYY-MM-DD` or as people write it here, `DD.MM.YYYY`; returned as the first.
fn day(text: &str) -> Option<String> {
    let written = match text.split('.').collect::<Vec<_>>().as_slice() {
        [day, month, year] => format!("{year}-{month}-{day}"),
        _ => text.to_owned(),
    };
    is_day(&written).then_some(written)
}

fn is_day(text: &str) -> bool {
    let digits = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize| u8::try_from(digits(from, from + 2)?).ok();
    let day = || {
        let moment = Timestamp::from_utc(digits(0, 4)?, small(5)?, small(8)?, 0, 0, 0)?;
        (moment.iso8601().to_string() == format!("{text}T00:00:00Z")).then_some(())
    };
    day().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_that_there_is() {
        assert_eq!(day("2026-11-27").as_deref(), Some("2026-11-27"));
        assert_eq!(day("27.11.2026").as_deref(), Some("2026-11-27"));
        assert_eq!(day("29.02.2028").as_deref(), Some("2028-02-29"));
        for wrong in [
            "",
            "2026-02-30",
            "30.02.2026",
            "7.11.2026",
            "27.11.26",
            "11.27.2026",
            "27.11.2026.",
            "2026-1-27",
            "2026-11-2x",
            "+026-11-27",
            "2026-11-27T",
        ] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }
}
