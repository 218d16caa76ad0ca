//! Tokens, each behind a host of its own that is the real program: how soon a window can list what is plugged in, what one
//! signature costs, how soon a page hears which kinds of token there are. The cards are those of `tests/test-token`, which
//! take no time of their own: what is measured is what Tanba adds to a vendor's library.

use crate::{
    Fault, Line, agent,
    statistics::{median, milliseconds},
    websocket::Scheme,
};
use keystore::{
    KeyFile, KeyStore, Password,
    pkcs11::{Fleet, HostCommand, Library},
};
use pki::Timestamp;
use signature::cms;
use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use test_nca::{Issued, TestNca};
use test_token::{Card, CardKey, Module};

const PIN: &str = "12345678";
const LISTS: usize = 21;
const SIGNATURES: usize = 51;
const CALLS: usize = 51;
const FILES: usize = 5;
/// What a list may take, from the first process to the last key.
const BAR: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two calls of a page, so that no limit on how often it may ask is what is measured.
const PAUSE: Duration = Duration::from_millis(50);
const ACTIVE: &str = r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getActiveTokens"}"#;

pub(crate) fn measure(programs: &Path) -> Result<Vec<Line>, Fault> {
    let now = Timestamp::from_unix(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?);
    // Beside the programs, because nothing below a folder for everybody's temporary files is loaded by an agent.
    let folder = tempfile::tempdir_in(programs)?;
    let nca = TestNca::new(now)?;
    let issued = nca.person()?;
    let libraries = ["one", "two"].into_iter().map(|name| library(folder.path(), name, &issued));
    let libraries = libraries.collect::<Result<Vec<_>, _>>()?;
    let files = (0..FILES).map(|number| {
        let path = folder.path().join(format!("{number}.p12"));
        fs::write(&path, nca.person()?.key_file(&Password::new("Qwerty12".to_owned())?)?)?;
        Ok(path)
    });
    let files = files.collect::<Result<Vec<_>, Fault>>()?;
    let fleet = || {
        let host = HostCommand { program: programs.join("tanba-signer"), arguments: vec!["token-host".into()] };
        Fleet::new(libraries.clone(), host, Some(folder.path().join("orders.json")))
    };

    let mut lists = Vec::new();
    for _ in 0..LISTS {
        lists.push(list(&fleet(), &files)?);
    }
    let listed = median(lists);

    let fleet = fleet();
    let seen = fleet.settled(PATIENCE).tokens.into_iter().next().ok_or("no token is plugged in")?;
    let store = fleet.token(&seen.id).ok_or("the token is gone")?.unlock(&Password::new(PIN.to_owned())?)?;
    let key = store.list().first().ok_or("the token has no key")?;
    let signer = store.signer(&key.id)?;
    // The first one finds out in which order of octets the token speaks.
    cms::sign(signer.as_ref(), cms::Content::Attached(b"x"), now)?;
    let mut signed = Vec::new();
    for _ in 0..SIGNATURES {
        let begin = Instant::now();
        black_box(cms::sign(signer.as_ref(), cms::Content::Attached(b"x"), now)?);
        signed.push(begin.elapsed());
    }

    let mut lines = vec![
        Line::new(
            "key list with two tokens and five files",
            milliseconds(listed),
            format!(
                "{:.2} of the bar of {} ms; median of {LISTS}, hosts started anew each time",
                listed.as_secs_f64() / BAR.as_secs_f64(),
                BAR.as_millis()
            ),
        ),
        Line::new(
            "a signature on a token, through its host",
            milliseconds(median(signed)),
            format!("median of {SIGNATURES}; logged in, GOST-512, each verified; without a card's own time"),
        ),
    ];
    drop((signer, store, fleet));
    lines.push(pages(programs, folder.path(), &libraries)?);
    Ok(lines)
}

/// A library with one card.
fn library(folder: &Path, name: &str, issued: &Issued) -> Result<Library, Fault> {
    let key = CardKey::of(&issued.key)?.certificate(&issued.certificate);
    let module = Module::new(name).card(Card::new(name).label(name).pin(PIN).key(key)).place(folder)?;
    Ok(Library { vendor: name.to_owned(), path: module.driver().to_owned(), rules: Vec::new() })
}

/// From nothing to all keys, of both kinds side by side, as a window does it.
fn list(fleet: &Fleet, files: &[PathBuf]) -> Result<Duration, Fault> {
    let begin = Instant::now();
    fleet.look();
    for file in files {
        black_box(KeyFile::at(file).list()?);
    }
    let snapshot = fleet.settled(PATIENCE);
    let took = begin.elapsed();
    match snapshot.tokens.iter().filter(|token| token.keys.len() == 1).count() {
        2 => Ok(took),
        _ => Err(format!("not both tokens are listed: {:?}", snapshot.faults).into()),
    }
}

/// What a page waits for while a watcher runs.
fn pages(programs: &Path, folder: &Path, libraries: &[Library]) -> Result<Line, Fault> {
    let data = folder.join("data");
    fs::create_dir_all(data.join("config"))?;
    let mut entries = "[[library]]\nvendor = \"OpenSC\"\noff = true\n".to_owned();
    for Library { path, .. } in libraries {
        entries += &format!(
            "[[library]]\nvendor = \"Bench\"\npath = '{}'\n[[library.token]]\nstorage = \"AKAKEYStore\"\n",
            path.display()
        );
    }
    fs::write(data.join("config/tokens.toml"), entries)?;
    let (_, agent, mut socket) = agent::start(programs, &data, &Scheme::wss()?)?;
    let until = Instant::now() + PATIENCE;
    while !socket.call(ACTIVE)?.contains("AKAKEYStore") {
        if Instant::now() > until {
            return Err(
                "no token is seen: `tanba tokens list` says whether libraries below this folder are loaded".into()
            );
        }
        thread::sleep(PAUSE);
    }
    let mut answers = Vec::new();
    for _ in 0..CALLS {
        thread::sleep(PAUSE);
        let begin = Instant::now();
        let answer = socket.call(ACTIVE)?;
        answers.push(begin.elapsed());
        if !answer.contains("AKAKEYStore") {
            return Err(format!("the tokens are not told: {answer}").into());
        }
    }
    drop(agent);
    Ok(Line::new(
        "getActiveTokens with a watcher, wss",
        milliseconds(median(answers)),
        format!("median of {CALLS}; from what is known, no library is asked"),
    ))
}
