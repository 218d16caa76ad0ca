//! Every dependency is explained in `docs/dependencies.md`, in a table whose first column is its name in backticks.

use crate::workspace::{metadata, read};
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

/// The packages that the browser tests take from npm.
fn npm() -> BTreeSet<String> {
    let manifest: serde_json::Value =
        serde_json::from_str(&read("tests/e2e/package.json")).expect("package.json is JSON");
    manifest["dependencies"].as_object().expect("an object").keys().cloned().collect()
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

#[test]
fn every_package_takes_its_versions_from_the_workspace() {
    for package in metadata().workspace_packages() {
        let manifest: toml::Table =
            std::fs::read_to_string(&package.manifest_path).expect("readable").parse().expect("TOML");
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(entries) = manifest.get(section).and_then(toml::Value::as_table) else { continue };
            for (name, entry) in entries {
                let shared = entry.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                assert!(shared, "{}: {name} has a version of its own", package.name);
            }
        }
    }
}
