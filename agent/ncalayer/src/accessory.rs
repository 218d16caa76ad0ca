//! `kz.gov.pki.ncalayerservices.accessory`: what is installed.
//!
//! Only what really works is listed: a site that finds its bundle here goes on and would fail where it could have
//! told the person what is missing.

use crate::envelope::{self, Announced, Ask, Context, MODULES, Step, refusal};
use crate::lenient_json::{Object, Value};
use crate::table::{self, Does, Listed, Method};
use crate::writer::{self, Writer};
use order::{Failure, Notice, Outcome, Task};

pub(crate) const NAME: &str = "kz.gov.pki.ncalayerservices.accessory";

/// Bundles of the original that have no module of their own and whose work is done here, each with the version whose
/// behaviour it follows (`ncalayer-protocol.md` 6).
const WITHOUT_MODULE: [(&str, &str); 4] = [
    ("kz.gov.pki.osgi.layer.websocket", "0.4.1"),
    ("kz.gov.pki.kalkan.knca_provider_jce_kalkan", "0.7.6"),
    ("kz.gov.pki.provider.knca_provider_util", "0.8.8"),
    ("kz.gov.pki.kalkan.xmldsig", "0.4.0"),
];

type Run = fn(&Object<'_>) -> Done;

/// How a method ended.
enum Done {
    Reply(Step),
    Tell(Notice),
}

const SHOWN: &str = "a window says where the settings are; `{\"success\":true}` when it was shown";

const METHODS: [Method<Run>; 5] = [
    Method { name: "getBundles", does: Does::All(get_bundles), remark: "lists only what works here" },
    Method { name: "getServices", does: Does::All(get_services), remark: "lists only what works here" },
    Method {
        name: "installBundle",
        does: Does::Part(install_bundle),
        remark: "nothing is downloaded: `{\"success\":true}` if the bundle's work is done here, else `{\"success\":false,\"errorCode\":\"BUNDLE_NOT_FOUND\"}`",
    },
    Method { name: "showSettings", does: Does::Chosen(show_settings), remark: SHOWN },
    Method {
        name: "showBundleManager",
        does: Does::Chosen(show_bundle_manager),
        remark: "a window says which modules answer; the reply likewise",
    },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    let found = match request.get("method") {
        Some(Value::String(name)) => table::find(&METHODS, name),
        _ => None,
    };
    match found {
        None => context.refuse(refusal("METHOD_NOT_FOUND")),
        Some((method, run)) => match run(request) {
            Done::Reply(step) => step,
            Done::Tell(notice) => {
                let reply = envelope::Shape::Accessory(Shape).into();
                let (task, locale) = (Task::Tell(notice), *context.locale);
                Step::Ask(Box::new(Ask { task, locale, module: NAME, method, reply }))
            }
        },
    }
}

/// Every bundle that is announced, with its version.
fn bundles() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_modules = MODULES.iter().filter_map(|module| match module.announced {
        Announced::Bundle(name, version) => Some((name, version)),
        Announced::Service | Announced::No => None,
    });
    WITHOUT_MODULE.into_iter().chain(of_modules)
}

/// Every module that is announced.
fn services() -> impl Iterator<Item = &'static str> {
    MODULES.iter().filter(|module| module.announced != Announced::No).map(|module| module.name)
}

fn get_bundles(_: &Object<'_>) -> Done {
    let reply = bundles().fold(Writer::new(), |reply, (name, version)| reply.string(name, version));
    Done::Reply(Step::Reply(reply.end()))
}

fn get_services(_: &Object<'_>) -> Done {
    Done::Reply(Step::Reply(Writer::new().array("services", services(), writer::string).end()))
}

/// Nothing is ever downloaded: the answer is whether the bundle's work is done here already. The pages that are known
/// do not look at it. A module's own name is taken too, because some bundles' names were never seen.
fn install_bundle(request: &Object<'_>) -> Done {
    let Some(Value::String(wanted)) = request.get("symname") else {
        return Done::Reply(Step::Reply(refusal("BUNDLE_NOT_FOUND")));
    };
    let is_here = bundles().map(|(bundle, _)| bundle).chain(services()).any(|name| name == wanted);
    Done::Reply(Step::Reply(if is_here { success() } else { refusal("BUNDLE_NOT_FOUND") }))
}

fn show_settings(_: &Object<'_>) -> Done {
    Done::Tell(Notice::Settings)
}

fn show_bundle_manager(_: &Object<'_>) -> Done {
    Done::Tell(Notice::Modules(services().map(str::to_owned).collect()))
}

fn success() -> String {
    Writer::new().boolean("success", true).end()
}

/// How it is told what became of a window. The original's replies are not known; these are ours, in the shape of the
/// core's own.
#[derive(Debug)]
pub(crate) struct Shape;

impl Shape {
    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        let (code, message) = match outcome {
            Outcome::Told => return success(),
            Outcome::Cancelled => ("CANCELLED", ""),
            Outcome::Failed(Failure { detail, .. }) => ("NOT_SHOWN", detail.as_str()),
            _ => ("NOT_SHOWN", "the signer answered something else than was asked"),
        };
        let reply = Writer::new().boolean("success", false).string("errorCode", code);
        if message.is_empty() { reply.end() } else { reply.string("message", message).end() }
    }
}
