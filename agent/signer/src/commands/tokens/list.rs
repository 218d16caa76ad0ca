//! `tanba tokens list`.

use super::{CommandError, Context, IDENTITY_CARD, asked, plugged};
use crate::{
    commands::{output, say},
    libraries,
};
use keystore::pkcs11::{Absent, Inventory, Origin, Snapshot};
use serde_json::{Value as Json, json};
use std::{path::Path, process::ExitCode};
use texts::Value;

pub(super) fn list(context: &Context, as_json: bool) -> Result<ExitCode, CommandError> {
    let inventory = asked::inventory(context)?;
    let snapshot = asked::ask(context, inventory.libraries.clone())?;
    if as_json {
        output::print_json(&as_object(context, &inventory, &snapshot));
    } else {
        print(context, &inventory);
        if !inventory.libraries.is_empty() {
            plugged::print(context, &snapshot);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn as_object(context: &Context, inventory: &Inventory, snapshot: &Snapshot) -> Json {
    let of = |origin: &Origin| match origin {
        Origin::BuiltIn => None,
        Origin::File(file) => Some(file.clone()),
    };
    let found = inventory
        .libraries
        .iter()
        .map(|library| json!({ "vendor": library.vendor, "path": library.path, "state": "found" }));
    let refused = inventory.refused.iter().map(|refused| {
        json!({
            "vendor": refused.vendor,
            "path": refused.path,
            "state": "refused",
            "reason": refused.why.code(),
            "about": refused.why.about(),
            "file": of(&refused.origin),
        })
    });
    let off = inventory
        .off
        .iter()
        .map(|off| json!({ "vendor": off.vendor, "path": off.path, "state": "off", "file": of(&off.by) }));
    json!({
        "libraries": found.chain(refused).chain(off).collect::<Vec<_>>(),
        "absent": inventory.absent.iter().map(|absent| json!({
            "vendor": absent.vendor,
            "lookedAt": absent.looked_at,
            "note": absent.note,
        })).collect::<Vec<_>>(),
        "tokens": plugged::tokens(context, snapshot),
        "faults": plugged::faults(snapshot),
        "settled": snapshot.is_settled,
    })
}

fn print(context: &Context, inventory: &Inventory) {
    let shown = |path: &Path| path.display().to_string();
    if inventory.libraries.is_empty() {
        context.line("tokens-none", &[]);
    }
    for library in &inventory.libraries {
        let path = shown(&library.path);
        context.line("tokens-library", &[("vendor", Value::Text(&library.vendor)), ("path", Value::Text(&path))]);
    }
    for refused in &inventory.refused {
        let (path, why) = (shown(&refused.path), say(&context.texts, &libraries::distrust(&refused.why)));
        context.line(
            "tokens-refused",
            &[("vendor", Value::Text(&refused.vendor)), ("path", Value::Text(&path)), ("why", Value::Text(&why))],
        );
    }
    for off in &inventory.off {
        let path = shown(&off.path);
        let file = match &off.by {
            Origin::BuiltIn => String::new(),
            Origin::File(file) => shown(file),
        };
        context.line(
            "tokens-off",
            &[("vendor", Value::Text(&off.vendor)), ("path", Value::Text(&path)), ("file", Value::Text(&file))],
        );
    }
    let (unknown, missing): (Vec<_>, Vec<_>) = inventory.absent.iter().partition(|absent| absent.looked_at.is_empty());
    if !missing.is_empty() {
        let vendors: Vec<_> = missing.iter().map(|absent| asked::vendor(context, &absent.vendor)).collect();
        context.line("tokens-absent", &[("vendors", Value::Text(&vendors.join(", ")))]);
    }
    for absent in &unknown {
        let (vendor, note) = (asked::vendor(context, &absent.vendor), note(context, absent));
        context.line("tokens-no-library-known", &[("vendor", Value::Text(&vendor)), ("note", Value::Text(&note))]);
    }
    if !unknown.is_empty() {
        context.line("tokens-no-library-add", &[]);
    }
}

/// Why no library of a vendor is known, and what the person can do. Of what Tanba says itself there is a sentence in every
/// language; what somebody wrote into a file of theirs is said as it stands.
fn note(context: &Context, absent: &Absent) -> String {
    let id = match (&absent.origin, absent.vendor.as_str()) {
        (Origin::BuiltIn, IDENTITY_CARD) => "tokens-note-identity-card",
        (Origin::BuiltIn, "KAZTOKEN") => "tokens-note-kaztoken",
        (Origin::BuiltIn, "aKey") => "tokens-note-akey",
        (Origin::BuiltIn, _) => "tokens-note-none",
        (Origin::File(_), _) if absent.note.is_empty() => "tokens-note-none",
        (Origin::File(_), _) => return absent.note.clone(),
    };
    context.texts.text(id)
}
