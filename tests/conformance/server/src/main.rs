//! A real listener whose windows are decided by a script: what `tests/conformance` talks to when no person is there.
//!
//! The listener is the shipped one, from the door to the journal. In the signer's place stands this same program, started
//! as `tanba-conformance-server signer`, which speaks the words of `order::wire` and signs with a fresh key of the miniature
//! NCA by the code that signs in the real signer. What a person would do is decided by whoever is connected to the
//! control port, in lines of JSON (`signer::script`). Nothing of this is in a shipped program.
//!
//! - [`server`]: the listener, and the one line that says where everything is.
//! - [`hub`]: lines between the control port and the signers, whichever run.
//! - [`signer`]: the program in the signer's place.
//! - [`watcher`]: the program in the place of the one that watches tokens.

mod hub;
mod server;
mod signer;
mod watcher;

use std::{error::Error, process::ExitCode};

/// Why it does not run.
type Fault = Box<dyn Error>;

const USAGE: &str = "usage: tanba-conformance-server [PORT]
       tanba-conformance-server signer ADDRESS FOLDER
       tanba-conformance-server watcher ADDRESS

Serves the dialect on a free port, or on PORT, until its input ends, and says in one line of JSON where: `url`, and
`signer`, the control port of the scripted signer.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = match words.as_slice() {
        [] => server::serve(0),
        [server::SIGNER, address, folder] => signer::run(address, folder.as_ref()),
        [server::WATCHER, address] => watcher::run(address),
        [port] => match port.parse() {
            Ok(port) => server::serve(port),
            Err(_) => return complain(&USAGE),
        },
        _ => return complain(&USAGE),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => complain(&fault),
    }
}

fn complain(what: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{what}");
    ExitCode::FAILURE
}
