//! Decisions and findings in words.

use super::moment;
use listener::journal::{About, Decision, Finding};
use std::io::{self, Write};
use texts::{Texts, Value};

/// Characters of one text that stand in a line of the list; `show` has all of them.
const LONGEST_IN_LINE: usize = 100;

/// One line of the list.
pub(super) fn line(texts: &Texts, decision: &Decision) -> String {
    let number = decision.number.to_string();
    let at = brief(&moment::in_local_time(&decision.at));
    let result = brief(&result(texts, decision));
    let head = [("number", Value::Text(&number)), ("at", Value::Text(&at)), ("result", Value::Text(&result))];
    if decision.about == About::Journal {
        return texts.format("journal-line-own", &head);
    }
    let (site, program) = (brief(&site(texts, decision)), brief(&program_name(texts, decision)));
    let what = brief(&format!("{}.{}", last_part(&decision.module, '.'), decision.method));
    let signer = brief(&decision.signer);
    let [number, at, result] = head;
    let arguments = [
        number,
        at,
        ("site", Value::Text(&site)),
        ("program", Value::Text(&program)),
        ("what", Value::Text(&what)),
        result,
        ("signer", Value::Text(&signer)),
    ];
    let sentence = if signer.is_empty() { "journal-line" } else { "journal-line-signed" };
    texts.format(sentence, &arguments)
}

/// All of one decision.
pub(super) fn whole(out: &mut impl Write, texts: &Texts, decision: &Decision) -> io::Result<()> {
    let mut field = |id: &str, value: &str| {
        if value.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}", texts.format(id, &[("value", Value::Text(&safe(value)))]))
    };
    field("journal-show-number", &decision.number.to_string())?;
    field("journal-show-at", &moment::in_full(&decision.at))?;
    if decision.about == About::Request {
        field("journal-show-site", &site(texts, decision))?;
        let program =
            if decision.program.is_empty() { program_name(texts, decision) } else { decision.program.clone() };
        field("journal-show-program", &program)?;
    }
    field("journal-show-what", &format!("{} · {}", decision.module, decision.method))?;
    field("journal-show-result", &result_and_word(texts, decision))?;
    field("journal-show-signer", &decision.signer)?;
    field("journal-show-certificate", &decision.certificate)?;
    for document in decision.documents.split('\n') {
        match document.strip_prefix("digest:") {
            Some(digest) => field("journal-show-digest", digest)?,
            None if document == "elsewhere" => field("journal-show-elsewhere", document)?,
            None => field("journal-show-document", document)?,
        }
    }
    let hash: String = decision.hash.iter().map(|octet| format!("{octet:02x}")).collect();
    field("journal-show-hash", &hash)
}

/// What was found by a check.
pub(super) fn finding(texts: &Texts, finding: &Finding) -> String {
    // Numbers of rows are names: no language puts a blank into one.
    let say = |id: &str, numbers: &[(&str, u64)]| {
        let written: Vec<String> = numbers.iter().map(|(_, number)| number.to_string()).collect();
        let arguments: Vec<_> =
            numbers.iter().zip(&written).map(|((name, _), number)| (*name, Value::Text(number))).collect();
        texts.format(id, &arguments)
    };
    match *finding {
        Finding::Missing { from, to } if from == to => say("journal-found-missing-one", &[("number", from)]),
        Finding::Missing { from, to } => say("journal-found-missing", &[("from", from), ("to", to)]),
        Finding::Edited { number } => say("journal-found-edited", &[("number", number)]),
        Finding::TailCut { last, head } => say("journal-found-tail-cut", &[("last", last), ("head", head)]),
        Finding::HeadDiffers { number } => say("journal-found-head-differs", &[("number", number)]),
        Finding::HeadMissing => say("journal-found-head-missing", &[]),
        Finding::HeadWasLost { number } => say("journal-found-head-was-lost", &[("number", number)]),
        Finding::HeadBehind { head, last } => say("journal-found-head-behind", &[("last", last), ("head", head)]),
        Finding::Interrupted { last } => say("journal-found-interrupted", &[("last", last)]),
        Finding::Purged { through } => say("journal-found-purged", &[("through", through)]),
        _ => format!("{finding:?}"),
    }
}

fn site(texts: &Texts, decision: &Decision) -> String {
    match decision.origin.as_str() {
        "null" => texts.text("journal-site-opaque"),
        "-" => texts.text("journal-site-none"),
        origin => origin.to_owned(),
    }
}

fn program_name(texts: &Texts, decision: &Decision) -> String {
    match last_part(&decision.program, '/') {
        "" => texts.text("journal-program-unknown"),
        name => name.to_owned(),
    }
}

fn last_part(text: &str, separator: char) -> &str {
    text.rsplit(separator).next().unwrap_or(text)
}

/// How it ended. What a later Tanba wrote, or somebody else, stays as it is.
fn result(texts: &Texts, decision: &Decision) -> String {
    if let Some(code) = decision.result.strip_prefix("failed:") {
        return texts.format("journal-result-failed", &[("code", Value::Text(code))]);
    }
    let id = match decision.result.as_str() {
        "signed" => "journal-result-signed",
        "key-shown" => "journal-result-key-shown",
        "stamped" => "journal-result-stamped",
        "file-chosen" => "journal-result-file-chosen",
        "saved" => "journal-result-saved",
        "verified" => "journal-result-verified",
        "digest" => "journal-result-digest",
        "told" => "journal-result-told",
        "requested" => "journal-result-requested",
        "imported" => "journal-result-imported",
        "cancelled" => "journal-result-cancelled",
        "withdrawn" => "journal-result-withdrawn",
        "blocked" => "journal-result-blocked",
        "paused" => "journal-result-paused",
        "path-refused" => "journal-result-path-refused",
        "purged" => "journal-result-purged",
        "head-lost" => "journal-result-head-lost",
        other => return other.to_owned(),
    };
    texts.text(id)
}

/// How it ended, with the word that `--result` takes where the sentence does not have it.
fn result_and_word(texts: &Texts, decision: &Decision) -> String {
    let (said, word) = (result(texts, decision), decision.result.as_str());
    let word_or_code = word.strip_prefix("failed:").unwrap_or(word);
    if said.contains(word_or_code) { said } else { format!("{said} ({word})") }
}

/// A text of whoever called, for a terminal: control characters, and those that turn the line around, are made visible.
fn safe(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // Names of organisations are full of them, and a terminal does not mind.
            '"' | '\'' => shown.push(character),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}

/// The same, short enough for a line.
fn brief(text: &str) -> String {
    match text.char_indices().nth(LONGEST_IN_LINE) {
        None => safe(text),
        Some((end, _)) => safe(text.get(..end).unwrap_or_default()) + "…",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use texts::Locale;

    fn decision() -> Decision {
        Decision {
            number: 7,
            at: "2026-11-23T09:00:00Z".into(),
            origin: "https://egov.kz".into(),
            program: "/usr/lib/chromium/chromium".into(),
            module: "kz.gov.pki.knca.basics".into(),
            method: "sign".into(),
            documents: String::new(),
            certificate: String::new(),
            signer: "ТОО \"Ромашка\"".into(),
            result: "signed".into(),
            hash: [0; 32],
            about: About::Request,
        }
    }

    #[test]
    fn every_result_that_is_written_has_words_in_every_language() {
        for locale in Locale::ALL {
            let texts = Texts::new(locale);
            for word in crate::arguments::RESULTS.into_iter().filter(|word| *word != "failed") {
                let decision = Decision { result: word.into(), ..decision() };
                let said = result(&texts, &decision);
                let with_word = result_and_word(&texts, &decision);
                let word_said = word.trim_start_matches("failed:");
                assert_eq!(with_word.matches(word_said).count(), 1, "{with_word}");
                assert!(!said.is_empty() && !said.contains("journal-"), "{word}: {said}");
                assert!(locale == Locale::En || said != word, "{word}: {said}");
            }
        }
        let texts = Texts::new(Locale::En);
        assert_eq!(result(&texts, &Decision { result: "of-tomorrow".into(), ..decision() }), "of-tomorrow");
    }

    #[test]
    fn what_a_page_or_a_program_wrote_cannot_rewrite_the_terminal_and_stays_short() {
        let texts = Texts::new(Locale::En);
        let hostile = Decision {
            at: "\u{1b}[2J".into(),
            origin: "https://a\n8 · forged".into(),
            program: format!("/\u{202e}{}", "x".repeat(100_000)),
            result: "signed\r".into(),
            signer: "\u{9b}31m".into(),
            ..decision()
        };
        let line = line(&texts, &hostile);
        assert!(!line.chars().any(char::is_control) && !line.contains('\u{202e}'), "{line:?}");
        assert!(line.len() < 1000, "{}", line.len());
        let mut shown = Vec::new();
        whole(&mut shown, &texts, &hostile).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n') && !shown.contains('\u{202e}'));
        assert!(!shown.lines().any(|line| line.starts_with("8 ·")));
    }

    #[test]
    fn a_line_says_who_asked_through_what_and_how_it_ended() {
        let line = line(&Texts::new(Locale::En), &decision());
        for part in ["7 · 2026-11-23", "https://egov.kz", " chromium ", "basics.sign", "signed", "ТОО \"Ромашка\""]
        {
            assert!(line.contains(part), "{part}: {line}");
        }
    }
}
