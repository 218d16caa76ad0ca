//! The file of what the person decided about callers: its entries, its versions, and what becomes of one that cannot be
//! read.

use super::capability::Capability;
use super::site::{name_of, site_of_record};
use order::{Origin, Program};
use platform::files;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// More sites than this nobody signs on; the ones that were only seen go first.
pub(super) const MOST_CALLERS: usize = 4096;

/// Longer than this the file is neither written nor read.
pub(super) const LONGEST_FILE: usize = 4 * 1024 * 1024;

const VERSION: u32 = 2;

/// An origin in a program, by the names under which both are remembered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Caller {
    pub(super) origin: String,
    pub(super) program: String,
}

impl Caller {
    pub(super) fn new(origin: &Origin, program: Option<&Program>) -> Self {
        Self { origin: origin.as_record(), program: name_of(program) }
    }

    /// A block holds for the whole site that it was said of, because whoever has a domain has every name below it. Said
    /// of a program that is no browser and named no origin, it holds for every origin that the program may claim.
    pub(super) fn is_meant_by(&self, site: &str, blocked: &Entry) -> bool {
        let is_whole_program = blocked.caller.origin == "-" && self.program.starts_with("program:");
        blocked.caller.program == self.program && (is_whole_program || blocked.site == site)
    }
}

/// What is remembered of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rule {
    /// The person answered it before.
    Seen,
    /// The person does not want to hear it.
    Block,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) caller: Caller,
    pub(super) rule: Rule,
    /// What the person allowed to exactly this origin in this program.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) allow: BTreeSet<Capability>,
    /// RFC 3339.
    pub(super) since: String,
    /// The site of the origin.
    #[serde(skip)]
    pub(super) site: String,
}

impl Entry {
    pub(super) fn new(caller: Caller, rule: Rule, allow: BTreeSet<Capability>, since: String) -> Self {
        let site = site_of_record(&caller.origin);
        Self { caller, rule, allow, since, site }
    }
}

#[derive(Serialize)]
struct OnDisk<'a> {
    version: u32,
    sites: &'a [Entry],
}

/// Forgets the caller that is missed least: one that was only seen before one that was decided about, and of those the
/// one that was answered longest ago.
pub(super) fn forget_one(entries: &mut Vec<Entry>) -> Option<Entry> {
    let rank = |entry: &Entry| (entry.rule, !entry.allow.is_empty());
    let least = entries.iter().enumerate().min_by_key(|(place, entry)| (rank(entry), *place)).map(|(place, _)| place);
    least.map(|place| entries.remove(place))
}

/// The file's content, after forgetting what makes it longer than what is read again: a path may have 4096 octets.
pub(super) fn fitting(entries: &mut Vec<Entry>) -> io::Result<Vec<u8>> {
    loop {
        let content = serde_json::to_vec_pretty(&OnDisk { version: VERSION, sites: entries })?;
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
pub(super) fn read(file: &Path) -> Result<Vec<Entry>, String> {
    let content = match files::read_bounded(file, LONGEST_FILE as u64) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    parse(&content)
}

/// Reads a file of any version that there ever was.
fn parse(content: &[u8]) -> Result<Vec<Entry>, String> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    #[derive(Deserialize)]
    struct Of<T> {
        sites: Vec<T>,
    }
    /// Version 1: one rule for everything, and *allow* was one of them.
    #[derive(Deserialize)]
    struct First {
        #[serde(flatten)]
        caller: Caller,
        rule: String,
        since: String,
    }
    let of = |error: serde_json::Error| error.to_string();
    let Versioned { version } = serde_json::from_slice(content).map_err(of)?;
    match version {
        1 => {
            let Of { sites } = serde_json::from_slice::<Of<First>>(content).map_err(of)?;
            let entry = |First { caller, rule, since }| match rule.as_str() {
                "seen" => Ok(Entry::new(caller, Rule::Seen, BTreeSet::new(), since)),
                // What there was to be allowed then.
                "allow" => {
                    let allow = BTreeSet::from([Capability::Sign, Capability::ReadKey]);
                    Ok(Entry::new(caller, Rule::Seen, allow, since))
                }
                "block" => Ok(Entry::new(caller, Rule::Block, BTreeSet::new(), since)),
                other => Err(format!("its rule is {other:?}")),
            };
            sites.into_iter().map(entry).collect()
        }
        VERSION => {
            let Of { sites } = serde_json::from_slice::<Of<Entry>>(content).map_err(of)?;
            let whole = |Entry { caller, rule, allow, since, .. }| Entry::new(caller, rule, allow, since);
            Ok(sites.into_iter().map(whole).collect())
        }
        other => Err(format!("its version is {other}")),
    }
}

/// Sets a file aside that cannot be read, so that it is not written over: a person's blocks may still be read from it.
pub(super) fn set_aside(file: &Path, cause: &str) -> bool {
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
