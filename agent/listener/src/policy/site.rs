//! The names under which callers are counted, blocked and remembered.

use order::{Origin, Program, Requester};

/// The name of the site that an origin belongs to: `egov.kz` for all its names, schemes and ports; `null` for pages
/// without an origin of their own, `-` for programs that name none.
pub(super) fn site_of(origin: &Origin) -> String {
    match origin {
        // The host of an extension is no name of the domain system.
        Origin::Web(web) if !matches!(web.scheme(), "http" | "https") => format!("{}://{}", web.scheme(), web.host()),
        Origin::Web(web) if web.host().ends_with(".localhost") => "localhost".to_owned(),
        Origin::Web(web) => web.site().to_owned(),
        Origin::Opaque | Origin::Absent => origin.as_record(),
    }
}

/// The site of an origin as it is remembered.
pub(super) fn site_of_record(origin: &str) -> String {
    match origin {
        "null" | "-" => origin.to_owned(),
        origin => match Origin::from_header(Some(origin.as_bytes())) {
            Origin::Opaque => origin.to_owned(),
            origin => site_of(&origin),
        },
    }
}

/// The name of a program.
pub(super) fn name_of(program: Option<&Program>) -> String {
    match program {
        // A browser's path changes with its updates (`/snap/firefox/4711/…`); that it is this browser was checked.
        Some(program) if program.is_known_browser => format!("browser:{}", program.name),
        Some(program) => format!("program:{}", program.path),
        None => "unknown".to_owned(),
    }
}

/// Whom a request is charged to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    site: String,
    pub(super) program: String,
    /// Whether the program is known not to be a browser: it can claim as many origins as it likes.
    claims: bool,
}

impl Account {
    /// The account of an origin in a program.
    pub(super) fn new(origin: &Origin, program: Option<&Program>) -> Self {
        let claims = program.is_some_and(|program| !program.is_known_browser);
        Self { site: site_of(origin), program: name_of(program), claims }
    }

    /// The site whose tokens are taken. A program that is no browser has the same for all origins.
    pub(super) fn bucket(&self) -> &str {
        if self.claims { "" } else { &self.site }
    }

    /// Whether both are of one program that is no browser.
    pub(crate) fn is_same_claimant(&self, other: &Self) -> bool {
        self.claims && other.claims && self.program == other.program
    }

    /// The account of whoever asks this.
    pub(crate) fn of(requester: &Requester) -> Self {
        Self::new(&requester.origin, requester.program.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_one_name_whatever_its_pages_are_called() {
        for (origin, site) in [
            ("https://egov.kz", "egov.kz"),
            ("http://a.b.egov.kz:8080", "egov.kz"),
            ("https://stat.gov.kz", "stat.gov.kz"),
            ("http://a.localhost:1", "localhost"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
            ("null", "null"),
            ("-", "-"),
        ] {
            assert_eq!(site_of_record(origin), site);
        }
        assert_eq!(site_of(&Origin::Opaque), "null");
        assert_eq!(site_of(&Origin::Absent), "-");
    }
}
