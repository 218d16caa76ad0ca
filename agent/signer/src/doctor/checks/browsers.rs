//! What browsers were told: by an administrator about sites' way to this computer, by an installer about Tanba.

use crate::doctor::{Detail, Finding, Kind, World, kinds};
use platform::browsers::{self, BrowserFile};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What Chromium knows about a page's way to this computer, the first that names a site first
/// (`ncalayer-protocol.md` 2.4).
const BLOCKED: [&str; 2] = ["LoopbackNetworkBlockedForUrls", "LocalNetworkAccessBlockedForUrls"];
const ALLOWED: [&str; 2] = ["LoopbackNetworkAllowedForUrls", "LocalNetworkAccessAllowedForUrls"];

/// The most sites of a list that are told of.
const MOST_TOLD: usize = 5;

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let mut found = extension(world.home.as_deref());
    found.extend(network());
    found
}

/// A manifest that names a program of Tanba's.
fn extension(home: Option<&Path>) -> Vec<Finding> {
    let files = home.map(browsers::native_messaging).unwrap_or_default();
    let of = |file: BrowserFile| {
        let manifest: Value = serde_json::from_slice(&file.content.ok()?).ok()?;
        let program = PathBuf::from(manifest.get("path")?.as_str()?);
        let is_ours = program.file_name()?.to_str()?.starts_with("tanba");
        let kind = if program.is_file() { kinds::EXTENSION_MANIFEST } else { kinds::EXTENSION_BROKEN };
        let finding = Finding::of(kind)
            .with("browser", Detail::plain(file.browser))
            .with("path", Detail::Path(file.path))
            .with("program", Detail::Path(program));
        is_ours.then_some(finding)
    };
    let found: Vec<Finding> = files.into_iter().filter_map(of).collect();
    if found.is_empty() { vec![Finding::of(kinds::EXTENSION_ABSENT)] } else { found }
}

fn network() -> Vec<Finding> {
    let found: Vec<Finding> = browsers::managed_policies().iter().flat_map(policies).collect();
    if found.is_empty() { vec![Finding::of(kinds::NETWORK_FREE)] } else { found }
}

fn policies(file: &BrowserFile) -> Vec<Finding> {
    let at = |kind: Kind| {
        Finding::of(kind).with("browser", Detail::plain(file.browser)).with("path", Detail::Path(file.path.clone()))
    };
    let policies: Value = match file.content.as_ref().map(|content| serde_json::from_slice(content)) {
        Ok(Ok(policies)) => policies,
        Ok(Err(error)) => return vec![at(kinds::NETWORK_UNREADABLE).with("what", Detail::Cause(error.to_string()))],
        Err(error) => return vec![at(kinds::NETWORK_UNREADABLE).with("what", Detail::Cause(error.to_string()))],
    };
    let listed = |names: [&str; 2]| {
        let lists = names.iter().filter_map(|name| policies.get(name)?.as_array());
        let sites: Vec<&str> = lists.flatten().filter_map(Value::as_str).collect();
        let told = sites.iter().take(MOST_TOLD).copied().collect::<Vec<_>>().join(", ");
        (!sites.is_empty()).then(|| if sites.len() > MOST_TOLD { format!("{told}, …") } else { told })
    };
    let of = |kind: Kind, sites: Option<String>| sites.map(|sites| at(kind).with("sites", Detail::Plain(sites)));
    let blocked = of(kinds::NETWORK_BLOCKED, listed(BLOCKED));
    blocked.into_iter().chain(of(kinds::NETWORK_ALLOWED, listed(ALLOWED))).collect()
}
