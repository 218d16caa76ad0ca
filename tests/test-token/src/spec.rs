//! Libraries and cards from a file, for tests that are not written in Rust: `README.md` describes it word for word.

use std::{
    fs,
    path::{Path, PathBuf},
};

use keystore::{NewKey, Password};
use pki::Certificate;
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    config::{CardConfig, Fault},
    place::{Card, CardKey, Module, PlaceError},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    modules: Vec<ModuleSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModuleSpec {
    name: String,
    manufacturer: Option<String>,
    description: Option<String>,
    #[serde(default = "yes")]
    slot_events: bool,
    #[serde(default)]
    cards: Vec<CardSpec>,
    #[serde(default)]
    empty_readers: usize,
    #[serde(default)]
    faults: Vec<Fault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardSpec {
    name: String,
    token: Option<CardConfig>,
    #[serde(default)]
    keys: Vec<KeySpec>,
    #[serde(default)]
    certificates: Vec<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySpec {
    kind: Option<Kind>,
    p12: Option<PathBuf>,
    password_file: Option<PathBuf>,
    certificate: Option<PathBuf>,
    id: Option<String>,
    label: Option<String>,
    #[serde(default = "yes")]
    public_object: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Gost512,
    Gost256,
    Gost2004,
    Rsa2048,
    Rsa3072,
    Rsa4096,
    P256,
    P384,
}

fn yes() -> bool {
    true
}

/// Makes everything that a specification asks for inside of a folder; gives what was made, in the same order. Paths in the
/// specification are seen from the folder of its own file.
///
/// # Errors
/// [`PlaceError`].
pub fn make(folder: &Path, spec: &Path) -> Result<Value, PlaceError> {
    let text = read(spec)?;
    let wrong = |error: serde_json::Error| PlaceError::Spec(format!("{}: {error}", spec.display()));
    let asked: Spec = serde_json::from_slice(&text).map_err(wrong)?;
    let base = spec.parent().unwrap_or(Path::new(""));
    let mut modules = Vec::new();
    for module in asked.modules {
        modules.push(make_module(folder, base, module)?);
    }
    Ok(json!({ "modules": modules }))
}

fn make_module(folder: &Path, base: &Path, asked: ModuleSpec) -> Result<Value, PlaceError> {
    let mut module = Module::new(&asked.name).empty_readers(asked.empty_readers).with(|config| {
        config.manufacturer = asked.manufacturer.unwrap_or_else(|| config.manufacturer.clone());
        config.description = asked.description.unwrap_or_else(|| config.description.clone());
        config.slot_events = asked.slot_events;
        config.fault = asked.faults;
    });
    let mut described = Vec::new();
    for asked in asked.cards {
        let mut card = Card::new(&asked.name);
        if let Some(token) = asked.token {
            card = card.with(|config| *config = token);
        }
        let mut keys = Vec::new();
        for asked in &asked.keys {
            let key = key(base, asked)?;
            keys.push(json!({
                "id": hex::encode(key.id_bytes()),
                "label": key.label_text(),
                "algorithm": key.private_key().algorithm_name(),
                "public_key": key.public_key().to_spki_der().map(hex::encode),
            }));
            card = card.key(key);
        }
        for path in &asked.certificates {
            card = card.certificate(&certificate(&base.join(path))?);
        }
        module = module.card(card);
        described.push((asked.name, keys));
    }
    let placed = module.place(folder)?;
    let mut cards = Vec::new();
    for (card, (name, keys)) in placed.cards().iter().zip(described) {
        let config = card.config()?;
        cards.push(json!({
            "name": name,
            "folder": card.folder(),
            "folder_while_unplugged": card.folder_while_unplugged(),
            "label": config.label,
            "serial": config.serial,
            "keys": keys,
        }));
    }
    Ok(json!({ "name": asked.name, "library": placed.driver(), "cards": cards }))
}

fn key(base: &Path, asked: &KeySpec) -> Result<CardKey, PlaceError> {
    let mut key = match (asked.kind, &asked.p12) {
        (Some(kind), None) => CardKey::generate(match kind {
            Kind::Gost512 => NewKey::Gost512,
            Kind::Gost256 => NewKey::Gost256,
            Kind::Gost2004 => NewKey::Gost2004,
            Kind::Rsa2048 => NewKey::Rsa2048,
            Kind::Rsa3072 => NewKey::Rsa3072,
            Kind::Rsa4096 => NewKey::Rsa4096,
            Kind::P256 => NewKey::P256,
            Kind::P384 => NewKey::P384,
        })?,
        (None, Some(p12)) => from_key_file(&base.join(p12), base, asked.password_file.as_deref())?,
        _ => return Err(PlaceError::Spec("a key has either a \"kind\" or a \"p12\"".to_owned())),
    };
    if let Some(path) = &asked.certificate {
        key = key.certificate(&certificate(&base.join(path))?);
    }
    if let Some(id) = &asked.id {
        let id = hex::decode(id).map_err(|_| PlaceError::Spec(format!("\"id\" is not hexadecimal: {id}")))?;
        key = key.id(&id);
    }
    if let Some(label) = &asked.label {
        key = key.label(label);
    }
    Ok(if asked.public_object { key } else { key.without_public_object() })
}

/// The first key of a key file, with its certificate.
fn from_key_file(path: &Path, base: &Path, password: Option<&Path>) -> Result<CardKey, PlaceError> {
    let spec = |what: String| PlaceError::Spec(format!("{}: {what}", path.display()));
    let password = password.ok_or_else(|| spec("a \"p12\" has a \"password_file\"".to_owned()))?;
    let mut octets = read(&base.join(password))?;
    // An editor ends a file with a line's end, which is no part of a password.
    let length = octets.trim_ascii_end().len();
    octets.truncate(length);
    let password = Password::from_utf8(octets.to_vec()).map_err(|error| spec(error.to_string()))?;
    let contents = keystore::open(&read(path)?, &password).map_err(|error| spec(error.to_string()))?;
    let entry = contents.entries.first().ok_or_else(|| spec("holds no key".to_owned()))?;
    let key = CardKey::of(&entry.key)?;
    Ok(entry.certificate.iter().fold(key, CardKey::certificate))
}

fn certificate(path: &Path) -> Result<Certificate, PlaceError> {
    Certificate::from_pem_or_der(&read(path)?).map_err(|error| PlaceError::Spec(format!("{}: {error}", path.display())))
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, PlaceError> {
    fs::read(path).map(Zeroizing::new).map_err(|error| PlaceError::File(path.to_owned(), error))
}
