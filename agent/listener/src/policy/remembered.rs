//! The file of what the person decided about callers.

use order::{Origin, Program};
use platform::files;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// More sites than this nobody signs on; the ones that were only seen go first.
const MOST_CALLERS: usize = 4096;

/// Longer than this the file is neither written nor read.
const LONGEST_FILE: usize = 4 * 1024 * 1024;

const VERSION: u32 = 1;

/// An origin in a program, by the names under which both are remembered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Caller {
    pub(super) origin: String,
    pub(super) program: String,
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
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) caller: Caller,
    pub(super) rule: Rule,
    /// RFC 3339.
    pub(super) since: String,
}

/// When a file was last written, and its length.
type Stamp = (std::time::SystemTime, u64);

fn stamp(file: &Path) -> Option<Stamp> {
    let file = std::fs::metadata(file).ok()?;
    Some((file.modified().ok()?, file.len()))
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
    /// The file as it was when the entries were read or written: `tanba sites forget` changes it while we run.
    stamp: Option<Stamp>,
    /// Whether a file that cannot be read stands where ours belongs; then it is remembered only until the end.
    is_blocked: bool,
}

impl Remembered {
    pub(super) fn at(file: PathBuf) -> Self {
        Self { file, entries: None, stamp: None, is_blocked: false }
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
            forget_one(entries);
        }
        entries.push(Entry { caller, rule, since: now.format(&Rfc3339).unwrap_or_default() });
        let content = fitting(entries)?;
        if self.is_blocked {
            return Err(io::Error::other("the file that cannot be read stands in the way"));
        }
        files::write_private(&self.file, &content)?;
        self.stamp = stamp(&self.file);
        Ok(())
    }

    /// Forgets what is remembered of an origin in every program; how many entries that were.
    pub(super) fn forget(&mut self, origin: &str) -> io::Result<usize> {
        let entries = self.entries();
        let before = entries.len();
        entries.retain(|entry| entry.caller.origin != origin);
        let forgotten = before - entries.len();
        if forgotten > 0 {
            let content = fitting(entries)?;
            files::write_private(&self.file, &content)?;
            self.stamp = stamp(&self.file);
        }
        Ok(forgotten)
    }

    /// All that is remembered, the one answered last at the end.
    pub(super) fn all(&mut self) -> &[Entry] {
        self.entries()
    }

    fn entries(&mut self) -> &mut Vec<Entry> {
        let now = stamp(&self.file);
        if now != self.stamp && !self.is_blocked {
            self.entries = None;
            self.stamp = now;
        }
        let (file, is_blocked) = (&self.file, &mut self.is_blocked);
        self.entries.get_or_insert_with(|| {
            read(file).unwrap_or_else(|cause| {
                *is_blocked = !set_aside(file, &cause);
                Vec::new()
            })
        })
    }
}

/// Forgets the caller that is missed least: one that was only seen before one that was decided about, and of those the
/// one that was answered longest ago.
fn forget_one(entries: &mut Vec<Entry>) -> Option<Entry> {
    let least = entries.iter().enumerate().min_by_key(|(place, entry)| (entry.rule, *place)).map(|(place, _)| place);
    least.map(|place| entries.remove(place))
}

/// The file's content, after forgetting what makes it longer than what is read again: a path may have 4096 octets.
fn fitting(entries: &mut Vec<Entry>) -> io::Result<Vec<u8>> {
    loop {
        let content = serde_json::to_vec_pretty(&OnDisk { version: VERSION, sites: entries.clone() })?;
        let mut over = content.len().saturating_sub(LONGEST_FILE);
        if over == 0 || entries.is_empty() {
            return Ok(content);
        }
        // Without its indentation an entry is a little shorter than in the file, so a few too many may go.
        while over > 0
            && let Some(forgotten) = forget_one(entries)
        {
            over = over.saturating_sub(serde_json::to_vec(&forgotten)?.len());
        }
    }
}

/// The file's entries, or why there are none to be had.
fn read(file: &Path) -> Result<Vec<Entry>, String> {
    let content = match files::read_bounded(file, LONGEST_FILE as u64) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    let on_disk: OnDisk = serde_json::from_slice(&content).map_err(|error| error.to_string())?;
    if on_disk.version == VERSION { Ok(on_disk.sites) } else { Err(format!("its version is {}", on_disk.version)) }
}

/// Sets a file aside that cannot be read, so that it is not written over: a person's blocks may still be read from it.
fn set_aside(file: &Path, cause: &str) -> bool {
    let aside = file.with_extension("damaged.json");
    match std::fs::rename(file, &aside) {
        Ok(()) => {
            tracing::error!(cause, aside = %aside.display(), "what was decided about sites cannot be read; set aside");
            true
        }
        Err(error) => {
            tracing::error!(cause, %error, "what was decided about sites can neither be read nor set aside");
            false
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
    fn what_another_program_changes_in_the_file_counts_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        let mut running = Remembered::at(file.clone());
        running.set(caller(1), Rule::Block, NOW).unwrap();
        running.set(caller(2), Rule::Block, NOW).unwrap();
        assert_eq!(Remembered::at(file).forget("https://1.kz").unwrap(), 1);
        assert_eq!(running.rule(&caller(1)), None);
        assert_eq!(running.rule(&caller(2)), Some(Rule::Block));
        assert_eq!(running.forget("https://1.kz").unwrap(), 0);
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
    fn a_file_that_cannot_be_read_is_set_aside_whatever_the_cause() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        let aside = folder.path().join("sites.damaged.json");
        let too_long = |file: &Path| std::fs::write(file, vec![b' '; LONGEST_FILE + 1]).unwrap();
        // A folder is what root cannot read either.
        let no_file = |file: &Path| std::fs::create_dir(file).unwrap();
        let other_version = |file: &Path| std::fs::write(file, r#"{"version":2,"sites":[]}"#).unwrap();
        for spoil in [too_long, no_file, other_version] as [fn(&Path); 3] {
            spoil(&file);
            let mut remembered = Remembered::at(file.clone());
            remembered.set(caller(1), Rule::Block, NOW).unwrap();
            assert_eq!(Remembered::at(file.clone()).rule(&caller(1)), Some(Rule::Block));
            assert!(aside.exists());
            std::fs::remove_file(&file).unwrap();
            std::fs::remove_file(&aside).or_else(|_| std::fs::remove_dir(&aside)).unwrap();
        }
    }

    #[test]
    fn a_file_that_can_neither_be_read_nor_set_aside_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        std::fs::write(&file, "damaged").unwrap();
        std::fs::create_dir(folder.path().join("sites.damaged.json")).unwrap();
        let mut remembered = Remembered::at(file.clone());
        assert!(remembered.set(caller(1), Rule::Block, NOW).is_err());
        assert_eq!(remembered.rule(&caller(1)), Some(Rule::Block), "it holds until the end");
        assert_eq!(std::fs::read(&file).unwrap(), b"damaged");
    }

    #[test]
    fn what_is_written_can_be_read_however_long_the_names_are() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        let long =
            |name: usize| Caller { program: format!("program:/{name}/{}", "\u{1}".repeat(4000)), ..caller(name) };
        let entry = |name| Entry { caller: long(name), rule: Rule::Seen, since: String::new() };
        let mut remembered = Remembered::at(file.clone());
        remembered.entries = Some((1..400).map(entry).collect());
        remembered.set(long(0), Rule::Block, NOW).unwrap();
        remembered.set(long(400), Rule::Seen, NOW).unwrap();
        let mut again = Remembered::at(file);
        assert_eq!(again.rule(&long(0)), Some(Rule::Block));
        assert_eq!(again.rule(&long(400)), Some(Rule::Seen));
        assert_eq!(again.rule(&long(1)), None);
        assert!(again.entries().len() > 100);
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
