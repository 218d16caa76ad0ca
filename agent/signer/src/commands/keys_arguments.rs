//! What can be said to `tanba keys`.

use super::life_arguments::LifeCommand;
use clap::{Args, Subcommand, ValueEnum};
use keystore::NewKey;
use pki::Role;
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
    /// Make a key and a request for its certificate (PKCS#10), for a certification authority that takes such requests
    ///
    /// Whether the NCA takes requests of other programs than its own is not published. If it does not, get the key on
    /// egov.kz or pki.gov.kz and add its file: `tanba keys add FILE.p12`.
    Request(RequestArgs),
    /// List the requests that wait for a certificate
    Pending(PendingArgs),
    /// Put the certificate that came to the key that waits for it, in its file or on its token
    Import(CertificateArgs),
    /// Make a new key and a request for it with the subject and roles of the present one, signed with the present key
    ///
    /// With --password-stdin the first line is the present key's password or PIN, the second the new one's; a token that has
    /// both is asked for its PIN once.
    Renew(RenewArgs),
    /// What becomes of it afterwards.
    #[command(flatten)]
    Life(LifeCommand),
}

/// `tanba keys request`.
#[derive(Debug, Args)]
pub struct RequestArgs {
    /// The new key file
    #[arg(long, value_name = "KEY.p12")]
    pub out: Option<PathBuf>,
    /// Make the key on this token instead: its label or serial number, as `tanba tokens list` shows them
    #[arg(long, value_name = "NAME", conflicts_with = "out", requires = "csr")]
    pub token: Option<String>,
    /// Where the request goes [default: KEY.csr]
    #[arg(long, value_name = "FILE")]
    pub csr: Option<PathBuf>,
    /// The key's algorithm
    #[arg(long, value_enum, default_value_t = KeyAlgorithm::Gost512)]
    pub algorithm: KeyAlgorithm,
    /// In what position the holder will sign
    #[arg(long = "for", value_enum, default_value_t = Whose::Person)]
    pub whose: Whose,
    /// What the key is for
    #[arg(long = "use", value_enum, default_value_t = KeyUse::Sign)]
    pub purpose: KeyUse,
    /// The first name; names are written in capitals, as the NCA does
    #[arg(long, required_unless_present = "window")]
    pub name: Option<String>,
    /// The surname
    #[arg(long, required_unless_present = "window")]
    pub surname: Option<String>,
    /// The patronymic, if there is one
    #[arg(long, visible_alias = "patronymic")]
    pub given: Option<String>,
    /// The person's IIN, 12 digits
    #[arg(long, required_unless_present = "window")]
    pub iin: Option<String>,
    /// The organisation's BIN, 12 digits
    #[arg(long)]
    pub bin: Option<String>,
    /// The organisation's name
    #[arg(long)]
    pub organisation: Option<String>,
    /// An e-mail address
    #[arg(long)]
    pub email: Option<String>,
    /// Read the new password, or the token's PIN, from the first line of standard input
    #[arg(long, visible_alias = "pin-stdin")]
    pub password_stdin: bool,
    /// Say what was made as JSON
    #[arg(long)]
    pub json: bool,
    /// Ask in a window, which has a form for all of this: what is given besides stands in it already
    #[arg(long, conflicts_with_all = ["out", "token", "csr", "password_stdin", "json"])]
    pub window: bool,
}

/// `tanba keys pending`.
#[derive(Debug, Args)]
pub struct PendingArgs {
    /// As JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do with one of them; without it they are listed.
    #[command(subcommand)]
    pub command: Option<PendingCommand>,
}

/// `tanba keys pending …`.
#[derive(Debug, Subcommand)]
pub enum PendingCommand {
    /// Write down under which number the authority filed a request
    Number {
        /// The request, as the list names it; its first digits are enough
        id: String,
        /// The authority's number
        #[arg(long, value_name = "N")]
        number: String,
        /// The authority's date, 2026-11-27 or 27.11.2026
        #[arg(long, value_name = "DATE")]
        date: String,
    },
    /// Forget a request; the key file stays where it is
    Cancel {
        /// The request, as the list names it; its first digits are enough
        id: String,
    },
}

/// `tanba keys import`.
#[derive(Debug, Args)]
pub struct CertificateArgs {
    /// What the authority sent: a certificate or a PKCS#7 with several (DER, PEM, base64)
    #[arg(required_unless_present = "window")]
    pub certificate: Option<PathBuf>,
    /// The key file, when no request for it waits here
    #[arg(long, value_name = "KEY.p12")]
    pub key: Option<PathBuf>,
    /// Put it in although its authority is not known, it speaks of somebody else, is not valid now or was revoked
    #[arg(long)]
    pub anyway: bool,
    /// Do not ask the NCA whether it was revoked
    #[arg(long)]
    pub offline: bool,
    /// Read the key file's password, or the token's PIN, from the first line of standard input
    #[arg(long, visible_alias = "pin-stdin")]
    pub password_stdin: bool,
    /// Ask in a window; without CERTIFICATE it asks for that too
    #[arg(long, conflicts_with_all = ["key", "anyway", "offline", "password_stdin"])]
    pub window: bool,
}

/// `tanba keys renew`.
#[derive(Debug, Args)]
pub struct RenewArgs {
    /// The present key file
    #[arg(required_unless_present = "token", conflicts_with = "token")]
    pub file: Option<PathBuf>,
    /// The present key is on this token: its label or serial number. The new one is made there too, unless --out or --onto
    /// says otherwise
    #[arg(long, value_name = "NAME")]
    pub token: Option<String>,
    /// The new key file
    #[arg(long, value_name = "NEW.p12", required_unless_present_any = ["token", "onto"])]
    pub out: Option<PathBuf>,
    /// Make the new key on this token
    #[arg(long, value_name = "NAME", conflicts_with = "out")]
    pub onto: Option<String>,
    /// Where the signed request goes [default: NEW.renewal.cms, or with a token's label in this folder]
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// The new key's algorithm [default: that of the present key if the NCA issues it, else gost512]
    #[arg(long, value_enum)]
    pub algorithm: Option<KeyAlgorithm>,
    /// Which key, when the present file or token has several: its name as `tanba inspect` shows it, on a token also its serial
    /// number
    #[arg(long)]
    pub alias: Option<String>,
    /// Do not ask the NCA whether the present key was revoked
    #[arg(long)]
    pub offline: bool,
    /// Read both passwords or PINs from standard input: the present one in the first line, the new one in the second
    #[arg(long, visible_alias = "pin-stdin")]
    pub password_stdin: bool,
    /// Say what was made as JSON
    #[arg(long)]
    pub json: bool,
}

/// The algorithms that the NCA issues certificates for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyAlgorithm {
    /// GOST 34.310-2015, 512 bit
    Gost512,
    /// RSA, 2048 bit
    Rsa2048,
}

impl KeyAlgorithm {
    pub(super) fn kind(self) -> NewKey {
        match self {
            Self::Gost512 => NewKey::Gost512,
            Self::Rsa2048 => NewKey::Rsa2048,
        }
    }
}

/// Whose key it will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Whose {
    /// A person, for themselves
    Person,
    /// The first head of an organisation
    Head,
    /// An employee with the right to sign
    SignRight,
    /// An employee with the right to sign financial documents
    Finance,
    /// The personnel department
    Hr,
    /// An employee
    Employee,
}

impl Whose {
    /// The position in an organisation; `None` for a person.
    pub(super) fn position(self) -> Option<Role> {
        match self {
            Self::Person => None,
            Self::Head => Some(Role::Head),
            Self::SignRight => Some(Role::RightToSign),
            Self::Finance => Some(Role::FinancialSign),
            Self::Hr => Some(Role::Hr),
            Self::Employee => Some(Role::Employee),
        }
    }
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyUse {
    /// Signing documents
    Sign,
    /// Logging in
    Login,
}
