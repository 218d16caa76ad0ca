//! Whether a certificate was revoked, asked before something is done that would be pointless then.

use super::{Context, say};
use crate::{
    judgement::{Judge, Revocation, Trouble},
    services::Services,
};
use pki::Certificate;
use texts::Value;

/// Whom a command may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// The certificate's OCSP service.
    Services,
    /// Nobody: the person said `--offline`.
    Nobody,
}

impl Asks {
    /// What `--offline` says.
    pub(super) const fn unless(offline: bool) -> Self {
        if offline { Self::Nobody } else { Self::Services }
    }
}

/// Since when the certificate is revoked. What could not be found out is said, and hinders nothing: the network may be away.
/// `issuers` may stand between it and whom is believed.
pub(super) fn since(
    context: &Context,
    certificate: &Certificate,
    issuers: &[Certificate],
    asks: Asks,
) -> Option<String> {
    if asks == Asks::Nobody {
        context.note("keys-status-offline", &[]);
        return None;
    }
    let (measure, settings) = (context.measure(), &context.settings.services);
    let (status, troubles) = match Services::new(settings) {
        Ok(services) => Judge { measure: &measure, services: Some(&services) }.status(certificate, issuers),
        Err(error) => (Revocation::Unknown(error.to_string()), vec![Trouble::Service(error)]),
    };
    match status {
        Revocation::Revoked { since, .. } => return Some(since.date().to_string()),
        Revocation::Good { .. } => {}
        Revocation::NoIssuer => context.note("verify-revocation-no-issuer", &[]),
        Revocation::NotAsked | Revocation::Unknown(_) if troubles.is_empty() => {
            context.note("keys-status-nobody", &[]);
        }
        Revocation::NotAsked | Revocation::Unknown(_) => {
            let told = troubles.iter().map(|trouble| match trouble {
                Trouble::Service(error) => say(&context.texts, &error.sentence()),
                Trouble::Evidence(one) => say(&context.texts, &one.sentence()),
            });
            let what = told.collect::<Vec<_>>().join(" ");
            context.note("keys-status-unknown", &[("what", Value::Text(&what))]);
        }
    }
    None
}
