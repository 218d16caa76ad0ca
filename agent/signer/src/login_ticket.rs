//! Login tickets: documents that are signed to log in to a site, and the site that they name.
//!
//! A page can fetch a ticket of another site, have it signed under its own name and be logged in there as the person who
//! signed. What protects from that is that the person sees both names. A document is taken for a ticket when it is short,
//! a text of XML, JSON or plain words, and a *field* of it names a site:
//!
//! - an element or attribute, or a member of a JSON object, whose name says so (`url`, `host`, `domain`, `audience`,
//!   `aud`, `service`, `site`, `portal`, `realm`, `relyingParty`, `callback`, and these with a word in front or behind, as
//!   `returnUrl`, `redirect_uri`), with a host or an address as its value;
//! - the same in the claims of a JSON Web Token;
//! - in a plain text, an address in a document that also speaks of logging in.
//!
//! Namespaces, schema locations and what stands in running text of XML are no fields: an ordinary document mentions the
//! whole world. A name alone says little in an ordinary document either, so outside of a login (a key for logging in, or
//! a document that speaks of it) only what sends somewhere counts: a callback, a redirection, an audience.
//!
//! When no site that is named is the one that asks, the document is somebody else's ticket as far as anybody can tell.

use order::{Origin, WebOrigin, registrable_domain};
use std::collections::BTreeSet;

mod fields;

/// Tickets are short; what is longer is a document.
const LONGEST: usize = 64 * 1024;

/// More hosts than a ticket has a use for.
const MOST_HOSTS: usize = 32;

/// Whether the key that the page asks for is one for logging in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginUse {
    /// It is: clientAuth, or the AUTHENTICATION of commonUtils.
    Login,
    /// It is not, or the page does not say.
    Unsaid,
}

/// A ticket of another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherSite {
    /// The host that the document names.
    pub named: String,
    /// The host that asks, or `null`, or `-`, as [`Origin::as_record`] has it.
    pub asks: String,
}

/// How much a field says about where a document leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// It names a site.
    Names,
    /// It sends somewhere.
    Sends,
}

/// A host that a field of a document names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    host: String,
    weight: Weight,
}

/// The other site whose login ticket this document is, as far as anybody can tell.
#[must_use]
pub fn other_site(document: &[u8], login: LoginUse, origin: &Origin) -> Option<OtherSite> {
    if document.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document)).ok()?.trim();
    let is_login = login == LoginUse::Login || speaks_of_login(text);
    let mut named = BTreeSet::new();
    fields::collect(text, is_login, &mut |field| {
        if named.len() < MOST_HOSTS {
            named.insert(field);
        }
    });
    let counts = |one: &&Named| is_login || one.weight == Weight::Sends;
    let asking = match origin {
        Origin::Web(web) => Some(web),
        Origin::Opaque | Origin::Absent => None,
    };
    if named.iter().filter(counts).any(|one| asking.is_some_and(|web| is_of(&one.host, web))) {
        return None;
    }
    // Sends before names: it is the better reason to stop.
    let first = named.iter().filter(counts).max_by_key(|one| one.weight)?;
    let asks = asking.map_or_else(|| origin.as_record(), |web| web.host().to_owned());
    Some(OtherSite { named: first.host.clone(), asks })
}

fn is_of(host: &str, web: &WebOrigin) -> bool {
    registrable_domain(host) == web.site()
}

/// Whether a document says that it is about logging in, in a language of ours or in a ticket's own words.
fn speaks_of_login(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "login",
        "logon",
        "signin",
        "sign-in",
        "authn",
        "authent",
        "authoriz",
        "ticket",
        "nonce",
        "challenge",
        "sessionid",
        "аутентификац",
        "авторизац",
        "вход",
        "кіру",
        "аутентификация",
    ];
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// The host of an address with a scheme of the web.
fn host_of_url(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://")?;
    if !["http", "https", "ws", "wss"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\', ' ', '\t', '\n', '\r', '"', '\'', '<', '>']).next()?;
    // What stands before an @ is no host, whatever it looks like.
    host_of_authority(authority.rsplit_once('@').map_or(authority, |(_, host)| host))
}

/// The host of `name` or `name:port`.
fn host_of_authority(text: &str) -> Option<String> {
    let text = text.trim();
    let host = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') && port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => text,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_name = |host: &str| {
        host.len() <= 253
            && host.contains('.')
            && host.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= 63
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            })
    };
    let is_local = host.eq_ignore_ascii_case("localhost") || (host.starts_with('[') && host.ends_with(']'));
    (is_name(host) || is_local).then(|| host.to_lowercase())
}

/// A host by itself, as a field names one: a name of the public net (its last label is one of the list's), so that
/// `v1.0` and `document.pdf` are none.
fn bare_host(text: &str) -> Option<String> {
    let host = host_of_authority(text)?;
    let is_public = registrable_domain(&host) != host || registrable_domain(&format!("a.{host}")) == host;
    is_public.then_some(host)
}

#[cfg(test)]
mod tests;
