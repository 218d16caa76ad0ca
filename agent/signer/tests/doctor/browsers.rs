//! What an administrator or an installer told the browsers.

use crate::clinic::{Clinic, Found};
use std::fs;

#[test]
fn a_manifest_that_leads_nowhere_is_named_and_one_that_leads_to_tanba_is_good() {
    let clinic = Clinic::new();
    clinic.look().has("extension.absent");
    let manifest = clinic.at_home(".mozilla/native-messaging-hosts/x.json");
    let program = clinic.at_home("bin/tanba");
    let text = serde_json::json!({ "name": "x", "type": "stdio", "path": program });
    fs::write(&manifest, text.to_string()).unwrap();
    // Another program's is no business of ours.
    fs::write(manifest.with_file_name("y.json"), "{\"path\": \"/no/such/helper\"}").unwrap();
    fs::write(manifest.with_file_name("z.json"), "rubbish").unwrap();
    let found = clinic.look();
    assert!(found.what("extension.broken").contains("bin/tanba") && found.what("extension.broken").contains("Firefox"));
    assert_eq!(found.all("extension.broken").len(), 1);
    fs::copy(Clinic::program(), &program).unwrap();
    let found = clinic.look();
    found.has("extension.manifest");
    found.has_none("extension.broken");
}

/// What is found where an administrator's policy for Chrome says this: with an `/etc/opt` of the test's own.
fn with_policy(clinic: &Clinic, policy: &str) -> Option<Found> {
    let file = clinic.desk.write("policy.json", policy.as_bytes());
    let managed = "/etc/opt/chrome/policies/managed";
    clinic.look_where(&format!("mount -t tmpfs none /etc/opt && mkdir -p {managed} && cp '{file}' {managed}/"))
}

#[test]
fn an_administrators_policy_that_keeps_sites_from_this_computer_is_told() {
    let clinic = Clinic::new();
    let blocked = "{\"LoopbackNetworkBlockedForUrls\": [\"https://egov.kz\", \"*\"], \"HomepageLocation\": \"x\"}";
    let Some(found) = with_policy(&clinic, blocked) else { return };
    let words = found.what("network.blocked");
    assert!(words.contains("Chrome") && words.contains("https://egov.kz, *"), "{words}");
    found.has_none("network.no-policy");

    let allowed = "{\"LocalNetworkAccessAllowedForUrls\": [\"https://egov.kz\"]}";
    let found = with_policy(&clinic, allowed).unwrap();
    assert!(found.what("network.allowed").contains("https://egov.kz"));
    found.has_none("network.blocked");

    let found = with_policy(&clinic, "{ not json").unwrap();
    assert_eq!(found.has("network.unreadable")["state"], "unknown");
    let found = with_policy(&clinic, "{\"HomepageLocation\": \"https://egov.kz\"}").unwrap();
    found.has("network.no-policy");
}
