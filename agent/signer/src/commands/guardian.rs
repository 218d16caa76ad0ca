//! `tanba-signer guardian`: one look at the remembered keys, and one at the version file where the settings name one. Without a window, and at its end when it has looked.

use super::{CommandError, Context};
use crate::{
    guardian::{Memory, Status, Watch},
    judgement::{Judge, Revocation},
    services::Services,
    updates,
};
use pki::Certificate;
use platform::notifications::{Notifications, SystemNotifications};
use std::{io::Write as _, process::ExitCode};

/// The name of the guardian's memory.
const FILE: &str = "guardian.json";

pub(super) fn look(context: &Context) -> Result<ExitCode, CommandError> {
    let looked = at_keys(context);
    // A list of keys that cannot be read says nothing about versions.
    for_newer_version(context);
    looked
}

/// What it says of versions it says to the person alone, and to the log.
fn for_newer_version(context: &Context) {
    let settings = &context.settings;
    let Some(signer) = settings.updates.signer_digest().filter(|_| settings.updates.source().is_some()) else { return };
    let mut memory = updates::Memory::load(&context.places, &signer);
    let before = memory.clone();
    updates::Watch {
        updates: &settings.updates,
        fetch: &|source| updates::fetch(source, &settings.services),
        texts: &context.texts,
        notifications: &SystemNotifications,
        here: &updates::this_version(),
        now: context.now,
    }
    .look(&mut memory);
    if memory != before
        && let Err(error) = memory.save(&context.places)
    {
        tracing::warn!(%error, "what the version file says could not be remembered");
    }
}

fn at_keys(context: &Context) -> Result<ExitCode, CommandError> {
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
