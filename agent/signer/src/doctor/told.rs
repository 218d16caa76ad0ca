//! A finding in words.

use super::{Detail, Finding, State};
use crate::commands::say;
use crate::unseen::visible;
use std::path::Path;
use texts::{Texts, Value, scrubbed};

/// For whom it is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader<'a> {
    /// Whose computer it is.
    Owner,
    /// Others: a help desk. No names of people, no places in this home folder.
    Others {
        /// The home folder.
        home: Option<&'a Path>,
    },
}

/// A finding in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its code.
    pub code: &'static str,
    /// How it stands.
    pub state: State,
    /// What was looked at.
    pub name: String,
    /// How it stands, in a word or two.
    pub stands: String,
    /// What was found.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What the person does.
    pub next: Option<String>,
    /// What the program can do, as a question.
    pub fix: Option<String>,
    /// What lies below, in English, for whoever helps.
    pub cause: Option<String>,
}

impl Finding {
    /// This finding for somebody to read.
    #[must_use]
    pub fn told(&self, texts: &Texts, reader: Reader<'_>) -> Told {
        let shown: Vec<(&str, Shown)> =
            self.details.iter().map(|(place, detail)| (*place, show(detail, texts, reader))).collect();
        let arguments: Vec<(&str, Value<'_>)> = shown
            .iter()
            .map(|(place, shown)| match shown {
                Shown::Text(text) => (*place, Value::Text(text)),
                Shown::Count(count) => (*place, Value::Count(*count)),
            })
            .collect();
        let format = |id: &str| texts.format(id, &arguments);
        Told {
            code: self.kind.code,
            state: self.kind.state,
            name: texts.text(self.kind.area.name()),
            stands: texts.text(self.kind.state.word()),
            what: format(self.kind.what),
            why: texts.text(self.kind.area.why()),
            next: self.kind.next.map(format),
            fix: self.fix.as_ref().map(|fix| format(fix.cure().question())),
            cause: self.cause.as_ref().map(|cause| match reader {
                Reader::Owner => visible(cause),
                Reader::Others { home } => visible(&scrubbed(cause, home)),
            }),
        }
    }
}

enum Shown {
    Text(String),
    Count(u64),
}

fn show(detail: &Detail, texts: &Texts, reader: Reader<'_>) -> Shown {
    let text = match (detail, reader) {
        (Detail::Count(count), _) => return Shown::Count(*count),
        (Detail::Area(area), _) => texts.text(area.name()),
        (Detail::Sentence(sentence), Reader::Owner) => say(texts, sentence),
        (Detail::Sentence(sentence), Reader::Others { home }) => scrubbed(&say(texts, sentence), home),
        (Detail::Plain(text) | Detail::Cause(text) | Detail::Person(text), Reader::Owner) => text.clone(),
        (Detail::Plain(text) | Detail::Cause(text), Reader::Others { home }) => scrubbed(text, home),
        (Detail::Person(_), Reader::Others { .. }) => texts.text("doctor-report-person"),
        (Detail::Path(path) | Detail::KeyFile(path), Reader::Owner) => path.display().to_string(),
        (Detail::Path(path), Reader::Others { home }) => scrubbed(&path.display().to_string(), home),
        (Detail::KeyFile(path), Reader::Others { .. }) => {
            let kind = path.extension().map(|kind| kind.to_string_lossy().into_owned()).unwrap_or_default();
            // What stands behind a dot may be half a name.
            if ["p12", "pfx", "jks"].contains(&kind.as_str()) { format!("….{kind}") } else { "…".to_owned() }
        }
    };
    Shown::Text(visible(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::kinds;
    use texts::Locale;

    #[test]
    fn a_report_for_others_names_no_home_no_person_and_no_number() {
        let home = Path::new("/home/aigul");
        let scrub = |text: &str| scrubbed(text, Some(home));
        assert_eq!(scrub("/home/aigul/.pki/nssdb"), "~/.pki/nssdb");
        assert_eq!(scrub("no /home/other/x, see \"/home/name\""), "no /home/…/x, see \"/home/…\"");
        assert_eq!(scrub("IIN850101300123, port 13579"), "IIN…, port 13579");
        assert_eq!(scrub("1234567890123456789"), "…");
        assert_eq!(scrubbed("a/b", Some(Path::new("/"))), "a/b");
    }

    #[test]
    fn the_owner_reads_the_name_and_the_place_and_others_neither() {
        let finding = Finding::of(kinds::KEYS_ENDED)
            .with("name", Detail::Person("ТЕСТОВ ТЕСТ".to_owned()))
            .with("file", Detail::KeyFile("/home/aigul/ТЕСТОВ.p12".into()))
            .with("until", Detail::plain("01.01.2026"));
        for locale in Locale::ALL {
            let texts = Texts::new(locale);
            let own = finding.told(&texts, Reader::Owner);
            assert!(own.what.contains("ТЕСТОВ ТЕСТ"), "{}", own.what);
            let told = finding.told(&texts, Reader::Others { home: Some(Path::new("/home/aigul")) });
            let all = format!("{told:?}");
            assert!(!all.contains("ТЕСТОВ") && !all.contains("aigul"), "{all}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_keeps_the_home_folder_or_a_long_number(before in ".{0,20}", number in "[0-9]{12,30}", after in ".{0,20}") {
            let text = format!("{before}/home/aigul/x {number}{after}");
            let shown = scrubbed(&text, Some(Path::new("/home/aigul")));
            proptest::prop_assert!(!shown.contains("/home/aigul") && !shown.contains(&number), "{shown}");
        }
    }
}
