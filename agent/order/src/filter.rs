//! Which keys a page accepts, and the words for storages and languages.

use serde::{Deserialize, Serialize};

/// Which keys a page accepts. Keys that do not fit are shown, disabled, with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFilter {
    /// Kinds of storage; empty means any.
    pub storages: Vec<StorageName>,
    /// Extended key usages in dotted form, each of which the certificate must have.
    pub extended_key_usage: Vec<String>,
    /// What the key is for, by its extended key usage; `None` means either.
    pub key_use: Option<KeyUse>,
    /// Twelve digits of the person's number.
    pub iin: Option<String>,
    /// Twelve digits of the organisation's number.
    pub bin: Option<String>,
    /// The certificate's serial number as the page wrote it; decimal and hexadecimal are both tried, because the
    /// original's radix is not known (`ncalayer-protocol.md` 5.3).
    pub serial_number: Option<String>,
    /// Which issuers are good enough.
    pub chain: Chain,
    /// Whether an expired certificate may sign ("for testing the system only").
    pub allow_expired: bool,
    /// Whether a revoked certificate may sign (the same).
    pub allow_revoked: bool,
    /// The key that the page itself names (the API before 2018).
    pub named: Option<NamedKey>,
}

/// A key that a page names by its place. The person is asked for the password all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedKey {
    /// The key file's path; of a slot the token's label or its reader's name, as [`crate::TokenSeen`] has them.
    pub place: String,
    /// The key's name in it; empty: any.
    pub alias: String,
    /// What kind of place it is.
    pub kind: PlaceKind,
}

/// Whether a key's place is a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaceKind {
    /// A file's path.
    File,
    /// A slot of a device.
    Slot,
}

impl NamedKey {
    /// Whether a file of this computer is named.
    #[must_use]
    pub fn has_path(&self) -> bool {
        self.kind == PlaceKind::File && !self.place.is_empty()
    }
}

/// What a page says of the issuer (`signerParams.chain`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chain {
    /// The certificate must come from a current authority of the НУЦ.
    #[default]
    Nca,
    /// The page does not care who issued it.
    Any,
    /// The certificate must come from one of these authorities: the certificates as the page gave them, PEM or base64.
    /// They choose among keys; nobody believes them for anything else.
    These(Vec<String>),
}

impl Chain {
    /// The most certificates that a page may name.
    pub const MOST: usize = 16;
    /// The longest text of one, in octets: a certificate of 64 KiB as PEM.
    pub const LONGEST: usize = 96 * 1024;
}

/// What a key is for, by `extKeyUsage` ("contains", not "equals").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyUse {
    /// emailProtection, 1.3.6.1.5.5.7.3.4.
    Signature,
    /// clientAuth, 1.3.6.1.5.5.7.3.2.
    Authentication,
}

/// The storages that NCALayer names (`ncalayer-protocol.md` 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StorageName {
    /// A key file.
    Pkcs12,
    /// A Java key store.
    Jks,
    /// KAZTOKEN.
    Kaztoken,
    /// The identity card.
    IdCard,
    /// eToken 72K.
    EToken72k,
    /// eToken 5110.
    EToken5110,
    /// JaCarta.
    JaCarta,
    /// aKey.
    AKey,
}

impl StorageName {
    /// Every storage, in the order in which sites list them.
    pub const ALL: [Self; 8] = [
        Self::Pkcs12,
        Self::Jks,
        Self::Kaztoken,
        Self::IdCard,
        Self::EToken72k,
        Self::EToken5110,
        Self::JaCarta,
        Self::AKey,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pkcs12 => "PKCS12",
            Self::Jks => "JKS",
            Self::Kaztoken => "AKKaztokenStore",
            Self::IdCard => "AKKZIDCardStore",
            Self::EToken72k => "AKEToken72KStore",
            Self::EToken5110 => "AKEToken5110Store",
            Self::JaCarta => "AKJaCartaStore",
            Self::AKey => "AKAKEYStore",
        }
    }

    /// The storage of this name, exactly as NCALayer spells it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|storage| storage.as_str() == name)
    }
}

/// The languages Tanba speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Locale {
    /// The language's ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// A language by the code a page sends; `kz` is a common slip for `kk` (`ncalayer-protocol.md` 4.8).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "kk" | "kz" => Some(Self::Kk),
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}
