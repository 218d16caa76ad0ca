//! What commands read: files that were named, and passwords from standard input.

use super::CommandError;
use keystore::Password;
use std::{
    io::{self, Read},
    path::Path,
};

/// The first line of a stream, without its end, as a password.
pub(super) fn read_password_line(mut from: impl Read) -> Result<Password, CommandError> {
    const LONGEST: usize = 4096;
    // Reserved at once, so that growing leaves no copy behind; `Password` takes the buffer over and wipes it.
    let mut line = Vec::with_capacity(LONGEST);
    let mut octet = [0];
    // Octet by octet: what follows the line belongs to somebody else, and no buffer keeps a copy.
    while line.len() < LONGEST {
        match from.read(&mut octet) {
            Ok(0) => break,
            Ok(_) if octet == [b'\n'] => break,
            Ok(_) => line.extend_from_slice(&octet),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(CommandError::Failed(error.to_string())),
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Password::from_utf8(line).map_err(|error| CommandError::Unreadable(error.to_string()))
}

/// A key file that was named on the command line: there, and a key file.
pub(super) fn check_key_file(path: &Path) -> Result<(), CommandError> {
    // A path that was typed is more often mistyped than a file moved.
    match std::fs::metadata(path) {
        Ok(file) if file.is_dir() => Err(CommandError::File(path.to_owned(), io::ErrorKind::IsADirectory.into())),
        Ok(_) => Ok(crate::key_file::check(path)?),
        Err(error) => Err(CommandError::File(path.to_owned(), error)),
    }
}

/// A file of bounded length.
pub(super) fn read_file(path: &Path, longest: u64) -> Result<Vec<u8>, CommandError> {
    platform::files::read_bounded(path, longest).map_err(|error| CommandError::File(path.to_owned(), error))
}
