//! The check page: says to a person, in their language, whether sites can ask them to sign in this browser, what stands in
//! the way and what to do about it, and makes a test signature with them.
//!
//! One file without any outside resource. Its script and its style are fixed, so the content policy names them by their
//! digests; the sentences come from the catalogue and are escaped. It is a page like any other: what it asks Tanba it asks
//! over its own socket, and the person sees the usual window. `docs/check-page.md` says what each line looks at.
//!
//! - `checks`: the lines, and what may be found at each.
//! - `page.html`, `page.css`, `script/`: the document.

mod checks;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use checks::Part;
use sha2::{Digest as _, Sha256};
use texts::{Locale, Texts, Value};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// The script's files, in a block of their own so that nothing of them is the window's.
const SCRIPT: &str = concat!(
    "\"use strict\";\n{\n",
    include_str!("script/line.js"),
    include_str!("script/wire.js"),
    include_str!("script/browser.js"),
    include_str!("script/agent.js"),
    include_str!("script/cms.js"),
    include_str!("script/report.js"),
    include_str!("script/signature.js"),
    include_str!("script/start.js"),
    "}\n"
);

/// No right clock shows less while this version runs: raised when a version is made.
const EARLIEST: &str = "2026-11-01T00:00:00Z";

/// Longer lists of languages nobody's browser sends.
const LONGEST_LIST: usize = 1000;

/// What the script fills in: the places of the page's sentences.
const PLACES: [&str; 14] = [
    "agent-time",
    "browser",
    "browser-time",
    "code",
    "date",
    "days",
    "engine",
    "names",
    "needed",
    "origin",
    "time",
    "tokens",
    "version",
    "zone",
];

/// Around the name of a place, between the catalogue and the markup; no sentence has these characters of private use.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

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

/// The page in one language, for a browser that has `host` in its address line; a `Host` that was checked. `now` is the
/// time by Tanba's clock, RFC 3339.
pub(crate) fn render(locale: Locale, host: &str, now: &str) -> Page {
    let texts = Texts::new(locale);
    let mut html = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + 32 * 1024);
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
            "now" => html.push_str(&escape(now)),
            "earliest" => html.push_str(EARLIEST),
            "languages" => html.push_str(&languages(locale)),
            "labels" => html.push_str(&checks::labels(&texts)),
            "checks-browser" => html.push_str(&checks::lines(&texts, Part::Browser)),
            "checks-agent" => html.push_str(&checks::lines(&texts, Part::Agent)),
            "checks-sign" => html.push_str(&checks::lines(&texts, Part::Signature)),
            // A slip in the template is seen on the page, and by the test.
            id => html.push_str(&sentence(&texts, id)),
        }
        rest = after;
    }
    html.push_str(rest);
    Page { html, policy: policy(host), language: locale.code() }
}

/// A sentence as markup: its places are elements for the script to fill, words between backticks are code.
fn sentence(texts: &Texts, id: &str) -> String {
    let marks = PLACES.map(|place| format!("{OPEN}{place}{CLOSE}"));
    let arguments: Vec<_> =
        PLACES.into_iter().zip(&marks).map(|(place, mark)| (place, Value::Text(mark.as_str()))).collect();
    let text = escape(&texts.format(id, &arguments));
    let text = text.replace(OPEN, "<span data-value=\"").replace(CLOSE, "\"></span>");
    let mut pieces = text.split('`');
    let mut markup = pieces.next().unwrap_or_default().to_owned();
    for (index, piece) in pieces.enumerate() {
        markup.push_str(if index % 2 == 0 { "<code>" } else { "</code>" });
        markup.push_str(piece);
    }
    markup
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
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
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

    const HOST: &str = "127.0.0.1:13579";
    const NOW: &str = "2026-11-27T09:00:00.000Z";

    /// The page without its script and its style.
    fn document(page: &Page) -> String {
        page.html.replace(SCRIPT, "").replace(STYLE, "")
    }

    #[test]
    fn the_page_is_whole_in_every_language() {
        for locale in Locale::ALL {
            let page = render(locale, HOST, NOW);
            let document = document(&page);
            assert!(!document.contains("{{") && !document.contains("}}") && !document.contains('`'), "{document}");
            for beginning in [">page-", ">check-", "\"page-", "\"check-", "{$", "{ $"] {
                assert!(!document.contains(beginning), "a sentence is missing in {}: {beginning}", locale.code());
            }
            assert!(!document.contains([OPEN, CLOSE]));
            assert!(document.contains(&format!("<html lang=\"{}\"", locale.code())));
            assert!(document.contains(env!("CARGO_PKG_VERSION")));
            assert!(document.contains(&format!("data-now=\"{NOW}\"")));
        }
    }

    #[test]
    fn what_differs_from_time_to_time_is_for_the_script_to_fill_in() {
        let texts = Texts::new(Locale::En);
        let clock = sentence(&texts, "check-clock-agree");
        assert!(clock.contains("<span data-value=\"time\"></span>"), "{clock}");
        let command = sentence(&texts, "check-sign-cancelled-next");
        assert!(command.ends_with("<code>tanba sites forget <span data-value=\"origin\"></span></code>"), "{command}");
    }

    #[test]
    fn nobody_is_lost_without_a_script() {
        let document = document(&render(Locale::En, HOST, NOW));
        // What is seen without one stands there unhidden, and is hidden by the script as its first act.
        assert!(document.contains("<div data-result=\"no-script\"><h1>"), "{document}");
        assert_eq!(document.matches("<div data-result=").count(), 8);
        assert_eq!(document.matches("<div data-result=").count() - 1, document.matches("\" hidden><h1>").count());
    }

    #[test]
    fn the_earliest_time_is_a_time_and_lies_behind_us() {
        let earliest = time::OffsetDateTime::parse(EARLIEST, &time::format_description::well_known::Rfc3339).unwrap();
        assert!(earliest < time::OffsetDateTime::now_utc());
    }

    #[test]
    fn nothing_outside_is_loaded_and_nothing_but_our_script_runs() {
        let page = render(Locale::En, "localhost:13579", NOW);
        assert_eq!(page.html.matches("<script").count(), 1);
        assert_eq!(page.html.matches("<style").count(), 1);
        for outside in ["http://", "https://", " src=", "@import", "url(h", " style=", " onload", " onclick"] {
            // The name of a vocabulary, which nobody loads.
            let html = page.html.replace("http://www.w3.org/2000/svg", "");
            assert!(!html.contains(outside), "{outside}");
        }
        // No markup out of text, and nothing that is heard from other pages.
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "\"message\"",
            "onmessage = window",
        ] {
            assert!(!SCRIPT.contains(sink), "{sink}");
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
        assert!(page.policy.ends_with("require-trusted-types-for 'script'; trusted-types 'none'"));
        assert!(render(Locale::En, "[::1]:13579", NOW).policy.contains("connect-src 'self';"));
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
