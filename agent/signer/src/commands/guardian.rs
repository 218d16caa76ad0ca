//! `tanba-signer guardian`: one look at the remembered keys. Without a window, and at its end when it has looked.

use super::{CommandError, Context};
use crate::{
    guardian::{Memory, Status, Watch},
    judgement::{Judge, Revocation},
    services::Services,
};
use pki::Certificate;
use platform::notifications::{Notifications, SystemNotifications};
use std::{io::Write as _, process::ExitCode};

/// The name of the guardian's memory.
const FILE: &str = "guardian.json";

pub(super) fn look(context: &Context) -> Result<ExitCode, CommandError> {
    let certificates = context.remembered()?;
    let measure = context.measure();
    let speaks = context.settings.notifications.expiry;
    let notifications = SystemNotifications;
    // Who does not want to be told does not want anybody to be asked for it either.
    let services = (speaks && context.settings.services.check_before_signing && !certificates.is_empty())
        .then(|| Services::new(&context.settings.services))
        .transpose()
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "nobody is asked about revocation");
            None
        });
    let ask = |certificate: &Certificate| match (Judge { measure: &measure, services: services.as_ref() })
        .status(certificate, &[])
        .0
    {
        Revocation::Good { .. } => Status::Good,
        Revocation::Revoked { .. } => Status::Revoked,
        Revocation::NotAsked | Revocation::NoIssuer | Revocation::Unknown(_) => Status::Unknown,
    };
    let at = context.places.state().join(FILE);
    let mut memory = Memory::load(&at);
    let report = Watch {
        certificates: &certificates,
        measure: &measure,
        texts: &context.texts,
        notifications: speaks.then_some(&notifications as &dyn Notifications),
        ask: services.is_some().then_some(&ask as &dyn Fn(&Certificate) -> Status),
    }
    .look(&mut memory);
    memory.save(&at).map_err(|error| CommandError::File(at, error))?;
    let line = serde_json::to_string(&report).map_err(|error| CommandError::Failed(error.to_string()))?;
    let _ = writeln!(std::io::stdout(), "{line}");
    Ok(ExitCode::SUCCESS)
}
