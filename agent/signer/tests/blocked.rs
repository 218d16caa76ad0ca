//! A blocked key in the window: shown, with its reason, and signing nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use order::{Content, KeyFilter, Outcome, Task};
use pki::Timestamp;
use script::{Home, NOW, PASSWORD, Script, cancel, decide, said, sign};
use signer::{
    life::blocked::{Blocked, Why},
    window::{Fit, Reason},
};

fn block(home: &Home) {
    home.places.create().unwrap();
    let mut blocked = Blocked::load(home.places.data()).unwrap();
    assert!(blocked.block(&home.certificate, Why::Lost, Timestamp::from_unix(NOW)).unwrap());
}

#[test]
fn a_blocked_key_is_shown_with_its_reason_and_cannot_be_chosen() {
    let mut home = Home::with_known_key();
    block(&home);
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(sign(&[b"x"], Content::Attached), &mut person);
    assert_eq!(person.seen.keys[0].fit, Fit::Unfit(vec![Reason::Blocked]));
    // Nor is it shown to a site, which would take the certificate for a login.
    let mut person = Script::new(vec![cancel()]);
    home.carry_out(Task::ShowKey(KeyFilter::default()), &mut person);
    assert_eq!(person.seen.keys[0].fit, Fit::Unfit(vec![Reason::Blocked]));
}

#[test]
fn a_key_that_is_blocked_while_its_window_is_open_does_not_sign() {
    for allow_revoked in [false, true] {
        let mut home = Home::with_known_key();
        home.places.create().unwrap();
        let (data, certificate) = (home.places.data().to_owned(), home.certificate.clone());
        let decides = decide(0, PASSWORD);
        let block_and_decide = Box::new(move |keys: &[signer::window::KeyRow]| {
            let mut blocked = Blocked::load(&data).unwrap();
            blocked.block(&certificate, Why::Stolen, Timestamp::from_unix(NOW)).unwrap();
            decides(keys)
        });
        let mut person = Script::new(vec![block_and_decide, cancel()]);
        let mut task = sign(&[b"x"], Content::Attached);
        if let Task::Sign(task) = &mut task {
            task.filter.allow_revoked = allow_revoked;
        }
        let done = home.carry_out(task, &mut person);
        assert_eq!(said(&person.seen.problems), ["error-key-blocked"]);
        assert_eq!(done.outcome, Outcome::Cancelled);
    }
}
