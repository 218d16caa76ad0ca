//! `kz.gov.pki.knca.commonUtils`: positional arguments, replies `{"responseObject":…,"code":"200"}` and
//! `{"code":"500","message":…}` (`ncalayer-protocol.md` 4).
//!
//! As in the original a method is found by its name and the number of its arguments, and `uuid` is repeated in what the
//! method itself answers, but not in what the lookup and the conversion of arguments complain about.

use crate::common_reply;
use crate::document::{self, DocumentError};
use crate::envelope::{self, Ask, Context, Step, echo, json_complaint};
use crate::key_info;
use crate::lenient_json::{Object, Value};
use crate::named;
use crate::table::{self, Does, Listed, Method};
use crate::writer::{self, Writer};
use order::{
    Chain, Cms, Content, Delivery, Document, Failure, FailureCode, FilePurpose, Form, KeyFilter, KeyUse, Locale,
    Outcome, SignTask, StorageName, Task, TimeStamp, Xml, XmlLayout, XmlPlace,
};
use serde_bytes::ByteBuf;
use std::borrow::Cow;

pub(crate) const NAME: &str = "kz.gov.pki.knca.commonUtils";

/// What a page hears of a file that cannot be read (NLCB).
const FILE_NOT_FOUND: &str = "file.not_found";

/// The longest XPath, in octets; no page is known that sends one at all.
const LONGEST_XPATH: usize = 4096;

/// With how many arguments, and what runs it.
type Call = (usize, Run);

type Run = fn(&Arguments<'_>, &mut Context<'_>) -> Result<Done, Refusal>;

const METHODS: [Method<Call>; 12] = [
    Method {
        name: "getActiveTokens",
        does: Does::All((0, get_active_tokens)),
        remark: "what is plugged in at that moment, each kind once; no token: `[]`",
    },
    Method {
        name: "getKeyInfo",
        does: Does::All((1, get_key_info)),
        remark: "all twelve members; `pem` has LF line ends, `serialNumber` is hexadecimal",
    },
    Method {
        name: "signXml",
        does: Does::All((5, sign_xml)),
        remark: "the signature has a line for each element, LF line ends",
    },
    Method { name: "signXmls", does: Does::All((5, sign_xmls)), remark: "one window, one key, the same order" },
    Method {
        name: "createCAdESFromBase64",
        does: Does::All((4, create_cades_from_base64)),
        remark: "a CMS given as the document gets one more signer",
    },
    Method {
        name: "createCAdESFromFile",
        does: Does::All((4, create_cades_from_file)),
        remark: "the file is read after the person allowed it",
    },
    Method {
        name: "createCAdESFromBase64Hash",
        does: Does::All((3, create_cades_from_base64_hash)),
        remark: "always detached; the length is not checked",
    },
    Method {
        name: "applyCAdEST",
        does: Does::All((3, apply_cades_t)),
        remark: "no key is needed: the window asks for a yes alone",
    },
    Method {
        name: "createCMSSignatureFromBase64",
        does: Does::All((4, create_cms_signature_from_base64)),
        remark: "as `createCAdESFromBase64`, with a time stamp; without one there is no signature",
    },
    Method {
        name: "createCMSSignatureFromFile",
        does: Does::All((4, create_cms_signature_from_file)),
        remark: "likewise",
    },
    Method {
        name: "showFileChooser",
        does: Does::All((2, show_file_chooser)),
        remark: "extension and folder are hints to the person's own chooser",
    },
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
    Ask(Box<Task>, Due),
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
        other => return context.refuse(failure(&json_complaint("method", other, "not a string."), None)),
    };
    // Java: `optJSONArray`, so anything but an array is no arguments.
    let args = match request.get("args") {
        Some(Value::Array(args)) => Arguments(args),
        _ => Arguments(&[]),
    };
    let found = table::find(&METHODS, name).filter(|(_, (arguments, _))| *arguments == args.0.len());
    let Some((method, (_, run))) = found else {
        return context.refuse(failure(&format!("NoSuchMethodException {}", echo(name)), None));
    };
    let uuid = uuid(request);
    match run(&args, context) {
        Ok(Done::Nothing) => Step::Reply(success(uuid.as_deref()).end()),
        Ok(Done::Storages(storages)) => {
            let names = storages.into_iter().map(StorageName::as_str);
            let reply = Writer::new().array("responseObject", names, writer::string).string("code", "200");
            Step::Reply(with_uuid(reply, uuid.as_deref()).end())
        }
        Ok(Done::Ask(task, due)) => {
            let reply = envelope::Shape::CommonUtils(Shape { uuid, due }).into();
            Step::Ask(Box::new(Ask { task: *task, locale: *context.locale, module: NAME, method, reply }))
        }
        Err(Refusal::Failed(message)) => context.refuse(failure(&message, uuid.as_deref())),
        Err(Refusal::Mismatch) => {
            let message = format!("java.lang.IllegalArgumentException: argument type mismatch. Method: {method}");
            context.refuse(failure(&message, None))
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

/// The first two arguments of every method that signs: which keys.
struct Keys<'a> {
    storage: &'a str,
    key_use: Option<KeyUse>,
}

impl Keys<'_> {
    fn filter(&self, context: &Context<'_>) -> Result<KeyFilter, Refusal> {
        Ok(filter(storage(self.storage, context)?, self.key_use))
    }
}

/// The last two arguments of `signXml` and `signXmls`, XPaths both; empty means the document, the document element.
struct Places<'a> {
    signed: &'a str,
    parent: &'a str,
}

impl Places<'_> {
    fn form(&self) -> Result<Form, Refusal> {
        let place = |name: &str, path: &str| match path.trim() {
            "" => Ok(None),
            path if path.len() > LONGEST_XPATH => {
                Err(Refusal::Failed(format!("{name} is longer than {LONGEST_XPATH} octets").into()))
            }
            path => Ok(Some(XmlPlace::XPath(path.to_owned()))),
        };
        Ok(Form::Xml(Xml {
            layout: XmlLayout::Lines,
            signed: place("tbsElementXPath", self.signed)?,
            id_attribute: None,
            parent: place("signatureParentElementXPath", self.parent)?,
        }))
    }
}

impl<'a> Arguments<'a> {
    fn text(&self, index: usize) -> Result<&'a str, Refusal> {
        match self.0.get(index) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(Refusal::Mismatch),
        }
    }

    /// A Java `String[]`. An item that is no string is taken for another type of the whole.
    fn texts(&self, index: usize) -> Result<Vec<&'a str>, Refusal> {
        let Some(Value::Array(items)) = self.0.get(index) else { return Err(Refusal::Mismatch) };
        items
            .iter()
            .map(|item| if let Value::String(text) = item { Ok(&**text) } else { Err(Refusal::Mismatch) })
            .collect()
    }

    /// The boolean that says where the document goes.
    fn content(&self, index: usize) -> Result<Content, Refusal> {
        let attached = self.0.get(index).and_then(Value::java_boolean).ok_or(Refusal::Mismatch)?;
        Ok(if attached { Content::Attached } else { Content::Detached })
    }

    fn keys(&self) -> Result<Keys<'a>, Refusal> {
        Ok(Keys { storage: self.text(0)?, key_use: key_use(self.text(1)?) })
    }

    fn places(&self) -> Result<Places<'a>, Refusal> {
        Ok(Places { signed: self.text(3)?, parent: self.text(4)? })
    }
}

fn get_active_tokens(_: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    // Devices only: pages add PKCS12 to this list themselves, or take it when the list is empty.
    Ok(Done::Storages(context.plugged.kinds()))
}

fn get_key_info(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    let storage = storage(args.text(0)?, context)?;
    Ok(Done::Ask(Box::new(Task::ShowKey(filter(storage, None))), Due::Key))
}

fn sign_xml(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    let (keys, xml, places) = (args.keys()?, args.text(2)?, args.places()?);
    let filter = keys.filter(context)?;
    let form = places.form()?;
    sign(vec![xml_document(xml, context)?], form, filter, Due::Xml)
}

fn sign_xmls(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    let (keys, xmls, places) = (args.keys()?, args.texts(2)?, args.places()?);
    let filter = keys.filter(context)?;
    let form = places.form()?;
    if xmls.is_empty() {
        // What the original says is not known; a window without a document would be ours.
        return Err("the array of documents is empty: there is nothing to sign".into());
    }
    let most = context.limits.documents;
    if xmls.len() > most {
        return Err(Refusal::Failed(format!("there are more than {most} documents").into()));
    }
    let documents = xmls.iter().map(|xml| xml_document(xml, context)).collect::<Result<Vec<_>, _>>()?;
    let due = Due::Xmls(documents.len());
    sign(documents, form, filter, due)
}

fn create_cades_from_base64(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    cms_from_base64(args, context, TimeStamp::None)
}

fn create_cms_signature_from_base64(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    cms_from_base64(args, context, TimeStamp::Signature)
}

fn cms_from_base64(args: &Arguments<'_>, context: &mut Context<'_>, time_stamp: TimeStamp) -> Result<Done, Refusal> {
    let (keys, data, content) = (args.keys()?, args.text(2)?, args.content(3)?);
    let filter = keys.filter(context)?;
    let octets = base64(data, "the document", context)?;
    // The javadoc of NLCB: the data may be a finished CMS, and then a signer is added to it. Whether the document is
    // inside of that one stays as it is.
    let document = if document::looks_like_cms(&octets) { Document::Cms(octets) } else { Document::Content(octets) };
    sign(vec![document], Form::Cms(Cms { content, time_stamp }), filter, Due::Cms)
}

fn create_cades_from_file(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    cms_from_file(args, context, TimeStamp::None)
}

fn create_cms_signature_from_file(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    cms_from_file(args, context, TimeStamp::Signature)
}

fn cms_from_file(args: &Arguments<'_>, context: &mut Context<'_>, time_stamp: TimeStamp) -> Result<Done, Refusal> {
    let (keys, path, content) = (args.keys()?, args.text(2)?, args.content(3)?);
    let filter = keys.filter(context)?;
    // What cannot be a path needs no question.
    let documents = vec![Document::File(named::path(path).ok_or(FILE_NOT_FOUND)?)];
    sign(documents, Form::Cms(Cms { content, time_stamp }), filter, Due::Cms)
}

/// No check of the length: the original was recorded signing three octets (`ncalayer-protocol.md` 12.3).
fn create_cades_from_base64_hash(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    let (keys, hash) = (args.keys()?, args.text(2)?);
    let filter = keys.filter(context)?;
    if hash.is_empty() {
        // Recorded: an exception of Java's without a text, and so a failure without a message.
        return Err("".into());
    }
    let documents = vec![Document::Digest(base64(hash, "the hash", context)?)];
    let form = Form::Cms(Cms { content: Content::Detached, time_stamp: TimeStamp::None });
    sign(documents, form, filter, Due::Cms)
}

/// The original opens its dialog for a key, although a time stamp needs none; the storage is checked as there.
fn apply_cades_t(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    let (keys, cms) = (args.keys()?, args.text(2)?);
    storage(keys.storage, context)?;
    let cms = base64(cms, "the signature", context)?;
    if !document::looks_like_cms(&cms) {
        return Err("the signature is no CMS (RFC 5652 SignedData)".into());
    }
    Ok(Done::Ask(Box::new(Task::Stamp { cms }), Due::Stamp))
}

fn show_file_chooser(args: &Arguments<'_>, _: &mut Context<'_>) -> Result<Done, Refusal> {
    let query = named::file_query(args.text(0)?, args.text(1)?, FilePurpose::AnyFile);
    Ok(Done::Ask(Box::new(Task::ChooseFile(query)), Due::Path))
}

fn change_locale(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Refusal> {
    // A language we do not speak changes nothing; the original's answer to one is not known.
    *context.locale = Locale::from_code(args.text(0)?).or(*context.locale);
    Ok(Done::Nothing)
}

/// Every signing method ends here.
fn sign(documents: Vec<Document>, form: Form, filter: KeyFilter, due: Due) -> Result<Done, Refusal> {
    let task = SignTask { documents, form, filter, delivery: Delivery::Page, logo: None };
    Ok(Done::Ask(Box::new(Task::Sign(task)), due))
}

fn base64(text: &str, what: &str, context: &Context<'_>) -> Result<ByteBuf, Refusal> {
    let octets = document::base64_document(text, context.limits);
    octets.map(ByteBuf::from).map_err(|error| Refusal::Failed(format!("{what} {error}").into()))
}

/// Whether it is XML the signer finds out, before the person is asked for a password; that nothing is none is clear
/// here, and said in Xerces' words.
fn xml_document(text: &str, context: &Context<'_>) -> Result<Document, Refusal> {
    match document::text_document(text, context.limits) {
        Ok(octets) => Ok(Document::Content(ByteBuf::from(octets))),
        Err(DocumentError::Empty) => {
            Err("org.xml.sax.SAXParseException; lineNumber: 1; columnNumber: 1; Premature end of file.".into())
        }
        Err(error) => Err(Refusal::Failed(format!("the document {error}").into())),
    }
}

fn storage(name: &str, context: &Context<'_>) -> Result<StorageName, Refusal> {
    common_reply::storage(name, context).map_err(Refusal::Failed)
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
    due: Due,
}

/// What a method answers with when it succeeds.
#[derive(Clone, Copy, Debug)]
enum Due {
    /// The object of `getKeyInfo`.
    Key,
    /// One CMS, as base64.
    Cms,
    /// One XML document.
    Xml,
    /// An array of so many.
    Xmls(usize),
    /// A CMS with time stamps, as base64.
    Stamp,
    /// A path.
    Path,
}

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        let uuid = self.uuid.as_deref();
        let reply = match (self.due, outcome) {
            (_, Outcome::Cancelled) => return failure("action.canceled", uuid),
            (_, Outcome::Failed(Failure { code, detail })) => {
                return match code {
                    FailureCode::StorageEmpty => failure("storage.empty", uuid),
                    FailureCode::FileUnreadable => failure(FILE_NOT_FOUND, uuid),
                    // What Xerces says of XML among it: the signer writes it as a page expects it.
                    _ => failure(detail, uuid),
                };
            }
            (Due::Key, Outcome::KeyShown(key)) => Some(key_info::object("responseObject", key)),
            (Due::Cms, Outcome::Signed(signed)) => match signed.signatures.as_slice() {
                [signature] => Some(base64_reply(signature)),
                _ => None,
            },
            (Due::Xml, Outcome::Signed(signed)) => match signed.signatures.as_slice() {
                [xml] => writer::utf8(xml).map(|xml| Writer::with_room(xml.len()).string("responseObject", xml)),
                _ => None,
            },
            (Due::Xmls(documents), Outcome::Signed(signed)) if signed.signatures.len() == documents => {
                writer::utf8_all(&signed.signatures)
                    .map(|(xmls, room)| Writer::with_room(room).array("responseObject", xmls, writer::string))
            }
            (Due::Stamp, Outcome::Stamped(cms)) => Some(base64_reply(cms)),
            (Due::Path, Outcome::FileChosen(path)) => Some(Writer::new().string("responseObject", path)),
            _ => None,
        };
        match reply {
            Some(reply) => with_uuid(reply.string("code", "200"), uuid).end(),
            None => failure("the signer answered something else than was asked", uuid),
        }
    }
}

fn base64_reply(octets: &[u8]) -> Writer {
    Writer::with_room(octets.len().div_ceil(3) * 4).base64("responseObject", octets)
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
