//! `kz.gov.pki.ncalayerservices.accessory`: what is installed.
//!
//! Only what really works is listed: a site that finds its bundle here goes on and would fail where it could have
//! told the person what is missing.

use crate::envelope::{Announced, Context, MODULES, Step, refused};
use crate::lenient_json::{Object, Value};
use crate::table::{self, Does, Listed, Method};
use crate::writer::{self, Writer};

pub(crate) const NAME: &str = "kz.gov.pki.ncalayerservices.accessory";

/// Bundles of the original that have no module of their own and whose work is done here, each with the version whose
/// behaviour it follows (`ncalayer-protocol.md` 6).
const WITHOUT_MODULE: [(&str, &str); 1] = [("kz.gov.pki.osgi.layer.websocket", "0.4.1")];

type Run = fn(&Object<'_>) -> Step;

const METHODS: [Method<Run>; 5] = [
    Method { name: "getBundles", does: Does::All(get_bundles), remark: "lists only what works here" },
    Method { name: "getServices", does: Does::All(get_services), remark: "lists only what works here" },
    Method {
        name: "installBundle",
        does: Does::Part(install_bundle),
        remark: "nothing is downloaded: `{\"success\":true}` if the bundle's work is done here, else `{\"success\":false,\"errorCode\":\"BUNDLE_NOT_FOUND\"}`",
    },
    Method {
        name: "showSettings",
        does: Does::Nothing,
        remark: "`{\"success\":false,\"errorCode\":\"METHOD_NOT_FOUND\"}`",
    },
    Method { name: "showBundleManager", does: Does::Nothing, remark: "likewise" },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

pub(crate) fn receive(request: &Object<'_>, _: &mut Context<'_>) -> Step {
    let found = match request.get("method") {
        Some(Value::String(name)) => table::find(&METHODS, name),
        _ => None,
    };
    found.map_or_else(|| refused("METHOD_NOT_FOUND"), |(_, run)| run(request))
}

/// Every bundle that is announced, with its version.
fn bundles() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_modules = MODULES.iter().filter_map(|module| match module.announced {
        Announced::Bundle(name, version) => Some((name, version)),
        Announced::Service | Announced::No => None,
    });
    WITHOUT_MODULE.into_iter().chain(of_modules)
}

fn get_bundles(_: &Object<'_>) -> Step {
    Step::Reply(bundles().fold(Writer::new(), |reply, (name, version)| reply.string(name, version)).end())
}

fn get_services(_: &Object<'_>) -> Step {
    let announced = MODULES.iter().filter(|module| module.announced != Announced::No);
    Step::Reply(Writer::new().array("services", announced.map(|module| module.name), writer::string).end())
}

/// Nothing is ever downloaded: the answer is whether the bundle's work is done here already. The pages that are known
/// do not look at it.
fn install_bundle(request: &Object<'_>) -> Step {
    match request.get("symname") {
        Some(Value::String(name)) if bundles().any(|(bundle, _)| bundle == name) => {
            Step::Reply(Writer::new().boolean("success", true).end())
        }
        _ => refused("BUNDLE_NOT_FOUND"),
    }
}
