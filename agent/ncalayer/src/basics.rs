//! `kz.gov.pki.knca.basics`: named arguments, replies `{"body":{"result":[…]},"status":true}` and
//! `{"code","details","message","status":false}` (`ncalayer-protocol.md` 5).
//!
//! One method matters: `sign`. What `org.json` or the invoker complain about is complained about in their words,
//! because recorded replies have them and pages show them. `generateCsr` and `importCertificate` stand in [`keys`].

use crate::document::{self, DocumentError, Limits};
use crate::envelope::{self, Ask, Context, Step, echo, json_complaint};
use crate::lenient_json::{Object, Value};
use crate::table::{self, Does, Listed, Method};
use crate::writer::{self, Writer};
use order::{
    Chain, Cms, Content, Delivery, Document, Failure, FailureCode, Form, KeyFilter, Locale, Outcome, SignTask, Signed,
    StorageName, Task, TimeStamp, Xml, XmlLayout,
};
use serde_bytes::ByteBuf;

pub(crate) const NAME: &str = "kz.gov.pki.knca.basics";

const SOMETHING_ELSE: &str = "the signer answered something else than was asked";

mod keys;

type Run = fn(&Object<'_>, &Context<'_>) -> Result<Called, Refusal>;

const METHODS: [Method<Run>; 3] = [
    Method {
        name: "sign",
        does: Does::All(sign),
        remark: "cms (CAdES-BES, CAdES-T with tsaProfile), xml, raw; see below",
    },
    Method {
        name: "generateCsr",
        does: Does::Chosen(keys::generate_csr),
        remark: "the original's arguments are not known; ours are below",
    },
    Method {
        name: "importCertificate",
        does: Does::Chosen(keys::import_certificate),
        remark: "the original's arguments are not known; ours are below",
    },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

/// The failures of the original (`CommonFailure` and the bundle's own), as far as this version has a use for them.
#[derive(Clone, Copy)]
enum Code {
    /// The call does not fit the invoker.
    General,
    /// An argument is missing or of another type.
    Invocation,
    /// The arguments have the right types and ask for what cannot be.
    InvalidSigningParams,
    /// It could be done, but not by this version or not now.
    SigningFailure,
    /// No key was made.
    CsrFailure,
    /// What was to be installed is no certificate, or belongs to no key that waits for one.
    InvalidCertificate,
    /// The certificate could not be installed.
    ImportFailure,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::General => "GENERAL_ERROR",
            Self::Invocation => "INVOCATION_ERROR",
            Self::InvalidSigningParams => "INVALID_SIGNING_PARAMS",
            Self::SigningFailure => "SIGNING_FAILURE",
            Self::CsrFailure => "CSR_GENERATING_FAILURE",
            Self::InvalidCertificate => "INVALID_IMPORTING_CERTIFICATE",
            Self::ImportFailure => "CERTIFICATE_IMPORTING_FAILURE",
        }
    }

    /// The first two are the original's; the texts of the others are not known, these are ours.
    fn message(self) -> &'static str {
        match self {
            Self::General => "General error.",
            Self::Invocation => "An invoked method threw an exception.",
            Self::InvalidSigningParams => "Invalid signing parameters.",
            Self::SigningFailure => "Signing failed.",
            Self::CsrFailure => "Generating a certificate request failed.",
            Self::InvalidCertificate => "Invalid certificate.",
            Self::ImportFailure => "Importing a certificate failed.",
        }
    }
}

struct Refusal {
    code: Code,
    details: String,
}

impl Refusal {
    fn illegal_argument(details: &str) -> Self {
        Self { code: Code::General, details: format!("java.lang.IllegalArgumentException: {details}") }
    }

    fn params(details: impl Into<String>) -> Self {
        Self { code: Code::InvalidSigningParams, details: details.into() }
    }

    fn document(what: &str, error: DocumentError) -> Self {
        Self::params(format!("{what} {error}"))
    }

    fn json(complaint: &str) -> Self {
        Self { code: Code::Invocation, details: format!("org.json.JSONException: {complaint}") }
    }

    fn answer(&self) -> String {
        failure(self.code, &self.details)
    }
}

fn failure(code: Code, details: &str) -> String {
    let reply = Writer::new().string("code", code.as_str());
    let reply = if details.is_empty() { reply } else { reply.string("details", details) };
    reply.string("message", code.message()).boolean("status", false).end()
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    match invoke(request, context) {
        Ok((method, Called { task, locale, shape })) => {
            let reply = envelope::Shape::Basics(shape).into();
            let locale = locale.or(*context.locale);
            Step::Ask(Box::new(Ask { task, locale, module: NAME, method, reply }))
        }
        Err(refusal) => context.refuse(refusal.answer()),
    }
}

/// The invoker of the original. `class` is not looked at: the one class here has every method.
fn invoke(request: &Object<'_>, context: &Context<'_>) -> Result<(&'static str, Called), Refusal> {
    let name = match request.get("method") {
        Some(Value::String(name)) => name.as_ref(),
        other => {
            let complaint = json_complaint("method", other, "not a string.");
            return Err(Refusal { code: Code::General, ..Refusal::json(&complaint) });
        }
    };
    // Java: `optInt("apiVersion", 2)`.
    let version = match request.get("apiVersion") {
        Some(Value::Number(digits)) => digits.parse::<f64>().unwrap_or(2.0),
        Some(Value::String(digits)) => digits.parse::<f64>().unwrap_or(2.0),
        _ => 2.0,
    };
    if version.trunc() != 2.0 {
        return Err(Refusal::illegal_argument("Supported apiVersion is 2"));
    }
    let Some((method, run)) = table::find(&METHODS, name) else {
        return Err(Refusal::illegal_argument(&format!("{} is not defined in Basics", echo(name))));
    };
    let Some(Value::Object(args)) = request.get("args") else {
        return Err(Refusal::illegal_argument(&format!("{method} demands arguments")));
    };
    Ok((method, run(args, context)?))
}

/// What a call asks for, and how it is answered.
struct Called {
    task: Task,
    locale: Option<Locale>,
    shape: Shape,
}

/// `sign`: what is asked is checked whole, and documents are decoded last, when nothing else can fail.
fn sign(args: &Object<'_>, context: &Context<'_>) -> Result<Called, Refusal> {
    let storages = storages(args.get("allowedStorages"), Code::SigningFailure, context)?;
    let format = string(args, "format")?;
    let data = data(args)?;
    let params = Params::read(object(args, "signingParams")?);
    let filter = KeyFilter {
        storages,
        allow_expired: params.allow_expired,
        allow_revoked: params.allow_revoked,
        ..signer_params(object(args, "signerParams")?)?
    };
    let (form, due) = match format {
        "cms" => (params.cms(), Due::Cms),
        // `encapsulate` and `tsaProfile` have no place in these two; a page that sends one set of parameters with every
        // format is not refused for it. The original's answer to them is not known.
        "xml" => {
            (Form::Xml(Xml { layout: XmlLayout::Compact, signed: None, id_attribute: None, parent: None }), Due::Xml)
        }
        "raw" => (Form::Raw, if params.output_cert { Due::RawWithCertificate } else { Due::Raw }),
        _ => return Err(Refusal::params("format is none of cms, xml, raw")),
    };
    let kind = match form {
        // A digest is no XML document, so `digested` means nothing here either.
        Form::Xml(_) => Document::Content,
        Form::Cms(_) | Form::Raw => params.kind,
    };
    let logo = logo(args.get("logo"));
    let documents = documents(&data, params.decode, kind, context)?;
    let shape = Shape::Signing { documents: documents.len(), due };
    let task = Task::Sign(SignTask { documents, form, filter, delivery: Delivery::Page, logo });
    Ok(Called { task, locale: locale(args), shape })
}

/// The language of the window, where the page wants one that is known.
fn locale(args: &Object<'_>) -> Option<Locale> {
    match args.get("locale") {
        Some(Value::String(code)) => Locale::from_code(code),
        _ => None,
    }
}

/// `logo`: a PNG file as base64. Anything else is no reason to refuse a signature, so it is as if it were not there.
fn logo(value: Option<&Value<'_>>) -> Option<ByteBuf> {
    /// In characters, as the original's documentation has it.
    const LONGEST: usize = 50_000;
    let Some(Value::String(text)) = value else { return None };
    if text.len() > LONGEST {
        return None;
    }
    let octets = document::base64_document(text, &Limits { document: LONGEST, documents: 1 }).ok()?;
    document::looks_like_png(&octets).then(|| ByteBuf::from(octets))
}

/// Wraps the decoded octets: a document, or the digest of one.
type Kind = fn(ByteBuf) -> Document;

/// `signingParams`.
struct Params {
    decode: bool,
    content: Content,
    kind: Kind,
    time_stamp: TimeStamp,
    output_cert: bool,
    allow_expired: bool,
    allow_revoked: bool,
}

impl Params {
    fn read(params: &Object<'_>) -> Self {
        let digested = flag(params, "digested", false);
        // A digest has no content that could travel inside.
        let attached = flag(params, "encapsulate", true) && !digested;
        // Any object, empty today, asks for one; nothing else does.
        let stamped = matches!(params.get("tsaProfile"), Some(Value::Object(_)));
        Self {
            decode: flag(params, "decode", false),
            content: if attached { Content::Attached } else { Content::Detached },
            kind: if digested { Document::Digest } else { Document::Content },
            time_stamp: if stamped { TimeStamp::Signature } else { TimeStamp::None },
            output_cert: flag(params, "outputCert", false),
            allow_expired: flag(params, "allowExpired", false),
            allow_revoked: flag(params, "allowRevoked", false),
        }
    }

    fn cms(&self) -> Form {
        Form::Cms(Cms { content: self.content, time_stamp: self.time_stamp })
    }
}

/// `org.json`'s `optBoolean`: anything else is the default.
fn flag(params: &Object<'_>, name: &str, default: bool) -> bool {
    params.get(name).and_then(Value::java_boolean).unwrap_or(default)
}

/// `data`: one string, or an array of them.
fn data<'v>(args: &'v Object<'_>) -> Result<Vec<&'v str>, Refusal> {
    match args.get("data") {
        Some(Value::String(text)) => Ok(vec![text]),
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Value::String(text) => Ok(text.as_ref()),
                _ => Err(Refusal::json(&format!("JSONArray[{index}] not a string."))),
            })
            .collect(),
        other => Err(Refusal::json(&json_complaint("data", other, "not a string."))),
    }
}

/// A finished CMS among them is a document like any other: that a signer is added to one is known of commonUtils only.
fn documents(data: &[&str], decoded: bool, kind: Kind, context: &Context<'_>) -> Result<Vec<Document>, Refusal> {
    if data.is_empty() {
        return Err(Refusal::params("data is an empty array: there is nothing to sign"));
    }
    if data.len() > context.limits.documents {
        return Err(Refusal::params(format!("data has more than {} documents", context.limits.documents)));
    }
    let decode = if decoded { document::base64_document } else { document::text_document };
    data.iter()
        .enumerate()
        .map(|(index, text)| {
            let what = if data.len() == 1 { "data".to_owned() } else { format!("data[{index}]") };
            let bytes = decode(text, context.limits).map_err(|error| Refusal::document(&what, error))?;
            Ok(kind(ByteBuf::from(bytes)))
        })
        .collect()
}

/// `allowedStorages`: null, absent, `[]` and `""` mean any; one string may hold several names (`ncalayer-protocol.md`
/// 3.4). Names that are not known are left out beside known ones, as storages that this machine does not have; `none_here`
/// is said where none of them is here.
fn storages(allowed: Option<&Value<'_>>, none_here: Code, context: &Context<'_>) -> Result<Vec<StorageName>, Refusal> {
    let names: Vec<&str> = match allowed {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::String(names)) => names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Value::String(name) => Ok(name.as_ref()),
                _ => Err(Refusal::json(&format!("JSONArray[{index}] not a string."))),
            })
            .collect::<Result<_, _>>()?,
        other => return Err(Refusal::json(&json_complaint("allowedStorages", other, "is not a JSONArray."))),
    };
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut known: Vec<StorageName> = names.into_iter().filter_map(StorageName::from_name).collect();
    known.sort_by_key(|storage| StorageName::ALL.iter().position(|known| known == storage));
    known.dedup();
    if known.is_empty() {
        return Err(Refusal::params("allowedStorages has no name that is known"));
    }
    if !known.iter().any(|storage| context.can_open(*storage)) {
        return Err(Refusal {
            code: none_here,
            details: "none of allowedStorages is on this computer: no token is plugged in".to_owned(),
        });
    }
    Ok(known)
}

/// `signerParams`: which certificates fit.
fn signer_params(params: &Object<'_>) -> Result<KeyFilter, Refusal> {
    let digits = |name: &str| match filter_text(params, name)? {
        Some(number) if number.len() != 12 || !number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Refusal::params(format!("{name} is not twelve digits")))
        }
        number => Ok(number),
    };
    Ok(KeyFilter {
        extended_key_usage: extended_key_usage(params)?,
        iin: digits("iin")?,
        bin: digits("bin")?,
        serial_number: match filter_text(params, "serialNumber")? {
            // Twenty octets are the longest serial number (RFC 5280 §4.1.2.2): 40 digits, or 49 in decimal.
            Some(number) if number.len() > 49 || !number.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                return Err(Refusal::params("serialNumber is no decimal or hexadecimal number"));
            }
            number => number,
        },
        chain: match params.get("chain") {
            None | Some(Value::Null) => Chain::Nca,
            Some(Value::Array(issuers)) if issuers.is_empty() => Chain::Any,
            Some(Value::Array(issuers)) => Chain::These(authorities(issuers)?),
            other => return Err(Refusal::json(&json_complaint("chain", other, "is not a JSONArray."))),
        },
        ..KeyFilter::default()
    })
}

/// The certificates of `chain` as texts; what is in them is the signer's to read.
fn authorities(listed: &[Value<'_>]) -> Result<Vec<String>, Refusal> {
    if listed.len() > Chain::MOST {
        return Err(Refusal::params(format!("chain has more than {} items", Chain::MOST)));
    }
    let text = |(place, one): (usize, &Value<'_>)| match one {
        Value::String(text) if text.len() <= Chain::LONGEST => Ok(text.to_string()),
        Value::String(_) => Err(Refusal::params(format!("chain[{place}] is too long for a certificate"))),
        other => Err(Refusal::json(&json_complaint(&format!("chain[{place}]"), Some(other), "is not a string."))),
    };
    listed.iter().enumerate().map(text).collect()
}

/// Every identifier that is listed must be in the certificate.
fn extended_key_usage(params: &Object<'_>) -> Result<Vec<String>, Refusal> {
    /// More than any page has a use for; a certificate has two or three.
    const MOST: usize = 64;
    const LONGEST: usize = 128;
    let oids = match params.get("extKeyUsageOids") {
        Some(Value::Array(oids)) => oids,
        other => return Err(Refusal::json(&json_complaint("extKeyUsageOids", other, "is not a JSONArray."))),
    };
    if oids.len() > MOST {
        return Err(Refusal::params(format!("extKeyUsageOids has more than {MOST} items")));
    }
    oids.iter()
        .enumerate()
        .map(|(index, oid)| match oid {
            Value::String(oid) if oid.len() <= LONGEST && is_dotted(oid) => Ok(oid.as_ref().to_owned()),
            Value::String(_) => Err(Refusal::params(format!("extKeyUsageOids[{index}] is no object identifier"))),
            _ => Err(Refusal::json(&format!("JSONArray[{index}] not a string."))),
        })
        .collect()
}

fn is_dotted(oid: &str) -> bool {
    oid.contains('.') && oid.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A filter that may be missing, null or empty, all of which filter nothing.
fn filter_text(params: &Object<'_>, name: &str) -> Result<Option<String>, Refusal> {
    let text = match params.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim(),
        Some(Value::Number(digits)) => digits,
        other => return Err(Refusal::json(&json_complaint(name, other, "not a string."))),
    };
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn string<'v>(args: &'v Object<'_>, name: &str) -> Result<&'v str, Refusal> {
    match args.get(name) {
        Some(Value::String(text)) => Ok(text),
        other => Err(Refusal::json(&json_complaint(name, other, "not a string."))),
    }
}

fn object<'v, 'a>(args: &'v Object<'a>, name: &str) -> Result<&'v Object<'a>, Refusal> {
    match args.get(name) {
        Some(Value::Object(object)) => Ok(object),
        other => Err(Refusal::json(&json_complaint(name, other, "is not a JSONObject."))),
    }
}

/// How an outcome is told.
#[derive(Debug)]
pub(crate) enum Shape {
    /// `sign`, of so many documents.
    Signing { documents: usize, due: Due },
    /// `generateCsr`.
    Request,
    /// `importCertificate`.
    Import,
}

/// What `result` holds: an array for one document too, since October 2024.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Due {
    /// PEM.
    Cms,
    /// XML documents.
    Xml,
    /// Bare values as base64. Not recorded; an array because everything else is one.
    Raw,
    /// An object of such an array and the certificate (`outputCert`).
    RawWithCertificate,
}

impl Due {
    fn reply(self, signed: &Signed) -> Option<Writer> {
        let signatures = &signed.signatures;
        let value = |text: &mut String, signature: &ByteBuf| writer::base64(text, signature);
        Some(match self {
            Self::Cms => {
                let room = signatures.iter().map(|signature| writer::pem_length(signature.len())).sum();
                Writer::with_room(room)
                    .open("body")
                    .array("result", signatures, |text, signature| writer::pem(text, "CMS", signature))
            }
            Self::Xml => {
                let (documents, room) = writer::utf8_all(signatures)?;
                Writer::with_room(room).open("body").array("result", documents, writer::string)
            }
            Self::Raw => Writer::new().open("body").array("result", signatures, value),
            Self::RawWithCertificate if signed.key.certificate.is_empty() => return None,
            Self::RawWithCertificate => Writer::new()
                .open("body")
                .open("result")
                .array("signatures", signatures, value)
                .pem("certificate", "CERTIFICATE", &signed.key.certificate)
                .close(),
        })
    }
}

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        match (self, outcome) {
            (Self::Signing { documents, due }, Outcome::Signed(signed)) if signed.signatures.len() == documents => {
                match due.reply(signed) {
                    Some(body) => body.close().boolean("status", true).end(),
                    None => failure(Code::General, SOMETHING_ELSE),
                }
            }
            (Self::Request, Outcome::Requested(requested)) => keys::requested(requested),
            (Self::Import, Outcome::Imported(key)) if !key.certificate.is_empty() => keys::imported(key),
            (_, Outcome::Cancelled) => Writer::new().open("body").close().boolean("status", true).end(),
            (shape, Outcome::Failed(Failure { code, detail })) => failure(shape.code(*code), detail),
            _ => failure(Code::General, SOMETHING_ELSE),
        }
    }

    fn code(&self, failure: FailureCode) -> Code {
        match (failure, self) {
            (FailureCode::SignerUnavailable | FailureCode::TooManyRequests, _) => Code::General,
            (
                FailureCode::InvalidRequest
                | FailureCode::TooLarge
                | FailureCode::Malformed
                | FailureCode::InvalidCertificate,
                Self::Signing { .. },
            ) => Code::InvalidSigningParams,
            (
                FailureCode::Signing | FailureCode::StorageEmpty | FailureCode::FileUnreadable | FailureCode::Service,
                Self::Signing { .. },
            ) => Code::SigningFailure,
            (_, Self::Request) => Code::CsrFailure,
            (FailureCode::InvalidCertificate, Self::Import) => Code::InvalidCertificate,
            (_, Self::Import) => Code::ImportFailure,
        }
    }
}
