//! The API before 2018: `module` absent, or `kz.gov.pki.knca.applet.Applet`.
//!
//! It let a page name a key file and its password, without a window. Tanba has none of it yet, and says so in the
//! applet's own shape, so that a page shows it instead of waiting. Arguments (among them the password) are never read.

use crate::envelope::{Context, Silence, Step, echo};
use crate::lenient_json::{Object, Value};
use crate::table::{self, Does, Listed, Method};
use crate::writer::Writer;
use order::Locale;

pub(crate) const NAME: &str = "kz.gov.pki.knca.applet.Applet";

type Run = fn(&Object<'_>, &mut Context<'_>) -> Step;

const METHODS: [Method<Run>; 20] = [
    Method { name: "setLocale", does: Does::All(set_locale), remark: "no reply, as ever" },
    Method { name: "browseKeyStore", does: Does::Nothing, remark: "" },
    Method { name: "loadSlotList", does: Does::Nothing, remark: "" },
    Method { name: "showFileChooser", does: Does::Nothing, remark: "" },
    Method { name: "getKeys", does: Does::Nothing, remark: "" },
    Method { name: "getNotBefore", does: Does::Nothing, remark: "" },
    Method { name: "getNotAfter", does: Does::Nothing, remark: "" },
    Method { name: "getSubjectDN", does: Does::Nothing, remark: "" },
    Method { name: "getIssuerDN", does: Does::Nothing, remark: "" },
    Method { name: "getRdnByOid", does: Does::Nothing, remark: "" },
    Method { name: "signPlainData", does: Does::Nothing, remark: "" },
    Method { name: "verifyPlainData", does: Does::Nothing, remark: "" },
    Method { name: "createCMSSignature", does: Does::Nothing, remark: "" },
    Method { name: "createCMSSignatureFromFile", does: Does::Nothing, remark: "" },
    Method { name: "verifyCMSSignature", does: Does::Nothing, remark: "" },
    Method { name: "verifyCMSSignatureFromFile", does: Does::Nothing, remark: "" },
    Method { name: "signXml", does: Does::Nothing, remark: "" },
    Method { name: "signXmlByElementId", does: Does::Nothing, remark: "" },
    Method { name: "verifyXml", does: Does::Nothing, remark: "" },
    Method { name: "getHash", does: Does::Nothing, remark: "" },
];

pub(crate) fn listed() -> Vec<Listed> {
    table::rows(NAME, &METHODS)
}

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    let method = match request.get("method") {
        Some(Value::String(method)) => method,
        _ => "",
    };
    if let Some((_, run)) = table::find(&METHODS, method) {
        return run(request, context);
    }
    // Pages show `errorCode` as it is when it is not one of the few they know; so the words stand there.
    let code = format!("Method not implemented. Method:{}", echo(method));
    Step::Reply(Writer::new().string("result", "").string("errorCode", &code).end())
}

/// Chooses the language; it never had an answer (`ncalayer-protocol.md` 7.2).
fn set_locale(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    if let Some(Value::Array(args)) = request.get("args")
        && let Some(Value::String(code)) = args.first()
    {
        *context.locale = Locale::from_code(code).or(*context.locale);
    }
    Step::Silent(Silence::SetLocale)
}
