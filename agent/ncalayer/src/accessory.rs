//! `kz.gov.pki.ncalayerservices.accessory`: what is installed.
//!
//! Only what really works is listed: a site that finds its bundle here goes on and would fail where it could have
//! told the person what is missing.

use crate::envelope::{Context, MODULES, Step, refused};
use crate::lenient_json::{Object, Value};
use crate::writer::{self, Writer};

pub(crate) const NAME: &str = "kz.gov.pki.ncalayerservices.accessory";

/// The bundles of the original whose work Tanba does, each with the version whose behaviour it follows
/// (`ncalayer-protocol.md` 6).
const BUNDLES: [(&str, &str); 3] = [
    ("kz.gov.pki.api.layer.NCALayerServices", "0.7.3"),
    ("kz.gov.pki.osgi.layer.websocket", "0.4.1"),
    ("kz.gov.pki.osgi.layer.common", "0.3.4"),
];

struct Method {
    name: &'static str,
    /// `None`: known from the original, not there yet.
    run: Option<fn(&Object<'_>) -> Step>,
}

const METHODS: [Method; 5] = [
    Method { name: "getBundles", run: Some(get_bundles) },
    Method { name: "getServices", run: Some(get_services) },
    Method { name: "installBundle", run: Some(install_bundle) },
    Method { name: "showSettings", run: None },
    Method { name: "showBundleManager", run: None },
];

#[cfg(test)]
pub(crate) fn methods() -> Vec<(&'static str, bool)> {
    METHODS.iter().map(|method| (method.name, method.run.is_some())).collect()
}

pub(crate) fn receive(request: &Object<'_>, _: &mut Context<'_>) -> Step {
    let run = match request.get("method") {
        Some(Value::String(name)) => METHODS.iter().find(|method| method.name == name).and_then(|method| method.run),
        _ => None,
    };
    run.map_or_else(|| refused("METHOD_NOT_FOUND"), |run| run(request))
}

fn get_bundles(_: &Object<'_>) -> Step {
    let bundles = BUNDLES.iter().fold(Writer::new(), |reply, (name, version)| reply.string(name, version));
    Step::Reply(bundles.end())
}

fn get_services(_: &Object<'_>) -> Step {
    let names = MODULES.iter().map(|module| module.name);
    Step::Reply(Writer::new().array("services", names, writer::string).end())
}

/// Nothing is ever downloaded: the answer is whether the bundle's work is done here already. The pages that are known
/// do not look at it.
fn install_bundle(request: &Object<'_>) -> Step {
    match request.get("symname") {
        Some(Value::String(name)) if BUNDLES.iter().any(|(bundle, _)| bundle == name) => {
            Step::Reply(Writer::new().boolean("success", true).end())
        }
        _ => refused("BUNDLE_NOT_FOUND"),
    }
}
