//! The tokens that are plugged in, as `tanba tokens list` shows them.

use super::{Context, libraries, say};
use crate::commands::{certificate_view, token};
use keystore::{
    ListedKey,
    pkcs11::{Pin, PinPlace, Seen, Snapshot, Tries},
};
use serde_json::{Value as Json, json};
use texts::Value;

pub(in crate::commands) fn tokens(context: &Context, snapshot: &Snapshot) -> Json {
    let measure = context.measure();
    let of_key = |key: &ListedKey| {
        let certificate = key.certificate.as_ref();
        json!({
            "alias": key.alias,
            // In the words of the certificate, where there is one.
            "algorithm": certificate.map_or(key.algorithm, |one| one.public_key().kalkan_name()),
            "certificate": certificate.map(|one| certificate_view::brief_json(one, &measure)),
        })
    };
    snapshot
        .tokens
        .iter()
        .map(|token| {
            let mut row = json!({
                "vendor": token.vendor,
                "reader": token.reader,
                "storage": token.storage,
                "pin": {
                    "place": match token.pin.place { PinPlace::Window => "window", PinPlace::Reader => "reader" },
                    "set": token.pin.is_set,
                    "tries": tries(token.pin.tries),
                    "length": [token.pin.length.0, token.pin.length.1],
                },
                "keys": token.keys.iter().map(of_key).collect::<Vec<_>>(),
            });
            if let (Json::Object(row), Json::Object(id)) = (&mut row, token::as_json(&token.id)) {
                row.extend(id);
            }
            row
        })
        .collect()
}

pub(in crate::commands) fn faults(snapshot: &Snapshot) -> Json {
    let of = |fault: &keystore::pkcs11::LibraryFault| json!({ "vendor": fault.vendor, "path": fault.path, "reason": fault.fault.code() });
    snapshot.faults.iter().map(of).collect()
}

fn tries(tries: Tries) -> &'static str {
    match tries {
        Tries::Unsaid => "unsaid",
        Tries::Low => "low",
        Tries::Last => "last",
        Tries::None => "none",
    }
}

pub(super) fn print(context: &Context, snapshot: &Snapshot) {
    for fault in &snapshot.faults {
        let (path, why) = (fault.path.display().to_string(), say(&context.texts, &libraries::fault(&fault.fault)));
        context.line(
            "tokens-fault",
            &[("vendor", Value::Text(&fault.vendor)), ("path", Value::Text(&path)), ("why", Value::Text(&why))],
        );
    }
    if !snapshot.is_settled {
        context.line("tokens-not-all", &[]);
    }
    if snapshot.tokens.is_empty() {
        context.line("tokens-plugged-none", &[]);
    }
    print_tokens(context, snapshot);
}

/// The tokens alone.
pub(in crate::commands) fn print_tokens(context: &Context, snapshot: &Snapshot) {
    for token in &snapshot.tokens {
        print_token(context, token);
    }
}

fn print_token(context: &Context, token: &Seen) {
    context.line(
        "tokens-token",
        &[
            ("vendor", Value::Text(&token.vendor)),
            ("label", Value::Text(&token.id.label)),
            ("serial", Value::Text(&token.id.serial)),
            ("reader", Value::Text(&token.reader)),
        ],
    );
    if let Some(storage) = &token.storage {
        context.line("tokens-storage", &[("storage", Value::Text(storage))]);
    }
    if let Some(id) = pin(token.pin) {
        context.line(id, &[]);
    }
    if token.keys.is_empty() {
        context.line("tokens-no-keys", &[]);
    }
    for key in &token.keys {
        print_key(context, key);
    }
}

/// What a person should know of a PIN before they type it.
fn pin(pin: Pin) -> Option<&'static str> {
    match (pin.is_set, pin.tries, pin.place) {
        (_, Tries::None, _) => Some("tokens-pin-locked"),
        (false, ..) => Some("tokens-pin-not-set"),
        (_, Tries::Last, _) => Some("tokens-pin-last"),
        (_, Tries::Low, _) => Some("tokens-pin-low"),
        (_, Tries::Unsaid, PinPlace::Reader) => Some("tokens-pin-at-reader"),
        (_, Tries::Unsaid, PinPlace::Window) => None,
    }
}

fn print_key(context: &Context, key: &ListedKey) {
    let Some(certificate) = &key.certificate else {
        let places = [("alias", Value::Text(&key.alias)), ("algorithm", Value::Text(key.algorithm))];
        return context.line("tokens-key-bare", &places);
    };
    certificate_view::line(context, certificate, &context.measure());
}
