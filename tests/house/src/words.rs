//! What must not stand in a tracked file: places of one person's machine, keys, leftovers.

use crate::workspace::{read, root, tracked_files};

/// This file names what it forbids.
const THIS_FILE: &str = "tests/house/src/words.rs";

/// Home folders that examples may name.
const EXAMPLE_USERS: [&str; 5] = ["user", "aigul", "someone", "other", "name"];

/// Every tracked text file but this one.
fn texts() -> impl Iterator<Item = (String, String)> {
    tracked_files().into_iter().filter(|path| path != THIS_FILE).filter_map(|path| {
        let bytes = std::fs::read(root().join(&path)).ok()?;
        Some((path, String::from_utf8(bytes).ok()?))
    })
}

fn places<'a>(path: &'a str, text: &'a str, wrong: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = String> + 'a {
    text.lines()
        .enumerate()
        .filter(move |(_, line)| wrong(line))
        .map(move |(number, line)| format!("{path}:{}: {}", number + 1, line.trim()))
}

/// Whether a line names a home folder of somebody.
fn names_a_home(line: &str) -> bool {
    let of_a_user = |start: &str| {
        line.match_indices(start).any(|(position, _)| {
            let rest = &line[position + start.len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || "-_.".contains(*c)).collect();
            !name.is_empty() && !EXAMPLE_USERS.contains(&name.as_str())
        })
    };
    line.contains("/root/") || of_a_user("/home/") || of_a_user("/Users/") || of_a_user("C:\\Users\\")
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    // Where this very checkout lies, and the shared material beside it: both differ from machine to machine. A folder
    // straight under the root is left out: its name may be any word.
    let here: Vec<String> = [root(), root().join("../shared")]
        .iter()
        .filter_map(|folder| folder.canonicalize().ok())
        .filter(|folder| folder.components().count() > 2)
        .map(|folder| folder.to_string_lossy().into_owned())
        .collect();
    let found: Vec<_> = texts()
        .flat_map(|(path, text)| {
            let wrong = |line: &str| names_a_home(line) || here.iter().any(|folder| line.contains(folder.as_str()));
            places(&path, &text, wrong).collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_key_is_tracked() {
    let armour = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    let encrypted = ["-----BEGIN ENCRYPTED ", "PRIVATE KEY-----"].concat();
    for path in tracked_files() {
        let lower = path.to_lowercase();
        let is_key = [".p12", ".pfx", ".jks", ".key"].iter().any(|suffix| lower.ends_with(suffix));
        assert!(!is_key, "{path}: tests make their own keys (tests/test-nca)");
    }
    // A label alone is how code recognises one; a key has a body under it.
    for (path, text) in texts() {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.trim() == armour || line.trim() == encrypted {
                let body = lines.next().unwrap_or_default().trim();
                let is_base64 =
                    body.len() > 40 && body.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
                assert!(!is_base64, "{path} holds a private key");
            }
        }
    }
}

#[test]
fn nothing_is_left_to_be_done_in_secret() {
    // In two parts each, so that this list is none of what it looks for.
    let leftovers = [
        concat!("to", "do!("),
        concat!("un", "implemented!("),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
        concat!("TO", "DO"),
        concat!("#[", "ignore"),
        "<<<<<<< ",
        ">>>>>>> ",
        concat!("test", ".skip("),
        concat!("test", ".only("),
    ];
    let code = [".rs", ".slint", ".mjs", ".js", ".ts", ".sh", ".py", ".c", "Makefile", ".toml", ".ftl"];
    let found: Vec<_> = texts()
        .filter(|(path, _)| code.iter().any(|suffix| path.ends_with(suffix)))
        .flat_map(|(path, text)| {
            places(&path, &text, |line| leftovers.iter().any(|word| line.contains(word))).collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The part of a source file before its tests.
fn without_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]").map_or(text, |(code, _)| code)
}

#[test]
fn connections_are_opened_and_doors_kept_in_one_place_each() {
    let opens = ["TcpStream::connect", "UdpSocket", "UnixStream::connect", "ureq::", ".connect("];
    let listens = ["TcpListener", "TcpSocket", "UnixListener"];
    let is_code = |path: &str| {
        path.starts_with("agent/") && path.ends_with(".rs") && !path.contains("/tests/") && !path.contains("/examples/")
    };
    let found: Vec<_> = texts()
        .filter(|(path, _)| is_code(path) && !path.ends_with("tests.rs"))
        .flat_map(|(path, text)| {
            let may_open = path.starts_with("agent/signer/src/services/");
            let may_listen = path.starts_with("agent/listener/src/") || path.starts_with("agent/tanba/src/");
            let wrong = |line: &str| {
                let code = line.split("//").next().unwrap_or_default();
                (!may_open && opens.iter().any(|word| code.contains(word)))
                    || (!may_listen && listens.iter().any(|word| code.contains(word)))
            };
            places(&path, without_tests(&text), wrong).collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn unsafe_code_stands_in_one_file() {
    let allowed: Vec<_> = texts()
        .filter(|(path, text)| path.starts_with("agent/") && path.ends_with(".rs") && text.contains("(unsafe_code)"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(allowed, ["agent/pkcs11/src/module/raw.rs"]);
}

#[test]
fn no_source_file_is_two_rooms() {
    let long: Vec<_> = texts()
        .filter(|(path, _)| [".rs", ".mjs", ".slint", ".py"].iter().any(|suffix| path.ends_with(suffix)))
        .map(|(path, text)| (text.lines().count(), path))
        .filter(|(lines, _)| *lines > 600)
        .collect();
    assert!(long.is_empty(), "over 600 lines: {long:?}");
}

#[test]
fn the_readme_names_its_two_commands() {
    let readme = read("README.md");
    for command in ["make run", "make test"] {
        assert!(readme.contains(command), "README.md does not name `{command}`");
        let target = command.strip_prefix("make ").expect("a make command");
        assert!(read("Makefile").lines().any(|line| line.starts_with(&format!("{target}:"))), "no `{target}` target");
    }
}
