//! The local certificate, and which browsers trust it.

use crate::doctor::{Detail, Finding, Fix, World, kinds};
use crate::life::standing::{days_left, is_soon};
use crate::window::Sentence;
use pki::{Certificate, Validity};
use platform::trust::{Leaf, Standing, SystemTrust, TrustError, TrustStores as _};
use std::io;
use zeroize::Zeroizing;

/// Where the listener keeps it, with its key.
const FILE: &str = "leaf.pem";

/// A certificate and a key of ours take less than two kilobytes.
const LONGEST: u64 = 64 * 1024;

/// With this the name of every local certificate begins.
const NAME: &str = "Tanba 127.0.0.1 ";

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let leaf = match read(world) {
        Ok(Some(leaf)) => leaf,
        Ok(None) => return vec![Finding::of(kinds::LEAF_MISSING).fixed_by(Fix::Trust)],
        Err(what) => {
            let what = Detail::Cause(what);
            return vec![Finding::of(kinds::LEAF_UNUSABLE).with("what", what).fixed_by(Fix::Renew)];
        }
    };
    let now = world.measure.now;
    let until = leaf.not_after().date().to_string();
    let kind = match (leaf.validity_at(now), days_left(&leaf, now)) {
        (Validity::Current, Some(days)) if !is_soon(days) => kinds::LEAF_FINE,
        (Validity::Current, _) => kinds::LEAF_ENDS_SOON,
        _ => kinds::LEAF_ENDED,
    };
    let mut found = vec![Finding::of(kind).with("until", Detail::Plain(until))];
    if kind != kinds::LEAF_FINE {
        found = found.into_iter().map(|one| one.fixed_by(Fix::Renew)).collect();
    }
    found.extend(browsers(&leaf));
    found
}

/// The certificate of the file; none where there is no file.
pub(super) fn read(world: &World) -> Result<Option<Certificate>, String> {
    let path = world.places.data().join(FILE);
    // The key stands behind it.
    let content = match platform::files::read_ordinary(&path, LONGEST).map(Zeroizing::new) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let der = pki::pem::decode(&content, &["CERTIFICATE"]).map_err(|error| error.to_string())?;
    let leaf = Certificate::from_der(&der).map_err(|error| error.to_string())?;
    if is_of_tanba(&leaf) { Ok(Some(leaf)) } else { Err("it is none that Tanba made".to_owned()) }
}

/// Whether a certificate is a Tanba's local one, of this person or another.
pub(super) fn is_of_tanba(certificate: &Certificate) -> bool {
    let is_named = certificate.subject().common_name().is_some_and(|name| name.starts_with(NAME));
    is_named && certificate.subject() == certificate.issuer() && !certificate.basic_constraints_ca()
}

fn browsers(leaf: &Certificate) -> Vec<Finding> {
    let nickname = leaf.subject().common_name().unwrap_or_default();
    let looked = SystemTrust::of_user()
        .and_then(|trust| trust.status(Leaf { nickname, der: leaf.der() }).map(|stores| (trust, stores)));
    let (trust, stores) = match looked {
        Ok((_, stores)) if stores.is_empty() => return vec![Finding::of(kinds::BROWSER_NONE).fixed_by(Fix::Trust)],
        Ok(looked) => looked,
        Err(error) => return vec![Finding::of(kinds::BROWSER_UNKNOWN).with("what", cause(&error))],
    };
    let of = |store: platform::trust::Store| {
        let (kind, what) = match store.standing {
            Standing::Trusted => (kinds::BROWSER_TRUSTS, None),
            // That a store is under a password only shows when one tries to write.
            Standing::Untrusted | Standing::Absent if trust.is_locked(&store.path).unwrap_or(false) => {
                (kinds::BROWSER_LOCKED, None)
            }
            Standing::Untrusted | Standing::Absent => (kinds::BROWSER_TRUSTS_NOT, None),
            Standing::Locked => (kinds::BROWSER_LOCKED, None),
            Standing::Unusable(what) => (kinds::BROWSER_UNUSABLE, Some(what)),
        };
        let finding = Finding::of(kind)
            .with("browser", Detail::plain(store.browser))
            .with("path", Detail::Path(store.path))
            .with("what", Detail::Cause(what.unwrap_or_default()));
        if kind == kinds::BROWSER_TRUSTS_NOT { finding.fixed_by(Fix::Trust) } else { finding }
    };
    stores.into_iter().map(of).collect()
}

/// Why no store can be looked at, with the way on.
pub(super) fn cause(error: &TrustError) -> Detail {
    match error {
        TrustError::ToolMissing { tool } => Detail::Sentence(Sentence::new("trust-tool-missing").with("tool", *tool)),
        other => Detail::Cause(other.to_string()),
    }
}
