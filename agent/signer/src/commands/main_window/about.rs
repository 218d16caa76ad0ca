//! What this program is, where its files lie, and what the listener says of itself.

use super::{Context, Ended, MainAction, MainPage, MainRow, clean, facts};
use crate::updates::{Release, known_newer};
use crate::window::{MainField, Tone, whole};
use pki::Timestamp;
use serde::Deserialize;
use std::path::PathBuf;
use texts::Value;

/// The row of the log.
pub(super) const LOG: &str = "log";
/// The most lines of the log that are shown.
const MOST: usize = 100;

/// What is known of the log.
#[derive(Default)]
pub(super) struct About {
    entries: Vec<Entry>,
    fault: String,
    was_heard: bool,
    only_grave: bool,
}

#[derive(Deserialize)]
struct Entry {
    at: String,
    level: Option<String>,
    text: String,
}

impl About {
    /// The command that reads the log.
    pub(super) fn question(&self) -> Vec<String> {
        let mut words = vec!["log".to_owned(), "--json".to_owned(), format!("--lines={MOST}")];
        words.extend(self.only_grave.then(|| "--level=warn".to_owned()));
        words
    }

    /// The command that writes it to a file of the person's.
    pub(super) fn saving(context: &Context) -> [String; 3] {
        let file: PathBuf = crate::carry_out::free_file(&context.places, &["TANBA", "LOG"], "txt");
        ["log".to_owned(), "--lines=100000".to_owned(), format!("--save={}", file.display())]
    }

    /// All of it, or what went wrong.
    pub(super) fn show_only_grave(&mut self, only: bool) {
        self.only_grave = only;
    }

    pub(super) fn heard(&mut self, ended: &Ended) {
        self.was_heard = true;
        self.fault.clear();
        self.entries.clear();
        if ended.code == Some(0) {
            let read = |line: &str| serde_json::from_str(line).ok();
            self.entries = ended.out.lines().filter_map(read).take(MOST).collect();
            // Whoever looks wants to know what happened last.
            self.entries.reverse();
        } else {
            self.fault = ended.lines().join("\n");
        }
    }

    pub(super) fn fill(&self, page: &mut MainPage, context: &Context) {
        let text = |id: &str| context.texts.text(id);
        let places = &context.places;
        page.explanation = text("main-about-explained");
        page.names_toolkit = true;
        let folder = |id, path: &std::path::Path| (id, path.display().to_string());
        page.rows.push(MainRow {
            id: "program".to_owned(),
            title: format!("Tanba {}", env!("CARGO_PKG_VERSION")),
            details: text("main-about-program"),
            notes: vec![text("main-about-licence"), text("main-about-others")],
            ..MainRow::default()
        });
        // What the guardian last found; nobody is asked because a window is opened.
        page.rows.extend(known_newer(&context.settings.updates, places).map(|release| newer(context, release)));
        page.rows.push(MainRow {
            id: "folders".to_owned(),
            title: text("main-about-folders"),
            details: text("main-about-folders-what"),
            facts: facts(
                context,
                &[
                    folder("main-about-config", places.config()),
                    folder("main-about-data", places.data()),
                    folder("main-about-state", places.state()),
                ],
            ),
            ..MainRow::default()
        });
        page.rows.push(self.log(context));
    }

    fn log(&self, context: &Context) -> MainRow {
        let text = |id: &str| context.texts.text(id);
        let choice = |id, said: &str, is_chosen| MainAction { is_chosen, ..MainAction::new(id, text(said)) };
        let notes = match (self.was_heard, self.fault.is_empty(), self.entries.is_empty()) {
            (false, ..) => vec![text("main-reading")],
            (_, false, _) => vec![self.fault.clone()],
            (_, _, true) => vec![text("main-log-none")],
            _ => Vec::new(),
        };
        MainRow {
            id: LOG.to_owned(),
            title: text("main-log"),
            details: text("main-log-what"),
            tone: if self.fault.is_empty() { Tone::Plain } else { Tone::Bad },
            notes,
            facts: self.entries.iter().map(Entry::as_fact).collect(),
            actions: vec![
                choice("log-all", "main-log-all", !self.only_grave),
                choice("log-grave", "main-log-grave", self.only_grave),
                MainAction::new("log-read", text("main-log-read")),
                MainAction::new("log-save", text("main-log-save")),
            ],
            ..MainRow::default()
        }
    }
}

/// A newer version. Its page is not opened from here: its address came from elsewhere, and stands there to be copied.
fn newer(context: &Context, release: Release) -> MainRow {
    let text = |id: &str| context.texts.text(id);
    let version = release.version.to_string();
    MainRow {
        id: "newer".to_owned(),
        title: context.say("updates-known", &[("version", Value::Text(&version))]),
        details: text("updates-known-what"),
        notes: vec![text("updates-known-next")],
        field: Some(MainField { label: text("updates-page"), text: release.page, button: String::new() }),
        ..MainRow::default()
    }
}

impl Entry {
    fn as_fact(&self) -> (String, String) {
        let at = local(&self.at).unwrap_or_else(|| clean(&self.at));
        let level = self.level.as_deref().unwrap_or_default().to_uppercase();
        (format!("{at} {}", clean(&level)).trim().to_owned(), whole(&self.text))
    }
}

/// `2026-11-27T10:00:00.123456Z` as the person's clock has it.
fn local(at: &str) -> Option<String> {
    let number = |from: usize, to: usize| at.get(from..to)?.parse::<u8>().ok();
    let year = at.get(..4)?.parse().ok()?;
    let moment =
        Timestamp::from_utc(year, number(5, 7)?, number(8, 10)?, number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
    at.ends_with('Z').then(|| moment.local().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(code: i32, out: &str, err: &str) -> Ended {
        Ended { code: Some(code), out: out.to_owned(), err: err.to_owned() }
    }

    #[test]
    fn the_last_line_stands_first_and_what_is_no_line_is_left_out() {
        let mut about = About::default();
        let line =
            |text: &str| format!("{{\"at\":\"2026-11-27T10:00:00.0Z\",\"level\":\"warn\",\"text\":\"{text}\"}}\n");
        about.heard(&ended(0, &format!("{}no json\n{}", line("one"), line("two \u{202e}")), ""));
        let said: Vec<_> = about.entries.iter().map(Entry::as_fact).collect();
        assert_eq!(said.len(), 2);
        assert!(said[0].1.starts_with("two") && !said[0].1.contains('\u{202e}'), "{said:?}");
        assert!(said[1].0.ends_with("WARN") && said[1].0.contains("2026"), "{said:?}");
        about.heard(&ended(1, "", "why"));
        assert!(about.entries.is_empty() && about.fault == "why");
    }

    #[test]
    fn a_newer_version_that_the_guardian_found_stands_there_with_its_page_and_nothing_where_none_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let places = settings::Places::under(folder.path());
        let context = || Context::at(places.clone(), Timestamp::from_unix(1_795_435_200)).unwrap();
        let rows = || {
            let mut page = MainPage::default();
            About::default().fill(&mut page, &context());
            page.rows
        };
        let ids = |rows: &[MainRow]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&rows()), ["program", "folders", LOG]);
        let signer = "0".repeat(64);
        settings::edit::set(&places, "updates.file", "https://updates.lan/x").unwrap();
        settings::edit::set(&places, "updates.signer", &signer).unwrap();
        assert_eq!(ids(&rows()), ["program", "folders", LOG]);
        let seen = |version: &str| {
            let text = format!(
                "{{\"form\":1,\"signer\":\"{signer}\",\"issued\":1,\"version\":\"{version}\",\"page\":\"https://x.kz/n\"}}"
            );
            std::fs::write(places.state().join("updates.json"), text).unwrap();
        };
        seen(env!("CARGO_PKG_VERSION"));
        assert_eq!(ids(&rows()), ["program", "folders", LOG]);
        seen("9.1.0");
        let rows = rows();
        assert_eq!(ids(&rows), ["program", "newer", "folders", LOG]);
        assert!(rows[1].title.contains("9.1.0"), "{}", rows[1].title);
        let field = rows[1].field.clone().unwrap();
        assert_eq!((field.text.as_str(), field.button.as_str()), ("https://x.kz/n", ""), "to be copied, not changed");
    }

    #[test]
    fn only_what_is_grave_is_asked_for_where_it_is_wanted() {
        let mut about = About::default();
        assert!(!about.question().iter().any(|word| word.starts_with("--level")));
        about.show_only_grave(true);
        assert!(about.question().contains(&"--level=warn".to_owned()));
        assert_eq!(local("soon"), None);
    }
}
