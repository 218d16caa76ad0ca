//! The journal, which only the other half reads.

use crate::doctor::{Detail, Finding, World, half, kinds};
use serde_json::Value;
use std::io;

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    // Nothing is made by looking.
    if !world.places.state().is_dir() {
        return vec![Finding::of(kinds::JOURNAL_NONE)];
    }
    vec![check(world).unwrap_or_else(|what| Finding::of(kinds::JOURNAL_UNKNOWN).with("what", Detail::Cause(what)))]
}

fn check(world: &World) -> Result<Finding, String> {
    let answer = half::ask(world, &["journal", "check", "--json"]).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no `tanba` beside this program".to_owned(),
        _ => error.to_string(),
    })?;
    let report: Value = serde_json::from_slice(&answer.out).map_err(|_| half::complaint(&answer))?;
    let rows = report.get("rows").and_then(Value::as_u64).unwrap_or(0);
    let kind = match report.get("whole").and_then(Value::as_bool) {
        Some(true) if rows == 0 => kinds::JOURNAL_NONE,
        Some(true) => kinds::JOURNAL_WHOLE,
        Some(false) => kinds::JOURNAL_BROKEN,
        None => return Err(half::complaint(&answer)),
    };
    Ok(Finding::of(kind).with("count", Detail::Count(rows)))
}
