//! Every dependency is explained in `docs/dependencies.md`, in a table whose first column is its name in backticks.

use crate::workspace::{manifest_of, metadata, read};
use cargo_metadata::Package;
use std::collections::{BTreeMap, BTreeSet};

/// The dependencies that the workspace shares: the name as published, and whether a package uses it.
fn shared() -> BTreeMap<String, bool> {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml is TOML");
    let used: BTreeSet<String> = metadata()
        .workspace_packages()
        .into_iter()
        .flat_map(|package| package.dependencies.iter().map(|dependency| dependency.name.clone()))
        .collect();
    let dependencies = manifest["workspace"]["dependencies"].as_table().expect("a table");
    dependencies
        .iter()
        .filter(|(_, entry)| entry.get("path").is_none())
        .map(|(key, entry)| entry.get("package").and_then(toml::Value::as_str).unwrap_or(key).to_owned())
        .map(|name| (name.clone(), used.contains(&name)))
        .collect()
}

/// The packages that the browser tests and the dialect's test kit take from npm.
fn npm() -> BTreeSet<String> {
    let of = |path: &str| {
        let manifest: serde_json::Value = serde_json::from_str(&read(path)).expect("package.json is JSON");
        manifest["dependencies"].as_object().expect("an object").keys().cloned().collect::<Vec<_>>()
    };
    ["tests/e2e/package.json", "tests/conformance/package.json"].into_iter().flat_map(of).collect()
}

/// The first column of every table of the page.
fn explained() -> BTreeSet<String> {
    read("docs/dependencies.md")
        .lines()
        .filter_map(|line| line.trim().strip_prefix('|'))
        .filter_map(|row| row.split('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_dependency_is_explained() {
    let explained = explained();
    let missing: Vec<_> = shared().into_keys().chain(npm()).filter(|name| !explained.contains(name)).collect();
    assert!(missing.is_empty(), "docs/dependencies.md has no row for {missing:?}");
}

#[test]
fn what_is_explained_is_still_a_dependency() {
    let shared = shared();
    let npm = npm();
    let gone: Vec<_> =
        explained().into_iter().filter(|name| !shared.contains_key(name) && !npm.contains(name)).collect();
    assert!(gone.is_empty(), "docs/dependencies.md explains what is not there: {gone:?}");
}

#[test]
fn every_shared_dependency_is_used() {
    let unused: Vec<_> = shared().into_iter().filter(|(_, used)| !used).map(|(name, _)| name).collect();
    assert!(unused.is_empty(), "no package uses {unused:?} of Cargo.toml");
}

/// A manifest as TOML.
fn manifest(package: &Package) -> toml::Table {
    read(&manifest_of(package)).parse().expect("a manifest is TOML")
}

/// Every dependency that a manifest names: everywhere, and on some systems only.
fn named(manifest: &toml::Table) -> Vec<(&String, &toml::Value)> {
    let on_some_systems = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    let tables = on_some_systems.filter_map(|(_, table)| table.as_table());
    std::iter::once(manifest)
        .chain(tables)
        .flat_map(|table| ["dependencies", "dev-dependencies", "build-dependencies"].map(|section| table.get(section)))
        .flatten()
        .flat_map(|section| section.as_table().expect("dependencies are a table"))
        .collect()
}

fn takes_the_workspaces(entry: Option<&toml::Value>) -> bool {
    entry.and_then(|entry| entry.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
}

#[test]
fn every_package_takes_its_versions_from_the_workspace() {
    for package in metadata().workspace_packages() {
        for (name, entry) in named(&manifest(package)) {
            assert!(takes_the_workspaces(Some(entry)), "{}: {name} has a version of its own", package.name);
        }
    }
}

#[test]
fn a_dependency_of_some_systems_is_seen_too() {
    let manifest = "[dependencies]\na = '1'\n[target.'cfg(unix)'.dependencies]\nb = '1'\n\
                    [target.'cfg(unix)'.dev-dependencies]\nc = '1'\n[build-dependencies]\nd = '1'\n";
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let names: BTreeSet<&str> = named(&manifest).into_iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["a", "b", "c", "d"]));
}

/// What Slint's compiler writes does not keep our lints.
const GENERATED: &str = "tanba-signer-ui";

/// Calling a C library and being one is unsafe. These two have the workspace's lints word for word, but that unsafe code
/// is denied, where a module may allow it, and not forbidden.
const UNSAFE: [&str; 2] = ["tanba-pkcs11", "tanba-test-token"];

#[test]
fn every_package_keeps_the_lints_of_the_workspace() {
    let workspace: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml is TOML");
    let shared = workspace["workspace"]["lints"].as_table().expect("a table");
    for package in metadata().workspace_packages().into_iter().filter(|package| package.name != GENERATED) {
        let manifest = manifest(package);
        let lints = manifest.get("lints");
        if !UNSAFE.contains(&package.name.as_str()) {
            assert!(takes_the_workspaces(lints), "{} has lints of its own", package.name);
            continue;
        }
        let mut own = lints.and_then(toml::Value::as_table).expect("lints are a table").clone();
        let undocumented = own["clippy"].as_table_mut().and_then(|lints| lints.remove("undocumented_unsafe_blocks"));
        assert_eq!(undocumented.as_ref().and_then(toml::Value::as_str), Some("deny"), "{}", package.name);
        let denied = own["rust"].as_table_mut().and_then(|lints| lints.insert("unsafe_code".into(), "forbid".into()));
        assert_eq!(denied.as_ref().and_then(toml::Value::as_str), Some("deny"), "{}", package.name);
        assert_eq!(own, *shared, "{} has lints of its own", package.name);
    }
}
