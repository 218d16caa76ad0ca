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

/// Documents after the examples of Canonical XML 1.0 §3 and Exclusive XML Canonicalization §2, without document types:
/// what there is about them is refused here. Each with its forms 1.0 without comments, 1.0 with comments and exclusive
/// without comments.
const CASES: [(&str, &str, &str, &str); 9] = [
    // §3.1: what stands beside the document element.
    (
        "<?xml version=\"1.0\"?>\n\n<?style  href=\"a.css\"\n   type='x' ?>\n\n<doc>Сәлем!<!-- c 1 --></doc>\n\n<?without     ?>\n\n<!-- c 2 -->\n\n<!-- c 3 -->\n",
        "<?style href=\"a.css\"\n   type='x' ?>\n<doc>Сәлем!</doc>\n<?without?>",
        "<?style href=\"a.css\"\n   type='x' ?>\n<doc>Сәлем!<!-- c 1 --></doc>\n<?without?>\n<!-- c 2 -->\n<!-- c 3 -->",
        "<?style href=\"a.css\"\n   type='x' ?>\n<doc>Сәлем!</doc>\n<?without?>",
    ),
    // §3.2: white space in content stays.
    (
        "<doc>\n  <clean>   </clean>\r\n\t<mixed> A <b> B </b>\r C </mixed>\n</doc>",
        "<doc>\n  <clean>   </clean>\n\t<mixed> A <b> B </b>\n C </mixed>\n</doc>",
        "<doc>\n  <clean>   </clean>\n\t<mixed> A <b> B </b>\n C </mixed>\n</doc>",
        "<doc>\n  <clean>   </clean>\n\t<mixed> A <b> B </b>\n C </mixed>\n</doc>",
    ),
    // §3.3: start and end tags. Namespaces by prefix, then attributes by namespace and name.
    (
        "<doc><e1   /><e2   ></e2><e3   name = \"e3\"   id='x'   /><e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" \
         attr=\"I'm\"\n xmlns:b=\"http://b.example\" xmlns:a=\"http://a.example\" xmlns=\"http://example.kz\"/>\
         <e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\"><e7 xmlns=\"http://www.ietf.org\"><e8 xmlns=\"\" \
         xmlns:a=\"http://www.w3.org\"><e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/></e8></e7></e6></doc>",
        "<doc><e1></e1><e2></e2><e3 id=\"x\" name=\"e3\"></e3><e5 xmlns=\"http://example.kz\" \
         xmlns:a=\"http://a.example\" xmlns:b=\"http://b.example\" attr=\"I'm\" attr2=\"all\" a:attr=\"out\" \
         b:attr=\"sorted\"></e5><e6 xmlns:a=\"http://www.w3.org\"><e7 xmlns=\"http://www.ietf.org\"><e8 xmlns=\"\">\
         <e9 xmlns:a=\"http://www.ietf.org\"></e9></e8></e7></e6></doc>",
        "<doc><e1></e1><e2></e2><e3 id=\"x\" name=\"e3\"></e3><e5 xmlns=\"http://example.kz\" \
         xmlns:a=\"http://a.example\" xmlns:b=\"http://b.example\" attr=\"I'm\" attr2=\"all\" a:attr=\"out\" \
         b:attr=\"sorted\"></e5><e6 xmlns:a=\"http://www.w3.org\"><e7 xmlns=\"http://www.ietf.org\"><e8 xmlns=\"\">\
         <e9 xmlns:a=\"http://www.ietf.org\"></e9></e8></e7></e6></doc>",
        "<doc><e1></e1><e2></e2><e3 id=\"x\" name=\"e3\"></e3><e5 xmlns=\"http://example.kz\" \
         xmlns:a=\"http://a.example\" xmlns:b=\"http://b.example\" attr=\"I'm\" attr2=\"all\" a:attr=\"out\" \
         b:attr=\"sorted\"></e5><e6><e7 xmlns=\"http://www.ietf.org\"><e8 xmlns=\"\"><e9></e9></e8></e7></e6></doc>",
    ),
    // §3.4: characters and references.
    (
        "<doc><text>First line&#x0d;&#10;Second</text><value>&#x32;</value><compute><![CDATA[v>\"0\" && v<\"10\" ?\"a\":\"b\"]]>\
         </compute><compute e=\"v>&quot;0&quot; &amp;&amp; v&lt;&quot;10&quot;\">ok</compute><norm a=\" '    &#x20;&#13;&#xa;&#9;   ' \t\n\"/></doc>",
        "<doc><text>First line&#xD;\nSecond</text><value>2</value><compute>v&gt;\"0\" &amp;&amp; v&lt;\"10\" ?\"a\":\"b\"</compute>\
         <compute e=\"v>&quot;0&quot; &amp;&amp; v&lt;&quot;10&quot;\">ok</compute><norm a=\" '     &#xD;&#xA;&#x9;   '   \"></norm></doc>",
        "<doc><text>First line&#xD;\nSecond</text><value>2</value><compute>v&gt;\"0\" &amp;&amp; v&lt;\"10\" ?\"a\":\"b\"</compute>\
         <compute e=\"v>&quot;0&quot; &amp;&amp; v&lt;&quot;10&quot;\">ok</compute><norm a=\" '     &#xD;&#xA;&#x9;   '   \"></norm></doc>",
        "<doc><text>First line&#xD;\nSecond</text><value>2</value><compute>v&gt;\"0\" &amp;&amp; v&lt;\"10\" ?\"a\":\"b\"</compute>\
         <compute e=\"v>&quot;0&quot; &amp;&amp; v&lt;&quot;10&quot;\">ok</compute><norm a=\" '     &#xD;&#xA;&#x9;   '   \"></norm></doc>",
    ),
    // §3.6: UTF-8.
    ("<doc>&#169;&#x1F600;</doc>", "<doc>©\u{1F600}</doc>", "<doc>©\u{1F600}</doc>", "<doc>©\u{1F600}</doc>"),
    // A line end that Windows put into base64 (kz-crypto 14.2).
    ("<v>QUJD&#13;\nREVG\r\n</v>", "<v>QUJD&#xD;\nREVG\n</v>", "<v>QUJD&#xD;\nREVG\n</v>", "<v>QUJD&#xD;\nREVG\n</v>"),
    // Exclusive §2.1: only what is visibly used, and there again where it was not in the output.
    (
        "<n0:pdu xmlns:n0=\"http://a.example\"><n1:elem1 xmlns:n1=\"http://b.example\">content</n1:elem1></n0:pdu>",
        "<n0:pdu xmlns:n0=\"http://a.example\"><n1:elem1 xmlns:n1=\"http://b.example\">content</n1:elem1></n0:pdu>",
        "<n0:pdu xmlns:n0=\"http://a.example\"><n1:elem1 xmlns:n1=\"http://b.example\">content</n1:elem1></n0:pdu>",
        "<n0:pdu xmlns:n0=\"http://a.example\"><n1:elem1 xmlns:n1=\"http://b.example\">content</n1:elem1></n0:pdu>",
    ),
    (
        "<a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" xml:lang=\"kk\"><p:b><c q:x=\"1\"/><p:d/></p:b><p:b/></a>",
        "<a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" xml:lang=\"kk\"><p:b><c q:x=\"1\"></c><p:d></p:d></p:b><p:b></p:b></a>",
        "<a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" xml:lang=\"kk\"><p:b><c q:x=\"1\"></c><p:d></p:d></p:b><p:b></p:b></a>",
        "<a xml:lang=\"kk\"><p:b xmlns:p=\"urn:p\"><c xmlns:q=\"urn:q\" q:x=\"1\"></c><p:d></p:d></p:b><p:b xmlns:p=\"urn:p\"></p:b></a>",
    ),
    // The default namespace taken back, which exclusive form writes only where an element without a prefix shows it.
    (
        "<a xmlns=\"urn:a\"><p:b xmlns=\"\" xmlns:p=\"urn:p\"><c/></p:b></a>",
        "<a xmlns=\"urn:a\"><p:b xmlns=\"\" xmlns:p=\"urn:p\"><c></c></p:b></a>",
        "<a xmlns=\"urn:a\"><p:b xmlns=\"\" xmlns:p=\"urn:p\"><c></c></p:b></a>",
        "<a xmlns=\"urn:a\"><p:b xmlns:p=\"urn:p\"><c xmlns=\"\"></c></p:b></a>",
    ),
];

#[test]
fn documents_after_the_recommendations_examples_have_the_forms_that_follow_from_it() {
    for (xml, without, with, exclusive) in CASES {
        assert_eq!(whole(xml, Version::Inclusive10, Comments::Without), without);
        assert_eq!(whole(xml, Version::Inclusive10, Comments::With), with);
        // Version 1.1 differs for parts of documents only.
        assert_eq!(whole(xml, Version::Inclusive11, Comments::With), with);
        assert_eq!(whole(xml, Version::Exclusive, Comments::Without), exclusive);
    }
}

/// Canonical form with comments by the program xmllint; `None`, after saying so, where it is not installed.
fn xmllint(option: &str, xml: &str) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), xml).unwrap();
    match Command::new("xmllint").args(["--nonet", option]).arg(file.path()).output() {
        Ok(output) => {
            assert!(output.status.success(), "{xml}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("NOT RUN: xmllint is not here");
            None
        }
        Err(error) => panic!("xmllint does not start: {error}"),
    }
}

#[test]
fn xmllint_writes_the_same() {
    for (xml, ..) in CASES {
        for (option, version) in
            [("--c14n", Version::Inclusive10), ("--c14n11", Version::Inclusive11), ("--exc-c14n", Version::Exclusive)]
        {
            let Some(theirs) = xmllint(option, xml) else { return };
            assert_eq!(whole(xml, version, Comments::With), theirs, "{option} of {xml}");
        }
    }
}

fn part(xml: &str, tag: &str, method: &Method) -> String {
    canonical(xml, Part::Element(xml.find(tag).unwrap()), &[], method).unwrap()
}

#[test]
fn an_element_of_its_own_has_what_it_has_from_around_it() {
    // After C14N 1.0 §3.7, C14N 1.1 §3.8 and Exclusive §2.2.
    let xml = "<n0:a xmlns:n0=\"urn:0\" xmlns=\"urn:d\" xml:lang=\"kk\" xml:space=\"preserve\" xml:id=\"a\" \
               xml:base=\"http://example.kz/x/\"><n1:b xmlns:n1=\"urn:1\" xml:lang=\"ru\" xml:base=\"../y/\"><c \
               xml:base=\"z\" n1:q=\"1\"><n0:e/></c></n1:b></n0:a>";
    let form = |version| Method::new(version, Comments::Without);
    assert_eq!(
        part(xml, "<c ", &form(Version::Inclusive10)),
        "<c xmlns=\"urn:d\" xmlns:n0=\"urn:0\" xmlns:n1=\"urn:1\" xml:base=\"z\" xml:id=\"a\" xml:lang=\"ru\" \
         xml:space=\"preserve\" n1:q=\"1\"><n0:e></n0:e></c>"
    );
    assert_eq!(
        part(xml, "<c ", &form(Version::Inclusive11)),
        "<c xmlns=\"urn:d\" xmlns:n0=\"urn:0\" xmlns:n1=\"urn:1\" xml:base=\"http://example.kz/y/z\" xml:lang=\"ru\" \
         xml:space=\"preserve\" n1:q=\"1\"><n0:e></n0:e></c>"
    );
    assert_eq!(
        part(xml, "<c ", &form(Version::Exclusive)),
        "<c xmlns=\"urn:d\" xmlns:n1=\"urn:1\" xml:base=\"z\" n1:q=\"1\"><n0:e xmlns:n0=\"urn:0\"></n0:e></c>"
    );
    let listed = Method { inclusive_prefixes: vec!["n0".to_owned(), "unknown".to_owned()], ..form(Version::Exclusive) };
    assert_eq!(
        part(xml, "<c ", &listed),
        "<c xmlns=\"urn:d\" xmlns:n0=\"urn:0\" xmlns:n1=\"urn:1\" xml:base=\"z\" n1:q=\"1\"><n0:e></n0:e></c>"
    );
}

#[test]
fn what_has_no_canonical_form_is_refused() {
    for namespace in ["relative", "a/b:c", "../x", "1:x"] {
        for version in [Version::Inclusive10, Version::Inclusive11, Version::Exclusive] {
            let xml = format!("<a>\n<b xmlns:p=\"{namespace}\"/></a>");
            let error = canonical(&xml, Part::Document, &[], &Method::new(version, Comments::With)).unwrap_err();
            assert_eq!((error.kind, error.line, error.column), (XmlErrorKind::RelativeNamespace, 2, 1));
        }
    }
    // Namespaces that are escaped, which libxml2 forgets to do.
    let xml = "<a xmlns=\"urn:x?a=1&amp;b=&quot;&#9;\"/>";
    let form = whole(xml, Version::Inclusive10, Comments::With);
    assert_eq!(form, "<a xmlns=\"urn:x?a=1&amp;b=&quot;&#x9;\"></a>");
}

#[test]
fn other_encodings_are_refused_in_words() {
    let utf_16: Vec<u8> = "\u{FEFF}<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><a>\xEF\xF0</a>";
    for bytes in [utf_16.as_slice(), windows, b"<?xml version='1.0' encoding='KOI8-R'?><a/>"] {
        let error = Document::new(bytes).unwrap_err();
        assert_eq!(error.kind, XmlErrorKind::Encoding);
        assert!(error.to_string().ends_with("the document is not in UTF-8; save it as UTF-8"), "{error}");
    }
    let error = Document::new(b"<a>\n\xD0\xBA\xFF</a>").unwrap_err();
    assert_eq!((error.kind, error.offset, error.line, error.column), (XmlErrorKind::NotUtf8, 6, 2, 2));
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
