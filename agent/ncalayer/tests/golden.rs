//! Plays every conversation of `golden/` (its README says how to read them) and compares each reply byte for byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use order::{Failure, FailureCode, Outcome, Requested, SignatureCheck, Signed, StorageName, Task, TokenSeen, Uploaded};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tanba_ncalayer::{Limits, Session, Step};

fn cases() -> Vec<PathBuf> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let folders = std::fs::read_dir(golden).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut cases: Vec<PathBuf> = folders
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>())
        .collect();
    cases.sort();
    cases
}

/// Everything that could become of an order, fitting or not; signatures for so many documents.
fn outcomes(documents: usize) -> Vec<Outcome> {
    let signed = |signatures: usize, octet: u8| {
        Outcome::Signed(Signed {
            signatures: vec![vec![octet; 3].into(); signatures],
            key: Box::default(),
            signer_name: "А \"Б\"".to_owned(),
            digests: Vec::new(),
            files: vec!["C:\\а\\\"б\".cms".to_owned()],
            uploaded: (octet == b'<').then(|| Uploaded {
                id: "\"1\"".to_owned(),
                name: "\u{1}".to_owned(),
                size: u64::MAX,
            }),
        })
    };
    let check = SignatureCheck { is_good: false, key: None, signed_at_ms: None, detail: "\n\u{1}".to_owned() };
    let of_somebody = SignatureCheck { key: Some(Box::default()), signed_at_ms: Some(i64::MAX), ..check.clone() };
    let mut outcomes = vec![
        signed(documents, b'<'),
        signed(documents, 0xff),
        signed(documents + 1, b'<'),
        signed(0, b'<'),
        Outcome::KeyShown(Box::default()),
        Outcome::Stamped(Default::default()),
        Outcome::Stamped(vec![0xff; 100].into()),
        Outcome::FileChosen("C:\\\"\u{1}".to_owned()),
        Outcome::FileChosen(String::new()),
        Outcome::Verified(Vec::new()),
        Outcome::Verified(vec![check, of_somebody]),
        Outcome::Digest(vec![0; 32].into()),
        Outcome::Saved("/a</b".to_owned()),
        Outcome::Told,
        Outcome::Requested(Requested { id: "\"1\"".to_owned(), request: vec![0xff; 100].into(), name: String::new() }),
        Outcome::Imported(Box::default()),
        Outcome::Cancelled,
    ];
    for code in FailureCode::ALL {
        for detail in ["", "a \"reason\"\n\u{1}\u{2028}"] {
            outcomes.push(Outcome::Failed(Failure { code, detail: detail.to_owned() }));
        }
    }
    outcomes
}

/// One frame of a page and what is expected of it.
#[derive(Default)]
struct Exchange<'a> {
    request: Option<String>,
    asked: Option<&'a str>,
    outcome: Option<&'a str>,
}

/// A token of a library that tells nothing of it.
fn nameless(storage: StorageName) -> TokenSeen {
    TokenSeen::new(Some(storage), "", "")
}

fn play(case: &Path) -> usize {
    let text = std::fs::read_to_string(case).unwrap();
    let mut session = Session::new();
    let mut tokens: Vec<TokenSeen> = Vec::new();
    let mut exchange = Exchange::default();
    let mut played = 0;
    for (number, line) in text.lines().enumerate() {
        let place = format!("{}:{}", case.display(), number + 1);
        let (marker, rest) = line.split_at_checked(2).unwrap_or((line, ""));
        match marker {
            "# " | "" => {}
            "@ " if rest.starts_with('[') => tokens = serde_json::from_str(rest).expect(&place),
            "@ " => {
                tokens = rest.split(' ').map(|name| nameless(StorageName::from_name(name).expect(&place))).collect()
            }
            "> " => {
                exchange.request = Some(match exchange.request.take() {
                    None => rest.to_owned(),
                    Some(before) => before + "\n" + rest,
                });
            }
            "? " => exchange.asked = Some(rest),
            "! " => exchange.outcome = Some(rest),
            "< " | "= " => {
                let Exchange { request, asked, outcome } = std::mem::take(&mut exchange);
                let request = request.expect(&place);
                let step = session.receive(&request, &Limits::default(), Some(&tokens));
                let (got_marker, got) = match step {
                    Step::Silent(silence) => ("= ", silence.to_string()),
                    Step::Tokens => panic!("{place}: it is known which tokens are plugged in"),
                    Step::Reply(reply) => {
                        assert_eq!(asked, None, "{place}: no window was due");
                        ("< ", reply)
                    }
                    Step::Ask(ask) => {
                        let got = json!({"locale": ask.locale, "task": ask.task});
                        let wanted: Value = serde_json::from_str(asked.expect(&place)).expect(&place);
                        assert_eq!(got, wanted, "{place}: what is asked");
                        let outcome: Outcome = serde_json::from_str(outcome.expect(&place)).expect(&place);
                        let documents = if let Task::Sign(task) = &ask.task { task.documents.len() } else { 0 };
                        for outcome in outcomes(documents) {
                            // Another socket: one remembers what was shown to it.
                            let Step::Ask(again) = Session::new().receive(&request, &Limits::default(), Some(&tokens))
                            else {
                                panic!("{place}: asks only once");
                            };
                            let reply = again.reply.answer(&outcome);
                            assert!(serde_json::from_str::<Value>(&reply).is_ok(), "{place}: {outcome:?}: {reply}");
                        }
                        ("< ", ask.reply.answer(&outcome))
                    }
                };
                assert_eq!((got_marker, got.as_str()), (marker, rest), "{place}");
                if marker == "< " && !tanba_ncalayer::is_heartbeat(rest) {
                    serde_json::from_str::<Value>(rest).expect(&place);
                }
                played += 1;
            }
            other => panic!("{place}: a line begins with {other:?}"),
        }
    }
    assert!(exchange.request.is_none(), "{}: the last request has no answer", case.display());
    played
}

#[test]
fn every_golden_conversation_goes_as_written_and_every_outcome_has_an_answer() {
    let played: usize = cases().iter().map(|case| play(case)).sum();
    assert!(played > 700, "only {played} exchanges were found");
}
