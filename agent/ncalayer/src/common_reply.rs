//! The manner of `commonUtils`, which the bundles of others took over: `{"code":"200","responseObject":…}`,
//! `{"code":"500","message":…}`, storages by name, and the complaints of Java's reflection.

use crate::envelope::{Context, echo};
use crate::lenient_json::{Object, Value};
use crate::plugged::is_token;
use crate::writer::Writer;
use order::{Failure, FailureCode, Outcome, StorageName};
use std::borrow::Cow;

/// Why a call comes to nothing: the `message` that the page gets.
pub(crate) type Refusal = Cow<'static, str>;

/// Without a text there is no `message` at all, as the original answers an exception that has none.
pub(crate) fn failure(message: &str) -> String {
    let reply = Writer::new().string("code", "500");
    if message.is_empty() { reply.end() } else { reply.string("message", message).end() }
}

/// `code` is a string, and there is no `message`: a .NET client takes any `message` for a failure.
pub(crate) fn success() -> Writer {
    Writer::new().string("code", "200")
}

/// What is said of an outcome that is no success, and of one that is none of those that were asked for.
pub(crate) fn not_done(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Cancelled => failure("action.canceled"),
        Outcome::Failed(Failure { code: FailureCode::StorageEmpty, .. }) => failure("storage.empty"),
        Outcome::Failed(Failure { code: FailureCode::FileUnreadable, .. }) => failure("file.not_found"),
        Outcome::Failed(Failure { detail, .. }) => failure(detail),
        _ => failure("the signer answered something else than was asked"),
    }
}

pub(crate) fn no_such_method(method: &str) -> Refusal {
    format!("NoSuchMethodException {}", echo(method)).into()
}

/// The storage of this name, if something of its kind can be opened now.
pub(crate) fn storage(name: &str, context: &Context<'_>) -> Result<StorageName, Refusal> {
    if name.trim().is_empty() {
        return Err("storageName.param.empty".into());
    }
    match StorageName::from_name(name) {
        Some(storage) if context.can_open(storage) => Ok(storage),
        Some(storage) if is_token(storage) => Err("storage.empty".into()),
        _ => Err("storage.unknown".into()),
    }
}

/// `args` by their places. A place that nobody asks for is not looked at: passwords stay in the page's text.
pub(crate) struct Arguments<'v> {
    values: &'v [Value<'v>],
    method: &'static str,
}

impl<'v> Arguments<'v> {
    /// Java: `optJSONArray`, so anything but an array is no arguments.
    pub(crate) fn of(request: &'v Object<'v>) -> &'v [Value<'v>] {
        match request.get("args") {
            Some(Value::Array(values)) => values,
            _ => &[],
        }
    }

    pub(crate) fn new(values: &'v [Value<'v>], method: &'static str) -> Self {
        Self { values, method }
    }

    pub(crate) fn text(&self, place: usize) -> Result<&'v str, Refusal> {
        match self.values.get(place) {
            Some(Value::String(text)) => Ok(text),
            _ => {
                Err(format!("java.lang.IllegalArgumentException: argument type mismatch. Method: {}", self.method)
                    .into())
            }
        }
    }
}
