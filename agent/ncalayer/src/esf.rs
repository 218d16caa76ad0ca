//! `com.osdkz.esf.signer.esfSigner`, the module of electronic invoices (`ncalayer-protocol.md` 8.3).
//!
//! Its arguments are members of the request itself. A bare signature value over the text's UTF-8 comes back with the
//! certificate. Failures are those of `commonUtils`.

use crate::common_reply::{self, Refusal, failure};
use crate::document;
use crate::envelope::{self, Ask, Context, Step, json_complaint};
use crate::key_info;
use crate::lenient_json::{Object, Value};
use crate::table::{self, Does, Listed, Method};
use crate::writer::Writer;
use order::{Chain, Delivery, Document, Form, KeyFilter, Outcome, SignTask, Signed, StorageName, Task};
use serde_bytes::ByteBuf;

pub(crate) const NAME: &str = "com.osdkz.esf.signer.esfSigner";

/// The texts to sign, and the shape of the reply.
type Run = fn(&Object<'_>, &Context<'_>) -> Result<(Vec<Document>, Shape), Refusal>;

const METHODS: [Method<Run>; 3] = [
    Method { name: "signPlainData", does: Does::All(one), remark: "the bare signature value over the UTF-8 of `data`" },
    Method { name: "signPlainDataMap", does: Does::Chosen(several), remark: "`signature` has the names of `data`" },
    Method { name: "auth", does: Does::Chosen(one), remark: "as `signPlainData`, over the `data` that is given" },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    match read(request, context) {
        Ok((method, task, shape)) => Step::Ask(Box::new(Ask {
            task: Task::Sign(task),
            locale: *context.locale,
            module: NAME,
            method,
            reply: envelope::Shape::Esf(shape).into(),
        })),
        Err(message) => context.refuse(failure(&message)),
    }
}

fn read(request: &Object<'_>, context: &Context<'_>) -> Result<(&'static str, SignTask, Shape), Refusal> {
    let name = string(request, "method")?;
    let (method, run) = table::find(&METHODS, name).ok_or_else(|| common_reply::no_such_method(name))?;
    let storage: StorageName = common_reply::storage(string(request, "storageName")?, context)?;
    let (documents, shape) = run(request, context)?;
    // The module has no word for who issued the certificate, nor for what the key is.
    let filter = KeyFilter { storages: vec![storage], chain: Chain::Any, ..KeyFilter::default() };
    let task = SignTask { documents, form: Form::Raw, filter, delivery: Delivery::Page, logo: None };
    Ok((method, task, shape))
}

fn string<'v>(request: &'v Object<'_>, name: &str) -> Result<&'v str, Refusal> {
    match request.get(name) {
        Some(Value::String(text)) => Ok(text),
        other => Err(json_complaint(name, other, "not a string.").into()),
    }
}

fn text(text: &str, context: &Context<'_>) -> Result<Document, Refusal> {
    let document = document::text_document(text, context.limits).map_err(|error| format!("data {error}"))?;
    Ok(Document::Content(ByteBuf::from(document)))
}

fn one(request: &Object<'_>, context: &Context<'_>) -> Result<(Vec<Document>, Shape), Refusal> {
    Ok((vec![text(string(request, "data")?, context)?], Shape::One))
}

fn several(request: &Object<'_>, context: &Context<'_>) -> Result<(Vec<Document>, Shape), Refusal> {
    let Some(Value::Object(texts)) = request.get("data") else {
        return Err(json_complaint("data", request.get("data"), "is not a JSONObject.").into());
    };
    if texts.is_empty() {
        return Err("data is empty: there is nothing to sign".into());
    }
    if texts.members().len() > context.limits.documents {
        return Err(format!("data has more than {} texts", context.limits.documents).into());
    }
    let documents = texts.members().map(|(_, value)| match value {
        Value::String(value) => text(value, context),
        _ => Err("a text of data is not a string".into()),
    });
    Ok((documents.collect::<Result<_, _>>()?, Shape::Named(texts.members().map(|(name, _)| name.to_owned()).collect())))
}

/// How an outcome is told.
#[derive(Debug)]
pub(crate) enum Shape {
    One,
    /// Under the names that the texts had.
    Named(Vec<String>),
}

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        let Outcome::Signed(signed) = outcome else { return common_reply::not_done(outcome) };
        match (self, signed.signatures.as_slice()) {
            (Self::One, [signature]) => success(signed, |reply| reply.base64("signature", signature)),
            (Self::Named(names), signatures) if names.len() == signatures.len() => success(signed, |reply| {
                let named = names.iter().zip(signatures);
                named.fold(reply.open("signature"), |reply, (name, one)| reply.base64(name, one)).close()
            }),
            _ => failure("a signature for each text was due"),
        }
    }
}

/// `message` is there and null. The algorithm is that of the signature, where `getKeyInfo` has the key's.
fn success(signed: &Signed, signature: impl FnOnce(Writer) -> Writer) -> String {
    let key = &signed.key;
    let reply = common_reply::success().raw("message", "null").open("responseObject");
    let reply = signature(reply).pem("pem", "CERTIFICATE", &key.certificate).open("keyInfo");
    key_info::members(reply, key, key_info::signature_algorithm(&key.algorithm)).close().close().end()
}
