//! Who else may vouch for web sites in this person's browsers.
//!
//! NCALayer has browsers trust the NCA's own authorities for every web site (`ncalayer-protocol.md` 2.2), and leaves them
//! there. Tanba needs none of them.

use super::leaf;
use crate::doctor::{Detail, Finding, Fix, World, kinds};
use pki::Certificate;
use platform::trust::{SystemTrust, Vouching};

/// Words in the names of the NCA's and the root centre's authorities, of all generations.
const NAMES: [&str; 5] = ["КУӘЛАНДЫРУШЫ ОРТАЛЫҚ", "НЕГІЗГІ КО", "ҰКО", "ҰҚО", "NATIONAL CERTIFICATION AUTHORITY"];

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let vouching = match SystemTrust::of_user().and_then(|stores| stores.vouching()) {
        Ok(vouching) => vouching,
        Err(error) => return vec![Finding::of(kinds::AUTHORITY_UNKNOWN).with("what", leaf::cause(&error))],
    };
    let found: Vec<Finding> = vouching.into_iter().filter_map(|one| judge(world, one)).collect();
    if found.is_empty() { vec![Finding::of(kinds::AUTHORITY_NONE)] } else { found }
}

/// A local certificate of Tanba's vouches for nobody but itself.
fn judge(world: &World, one: Vouching) -> Option<Finding> {
    let certificate = Certificate::from_der(&one.der).ok();
    if certificate.as_ref().is_some_and(leaf::is_of_tanba) {
        return None;
    }
    let name = certificate.as_ref().and_then(|certificate| certificate.subject().common_name());
    let name = name.unwrap_or(&one.nickname).to_owned();
    let is_ncas = certificate.is_some_and(|certificate| {
        let has_key = world.measure.anchors.iter().any(|anchor| anchor.public_key() == certificate.public_key());
        has_key || NAMES.iter().any(|words| name.to_uppercase().contains(words))
    });
    let kind = if is_ncas { kinds::AUTHORITY_NCA } else { kinds::AUTHORITY_OTHER };
    let finding = Finding::of(kind)
        .with("name", Detail::Plain(name))
        .with("browser", Detail::plain(one.browser))
        .with("path", Detail::Path(one.path.clone()));
    Some(finding.fixed_by(Fix::TakeOut(one)))
}
