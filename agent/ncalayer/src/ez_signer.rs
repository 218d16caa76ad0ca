//! `kz.gov.pki.cms.CMSSignUtil`, the module of ezsigner.kz (`ncalayer-protocol.md` 8.4): files of this computer are
//! signed, verified and taken out of their signatures, by their paths. Failures are those of `commonUtils`.
//!
//! What is here serves the look-alike of uchet.kz too.

use crate::calendar;
use crate::common_reply::{self, Arguments, Refusal, failure};
use crate::envelope::{self, Ask, Context, Step, json_complaint};
use crate::key_info::serial_number;
use crate::lenient_json::{Object, Value};
use crate::named;
use crate::table::{self, Does, Listed, Method};
use crate::writer::Writer;
use order::{
    Chain, Cms, Content, Delivery, Document, FilePurpose, Form, KeyFilter, Locale, Outcome, Readable, SignTask,
    SignatureCheck, Task, TimeStamp, VerifyTask,
};

pub(crate) const NAME: &str = "kz.gov.pki.cms.CMSSignUtil";

/// With how many arguments, and what runs it.
pub(crate) type Call = (usize, Run);

pub(crate) type Run = fn(&Arguments<'_>, &Context<'_>) -> Result<Done, Refusal>;

/// How a method ended.
pub(crate) enum Done {
    Say(String),
    Ask(Box<Task>, Shape),
}

impl Done {
    pub(crate) fn ask(task: Task, shape: Shape) -> Self {
        Self::Ask(Box::new(task), shape)
    }
}

const METHODS: [Method<Call>; 4] = [
    Method { name: "getFilePath", does: Does::All((2, get_file_path)), remark: "" },
    Method {
        name: "signFilePath",
        does: Does::Chosen((3, sign_file_path)),
        remark: "attached, with a time stamp; the signature's path",
    },
    Method {
        name: "checkCMS",
        does: Does::Chosen((1, check_cms)),
        remark: "members beyond `name` and `validSignature` are chosen",
    },
    Method { name: "saveCMS", does: Does::Chosen((2, save_cms)), remark: "the document's path" },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    call(NAME, &METHODS, request, context)
}

/// Finds a method by its name and the number of its arguments, as `commonUtils` does, and runs it.
pub(crate) fn call(
    module: &'static str,
    methods: &[Method<Call>],
    request: &Object<'_>,
    context: &Context<'_>,
) -> Step {
    let name = match request.get("method") {
        Some(Value::String(name)) => name.as_ref(),
        other => return context.refuse(failure(&json_complaint("method", other, "not a string."))),
    };
    let values = Arguments::of(request);
    let found = table::find(methods, name).filter(|(_, (arguments, _))| *arguments == values.len());
    let Some((method, (_, run))) = found else {
        return context.refuse(failure(&common_reply::no_such_method(name)));
    };
    // The page's own language for this one window.
    let locale = match request.get("lang") {
        Some(Value::String(code)) => Locale::from_code(code),
        _ => None,
    };
    match run(&Arguments::new(values, method), context) {
        Ok(Done::Say(reply)) => Step::Reply(reply),
        Ok(Done::Ask(task, shape)) => {
            let reply = envelope::Shape::Files(shape).into();
            Step::Ask(Box::new(Ask { task: *task, locale: locale.or(*context.locale), module, method, reply }))
        }
        Err(message) => context.refuse(failure(&message)),
    }
}

/// What the person is to sign is a file that the page names.
pub(crate) fn path(args: &Arguments<'_>, place: usize) -> Result<String, Refusal> {
    named::path(args.text(place)?).ok_or_else(|| "file.not_found".into())
}

/// A folder that something goes to; empty: beside the file.
pub(crate) fn folder(args: &Arguments<'_>, place: usize) -> Result<String, Refusal> {
    named::folder(args.text(place)?).ok_or_else(|| "file.not_found".into())
}

fn get_file_path(args: &Arguments<'_>, _: &Context<'_>) -> Result<Done, Refusal> {
    choose(args, Names::Three)
}

pub(crate) fn choose(args: &Arguments<'_>, names: Names) -> Result<Done, Refusal> {
    let query = named::file_query(args.text(0)?, args.text(1)?, FilePurpose::AnyFile);
    Ok(Done::ask(Task::ChooseFile(query), Shape::Chosen(names)))
}

/// Attached; the files are kept, so there is a time stamp, as the vendor's own code adds one to what it calls CMS.
/// Neither is known of this module.
pub(crate) fn sign(document: Document, filter: KeyFilter, delivery: Delivery) -> Task {
    let form = Form::Cms(Cms { content: Content::Attached, time_stamp: TimeStamp::Signature });
    Task::Sign(SignTask { documents: vec![document], form, filter, delivery, logo: None })
}

fn sign_file_path(args: &Arguments<'_>, context: &Context<'_>) -> Result<Done, Refusal> {
    let (file, folder, storage) = (path(args, 0)?, folder(args, 1)?, args.text(2)?);
    let storages = vec![common_reply::storage(storage, context)?];
    let filter = KeyFilter { storages, chain: Chain::Any, ..KeyFilter::default() };
    Ok(Done::ask(sign(Document::File(file), filter, Delivery::Folder(folder)), Shape::SignedFile))
}

pub(crate) fn check_cms(args: &Arguments<'_>, _: &Context<'_>) -> Result<Done, Refusal> {
    let cms = Readable::File(path(args, 0)?);
    Ok(Done::ask(Task::Verify(VerifyTask::Cms { cms, document: None }), Shape::Signers))
}

fn save_cms(args: &Arguments<'_>, _: &Context<'_>) -> Result<Done, Refusal> {
    Ok(Done::ask(Task::Extract { path: path(args, 0)?, folder: folder(args, 1)? }, Shape::SavedFile))
}

/// What a chosen file is told by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Names {
    /// `path`, `filedir`.
    Two,
    /// And `filename`.
    Three,
}

/// How an outcome is told.
#[derive(Debug)]
pub(crate) enum Shape {
    /// The parts of a chosen file's path.
    Chosen(Names),
    /// The path of a signature that was written.
    SignedFile,
    /// A signature as base64.
    Signature,
    /// Who signed a file, and whether that is good.
    Signers,
    /// The path of a document that was taken out.
    SavedFile,
}

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        match (self, outcome) {
            (Self::Chosen(names), Outcome::FileChosen(path)) => {
                let (folder, name) = named::parts(path);
                let reply = common_reply::success().open("responseObject").string("path", path);
                let reply = reply.string("filedir", folder);
                let reply = match names {
                    Names::Two => reply,
                    Names::Three => reply.string("filename", name),
                };
                reply.close().end()
            }
            (Self::SignedFile, Outcome::Signed(signed)) => match signed.files.as_slice() {
                [file] => common_reply::success().string("responseObject", file).end(),
                _ => failure("one file was due"),
            },
            (Self::Signature, Outcome::Signed(signed)) => match signed.signatures.as_slice() {
                [signature] => common_reply::success().base64("responseObject", signature).end(),
                _ => failure("one signature was due"),
            },
            (Self::Signers, Outcome::Verified(checks)) => common_reply::success()
                .array("responseObjects", checks, |text, check| text.push_str(&signer(check)))
                .end(),
            (Self::SavedFile, Outcome::Saved(path)) => common_reply::success().string("responseObject", path).end(),
            (_, outcome) => common_reply::not_done(outcome),
        }
    }
}

/// `name` and `validSignature` were recorded; `iin`, `tspDate` and `certificateValidityPeriod` are read by a page of
/// uchet.kz, which calls the second the date of signing: it is what the signature says of itself. How the original writes
/// times is not known.
fn signer(check: &SignatureCheck) -> String {
    let key = check.key.as_deref();
    let of = |tell: fn(&order::KeyInfo) -> &str| key.map(tell).unwrap_or_default();
    let period =
        key.map(|key| format!("{} - {}", calendar::kazakh(key.not_before_ms), calendar::kazakh(key.not_after_ms)));
    Writer::new()
        .string("name", of(|key| &key.subject_cn))
        .string("iin", number_after(of(|key| &key.subject_dn), "IIN"))
        .string("bin", number_after(of(|key| &key.subject_dn), "BIN"))
        .string("serialNumber", &key.map(|key| serial_number(&key.serial_number)).unwrap_or_default())
        .string("certificateValidityPeriod", &period.unwrap_or_default())
        .string("tspDate", &check.signed_at_ms.map(calendar::kazakh).unwrap_or_default())
        .boolean("validSignature", check.is_good)
        .string("message", &check.detail)
        .end()
}

/// The twelve digits behind `=IIN` or `=BIN` in a name; empty: none.
fn number_after<'n>(dn: &'n str, prefix: &str) -> &'n str {
    let mut values = dn.split('=').filter_map(|part| part.strip_prefix(prefix)).filter_map(|rest| rest.get(..12));
    values.find(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_a_name() {
        let dn = "CN=IIN ТЕСТ,SERIALNUMBER=IIN123456789011,OU=BIN123456789021";
        assert_eq!(number_after(dn, "IIN"), "123456789011");
        assert_eq!(number_after(dn, "BIN"), "123456789021");
        assert_eq!(number_after("OU=BIN12345678902,O=BINАБВГДЕ", "BIN"), "");
    }
}
