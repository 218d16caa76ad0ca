//! A desktop entry, as far as starting something goes (Desktop Entry Specification 1.5): written, and read as a stranger's.

use std::path::{Path, PathBuf};

/// The group that counts.
const GROUP: &str = "[Desktop Entry]";

/// More words than this no command of ours has.
const MOST_WORDS: usize = 64;

/// What an entry says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// The command, word by word; empty where there is none that can be understood.
    pub(super) command: Vec<String>,
    /// Somebody has switched it off.
    pub(super) is_disabled: bool,
}

impl Entry {
    /// Reads it. What is not understood is passed over, as desktops do.
    pub(super) fn read(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let group = lines.skip_while(|line| *line != GROUP).skip(1).take_while(|line| !line.starts_with('['));
        let mut entry = Self::default();
        for (key, value) in group.filter_map(|line| line.split_once('=')) {
            let value = value.trim();
            match key.trim() {
                "Exec" => entry.command = words(&unescaped(value)).unwrap_or_default(),
                // The specification's own way, and the one of GNOME's list, which others follow.
                "Hidden" => entry.is_disabled |= value == "true",
                "X-GNOME-Autostart-enabled" => entry.is_disabled |= value == "false",
                _ => {}
            }
        }
        entry
    }

    /// The program that it starts.
    pub(super) fn program(&self) -> Option<PathBuf> {
        self.command.first().map(PathBuf::from)
    }
}

/// An entry that starts this command. `None` where a word of it cannot stand in one.
pub(super) fn written(program: &Path, command: &[String], why: &str) -> Option<String> {
    let is_fit = |text: &str| !text.chars().any(char::is_control);
    let program = program.to_str().filter(|path| is_fit(path))?;
    if !command.iter().all(|word| is_fit(word)) {
        return None;
    }
    let exec = command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let why: String = why.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Some(format!(
        "{GROUP}\nType=Application\nVersion=1.5\nName=Tanba\nComment={}\nTryExec={}\nExec={}\nTerminal=false\n\
         StartupNotify=false\nX-GNOME-Autostart-enabled=true\n",
        escaped(&why),
        escaped(program),
        escaped(&exec),
    ))
}

/// A word of a command, in quotes (the chapter "The Exec key").
fn quoted(word: &str) -> String {
    let mut quoted = String::from('"');
    for c in word.chars() {
        match c {
            '"' | '`' | '$' | '\\' => quoted.extend(['\\', c]),
            // One alone stands for a file that is opened.
            '%' => quoted.push_str("%%"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A value of the type string (the chapter "Possible value types").
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
}

fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('s') => text.push(' '),
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            c => text.push(c),
        }
    }
    text
}

/// The words of a command; `None` where a quote has no end, or there are too many.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut chars = command.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Some(words);
        }
        if words.len() == MOST_WORDS {
            return None;
        }
        let mut word = String::new();
        let is_quoted = chars.next_if_eq(&'"').is_some();
        loop {
            match chars.next() {
                Some('"') if is_quoted => break,
                Some('\\') if is_quoted => word.push(chars.next()?),
                Some('%') if chars.peek() == Some(&'%') => {
                    chars.next();
                    word.push('%');
                }
                Some(c) if c.is_whitespace() && !is_quoted => break,
                Some(c) => word.push(c),
                None if is_quoted => return None,
                None => break,
            }
        }
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn what_is_written_is_read_again_word_for_word() {
        for words in [
            command(&["/usr/bin/tanba", "run"]),
            command(&["/opt/my programs/tanba", "--data-dir", "/a b/100 % \"$x\" `y` \\ é", "run"]),
            command(&["/bin/%f", "%%", "", "'"]),
        ] {
            let text = written(Path::new(&words[0]), &words, "Подписи").unwrap();
            assert_eq!(Entry::read(&text), Entry { command: words, is_disabled: false }, "{text}");
        }
    }

    #[test]
    fn a_word_that_would_begin_another_line_is_not_written() {
        let words = command(&["/bin/tanba", "--data-dir", "/a\nExec=evil"]);
        assert_eq!(written(Path::new("/bin/tanba"), &words, ""), None);
        let text = written(Path::new("/bin/tanba"), &command(&["/bin/tanba"]), "one\nExec=evil").unwrap();
        assert_eq!(Entry::read(&text).command, ["/bin/tanba"]);
    }

    #[test]
    fn an_entry_is_off_in_either_of_the_two_ways() {
        let read = |more: &str| Entry::read(&format!("[Desktop Entry]\nExec=/bin/tanba run\n{more}\n")).is_disabled;
        assert!(read("Hidden=true") && read("X-GNOME-Autostart-enabled = false"));
        assert!(!read("Hidden=false") && !read("X-GNOME-Autostart-enabled=true"));
        assert!(!read("[Another]\nHidden=true"), "what stands in another group does not count");
    }

    #[test]
    fn a_command_without_an_end_is_none() {
        for exec in ["\"/bin/tanba", "\"a\\", &"a ".repeat(100)] {
            assert_eq!(Entry::read(&format!("[Desktop Entry]\nExec={exec}\n")).command, Vec::<String>::new(), "{exec}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_it_panic(text in ".{0,200}") {
            let _ = Entry::read(&format!("[Desktop Entry]\nExec={text}"));
        }

        #[test]
        fn every_path_without_control_characters_comes_back(words in proptest::collection::vec("[^\\p{C}]{0,12}", 1..5)) {
            let text = written(Path::new(&words[0]), &words, "");
            proptest::prop_assert_eq!(Entry::read(&text.unwrap_or_default()).command, words);
        }
    }
}
