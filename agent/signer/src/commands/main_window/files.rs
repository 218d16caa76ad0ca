//! Files that the person brought here, to be signed or checked, and what came of it.

use super::beside::MOST_LINES_OF_A_CHECK;
use super::{Context, Ended, MainAction, MainPage, MainRow, clean, facts, shown};
use crate::{carry_out::Fulfilled, window::Tone};
use std::path::{Path, PathBuf};

/// The most files that stand in the list; the oldest goes first.
const MOST: usize = 50;

/// The files of this window.
#[derive(Default)]
pub(super) struct Files {
    brought: Vec<Brought>,
    count: u64,
}

struct Brought {
    id: String,
    path: PathBuf,
    came: Option<Came>,
}

/// What came of a file.
enum Came {
    Signed,
    /// What the check said, and whether every signature holds.
    Checked {
        is_good: bool,
        lines: Vec<String>,
    },
}

impl Files {
    /// Puts files at the head of the list; one that stands there already comes to the front. Gives the first row.
    pub(super) fn take(&mut self, paths: Vec<PathBuf>) -> String {
        for path in paths {
            let path = std::path::absolute(&path).unwrap_or(path);
            self.brought.retain(|one| one.path != path);
            self.count += 1;
            self.brought.insert(0, Brought { id: format!("file:{}", self.count), path, came: None });
        }
        self.brought.truncate(MOST);
        self.brought.first().map(|one| one.id.clone()).unwrap_or_default()
    }

    pub(super) fn path(&self, row: &str) -> Option<PathBuf> {
        self.brought.iter().find(|one| one.id == row).map(|one| one.path.clone())
    }

    pub(super) fn put_away(&mut self, row: &str) {
        self.brought.retain(|one| one.id != row);
    }

    /// The windows of signing are closed.
    pub(super) fn signed(&mut self, row: &str, done: &Fulfilled) {
        if let Some(one) = self.brought.iter_mut().find(|one| one.id == row)
            && *done == Fulfilled::Done
        {
            one.came = Some(Came::Signed);
        }
    }

    /// A check has ended.
    pub(super) fn verified(&mut self, row: &str, ended: &Ended, context: &Context) {
        if let Some(one) = self.brought.iter_mut().find(|one| one.id == row) {
            let mut lines: Vec<String> = ended.all_lines().take(MOST_LINES_OF_A_CHECK + 1).collect();
            let is_whole = lines.len() <= MOST_LINES_OF_A_CHECK;
            if ended.code.is_none() {
                lines.push(context.texts.text("main-files-stopped"));
            }
            if !is_whole {
                lines.truncate(MOST_LINES_OF_A_CHECK);
                lines.push(context.texts.text("main-files-more"));
            }
            // What is not shown may be what takes a signature's worth away.
            one.came = Some(Came::Checked { is_good: ended.code == Some(0) && is_whole, lines });
        }
    }

    pub(super) fn fill(&self, page: &mut MainPage, context: &Context) {
        let text = |id: &str| context.texts.text(id);
        page.explanation = text("main-files-explained");
        page.empty = text("main-files-none");
        page.actions = vec![MainAction::new("choose", text("main-files-choose"))];
        for one in &self.brought {
            let (badge, tone, notes) = match &one.came {
                None => (String::new(), Tone::Plain, Vec::new()),
                Some(Came::Signed) => (text("main-files-signed"), Tone::Good, Vec::new()),
                Some(Came::Checked { is_good: true, lines }) => (text("main-files-good"), Tone::Good, lines.clone()),
                Some(Came::Checked { is_good: false, lines }) => (text("main-files-bad"), Tone::Bad, lines.clone()),
            };
            let folder = one.path.parent().unwrap_or(Path::new("")).display().to_string();
            page.rows.push(MainRow {
                id: one.id.clone(),
                title: clean(&shown(&one.path)),
                details: clean(&folder),
                badge,
                tone,
                notes,
                facts: facts(context, &[("main-fact-file", one.path.display().to_string())]),
                actions: vec![
                    MainAction::new("sign", text("main-files-sign")),
                    MainAction::new("verify", text("main-files-verify")),
                    MainAction::new("away", text("main-files-away")),
                ],
                ..MainRow::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_in_the_list_once_the_newest_first_and_the_list_has_an_end() {
        let mut files = Files::default();
        let first = files.take(vec!["/a.txt".into()]);
        let second = files.take(vec!["/b.txt".into()]);
        assert_eq!(files.path(&second), Some("/b.txt".into()));
        let again = files.take(vec!["/a.txt".into()]);
        assert_ne!(first, again, "what came of it before is not what comes of it now");
        assert_eq!(files.path(&first), None);
        assert_eq!(files.brought.len(), 2);
        files.put_away(&again);
        assert_eq!(files.brought.len(), 1);
        files.take((0..500).map(|number| format!("/{number}.txt").into()).collect());
        assert_eq!(files.brought.len(), MOST);
    }

    #[test]
    fn only_what_was_done_is_said_to_be_signed() {
        let mut files = Files::default();
        let row = files.take(vec!["/a.txt".into()]);
        for not in [Fulfilled::Left, Fulfilled::Failed("why".to_owned())] {
            files.signed(&row, &not);
            assert!(files.brought[0].came.is_none());
        }
        files.signed(&row, &Fulfilled::Done);
        assert!(matches!(files.brought[0].came, Some(Came::Signed)));
    }
}
