//! `kz.gov.pki.knca.commonUtils`: positional arguments, replies `{"responseObject":…,"code":"200"}` and
//! `{"code":"500","message":…}` (`ncalayer-protocol.md` 4).
//!
//! As in the original a method is found by its name and the number of its arguments, and `uuid` is repeated in what the
//! method itself answers, but not in what the lookup and the conversion of arguments complain about.

use crate::document;
use crate::envelope::{self, Ask, Context, Step, echo, is_token, json_complaint};
use crate::lenient_json::{Object, Value};
use crate::table::{self, Does, Listed, Method};
use crate::writer::{self, Writer};
use order::{
    Chain, Cms, Content, Delivery, Document, Failure, FailureCode, Form, KeyFilter, KeyInfo, KeyUse, Locale, Outcome,
    SignTask, StorageName, Task, TimeStamp,
};
use serde_bytes::ByteBuf;
use std::borrow::Cow;

pub(crate) const NAME: &str = "kz.gov.pki.knca.commonUtils";

/// With how many arguments, and what runs it.
type Call = (usize, Run);

type Run = fn(&Arguments<'_>, &mut Context<'_>) -> Result<Done, Refusal>;

const METHODS: [Method<Call>; 12] = [
    Method {
        name: "getActiveTokens",
        does: Does::All((0, get_active_tokens)),
        remark: "devices only, as in NCALayer; `[]` when none is plugged in",
    },
    Method {
        name: "getKeyInfo",
        does: Does::All((1, get_key_info)),
        remark: "all twelve members; `pem` has LF line ends, `serialNumber` is hexadecimal",
    },
    Method { name: "signXml", does: Does::Nothing, remark: "" },
    Method { name: "signXmls", does: Does::Nothing, remark: "" },
    Method {
        name: "createCAdESFromBase64",
        does: Does::Part((4, create_cades_from_base64)),
        remark: "a CMS given as the document is signed as a document; no signer is added to it",
    },
    Method { name: "createCAdESFromFile", does: Does::Nothing, remark: "" },
    Method {
        name: "createCAdESFromBase64Hash",
        does: Does::Nothing,
        remark: "`basics` `sign` with `digested` does it",
    },
    Method { name: "applyCAdEST", does: Does::Nothing, remark: "" },
    Method { name: "createCMSSignatureFromBase64", does: Does::Nothing, remark: "" },
    Method { name: "createCMSSignatureFromFile", does: Does::Nothing, remark: "" },
    Method { name: "showFileChooser", does: Does::Nothing, remark: "" },
    Method {
        name: "changeLocale",
        does: Does::All((1, change_locale)),
        remark: "`ru`, `kk`, `kz`, `en`; counts for this socket only",
    },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

/// How a method ended without a person.
enum Done {
    Nothing,
    Storages(Vec<StorageName>),
    Ask(Box<Task>),
}

enum Refusal {
    /// Java could not have called the method with these types.
    Mismatch,
    /// The method's own failure.
    Failed(Cow<'static, str>),
}

impl From<&'static str> for Refusal {
    fn from(message: &'static str) -> Self {
        Self::Failed(message.into())
    }
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    let name = match request.get("method") {
        Some(Value::String(name)) => name.as_ref(),
        other => return Step::Reply(failure(&json_complaint("method", other, "not a string."), None)),
    };
    // Java: `optJSONArray`, so anything but an array is no arguments.
    let args = match request.get("args") {
        Some(Value::Array(args)) => Arguments(args),
        _ => Arguments(&[]),
    };
    let found = table::find(&METHODS, name).filter(|(_, (arguments, _))| *arguments == args.0.len());
    let Some((method, (_, run))) = found else {
        return Step::Reply(failure(&format!("NoSuchMethodException {}", echo(name)), None));
    };
    let uuid = uuid(request);
    match run(&args, context) {
        Ok(Done::Nothing) => Step::Reply(success(uuid.as_deref()).end()),
        Ok(Done::Storages(storages)) => {
            let names = storages.into_iter().map(StorageName::as_str);
            let reply = Writer::new().array("responseObject", names, writer::string).string("code", "200");
            Step::Reply(with_uuid(reply, uuid.as_deref()).end())
        }
        Ok(Done::Ask(task)) => {
            let reply = envelope::Shape::CommonUtils(Shape { uuid }).into();
            Step::Ask(Box::new(Ask { task: *task, locale: *context.locale, module: NAME, method, reply }))
        }
        Err(Refusal::Failed(message)) => Step::Reply(failure(&message, uuid.as_deref())),
        Err(Refusal::Mismatch) => {
            let message = format!("java.lang.IllegalArgumentException: argument type mismatch. Method: {method}");
            Step::Reply(failure(&message, None))
        }
    }
}

/// A request's `uuid`, a number or a string; one longer than any real one is as if it were not there.
fn uuid(request: &Object<'_>) -> Option<String> {
    const LONGEST: usize = 1024;
    let uuid = match request.get("uuid")? {
        Value::String(uuid) => uuid.as_ref(),
        Value::Number(uuid) => uuid,
        _ => return None,
    };
    (!uuid.is_empty() && uuid.len() <= LONGEST).then(|| uuid.to_owned())
}

struct Arguments<'a>(&'a [Value<'a>]);

impl Arguments<'_> {
    fn text(&self, index: usize) -> Result<&str, Refusal> {
        match self.0.get(index) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(Refusal::Mismatch),
        }
    }

    /// A Java `boolean`; `"true"` and `"false"` too, which some callers send.
    fn boolean(&self, index: usize) -> Result<bool, Refusal> {
        match self.0.get(index) {
            Some(Value::Bool(value)) => Ok(*value),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(Refusal::Mismatch),
        }
    }
}

fn get_active_tokens(_: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    // Devices only: pages add PKCS12 to this list themselves, or take it when the list is empty.
    Ok(Done::Storages(context.tokens.iter().copied().filter(|storage| is_token(*storage)).collect()))
}

fn get_key_info(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    let storage = storage(args.text(0)?, context)?;
    Ok(Done::Ask(Box::new(Task::ShowKey(filter(storage, None)))))
}

fn create_cades_from_base64(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    let (name, key_type, data) = (args.text(0)?, args.text(1)?, args.text(2)?);
    let content = if args.boolean(3)? { Content::Attached } else { Content::Detached };
    let storage = storage(name, context)?;
    let bytes = document::base64_document(data, context.limits)
        .map_err(|error| Refusal::Failed(format!("the document {error}").into()))?;
    Ok(Done::Ask(Box::new(Task::Sign(SignTask {
        documents: vec![Document::Content(ByteBuf::from(bytes))],
        form: Form::Cms(Cms { content, time_stamp: TimeStamp::None }),
        filter: filter(storage, key_use(key_type)),
        delivery: Delivery::Page,
        logo: None,
    }))))
}

fn change_locale(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    // A language we do not speak changes nothing; the original's answer to one is not known.
    *context.locale = Locale::from_code(args.text(0)?).or(*context.locale);
    Ok(Done::Nothing)
}

/// The storage of this name, if something of its kind can be opened now.
fn storage(name: &str, context: &Context<'_>) -> Result<StorageName, Refusal> {
    if name.trim().is_empty() {
        return Err("storageName.param.empty".into());
    }
    match StorageName::from_name(name) {
        Some(storage) if context.can_open(storage) => Ok(storage),
        Some(storage) if is_token(storage) => Err("storage.empty".into()),
        _ => Err("storage.unknown".into()),
    }
}

/// Any other word lists both kinds of key (`ncalayer-protocol.md` 4.6).
fn key_use(name: &str) -> Option<KeyUse> {
    match name {
        "SIGNATURE" => Some(KeyUse::Signature),
        "AUTHENTICATION" => Some(KeyUse::Authentication),
        _ => None,
    }
}

fn filter(storage: StorageName, key_use: Option<KeyUse>) -> KeyFilter {
    // This module has no word for who issued the certificate: the site judges that itself.
    KeyFilter { storages: vec![storage], key_use, chain: Chain::Any, ..KeyFilter::default() }
}

/// How an outcome is told.
#[derive(Debug)]
pub(crate) struct Shape {
    uuid: Option<String>,
}

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        let uuid = self.uuid.as_deref();
        match outcome {
            Outcome::Signed(signed) => match signed.signatures.as_slice() {
                [signature] => {
                    let reply = Writer::with_room(signature.len() / 3 * 4).base64("responseObject", signature);
                    with_uuid(reply.string("code", "200"), uuid).end()
                }
                _ => failure("one signature was due", uuid),
            },
            Outcome::KeyShown(key) => with_uuid(key_shown(key).string("code", "200"), uuid).end(),
            Outcome::Cancelled => failure("action.canceled", uuid),
            Outcome::Failed(Failure { code: FailureCode::StorageEmpty, .. }) => failure("storage.empty", uuid),
            Outcome::Failed(Failure { detail, .. }) => failure(detail, uuid),
            _ => failure("the signer answered something else than was asked", uuid),
        }
    }
}

/// `code` is a string, and there is no `message`: a .NET client takes any `message` for a failure.
fn success(uuid: Option<&str>) -> Writer {
    with_uuid(Writer::new().string("code", "200"), uuid)
}

/// Without a text there is no `message` at all, as the original answers an exception that has none.
fn failure(message: &str, uuid: Option<&str>) -> String {
    let reply = Writer::new().string("code", "500");
    let reply = if message.is_empty() { reply } else { reply.string("message", message) };
    with_uuid(reply, uuid).end()
}

fn with_uuid(reply: Writer, uuid: Option<&str>) -> Writer {
    match uuid {
        Some(uuid) => reply.string("uuid", uuid),
        None => reply,
    }
}

/// The twelve members of `getKeyInfo`, all of them always there (`ncalayer-protocol.md` 4.11).
fn key_shown(key: &KeyInfo) -> Writer {
    Writer::with_room(writer::pem_length(key.certificate.len()) + 1024)
        .open("responseObject")
        .string("alias", &key.alias)
        .string("keyId", &hex(&key.key_id).to_ascii_uppercase())
        .string("algorithm", &key.algorithm)
        .string("subjectCn", &key.subject_cn)
        .string("subjectDn", &key.subject_dn)
        .string("issuerCn", &key.issuer_cn)
        .string("issuerDn", &key.issuer_dn)
        .string("serialNumber", &serial_number(&key.serial_number))
        .string("certNotBefore", &key.not_before_ms.to_string())
        .string("certNotAfter", &key.not_after_ms.to_string())
        .string("authorityKeyIdentifier", &hex(&key.authority_key_id))
        .pem("pem", "CERTIFICATE", &key.certificate)
        .close()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// As Java's `BigInteger.toString(16)`: lower case, no leading zeros. The original's radix is not known; of those who
/// worked against the live program, two write hexadecimal.
fn serial_number(octets: &[u8]) -> String {
    let digits = hex(octets);
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() { "0".to_owned() } else { significant.to_owned() }
}
