//! The page for site developers, the golden exchanges and the tables that dispatch must tell the same.

use crate::envelope::MODULES;
use crate::table::{Listed, Standing, listed};
use crate::{Limits, Session, Silence, Step, applet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const PAGE: &str = include_str!("../../../docs/ncalayer-dialect.md");

#[test]
fn the_page_for_site_developers_lists_exactly_what_is_answered() {
    let table = PAGE.split("<!-- methods -->").nth(1).expect("the page marks its table");
    assert!(
        table.trim() == crate::listing().trim(),
        "the method table is out of date; write it anew with: cargo run -p tanba-ncalayer --example listing"
    );
}

#[test]
fn no_method_is_listed_twice_and_every_partial_one_says_what_is_missing() {
    let mut seen = BTreeSet::new();
    for Listed { module, method, standing, remark } in listed() {
        assert!(seen.insert((module, method)), "{module} {method}");
        assert!(!matches!(standing, Standing::InPart | Standing::Chosen) || !remark.is_empty(), "{module} {method}");
    }
}

#[test]
fn what_is_called_as_in_ncalayer_is_known_of_ncalayer() {
    for Listed { module, method, standing, remark } in listed() {
        let is_known = !remark.contains("not known") && !remark.contains("chosen") && !remark.contains("today");
        assert!(standing != Standing::Yes || is_known, "{module} {method}: {remark}");
    }
}

/// The member that names a module's method.
fn selector(name: &str) -> &'static str {
    MODULES.iter().find(|module| module.name == name).map_or("method", |module| module.selector)
}

/// What is answered without anybody being asked; every other method that is there asks.
const ASK_NOBODY: [&str; 12] = [
    "getActiveTokens",
    "changeLocale",
    "getBundles",
    "getServices",
    "installBundle",
    "setLocale",
    "loadSlotList",
    "version",
    "info",
    "getStorageType",
    "getStorageDevicesByType",
    "getVersion",
];

/// What the golden exchanges have of one method.
#[derive(Default)]
struct Seen {
    is_answered: bool,
    /// Something was asked, and came about.
    is_done: bool,
    /// Something was asked, and did not come about.
    is_refused: bool,
}

/// Every golden exchange: the module and method that it is of, and what is seen of them.
fn golden_exchanges() -> BTreeMap<(String, String), Seen> {
    let mut all: BTreeMap<_, Seen> = BTreeMap::new();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    for folder in std::fs::read_dir(golden).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        for case in std::fs::read_dir(folder.path()).unwrap() {
            let text = std::fs::read_to_string(case.unwrap().path()).unwrap();
            let (mut request, mut outcome) = (String::new(), None);
            for line in text.lines() {
                match line.split_at_checked(2) {
                    Some(("> ", more)) => request.push_str(more),
                    Some(("! ", what)) => outcome = Some(what),
                    Some(("< " | "= ", _)) => {
                        let (request, outcome) = (std::mem::take(&mut request), outcome.take());
                        let Ok(request) = serde_json::from_str::<serde_json::Value>(&request) else { continue };
                        let module = request["module"].as_str().filter(|name| !name.is_empty()).unwrap_or(applet::NAME);
                        let Some(method) = request[selector(module)].as_str() else { continue };
                        let seen = all.entry((module.to_owned(), method.to_owned())).or_default();
                        seen.is_answered = true;
                        match outcome {
                            Some(what) if what == "\"Cancelled\"" || what.starts_with("{\"Failed\"") => {
                                seen.is_refused = true;
                            }
                            Some(_) => seen.is_done = true,
                            None => {}
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    all
}

#[test]
fn every_method_that_asks_has_a_golden_exchange_that_succeeds_and_one_that_does_not() {
    let mut golden = golden_exchanges();
    let mut missing = Vec::new();
    for Listed { module, method, .. } in listed() {
        let seen = golden.remove(&(module.to_owned(), method.to_owned())).unwrap_or_default();
        let asks = !ASK_NOBODY.contains(&method);
        let wanted = [
            (seen.is_answered, "any answer"),
            (seen.is_done || !asks, "a success"),
            (seen.is_refused || !asks, "a refusal"),
            (asks || !(seen.is_done || seen.is_refused), "silence of the person"),
        ];
        missing.extend(wanted.iter().filter(|(is, _)| !is).map(|(_, what)| format!("{module} {method}: {what}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn what_is_in_the_table_is_not_answered_as_absent() {
    for Listed { module, method, .. } in listed() {
        // Enough arguments for any of them; none of these methods may get as far as looking at one.
        let absent = (0..9).all(|count| {
            let args = vec!["\"x\""; count].join(",");
            let request = format!(r#"{{"module":"{module}","{}":"{method}","args":[{args}]}}"#, selector(module));
            match Session::new().receive(&request, &Limits::default(), Some(&[])) {
                Step::Reply(reply) => [
                    format!(r#""message":"NoSuchMethodException {method}""#),
                    format!("Method not implemented. Method:{method}"),
                    format!("{method} is not defined in"),
                    "METHOD_NOT_FOUND".to_owned(),
                ]
                .iter()
                .any(|words| reply.contains(words)),
                Step::Silent(Silence::SetLocale) => false,
                Step::Silent(silence) => panic!("{request}: {silence}"),
                Step::Ask(_) | Step::Tokens => false,
            }
        });
        assert!(!absent, "{module} {method}");
    }
}
