//! The page for site developers, the golden exchanges and the tables that dispatch must tell the same.

use crate::{Limits, Session, Silence, Step, accessory, applet, basics, common_utils};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const PAGE: &str = include_str!("../../../docs/ncalayer-dialect.md");

/// The applet's other methods: it has no table, because it answers none of them.
const APPLET_ABSENT: [&str; 19] = [
    "browseKeyStore",
    "loadSlotList",
    "showFileChooser",
    "getKeys",
    "getNotBefore",
    "getNotAfter",
    "getSubjectDN",
    "getIssuerDN",
    "getRdnByOid",
    "signPlainData",
    "verifyPlainData",
    "createCMSSignature",
    "createCMSSignatureFromFile",
    "verifyCMSSignature",
    "verifyCMSSignatureFromFile",
    "signXml",
    "signXmlByElementId",
    "verifyXml",
    "getHash",
];

/// (module, method) → whether it is answered with more than that it is not there.
fn tables() -> BTreeMap<(String, String), bool> {
    let applet = std::iter::once((applet::SET_LOCALE, true)).chain(APPLET_ABSENT.map(|name| (name, false)));
    [
        (basics::NAME, basics::methods()),
        (common_utils::NAME, common_utils::methods()),
        (accessory::NAME, accessory::methods()),
        (applet::NAME, applet.collect()),
    ]
    .into_iter()
    .flat_map(|(module, methods)| {
        methods.into_iter().map(move |(method, there)| ((module.to_owned(), method.to_owned()), there))
    })
    .collect()
}

/// The rows of the page's method table.
fn page() -> BTreeMap<(String, String), bool> {
    let table = PAGE.split("<!-- methods -->").nth(1).expect("the page marks its table");
    let mut rows = BTreeMap::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = |cell: &str| cell.trim_matches('`').to_owned();
        let there = match cells[2] {
            "yes" | "in part" => true,
            "not yet" => false,
            other => panic!("{row}: {other}"),
        };
        let twice = rows.insert((name(cells[0]), name(cells[1])), there);
        assert_eq!(twice, None, "{row}");
    }
    rows
}

#[test]
fn the_page_for_site_developers_lists_exactly_what_is_answered() {
    assert_eq!(page(), tables());
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
                if let Some(method) = request["method"].as_str() {
                    seen.insert((module.to_owned(), method.to_owned()));
                }
            }
        }
    }
    let missing: Vec<_> = tables().into_keys().filter(|method| !seen.contains(method)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_the_table_calls_absent_is_answered_as_absent() {
    for ((module, method), there) in tables() {
        // Enough arguments for any of them; none of these methods may get as far as looking at one.
        let absent = (0..9).all(|count| {
            let args = vec!["\"x\""; count].join(",");
            let request = format!(r#"{{"module":"{module}","method":"{method}","args":[{args}]}}"#);
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
        assert_eq!(!absent, there, "{module} {method}");
    }
}
