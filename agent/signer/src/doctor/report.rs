//! All findings together: in a sentence, as a text for others, for programs.

use super::{Finding, Network, Reader, State, World};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;
use texts::{Texts, Value};

/// The form of the JSON.
const VERSION: u32 = 1;

/// How the worst of them stands.
#[must_use]
pub fn worst(found: &[Finding]) -> State {
    found.iter().map(|finding| finding.kind.state).max().unwrap_or(State::Good)
}

/// What it comes to, in a sentence.
#[must_use]
pub fn verdict(texts: &Texts, found: &[Finding]) -> String {
    let count = |state: State| found.iter().filter(|finding| finding.kind.state == state).count() as u64;
    match (count(State::Bad), count(State::Warning)) {
        (0, 0) => texts.text("doctor-verdict-good"),
        (0, notes) => texts.format("doctor-verdict-notes", &[("count", Value::Count(notes))]),
        (faults, _) => texts.format("doctor-verdict-faults", &[("count", Value::Count(faults))]),
    }
}

/// A text to give away: a line for each, without names of people and places at home.
#[must_use]
pub fn report(world: &World, texts: &Texts, found: &[Finding]) -> String {
    let time = world.measure.now.iso8601().to_string();
    let mut report = format!("tanba doctor · {} · {} · {time}\n", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    let reader = Reader::Others { home: world.home.as_deref() };
    for finding in found {
        let told = finding.told(texts, reader);
        // Writing into a string does not fail.
        let _ = write!(report, "[{}] {} — {}: {}", told.code, told.name, told.stands, told.what);
        let _ = match told.cause {
            Some(cause) => writeln!(report, " [{cause}]"),
            None => writeln!(report),
        };
    }
    report + &verdict(texts, found) + "\n"
}

/// For programs, as `docs/doctor.md` has it. `mended` are the codes of what was mended before.
#[must_use]
pub fn as_json(world: &World, texts: &Texts, found: &[Finding], mended: &[&str]) -> Json {
    let findings: Vec<Json> = found
        .iter()
        .map(|finding| {
            let told = finding.told(texts, Reader::Owner);
            let fix = finding.fix.as_ref().map(|fix| json!({ "kind": fix.cure().code(), "question": told.fix }));
            json!({
                "code": told.code,
                "area": finding.kind.area.code(),
                "state": told.state.code(),
                "name": told.name,
                "what": told.what,
                "why": told.why,
                "next": told.next,
                "fix": fix,
                "cause": told.cause,
            })
        })
        .collect();
    json!({
        "version": VERSION,
        "program": env!("CARGO_PKG_VERSION"),
        "offline": world.network == Network::LeftAlone,
        "worst": worst(found).code(),
        "findings": findings,
        "mended": mended,
    })
}
