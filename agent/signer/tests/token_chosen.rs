//! What a person judged in the window is what the token does: the tries that were shown, and the certificate.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod script;

use keystore::pkcs11::Tries;
use order::{Content, Outcome, Task};
use pki::Timestamp;
use script::tokens::{PIN, Rack, Stick};
use script::{Home, NOW, Script, Step, cancel, decide, said, sign, signatures};
use signer::window::Place;
use std::rc::Rc;
use test_nca::TestNca;

/// A home whose authority issued the keys of these tokens.
fn home(make: impl FnOnce(&TestNca, &Home) -> Vec<Stick>) -> Home {
    let nca = TestNca::new(Timestamp::from_unix(NOW)).unwrap();
    let mut home = Home::new();
    home.authority = nca.authority().clone();
    home.tokens = Rc::new(Rack::of(make(&nca, &home)));
    home
}

fn sign_x() -> Task {
    sign(&[b"x"], Content::Attached)
}

#[test]
fn a_last_try_that_came_about_elsewhere_is_told_before_the_pin_goes() {
    let mut home = home(|nca, home| vec![Stick::with("Aliya", home.dir.path(), &nca.person().unwrap())]);
    let stick = home.tokens.stick(0);
    let elsewhere = Rc::clone(&stick);
    // The window does not know of it yet.
    let untold: Step = Box::new(move |keys| {
        elsewhere.tries.set(Tries::Last);
        decide(0, PIN)(keys)
    });
    let told: Step = Box::new(|keys| {
        let Place::Token(token) = &keys[0].place else { panic!("no token") };
        assert_eq!(token.tries, Tries::Last);
        decide(0, PIN)(keys)
    });
    let mut person = Script::new(vec![untold, told]);
    signatures(&home.carry_out(sign_x(), &mut person));
    assert_eq!(said(&person.seen.problems), ["error-pin-tries-changed"]);
    assert_eq!(stick.logins.borrow().len(), 1, "once, after it was told");
}

#[test]
fn a_store_that_signs_with_another_certificate_than_the_chosen_one_signs_nothing() {
    let mut home = home(|nca, home| {
        let of = |label: &str, issued| Stick::with(label, home.dir.path(), &issued);
        let other = of("Other", nca.head().unwrap());
        let stick = of("Aliya", nca.person().unwrap());
        *stick.impostor.borrow_mut() = other.file;
        vec![stick]
    });
    let mut person = Script::new(vec![decide(0, PIN), cancel()]);
    assert_eq!(home.carry_out(sign_x(), &mut person).outcome, Outcome::Cancelled);
    assert_eq!(said(&person.seen.problems), ["error-key-file-changed"]);
}
