//! NCALayer's dialect: answers are strict JSON, and strict JSON is understood as a strict reader understands it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ncalayer::{Fault, Limits, Session, Silence, Step};
use order::{Failure, FailureCode, KeyInfo, Outcome, SignatureCheck, Signed, StorageName, TokenSeen, Uploaded};
use serde_json::Value;

fn receive(text: &str) -> Step {
    let limits = Limits { document: 4096, documents: 16 };
    let tokens = [TokenSeen::new(Some(StorageName::Kaztoken), "office", "Kaztoken 0")];
    Session::new().receive(text, &limits, Some(&tokens))
}

/// Everything that could become of an order, fitting or not.
fn outcomes(documents: usize) -> Vec<Outcome> {
    let signed = |signatures: usize, octet: u8| {
        Outcome::Signed(Signed {
            signatures: (0..signatures).map(|number| vec![octet, number as u8, b'/'].into()).collect(),
            key: Box::default(),
            signer_name: "А \"Б\"".to_owned(),
            digests: vec![vec![7; 32].into()],
            files: vec!["/а/\"б\".cms".to_owned()],
            uploaded: Some(Uploaded { id: "\"1\"".to_owned(), name: "\u{1}".to_owned(), size: u64::MAX }),
        })
    };
    let key = KeyInfo { subject_cn: "\"\u{2028}".to_owned(), certificate: vec![0; 100], ..KeyInfo::default() };
    let check = SignatureCheck {
        is_good: true,
        key: Some(Box::new(key.clone())),
        signed_at_ms: Some(i64::MIN),
        detail: "</a".to_owned(),
    };
    let mut outcomes = vec![
        signed(documents, b'<'),
        signed(documents, 0xff),
        signed(documents + 1, b'<'),
        Outcome::KeyShown(Box::new(key)),
        Outcome::Stamped(vec![0xff; 100].into()),
        Outcome::FileChosen("C:\\\"\u{1}".to_owned()),
        Outcome::Verified(Vec::new()),
        Outcome::Verified(vec![check; 2]),
        Outcome::Digest(vec![0; 32].into()),
        Outcome::Saved("/a</b".to_owned()),
        Outcome::Told,
        Outcome::Cancelled,
    ];
    let failures = FailureCode::ALL.map(|code| Failure { code, detail: "a \"reason\"\n\u{1}".to_owned() });
    outcomes.extend(failures.map(Outcome::Failed));
    outcomes
}

/// Everything that a step means, and every answer to it.
fn meaning(text: &str) -> Vec<String> {
    match receive(text) {
        Step::Silent(silence) => vec![format!("{silence:?}")],
        Step::Reply(reply) => vec![reply],
        Step::Tokens => panic!("what is plugged in is known"),
        Step::Ask(ask) => {
            let documents = match &ask.task {
                order::Task::Sign(task) => task.documents.len(),
                _ => 0,
            };
            assert!(documents <= 16);
            let answers = outcomes(documents).into_iter().map(|outcome| {
                let Step::Ask(again) = receive(text) else { panic!("another step for the same text") };
                again.reply.answer(&outcome)
            });
            let answers: Vec<String> = answers.collect();
            for answer in &answers {
                assert!(serde_json::from_str::<Value>(answer).is_ok(), "not JSON: {answer}");
            }
            let asked = format!("{:?} {:?} {} {}", ask.task, ask.locale, ask.module, ask.method);
            std::iter::once(asked).chain(answers).collect()
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Step::Reply(reply) = receive(text) {
        assert!(ncalayer::is_heartbeat(text) || serde_json::from_str::<Value>(&reply).is_ok(), "not JSON: {reply}");
    }
    let meant = meaning(text);
    let Ok(strict) = serde_json::from_str::<Value>(text) else { return };
    match receive(text) {
        Step::Silent(Silence::NotJson(error)) => {
            let stricter = matches!(error.fault, Fault::DuplicateName | Fault::TooDeep | Fault::TooManyValues);
            assert!(stricter, "strict JSON is refused: {error}");
        }
        Step::Silent(Silence::NotAnObject) => assert!(!strict.is_object()),
        _ => {
            assert!(strict.is_object());
            assert_eq!(meant, meaning(&strict.to_string()), "written anew it means something else");
        }
    }
});
