//! What all modules share: greeting, heartbeat, dispatch on `module`, and the way back.

use crate::document::Limits;
use crate::lenient_json::{self, JsonError, Object, Value};
use crate::plugged::{Plugged, is_token};
use crate::table::Listed;
use crate::writer::Writer;
use crate::{accessory, applet, basics, common_utils, esf, ez_signer, knp, nur_sign, uchet};
use order::{Locale, Outcome, StorageName, Task, TokenSeen};
use std::cell::Cell;
use std::fmt;

/// The first frame of every socket, in the same write as the handshake's answer: `nca-signer-js` and others take the
/// first frame they see for the answer to their first call. A .NET client compares it with a regular expression that
/// allows no blank.
pub const GREETING: &str = r#"{"result":{"version":"1.4"}}"#;

/// What old pages send every two seconds, and get back as it is; after 50 unanswered ones they close the socket.
pub const HEARTBEAT: &str = "--heartbeat--";

/// Whether a text is a heartbeat, so that a door can answer it while an [`Ask`] is open.
#[must_use]
pub fn is_heartbeat(text: &str) -> bool {
    text == HEARTBEAT
}

/// The modules that are answered; everything else is `MODULE_NOT_FOUND`. In the order of the page for site developers.
pub(crate) const MODULES: &[Module] = &[
    Module {
        name: basics::NAME,
        selector: "method",
        receive: basics::receive,
        listed: basics::listed,
        // The bundle's name is guessed, and no version of it was ever seen.
        announced: Announced::Service,
    },
    Module {
        name: common_utils::NAME,
        selector: "method",
        receive: common_utils::receive,
        listed: common_utils::listed,
        announced: Announced::Bundle("kz.gov.pki.osgi.layer.common", "0.3.4"),
    },
    Module {
        name: accessory::NAME,
        selector: "method",
        receive: accessory::receive,
        listed: accessory::listed,
        announced: Announced::Bundle("kz.gov.pki.api.layer.NCALayerServices", "0.7.3"),
    },
    Module {
        name: applet::NAME,
        selector: "method",
        receive: applet::receive,
        listed: applet::listed,
        // Old pages do not look; new ones that do must not be led to it.
        announced: Announced::No,
    },
    Module {
        name: nur_sign::NAME,
        selector: "type",
        receive: nur_sign::receive,
        listed: nur_sign::listed,
        announced: Announced::Bundle("kz.ecc.NurSignBundle", "5.1.2"),
    },
    Module {
        name: knp::NAME,
        selector: "command",
        receive: knp::receive,
        listed: knp::listed,
        // What the site sends is guessed: it must go on in the way that it has without this module.
        announced: Announced::No,
    },
    Module {
        name: esf::NAME,
        selector: "method",
        receive: esf::receive,
        listed: esf::listed,
        announced: Announced::Bundle("com.osdkz.esf.signer", "1.2"),
    },
    Module {
        name: ez_signer::NAME,
        selector: "method",
        receive: ez_signer::receive,
        listed: ez_signer::listed,
        announced: Announced::Bundle("kz.gov.pki.cms.NLDocSignerModule", "1.1.0"),
    },
    Module {
        name: uchet::NAME,
        selector: "method",
        receive: uchet::receive,
        listed: uchet::listed,
        announced: Announced::Bundle("kz.uchet.signUtil", "1.3"),
    },
];

/// One module of the dialect.
pub(crate) struct Module {
    /// What `module` says.
    pub(crate) name: &'static str,
    /// The member that names the method.
    pub(crate) selector: &'static str,
    pub(crate) receive: fn(&Object<'_>, &mut Context<'_>) -> Step,
    /// Its methods, from the table that dispatches.
    pub(crate) listed: fn() -> Vec<Listed>,
    pub(crate) announced: Announced,
}

/// Whether pages that look for a module (`getServices`, `getBundles`) find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Announced {
    /// No: they would go on and fail where they could have told the person what is missing.
    No,
    /// As a service.
    Service,
    /// As a service, and as this bundle of the original in the version whose behaviour it follows.
    Bundle(&'static str, &'static str),
}

/// What a module may look at beside the request.
pub(crate) struct Context<'a> {
    pub(crate) locale: &'a mut Option<Locale>,
    pub(crate) limits: &'a Limits,
    pub(crate) plugged: Plugged<'a>,
    /// What the person showed to this socket through the applet.
    pub(crate) shown: &'a applet::Shown,
    /// Set when a module refuses the request by itself.
    pub(crate) is_refused: &'a Cell<bool>,
}

impl Context<'_> {
    /// The answer to a request that goes no further.
    pub(crate) fn refuse(&self, reply: String) -> Step {
        self.is_refused.set(true);
        Step::Reply(reply)
    }

    /// Whether something of this kind can be opened now. Files always can.
    pub(crate) fn can_open(&self, storage: StorageName) -> bool {
        !is_token(storage) || self.plugged.has(storage)
    }
}

/// One socket's conversation: what a page said earlier that still counts.
#[derive(Debug, Default)]
pub struct Session {
    /// The language that `changeLocale` chose.
    locale: Option<Locale>,
    /// The certificates that the person showed to the applet's calls.
    shown: applet::Shown,
    /// Who refused the last request.
    refused_by: Option<&'static str>,
    /// Whether the last request looked which tokens are plugged in.
    has_looked_at_tokens: bool,
}

impl Session {
    /// A socket that has just been opened.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The module that refused the last request without asking anybody; empty: there is no such module. One of our own
    /// names, so that a log line holds nothing of the page's. `None` when it was not refused.
    #[must_use]
    pub fn refused_by(&self) -> Option<&'static str> {
        self.refused_by
    }

    /// Whether what became of the last request depended on which tokens are plugged in.
    #[must_use]
    pub fn has_looked_at_tokens(&self) -> bool {
        self.has_looked_at_tokens
    }

    /// What to do about one text frame.
    ///
    /// `tokens` are those that are plugged in now; `None`: that is not known yet. Only a request whose answer depends on
    /// it comes back then, as [`Step::Tokens`], and is given again once it is known. The text is not kept otherwise:
    /// documents are decoded straight from it, so it can be dropped as soon as this returns.
    pub fn receive(&mut self, text: &str, limits: &Limits, tokens: Option<&[TokenSeen]>) -> Step {
        self.refused_by = None;
        self.has_looked_at_tokens = false;
        if is_heartbeat(text) {
            return Step::Reply(HEARTBEAT.to_owned());
        }
        let request = match lenient_json::parse(text) {
            Ok(Value::Object(request)) => request,
            Ok(_) => return Step::Silent(Silence::NotAnObject),
            Err(error) => return Step::Silent(Silence::NotJson(error)),
        };
        if request.is_empty() {
            return Step::Silent(Silence::KeepAlive);
        }
        let (is_refused, is_looked_at) = (Cell::new(false), Cell::new(false));
        let plugged = Plugged::new(tokens.unwrap_or_default(), &is_looked_at);
        let mut context =
            Context { locale: &mut self.locale, limits, plugged, shown: &self.shown, is_refused: &is_refused };
        let (module, step) = match request.get("module") {
            None | Some(Value::Null) => (applet::NAME, applet::receive(&request, &mut context)),
            Some(Value::String(name)) if name.is_empty() => (applet::NAME, applet::receive(&request, &mut context)),
            Some(Value::String(name)) => match MODULES.iter().find(|module| module.name == name) {
                Some(module) => (module.name, (module.receive)(&request, &mut context)),
                None => ("", module_not_found(&context)),
            },
            Some(_) => ("", module_not_found(&context)),
        };
        self.has_looked_at_tokens = is_looked_at.get();
        if self.has_looked_at_tokens && tokens.is_none() {
            // Whatever came of it was said of a computer that nobody has looked at.
            return Step::Tokens;
        }
        self.refused_by = is_refused.get().then_some(module);
        step
    }
}

/// Sites test `errorCode === "MODULE_NOT_FOUND"` and then offer another way.
fn module_not_found(context: &Context<'_>) -> Step {
    context.refuse(refusal("MODULE_NOT_FOUND"))
}

/// The core's own failure shape (`ncalayer-protocol.md` 3.2).
pub(crate) fn refusal(code: &str) -> String {
    Writer::new().boolean("success", false).string("errorCode", code).end()
}

/// What to do about a frame.
#[derive(Debug)]
pub enum Step {
    /// Send nothing.
    Silent(Silence),
    /// Send this.
    Reply(String),
    /// Ask the person.
    Ask(Box<Ask>),
    /// Give the same text again once it is known which tokens are plugged in; the session is as it was before.
    Tokens,
}

/// Why nothing is sent; for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Silence {
    /// `{}`, which some pages send to keep the socket.
    #[error("keep-alive")]
    KeepAlive,
    /// Not JSON, even as leniently as it is read.
    #[error("not JSON: {0}")]
    NotJson(JsonError),
    /// JSON, but no object.
    #[error("not a JSON object")]
    NotAnObject,
    /// The applet's `setLocale`, which never had an answer.
    #[error("setLocale has no answer")]
    SetLocale,
}

/// A request that only the person can answer.
pub struct Ask {
    /// What is asked. The policy decides on this: [`Task::Sign`] signs, [`Task::ShowKey`] only reads a certificate.
    pub task: Task,
    /// The language that the page wants the window in; `None` keeps the person's own.
    pub locale: Option<Locale>,
    /// The module that was called; one of our own names, so that a log line holds nothing of the page's.
    pub module: &'static str,
    /// The method that was called; likewise.
    pub method: &'static str,
    /// Answers this very request.
    pub reply: Reply,
}

impl fmt::Debug for Ask {
    /// Never prints a document.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").field("module", &self.module).field("method", &self.method).finish_non_exhaustive()
    }
}

/// The shape in which one request is answered.
#[derive(Debug)]
pub struct Reply(Shape);

#[derive(Debug)]
pub(crate) enum Shape {
    CommonUtils(common_utils::Shape),
    Basics(basics::Shape),
    Accessory(accessory::Shape),
    Applet(applet::Answer),
    NurSign(nur_sign::Shape),
    Knp(knp::Shape),
    Esf(esf::Shape),
    /// Of ezSigner and its look-alike.
    Files(ez_signer::Shape),
}

impl From<Shape> for Reply {
    fn from(shape: Shape) -> Self {
        Self(shape)
    }
}

impl Reply {
    /// The frame that tells the page this outcome.
    #[must_use]
    pub fn answer(self, outcome: &Outcome) -> String {
        match self.0 {
            Shape::CommonUtils(shape) => shape.answer(outcome),
            Shape::Basics(shape) => shape.answer(outcome),
            Shape::Accessory(shape) => shape.answer(outcome),
            Shape::Applet(shape) => shape.answer(outcome),
            Shape::NurSign(shape) => shape.answer(outcome),
            Shape::Knp(shape) => shape.answer(outcome),
            Shape::Esf(shape) => shape.answer(outcome),
            Shape::Files(shape) => shape.answer(outcome),
        }
    }
}

/// What a page named, as it is repeated to it: never longer than any real name.
pub(crate) fn echo(name: &str) -> &str {
    const LONGEST: usize = 200;
    name.get(..name.floor_char_boundary(LONGEST)).unwrap_or_default()
}

/// `org.json`'s words for a member that is not there, or is of another type; the recorded replies have them.
pub(crate) fn json_complaint(name: &str, found: Option<&Value<'_>>, wanted: &str) -> String {
    format!("JSONObject[\"{name}\"] {}", if found.is_some() { wanted } else { "not found." })
}
