//! The file of what the person decided about callers.
//!
//! What is decided counts at once, and is written down behind the lock that everybody decides under: a slow disk keeps no
//! request. What was decided later is never overwritten by what was decided before.

use super::capability::Capability;
use super::entries::{self, Caller, Entry, Rule};
use super::site::site_of_record;
use platform::files;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What the person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing beside the answer.
    Seen,
    /// It may do this, whenever it likes.
    Allow(BTreeSet<Capability>),
    /// It is not heard.
    Block,
}

/// What is known of a caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) is_blocked: bool,
    /// Whether this very origin was answered before.
    pub(super) is_seen: bool,
    pub(super) allow: BTreeSet<Capability>,
}

/// When a file was last written, and its length.
type Stamp = (std::time::SystemTime, u64);

fn stamp(file: &Path) -> Option<Stamp> {
    let file = std::fs::metadata(file).ok()?;
    Some((file.modified().ok()?, file.len()))
}

/// What is remembered of all callers.
pub(super) struct Remembered {
    file: PathBuf,
    state: Mutex<State>,
    /// The number of the content that was written last; held while one is written.
    written: Mutex<u64>,
}

#[derive(Default)]
struct State {
    /// The one answered last at the end.
    entries: Option<Vec<Entry>>,
    /// The file as it was when the entries were read or written: `tanba sites forget` changes it while we run.
    stamp: Option<Stamp>,
    /// Whether a file that cannot be read stands where ours belongs; then it is remembered only until the end.
    is_blocked: bool,
    /// The number of the last content.
    number: u64,
    /// Contents that are not written yet: until then the file is behind.
    unwritten: u32,
}

/// A content of the file on its way to the disk.
struct Content {
    number: u64,
    octets: Vec<u8>,
}

impl Remembered {
    pub(super) fn at(file: PathBuf) -> Self {
        Self { file, state: Mutex::default(), written: Mutex::default() }
    }

    /// What is known of a caller.
    pub(super) fn known(&self, caller: &Caller) -> Known {
        let mut state = self.state();
        let mut known = Known::default();
        let site = site_of_record(&caller.origin);
        for entry in state.entries(&self.file).iter() {
            known.is_blocked |= entry.rule == Rule::Block && caller.is_meant_by(&site, entry);
            if entry.caller == *caller {
                known.is_seen = true;
                known.allow.clone_from(&entry.allow);
            }
        }
        known
    }

    /// Whether a site is blocked in any program.
    pub(super) fn is_blocked_anywhere(&self, site: &str) -> bool {
        let mut state = self.state();
        state.entries(&self.file).iter().any(|entry| entry.rule == Rule::Block && entry.site == site)
    }

    /// Whether an origin was answered, allowed or blocked in any program.
    pub(super) fn is_known_anywhere(&self, origin: &str) -> bool {
        self.state().entries(&self.file).iter().any(|entry| entry.caller.origin == origin)
    }

    /// Remembers a choice; having been seen takes no decision away. Writes a file: not for a thread that serves sockets.
    pub(super) fn set(&self, caller: Caller, choice: Choice, now: OffsetDateTime) -> io::Result<()> {
        let content = self.state().set(&self.file, caller, choice, now)?;
        content.map_or(Ok(()), |content| self.write(&content))
    }

    /// Forgets what is remembered of an origin in every program, and what keeps it from being heard; how many entries
    /// that were. A site's name (`egov.kz`) means all its origins. With a program it is exactly that entry, and none else.
    pub(super) fn forget(&self, name: &str, program: Option<&str>) -> io::Result<usize> {
        let (forgotten, content) = self.state().forget(&self.file, name, program)?;
        content.map_or(Ok(()), |content| self.write(&content))?;
        Ok(forgotten)
    }

    /// All that is remembered, the one answered last at the end.
    pub(super) fn all(&self) -> Vec<Entry> {
        self.state().entries(&self.file).clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, content: &Content) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever decided later may have been faster; then theirs has ours in it.
        let result = if content.number > *written { files::write_private(&self.file, &content.octets) } else { Ok(()) };
        *written = content.number.max(*written);
        let mut state = self.state();
        state.unwritten = state.unwritten.saturating_sub(1);
        state.stamp = stamp(&self.file);
        result
    }
}

impl State {
    fn set(&mut self, file: &Path, caller: Caller, choice: Choice, now: OffsetDateTime) -> io::Result<Option<Content>> {
        let entries = self.entries(file);
        let known = entries.iter().find(|entry| entry.caller == caller);
        let (rule, allow) = match (choice, known) {
            (Choice::Seen, Some(_)) => return Ok(None),
            (Choice::Seen, None) => (Rule::Seen, BTreeSet::new()),
            (Choice::Block, _) => (Rule::Block, BTreeSet::new()),
            (Choice::Allow(more), known) => {
                (Rule::Seen, known.iter().flat_map(|known| known.allow.clone()).chain(more).collect())
            }
        };
        if known.is_some_and(|known| known.rule == rule && known.allow == allow) {
            return Ok(None);
        }
        let entry = Entry::new(caller, rule, allow, now.format(&Rfc3339).unwrap_or_default());
        // A block takes back what was allowed to the site under its other names.
        entries.retain(|other| {
            other.caller != entry.caller && !(rule == Rule::Block && other.caller.is_meant_by(&other.site, &entry))
        });
        if entries.len() >= entries::MOST_CALLERS {
            entries::forget_one(entries);
        }
        entries.push(entry);
        self.content().map(Some)
    }

    fn forget(&mut self, file: &Path, name: &str, program: Option<&str>) -> io::Result<(usize, Option<Content>)> {
        let entries = self.entries(file);
        let before = entries.len();
        let is_site = !name.contains("://");
        let site = site_of_record(name);
        entries.retain(|entry| {
            let is_meant = match program {
                Some(program) => entry.caller.origin == name && entry.caller.program == program,
                None => {
                    entry.caller.origin == name
                        || (is_site && entry.site == name)
                        || (entry.rule == Rule::Block && entry.site == site)
                }
            };
            !is_meant
        });
        let forgotten = before - entries.len();
        let content = if forgotten > 0 { Some(self.content()?) } else { None };
        Ok((forgotten, content))
    }

    /// What the file is to hold now.
    fn content(&mut self) -> io::Result<Content> {
        let entries = self.entries.get_or_insert_default();
        let octets = entries::fitting(entries)?;
        if self.is_blocked {
            return Err(io::Error::other("the file that cannot be read stands in the way"));
        }
        self.number += 1;
        self.unwritten += 1;
        Ok(Content { number: self.number, octets })
    }

    fn entries(&mut self, file: &Path) -> &mut Vec<Entry> {
        if !self.is_blocked && self.unwritten == 0 {
            let now = stamp(file);
            if now != self.stamp {
                self.entries = None;
                self.stamp = now;
            }
        }
        let is_blocked = &mut self.is_blocked;
        self.entries.get_or_insert_with(|| {
            entries::read(file).unwrap_or_else(|cause| {
                *is_blocked = !entries::set_aside(file, &cause);
                Vec::new()
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::entries::{LONGEST_FILE, MOST_CALLERS};
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

    fn caller(name: usize) -> Caller {
        Caller { origin: format!("https://{name}.kz"), program: "browser:Chromium".into() }
    }

    /// The rule that counts for a caller, if there is one.
    fn rule(remembered: &Remembered, caller: &Caller) -> Option<Rule> {
        let known = remembered.known(caller);
        if known.is_blocked { Some(Rule::Block) } else { known.is_seen.then_some(Rule::Seen) }
    }

    #[test]
    fn decisions_of_the_first_version_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        let entry = |origin: &str, rule: &str| {
            format!(
                r#"{{"origin":"{origin}","program":"browser:Chromium","rule":"{rule}","since":"2026-11-01T09:00:00Z"}}"#
            )
        };
        let [seen, allow, block] =
            [("https://seen.kz", "seen"), ("https://egov.kz", "allow"), ("https://a.spam.kz", "block")];
        let sites = [seen, allow, block].map(|(origin, rule)| entry(origin, rule)).join(",");
        std::fs::write(&file, format!(r#"{{"version":1,"sites":[{sites}]}}"#)).unwrap();
        let remembered = Remembered::at(file.clone());
        let known = |remembered: &Remembered, origin: &str| {
            remembered.known(&Caller { origin: origin.into(), program: "browser:Chromium".into() })
        };
        let check = |remembered: &Remembered| {
            assert_eq!(known(remembered, "https://seen.kz"), Known { is_seen: true, ..Known::default() });
            let allow = BTreeSet::from([Capability::Sign, Capability::ReadKey]);
            assert_eq!(known(remembered, "https://egov.kz"), Known { is_seen: true, allow, ..Known::default() });
            assert!(known(remembered, "https://a.spam.kz").is_blocked);
            assert_eq!(remembered.all()[1].since, "2026-11-01T09:00:00Z");
        };
        check(&remembered);
        // Written anew, it is of this version, and says the same.
        remembered.set(caller(1), Choice::Seen, NOW).unwrap();
        assert!(std::fs::read_to_string(&file).unwrap().contains("\"version\": 2"));
        check(&Remembered::at(file));
    }

    #[test]
    fn a_block_holds_for_all_names_of_the_site_and_is_lifted_by_any_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let remembered = Remembered::at(folder.path().join("sites.json"));
        let of = |origin: &str, program: &str| Caller { origin: origin.into(), program: program.into() };
        let browser = |origin| of(origin, "browser:Chromium");
        let allow = Choice::Allow(BTreeSet::from([Capability::Sign]));
        remembered.set(browser("https://one.spam.kz"), allow, NOW).unwrap();
        remembered.set(browser("https://two.spam.kz"), Choice::Block, NOW).unwrap();
        for origin in ["https://one.spam.kz", "https://three.spam.kz", "http://spam.kz:8080"] {
            assert_eq!(rule(&remembered, &browser(origin)), Some(Rule::Block), "{origin}");
        }
        assert_eq!(rule(&remembered, &browser("https://egov.kz")), None);
        assert_eq!(rule(&remembered, &of("https://two.spam.kz", "browser:Firefox")), None);
        assert!(remembered.is_blocked_anywhere("spam.kz"));
        assert_eq!(remembered.forget("https://three.spam.kz", None).unwrap(), 1);
        assert_eq!(remembered.known(&browser("https://one.spam.kz")), Known::default(), "the yes does not come back");
        // In one program nothing goes but what was decided there about exactly this origin.
        remembered.set(browser("https://two.spam.kz"), Choice::Block, NOW).unwrap();
        remembered.set(of("https://two.spam.kz", "browser:Firefox"), Choice::Seen, NOW).unwrap();
        assert_eq!(remembered.forget("https://two.spam.kz", Some("browser:Firefox")).unwrap(), 1);
        assert_eq!(remembered.forget("https://one.spam.kz", Some("browser:Chromium")).unwrap(), 0);
        assert_eq!(rule(&remembered, &browser("https://one.spam.kz")), Some(Rule::Block), "the block stays");
        assert_eq!(remembered.forget("https://two.spam.kz", Some("browser:Chromium")).unwrap(), 1);
        // By the site's name all goes.
        remembered.set(browser("https://one.spam.kz"), Choice::Seen, NOW).unwrap();
        remembered.set(of("https://two.spam.kz", "unknown"), Choice::Block, NOW).unwrap();
        assert_eq!(remembered.forget("spam.kz", None).unwrap(), 2);
    }

    #[test]
    fn a_program_that_is_blocked_is_not_heard_by_claiming_an_origin() {
        let folder = tempfile::tempdir().unwrap();
        let remembered = Remembered::at(folder.path().join("sites.json"));
        let of = |origin: &str, program: &str| Caller { origin: origin.into(), program: program.into() };
        remembered.set(of("-", "program:/usr/bin/loud"), Choice::Block, NOW).unwrap();
        remembered.set(of("null", "browser:Chromium"), Choice::Block, NOW).unwrap();
        for (caller, expected) in [
            (of("-", "program:/usr/bin/loud"), true),
            (of("https://egov.kz", "program:/usr/bin/loud"), true),
            (of("-", "program:/usr/bin/other"), false),
            (of("null", "browser:Chromium"), true),
            (of("https://egov.kz", "browser:Chromium"), false),
        ] {
            assert_eq!(remembered.known(&caller).is_blocked, expected, "{caller:?}");
        }
    }

    #[test]
    fn what_was_decided_last_is_what_is_written_whoever_writes_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        let remembered = Remembered::at(file.clone());
        let first = remembered.state().set(&file, caller(1), Choice::Block, NOW).unwrap().unwrap();
        let second = remembered.state().set(&file, caller(2), Choice::Block, NOW).unwrap().unwrap();
        remembered.write(&second).unwrap();
        remembered.write(&first).unwrap();
        for remembered in [remembered, Remembered::at(file)] {
            assert_eq!(rule(&remembered, &caller(1)), Some(Rule::Block));
            assert_eq!(rule(&remembered, &caller(2)), Some(Rule::Block));
        }
    }

    #[test]
    fn what_another_program_changes_in_the_file_counts_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        let running = Remembered::at(file.clone());
        running.set(caller(1), Choice::Block, NOW).unwrap();
        running.set(caller(2), Choice::Block, NOW).unwrap();
        assert_eq!(Remembered::at(file).forget("https://1.kz", None).unwrap(), 1);
        assert_eq!(rule(&running, &caller(1)), None);
        assert_eq!(rule(&running, &caller(2)), Some(Rule::Block));
        assert_eq!(running.forget("https://1.kz", None).unwrap(), 0);
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        std::fs::write(&file, "{\"version\":1,\"sites\":[").unwrap();
        let remembered = Remembered::at(file.clone());
        assert_eq!(rule(&remembered, &caller(1)), None);
        remembered.set(caller(1), Choice::Block, NOW).unwrap();
        assert_eq!(rule(&Remembered::at(file), &caller(1)), Some(Rule::Block));
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
        let other_version = |file: &Path| std::fs::write(file, r#"{"version":3,"sites":[]}"#).unwrap();
        for spoil in [too_long, no_file, other_version] as [fn(&Path); 3] {
            spoil(&file);
            let remembered = Remembered::at(file.clone());
            remembered.set(caller(1), Choice::Block, NOW).unwrap();
            assert_eq!(rule(&Remembered::at(file.clone()), &caller(1)), Some(Rule::Block));
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
        let remembered = Remembered::at(file.clone());
        assert!(remembered.set(caller(1), Choice::Block, NOW).is_err());
        assert_eq!(rule(&remembered, &caller(1)), Some(Rule::Block), "it holds until the end");
        assert_eq!(std::fs::read(&file).unwrap(), b"damaged");
    }

    #[test]
    fn what_is_written_can_be_read_however_long_the_names_are() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sites.json");
        let long =
            |name: usize| Caller { program: format!("program:/{name}/{}", "\u{1}".repeat(4000)), ..caller(name) };
        let entry = |name| Entry::new(long(name), Rule::Seen, BTreeSet::new(), String::new());
        let remembered = Remembered::at(file.clone());
        remembered.state().entries = Some((1..400).map(entry).collect());
        remembered.set(long(0), Choice::Block, NOW).unwrap();
        remembered.set(long(400), Choice::Seen, NOW).unwrap();
        let again = Remembered::at(file);
        assert_eq!(rule(&again, &long(0)), Some(Rule::Block));
        assert_eq!(rule(&again, &long(400)), Some(Rule::Seen));
        assert_eq!(rule(&again, &long(1)), None);
        assert!(again.all().len() > 100);
    }

    #[test]
    fn a_full_list_forgets_what_was_only_seen_and_keeps_what_was_decided() {
        let folder = tempfile::tempdir().unwrap();
        let remembered = Remembered::at(folder.path().join("sites.json"));
        let entry = |name| Entry::new(caller(name), Rule::Seen, BTreeSet::new(), String::new());
        remembered.state().entries = Some((1..MOST_CALLERS).map(entry).collect());
        remembered.set(caller(0), Choice::Block, NOW).unwrap();
        for newer in 0..3 {
            remembered.set(caller(MOST_CALLERS + newer), Choice::Seen, NOW).unwrap();
        }
        assert_eq!(rule(&remembered, &caller(0)), Some(Rule::Block));
        assert_eq!(rule(&remembered, &caller(1)), None);
        assert_eq!(rule(&remembered, &caller(MOST_CALLERS + 2)), Some(Rule::Seen));
        assert_eq!(remembered.all().len(), MOST_CALLERS);
    }
}
