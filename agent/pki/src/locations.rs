//! Where a certificate says that its issuer's services are, and which of those places may be asked.

use crate::certificate::Certificate;
use crate::oid;
use crate::tlv::{self, DerError, Reader};

/// More places than this are not looked at.
const MOST: usize = 16;
/// A place with more characters than this is left out.
const LONGEST: usize = 512;

/// The hosts of the NCA and of the root centre (kz-crypto 9.5). `crl1.root.gov.kz` stands in the authorities'
/// certificates of 2018.
const HOSTS: [&str; 9] = [
    "pki.gov.kz",
    "ocsp.pki.gov.kz",
    "tsp.pki.gov.kz",
    "crl.pki.gov.kz",
    "crl1.pki.gov.kz",
    "test.pki.gov.kz",
    "root.gov.kz",
    "crl.root.gov.kz",
    "crl1.root.gov.kz",
];

/// The places that a certificate names, in their order. They are a stranger's words: see [`may_fetch`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locations {
    /// OCSP responders.
    pub ocsp: Vec<String>,
    /// The issuer's certificate.
    pub ca_issuers: Vec<String>,
    /// Complete CRLs.
    pub crl: Vec<String>,
    /// Delta CRLs.
    pub delta_crl: Vec<String>,
}

impl Locations {
    /// What the certificate says. Of an extension that cannot be read, what stands before the fault is taken: places are
    /// hints, and nothing is believed because of them.
    pub fn of(certificate: &Certificate) -> Self {
        let mut found = Self::default();
        let value = |oid| certificate.extension(oid).map(|extension| extension.value).unwrap_or_default();
        let _ = access(value(&oid::AUTHORITY_INFO_ACCESS), &mut found);
        let _ = distribution_points(value(&oid::CRL_DISTRIBUTION_POINTS), &mut found.crl);
        let _ = distribution_points(value(&oid::FRESHEST_CRL), &mut found.delta_crl);
        found
    }
}

/// AuthorityInfoAccess (RFC 5280 §4.2.2.1).
fn access(value: &[u8], found: &mut Locations) -> Result<(), DerError> {
    if value.is_empty() {
        return Ok(());
    }
    let mut list = tlv::whole(value, tlv::SEQUENCE)?.children();
    while !list.is_empty() {
        let mut description = list.expect(tlv::SEQUENCE)?.children();
        let method = description.read()?.oid()?;
        let place = description.read()?;
        let places = match method {
            oid::ACCESS_OCSP => &mut found.ocsp,
            oid::ACCESS_CA_ISSUERS => &mut found.ca_issuers,
            _ => continue,
        };
        if place.tag() == URI {
            take(place.value(), places);
        }
    }
    Ok(())
}

/// CRLDistributionPoints, also FreshestCRL (RFC 5280 §4.2.1.13, §4.2.1.15).
fn distribution_points(value: &[u8], found: &mut Vec<String>) -> Result<(), DerError> {
    if value.is_empty() {
        return Ok(());
    }
    let mut list = tlv::whole(value, tlv::SEQUENCE)?.children();
    while !list.is_empty() {
        let mut point = list.expect(tlv::SEQUENCE)?.children();
        if let Some(name) = point.optional(tlv::context(0))? {
            full_name(name.children(), found)?;
        }
    }
    Ok(())
}

/// DistributionPointName: the URIs of its fullName. The issuing distribution point of a CRL has the same.
pub(crate) fn full_name(mut name: Reader<'_>, found: &mut Vec<String>) -> Result<(), DerError> {
    if let Some(full_name) = name.optional(tlv::context(0))? {
        let mut names = full_name.children();
        while !names.is_empty() {
            let name = names.read()?;
            if name.tag() == URI {
                take(name.value(), found);
            }
        }
    }
    Ok(())
}

/// GeneralName uniformResourceIdentifier.
const URI: u8 = tlv::context_primitive(6);

/// The certificates of the NCA's authorities of 2018 have two places in one URI, with a line break and `URL=` between
/// them (kz-crypto 11).
fn take(uri: &[u8], found: &mut Vec<String>) {
    for place in uri.split(u8::is_ascii_whitespace) {
        let place = place.strip_prefix(b"URL=").unwrap_or(place);
        let is_plain = (1..=LONGEST).contains(&place.len()) && place.iter().all(u8::is_ascii_graphic);
        if let (true, Ok(place)) = (is_plain, std::str::from_utf8(place))
            && found.len() < MOST
            && !found.iter().any(|known| known == place)
        {
            found.push(place.to_owned());
        }
    }
}

/// The place is one of the NCA's or the root centre's own, over HTTP or HTTPS on the usual port. A certificate is a
/// stranger's word, so nothing else is asked because of one: neither other hosts nor addresses inside of a network.
pub fn may_fetch(url: &str) -> bool {
    host(url).is_some_and(|host| HOSTS.contains(&host))
}

/// The host of a URL in its plainest form: `http` or `https`, a host and nothing but the scheme's usual port, and a path
/// without anything that two readers could take for different things.
fn host(url: &str) -> Option<&str> {
    let (rest, port) = match url.split_once("://")? {
        ("http", rest) => (rest, ":80"),
        ("https", rest) => (rest, ":443"),
        _ => return None,
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let is_plain =
        |character: char| character.is_ascii_graphic() && !matches!(character, '\\' | '#' | '@' | '"' | '<' | '>');
    if url.len() > LONGEST || !path.chars().all(is_plain) {
        return None;
    }
    Some(authority.strip_suffix(port).unwrap_or(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ncas_own_places_may_be_asked() {
        for url in [
            "http://ocsp.pki.gov.kz",
            "http://ocsp.pki.gov.kz/",
            "http://tsp.pki.gov.kz:80",
            "http://crl.pki.gov.kz/nca_d_gost_2022.crl",
            "http://crl1.root.gov.kz/gost.crl",
            "https://root.gov.kz/cert/root_gost2015_2022.cer",
            "https://pki.gov.kz:443/cert/nca_gost.cer?a=1",
            "http://test.pki.gov.kz/ocsp/",
        ] {
            assert!(may_fetch(url), "{url}");
        }
    }

    #[test]
    fn nothing_else_may_be_asked() {
        for url in [
            "",
            "http://",
            "ocsp.pki.gov.kz",
            "ftp://crl.pki.gov.kz/",
            "HTTP://crl.pki.gov.kz/",
            "file:///etc/passwd",
            "ldap://crl.pki.gov.kz",
            "http://pki.gov.kz.evil.kz/",
            "http://evilpki.gov.kz/",
            "http://other.pki.gov.kz/",
            "http://PKI.gov.kz/",
            "http://pki.gov.kz./",
            "http://pki.gov.kz:8080/",
            "https://pki.gov.kz:80/",
            "http://pki.gov.kz:/",
            "http://user@pki.gov.kz/",
            "http://pki.gov.kz@evil.kz/",
            "http://evil.kz/@pki.gov.kz",
            "http://evil.kz\\@pki.gov.kz/",
            "http://evil.kz#pki.gov.kz",
            "http://pki.gov.kz/a b",
            "http://pki.gov.kz/a\r\nHost: evil.kz",
            "http://pki.gov.kz/#part",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://localhost/",
            "http://169.254.169.254/latest",
            "http://pki.gov.kz\u{0}.evil.kz/",
        ] {
            assert!(!may_fetch(url), "{url}");
        }
        assert!(!may_fetch(&format!("http://pki.gov.kz/{}", "a".repeat(600))));
    }

    #[test]
    fn two_places_in_one_uri_are_two() {
        let mut found = Vec::new();
        take(b"http://crl.root.gov.kz/gost.crl\r\n           URL=http://crl1.root.gov.kz/gost.crl", &mut found);
        assert_eq!(found, ["http://crl.root.gov.kz/gost.crl", "http://crl1.root.gov.kz/gost.crl"]);
        take(b"http://crl.root.gov.kz/gost.crl URL= \xff http://\x00", &mut found);
        assert_eq!(found.len(), 2);
    }
}
