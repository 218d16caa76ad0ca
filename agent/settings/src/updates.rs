//! Where a word about newer versions comes from, and whose word is believed.

use serde::{Deserialize, Serialize};
use std::path::Path;

/// The signed version file of whoever looks after this Tanba. Where none is named nobody is asked and nothing is looked at.
/// Only that file is ever fetched, never a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Updates {
    /// The file: an address (`http` or `https`) or an absolute path. Empty: none.
    pub file: String,
    /// The SHA-256 of the DER certificate that signs it, in hexadecimal; colons and blanks between the digits do not count.
    /// Empty: nobody is believed.
    pub signer: String,
}

/// Where the version file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource<'a> {
    /// At this `http` or `https` address.
    Address(&'a str),
    /// At this absolute path.
    File(&'a Path),
}

impl Updates {
    /// Where the version file lies; `None` where nobody is to be asked.
    #[must_use]
    pub fn source(&self) -> Option<VersionSource<'_>> {
        match self.file.as_str() {
            "" => None,
            address if is_web_address(address) => Some(VersionSource::Address(address)),
            path => Some(VersionSource::File(Path::new(path))),
        }
    }

    /// The SHA-256 of the signer's certificate: 64 hexadecimal digits in lower case. `None` where nobody is believed.
    #[must_use]
    pub fn signer_digest(&self) -> Option<String> {
        plain_digest(&self.signer)
    }
}

/// `http://` or `https://` with a host, in visible ASCII; the client judges the rest.
pub(crate) fn is_web_address(address: &str) -> bool {
    let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
    rest.is_some_and(crate::schema::begins_with_a_host)
}

/// An absolute path without characters that no line of a terminal shows.
pub(crate) fn is_absolute_path(path: &str) -> bool {
    Path::new(path).is_absolute() && !path.chars().any(char::is_control)
}

/// The 64 hexadecimal digits of a SHA-256 in lower case, whatever colons and blanks stand between them: `openssl` writes
/// them with colons.
pub(crate) fn plain_digest(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
    (digits.len() == 64 && digits.bytes().all(|octet| octet.is_ascii_hexdigit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loaded, Places, Settings, SettingsError, edit};

    fn parsed(text: &str) -> Result<Loaded, SettingsError> {
        Settings::parse(&format!("[updates]\n{text}"))
    }

    #[test]
    fn nobody_is_asked_and_nobody_believed_where_nothing_is_set() {
        let updates = Updates::default();
        assert_eq!((updates.source(), updates.signer_digest()), (None, None));
    }

    #[test]
    fn a_version_file_has_an_address_or_an_absolute_path() {
        let source = |text: &str| parsed(&format!("file = '{text}'")).map(|loaded| loaded.settings.updates);
        for address in ["http://updates.lan/tanba.cms", "https://updates.lan:8443/tanba.cms"] {
            assert_eq!(source(address).unwrap().source(), Some(VersionSource::Address(address)));
        }
        #[cfg(unix)]
        assert_eq!(source("/srv/tanba.cms").unwrap().source(), Some(VersionSource::File(Path::new("/srv/tanba.cms"))));
        assert_eq!(source("").unwrap().source(), None);
        for wrong in
            ["tanba.cms", "ftp://updates.lan/x", "https://", "https:///x", "http://updates.lan/a b", "file:///x"]
        {
            let refused = source(wrong);
            assert!(
                matches!(refused, Err(SettingsError::NotAllowed { key: "updates.file", .. })),
                "{wrong}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_digest_is_taken_as_programs_print_it_and_written_plain() {
        let plain = "0123456789abcdef".repeat(4);
        let colons = plain.as_bytes().chunks(2).map(|two| String::from_utf8_lossy(two).to_uppercase());
        let colons = colons.collect::<Vec<_>>().join(":");
        let folder = tempfile::tempdir().unwrap();
        let places = Places::under(folder.path());
        places.create().unwrap();
        for typed in [plain.clone(), colons.clone(), format!(" {} ", colons.replace(':', " "))] {
            edit::set(&places, "updates.signer", &typed).unwrap();
            let updates = Settings::load(&places).unwrap().settings.updates;
            assert_eq!(updates.signer, plain, "{typed}");
        }
        // An administrator writes the file by hand.
        let updates = parsed(&format!("signer = '{colons}'")).unwrap().settings.updates;
        assert_eq!(updates.signer_digest(), Some(plain.clone()));
        for wrong in [&plain[1..], &format!("{plain}0"), &plain.replace('f', "g"), "sha256"] {
            let refused = edit::set(&places, "updates.signer", wrong);
            assert!(matches!(refused, Err(SettingsError::NotAllowed { key: "updates.signer", .. })), "{wrong}");
        }
        edit::set(&places, "updates.signer", "").unwrap();
        assert_eq!(Settings::load(&places).unwrap().settings.updates.signer_digest(), None);
    }

    #[test]
    fn an_address_is_shown_without_its_password_and_a_path_whole() {
        let key = crate::Key::named("updates.file").unwrap();
        let shown = |text: &str| parsed(&format!("file = '{text}'")).unwrap().shown(key).unwrap();
        assert_eq!(shown("https://anna:secret@updates.lan/x"), "https://***@updates.lan/x");
        #[cfg(unix)]
        assert_eq!(shown("/srv/tanba@work/x"), "/srv/tanba@work/x");
    }
}
