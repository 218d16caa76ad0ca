//! `NURSign`, the module of goszakup.gov.kz (`ncalayer-protocol.md` 8.1): one `type` for each thing to sign, replies
//! `{"result":…,"errorCode":"NONE"}` and `{"errorCode":N}`, where the page compares the number strictly.
//!
//! Signatures are CAdES-T. Whether the original attaches the document is not known: a text is attached, because whoever
//! verifies it against the text of his own can do that too; a file that the site itself keeps is not sent back to it.

use crate::document::{self, DocumentError};
use crate::envelope::{self, Ask, Context, Step};
use crate::lenient_json::{Object, Value};
use crate::named;
use crate::table::{self, Does, Listed, Method};
use crate::writer::{self, Writer};
use order::{
    Chain, Cms, Content, Delivery, Document, Failure, FailureCode, Form, KeyFilter, Outcome, SignTask, Task, TimeStamp,
    Xml, XmlLayout,
};
use serde_bytes::ByteBuf;

pub(crate) const NAME: &str = "NURSign";

/// Older pages of goszakup accept this version only.
const VERSION: &str = "1.0.0";

type Run = fn(&Object<'_>, &Context<'_>) -> Result<Done, Code>;

const METHODS: [Method<Run>; 7] = [
    Method { name: "version", does: Does::All(version), remark: "always `1.0.0`" },
    Method { name: "text", does: Does::Chosen(text), remark: "CAdES-T, attached" },
    Method { name: "binary", does: Does::Chosen(binary), remark: "`upload_url`: `https` only; CAdES-T, detached" },
    Method { name: "xml", does: Does::All(xml), remark: "without white space in the signature" },
    Method {
        name: "multitext",
        does: Does::Chosen(multitext),
        remark: "an object or an array; `result.items` has its names",
    },
    Method { name: "multixml", does: Does::All(multixml), remark: "an array" },
    Method {
        name: "file",
        does: Does::Chosen(file),
        remark: "the person chooses the file; `url_upload`: `https` only; CAdES-T, detached",
    },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

/// The numbers of the page's own table of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Cancelled = 1,
    TooLarge = 2,
    Upload = 3,
    NothingToSign = 4,
    Other = 6,
    Certificate = 8,
    Xml = 9,
    Signing = 10,
    Receiving = 11,
    Building = 13,
    BadAddress = 14,
    FileNotFound = 15,
}

impl From<DocumentError> for Code {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Empty => Self::NothingToSign,
            DocumentError::TooLarge { .. } => Self::TooLarge,
            _ => Self::Other,
        }
    }
}

/// `file` is the one type whose replies are looked at for `error_code`; there both names have the number.
fn failure(code: Code, kind: &str) -> String {
    let number = code as i64;
    let reply = Writer::new().number("errorCode", number);
    if kind == "file" { reply.number("error_code", number).end() } else { reply.end() }
}

enum Done {
    Say(String),
    Ask(Box<SignTask>, Shape),
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    let found = match request.get("type") {
        Some(Value::String(name)) => table::find(&METHODS, name),
        _ => None,
    };
    let Some((method, run)) = found else {
        return context.refuse(failure(Code::Other, ""));
    };
    match run(request, context) {
        Ok(Done::Say(reply)) => Step::Reply(reply),
        Ok(Done::Ask(task, shape)) => Step::Ask(Box::new(Ask {
            task: Task::Sign(*task),
            locale: *context.locale,
            module: NAME,
            method,
            reply: envelope::Shape::NurSign(shape).into(),
        })),
        Err(code) => context.refuse(failure(code, method)),
    }
}

fn version(_: &Object<'_>, _: &Context<'_>) -> Result<Done, Code> {
    let reply = Writer::new().open("result").string("version", VERSION).close().string("errorCode", "NONE");
    Ok(Done::Say(reply.end()))
}

fn sign(documents: Vec<Document>, form: Form, delivery: Delivery, shape: Shape) -> Done {
    // The page has no word for keys at all; the site looks at the certificate itself.
    let filter = KeyFilter { chain: Chain::Any, ..KeyFilter::default() };
    Done::Ask(Box::new(SignTask { documents, form, filter, delivery, logo: None }), shape)
}

fn cms(content: Content) -> Form {
    Form::Cms(Cms { content, time_stamp: TimeStamp::Signature })
}

/// The site reads the certificate's text from the XML and sends it on as it is: so without line ends in it.
fn compact_xml() -> Form {
    Form::Xml(Xml { layout: XmlLayout::Compact, signed: None, id_attribute: None, parent: None })
}

fn one<'v>(value: Option<&'v Value<'_>>) -> Result<&'v str, Code> {
    match value {
        Some(Value::String(text)) => Ok(text),
        None | Some(Value::Null) => Err(Code::NothingToSign),
        Some(_) => Err(Code::Other),
    }
}

fn read(text: &str, context: &Context<'_>) -> Result<Document, Code> {
    Ok(Document::Content(ByteBuf::from(document::text_document(text, context.limits)?)))
}

fn several<'v>(
    values: impl ExactSizeIterator<Item = &'v Value<'v>>,
    context: &Context<'_>,
) -> Result<Vec<Document>, Code> {
    if values.len() == 0 {
        return Err(Code::NothingToSign);
    }
    if values.len() > context.limits.documents {
        return Err(Code::TooLarge);
    }
    values.map(|value| read(one(Some(value))?, context)).collect()
}

fn text(request: &Object<'_>, context: &Context<'_>) -> Result<Done, Code> {
    let document = read(one(request.get("data"))?, context)?;
    Ok(sign(vec![document], cms(Content::Attached), Delivery::Page, Shape::Signature))
}

fn xml(request: &Object<'_>, context: &Context<'_>) -> Result<Done, Code> {
    let document = read(one(request.get("data"))?, context)?;
    Ok(sign(vec![document], compact_xml(), Delivery::Page, Shape::Xml))
}

fn multitext(request: &Object<'_>, context: &Context<'_>) -> Result<Done, Code> {
    let (names, documents) = match request.get("data") {
        Some(Value::Object(texts)) => (
            texts.members().map(|(name, _)| name.to_owned()).collect(),
            several(texts.members().map(|(_, text)| text), context)?,
        ),
        Some(Value::Array(texts)) => {
            ((0..texts.len()).map(|place| place.to_string()).collect(), several(texts.iter(), context)?)
        }
        None | Some(Value::Null) => return Err(Code::NothingToSign),
        Some(_) => return Err(Code::Other),
    };
    Ok(sign(documents, cms(Content::Attached), Delivery::Page, Shape::Named(names)))
}

fn multixml(request: &Object<'_>, context: &Context<'_>) -> Result<Done, Code> {
    let documents = match request.get("data") {
        Some(Value::Array(texts)) => several(texts.iter(), context)?,
        None | Some(Value::Null) => return Err(Code::NothingToSign),
        Some(_) => return Err(Code::Other),
    };
    let shape = Shape::Xmls(documents.len());
    Ok(sign(documents, compact_xml(), Delivery::Page, shape))
}

fn address(request: &Object<'_>, name: &str) -> Result<String, Code> {
    match request.get(name) {
        Some(Value::String(text)) => named::site_address(text).ok_or(Code::BadAddress),
        _ => Err(Code::BadAddress),
    }
}

fn binary(request: &Object<'_>, _: &Context<'_>) -> Result<Done, Code> {
    let document = Document::Remote(address(request, "upload_url")?);
    Ok(sign(vec![document], cms(Content::Detached), Delivery::Page, Shape::Fetched))
}

fn file(request: &Object<'_>, _: &Context<'_>) -> Result<Done, Code> {
    /// Longer than any session's token; it goes into a form field.
    const LONGEST_TOKEN: usize = 4096;
    let url = address(request, "url_upload")?;
    let token = match request.get("token") {
        None | Some(Value::Null) => "",
        Some(Value::String(token)) => token.as_ref(),
        Some(Value::Number(token)) => token,
        Some(_) => return Err(Code::Other),
    };
    if token.len() > LONGEST_TOKEN || token.contains(char::is_control) {
        return Err(Code::Other);
    }
    let delivery = Delivery::Upload { url, token: token.to_owned() };
    Ok(sign(vec![Document::Chosen], cms(Content::Detached), delivery, Shape::Uploaded))
}

/// How an outcome is told.
#[derive(Debug)]
pub(crate) enum Shape {
    /// One CMS.
    Signature,
    /// One CMS of a file that was fetched.
    Fetched,
    /// One XML document.
    Xml,
    /// So many XML documents.
    Xmls(usize),
    /// CMS under these names.
    Named(Vec<String>),
    /// What the site said.
    Uploaded,
}

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        let signed = match outcome {
            Outcome::Signed(signed) => signed,
            Outcome::Cancelled => return self.failure(Code::Cancelled),
            Outcome::Failed(Failure { code, .. }) => return self.failure(self.code(*code)),
            _ => return self.failure(Code::Other),
        };
        let reply = match (&self, signed.signatures.as_slice()) {
            (Self::Signature | Self::Fetched, [signature]) => {
                Some(Writer::with_room(signature.len() / 3 * 4).base64("result", signature))
            }
            (Self::Xml, [document]) => {
                writer::utf8(document).map(|document| Writer::with_room(document.len()).string("result", document))
            }
            (Self::Xmls(number), documents) if documents.len() == *number => writer::utf8_all(documents)
                .map(|(documents, room)| Writer::with_room(room).array("result", documents, writer::string)),
            (Self::Named(names), signatures) if names.len() == signatures.len() => {
                let room = signatures.iter().map(|signature| signature.len() / 3 * 4 + 16).sum();
                let items = Writer::with_room(room).open("result").open("items");
                let items = names.iter().zip(signatures).fold(items, |items, (name, one)| items.base64(name, one));
                Some(items.close().close())
            }
            (Self::Uploaded, _) => signed.uploaded.as_ref().map(|file| {
                Writer::new()
                    .open("result")
                    .string("file_id", &file.id)
                    .string("file_name", &file.name)
                    .string("file_size", &file.size.to_string())
                    .close()
            }),
            _ => None,
        };
        reply.map_or_else(|| self.failure(Code::Other), |reply| reply.string("errorCode", "NONE").end())
    }

    fn failure(&self, code: Code) -> String {
        failure(code, if matches!(self, Self::Uploaded) { "file" } else { "" })
    }

    /// The page's number for a failure.
    fn code(&self, code: FailureCode) -> Code {
        let is_xml = matches!(self, Self::Xml | Self::Xmls(_));
        match code {
            FailureCode::TooLarge => Code::TooLarge,
            FailureCode::StorageEmpty | FailureCode::InvalidCertificate => Code::Certificate,
            FailureCode::FileUnreadable => Code::FileNotFound,
            FailureCode::Malformed | FailureCode::Signing if is_xml => Code::Xml,
            FailureCode::Malformed | FailureCode::Signing => Code::Signing,
            FailureCode::Service => match self {
                Self::Uploaded => Code::Upload,
                Self::Fetched => Code::Receiving,
                // The service of time stamps.
                _ => Code::Building,
            },
            // The address is none, or is of another site than the one that asks.
            FailureCode::InvalidRequest if matches!(self, Self::Fetched | Self::Uploaded) => Code::BadAddress,
            FailureCode::InvalidRequest | FailureCode::SignerUnavailable | FailureCode::TooManyRequests => Code::Other,
        }
    }
}
