//! Which crate may use which, and what each program must never link.

use crate::workspace::{manifest_of, metadata, read};
use cargo_metadata::{DependencyKind, Metadata, Package, PackageId};
use std::collections::{BTreeMap, BTreeSet};

/// The rooms from the ground up, each with all it may use: the table of `docs/architecture.md`. A room stands below
/// what it uses, so the table has no cycles.
const ROOMS: &[(&str, &[&str])] = &[
    ("gost", &[]),
    ("frames", &[]),
    ("order", &["frames"]),
    ("texts", &[]),
    ("platform", &[]),
    ("settings", &["platform"]),
    ("pki", &["gost"]),
    ("pkcs11", &["frames", "platform"]),
    ("keystore", &["pki", "gost", "platform", "pkcs11"]),
    ("signature", &["pki"]),
    ("ncalayer", &["order"]),
    ("listener", &["ncalayer", "order", "settings", "platform", "texts"]),
    ("signer-ui", &[]),
    ("signer", &["signer-ui", "signature", "keystore", "pki", "pkcs11", "order", "settings", "platform", "texts"]),
    ("tanba", &["listener", "order", "settings", "platform", "texts"]),
];

/// The rooms' own name is `tanba-NAME`, because several short names are published crates.
fn room_of(package: &str) -> &str {
    package.strip_prefix("tanba-").unwrap_or(package)
}

fn is_room(package: &Package) -> bool {
    manifest_of(package).starts_with("agent/")
}

fn may_use(room: &str) -> &'static [&'static str] {
    ROOMS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{room} is not in the table")).1
}

/// The workspace's own packages that a package names as dependencies of a kind.
fn own_dependencies<'a>(metadata: &'a Metadata, package: &'a Package, dev: bool) -> Vec<&'a str> {
    let own: BTreeSet<&str> = metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    package
        .dependencies
        .iter()
        .filter(|dependency| (dependency.kind == DependencyKind::Development) == dev)
        .map(|dependency| dependency.name.as_str())
        .filter(|name| own.contains(name))
        .collect()
}

/// Every package that a program of this name links, by way of normal dependencies.
fn linked(metadata: &Metadata, program: &str) -> BTreeMap<String, BTreeSet<String>> {
    let nodes: BTreeMap<&PackageId, _> =
        metadata.resolve.as_ref().expect("cargo resolves").nodes.iter().map(|node| (&node.id, node)).collect();
    let start = metadata.workspace_packages().into_iter().find(|package| package.name == program).expect(program);
    let mut seen = BTreeSet::new();
    let mut next = vec![&start.id];
    while let Some(id) = next.pop() {
        if seen.insert(id) {
            let normal = |dependency: &&cargo_metadata::NodeDep| {
                dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
            };
            next.extend(nodes[id].deps.iter().filter(normal).map(|dependency| &dependency.pkg));
        }
    }
    let mut packages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for id in seen {
        let package = &metadata[id];
        packages.entry(package.name.to_string()).or_default().insert(package.version.to_string());
    }
    packages
}

fn assert_links_none_of(program: &str, forbidden: &[&str]) {
    let linked = linked(&metadata(), program);
    let found: Vec<_> = linked
        .keys()
        .filter(|name| {
            forbidden.iter().any(|word| {
                name.as_str() == *word || word.strip_suffix('*').is_some_and(|start| name.starts_with(start))
            })
        })
        .collect();
    assert!(found.is_empty(), "{program} links {found:?}");
}

#[test]
fn the_table_has_no_cycles() {
    for (index, (room, uses)) in ROOMS.iter().enumerate() {
        for used in *uses {
            assert!(ROOMS[..index].iter().any(|(above, _)| above == used), "{room} uses {used}, which is not above it");
        }
    }
}

#[test]
fn every_room_stands_in_the_table_and_every_row_is_a_room() {
    let metadata = metadata();
    let rooms: BTreeSet<_> = metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| is_room(package))
        .map(|package| room_of(&package.name).to_owned())
        .collect();
    let rows: BTreeSet<_> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(rooms, rows);
}

#[test]
fn no_room_uses_what_its_row_does_not_name() {
    let metadata = metadata();
    for package in metadata.workspace_packages().into_iter().filter(|package| is_room(package)) {
        let room = room_of(&package.name);
        for used in own_dependencies(&metadata, package, false) {
            assert!(may_use(room).contains(&room_of(used)), "{room} uses {used}: the table has no such arrow");
        }
    }
}

#[test]
fn a_rooms_tests_use_its_own_arrows_and_what_is_made_for_tests() {
    let metadata = metadata();
    for package in metadata.workspace_packages().into_iter().filter(|package| is_room(package)) {
        let room = room_of(&package.name);
        for used in own_dependencies(&metadata, package, true) {
            let allowed = ["test-nca", "test-token", "nca-material"].contains(&room_of(used))
                || may_use(room).contains(&room_of(used));
            assert!(allowed, "the tests of {room} use {used}: the table has no such arrow");
        }
    }
}

#[test]
fn the_architecture_page_has_the_same_table() {
    let page = read("docs/architecture.md");
    let mut rows = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [room, _, uses] = cells[..] else { continue };
        let Some(room) = room.strip_prefix('`').and_then(|name| name.strip_suffix('`')) else { continue };
        let uses: BTreeSet<&str> = uses.split(',').map(str::trim).filter(|name| *name != "–").collect();
        rows.insert(room, uses);
    }
    // Prose under the table tells of signer-ui: it is a part of the signer that was split off for the compiler's sake.
    let table: BTreeMap<&str, BTreeSet<&str>> = ROOMS
        .iter()
        .filter(|(room, _)| *room != "signer-ui")
        .map(|(room, uses)| (*room, uses.iter().copied().filter(|used| *used != "signer-ui").collect()))
        .collect();
    assert_eq!(rows, table);
}

#[test]
fn the_listener_links_no_window_no_key_store_no_signature_and_no_http_client() {
    let forbidden = [
        "slint*",
        "i-slint*",
        "winit*",
        "rfd",
        "tanba-signer*",
        "tanba-keystore",
        "tanba-pkcs11",
        "cryptoki*",
        "tanba-signature",
        "tanba-pki",
        "tanba-gost",
        "tanba-test-nca",
        // It answers and never asks: what could open a connection to elsewhere is not in it.
        "ureq*",
        "reqwest*",
        "hyper*",
        "isahc",
        "curl*",
        "attohttpc",
        "minreq",
        "surf",
    ];
    assert_links_none_of("tanba-listener", &forbidden);
    assert_links_none_of("tanba", &forbidden);
}

#[test]
fn the_signer_links_no_door() {
    assert_links_none_of(
        "tanba-signer",
        &["tanba", "tanba-listener", "tanba-ncalayer", "tanba-test-nca", "tokio-tungstenite", "tungstenite", "rcgen"],
    );
}

#[test]
fn one_generation_of_rustcrypto_is_linked() {
    for program in ["tanba", "tanba-signer"] {
        let linked = linked(&metadata(), program);
        for name in ["digest", "der", "crypto-bigint", "crypto-common", "block-buffer", "spki", "const-oid"] {
            let versions = linked.get(name).cloned().unwrap_or_default();
            assert!(versions.len() <= 1, "{program} links {name} in {versions:?}");
        }
    }
}
