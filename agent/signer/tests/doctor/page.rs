//! `docs/doctor.md` has every code, as the program has it.

use signer::doctor::KINDS;
use std::collections::BTreeMap;

#[test]
fn the_page_has_every_code_with_its_state_and_what_mends_it_and_no_other() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/doctor.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").map(str::trim).collect();
        let [code, state, means, person, program] = cells.as_slice() else { continue };
        let Some(code) = code.strip_prefix('`').and_then(|code| code.strip_suffix('`')) else { continue };
        assert!(!means.is_empty() && !person.is_empty(), "{code}");
        assert!(rows.insert(code, (*state, *program)).is_none(), "{code} stands twice");
    }
    let known: BTreeMap<&str, (&str, &str)> =
        KINDS.iter().map(|kind| (kind.code, (kind.state.code(), kind.cure.map_or("–", |cure| cure.code())))).collect();
    assert_eq!(rows, known);
}
