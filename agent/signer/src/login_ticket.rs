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
//! Which fields count beside each other:
//!
//! - in a login, every other site that a strong field names counts (what sends somewhere, and `url`, `host`, `domain`),
//!   also beside the asking site's own name: that name is easily added to a stolen ticket;
//! - what only a weaker field names (`issuer`, `service`, `portal`, …) counts unless a strong one names the asking site: an
//!   ordinary ticket speaks of its neighbours;
//! - outside of a login, nothing counts when something sends to the asking site.
//!
//! White space and comments are no part of the length of a ticket, and what does not parse is looked through for addresses
//! as words are: whoever reads the ticket may be less strict.

use order::{Origin, WebOrigin, registrable_domain};
use std::collections::BTreeMap;

mod fields;
mod speech;
mod text;

/// Tickets are short; what is longer is a document.
const LONGEST: usize = 64 * 1024;

/// More hosts than a ticket has a use for.
const MOST_HOSTS: usize = 32;

/// So many hosts are shown by name.
const MOST_SHOWN: usize = 3;

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
    /// The hosts that the document names: at most three, and how many there are beside them (`a.kz, b.kz, c.kz +2`).
    pub named: String,
    /// The host that asks, or `null`, or `-`, as [`Origin::as_record`] has it.
    pub asks: String,
}

/// How much a field says about where a document leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// It speaks of a site.
    Mentions,
    /// It names a site.
    Names,
    /// It sends somewhere.
    Sends,
}

/// A host that a field of a document names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    host: String,
    weight: Weight,
}

/// The sites that a document names, told from the one that asks. The document is a stranger's: it must not be able to
/// crowd one out by others.
#[derive(Default)]
struct Found {
    /// The strongest field that names the asking site.
    own: Option<Weight>,
    others: BTreeMap<String, Weight>,
}

impl Found {
    fn add(&mut self, Named { host, weight }: Named, asking: Option<&WebOrigin>) {
        if asking.is_some_and(|web| is_of(&host, web)) {
            self.own = self.own.max(Some(weight));
            return;
        }
        if let Some(known) = self.others.get_mut(&host) {
            *known = weight.max(*known);
            return;
        }
        if self.others.len() == MOST_HOSTS {
            let weaker = self.others.iter().find(|(_, known)| **known < weight).map(|(host, _)| host.clone());
            let Some(weaker) = weaker else { return };
            self.others.remove(&weaker);
        }
        self.others.insert(host, weight);
    }

    /// The other sites that count, those first that are the better reason to stop.
    fn counted(&self, is_login: bool) -> Vec<&str> {
        let least = match (is_login, self.own) {
            (true, Some(Weight::Names | Weight::Sends)) => Weight::Names,
            (true, _) => Weight::Mentions,
            (false, Some(Weight::Sends)) => return Vec::new(),
            (false, _) => Weight::Sends,
        };
        let mut counted: Vec<_> = self.others.iter().filter(|(_, weight)| **weight >= least).collect();
        counted.sort_by_key(|(_, weight)| std::cmp::Reverse(**weight));
        counted.into_iter().map(|(host, _)| host.as_str()).collect()
    }
}

/// The other site whose login ticket this document is, as far as anybody can tell.
#[must_use]
pub fn other_site(document: &[u8], login: LoginUse, origin: &Origin) -> Option<OtherSite> {
    let text = text::of(document)?;
    let text = text.as_ref();
    let is_login = login == LoginUse::Login || speech::speaks_of_login(text);
    let asking = match origin {
        Origin::Web(web) => Some(web),
        Origin::Opaque | Origin::Absent => None,
    };
    let mut found = Found::default();
    let reach = match (login, is_login) {
        (LoginUse::Login, _) => fields::Reach::Everything,
        (LoginUse::Unsaid, true) => fields::Reach::BesideWords,
        (LoginUse::Unsaid, false) => fields::Reach::Fields,
    };
    fields::collect(text, reach, &mut |named| found.add(named, asking));
    let counted = found.counted(is_login);
    let mut named = counted.iter().take(MOST_SHOWN).copied().collect::<Vec<_>>().join(", ");
    if named.is_empty() {
        return None;
    }
    if counted.len() > MOST_SHOWN {
        named.push_str(&format!(" +{}", counted.len() - MOST_SHOWN));
    }
    let asks = asking.map_or_else(|| origin.as_record(), |web| web.host().to_owned());
    Some(OtherSite { named, asks })
}

fn is_of(host: &str, web: &WebOrigin) -> bool {
    registrable_domain(host) == web.site()
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
