//! The tokens that are plugged in, as `tanba tokens list` shows them.

use super::{CommandError, Context, libraries, say};
use crate::fitness::is_test;
use keystore::{
    ListedKey,
    pkcs11::{Library, Pin, PinPlace, Seen, Snapshot, Tries},
};
use pki::Validity;
use serde_json::{Value as Json, json};
use std::time::Duration;
use texts::Value;

/// How long a person waits for libraries that do not answer: longer than a host is given to load one.
const PATIENCE: Duration = Duration::from_secs(15);

/// What libraries have to say.
pub(super) fn ask(context: &Context, libraries: Vec<Library>) -> Result<Snapshot, CommandError> {
    let fleet =
        libraries::fleet(&context.places, libraries).map_err(|error| CommandError::Failed(error.to_string()))?;
    Ok(fleet.settled(PATIENCE))
}

pub(super) fn tokens(context: &Context, snapshot: &Snapshot) -> Json {
    let measure = context.measure();
    let of_key = |key: &ListedKey| {
        let certificate = key.certificate.as_ref().map(|certificate| {
            let holder = certificate.holder();
            json!({
                "name": holder.name,
                "iin": holder.iin.as_ref().map(ToString::to_string),
                "bin": holder.bin.as_ref().map(ToString::to_string),
                "organisation": holder.organisation,
                "serialNumber": certificate.serial().to_hex(),
                "notBefore": certificate.not_before().iso8601().to_string(),
                "notAfter": certificate.not_after().iso8601().to_string(),
                "test": is_test(certificate, &measure),
            })
        });
        json!({ "alias": key.alias, "algorithm": key.algorithm, "certificate": certificate })
    };
    snapshot
        .tokens
        .iter()
        .map(|token| {
            json!({
                "vendor": token.vendor,
                "manufacturer": token.id.manufacturer,
                "model": token.id.model,
                "label": token.id.label,
                "serialNumber": token.id.serial,
                "reader": token.reader,
                "storage": token.storage,
                "pin": {
                    "place": match token.pin.place { PinPlace::Window => "window", PinPlace::Reader => "reader" },
                    "set": token.pin.is_set,
                    "tries": tries(token.pin.tries),
                    "length": [token.pin.length.0, token.pin.length.1],
                },
                "keys": token.keys.iter().map(of_key).collect::<Vec<_>>(),
            })
        })
        .collect()
}

pub(super) fn faults(snapshot: &Snapshot) -> Json {
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
    for key in token.keys.iter() {
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
    let holder = certificate.holder();
    let name = match &holder.organisation {
        Some(organisation) => format!("{} · {organisation}", holder.name),
        None => holder.name.clone(),
    };
    let until = certificate.not_after().date().to_string();
    let id = match certificate.validity_at(context.now) {
        Validity::Current => "keys-key",
        Validity::Expired => "keys-key-expired",
        Validity::NotYet => "keys-key-not-yet",
    };
    context.line(
        id,
        &[("name", Value::Text(&name)), ("until", Value::Text(&until)), ("algorithm", Value::Text(key.algorithm))],
    );
    if is_test(certificate, &context.measure()) {
        context.line("keys-test", &[]);
    }
}
