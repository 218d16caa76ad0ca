//! What can be said to `tanba keys`.

use super::life_arguments::LifeCommand;
use clap::Subcommand;
use std::path::PathBuf;

/// `tanba keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Remember a key file, so that windows list its keys. Its password is asked once, to read the certificate, and is
    /// not kept
    Add {
        /// The key file (.p12 or .jks)
        file: PathBuf,
        /// Read the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the remembered keys
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget a key file; the file itself stays where it is
    Remove {
        /// The key file
        file: PathBuf,
    },
    /// Make a key for trying Tanba out, and turn on the test environment of this data folder
    Demo,
    /// What becomes of it afterwards.
    #[command(flatten)]
    Life(LifeCommand),
}
