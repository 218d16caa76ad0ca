//! The fields of a document that name a site.

use super::speech::is_login_word;
use super::{Named, Weight, bare_host, host_of_url};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Words in the names of fields that send somewhere.
const SENDS: [&str; 10] = [
    "audience",
    "callback",
    "redirect",
    "return",
    "relyingparty",
    "consumer",
    "recipient",
    "destination",
    "goto",
    "backurl",
];

/// Words in the names of fields that name a site.
const NAMES: [&str; 3] = ["url", "host", "domain"];

/// Words in the names of fields that speak of a site.
const MENTIONS: [&str; 9] = ["uri", "site", "service", "portal", "realm", "origin", "website", "endpoint", "issuer"];

/// What an XML signature consists of.
const SIGNATURE: [&str; 18] = [
    "Signature",
    "SignedInfo",
    "CanonicalizationMethod",
    "SignatureMethod",
    "Reference",
    "Transforms",
    "Transform",
    "XPath",
    "DigestMethod",
    "DigestValue",
    "SignatureValue",
    "KeyInfo",
    "KeyName",
    "KeyValue",
    "RetrievalMethod",
    "X509Data",
    "X509Certificate",
    "Object",
];

/// So many words away a site still stands beside a word of logging in.
const BESIDE: usize = 6;

/// Where hosts are looked for outside of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Nowhere.
    Fields,
    /// Addresses everywhere, hosts by themselves beside a word of logging in.
    BesideWords,
    /// Addresses and hosts everywhere.
    Everything,
}

/// Finds every field of a document that names a site.
pub(super) fn collect(text: &str, reach: Reach, sink: &mut dyn FnMut(Named)) {
    if text.starts_with('<') {
        if of_xml(text, sink).is_none() {
            of_words(text, reach, sink);
        }
    } else if text.starts_with(['{', '[']) {
        match serde_json::from_str(text) {
            Ok(value) => of_json(&value, None, sink),
            Err(_) => of_words(text, reach, sink),
        }
    } else if !of_token(text, sink) && reach != Reach::Fields {
        of_words(text, reach, sink);
    }
}

/// Elements and attributes. Namespaces are none of either, and schema locations are left out by their name.
fn of_xml(text: &str, sink: &mut dyn FnMut(Named)) -> Option<()> {
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: 16 * 1024, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).ok()?;
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        // A signature names its algorithms and what it is over.
        if is_of_signature(element) {
            continue;
        }
        for attribute in element.attributes() {
            if attribute.namespace() != Some("http://www.w3.org/2001/XMLSchema-instance") {
                of_field(attribute.name(), attribute.value(), sink);
            }
        }
        // All that stands directly inside: a comment or another element in front of it hides nothing.
        let value: String = element.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect();
        of_field(element.tag_name().name(), &value, sink);
        // A token may stand in an element of its own, however it is called.
        if !of_token(value.trim(), sink)
            && value.trim_start().starts_with('{')
            && let Ok(value) = serde_json::from_str(&value)
        {
            of_json(&value, None, sink);
        }
    }
    Some(())
}

/// Whether an element is one that XML signatures consist of, in a signature. A namespace alone says nothing: anybody may
/// declare it around a ticket.
fn is_of_signature(element: roxmltree::Node<'_, '_>) -> bool {
    let is_named = |node: roxmltree::Node<'_, '_>, names: &[&str]| {
        node.tag_name().namespace() == Some("http://www.w3.org/2000/09/xmldsig#")
            && names.contains(&node.tag_name().name())
    };
    // From an XPath to its signature there are six.
    is_named(element, &SIGNATURE) && element.ancestors().take(8).any(|around| is_named(around, &["Signature"]))
}

/// Members of objects. `serde_json` refuses what is nested too deeply.
fn of_json(value: &Value, name: Option<&str>, sink: &mut dyn FnMut(Named)) {
    match value {
        Value::String(text) => {
            if let Some(name) = name {
                of_field(name, text, sink);
            }
            of_token(text, sink);
        }
        Value::Array(items) => items.iter().for_each(|item| of_json(item, name, sink)),
        Value::Object(members) => members.iter().for_each(|(name, value)| of_json(value, Some(name), sink)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The claims of a JSON Web Token (RFC 7519), or only its head and claims, as they are signed.
fn of_token(text: &str, sink: &mut dyn FnMut(Named)) -> bool {
    let mut parts = text.split('.');
    let (Some(head), Some(claims)) = (parts.next(), parts.next()) else { return false };
    let json = |part: &str| {
        let octets = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
        serde_json::from_slice::<Value>(&octets).ok().filter(Value::is_object)
    };
    let (Some(_), Some(claims)) = (json(head), json(claims)) else { return false };
    of_json(&claims, None, sink);
    true
}

/// Addresses and hosts in a plain text, or in what should have been XML or JSON. The word before one is the name of its
/// field, where there is such a name.
fn of_words(text: &str, reach: Reach, sink: &mut dyn FnMut(Named)) {
    let mut plain = text.to_owned();
    // As JSON and forms write addresses.
    for (written, meant) in [("\\/", "/"), ("%3A", ":"), ("%3a", ":"), ("%2F", "/"), ("%2f", "/")] {
        plain = plain.replace(written, meant);
    }
    let parts: Vec<&str> = plain.split(|c: char| c.is_whitespace() || is_bracket(c)).flat_map(pair).collect();
    let words: Vec<&str> = parts
        .into_iter()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
        .collect();
    // Counted from the word of logging in that was seen last, and to the next one.
    let mut is_beside = vec![reach == Reach::Everything; words.len()];
    let is_near = |word: &&str| word.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).any(is_login_word);
    if reach == Reach::BesideWords {
        for (place, _) in words.iter().enumerate().filter(|(_, word)| is_near(word)) {
            is_beside
                .iter_mut()
                .take(place + BESIDE + 1)
                .skip(place.saturating_sub(BESIDE))
                .for_each(|one| *one = true);
        }
    }
    let mut name = "";
    for (word, is_beside) in words.into_iter().zip(is_beside) {
        let weight = if is_silent(name) { None } else { weight_of(name).or(Some(Weight::Names)) };
        let has_name = weight_of(name).is_some();
        let host = word.find("://").and_then(|place| {
            let scheme = word.get(..place)?.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
            host_of_url(word.get(place - scheme..)?)
        });
        let host = host.or_else(|| bare_host(word).filter(|_| is_beside || has_name));
        if let (Some(weight), Some(host)) = (weight, host) {
            sink(Named { host, weight });
        }
        name = word;
    }
}

fn is_bracket(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '<'
            | '>'
            | '{'
            | '}'
            | '['
            | ']'
            | '('
            | ')'
            | ','
            | ';'
            | '&'
            | '|'
            | '«'
            | '»'
            | '“'
            | '”'
            | '„'
    )
}

/// `host=egov.kz` and `host:egov.kz` are two words; an address and a host with a port are one.
fn pair(word: &str) -> impl Iterator<Item = &str> {
    let split = |at: char| word.split_once(at).filter(|(name, value)| !name.contains("://") && !value.is_empty());
    let is_port = |value: &str| value.bytes().all(|octet| octet.is_ascii_digit());
    let parts = split('=').or_else(|| split(':').filter(|(_, value)| !value.starts_with("//") && !is_port(value)));
    let (first, second) = parts.map_or((word, None), |(name, value)| (name, Some(value)));
    std::iter::once(first).chain(second)
}

/// Names of what is an address only in its form.
fn is_silent(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["xmlns", "schema", "algorithm"].iter().any(|word| name.contains(word))
}

fn of_field(name: &str, value: &str, sink: &mut dyn FnMut(Named)) {
    let Some(weight) = weight_of(name) else { return };
    let value = value.trim();
    if let Some(host) = host_of_url(value).or_else(|| bare_host(value)) {
        sink(Named { host, weight });
    }
}

/// What the name of a field says, however it is written: `returnUrl`, `RETURN_URL`, `return-url`.
fn weight_of(name: &str) -> Option<Weight> {
    let plain: String = name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    if plain.contains("schema") || plain.contains("namespace") || plain.contains("doctype") {
        return None;
    }
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    if plain == "aud" || has(&SENDS) {
        return Some(Weight::Sends);
    }
    if has(&NAMES) {
        return Some(Weight::Names);
    }
    (plain == "iss" || has(&MENTIONS)).then_some(Weight::Mentions)
}
