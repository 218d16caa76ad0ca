//! Canonical forms: the recommendation's cases, and byte for byte what libxml2 writes.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use std::io::{ErrorKind, Write as _};
use std::process::{Command, Stdio};

use common::documents::documents;
use serde_json::{Value, json};
use signature::xmldsig::c14n::{Comments, Method, Part, Subset, Version, canonicalize};
use signature::xmldsig::xml::{Document, XmlError, XmlErrorKind};

fn canonical(xml: &str, part: Part, without: &[usize], method: &Method) -> Result<String, XmlError> {
    let document = Document::new(xml.as_bytes())?;
    let mut out = Vec::new();
    let subset = Subset { part, without, comments: Comments::With };
    canonicalize(&document, &subset, method, &mut |piece| out.extend_from_slice(piece))?;
    Ok(String::from_utf8(out).unwrap())
}

fn whole(xml: &str, version: Version, comments: Comments) -> String {
    canonical(xml, Part::Document, &[], &Method::new(version, comments)).unwrap()
}

/// What libxml2 makes of documents, as `libxml2.py` says; `None`, after saying so, where it is not installed.
fn libxml2(requests: &[Value]) -> Option<Vec<Value>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/libxml2.py");
    let started =
        Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("NOT RUN: python3 is not here");
            return None;
        }
        Err(error) => panic!("python3 does not start: {error}"),
    };
    let lines: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let written = writer.join().unwrap();
    assert!(output.status.success() && written.is_ok(), "libxml2.py needs libxml2 (package libxml2)");
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), requests.len());
    Some(answers)
}

/// The six methods in the order of `libxml2.py`.
fn methods(prefixes: &[&str]) -> Vec<Method> {
    let mut methods = Vec::new();
    for version in [Version::Inclusive10, Version::Exclusive, Version::Inclusive11] {
        for comments in [Comments::Without, Comments::With] {
            let inclusive_prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
            methods.push(Method { inclusive_prefixes, ..Method::new(version, comments) });
        }
    }
    methods
}

/// Offsets and local names of the start tags, by looking for them: our documents have no `<` elsewhere but before markup.
fn start_tags(xml: &str) -> Vec<(usize, &str)> {
    let mut rest = 0;
    let mut found = Vec::new();
    while let Some(place) = xml[rest..].find('<').map(|place| rest + place) {
        let at = &xml[place..];
        let end = if at.starts_with("<!--") {
            place + at.find("-->").unwrap() + 3
        } else if at.starts_with("<![CDATA[") {
            place + at.find("]]>").unwrap() + 3
        } else {
            if !at.starts_with("</") && !at.starts_with("<?") {
                let name = at[1..].split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap();
                found.push((place, name.rsplit(':').next().unwrap()));
            }
            place + 1
        };
        rest = end;
    }
    found
}

fn compare(count: usize) {
    let mut cases = Vec::new();
    for (number, xml) in documents(count).into_iter().enumerate() {
        let tags = start_tags(&xml);
        let prefixes: Vec<&str> = vec![vec![], vec!["p"], vec!["#default", "q"]].swap_remove(number % 3);
        cases.push((xml.clone(), 0, prefixes.clone()));
        // An element somewhere inside; not one that is left out, or inside of one.
        let apex = number % tags.len() + 1;
        cases.push((xml.clone(), apex, prefixes));
    }
    let requests: Vec<Value> =
        cases.iter().map(|(xml, apex, prefixes)| json!({"xml": xml, "apex": apex, "prefixes": prefixes})).collect();
    let Some(answers) = libxml2(&requests) else { return };
    let mut equal = 0;
    for ((xml, apex, prefixes), answer) in cases.iter().zip(&answers) {
        let tags = start_tags(xml);
        let part = if *apex == 0 { Part::Document } else { Part::Element(tags[apex - 1].0) };
        let skipped: Vec<usize> = tags.iter().filter(|(_, name)| *name == "skip").map(|(start, _)| *start).collect();
        let without = if *apex == 0 { &[][..] } else { &skipped };
        let prefixes: Vec<&str> = prefixes.iter().map(|p| if *p == "#default" { "" } else { p }).collect();
        for (method, theirs) in methods(&prefixes).iter().zip(answer.as_array().unwrap_or_else(|| panic!("{xml:?}"))) {
            let ours = canonical(xml, part, without, method).unwrap_or_else(|error| panic!("{error}: {xml:?}"));
            // An element inside of one that is left out: XPath sees it as left out too.
            if theirs.as_str() == Some("") {
                continue;
            }
            assert_eq!(Some(ours.as_str()), theirs.as_str(), "{method:?} {part:?} of {xml:?}");
            equal += 1;
        }
    }
    println!("{equal} canonical forms equal to libxml2's");
    assert!(equal > count * 6);
}

#[test]
fn a_thousand_documents_have_the_canonical_forms_that_libxml2_writes() {
    compare(1000);
}

/// Documents with a character taken out, put in twice, or replaced.
fn spoiled(count: usize) -> Vec<String> {
    let replacements =
        ['<', '>', '&', '"', '/', ':', ';', '=', 'a', ' ', '\r', ']', '-', '?', '!', '#', '\u{7}', '\u{FFFE}'];
    let mut out = Vec::new();
    for (number, xml) in documents(count).into_iter().enumerate() {
        let characters: Vec<char> = xml.chars().collect();
        for step in 0..4 {
            let place = (number * 7919 + step * 104_729) % characters.len();
            let mut changed = characters.clone();
            match step {
                0 => drop(changed.remove(place)),
                1 => changed.insert(place, characters[place]),
                2 => changed[place] = replacements[number % replacements.len()],
                _ => changed.insert(place, replacements[(number / 3) % replacements.len()]),
            }
            out.push(changed.into_iter().collect());
        }
    }
    out
}

#[test]
fn nothing_is_read_that_libxml2_does_not_read_and_the_rest_is_read_alike() {
    let cases = spoiled(400);
    let requests: Vec<Value> = cases.iter().map(|xml| json!({"xml": xml, "apex": 0, "prefixes": []})).collect();
    let Some(answers) = libxml2(&requests) else { return };
    let (mut both, mut neither) = (0, 0);
    for (xml, theirs) in cases.iter().zip(&answers) {
        for (index, method) in methods(&[]).iter().enumerate() {
            let ours = canonical(xml, Part::Document, &[], method);
            // Read, and refused for a namespace with characters that no URI has.
            if theirs.get(index).is_some_and(Value::is_null) {
                continue;
            }
            let theirs = theirs.get(index).and_then(Value::as_str);
            match (ours, theirs) {
                (Ok(ours), Some(theirs)) => assert_eq!(ours, theirs, "{method:?} of {xml:?}"),
                (Ok(_), None) => panic!("read here only: {xml:?}"),
                (Err(error), None) => assert!(error.offset <= xml.len()),
                // libxml2 only warns of these.
                (Err(error), Some(_)) => assert!(
                    matches!(
                        error.kind,
                        XmlErrorKind::UnboundPrefix
                            | XmlErrorKind::NamespaceDeclaration
                            | XmlErrorKind::RelativeNamespace
                            | XmlErrorKind::Encoding
                            | XmlErrorKind::Version
                            | XmlErrorKind::Expected("a name")
                    ) || xml[error.offset..].starts_with(':'),
                    "{error}: {xml:?}"
                ),
            }
            if theirs.is_some() { both += 1 } else { neither += 1 }
        }
    }
    println!("{both} read alike, {neither} refused alike");
    assert!(both > 1000 && neither > 1000);
}
