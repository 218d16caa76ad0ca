//! A token host by itself, as `tanba-signer token-host LIBRARY` is one: for this room's tests, and for trying a library
//! out.

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let _ = platform::hardening::give_up_what_is_not_needed();
    match std::env::args_os().nth(1) {
        Some(library) => pkcs11::host::run(&PathBuf::from(library)),
        None => ExitCode::from(2),
    }
}
