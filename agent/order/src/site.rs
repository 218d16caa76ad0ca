//! Which hosts belong together: the site behind a host name.

use std::net::Ipv6Addr;

/// The registrable domain of a host in lower case (the public suffix and one label more, by the Public Suffix List): who
/// has it has every name below it, so that `a.shop.kz` and `b.shop.kz` are one site, `a.gov.kz` and `b.gov.kz` two.
///
/// An address, `localhost`, a name of one label and a public suffix itself are sites of their own.
#[must_use]
pub fn registrable_domain(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    if is_address(host) {
        return host;
    }
    // Names that no rule of the list is about belong to nobody known: each stands for itself.
    match psl::domain(host.as_bytes()) {
        Some(domain) if domain.suffix().is_known() => std::str::from_utf8(domain.as_bytes()).unwrap_or(host),
        _ => host,
    }
}

/// Whether a host is an address and no name: of four numbers, or of IPv6 in brackets.
fn is_address(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    v6.is_some_and(|host| host.parse::<Ipv6Addr>().is_ok()) || host.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_below_one_domain_are_one_site() {
        for (host, site) in [
            ("egov.kz", "egov.kz"),
            ("idp.egov.kz", "egov.kz"),
            ("a.b.shop.com.kz", "shop.com.kz"),
            ("cabinet.salyk.kgd.gov.kz", "kgd.gov.kz"),
            ("stat.gov.kz", "stat.gov.kz"),
            ("gov.kz", "gov.kz"),
            ("a.github.io", "a.github.io"),
            ("сайт.қаз", "сайт.қаз"),
            ("a.xn--80ak6aa92e.xn--80ao21a", "xn--80ak6aa92e.xn--80ao21a"),
            ("egov.kz.", "egov.kz"),
        ] {
            assert_eq!(registrable_domain(host), site, "{host}");
        }
    }

    #[test]
    fn what_is_no_name_of_the_public_net_stands_for_itself() {
        for host in ["localhost", "127.0.0.1", "10.1.2.3", "[::1]", "portal", "portal.lan", "a.portal.lan", "kz", ""] {
            assert_eq!(registrable_domain(host), host);
        }
    }
}
