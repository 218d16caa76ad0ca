//! Files of one name are told apart by a part of their folders, as an editor does it on its tabs. The whole path of a key
//! is nobody's business who looks over a shoulder, and too long to compare.

use super::clean;
use std::path::{Component, MAIN_SEPARATOR_STR, Path};

/// The longest name of a folder that is shown whole, in letters.
const LONGEST_FOLDER: usize = 24;

/// The part of the file's folder that tells it from other files of its name, shortened in the middle; `None` where no other
/// one has its name.
pub(super) fn told_apart<'p>(path: &Path, others: impl Iterator<Item = &'p Path>) -> Option<String> {
    let name = path.file_name()?;
    let others: Vec<Vec<String>> =
        others.filter(|other| *other != path && other.file_name() == Some(name)).map(folders).collect();
    if others.is_empty() {
        return None;
    }
    let own = folders(path);
    // Those that lead up to where no other one has the same.
    let ends_so =
        |count: usize| others.iter().any(|other| other.iter().rev().take(count).eq(own.iter().rev().take(count)));
    let count = (1..own.len()).find(|count| !ends_so(*count)).unwrap_or(own.len());
    let part = inner(&own, count);
    let same = |shorten: fn(&[String]) -> String, short: &str| {
        others.iter().any(|other| shorten(inner(other, count)) == short)
    };
    let shown = [shortest as fn(&[String]) -> String, outer, whole].into_iter().find_map(|shorten| {
        let short = shorten(part);
        (!same(shorten, &short)).then_some(short)
    });
    let shown = shown.unwrap_or_else(|| whole(part));
    Some(if count < own.len() { format!("…{MAIN_SEPARATOR_STR}{shown}") } else { shown })
}

/// The last so many of the folders, in the last of which the file is.
fn inner(folders: &[String], count: usize) -> &[String] {
    folders.get(folders.len().saturating_sub(count)..).unwrap_or_default()
}

/// Something long, without its middle.
pub(super) fn elided(text: &str, most: usize) -> String {
    let letters = text.chars().count();
    if letters <= most {
        return text.to_owned();
    }
    let end = most / 2;
    let start: String = text.chars().take(most.saturating_sub(end + 1)).collect();
    let rest: String = text.chars().skip(letters - end).collect();
    format!("{start}…{rest}")
}

/// The folders that lead to a file, from the outermost on.
fn folders(path: &Path) -> Vec<String> {
    let shown = |part: Component<'_>| match part {
        // Its separator is put back between the others.
        Component::RootDir => String::new(),
        other => clean(&other.as_os_str().to_string_lossy()),
    };
    path.parent().map(|folder| folder.components().map(shown).collect()).unwrap_or_default()
}

fn whole(folders: &[String]) -> String {
    folders.join(MAIN_SEPARATOR_STR)
}

/// The first, which tells them apart, and the last, in which the file is.
fn outer(folders: &[String]) -> String {
    match folders {
        [first, _, .., last] => [first.as_str(), "…", last].join(MAIN_SEPARATOR_STR),
        short => whole(short),
    }
}

fn shortest(folders: &[String]) -> String {
    let short: Vec<String> = folders.iter().map(|folder| elided(folder, LONGEST_FOLDER)).collect();
    outer(&short)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn apart(path: &str, others: &[&str]) -> Option<String> {
        told_apart(Path::new(path), others.iter().map(Path::new))
    }

    #[test]
    fn a_name_of_its_own_needs_no_folder() {
        assert_eq!(apart("/media/usb/key.p12", &["/media/usb/other.p12", "/media/usb/key.p12"]), None);
    }

    #[test]
    fn only_so_many_folders_are_shown_as_tell_them_apart() {
        assert_eq!(apart("/srv/a/one/key.p12", &["/srv/a/two/key.p12"]).unwrap(), "…/one");
        assert_eq!(apart("/srv/a/2025/keys/key.p12", &["/srv/a/2026/keys/key.p12"]).unwrap(), "…/2025/keys");
        let deep = apart("/srv/a/2025/x/y/keys/key.p12", &["/srv/a/2026/x/y/keys/key.p12"]);
        assert_eq!(deep.unwrap(), "…/2025/…/keys");
    }

    #[test]
    fn a_folder_that_is_the_end_of_the_other_one_is_shown_from_the_root() {
        assert_eq!(apart("/keys/key.p12", &["/media/keys/key.p12"]).unwrap(), "/keys");
        assert_eq!(apart("/media/keys/key.p12", &["/keys/key.p12"]).unwrap(), "…/media/keys");
        assert_eq!(apart("/key.p12", &["/a/key.p12"]).unwrap(), "");
    }

    #[test]
    fn what_is_left_out_never_makes_two_look_alike() {
        let (one, two, three) = ("/p/q/r/k.p12", "/p/t/r/k.p12", "/s/q/r/k.p12");
        let shown: Vec<_> = [one, two, three].map(|own| apart(own, &[one, two, three]).unwrap()).into();
        assert_eq!(shown, ["…/p/q/r", "…/t/r", "…/s/…/r"].map(str::to_owned).to_vec());
        let long = |middle: &str| format!("/k/{}{middle}{}/k.p12", "a".repeat(20), "b".repeat(20));
        let shown = apart(&long("1"), &[&long("2")]).unwrap();
        assert!(shown.contains('1') && !shown.contains('2'), "{shown}");
        let far = |letter: &str| format!("/k/{letter}{}/k.p12", "a".repeat(40));
        assert_eq!(apart(&far("x"), &[&far("y")]).unwrap(), format!("…/x{}…{}", "a".repeat(10), "a".repeat(12)));
    }

    #[test]
    fn what_is_too_long_loses_its_middle() {
        assert_eq!(elided("кілттер", 7), "кілттер");
        assert_eq!(elided("кілттерім", 7), "кіл…рім");
    }
}
