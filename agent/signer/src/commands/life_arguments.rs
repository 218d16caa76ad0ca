//! What can be said to `tanba keys` about a key's later life.

use crate::life::blocked::Why;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A key's later life.
#[derive(Debug, Subcommand)]
pub enum LifeCommand {
    /// Change the password of a key file
    ///
    /// The new file is opened and compared with the old one before it takes its place. Copies that lie elsewhere keep the
    /// old password.
    Password(PasswordArgs),
    /// Protect an old key file as is usual today, or write one as the NCA does
    ///
    /// The result is another file, with the same password; the old one stays. NCALayer and programs of its time may not
    /// open the modern one.
    Rewrap(RewrapArgs),
    /// Make a copy of a key file that is known to open, under a password of its own
    ///
    /// A key on a token cannot be copied: tokens let no key out. Have a second key issued instead.
    Backup(BackupArgs),
    /// Put a backup back, check that it opens, and remember it
    Restore(RestoreArgs),
    /// Write a certificate to a file, to give it to somebody: it holds no secret
    Export(ExportArgs),
    /// Give the browsers' own stores a certificate, or with --with-key its key too (RSA and EC; no browser knows GOST)
    InstallCertificate(InstallArgs),
    /// A key was lost or stolen: block it here at once, and say what to do next
    Lost(LostArgs),
    /// Let a blocked key sign again
    Unblock {
        /// The certificate's serial number, as `tanba keys list` shows it; its first 8 digits are enough
        serial: String,
        /// Do not ask first
        #[arg(long)]
        yes: bool,
    },
}

/// `tanba keys password`.
#[derive(Debug, Args)]
pub struct PasswordArgs {
    /// The key file (.p12)
    pub file: PathBuf,
    /// Keep the old file beside the new one, as FILE.bak: it opens with the old password
    #[arg(long)]
    pub keep_old: bool,
    /// Read the old password and the new one from the first two lines of standard input
    #[arg(long)]
    pub password_stdin: bool,
}

/// `tanba keys rewrap`.
#[derive(Debug, Args)]
pub struct RewrapArgs {
    /// The key file (.p12 or .jks)
    pub file: PathBuf,
    /// The new file [default: FILE with `.modern` or `.nca` in its name]
    #[arg(long, value_name = "NEW")]
    pub out: Option<PathBuf>,
    /// How it is protected
    #[arg(long, value_enum, default_value = "modern", value_name = "LAYOUT")]
    pub layout: LayoutName,
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
}

/// Layouts of key files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayoutName {
    /// AES-256 and many rounds of PBKDF2, as OpenSSL, Java and Windows write today
    Modern,
    /// As the NCA's own files, which every program of the country opens
    Nca,
}

/// `tanba keys backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The key file (.p12 or .jks)
    pub file: PathBuf,
    /// A folder, where the copy gets a name with its owner and the day; or the new file itself
    #[arg(long, value_name = "DIR|FILE")]
    pub to: PathBuf,
    /// Copy the file octet by octet, with the password it has
    #[arg(long)]
    pub as_it_is: bool,
    /// Read the file's password from the first line of standard input, and the backup's from the second
    #[arg(long)]
    pub password_stdin: bool,
}

/// `tanba keys restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup
    pub backup: PathBuf,
    /// The new key file
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Read the backup's password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
}

/// `tanba keys export`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["file", "token", "all"])))]
pub struct ExportArgs {
    /// The key file; its password is asked only when it is not remembered
    pub file: Option<PathBuf>,
    /// Those of this token instead, by its label or serial number; without its PIN where it shows them
    #[arg(long, value_name = "NAME")]
    pub token: Option<String>,
    /// With --token: only the key of this name or serial number
    #[arg(long, requires = "token")]
    pub alias: Option<String>,
    /// Those of all remembered keys
    #[arg(long)]
    pub all: bool,
    /// As text (PEM) instead of DER
    #[arg(long)]
    pub pem: bool,
    /// The new file, or a folder; `-` is standard output [default: in this folder, by owner and serial number]
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Read the password or PIN from the first line of standard input
    #[arg(long, visible_alias = "pin-stdin")]
    pub password_stdin: bool,
}

/// `tanba keys install-certificate`.
#[derive(Debug, Args)]
pub struct InstallArgs {
    /// A certificate, or a key file
    pub file: PathBuf,
    /// The key as well, to log in with it in a browser; FILE is then a .p12
    #[arg(long)]
    pub with_key: bool,
    /// With --with-key: do not ask first
    #[arg(long, requires = "with_key")]
    pub yes: bool,
    /// Read the password or PIN from the first line of standard input
    #[arg(long, visible_alias = "pin-stdin")]
    pub password_stdin: bool,
}

/// `tanba keys lost`.
#[derive(Debug, Args)]
pub struct LostArgs {
    /// The key file, there or gone; or a certificate; or the serial number of a remembered one, its first 8 digits at least.
    /// Without it you are told how to have the certificate revoked
    #[arg(value_name = "FILE|SERIAL")]
    pub which: Option<String>,
    /// All keys of this token, by its label or serial number; of one that is gone, those that signed or were imported here
    #[arg(long, value_name = "NAME", conflicts_with = "which")]
    pub token: Option<String>,
    /// With --token: only the key of this name or serial number
    #[arg(long, requires = "token")]
    pub alias: Option<String>,
    /// What happened
    #[arg(long, value_enum, default_value = "lost", value_name = "WORD")]
    pub reason: Why,
    /// The key is still at hand: sign a request to revoke its certificate, and write it here
    #[arg(long, value_name = "OUT")]
    pub request: Option<PathBuf>,
    /// Read the password or PIN from the first line of standard input
    #[arg(long, visible_alias = "pin-stdin")]
    pub password_stdin: bool,
    /// Ask in a window which key it is, and lead on from there
    #[arg(long, conflicts_with_all = ["which", "token", "request", "password_stdin"])]
    pub window: bool,
}
