//! What a page names beside documents: paths of this computer, kinds of file, addresses of its own server.
//!
//! Here it is only seen to that these are short, and that what goes on is one. Whether a page may name a path at all, and whether an
//! address is the site's own, is decided where the verified origin is known.

use order::{FilePurpose, FileQuery};

/// The longest path, in octets: what Windows takes.
const LONGEST_PATH: usize = 32 * 1024;

/// The longest address, in octets; browsers and servers agree on about this.
const LONGEST_ADDRESS: usize = 2048;

/// Whether a text can be the alias of a key: a key identifier in hexadecimal, in some stores a person's name.
pub(crate) fn is_alias(text: &str) -> bool {
    const LONGEST: usize = 1024;
    text.len() <= LONGEST && !text.contains('\0')
}

/// A path that a page names, as it was written; `None` when it cannot be one. Whether something is there only the
/// signer finds out, after the person.
pub(crate) fn path(text: &str) -> Option<String> {
    let fits = !text.trim().is_empty() && text.len() <= LONGEST_PATH && !text.contains('\0');
    fits.then(|| text.to_owned())
}

/// A folder; empty: none is named. An uchet page puts a backslash behind it on every system.
pub(crate) fn folder(text: &str) -> Option<String> {
    let text = if text.starts_with('/') { text.trim_end_matches('\\') } else { text };
    if text.is_empty() { Some(String::new()) } else { path(text) }
}

/// Whether a path says all by itself where the file is, on any system.
pub(crate) fn is_absolute(path: &str) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    drive || path.starts_with('/') || path.starts_with(r"\\")
}

/// The folder and the name of a file, on any system.
pub(crate) fn parts(path: &str) -> (&str, &str) {
    path.rsplit_once(['/', '\\']).unwrap_or(("", path))
}

/// What a chooser is asked for. An ending that is none, and a folder that cannot be one, are left out: both are hints.
pub(crate) fn file_query(extension: &str, start: &str, purpose: FilePurpose) -> FileQuery {
    const LONGEST: usize = 16;
    let ending = extension.trim().trim_start_matches(['*', '.']);
    let fits = ending.len() <= LONGEST
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !ending.eq_ignore_ascii_case("ALL");
    FileQuery {
        extension: if fits { ending.to_ascii_uppercase() } else { String::new() },
        folder: folder(start).unwrap_or_default(),
        purpose,
    }
}

/// An address of the site's own server: `https`, a plain host, no user, nothing but visible ASCII.
pub(crate) fn site_address(text: &str) -> Option<String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if text.len() > LONGEST_ADDRESS || !is_plain {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let host_fits = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let port_fits = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    (scheme.eq_ignore_ascii_case("https") && host_fits && port_fits).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_is_short_and_has_no_nul() {
        assert_eq!(path("/media/u/ключ.p12").as_deref(), Some("/media/u/ключ.p12"));
        assert_eq!(path(r"C:\keys\k.p12").as_deref(), Some(r"C:\keys\k.p12"));
        assert!(path(&"/".repeat(32 * 1024)).is_some());
        for bad in ["", " ", "/k\0.p12", &"/".repeat(32 * 1024 + 1)] {
            assert_eq!(path(bad), None);
        }
    }

    #[test]
    fn a_folder_may_be_left_out_and_loses_the_backslash_that_a_page_put_behind_it() {
        assert_eq!(folder("").as_deref(), Some(""));
        assert_eq!(folder("/media/u\\").as_deref(), Some("/media/u"));
        assert_eq!(folder("D:\\docs\\").as_deref(), Some("D:\\docs\\"));
    }

    #[test]
    fn the_parts_of_a_path_are_found_on_every_system() {
        assert_eq!(parts(r"C:\d\a.pdf"), (r"C:\d", "a.pdf"));
        assert_eq!(parts("/media/u/a.pdf"), ("/media/u", "a.pdf"));
        assert_eq!(parts("a.pdf"), ("", "a.pdf"));
        for (text, absolute) in [("/a", true), (r"C:\a", true), ("c:/a", true), (r"\\host\a", true), ("a", false)] {
            assert_eq!(is_absolute(text), absolute, "{text}");
        }
    }

    #[test]
    fn endings_are_hints_in_whatever_spelling() {
        for (given, understood) in
            [("all", ""), ("P12", "P12"), ("*.p12", "P12"), (".Cms", "CMS"), ("", ""), ("p/12", "")]
        {
            assert_eq!(file_query(given, "", FilePurpose::AnyFile).extension, understood, "{given}");
        }
        assert_eq!(file_query("", "a\0b", FilePurpose::AnyFile).folder, "");
    }

    #[test]
    fn only_plain_https_addresses_are_addresses() {
        for good in ["https://v3bl.goszakup.gov.kz/f?id=1", "HTTPS://a.kz", "https://a.kz:8443/%D1%8B#x"] {
            assert_eq!(site_address(good).as_deref(), Some(good));
        }
        let long = format!("https://a.kz/{}", "a".repeat(2048));
        for bad in [
            "",
            "http://a.kz/",
            "ftp://a.kz/",
            "file:///etc/passwd",
            "//a.kz/",
            "https:/a.kz",
            "https://",
            "https:///x",
            "https://user@a.kz/",
            "https://a.kz:pw@b.kz/",
            "https://a.kz:/",
            "https://a.kz:0/",
            "https://a.kz:99999/",
            "https://[::1]/",
            "https://а.kz/",
            "https://a.kz/ы",
            "https://a.kz\\@b.kz/",
            "https://a.kz/ x",
            "https://a.kz/\r\nx",
            &long,
        ] {
            assert_eq!(site_address(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = (path(&text), folder(&text), parts(&text), is_absolute(&text), site_address(&text));
            let _ = file_query(&text, &text, FilePurpose::KeyFile);
        }
    }
}
