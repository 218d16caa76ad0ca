//! One row of the list of keys, in words.

use super::clean;
use super::folder::{elided, told_apart};
use crate::window::model::{Fit, KeyKind, KeyRow, Place, Reason, Role};
use std::path::{MAIN_SEPARATOR_STR, Path};
use texts::{Texts, Value};

/// The longest folder that is shown whole, in letters.
const LONGEST_FOLDER: usize = 60;

/// One row of the list of keys, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::window) struct KeyWords {
    pub(in crate::window) title: String,
    pub(in crate::window) details: String,
    /// Where it lives, in a word; nothing where the title says so.
    pub(in crate::window) place: String,
    pub(in crate::window) reason: String,
    /// All of it as one sentence, for a screen reader.
    pub(in crate::window) spoken: String,
}

/// Says whose key it is, in which role, until when, where it lives and why it does not fit. `rows` are all of the list.
pub(in crate::window) fn key(texts: &Texts, row: &KeyRow, rows: &[KeyRow]) -> KeyWords {
    let mut details = Vec::new();
    let folder = folder(&row.place, rows);
    let place = match (&row.holder, &folder) {
        (None, folder) => folder.clone().unwrap_or_default(),
        (Some(_), None) => in_a_word(texts, &row.place),
        (Some(_), Some(folder)) => [folder, &in_a_word(texts, &row.place)].map(String::as_str).join(MAIN_SEPARATOR_STR),
    };
    let title = match &row.holder {
        // Nothing else is known of it than where it lies.
        None => only_place(texts, &row.place, folder, &mut details),
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
            let id = if row.place.is_token() { "window-locked-token" } else { "window-locked" };
            details.insert(0, texts.text(id));
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
    KeyWords { title, details, place, reason, spoken }
}

/// The part of its folder that tells a key file from others of its name.
fn folder(place: &Place, rows: &[KeyRow]) -> Option<String> {
    fn file(place: &Place) -> Option<&Path> {
        match place {
            Place::File(path) => Some(path),
            Place::NewFile(_) | Place::Token(_) | Place::Driver { .. } => None,
        }
    }
    told_apart(file(place)?, rows.iter().filter_map(|row| file(&row.place)))
}

/// Where a key lives, beside its holder.
fn in_a_word(texts: &Texts, place: &Place) -> String {
    match place {
        Place::File(path) | Place::NewFile(path) => {
            clean(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
        }
        Place::Token(token) => {
            let (label, reader) = (clean(&token.label), clean(&token.reader));
            if reader.is_empty() {
                return texts.format("window-token", &[("label", Value::Text(&label))]);
            }
            texts.format("window-token-in", &[("label", Value::Text(&label)), ("reader", Value::Text(&reader))])
        }
        Place::Driver { vendor } => clean(vendor),
    }
}

/// A place of which nothing else is known: its name, and where it is. `folder` tells it from others of its name.
fn only_place(texts: &Texts, place: &Place, folder: Option<String>, details: &mut Vec<String>) -> String {
    match place {
        Place::NewFile(path) => {
            details.extend(path.parent().map(|folder| clean(&folder.to_string_lossy())));
            texts.format("window-new-file", &[("file", Value::Text(&in_a_word(texts, place)))])
        }
        Place::File(path) => {
            let all = || path.parent().map(|all| elided(&clean(&all.to_string_lossy()), LONGEST_FOLDER));
            details.extend(folder.or_else(all).filter(|folder| !folder.is_empty()));
            in_a_word(texts, place)
        }
        Place::Token(token) => {
            let serial = (!token.serial.is_empty())
                .then(|| texts.format("window-token-serial", &[("serial", Value::Text(&clean(&token.serial)))]));
            details.extend([clean(&token.model), clean(&token.reader)].into_iter().filter(|part| !part.is_empty()));
            details.extend(serial);
            texts.format("window-token", &[("label", Value::Text(&clean(&token.label)))])
        }
        Place::Driver { vendor } => {
            details.push(texts.text("window-driver"));
            clean(vendor)
        }
    }
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
        Reason::NotThisKey => "window-reason-key",
        Reason::StorageNotAsked => "window-reason-storage",
        Reason::AlgorithmNotYet => "window-reason-algorithm",
        Reason::FileMissing => "window-reason-missing",
        Reason::FileUnreadable => "window-reason-unreadable",
        Reason::TokenGone => "window-reason-token-gone",
        Reason::NoKeyOnToken => "window-reason-no-key-on-token",
        Reason::PinLocked => "window-reason-pin-locked",
        Reason::PinNotSet => "window-reason-pin-not-set",
        Reason::CannotMake => "window-reason-cannot-make",
        Reason::NotWritable => "window-reason-not-writable",
        Reason::DriverSilent => "window-reason-driver-silent",
        Reason::DriverCrashed => "window-reason-driver-crashed",
        Reason::Blocked => "window-reason-blocked",
    };
    texts.text(id)
}

/// A number of which only the end is shown: enough to tell one's keys apart, too little for who looks over a shoulder.
pub(crate) fn masked(number: &str) -> String {
    let digits = number.chars().count();
    let shown = 4.min(digits / 2);
    let end: String = number.chars().skip(digits - shown).collect();
    format!("••{}", clean(&end))
}
