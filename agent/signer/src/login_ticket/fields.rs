//! The fields of a document that name a site.

use super::{Named, Weight, bare_host, host_of_url};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Values longer than this are texts, not addresses.
const LONGEST_VALUE: usize = 2048;

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
const NAMES: [&str; 12] =
    ["url", "uri", "host", "domain", "site", "service", "portal", "realm", "origin", "website", "endpoint", "issuer"];

/// Finds every field of a document that names a site.
pub(super) fn collect(text: &str, is_login: bool, sink: &mut dyn FnMut(Named)) {
    if text.starts_with('<') {
        of_xml(text, sink);
    } else if text.starts_with(['{', '[']) {
        if let Ok(value) = serde_json::from_str(text) {
            of_json(&value, None, sink);
        }
    } else if !of_token(text, sink) && is_login {
        of_words(text, sink);
    }
}

/// Elements and attributes. Namespaces are none of either, and schema locations are left out by their name.
fn of_xml(text: &str, sink: &mut dyn FnMut(Named)) {
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: 16 * 1024, ..Default::default() };
    let Ok(document) = roxmltree::Document::parse_with_options(text, options) else { return };
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        // A signature names its algorithms and what it is over.
        if element.tag_name().namespace() == Some("http://www.w3.org/2000/09/xmldsig#") {
            continue;
        }
        for attribute in element.attributes() {
            if attribute.namespace() != Some("http://www.w3.org/2001/XMLSchema-instance") {
                of_field(attribute.name(), attribute.value(), sink);
            }
        }
        // A token or an address may stand in an element of its own, however it is called.
        if let Some(value) = element.text().filter(|_| !element.children().any(|child| child.is_element())) {
            of_field(element.tag_name().name(), value, sink);
            if !of_token(value.trim(), sink)
                && value.trim_start().starts_with('{')
                && let Ok(value) = serde_json::from_str(value)
            {
                of_json(&value, None, sink);
            }
        }
    }
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

/// Addresses in a plain text.
fn of_words(text: &str, sink: &mut dyn FnMut(Named)) {
    for word in text.split_whitespace() {
        if let Some(place) = word.find("://") {
            let begin = word.get(..place).and_then(|before| before.rfind(|c: char| !c.is_ascii_alphabetic()));
            let address = word.get(begin.map_or(0, |place| place + 1)..).unwrap_or(word);
            if let Some(host) = host_of_url(address) {
                sink(Named { host, weight: Weight::Names });
            }
        }
    }
}

fn of_field(name: &str, value: &str, sink: &mut dyn FnMut(Named)) {
    let Some(weight) = weight_of(name) else { return };
    let value = value.trim();
    if value.len() > LONGEST_VALUE {
        return;
    }
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
    if plain == "aud" || SENDS.iter().any(|word| plain.contains(word)) {
        return Some(Weight::Sends);
    }
    (plain == "iss" || NAMES.iter().any(|word| plain.contains(word))).then_some(Weight::Names)
}
