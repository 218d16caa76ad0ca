//! The file of what the person decided about callers.

use order::{Origin, Program};
use platform::files;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// More sites than this nobody signs on; the ones that were only seen go first.
const MOST_CALLERS: usize = 4096;

const LONGEST_FILE: u64 = 4 * 1024 * 1024;

const VERSION: u32 = 1;

/// An origin in a program, by the names under which both are remembered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Caller {
    origin: String,
    program: String,
}

impl Caller {
    pub(super) fn new(origin: &Origin, program: Option<&Program>) -> Self {
        let program = match program {
            // A browser's path changes with its updates (`/snap/firefox/4711/…`); that it is this browser was checked.
            Some(program) if program.is_known_browser => format!("browser:{}", program.name),
            Some(program) => format!("program:{}", program.path),
            None => "unknown".to_owned(),
        };
        Self { origin: origin.as_record(), program }
    }
}

/// What is remembered of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rule {
    /// The person answered it before.
    Seen,
    /// The person lets it ask, as often as it likes.
    Allow,
    /// The person does not want to hear it.
    Block,
}

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    caller: Caller,
    rule: Rule,
    /// RFC 3339.
    since: String,
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    version: u32,
    sites: Vec<Entry>,
}

/// What is remembered of all callers, the one answered last at the end.
pub(super) struct Remembered {
    file: PathBuf,
    entries: Option<Vec<Entry>>,
}

impl Remembered {
    pub(super) fn at(file: PathBuf) -> Self {
        Self { file, entries: None }
    }

    pub(super) fn rule(&mut self, caller: &Caller) -> Option<Rule> {
        self.entries().iter().find(|entry| entry.caller == *caller).map(|entry| entry.rule)
    }

    /// Sets a caller's rule; having been seen takes no decision away.
    pub(super) fn set(&mut self, caller: Caller, rule: Rule, now: OffsetDateTime) -> io::Result<()> {
        let entries = self.entries();
        let known = entries.iter().find(|entry| entry.caller == caller).map(|entry| entry.rule);
        if known.is_some_and(|known| known == rule || rule == Rule::Seen) {
            return Ok(());
        }
        entries.retain(|entry| entry.caller != caller);
        if entries.len() >= MOST_CALLERS {
            let least = entries.iter().enumerate().min_by_key(|(place, entry)| (entry.rule, *place));
            if let Some((place, _)) = least {
                entries.remove(place);
            }
        }
        entries.push(Entry { caller, rule, since: now.format(&Rfc3339).unwrap_or_default() });
        let on_disk = OnDisk { version: VERSION, sites: entries.clone() };
        files::write_private(&self.file, &serde_json::to_vec_pretty(&on_disk)?)
    }

    fn entries(&mut self) -> &mut Vec<Entry> {
        self.entries.get_or_insert_with(|| read(&self.file))
    }
}

/// The file's entries. A damaged file is set aside, not written over: a person's blocks may still be read from it.
fn read(file: &std::path::Path) -> Vec<Entry> {
    let content = match files::read_bounded(file, LONGEST_FILE) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            tracing::error!(%error, "what was decided about sites cannot be read");
            return Vec::new();
        }
    };
    match serde_json::from_slice::<OnDisk>(&content) {
        Ok(on_disk) if on_disk.version == VERSION => on_disk.sites,
        _ => {
            let aside = file.with_extension("damaged.json");
            tracing::error!(aside = %aside.display(), "what was decided about sites is damaged and was set aside");
            if let Err(error) = std::fs::rename(file, &aside) {
                tracing::error!(%error, "the damaged file could not be set aside");
            }
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

    fn caller(name: usize) -> Caller {
        Caller { origin: format!("https://{name}.kz"), program: "browser:Chromium".into() }
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        std::fs::write(&file, "{\"version\":1,\"sites\":[").unwrap();
        let mut remembered = Remembered::at(file.clone());
        assert_eq!(remembered.rule(&caller(1)), None);
        remembered.set(caller(1), Rule::Block, NOW).unwrap();
        assert_eq!(Remembered::at(file).rule(&caller(1)), Some(Rule::Block));
        assert!(folder.path().join("sites.damaged.json").exists());
    }

    #[test]
    fn a_full_list_forgets_what_was_only_seen_and_keeps_what_was_decided() {
        let folder = tempfile::tempdir().unwrap();
        let mut remembered = Remembered::at(folder.path().join("sites.json"));
        let entry = |name| Entry { caller: caller(name), rule: Rule::Seen, since: String::new() };
        remembered.entries = Some((1..MOST_CALLERS).map(entry).collect());
        remembered.set(caller(0), Rule::Block, NOW).unwrap();
        for newer in 0..3 {
            remembered.set(caller(MOST_CALLERS + newer), Rule::Seen, NOW).unwrap();
        }
        assert_eq!(remembered.rule(&caller(0)), Some(Rule::Block));
        assert_eq!(remembered.rule(&caller(1)), None);
        assert_eq!(remembered.rule(&caller(MOST_CALLERS + 2)), Some(Rule::Seen));
        assert_eq!(remembered.entries().len(), MOST_CALLERS);
    }
}
