//! Whether a key may sign here and now. Every command that has a key sign asks this, whatever it then signs.

use super::{CommandError, Context};
use crate::fitness::is_test;
use pki::{Certificate, Validity};
use texts::Value;

/// What a key is to do; it says what is let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Sign what somebody will verify.
    Sign,
    /// The same for a system under test, which takes what expired.
    SignThoughExpired,
    /// Ask for its successor.
    Renew,
    /// Ask for its own end: a key that its owner blocked signs this one thing.
    Revoke,
}

/// Whether the certificate is a test one.
///
/// # Errors
/// [`CommandError`] when its key may not sign: it is blocked, not valid now, or a test key outside the test environment.
pub(super) fn check(context: &Context, certificate: &Certificate, purpose: Purpose) -> Result<bool, CommandError> {
    let refused = |id: &str, name: &'static str, value: &str| {
        Err(CommandError::Failed(context.say(id, &[(name, Value::Text(value))])))
    };
    if purpose != Purpose::Revoke
        && let Some(blocked) = context.blocked.find(certificate)
    {
        return refused("sign-blocked", "serial", &blocked.serial);
    }
    let until = certificate.not_after().date().to_string();
    match certificate.validity_at(context.now) {
        Validity::Current => {}
        Validity::Expired if purpose == Purpose::SignThoughExpired => {}
        Validity::Expired if purpose == Purpose::Renew => return refused("keys-renew-expired", "until", &until),
        Validity::Expired => return refused("sign-expired", "until", &until),
        Validity::NotYet => return refused("sign-not-yet", "until", &until),
    }
    let measure = context.measure();
    let is_test = is_test(certificate, &measure);
    if is_test && !measure.test_environment {
        return refused("sign-test-key-refused", "path", &context.places.settings_file().display().to_string());
    }
    Ok(is_test)
}
