//! `kz.inessoft.kgd.knp.ncalayer.KNPModuleService`, the module of the tax cabinet (`ncalayer-protocol.md` 8.2).
//!
//! Dispatch is on `command`; `requestId` comes back in every reply. What the site sends with `getCertificates` and
//! `signDocument` is not known from the original: several spellings are understood. The site draws its own list of
//! certificates; here the person picks in our window and the list has that one. A password and a key file in a request
//! are never read. Because so much is guessed, the module does not announce itself: a site that looks for it goes the
//! way that it has for computers without it.

use crate::calendar;
use crate::document;
use crate::envelope::{self, Ask, Context, Step, echo};
use crate::key_info::serial_number;
use crate::lenient_json::{Object, Value};
use crate::named;
use crate::plugged::is_token;
use crate::table::{self, Does, Listed, Method};
use crate::writer::{self, Writer};
use order::{
    Chain, Delivery, Document, Failure, FailureCode, Form, KeyFilter, KeyInfo, KeyUse, NamedKey, Outcome, PlaceKind,
    SignTask, StorageName, Task, Xml, XmlLayout,
};
use serde_bytes::ByteBuf;

pub(crate) const NAME: &str = "kz.inessoft.kgd.knp.ncalayer.KNPModuleService";

const VERSION: &str = "1.1.0";

/// The site's own names of storages, as the original lists them whether or not one is plugged in.
const STORAGES: [(&str, StorageName); 5] = [
    ("PKCS12", StorageName::Pkcs12),
    ("KAZTOKEN", StorageName::Kaztoken),
    ("KZIDCARD", StorageName::IdCard),
    ("ETOKEN_72K", StorageName::EToken72k),
    ("JACARTA", StorageName::JaCarta),
];

type Run = fn(&Object<'_>, &Context<'_>) -> Result<Done, Refusal>;

const METHODS: [Method<Run>; 5] = [
    Method { name: "info", does: Does::All(info), remark: "" },
    Method { name: "getStorageType", does: Does::All(storage_types), remark: "all five, plugged in or not" },
    Method {
        name: "getStorageDevicesByType",
        does: Does::Chosen(storage_devices),
        remark: "the readers of the tokens of this kind that are plugged in",
    },
    Method {
        name: "getCertificates",
        does: Does::Part(certificates),
        remark: "a list of the one that the person picks; shape chosen",
    },
    Method { name: "signDocument", does: Does::Chosen(sign_document), remark: "and its members" },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

enum Done {
    Say(Writer),
    Ask(Box<Task>, Wanted),
}

enum Refusal {
    /// A member is missing, or is not what it must be.
    Input(String),
    /// No token of that kind is plugged in.
    NoToken,
}

impl Refusal {
    fn input(cause: impl Into<String>) -> Self {
        Self::Input(cause.into())
    }
}

/// A request's `requestId`, as it came.
#[derive(Debug)]
enum RequestId {
    None,
    Text(String),
    /// A number of JSON.
    Number(String),
}

impl RequestId {
    /// One that is longer than any real one is as if it were not there.
    fn read(request: &Object<'_>) -> Self {
        const LONGEST: usize = 1024;
        match request.get("requestId") {
            Some(Value::String(id)) if id.len() <= LONGEST => Self::Text(id.clone().into_owned()),
            Some(Value::Number(id)) if id.len() <= LONGEST => Self::Number((*id).to_owned()),
            _ => Self::None,
        }
    }

    fn end(&self, reply: Writer) -> String {
        match self {
            Self::None => reply.end(),
            Self::Text(id) => reply.string("requestId", id).end(),
            Self::Number(id) => reply.raw("requestId", id).end(),
        }
    }

    fn done(&self, reply: Writer) -> String {
        self.end(reply.open("resultStatus").string("resultCode", "OK").close())
    }

    fn bad_input(&self, cause: &str) -> String {
        let status = Writer::new().open("resultStatus").string("resultCode", "INVALID_INPUT_DATA");
        self.end(status.string("resultText", cause).close())
    }

    fn error(&self, crypto: &str, cause: &str) -> String {
        let status = Writer::new()
            .open("error")
            .string("cryptoError", crypto)
            .close()
            .open("resultStatus")
            .string("resultCode", "ERROR");
        let status = if cause.is_empty() { status } else { status.string("resultText", cause) };
        self.end(status.close())
    }
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    let id = RequestId::read(request);
    let command = match request.get("command") {
        Some(Value::String(command)) => command.as_ref(),
        _ => return context.refuse(id.bad_input("command is missing")),
    };
    let Some((method, run)) = table::find(&METHODS, command) else {
        return context.refuse(id.bad_input(&format!("unknown command {}", echo(command))));
    };
    match run(request, context) {
        Ok(Done::Say(reply)) => Step::Reply(id.done(reply)),
        Ok(Done::Ask(task, wanted)) => Step::Ask(Box::new(Ask {
            task: *task,
            locale: *context.locale,
            module: NAME,
            method,
            reply: envelope::Shape::Knp(Shape { id, wanted }).into(),
        })),
        Err(Refusal::Input(cause)) => context.refuse(id.bad_input(&cause)),
        Err(Refusal::NoToken) => context.refuse(id.error("TOKEN_NOT_AVAILABLE", "no token of this kind is plugged in")),
    }
}

fn info(_: &Object<'_>, _: &Context<'_>) -> Result<Done, Refusal> {
    Ok(Done::Say(Writer::new().string("type", "personal").string("version", VERSION).string("status", "READY")))
}

fn storage_types(_: &Object<'_>, _: &Context<'_>) -> Result<Done, Refusal> {
    Ok(Done::Say(Writer::new().array("storages", STORAGES, |text, (name, storage)| {
        text.push_str(&Writer::new().string("name", name).boolean("token", is_token(storage)).end());
    })))
}

/// What a device is called in the original is not known. `terminal` is Java's word for a reader, so it is the readers'
/// names, and the storage's own for one that has none.
fn storage_devices(request: &Object<'_>, context: &Context<'_>) -> Result<Done, Refusal> {
    let (name, storage) = storage(request)?.ok_or_else(|| Refusal::input("storage is missing"))?;
    let readers = context.plugged.readers(storage, name);
    Ok(Done::Say(Writer::new().array("tokenTerminals", readers, writer::string)))
}

/// The first of several spellings that is there and not null.
fn member<'v, 'a>(request: &'v Object<'a>, spellings: &[&str]) -> Option<&'v Value<'a>> {
    spellings.iter().filter_map(|name| request.get(name)).find(|value| **value != Value::Null)
}

fn text<'v>(request: &'v Object<'_>, spellings: &[&str]) -> Result<Option<&'v str>, Refusal> {
    match member(request, spellings) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::input(format!("{} is not a string", spellings.first().unwrap_or(&"a member")))),
    }
}

/// The storage that is named, by the site's name or by NCALayer's.
fn storage(request: &Object<'_>) -> Result<Option<(&'static str, StorageName)>, Refusal> {
    let Some(name) = text(request, &["storage", "storageType", "storageName", "type"])? else { return Ok(None) };
    let known = STORAGES.into_iter().find(|(ours, storage)| *ours == name || storage.as_str() == name);
    known.map(Some).ok_or_else(|| Refusal::input("the storage is not known"))
}

/// Which keys fit, what the storage is called, and what the key is for.
fn filter(request: &Object<'_>, context: &Context<'_>) -> Result<(KeyFilter, &'static str, KeyUse), Refusal> {
    let (name, storage) = storage(request)?.unwrap_or(("PKCS12", StorageName::Pkcs12));
    if !context.can_open(storage) {
        return Err(Refusal::NoToken);
    }
    let path = match text(request, &["path", "storagePath", "filePath"])?.unwrap_or_default() {
        "" => String::new(),
        // A token has none. That a site may put here what it was told as a terminal is guessed, so anything else is no
        // reason to refuse: the person picks in our window.
        terminal if is_token(storage) && context.plugged.is_called(storage, terminal) => terminal.to_owned(),
        _ if is_token(storage) => String::new(),
        path => named::path(path).ok_or_else(|| Refusal::input("path is no path"))?,
    };
    let alias = text(request, &["alias", "keyAlias"])?.unwrap_or_default();
    if !named::is_alias(alias) {
        return Err(Refusal::input("alias is no alias"));
    }
    let serial_number = match text(request, &["serialNumber"])?.unwrap_or_default() {
        "" => None,
        // Twenty octets are the longest serial number (RFC 5280 §4.1.2.2): 40 digits, or 49 in decimal.
        number if number.len() > 49 || !number.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            return Err(Refusal::input("serialNumber is no decimal or hexadecimal number"));
        }
        number => Some(number.to_owned()),
    };
    let key_use = match text(request, &["keyUsage", "keyType"])?.unwrap_or_default() {
        "AUTH" | "AUTHENTICATION" | "auth" => KeyUse::Authentication,
        // The cabinet signs declarations.
        _ => KeyUse::Signature,
    };
    let kind = if is_token(storage) { PlaceKind::Slot } else { PlaceKind::File };
    let is_named = !path.is_empty() || !alias.is_empty();
    let filter = KeyFilter {
        storages: vec![storage],
        key_use: Some(key_use),
        serial_number,
        chain: Chain::Any,
        named: is_named.then(|| NamedKey { place: path, alias: alias.to_owned(), kind }),
        ..KeyFilter::default()
    };
    Ok((filter, name, key_use))
}

fn certificates(request: &Object<'_>, context: &Context<'_>) -> Result<Done, Refusal> {
    let (filter, storage, key_use) = filter(request, context)?;
    Ok(Done::Ask(Box::new(Task::ShowKey(filter)), Wanted::Certificates { storage, key_use }))
}

/// The XML as text. Its layout in the original is not known; without white space it survives every reader.
fn sign_document(request: &Object<'_>, context: &Context<'_>) -> Result<Done, Refusal> {
    let xml = text(request, &["xml", "xmlToSign", "data"])?.ok_or_else(|| Refusal::input("xml is missing"))?;
    let (filter, ..) = filter(request, context)?;
    let xml = document::text_document(xml, context.limits).map_err(|error| Refusal::input(format!("xml {error}")))?;
    let form = Form::Xml(Xml { layout: XmlLayout::Compact, signed: None, id_attribute: None, parent: None });
    let documents = vec![Document::Content(ByteBuf::from(xml))];
    let task = SignTask { documents, form, filter, delivery: Delivery::Page, logo: None };
    Ok(Done::Ask(Box::new(Task::Sign(task)), Wanted::SignedXml))
}

/// How an outcome is told.
#[derive(Debug)]
pub(crate) struct Shape {
    id: RequestId,
    wanted: Wanted,
}

#[derive(Debug)]
enum Wanted {
    Certificates { storage: &'static str, key_use: KeyUse },
    SignedXml,
}

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        let Self { id, wanted } = self;
        match (wanted, outcome) {
            (Wanted::Certificates { storage, key_use }, Outcome::KeyShown(key)) => {
                id.done(Writer::new().array("certificates", [key], |text, key| {
                    text.push_str(&certificate(key, storage, key_use));
                }))
            }
            (Wanted::SignedXml, Outcome::Signed(signed)) => match signed.signatures.as_slice() {
                [document] => match writer::utf8(document) {
                    Some(document) => id.done(Writer::with_room(document.len()).string("signedXml", document)),
                    None => id.error("SIGN_UNKNOWN_ERROR", "the signed document is no text"),
                },
                _ => id.error("SIGN_UNKNOWN_ERROR", "one signature was due"),
            },
            // How the original tells a cancel is not known; the text is that of its own family.
            (_, Outcome::Cancelled) => id.error("SIGN_UNKNOWN_ERROR", "action.canceled"),
            (_, Outcome::Failed(Failure { code: FailureCode::StorageEmpty, detail })) => {
                id.error("TOKEN_NOT_AVAILABLE", detail)
            }
            (_, Outcome::Failed(Failure { detail, .. })) => id.error("SIGN_UNKNOWN_ERROR", detail),
            _ => id.error("SIGN_UNKNOWN_ERROR", "the signer answered something else than was asked"),
        }
    }
}

/// The ten members that are known by name. The site takes the names apart itself; the spelling of times and of the
/// usage is not known from the original, and is that of others who answer this site.
fn certificate(key: &KeyInfo, storage: &str, key_use: KeyUse) -> String {
    let usage = match key_use {
        KeyUse::Signature => "sign",
        KeyUse::Authentication => "auth",
    };
    Writer::new()
        .string("alias", &key.alias)
        .string("serialNumber", &serial_number(&key.serial_number))
        .string("subjectCn", &key.subject_cn)
        .string("subjectDn", &key.subject_dn)
        .string("issuerCn", &key.issuer_cn)
        .string("issuerDn", &key.issuer_dn)
        .string("notBefore", &calendar::iso(key.not_before_ms))
        .string("notAfter", &calendar::iso(key.not_after_ms))
        .string("keyUsage", usage)
        .string("storageName", storage)
        .end()
}
