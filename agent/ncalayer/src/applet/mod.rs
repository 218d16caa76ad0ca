//! The API before 2018: `module` absent, or `kz.gov.pki.knca.applet.Applet` (`ncalayer-protocol.md` 7).
//!
//! It let a page name a key file and its password, without a window. Here every call that needs a key asks the person:
//! the path that the page names only points to a key, and whether it may name one is the policy's and the person's to
//! say. The password is never read: it stays at its place in the page's text, which is dropped.
//!
//! - `answer`: what is said; `shown`: what the person showed to this socket already; `name`: parts of names.

mod answer;
mod name;
mod shown;

use self::answer::{Code, Fact, Shape, Wanted};
use self::shown::Place;
pub(crate) use self::{answer::Shape as Answer, shown::Shown};
use crate::document;
use crate::envelope::{self, Ask, Context, Silence, Step, echo};
use crate::lenient_json::{Object, Value};
use crate::named;
use crate::plugged::is_token;
use crate::table::{self, Does, Listed, Method};
use order::{
    Chain, Cms, Content, Delivery, Document, FilePurpose, Form, HashName, KeyFilter, KeyUse, Locale, NamedKey,
    PlaceKind, RawKey, Readable, SignTask, StorageName, Task, TimeStamp, VerifyTask, Xml, XmlLayout, XmlPlace,
};
use serde_bytes::ByteBuf;

pub(crate) const NAME: &str = "kz.gov.pki.knca.applet.Applet";

type Run = fn(&Arguments<'_>, &mut Context<'_>) -> Result<Done, Code>;

const METHODS: [Method<Run>; 20] = [
    Method { name: "setLocale", does: Does::All(set_locale), remark: "no reply, as ever" },
    Method {
        name: "browseKeyStore",
        does: Does::All(browse_key_store),
        remark: "closed: `result` is empty; of a token its slot, without a window",
    },
    Method {
        name: "loadSlotList",
        does: Does::Chosen(load_slot_list),
        remark: "a line for each token of that kind; none: `EMPTY_SLOT`",
    },
    Method { name: "showFileChooser", does: Does::All(show_file_chooser), remark: "closed: `result` is empty" },
    Method { name: "getKeys", does: Does::Part(get_keys), remark: "one line: the key that the person picks" },
    Method { name: "getNotBefore", does: Does::All(get_not_before), remark: "Kazakhstan's time (UTC+5)" },
    Method { name: "getNotAfter", does: Does::All(get_not_after), remark: "Kazakhstan's time (UTC+5)" },
    Method { name: "getSubjectDN", does: Does::All(get_subject_dn), remark: "spelled as in `getKeyInfo`" },
    Method { name: "getIssuerDN", does: Does::All(get_issuer_dn), remark: "spelled as in `getKeyInfo`" },
    Method { name: "getRdnByOid", does: Does::All(get_rdn_by_oid), remark: "the value alone, of the subject" },
    Method { name: "signPlainData", does: Does::All(sign_plain_data), remark: "UTF-8; the bare signature value" },
    Method {
        name: "verifyPlainData",
        does: Does::All(verify_plain_data),
        remark: "with the certificate that the person showed; asks for it when none was",
    },
    Method { name: "createCMSSignature", does: Does::Chosen(create_cms), remark: "UTF-8; no time stamp" },
    Method { name: "createCMSSignatureFromFile", does: Does::Chosen(create_cms_from_file), remark: "no time stamp" },
    Method { name: "verifyCMSSignature", does: Does::All(verify_cms), remark: "every signature in it must be good" },
    Method {
        name: "verifyCMSSignatureFromFile",
        does: Does::All(verify_cms_from_file),
        remark: "every signature in it must be good",
    },
    Method { name: "signXml", does: Does::All(sign_xml), remark: "" },
    Method { name: "signXmlByElementId", does: Does::All(sign_xml_by_element_id), remark: "" },
    Method {
        name: "verifyXml",
        does: Does::Part(verify_xml),
        remark: "every signature in it must be good, also where a third argument names one element",
    },
    Method { name: "getHash", does: Does::Chosen(get_hash), remark: "base64" },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

/// How a method ended.
enum Done {
    Silent(Silence),
    Say(String),
    Ask(Box<Task>, Shape),
}

fn ask(task: Task, shape: Shape) -> Done {
    Done::Ask(Box::new(task), shape)
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    let method = match request.get("method") {
        Some(Value::String(method)) => method,
        _ => "",
    };
    let Some((method, run)) = table::find(&METHODS, method) else {
        return context.refuse(answer::not_implemented(echo(method)));
    };
    let args = match request.get("args") {
        Some(Value::Array(args)) => Arguments(args),
        _ => Arguments(&[]),
    };
    match run(&args, context) {
        Ok(Done::Silent(silence)) => Step::Silent(silence),
        Ok(Done::Say(reply)) => Step::Reply(reply),
        Ok(Done::Ask(task, shape)) => {
            let reply = envelope::Shape::Applet(shape).into();
            Step::Ask(Box::new(Ask { task: *task, locale: *context.locale, module: NAME, method, reply }))
        }
        Err(code) => context.refuse(answer::failure(code)),
    }
}

/// The arguments by their places. The place of a password is asked for by no method.
struct Arguments<'a>(&'a [Value<'a>]);

impl Arguments<'_> {
    fn text(&self, place: usize) -> Result<&str, Code> {
        match self.0.get(place) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(Code::Common),
        }
    }

    fn boolean(&self, place: usize) -> Result<bool, Code> {
        self.0.get(place).and_then(Value::java_boolean).ok_or(Code::Common)
    }

    fn index(&self, place: usize) -> Result<usize, Code> {
        match self.0.get(place) {
            Some(Value::Number(digits)) => digits.parse().map_err(|_| Code::Common),
            Some(Value::String(digits)) => digits.parse().map_err(|_| Code::Common),
            _ => Err(Code::Common),
        }
    }

    /// The path of a document.
    fn path(&self, place: usize) -> Result<String, Code> {
        named::path(self.text(place)?).ok_or(Code::FileRead)
    }

    fn content(&self, place: usize) -> Result<Content, Code> {
        Ok(if self.boolean(place)? { Content::Attached } else { Content::Detached })
    }

    /// A text that is signed.
    fn document(&self, place: usize, context: &Context<'_>) -> Result<Document, Code> {
        let text = document::text_document(self.text(place)?, context.limits).map_err(|_| Code::Common)?;
        Ok(Document::Content(ByteBuf::from(text)))
    }

    /// A text that something is computed over; it may be empty.
    fn octets(&self, place: usize, context: &Context<'_>) -> Result<ByteBuf, Code> {
        let text = self.text(place)?;
        if text.len() > context.limits.document {
            return Err(Code::Common);
        }
        Ok(ByteBuf::from(text.as_bytes()))
    }

    fn signature(&self, place: usize, context: &Context<'_>) -> Result<ByteBuf, Code> {
        let signature = document::base64_document(self.text(place)?, context.limits);
        signature.map(ByteBuf::from).map_err(|_| Code::SignatureValidation)
    }
}

/// A key as a call names it, and which keys fit that.
struct Key {
    place: Place,
    filter: KeyFilter,
}

impl Key {
    /// Storage, path and alias, the first three arguments of most methods.
    fn read(args: &Arguments<'_>, context: &Context<'_>) -> Result<Self, Code> {
        Self::new(args, args.text(2)?, context)
    }

    fn new(args: &Arguments<'_>, alias: &str, context: &Context<'_>) -> Result<Self, Code> {
        let storage = storage(args.text(0)?, context)?;
        let place = args.text(1)?;
        if !named::is_alias(alias) {
            return Err(Code::Common);
        }
        let (kind, place) = match is_token(storage) {
            // The storage's own name means any slot of that kind.
            true if place == storage.as_str() || place.is_empty() => (PlaceKind::Slot, String::new()),
            true if context.plugged.is_called(storage, place) => (PlaceKind::Slot, place.to_owned()),
            true => return Err(Code::EmptySlot),
            // Without a path the person chooses the file.
            false if place.is_empty() => (PlaceKind::File, String::new()),
            false => (PlaceKind::File, named::path(place).ok_or(Code::LoadKeyStore)?),
        };
        let place = Place { storage, place, alias: alias.to_owned() };
        let named = NamedKey { place: place.place.clone(), alias: place.alias.clone(), kind };
        let filter = KeyFilter {
            storages: vec![storage],
            // The API has no word for who issued the certificate.
            chain: Chain::Any,
            named: (!named.place.is_empty() || !named.alias.is_empty()).then_some(named),
            ..KeyFilter::default()
        };
        Ok(Self { place, filter })
    }

    fn shape(&self, wanted: Wanted) -> Shape {
        let when_empty = if is_token(self.place.storage) { Code::EmptySlot } else { Code::EmptyKeyList };
        Shape { when_empty, ..Shape::new(wanted) }
    }

    fn sign(self, document: Document, form: Form, shape: Shape) -> Done {
        let task =
            SignTask { documents: vec![document], form, filter: self.filter, delivery: Delivery::Page, logo: None };
        ask(Task::Sign(task), shape)
    }
}

/// The storage of this name, if something of its kind can be opened now.
fn storage(name: &str, context: &Context<'_>) -> Result<StorageName, Code> {
    match StorageName::from_name(name) {
        Some(storage) if context.can_open(storage) => Ok(storage),
        Some(storage) if is_token(storage) => Err(Code::EmptySlot),
        _ => Err(Code::UnknownStorage),
    }
}

/// Chooses the language; it never had an answer.
fn set_locale(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    if let Ok(code) = args.text(0) {
        *context.locale = Locale::from_code(code).or(*context.locale);
    }
    Ok(Done::Silent(Silence::SetLocale))
}

fn browse_key_store(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let storage = storage(args.text(0)?, context)?;
    let (extension, folder) = (args.text(1)?, args.text(2)?);
    if is_token(storage) {
        // A token has no file to choose. What a page does with the answer is to name it as the path.
        return Ok(Done::Say(match context.plugged.slots(storage).as_slice() {
            [slot] => answer::text(slot),
            // Which of them is said in the window.
            _ => answer::text(storage.as_str()),
        }));
    }
    Ok(ask(Task::ChooseFile(named::file_query(extension, folder, FilePurpose::KeyFile)), Shape::new(Wanted::Path)))
}

fn show_file_chooser(args: &Arguments<'_>, _: &mut Context<'_>) -> Result<Done, Code> {
    let query = named::file_query(args.text(0)?, args.text(1)?, FilePurpose::AnyFile);
    Ok(ask(Task::ChooseFile(query), Shape::new(Wanted::Path)))
}

/// The names of slots in the original are not known; ours are what the tokens, or their readers, are called, and come
/// back as the path.
fn load_slot_list(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let storage = StorageName::from_name(args.text(0)?).ok_or(Code::UnknownStorage)?;
    match context.plugged.slots(storage).as_slice() {
        [] => Err(Code::EmptySlot),
        slots => Ok(Done::Say(answer::text(&slots.join("\n")))),
    }
}

/// Storage, path, password, and which kind of key. The person picks one in the window: the page gets a list of that one.
fn get_keys(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let key = Key::new(args, "", context)?;
    let key_use = match args.text(3)? {
        "SIGN" => Some(KeyUse::Signature),
        "AUTH" => Some(KeyUse::Authentication),
        // "ALL"; any other word too, as in commonUtils.
        _ => None,
    };
    let shape = key.shape(Wanted::Keys(key.place.clone(), context.shown.clone()));
    Ok(ask(Task::ShowKey(KeyFilter { key_use, ..key.filter }), shape))
}

/// A fact of a certificate: told at once when the person showed it to this socket, else asked for.
fn fact(fact: Fact, args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let key = Key::read(args, context)?;
    if let Some(known) = context.shown.find(&key.place) {
        return Ok(Done::Say(fact.tell(&known)));
    }
    let shape = key.shape(Wanted::Fact(fact, key.place.clone(), context.shown.clone()));
    Ok(ask(Task::ShowKey(key.filter), shape))
}

fn get_not_before(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    fact(Fact::NotBefore, args, context)
}

fn get_not_after(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    fact(Fact::NotAfter, args, context)
}

fn get_subject_dn(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    fact(Fact::Subject, args, context)
}

fn get_issuer_dn(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    fact(Fact::Issuer, args, context)
}

fn get_rdn_by_oid(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    const LONGEST_OID: usize = 128;
    let oid = args.text(4)?;
    if oid.is_empty() || oid.len() > LONGEST_OID || !oid.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(Code::Common);
    }
    fact(Fact::Rdn(oid.to_owned(), args.index(5)?), args, context)
}

fn sign_plain_data(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let key = Key::read(args, context)?;
    let shape = key.shape(Wanted::Signature);
    Ok(key.sign(args.document(4, context)?, Form::Raw, shape))
}

fn verify_plain_data(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let key = Key::read(args, context)?;
    let (content, signature) = (args.octets(4, context)?, args.signature(5, context)?);
    let shape = Shape { when_malformed: Code::SignatureValidation, ..key.shape(Wanted::Verdict) };
    let key = match context.shown.find(&key.place) {
        Some(known) => RawKey::Certificate(ByteBuf::from(known.certificate.as_slice())),
        None => RawKey::Shown(key.filter),
    };
    Ok(ask(Task::Verify(VerifyTask::Raw { content, signature, key }), shape))
}

/// Whether the original adds a time stamp here is not known; without one a signature does not depend on the network.
fn cms(content: Content) -> Form {
    Form::Cms(Cms { content, time_stamp: TimeStamp::None })
}

fn create_cms(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let key = Key::read(args, context)?;
    let form = cms(args.content(5)?);
    let shape = key.shape(Wanted::Signature);
    Ok(key.sign(args.document(4, context)?, form, shape))
}

fn create_cms_from_file(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let key = Key::read(args, context)?;
    let form = cms(args.content(5)?);
    let shape = Shape { when_unreadable: Code::FileRead, ..key.shape(Wanted::Signature) };
    Ok(key.sign(Document::File(args.path(4)?), form, shape))
}

fn verdict_of_cms(cms: ByteBuf, document: Option<Readable>) -> Done {
    let task = VerifyTask::Cms { cms: Readable::Given(cms), document };
    let shape = Shape {
        when_malformed: Code::SignatureValidation,
        when_unreadable: Code::FileRead,
        ..Shape::new(Wanted::Verdict)
    };
    ask(Task::Verify(task), shape)
}

/// The signature comes first. Without a text the document is inside.
fn verify_cms(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let document = args.octets(1, context)?;
    let document = (!document.is_empty()).then_some(Readable::Given(document));
    Ok(verdict_of_cms(args.signature(0, context)?, document))
}

fn verify_cms_from_file(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    Ok(verdict_of_cms(args.signature(0, context)?, Some(Readable::File(args.path(1)?))))
}

fn sign_as_xml(args: &Arguments<'_>, context: &Context<'_>, places: [Option<&str>; 3]) -> Result<Done, Code> {
    let key = Key::read(args, context)?;
    let [signed, id_attribute, parent] = places;
    let element = |name: &str| XmlPlace::Element(name.to_owned());
    let form = Form::Xml(Xml {
        layout: XmlLayout::Lines,
        signed: signed.map(element),
        id_attribute: id_attribute.map(str::to_owned),
        parent: parent.map(element),
    });
    let shape = Shape { when_malformed: Code::XmlParse, ..key.shape(Wanted::Xml) };
    Ok(key.sign(args.document(4, context)?, form, shape))
}

fn sign_xml(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    sign_as_xml(args, context, [None, None, None])
}

/// An element must be named: the whole document is not what the page meant.
fn sign_xml_by_element_id(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let signed = xml_name(args.text(5)?)?.ok_or(Code::Common)?;
    let places = [Some(signed), xml_name(args.text(6)?)?, xml_name(args.text(7)?)?];
    sign_as_xml(args, context, places)
}

/// The name of an element or attribute, with its prefix; empty: none. What a name may consist of is XML's to say.
fn xml_name(text: &str) -> Result<Option<&str>, Code> {
    const LONGEST: usize = 256;
    let unfit = |character: char| character.is_control() || character.is_whitespace() || "<>&'\"/=".contains(character);
    match text {
        "" => Ok(None),
        text if text.len() > LONGEST || text.contains(unfit) => Err(Code::Common),
        text => Ok(Some(text)),
    }
}

/// One argument; or three, of which the second is an attribute that identifies elements. What the third names in the
/// original is not known ("signatureElement"): no signature is left out for it, which can only be stricter.
fn verify_xml(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let id_attribute = match args.0.len() {
        0 | 1 => None,
        _ => {
            args.text(2)?;
            xml_name(args.text(1)?)?
        }
    };
    let xml = args.octets(0, context)?;
    if xml.is_empty() {
        return Err(Code::XmlParse);
    }
    let task = VerifyTask::Xml { xml, id_attribute: id_attribute.unwrap_or_default().to_owned() };
    Ok(ask(Task::Verify(task), Shape { when_malformed: Code::XmlParse, ..Shape::new(Wanted::Verdict) }))
}

/// Whether the original writes base64 or hexadecimal is not known; base64 is how this family of calls writes octets.
fn get_hash(args: &Arguments<'_>, context: &mut Context<'_>) -> Result<Done, Code> {
    let algorithm = match args.text(1)? {
        "SHA1" => HashName::Sha1,
        "SHA256" => HashName::Sha256,
        "GOST34311" => HashName::Gost34311,
        _ => return Err(Code::Common),
    };
    Ok(ask(Task::Digest { algorithm, content: args.octets(0, context)? }, Shape::new(Wanted::Digest)))
}
