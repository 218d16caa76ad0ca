//! Who asks, in words.

use super::clean;
use super::question::{QuestionWords, Tone};
use crate::window::model::{Asker, Requester};
use order::{Origin, Program, WebOrigin};
use texts::{Texts, Value};

/// The sign beside the requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Trust {
    /// A page whose origin a known browser vouches for, over a connection nobody could change.
    Verified,
    /// A page whose connection could be changed on its way.
    Insecure,
    /// Nobody vouches for who this is.
    Unknown,
    /// It is the person themself.
    Yourself,
}

/// Who asks, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::window) struct Who {
    pub(in crate::window) trust: Trust,
    /// The large name.
    pub(in crate::window) name: String,
    /// Through what.
    pub(in crate::window) via: String,
    /// What is wrong with it, in red.
    pub(in crate::window) alarms: Vec<String>,
    /// What the button says that has it not heard again.
    pub(in crate::window) block: String,
}

/// Says who asks.
pub(in crate::window) fn who(texts: &Texts, asker: &Asker, question: &QuestionWords) -> Who {
    let requester = match asker {
        Asker::Page(requester) => requester,
        Asker::Yourself => {
            return Who {
                trust: Trust::Yourself,
                name: texts.text("own-who"),
                via: texts.text("own-via"),
                alarms: Vec::new(),
                block: String::new(),
            };
        }
    };
    let mut who = requested_by(texts, requester, &question.no);
    if question.tone == Tone::Told {
        // Nothing is to be decided, so nothing is to be feared.
        who.alarms.clear();
    }
    who
}

fn requested_by(texts: &Texts, requester: &Requester, no: &str) -> Who {
    let via = |program: &Program| texts.format("window-via", &[("program", Value::Text(&clean(&program.name)))]);
    let alarm = |id| texts.format(id, &[("no", Value::Text(no))]);
    match (&requester.origin, &requester.program) {
        (origin, Some(program)) if !program.is_known_browser => unknown_program(texts, origin, program, no),
        (Origin::Absent, program) => Who {
            trust: Trust::Unknown,
            name: program.as_ref().map_or_else(|| texts.text("window-who-unknown"), |program| clean(&program.name)),
            via: String::new(),
            alarms: vec![alarm("window-alarm-no-page")],
            block: texts.text(match program {
                Some(_) => "window-block-program",
                None => "window-block-unknown-programs",
            }),
        },
        (Origin::Opaque, program) => Who {
            trust: Trust::Unknown,
            name: texts.text("window-who-opaque"),
            via: program.as_ref().map(via).unwrap_or_default(),
            alarms: vec![alarm("window-alarm-opaque")],
            block: program.as_ref().map_or_else(
                || texts.text("window-block-opaque"),
                |program| texts.format("window-block-opaque-in", &[("program", Value::Text(&clean(&program.name)))]),
            ),
        },
        (Origin::Web(web), program) => {
            let mut alarms = Vec::new();
            if web.is_insecure() {
                alarms.push(alarm("window-alarm-insecure"));
            }
            if program.is_none() {
                alarms.push(alarm("window-alarm-program-untold"));
            }
            let trust = match program {
                None => Trust::Unknown,
                Some(_) if web.is_insecure() => Trust::Insecure,
                Some(_) => Trust::Verified,
            };
            let mut notes = Vec::new();
            if web.is_this_computer() {
                notes.push(texts.text("window-this-computer"));
            }
            if has_foreign_letters(web) {
                notes.push(texts.text("window-foreign-letters"));
            }
            notes.extend(program.as_ref().map(via));
            Who { trust, name: site(texts, web), via: notes.join(" · "), alarms, block: block_site(texts, web) }
        }
    }
}

/// A program that is no browser can claim any origin: it is named first, and the site only as what it says.
fn unknown_program(texts: &Texts, origin: &Origin, program: &Program, no: &str) -> Who {
    let no = ("no", Value::Text(no));
    let (alarm, block) = match origin {
        Origin::Web(web) => (
            texts.format("window-alarm-unknown-program-claims", &[("site", Value::Text(&web.to_string())), no]),
            "window-block-site-in-program",
        ),
        Origin::Opaque | Origin::Absent => {
            (texts.format("window-alarm-unknown-program", &[no]), "window-block-program")
        }
    };
    Who {
        trust: Trust::Unknown,
        name: texts.format("window-who-program", &[("program", Value::Text(&clean(&program.name)))]),
        via: clean(&program.path),
        alarms: vec![alarm],
        block: texts.text(block),
    }
}

/// Blocking a site blocks all of its registrable domain: a page could move to another name below it otherwise. That is
/// said where the page's own name is one of these.
fn block_site(texts: &Texts, web: &WebOrigin) -> String {
    if web.site() == web.host() {
        texts.text("window-block-site")
    } else {
        texts.format("window-block-domain", &[("site", Value::Text(web.site()))])
    }
}

/// A site as a person reads it: its host; the scheme is said only where it is unusual.
fn site(texts: &Texts, web: &WebOrigin) -> String {
    let host = match web.port() {
        Some(port) => format!("{}:{port}", web.host()),
        None => web.host().to_owned(),
    };
    match web.scheme() {
        "https" => host,
        "http" if web.is_this_computer() => host,
        "chrome-extension" | "moz-extension" | "safari-web-extension" => {
            texts.format("window-who-extension", &[("id", Value::Text(&host))])
        }
        _ => web.to_string(),
    }
}

/// Whether a host has letters beyond Latin ones, which can look like them. `.қаз` itself has and is no reason to warn.
fn has_foreign_letters(web: &WebOrigin) -> bool {
    web.host().split('.').any(|label| label.starts_with("xn--") && label != "xn--80ao21a")
}
