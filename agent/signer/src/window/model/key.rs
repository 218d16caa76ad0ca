//! The keys as a window shows them.

use std::path::PathBuf;

pub use keystore::pkcs11::Tries;

/// Names one row for as long as a window is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowId(pub u32);

/// One key, or one key file that was not opened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Its name in [`Event`](super::Event)s.
    pub id: RowId,
    /// Whose key it is; `None` while the file was never opened.
    pub holder: Option<Holder>,
    /// The last day, `dd.MM.yyyy`.
    pub valid_until: Option<String>,
    /// Where it lives.
    pub place: Place,
    /// Whether it can answer this request.
    pub fit: Fit,
    /// Whether the password is still needed.
    pub password: PasswordState,
    /// Test keys are marked TEST in red wherever they are shown.
    pub kind: KeyKind,
}

/// Where a key lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file; the window shows its name, and its folder where nothing else is known.
    File(PathBuf),
    /// In a file that is yet to be made.
    NewFile(PathBuf),
    /// On a token. Its secret is a PIN, and wrong ones are counted.
    Token(TokenPlace),
    /// Nowhere that could be looked: the library for this vendor's tokens failed. Such a row only says so.
    Driver {
        /// The vendor.
        vendor: String,
    },
}

impl Place {
    /// Whether its password is a PIN.
    #[must_use]
    pub fn is_token(&self) -> bool {
        matches!(self, Self::Token(_))
    }
}

/// A token, as a person tells it from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPlace {
    /// What its owner calls it.
    pub label: String,
    /// The reader that it is in.
    pub reader: String,
    /// The vendor and the model.
    pub model: String,
    /// Its serial number.
    pub serial: String,
    /// How many wrong PINs are left.
    pub tries: Tries,
}

/// Whether a row's password is still needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordState {
    /// The window asks for it.
    #[default]
    Asked,
    /// A new one is chosen, and typed twice.
    New,
    /// It was given in this window already (the file was opened with it); [`Event::Decide`](super::Event::Decide) then carries an empty one.
    Given,
    /// It is a PIN that the person types at the reader: there is no field for it, and [`Event::Decide`](super::Event::Decide) carries an empty
    /// one.
    AtReader,
}

/// Who issued a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyKind {
    /// A real authority.
    #[default]
    Real,
    /// A test authority.
    Test,
}

/// Whose key it is, as its certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person's name, or the system's.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// The person's number, twelve digits; the window shows a part of it.
    pub iin: Option<String>,
    /// The organisation's name.
    pub organisation: Option<String>,
    /// The organisation's number, twelve digits; the window shows a part of it.
    pub bin: Option<String>,
}

/// The holder's role by the certificate's extended key usage (OIDs under 1.2.398.3.3.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A private person (….1).
    Person,
    /// The first head of an organisation (….2.1).
    Head,
    /// An employee with the right to sign (….2.2).
    SigningEmployee,
    /// An employee with the right to sign financial documents (….2.3).
    FinanceEmployee,
    /// The personnel department (….2.4).
    Personnel,
    /// An employee (….2.5).
    Employee,
    /// An information system (….1.1, ….2.6 and their children).
    System,
    /// An organisation without a more exact role (….2).
    Organisation,
    /// The certificate does not say.
    Unknown,
}

/// Whether a key can answer the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It can.
    Fits,
    /// It cannot: shown disabled, the first reason in words.
    Unfit(Vec<Reason>),
    /// The file was not opened yet: its password first, then the holder is known.
    Locked,
}

/// Why a key cannot answer this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its validity ended.
    Expired,
    /// Its validity has not begun.
    NotYetValid,
    /// The page needs a key for signing and this one is for logging in, or the other way round.
    WrongUse,
    /// The page needs a role that this key does not have.
    WrongRole,
    /// The page named another person's IIN.
    NotThisPerson,
    /// The page named another organisation's BIN.
    NotThisOrganisation,
    /// The page named another serial number.
    OtherSerial,
    /// Not issued by an authority that counts here.
    IssuerUnknown,
    /// A test key outside the test environment.
    TestKey,
    /// The page named another key.
    NotThisKey,
    /// The page asked for another kind of storage.
    StorageNotAsked,
    /// Tanba cannot sign with this algorithm yet.
    AlgorithmNotYet,
    /// The file is not where it was.
    FileMissing,
    /// The file cannot be read, or is no key file.
    FileUnreadable,
    /// The token was taken out while the window was open.
    TokenGone,
    /// The token has no key with a certificate.
    NoKeyOnToken,
    /// Too many wrong PINs.
    PinLocked,
    /// The token has no PIN yet, so that its keys cannot be used.
    PinNotSet,
    /// The token makes no keys of the kind that is asked for.
    CannotMake,
    /// Nothing can be written to the token.
    NotWritable,
    /// The tokens' library does not answer.
    DriverSilent,
    /// The tokens' library crashed.
    DriverCrashed,
    /// Its owner blocked it: it was lost or stolen.
    Blocked,
}
