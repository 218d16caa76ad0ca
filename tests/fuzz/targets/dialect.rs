//! NCALayer's dialect: answers are strict JSON, and strict JSON is understood as a strict reader understands it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ncalayer::{Fault, Limits, Session, Silence, Step};
use order::{Failure, FailureCode, Outcome, Signed, StorageName};
use serde_json::Value;

const TOKENS: &[StorageName] = &[StorageName::Kaztoken];

fn receive(text: &str) -> Step {
    let limits = Limits { document: 4096, documents: 16 };
    Session::new().receive(text, &limits, TOKENS)
}

fn outcomes(documents: usize) -> [Outcome; 3] {
    let signatures = (0..documents).map(|number| vec![number as u8; 3].into()).collect();
    [
        Outcome::Cancelled,
        Outcome::Failed(Failure { code: FailureCode::Signing, detail: "a \"reason\"\n\u{1}".to_owned() }),
        Outcome::Signed(Signed {
            signatures,
            key: Box::default(),
            signer_name: "А \"Б\"".to_owned(),
            digests: Vec::new(),
            files: vec!["/а/\"б\".cms".to_owned()],
            uploaded: None,
        }),
    ]
}

/// Everything that a step means, and every answer to it.
fn meaning(text: &str) -> Vec<String> {
    match receive(text) {
        Step::Silent(silence) => vec![format!("{silence:?}")],
        Step::Reply(reply) => vec![reply],
        Step::Ask(ask) => {
            let documents = match &ask.task {
                order::Task::Sign(task) => task.documents.len(),
                _ => 0,
            };
            assert!(documents <= 16);
            let answers = outcomes(documents).map(|outcome| {
                let Step::Ask(again) = receive(text) else { panic!("another step for the same text") };
                again.reply.answer(&outcome)
            });
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
