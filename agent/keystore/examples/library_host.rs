//! A token host as `tanba-signer token-host LIBRARY` is one, for the tests of this room: they do without the signer.

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    match std::env::args_os().next_back() {
        Some(library) => pkcs11::host::run(&PathBuf::from(library)),
        None => ExitCode::from(2),
    }
}
