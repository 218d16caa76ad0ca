//! The local page: tells a person, in their language, that Tanba is there, and proves it by opening a socket to itself.
//!
//! One file without any outside resource. Its script and its style are fixed, so the content policy names them by their
//! digests; the sentences come from the catalogue and are escaped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use texts::{Locale, Texts};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Longer lists of languages nobody's browser sends.
const LONGEST_LIST: usize = 1000;

/// The page as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The document.
    pub(crate) html: String,
    /// Its `Content-Security-Policy`.
    pub(crate) policy: String,
    /// Its language, ISO 639-1.
    pub(crate) language: &'static str,
}

/// The page in one language, for a browser that has `host` in its address line; a `Host` that was checked.
pub(crate) fn render(locale: Locale, host: &str) -> Page {
    let texts = Texts::new(locale);
    let mut html = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + 4096);
    let mut rest = PAGE;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, from)| Some((before, from.split_once("}}")?)))
    {
        html.push_str(before);
        match name {
            "style" => html.push_str(STYLE),
            "script" => html.push_str(SCRIPT),
            "language" => html.push_str(locale.code()),
            "version" => html.push_str(env!("CARGO_PKG_VERSION")),
            "address" => html.push_str(&escape(host)),
            "languages" => html.push_str(&languages(locale)),
            sentence => html.push_str(&escape(&sentence_of(&texts, sentence))),
        }
        rest = after;
    }
    html.push_str(rest);
    Page { html, policy: policy(host), language: locale.code() }
}

/// The page's sentences, each named once.
fn sentence_of(texts: &Texts, name: &str) -> String {
    match name {
        "title" => texts.text("page-title"),
        "checking" => texts.text("page-checking"),
        "ready" => texts.text("page-ready"),
        "ready-next" => texts.text("page-ready-next"),
        "untrusted" => texts.text("page-untrusted"),
        "untrusted-next" => texts.text("page-untrusted-next"),
        "unreachable" => texts.text("page-unreachable"),
        "unreachable-next" => texts.text("page-unreachable-next"),
        "no-script" => texts.text("page-no-script"),
        "version-label" => texts.text("page-version"),
        "address-label" => texts.text("page-address"),
        "language-label" => texts.text("page-language"),
        // A slip in the template is seen on the page, and by the test.
        other => format!("{{{{{other}}}}}"),
    }
}

fn languages(current: Locale) -> String {
    let link = |locale: Locale| {
        let (code, name) = (locale.code(), Texts::new(locale).text("page-language-name"));
        let current = if locale == current { r#" aria-current="true""# } else { "" };
        format!(r#"<a href="/?lang={code}" lang="{code}" hreflang="{code}"{current}>{}</a>"#, escape(&name))
    };
    Locale::ALL.map(link).join(" ")
}

/// Only what stands in this page may run, and it may talk to nobody but us.
fn policy(host: &str) -> String {
    // `'self'` means our sockets too, but not in every browser; and a policy cannot name an IPv6 address.
    let sockets = if host.starts_with('[') { String::new() } else { format!(" ws://{host} wss://{host}") };
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; connect-src 'self'{sockets}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        digest(SCRIPT),
        digest(STYLE)
    )
}

/// The language to answer in: the one of the address, else the one the browser likes best, else the person's own.
pub(crate) fn locale(lang: Option<&str>, accept_language: Option<&str>, own: Locale) -> Locale {
    lang.and_then(Locale::from_code).or_else(|| accept_language.and_then(preferred)).unwrap_or(own)
}

/// The language of ours that stands highest in an `Accept-Language` (RFC 9110 §12.5.4).
fn preferred(list: &str) -> Option<Locale> {
    let list = list.get(..list.len().min(LONGEST_LIST))?;
    let mut best: Option<(Locale, f32)> = None;
    for item in list.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let locale = parts.next().and_then(Locale::from_code);
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok());
        if let (Some(locale), Some(weight)) = (locale, weight)
            && weight > best.map_or(0.0, |(_, weight)| weight)
        {
            best = Some((locale, weight));
        }
    }
    best.map(|(locale, _)| locale)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_whole_in_every_language() {
        for locale in Locale::ALL {
            let page = render(locale, "127.0.0.1:13579");
            assert!(!page.html.contains("{{") && !page.html.contains("}}"), "{}", page.html);
            assert!(!page.html.contains(">page-"), "a sentence is missing in {}", locale.code());
            assert!(page.html.contains(&format!("<html lang=\"{}\"", locale.code())));
            assert!(page.html.contains(env!("CARGO_PKG_VERSION")));
        }
    }

    #[test]
    fn nothing_outside_is_loaded_and_nothing_but_our_script_runs() {
        let page = render(Locale::En, "localhost:13579");
        assert_eq!(page.html.matches("<script").count(), 1);
        assert_eq!(page.html.matches("<style").count(), 1);
        for outside in ["http://", "https://", " src=", "@import", "url(h", " style=", " onload", " onclick"] {
            // The name of a vocabulary, which nobody loads.
            let html = page.html.replace("http://www.w3.org/2000/svg", "");
            assert!(!html.contains(outside), "{outside}");
        }
        let between = |open: &str, close: &str| {
            let from = page.html.find(open).unwrap() + open.len();
            page.html[from..].split_once(close).unwrap().0.to_owned()
        };
        for inline in [between("<script>", "</script>"), between("<style>", "</style>")] {
            let digest = STANDARD.encode(Sha256::digest(inline.as_bytes()));
            assert!(page.policy.contains(&format!("'sha256-{digest}'")));
        }
        assert!(page.policy.contains("connect-src 'self' ws://localhost:13579 wss://localhost:13579;"));
        assert!(render(Locale::En, "[::1]:13579").policy.contains("connect-src 'self';"));
    }

    #[test]
    fn the_language_is_the_address_then_the_browsers_then_ones_own() {
        let own = Locale::Ru;
        assert_eq!(locale(Some("kk"), Some("en"), own), Locale::Kk);
        assert_eq!(locale(Some("de"), Some("en-GB,kk;q=0.9"), own), Locale::En);
        assert_eq!(locale(None, Some("de, en;q=0.5, kk-KZ;q=0.7"), own), Locale::Kk);
        assert_eq!(locale(None, Some("kk;q=0, de"), own), Locale::Ru);
        assert_eq!(locale(None, Some("kk;q=x"), own), Locale::Ru);
        assert_eq!(locale(None, None, own), Locale::Ru);
        assert_eq!(locale(None, Some(&"ө".repeat(600)), own), Locale::Ru);
    }

    #[test]
    fn sentences_cannot_become_markup() {
        assert_eq!(escape("<b a=\"'\">&"), "&lt;b a=&quot;&#39;&quot;&gt;&amp;");
    }
}
