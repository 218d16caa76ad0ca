//! The page for site developers, the golden exchanges and the tables that dispatch must tell the same.

use crate::envelope::MODULES;
use crate::table::{Listed, Standing, listed};
use crate::{Limits, Session, Silence, Step, applet};
use std::collections::BTreeSet;
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
        assert!(standing != Standing::InPart || !remark.is_empty(), "{module} {method}");
    }
}

/// The member that names a module's method.
fn selector(name: &str) -> &'static str {
    MODULES.iter().find(|module| module.name == name).map_or("method", |module| module.selector)
}

#[test]
fn every_method_has_a_golden_exchange() {
    let mut seen = BTreeSet::new();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    for folder in std::fs::read_dir(golden).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        for case in std::fs::read_dir(folder.path()).unwrap() {
            let text = std::fs::read_to_string(case.unwrap().path()).unwrap();
            for request in text.lines().filter_map(|line| line.strip_prefix("> ")) {
                let Ok(request) = serde_json::from_str::<serde_json::Value>(request) else { continue };
                let module = request["module"].as_str().unwrap_or(applet::NAME);
                if let Some(method) = request[selector(module)].as_str() {
                    seen.insert((module.to_owned(), method.to_owned()));
                }
            }
        }
    }
    let missing: Vec<_> = listed()
        .map(|listed| (listed.module.to_owned(), listed.method.to_owned()))
        .filter(|method| !seen.contains(method))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_the_table_calls_absent_is_answered_as_absent() {
    for Listed { module, method, standing, .. } in listed() {
        // Enough arguments for any of them; none of these methods may get as far as looking at one.
        let absent = (0..9).all(|count| {
            let args = vec!["\"x\""; count].join(",");
            let request = format!(r#"{{"module":"{module}","{}":"{method}","args":[{args}]}}"#, selector(module));
            match Session::new().receive(&request, &Limits::default(), &[]) {
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
                Step::Ask(_) => false,
            }
        });
        assert_eq!(absent, standing == Standing::NotYet, "{module} {method}");
    }
}
