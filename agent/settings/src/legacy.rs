//! Calls of old pages that name files of this computer by their paths: which sites may make them at all.

use serde::{Deserialize, Serialize};

/// Calls of old pages that not every site should make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Legacy {
    /// Whether sites may ask for files by their paths.
    pub file_paths: FilePaths,
    /// Who may where [`FilePaths::Listed`] says so: a host (`egov.kz`), for its pages over `https` and those of all names
    /// below it at any port; or an origin (`http://portal.lan:8080`), for exactly that one.
    pub sites: Vec<String>,
}

/// Whether sites may ask for files by their paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FilePaths {
    /// The person is asked, until they allow it to a site for good.
    #[default]
    Ask,
    /// Those of [`Legacy::sites`] may ask, and the person is asked as ever; others are refused.
    Listed,
    /// All are refused.
    Never,
}

impl Legacy {
    /// Whether pages of this scheme, host and port (`None`: the scheme's own) may ask for files by their paths; host and
    /// scheme in lower case, as a browser says them.
    #[must_use]
    pub fn may_name_paths(&self, scheme: &str, host: &str, port: Option<u16>) -> bool {
        match self.file_paths {
            FilePaths::Ask => true,
            FilePaths::Never => false,
            FilePaths::Listed => self.sites.iter().any(|site| is_meant(site, scheme, host, port)),
        }
    }
}

/// A host means pages that nobody can change on their way; whoever trusts another scheme has written it.
fn is_meant(site: &str, scheme: &str, host: &str, port: Option<u16>) -> bool {
    let site = site.to_ascii_lowercase();
    if site.contains("://") {
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        return site == format!("{scheme}://{host}{port}");
    }
    scheme == "https" && (host == site || host.strip_suffix(&site).is_some_and(|above| above.ends_with('.')))
}

/// Whether this is a host, or an origin as a browser writes it: a scheme, a host, a port or none.
pub(crate) fn is_site(site: &str) -> bool {
    let is_host = |host: &str| {
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        match literal {
            Some(literal) => literal.parse::<std::net::Ipv6Addr>().is_ok(),
            None => {
                let label = |label: &str| {
                    !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
                };
                host.split('.').all(label)
            }
        }
    };
    let Some((scheme, rest)) = site.split_once("://") else { return is_host(site) };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    // Of the scheme's own port no browser says anything.
    let is_port = |port: &str| {
        let is_own = matches!((scheme, port), ("https", "443") | ("http", "80"));
        !is_own && port.bytes().all(|b| b.is_ascii_digit()) && !port.starts_with('0') && port.parse::<u16>().is_ok()
    };
    is_scheme && is_host(host) && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(sites: &[&str]) -> Legacy {
        Legacy { file_paths: FilePaths::Listed, sites: sites.iter().map(|site| (*site).to_owned()).collect() }
    }

    #[test]
    fn a_host_means_its_secure_pages_and_those_below_it() {
        let legacy = listed(&["eGov.kz"]);
        for (scheme, host, port) in
            [("https", "egov.kz", None), ("https", "idp.egov.kz", None), ("https", "egov.kz", Some(8443))]
        {
            assert!(legacy.may_name_paths(scheme, host, port), "{scheme} {host} {port:?}");
        }
        for (scheme, host) in
            [("http", "egov.kz"), ("https", "notegov.kz"), ("https", "egov.kz.evil.kz"), ("https", "kz"), ("https", "")]
        {
            assert!(!legacy.may_name_paths(scheme, host, None), "{scheme} {host}");
        }
    }

    #[test]
    fn an_origin_means_itself() {
        let legacy = listed(&["http://portal.lan:8080", "https://[::1]"]);
        assert!(legacy.may_name_paths("http", "portal.lan", Some(8080)));
        assert!(legacy.may_name_paths("https", "[::1]", None));
        for (scheme, host, port) in [
            ("http", "portal.lan", None),
            ("https", "portal.lan", Some(8080)),
            ("http", "a.portal.lan", Some(8080)),
            ("https", "[::1]", Some(8443)),
        ] {
            assert!(!legacy.may_name_paths(scheme, host, port), "{scheme} {host} {port:?}");
        }
    }

    #[test]
    fn the_list_counts_only_where_it_is_to() {
        let mut legacy = Legacy { sites: vec!["egov.kz".to_owned()], ..Legacy::default() };
        assert!(legacy.may_name_paths("http", "other.kz", None), "by default everybody may ask");
        legacy.file_paths = FilePaths::Never;
        assert!(!legacy.may_name_paths("https", "egov.kz", None));
        assert!(!listed(&[]).may_name_paths("https", "egov.kz", None));
    }

    #[test]
    fn what_no_browser_says_is_no_site() {
        for site in ["egov.kz", "localhost", "10.0.0.5", "[::1]", "https://egov.kz", "http://portal.lan:8080"] {
            assert!(is_site(site), "{site}");
        }
        for site in [
            "",
            ".kz",
            "egov.kz.",
            "egov.kz:8443",
            "https://",
            "https://egov.kz/",
            "https://egov.kz/path",
            "https://egov.kz:443",
            "https://egov.kz:0",
            "https://anna@egov.kz",
            "*.egov.kz",
            "сайт.қаз",
            "[egov]",
        ] {
            assert!(!is_site(site), "{site}");
        }
    }
}
