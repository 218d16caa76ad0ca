//! What is said in a window: requesters, documents and keys turned into sentences of the catalogue.
//!
//! Names, paths and hosts come from strangers. They are shown [`clean`]: no control characters, nothing that turns the
//! reading direction around or hides.

use super::model::{
    Argument, DocumentView, Extent, Fit, KeyKind, KeyRow, Media, Problem, Question, Reason, Requester, Role, Sentence,
    Warning, What,
};
use super::state::{Missing, Primary};
use crate::unseen::hides;
use order::{Origin, Program, WebOrigin};
use texts::{Locale, Texts, Value};

/// The longest foreign name that is shown.
const LONGEST_NAME: usize = 300;

/// The longest beginning of a document that is shown without asking.
const LONGEST_BEGINNING: usize = 160;

/// A line of a preview is cut here; it is wrapped on the screen anyway.
const LONGEST_LINE: usize = 400;

/// The sign beside the requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// A page whose origin a known browser vouches for, over a connection nobody could change.
    Verified,
    /// A page whose connection could be changed on its way.
    Insecure,
    /// Nobody vouches for who this is.
    Unknown,
}

/// Who asks, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) trust: Trust,
    /// The large name.
    pub(super) name: String,
    /// What it asks.
    pub(super) asks: String,
    /// Through what.
    pub(super) via: String,
    /// What is wrong with it, in red.
    pub(super) alarms: Vec<String>,
    /// Whether blocking or allowing a site means anything here.
    pub(super) is_site: bool,
}

/// Says who asks for what.
pub(super) fn who(texts: &Texts, requester: &Requester, question: &Question) -> Who {
    let asks = match question {
        Question::Sign { documents, .. } => {
            texts.format("window-asks-to-sign", &[("count", Value::Count(documents.len() as u64))])
        }
        Question::ShowKey | Question::Consent(_) | Question::ChooseFile { .. } | Question::Notice(_) => {
            texts.text("window-asks-to-show-key")
        }
    };
    let via = |program: &Program| texts.format("window-via", &[("program", Value::Text(&clean(&program.name)))]);
    match (&requester.origin, &requester.program) {
        (origin, Some(program)) if !program.is_known_browser => unknown_program(texts, origin, program, asks),
        (Origin::Absent, program) => Who {
            trust: Trust::Unknown,
            name: program.as_ref().map_or_else(|| texts.text("window-who-unknown"), |program| clean(&program.name)),
            asks,
            via: String::new(),
            alarms: vec![texts.text("window-alarm-no-page")],
            is_site: false,
        },
        (Origin::Opaque, program) => Who {
            trust: Trust::Unknown,
            name: texts.text("window-who-opaque"),
            asks,
            via: program.as_ref().map(via).unwrap_or_default(),
            alarms: vec![texts.text("window-alarm-opaque")],
            is_site: false,
        },
        (Origin::Web(web), program) => {
            let mut alarms = Vec::new();
            if web.is_insecure() {
                alarms.push(texts.text("window-alarm-insecure"));
            }
            if program.is_none() {
                alarms.push(texts.text("window-alarm-program-untold"));
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
            Who { trust, name: site(texts, web), asks, via: notes.join(" · "), alarms, is_site: true }
        }
    }
}

/// A program that is no browser can claim any origin: it is named first, and the site only as what it says.
fn unknown_program(texts: &Texts, origin: &Origin, program: &Program, asks: String) -> Who {
    let alarm = match origin {
        Origin::Web(web) => {
            texts.format("window-alarm-unknown-program-claims", &[("site", Value::Text(&web.to_string()))])
        }
        Origin::Opaque | Origin::Absent => texts.text("window-alarm-unknown-program"),
    };
    Who {
        trust: Trust::Unknown,
        name: texts.format("window-who-program", &[("program", Value::Text(&clean(&program.name)))]),
        asks,
        via: clean(&program.path),
        alarms: vec![alarm],
        is_site: matches!(origin, Origin::Web(_)),
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

/// The red sentences about the request itself.
pub(super) fn warning(texts: &Texts, warning: &Warning) -> String {
    match warning {
        Warning::WrongDigestLength { octets, expected } => texts.format(
            "window-warning-digest-length",
            &[("octets", Value::Count(*octets)), ("expected", Value::Count(*expected))],
        ),
        Warning::DigestOnly => texts.text("window-warning-digest-only"),
        Warning::OtherSite { named, asks } => format!("{} ≠ {}", clean(named), clean(asks)),
    }
}

/// One document, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DocumentWords {
    pub(super) kind: String,
    pub(super) size: String,
    pub(super) note: String,
    pub(super) beginning: String,
    pub(super) lines: Vec<String>,
}

/// Says what a document is, and shows as much of it as there is.
pub(super) fn document(texts: &Texts, document: &DocumentView) -> DocumentWords {
    let (kind, note, shown) = match &document.what {
        What::Text(preview) => ("window-kind-text", note_of(preview.extent), preview.text.as_str()),
        What::Xml(preview) => ("window-kind-xml", note_of(preview.extent), preview.text.as_str()),
        What::Binary { media, head } => (kind_of(*media), Some("window-note-binary"), head.as_str()),
        What::Digest { hex } => ("window-kind-digest", Some("window-note-digest"), hex.as_str()),
    };
    let words = shown.split_whitespace().take(LONGEST_BEGINNING);
    let beginning = words.collect::<Vec<_>>().join(" ");
    DocumentWords {
        kind: texts.text(kind),
        size: size(texts, document.size),
        note: note.map(|id| texts.text(id)).unwrap_or_default(),
        beginning: beginning.chars().take(LONGEST_BEGINNING).collect(),
        lines: lines(shown),
    }
}

fn note_of(extent: Extent) -> Option<&'static str> {
    match extent {
        Extent::Whole => None,
        Extent::Beginning => Some("window-note-beginning"),
    }
}

fn kind_of(media: Media) -> &'static str {
    match media {
        Media::Pdf => "window-kind-pdf",
        Media::Zip => "window-kind-zip",
        Media::Image => "window-kind-image",
        Media::Cms => "window-kind-cms",
        Media::Unknown => "window-kind-binary",
    }
}

fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some((end, _)) = rest.char_indices().nth(LONGEST_LINE) {
            // Between words where there are any.
            let head = rest.get(..end).unwrap_or_default();
            let at = head.rfind(' ').map_or(end, |blank| blank + 1);
            let (piece, after) = rest.split_at(at);
            lines.push(piece.to_owned());
            rest = after;
        }
        lines.push(rest.to_owned());
    }
    lines
}

/// A size as a person reads it: `812 байт`, `12 КБ`, `1,4 МБ`.
pub(super) fn size(texts: &Texts, octets: u64) -> String {
    const KILO: u64 = 1024;
    const MEGA: u64 = KILO * KILO;
    if octets < KILO {
        return texts.format("window-size-octets", &[("count", Value::Count(octets))]);
    }
    let (id, unit) = if octets < MEGA { ("window-size-kilo", KILO) } else { ("window-size-mega", MEGA) };
    // Rounded up: a document is never said to be smaller than it is.
    let tenths = octets.saturating_mul(10).div_ceil(unit);
    let number = if tenths >= 100 || tenths.is_multiple_of(10) {
        tenths.div_ceil(10).to_string()
    } else {
        let point = if texts.locale() == Locale::En { '.' } else { ',' };
        format!("{}{point}{}", tenths / 10, tenths % 10)
    };
    texts.format(id, &[("number", Value::Text(&number))])
}

/// One row of the list of keys, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyWords {
    pub(super) title: String,
    pub(super) details: String,
    pub(super) reason: String,
    /// All of it as one sentence, for a screen reader.
    pub(super) spoken: String,
}

/// Says whose key it is, in which role, until when, where it lives and why it does not fit.
pub(super) fn key(texts: &Texts, row: &KeyRow) -> KeyWords {
    let place = clean(&row.place);
    let mut details = Vec::new();
    let title = match &row.holder {
        None => {
            // Nothing else is known of it than where it lies.
            details.extend(row.path.parent().map(|folder| clean(&folder.to_string_lossy())));
            place.clone()
        }
        Some(holder) => {
            details.extend(role(holder.role).map(|id| texts.text(id)));
            if let Some(organisation) = &holder.organisation {
                details.push(clean(organisation));
            }
            for (id, number) in [("window-iin", &holder.iin), ("window-bin", &holder.bin)] {
                if let Some(number) = number {
                    details.push(texts.format(id, &[("number", Value::Text(&masked(number)))]));
                }
            }
            // An expired key's end is in the reason.
            if let Some(until) = row.valid_until.as_ref().filter(|_| !leads_with_expiry(&row.fit)) {
                details.push(texts.format("window-until", &[("date", Value::Text(until))]));
            }
            details.push(place.clone());
            clean(&holder.name)
        }
    };
    let reason = match &row.fit {
        Fit::Fits => String::new(),
        Fit::Locked => {
            details.insert(0, texts.text("window-locked"));
            String::new()
        }
        Fit::Unfit(reasons) => {
            // The first reason is enough: mending it is what a person can do next.
            reasons.first().map(|first| reason(texts, *first, row)).unwrap_or_default()
        }
    };
    let test = match row.kind {
        KeyKind::Real => None,
        KeyKind::Test => Some(texts.text("window-test")),
    };
    let details = details.join(" · ");
    let spoken = [test.as_deref().unwrap_or_default(), &title, &details, &reason]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(". ");
    KeyWords { title, details, reason, spoken }
}

fn leads_with_expiry(fit: &Fit) -> bool {
    matches!(fit, Fit::Unfit(reasons) if reasons.first() == Some(&Reason::Expired))
}

fn role(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::Person => "window-role-person",
        Role::Head => "window-role-head",
        Role::SigningEmployee => "window-role-signing-employee",
        Role::FinanceEmployee => "window-role-finance-employee",
        Role::Personnel => "window-role-personnel",
        Role::Employee => "window-role-employee",
        Role::System => "window-role-system",
        Role::Organisation => "window-role-organisation",
        Role::Unknown => return None,
    })
}

fn reason(texts: &Texts, reason: Reason, row: &KeyRow) -> String {
    let until = row.valid_until.as_deref().unwrap_or_default();
    let id = match reason {
        Reason::Expired if !until.is_empty() => {
            return texts.format("window-reason-expired-on", &[("date", Value::Text(until))]);
        }
        Reason::Expired => "window-reason-expired",
        Reason::NotYetValid => "window-reason-not-yet",
        Reason::WrongUse => "window-reason-wrong-use",
        Reason::WrongRole => "window-reason-wrong-role",
        Reason::NotThisPerson => "window-reason-person",
        Reason::NotThisOrganisation => "window-reason-organisation",
        Reason::OtherSerial => "window-reason-serial",
        Reason::IssuerUnknown => "window-reason-issuer",
        Reason::TestKey => "window-reason-test",
        Reason::StorageNotAsked => "window-reason-storage",
        Reason::AlgorithmNotYet => "window-reason-algorithm",
        Reason::FileMissing => "window-reason-missing",
        Reason::FileUnreadable => "window-reason-unreadable",
    };
    texts.text(id)
}

/// What the main button says.
pub(super) fn primary(texts: &Texts, primary: Primary) -> String {
    texts.text(match primary {
        Primary::Sign => "window-sign",
        Primary::ShowKey => "window-show-key",
        Primary::Open => "window-open-key",
    })
}

/// What a decision lacks.
pub(super) fn missing(texts: &Texts, missing: Missing) -> String {
    texts.text(match missing {
        Missing::Key => "window-missing-key",
        Missing::Password => "window-missing-password",
    })
}

/// What went wrong.
pub(super) fn problem(texts: &Texts, problem: &Problem) -> String {
    match problem {
        Problem::WrongPassword => texts.text("error-wrong-password"),
        Problem::CannotOpen(said) | Problem::CannotSign(said) => sentence(texts, said),
    }
}

fn sentence(texts: &Texts, sentence: &Sentence) -> String {
    let cleaned: Vec<(&str, Argument)> = sentence
        .arguments
        .iter()
        .map(|(place, argument)| match argument {
            Argument::Text(text) => (*place, Argument::Text(clean(text))),
            Argument::Count(count) => (*place, Argument::Count(*count)),
        })
        .collect();
    let arguments: Vec<(&str, Value<'_>)> = cleaned
        .iter()
        .map(|(place, argument)| match argument {
            Argument::Text(text) => (*place, Value::Text(text)),
            Argument::Count(count) => (*place, Value::Count(*count)),
        })
        .collect();
    texts.format(sentence.id, &arguments)
}

/// A foreign name that can be drawn: one line, nothing that hides or turns the reading direction around, not endless.
pub(super) fn clean(text: &str) -> String {
    let mut shown: String =
        text.chars().take(LONGEST_NAME).map(|c| if hides(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if text.chars().nth(LONGEST_NAME).is_some() {
        shown.push('…');
    }
    shown
}

/// A number of which only the end is shown: enough to tell one's keys apart, too little for who looks over a shoulder.
pub(crate) fn masked(number: &str) -> String {
    let digits = number.chars().count();
    let shown = 4.min(digits / 2);
    let end: String = number.chars().skip(digits - shown).collect();
    format!("••{}", clean(&end))
}

#[cfg(test)]
mod tests;
