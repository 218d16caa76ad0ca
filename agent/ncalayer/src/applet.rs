//! The API before 2018: `module` absent, or `kz.gov.pki.knca.applet.Applet`.
//!
//! It let a page name a key file and its password, without a window. Tanba has none of it yet, and says so in the
//! applet's own shape, so that a page shows it instead of waiting. Arguments (among them the password) are never read.

use crate::envelope::{Context, Silence, Step, echo};
use crate::lenient_json::{Object, Value};
use crate::writer::Writer;
use order::Locale;

pub(crate) const NAME: &str = "kz.gov.pki.knca.applet.Applet";

/// The only method that does something: it chooses the language, and never had an answer (`ncalayer-protocol.md` 7.2).
pub(crate) const SET_LOCALE: &str = "setLocale";

pub(crate) fn receive(request: &Object<'_>, context: &mut Context<'_>) -> Step {
    let method = match request.get("method") {
        Some(Value::String(method)) => method,
        _ => "",
    };
    if method == SET_LOCALE {
        if let Some(Value::Array(args)) = request.get("args")
            && let Some(Value::String(code)) = args.first()
        {
            *context.locale = Locale::from_code(code).or(*context.locale);
        }
        return Step::Silent(Silence::SetLocale);
    }
    // Pages show `errorCode` as it is when it is not one of the few they know; so the words stand there.
    let code = format!("Method not implemented. Method:{}", echo(method));
    Step::Reply(Writer::new().string("result", "").string("errorCode", &code).end())
}
