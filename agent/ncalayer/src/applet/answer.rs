//! What the applet says: `{"result":…,"errorCode":"NONE"}` or `{"result":"","errorCode":…}`; there is never a
//! `secondResult`.

use super::name;
use super::shown::{Place, Shown};
use crate::calendar;
use crate::key_info::serial_number;
use crate::writer::{self, Writer};
use order::{Failure, FailureCode, KeyInfo, Outcome};
use std::fmt;

/// The error codes of the original (`ncalayer-protocol.md` 7.1). `WRONG_PASSWORD` is not among them: a password is
/// typed into our window, which tells the person itself and stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    EmptyKeyList,
    LoadKeyStore,
    UnknownStorage,
    FileRead,
    EmptySlot,
    RdnNotFound,
    XmlParse,
    SignatureValidation,
    Common,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::EmptyKeyList => "EMPTY_KEY_LIST",
            Self::LoadKeyStore => "LOAD_KEYSTORE_ERROR",
            Self::UnknownStorage => "UNKNOWN_STORAGE",
            Self::FileRead => "FILE_READ_ERROR",
            Self::EmptySlot => "EMPTY_SLOT",
            Self::RdnNotFound => "RDN_NOT_FOUND",
            Self::XmlParse => "XML_PARSE_EXCEPTION",
            Self::SignatureValidation => "SIGNATURE_VALIDATION_ERROR",
            Self::Common => "COMMON",
        }
    }
}

pub(super) fn failure(code: Code) -> String {
    Writer::new().string("result", "").string("errorCode", code.as_str()).end()
}

/// Pages show `errorCode` as it is when it is not one of the few they know; so the words stand there.
pub(super) fn not_implemented(method: &str) -> String {
    Writer::new().string("result", "").string("errorCode", &format!("Method not implemented. Method:{method}")).end()
}

pub(super) fn text(result: &str) -> String {
    Writer::with_room(result.len()).string("result", result).string("errorCode", "NONE").end()
}

fn base64(result: &[u8]) -> String {
    Writer::with_room(result.len() / 3 * 4).base64("result", result).string("errorCode", "NONE").end()
}

/// What one of the calls that read a certificate wants of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    NotBefore,
    NotAfter,
    Subject,
    Issuer,
    /// An attribute of the subject, by type and place.
    Rdn(String, usize),
}

impl Fact {
    pub(super) fn tell(&self, key: &KeyInfo) -> String {
        match self {
            Self::NotBefore => text(&calendar::kazakh(key.not_before_ms)),
            Self::NotAfter => text(&calendar::kazakh(key.not_after_ms)),
            Self::Subject => text(&key.subject_dn),
            Self::Issuer => text(&key.issuer_dn),
            Self::Rdn(oid, place) => name::value(&key.subject_dn, oid, *place)
                .map_or_else(|| failure(Code::RdnNotFound), |value| text(&value)),
        }
    }
}

/// How an outcome is told.
pub(crate) struct Shape {
    pub(super) wanted: Wanted,
    /// What an empty storage is called: a device without a token, or a file without a key that fits.
    pub(super) when_empty: Code,
    /// Which file it was that could not be read.
    pub(super) when_unreadable: Code,
    /// What an unreadable document or signature is called.
    pub(super) when_malformed: Code,
}

pub(super) enum Wanted {
    /// The path of a chooser.
    Path,
    /// The list of keys at a place.
    Keys(Place, Shown),
    /// A fact of the key at a place.
    Fact(Fact, Place, Shown),
    /// One signature as base64.
    Signature,
    /// One signed document.
    Xml,
    /// Whether a signature is good.
    Verdict,
    /// A digest.
    Digest,
}

impl fmt::Debug for Shape {
    /// Neither names nor paths.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("applet::Shape")
    }
}

impl Shape {
    pub(super) fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            when_empty: Code::EmptyKeyList,
            when_unreadable: Code::LoadKeyStore,
            when_malformed: Code::Common,
        }
    }

    pub(crate) fn answer(self, outcome: &Outcome) -> String {
        match (self.wanted, outcome) {
            (Wanted::Path, Outcome::FileChosen(path)) => text(path),
            // The one cancel that is known: a chooser gave "", which pages take for "none", without an alert.
            (Wanted::Path, Outcome::Cancelled) => text(""),
            (Wanted::Keys(place, shown), Outcome::KeyShown(key)) => {
                let alias = field(&key.alias);
                let cn = field(&key.subject_cn);
                let line = format!("{}|{cn}|{}|{alias}\n", field(&key.algorithm), serial_number(&key.serial_number));
                shown.keep(Place { alias, ..place }, key.as_ref().clone());
                text(&line)
            }
            (Wanted::Fact(fact, place, shown), Outcome::KeyShown(key)) => {
                shown.keep(place, key.as_ref().clone());
                fact.tell(key)
            }
            (Wanted::Signature, Outcome::Signed(signed)) => match signed.signatures.as_slice() {
                [signature] => base64(signature),
                _ => failure(Code::Common),
            },
            (Wanted::Xml, Outcome::Signed(signed)) => match signed.signatures.as_slice() {
                [document] => writer::utf8(document).map_or_else(|| failure(Code::Common), text),
                _ => failure(Code::Common),
            },
            (Wanted::Verdict, Outcome::Verified(checks)) => {
                let good = !checks.is_empty() && checks.iter().all(|check| check.is_good);
                Writer::new().boolean("result", good).string("errorCode", "NONE").end()
            }
            (Wanted::Digest, Outcome::Digest(digest)) => base64(digest),
            (_, Outcome::Failed(Failure { code, .. })) => failure(match code {
                FailureCode::StorageEmpty => self.when_empty,
                FailureCode::FileUnreadable => self.when_unreadable,
                FailureCode::Malformed => self.when_malformed,
                _ => Code::Common,
            }),
            // The original had no window that could be closed; pages know COMMON and show it.
            _ => failure(Code::Common),
        }
    }
}

/// A field of a line of `getKeys`, which has no way to write its own separators.
fn field(text: &str) -> String {
    text.replace(['|', '\r', '\n'], " ")
}
