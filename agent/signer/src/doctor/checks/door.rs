//! Who has the port that sites look at, whether Tanba answers there, and with its own certificate.

use super::leaf;
use crate::doctor::{Detail, Finding, Fix, World, kinds};
use crate::services::loopback::{self, Met, NotMet};
use ::settings::Settings;
use pki::Certificate;
use platform::instance::Holder;
use platform::peer::{Owner, PeerError, PortHolder, PortHolders, ProgramKind, SystemPeers};

/// The name of the file that the listener locks.
const LOCK: &str = "tanba.lock";

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let port = world.settings().port();
    let mut found = Vec::new();
    if port != Settings::STANDARD_PORT {
        let finding = on(port, kinds::PORT_UNUSUAL).with("standard", Detail::plain(Settings::STANDARD_PORT));
        let fix = (!world.loaded.is_locked("port")).then_some(Fix::ResetPort);
        found.push(Finding { fix, ..finding });
    }
    match holders(port) {
        Err(error) => {
            found.push(on(port, kinds::PORT_UNKNOWN).with("what", Detail::Cause(error.to_string())));
            found.push(Finding::of(kinds::TLS_UNKNOWN));
        }
        Ok(PortHolders { v4: None, v6: None, .. }) => {
            found.push(nobody(world, port));
            found.push(Finding::of(kinds::TLS_UNKNOWN));
        }
        Ok(holders) => {
            let holder = holders.v4.as_ref().or(holders.v6.as_ref());
            let who = holder.map_or(Who::Hidden, Who::of);
            found.extend(holder.map(|holder| held(port, who, holder)));
            if who == Who::Tanba && holders.has_v6 && holders.v6.as_ref().map(Who::of) != Some(Who::Tanba) {
                found.push(on(port, kinds::PORT_HALF));
            }
            found.extend(meet(world, port, who));
        }
    }
    found
}

/// What a finding about a port names. Numbers here are names: no language puts a blank into a port.
fn on(port: u16, kind: crate::doctor::Kind) -> Finding {
    Finding::of(kind).with("port", Detail::plain(port))
}

fn holders(port: u16) -> Result<PortHolders, PeerError> {
    SystemPeers::default().holders_of_port(port)
}

/// Who has the port.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Tanba,
    NcaLayer,
    Other,
    AnotherUser,
    Hidden,
}

impl Who {
    fn of(holder: &PortHolder) -> Self {
        match holder {
            PortHolder { owner: Owner::AnotherUser(_), .. } => Self::AnotherUser,
            PortHolder { program: None, .. } => Self::Hidden,
            PortHolder { program: Some(program), .. } => match program.kind {
                ProgramKind::Tanba => Self::Tanba,
                ProgramKind::NcaLayer => Self::NcaLayer,
                ProgramKind::Browser | ProgramKind::Other => Self::Other,
            },
        }
    }
}

fn held(port: u16, who: Who, holder: &PortHolder) -> Finding {
    let kind = match who {
        Who::Tanba => kinds::PORT_TANBA,
        Who::NcaLayer => kinds::PORT_NCALAYER,
        Who::Other => kinds::PORT_OTHER,
        Who::AnotherUser => kinds::PORT_ANOTHER_USER,
        Who::Hidden => kinds::PORT_HIDDEN,
    };
    let finding = on(port, kind);
    let Some(program) = &holder.program else { return finding };
    // A process that does not let itself be looked at has a name at least.
    let path = program.path.clone().unwrap_or_else(|| program.name.clone().into());
    finding
        .with("program", Detail::Plain(program.name.clone()))
        .with("pid", Detail::plain(program.pid.map_or_else(|| "?".to_owned(), |pid| pid.to_string())))
        .with("path", Detail::Path(path))
}

/// Nobody listens where sites look. Whether Tanba does elsewhere, the last one to run has written down.
fn nobody(world: &World, port: u16) -> Finding {
    let record = Holder::recorded(&world.places.runtime().join(LOCK));
    let elsewhere = record.and_then(|record| record.port).filter(|other| *other != port).filter(|other| {
        let holder = holders(*other).ok().and_then(|holders| holders.v4);
        holder.is_some_and(|holder| Who::of(&holder) == Who::Tanba)
    });
    match elsewhere {
        Some(other) => on(port, kinds::PORT_ELSEWHERE).with("other", Detail::plain(other)),
        None => on(port, kinds::PORT_NOBODY).fixed_by(Fix::Start),
    }
}

/// What answers there.
fn meet(world: &World, port: u16, who: Who) -> Vec<Finding> {
    // Another user's Tanba refuses us, and rightly; NCALayer's certificate is no news.
    if matches!(who, Who::AnotherUser | Who::NcaLayer) {
        return vec![Finding::of(kinds::TLS_UNKNOWN)];
    }
    let met = match loopback::meet(port) {
        Ok(met) => met,
        Err(NotMet::Nobody | NotMet::Silent | NotMet::NoTls) => {
            let silent = (who == Who::Tanba).then(|| on(port, kinds::SOCKET_SILENT));
            return silent.into_iter().chain([Finding::of(kinds::TLS_UNKNOWN)]).collect();
        }
    };
    let mut found = Vec::new();
    if who == Who::Tanba {
        let kind = if met.status == Some(200) { kinds::SOCKET_ANSWERS } else { kinds::SOCKET_SILENT };
        found.push(on(port, kind));
    }
    found.push(certificate(world, &met, who));
    found
}

fn certificate(world: &World, met: &Met, who: Who) -> Finding {
    let own = leaf::read(world).ok().flatten();
    if own.is_some_and(|own| own.der() == met.certificate) {
        return Finding::of(kinds::TLS_OWN);
    }
    let shown = Certificate::from_der(&met.certificate).ok();
    if who == Who::Tanba && shown.as_ref().is_some_and(leaf::is_of_tanba) {
        return Finding::of(kinds::TLS_STALE);
    }
    let issuer = shown.map(|shown| {
        let name = shown.issuer();
        name.common_name().map_or_else(|| name.to_dn_string(), str::to_owned)
    });
    Finding::of(kinds::TLS_RESIGNED).with("issuer", Detail::Plain(issuer.unwrap_or_else(|| "?".to_owned())))
}
