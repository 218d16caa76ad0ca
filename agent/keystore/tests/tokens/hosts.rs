//! What all tests of tokens share: a PIN, the hosts among this package's examples, waiting.

use std::time::{Duration, Instant};

use tanba_keystore::{Password, pkcs11::HostCommand};

pub const PIN: &str = "12345678";
pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn pin(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

/// An example of this package, which cargo puts beside the tests.
pub fn host(example: &str) -> HostCommand {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join("examples").join(example);
    assert!(
        program.exists(),
        "{} is not there: cargo builds examples with all tests of a package, but not for one that is named (--test). \
         First run: cargo build -p tanba-keystore --examples",
        program.display()
    );
    HostCommand { program, arguments: vec!["token-host".into()] }
}

pub fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
