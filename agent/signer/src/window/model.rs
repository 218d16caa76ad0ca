//! What a window is asked to show and what comes back from it.
//!
//! Plain data: whoever carries an order out prepares a [`View`], the window shows it and answers with [`Event`]s. All
//! text here is already safe to draw (bounded, control characters made visible); the window adds only its own
//! sentences.

mod document;
mod form;
mod key;
mod main_page;
mod report;

use std::fmt;
use std::path::PathBuf;
use zeroize::Zeroizing;

pub use document::{Closer, DocumentView, Drawable, Extent, LaidOut, Media, Preview, Share, What, XmlLine};
pub use form::{Entry, Fault, Faults, Field, Filled, Form, Line};
pub use key::{Fit, Holder, KeyKind, KeyRow, PasswordState, Place, Reason, Role, RowId, TokenPlace, Tries};
pub use main_page::{MainAction, MainEvent, MainField, MainNote, MainPage, MainRow, Tone};
pub use order::Requester;
pub use report::Report;
pub use texts::Locale;

/// Everything one window starts with.
#[derive(Clone, Debug)]
pub struct View {
    /// The language of this one window.
    pub locale: Locale,
    /// Who asks.
    pub asker: Asker,
    /// What is asked.
    pub question: Question,
    /// The keys the person has, in the order in which they are shown.
    pub keys: Vec<KeyRow>,
    /// Whether more keys may come by themselves.
    pub looking: Looking,
    /// Which authority's keys count; the test environment is said in red.
    pub environment: Environment,
    /// How many further requests wait behind this one.
    pub waiting: u32,
    /// What is wrong with the request itself, said in red above the keys.
    pub warnings: Vec<Warning>,
    /// The picture that the site sent, a PNG file as far as the site is to be believed.
    pub logo: Option<Vec<u8>>,
}

/// Who wants something of the person.
#[derive(Clone, Debug)]
pub enum Asker {
    /// A page, or a program that speaks like one.
    Page(Requester),
    /// Nobody else: the person opened the window themself.
    Yourself,
}

impl Asker {
    /// The page; `None` where there is none.
    #[must_use]
    pub fn page(&self) -> Option<&Requester> {
        match self {
            Self::Page(requester) => Some(requester),
            Self::Yourself => None,
        }
    }
}

/// Whether tokens are still being looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Looking {
    /// Every library has answered, or there is none.
    #[default]
    Done,
    /// A token that is plugged in may be missing.
    ForTokens,
}

/// What the page asks of the person.
#[derive(Clone, Debug)]
pub enum Question {
    /// Sign these documents, all with one key under one decision.
    Sign {
        /// At least one, in the order of the request.
        documents: Vec<DocumentView>,
        /// What is made of them.
        form: FormView,
    },
    /// Show the page one certificate; nothing is signed.
    ShowKey,
    /// Make a key, and ask for a certificate for it. The rows are the places where it can be made.
    NewKey {
        /// What the certificate will say.
        details: Vec<Detail>,
        /// The file that is made, unless the person names another one.
        file: PathBuf,
    },
    /// Put a certificate to the key that waits for it, in the place of the one row.
    Install {
        /// What the certificate says.
        details: Vec<Detail>,
    },
    /// The person fills in what a new key's certificate shall say.
    Apply(Form),
    /// The person gives up a key that was lost or stolen. The rows are their keys.
    Lost {
        /// What happened.
        form: Form,
    },
    /// Something is done with a key file, which is the one row.
    Care(Care),
    /// A key that was given up asks for its own end, in the place of the one row.
    Revoke,
    /// What came of what the person did themself, and what comes next.
    Done(Report),
    /// A yes or no about something else than a key, before anything is done: no keys are shown.
    Consent(Consent),
    /// The person chooses a file.
    ChooseFile {
        /// What the page learns of it.
        learns: Learns,
        /// The ending of the files, without a dot; empty: all.
        extension: String,
        /// Where to begin, as the page wants it; empty: where the person was last.
        folder: PathBuf,
    },
    /// Something to read; there is only a button to close it.
    Notice(Vec<Sentence>),
}

/// What is done with a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Care {
    /// It comes into the list; its password shows whose key it is.
    Add,
    /// It gets another password: first the present one.
    Change,
    /// The new one.
    Renew,
    /// It is copied: first its password.
    BackUp,
    /// Where the copy goes, and its password.
    Backup {
        /// The file that is made, unless the person names another one.
        file: PathBuf,
    },
    /// A file with today's protection is made beside it.
    Modernise,
}

/// A line of a certificate: what it is, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The identifier of what it is.
    pub label: &'static str,
    /// What it says: one value, or several.
    pub values: Vec<Value>,
}

/// A value of a [`Detail`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// As it stands in the certificate.
    Text(String),
    /// A sentence of the catalogue, by its identifier.
    Words(&'static str),
}

/// What a page learns of a file that the person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learns {
    /// Its path, and nothing of what is in it.
    Path,
    /// Not where it is: it is shown and signed next.
    Signature,
    /// There is no page: the file is a certificate, which is put to its key next.
    Certificate,
}

/// What is made of the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormView {
    /// A CMS.
    Cms {
        /// Whether the NCA's service adds a time stamp.
        stamp: StampView,
    },
    /// A signature inside the XML document.
    Xml,
    /// A bare signature value.
    Raw,
}

/// Whether a time stamp is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampView {
    /// None.
    None,
    /// By the NCA's service, over the network.
    Added,
}

/// What the person is asked to agree to. The main button names it; it is never a plain OK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The page names these files by their paths, and wants them read. [`Event::AgreeAlways`] is possible.
    ReadFiles {
        /// As the page wrote them, made visible.
        paths: Vec<String>,
    },
    /// A file is written to this folder. [`Event::AgreeAlways`] is possible.
    WriteFile {
        /// The file, as the page names it, made visible.
        path: String,
    },
    /// The document is fetched from the site.
    Fetch {
        /// The address, made visible.
        url: String,
    },
    /// A document of the person's choice is signed and sent to the site.
    Upload {
        /// The address, made visible.
        url: String,
    },
    /// A time stamp is added to a finished signature: its digest goes to the NCA's service.
    Stamp {
        /// Who signed, made visible.
        signers: Vec<String>,
    },
    /// What is to be signed logs in to another site than the one that asks. Said in red, with both names.
    OtherSite {
        /// The site that the document names.
        named: String,
        /// The site that asks.
        asks: String,
    },
    /// A bare signature over octets that cannot be read: they could be the heart of any document.
    BareSignature,
    /// What is to be signed asks an authority for something in the person's name. Said in red.
    KeyAct(KeyAct),
}

/// What a document asks an authority for, in the name of whoever signs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAct {
    /// A certificate, for whoever has the key.
    Certificate,
    /// An end to a certificate.
    Revocation,
}

/// Which authority's keys count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// The keys of the НУЦ.
    Real,
    /// Keys for trying things out count too, and the window says TEST.
    Test,
}

/// What is wrong with the request itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The page gave a digest whose length fits no key of this person: it is signed as NCALayer does, but nobody will
    /// be able to verify the result.
    WrongDigestLength {
        /// The digest's length in octets.
        octets: u64,
        /// What the key needs.
        expected: u64,
    },
    /// A digest that the page chose could be the heart of any document.
    DigestOnly,
    /// What is to be signed asks an authority for something in the person's name.
    KeyAct(KeyAct),
    /// Of an XML document, the signature is over one element; that element is what is shown.
    PartOnly,
    /// What is to be signed logs in to another site than the one that asks.
    OtherSite {
        /// The site that the document names.
        named: String,
        /// The site that asks.
        asks: String,
    },
    /// What is wrong with the file that the person chose.
    File(Sentence),
}

/// What the person did.
///
/// A window sends any number of events and at most one of [`Event::Cancel`], [`Event::BlockSite`] and
/// [`Event::Failed`], as its last: it closes by itself then. After [`Event::Decide`] and [`Event::AddFile`] it is busy
/// until it is told how that went (a list of keys, a problem) or closed.
pub enum Event {
    /// The window is on the screen. The first event, once.
    Shown,
    /// Sign (or show, or open, when the row is [`Fit::Locked`]) with this key. It may come again: a wrong password
    /// stays in the window.
    Decide {
        /// The chosen row: one that fits or is locked.
        row: RowId,
        /// What was typed; empty for a row of [`PasswordState::Given`] or [`PasswordState::AtReader`].
        password: SecretText,
    },
    /// Add this file to the keys; in a [`Question::NewKey`], make the key in this file, in a [`Care::Backup`] the copy; in a [`Question::Install`], the key
    /// is in this file.
    AddFile(PathBuf),
    /// Take this row off the list (the file itself is left alone). Answered by a new list; the window does not wait.
    Forget(RowId),
    /// Yes, to a [`Question::Consent`], or read, to a [`Question::Notice`]. The last event of such a window.
    Agree,
    /// Yes, and this site may name files from now on. The last event of such a window.
    AgreeAlways,
    /// This file, to a [`Question::ChooseFile`]. The last event of such a window.
    Chosen(PathBuf),
    /// What was filled in: the last event of a [`Question::Apply`]; in a [`Question::Lost`] it goes before
    /// [`Event::Decide`].
    Filled(Filled),
    /// To the window before this one. The last event.
    Back,
    /// What a [`Question::Done`] tells of is to be undone. The last event of such a window.
    Undo,
    /// This site may go on asking. The window stays open.
    AllowSite,
    /// No, and this site is not heard again.
    BlockSite,
    /// No.
    Cancel,
    /// The toolkit could not show this window; why, for the log.
    Failed(String),
}

/// What the window is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// A key file is being opened.
    Opening,
    /// Documents are being signed, or a key is being shown.
    Signing,
    /// A key is being made.
    Making,
    /// A certificate is being put to its key.
    Installing,
    /// A key file is being written, and read again.
    Writing,
    /// The person types the PIN at the reader; then the above.
    AtReader,
}

/// What went wrong, said in the window, which then waits for the person again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The password field is emptied and has the focus.
    WrongPassword,
    /// A file could not be opened; the choice of another one has the focus.
    CannotOpen(Sentence),
    /// The chosen key could not sign; the list of keys has the focus.
    CannotSign(Sentence),
    /// The PIN field is emptied and has the focus. So many more wrong ones are left.
    WrongPin(Tries),
    /// The token or the file did not do it, and nothing was sent; the same key may be tried again.
    Token(Sentence),
}

/// A sentence of the catalogue, to be said in the window's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its identifier in `i18n`.
    pub id: &'static str,
    /// What stands in its places.
    pub arguments: Vec<(&'static str, Argument)>,
}

/// What stands in a place of a [`Sentence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A name, a path, a date already written out.
    Text(String),
    /// A number, which may choose a plural form.
    Count(u64),
}

impl Sentence {
    /// A sentence without places.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, arguments: Vec::new() }
    }

    /// With a text in a place.
    #[must_use]
    pub fn with(mut self, place: &'static str, value: impl Into<String>) -> Self {
        self.arguments.push((place, Argument::Text(value.into())));
        self
    }

    /// With a number in a place.
    #[must_use]
    pub fn count(mut self, place: &'static str, value: u64) -> Self {
        self.arguments.push((place, Argument::Count(value)));
        self
    }
}

/// What a person typed and nobody else may read: wiped when dropped, never printed.
#[derive(Clone, Default)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes a text over. The given buffer is wiped with the value; copies made before are the caller's.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for the one who opens the key with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decide { row, .. } => f.debug_struct("Decide").field("row", row).finish_non_exhaustive(),
            Self::AddFile(_) => f.write_str("AddFile(..)"),
            Self::Forget(row) => f.debug_tuple("Forget").field(row).finish(),
            Self::Agree => f.write_str("Agree"),
            Self::AgreeAlways => f.write_str("AgreeAlways"),
            Self::Chosen(_) => f.write_str("Chosen(..)"),
            Self::Filled(_) => f.write_str("Filled(..)"),
            Self::Back => f.write_str("Back"),
            Self::Undo => f.write_str("Undo"),
            Self::AllowSite => f.write_str("AllowSite"),
            Self::BlockSite => f.write_str("BlockSite"),
            Self::Cancel => f.write_str("Cancel"),
            Self::Shown => f.write_str("Shown"),
            Self::Failed(why) => f.debug_tuple("Failed").field(why).finish(),
        }
    }
}
