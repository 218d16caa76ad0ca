//! The pipe between the signer and a token host, in [`frames`].
//!
//! Each end reads the other as a stranger: behind the host stands a vendor's library, which may have written anything
//! into its memory. What a host may say is bounded here, once: the host keeps to it, and the signer holds it to it
//! ([`Reply::is_within_bounds`]).
//!
//! A PIN is no part of a [`Request`]: it follows the frame of a request that [carries any](Request::pins) as a frame
//! of its own, of raw UTF-8, so that nothing which prints or copies requests ever sees it, and both ends keep it in
//! memory that is wiped.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// The version of this conversation; the host names it first.
pub const VERSION: u32 = 2;

/// The longest frame, in octets: a token with hundreds of certificates.
pub const LONGEST_FRAME: u32 = 4 * 1024 * 1024;

/// The longest PIN, in octets.
pub const LONGEST_PIN: u32 = 4096;

/// What the signer asks of a host. Answered by exactly one [`Answer`] of the same number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Counts up; the answer comes back under it.
    pub number: u64,
    /// What is asked.
    pub request: Request,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Which slots there are, and what is in them. [`Reply::Slots`].
    Slots,
    /// The keys and certificates of a slot that can be seen now: all public ones, after [`Request::LogIn`] the private
    /// ones too. [`Reply::Keys`].
    Keys {
        /// CK_SLOT_ID.
        slot: u64,
    },
    /// Log in as the user; the PIN follows, and is empty where the reader has a pad of its own. [`Reply::Done`].
    LogIn {
        /// CK_SLOT_ID.
        slot: u64,
        /// Which token must be in it: another one, put in meanwhile, shall not count a wrong PIN.
        token: TokenId,
    },
    /// Log out. [`Reply::Done`], also where nobody was logged in.
    LogOut {
        /// CK_SLOT_ID.
        slot: u64,
    },
    /// C_SignInit and C_Sign with one key. [`Reply::Signature`], in the module's own order of octets.
    Sign {
        /// CK_SLOT_ID.
        slot: u64,
        /// Which token must be in it.
        token: TokenId,
        /// CKA_ID of the private key.
        key: ByteBuf,
        /// CK_MECHANISM_TYPE, without parameters.
        mechanism: u64,
        /// What C_Sign gets: a digest, a DigestInfo, or a whole message, as the mechanism wants it.
        data: ByteBuf,
        /// Whether a PIN follows, for a key of CKA_ALWAYS_AUTHENTICATE: it is given between C_SignInit and C_Sign.
        pin: bool,
    },
    /// Make a key pair on the token; somebody must be logged in. [`Reply::Made`].
    Generate {
        /// CK_SLOT_ID.
        slot: u64,
        /// Which token must be in it.
        token: TokenId,
        /// Its algorithm.
        kind: KeyKind,
        /// CKA_ID of both halves; free on this token.
        id: ByteBuf,
        /// CKA_LABEL of both halves.
        label: String,
    },
    /// Write a certificate object, and destroy those of its CKA_ID that it takes the place of. [`Reply::Done`].
    PutCertificate {
        /// CK_SLOT_ID.
        slot: u64,
        /// Which token must be in it.
        token: TokenId,
        /// CKA_ID, that of its key.
        id: ByteBuf,
        /// CKA_LABEL.
        label: String,
        /// The certificate, DER.
        certificate: ByteBuf,
        /// Its subject, DER, for CKA_SUBJECT.
        subject: ByteBuf,
        /// The certificates that it takes the place of, DER. An object of the same CKA_ID that is none of these may be of
        /// another key, and stays.
        replaces: Vec<ByteBuf>,
    },
    /// Remove the key pair of this CKA_ID and its certificates. [`Reply::Done`].
    Remove {
        /// CK_SLOT_ID.
        slot: u64,
        /// Which token must be in it.
        token: TokenId,
        /// CKA_ID.
        id: ByteBuf,
        /// The certificates that go with it, DER. An object of the same CKA_ID that is none of these may be of another
        /// key, and stays.
        certificates: Vec<ByteBuf>,
    },
    /// C_SetPIN: the user's PIN is another one from now on. Two PINs follow, the present and the new one; both are empty
    /// where the reader asks for them itself. [`Reply::Done`].
    SetPin {
        /// CK_SLOT_ID.
        slot: u64,
        /// Which token must be in it.
        token: TokenId,
    },
}

impl Request {
    /// How many frames with a PIN follow.
    #[must_use]
    pub fn pins(&self) -> usize {
        match self {
            Self::LogIn { .. } | Self::Sign { pin: true, .. } => 1,
            Self::SetPin { .. } => 2,
            _ => 0,
        }
    }
}

/// What a host says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromHost {
    /// The first frame: the library was loaded and initialised.
    Ready {
        /// [`VERSION`] of the host.
        version: u32,
        /// CK_INFO: who made the library.
        manufacturer: String,
        /// CK_INFO: what it is.
        description: String,
        /// CK_INFO: its version.
        library_version: (u8, u8),
    },
    /// The first frame when the library cannot be used; the host ends after it.
    Unusable(Fault),
    /// Something was plugged in or taken out, as far as the library tells of it. Nobody asked.
    SlotsChanged,
    /// The answer to a request.
    Answer(Answer),
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The request's number.
    pub number: u64,
    /// What it came to.
    pub reply: Reply,
}

/// What a request came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// All slots, at most [`MOST_SLOTS`].
    Slots(Vec<Slot>),
    /// The keys, at most [`MOST_KEYS`].
    Keys(Vec<Key>),
    /// It is done.
    Done,
    /// A signature as the module gave it.
    Signature(ByteBuf),
    /// The public half of a new key, as the module gave it.
    Made(PublicHalf),
    /// It was not done.
    Failed(Fault),
}

/// The most slots of one module.
pub const MOST_SLOTS: usize = 64;
/// The most keys and certificates of one token.
pub const MOST_KEYS: usize = 256;
/// The most mechanisms of one token.
pub const MOST_MECHANISMS: usize = 512;
/// The longest CKA_ID and CKA_LABEL on a token, and field of CK_TOKEN_INFO and CK_SLOT_INFO, in octets there.
pub const LONGEST_NAME: usize = 255;
/// The longest certificate, in octets.
pub const LONGEST_CERTIFICATE: usize = 64 * 1024;
/// The longest part of a public key, in octets: a modulus of 16384 bits. The longest signature is as long.
pub const LONGEST_PART: usize = 2048;

/// The longest name as text: an octet that is no UTF-8 becomes a character of three.
const LONGEST_TEXT: usize = LONGEST_NAME * 3;

impl Reply {
    /// Whether a host of ours may have said this: CBOR itself knows no bounds.
    #[must_use]
    pub fn is_within_bounds(&self) -> bool {
        match self {
            Self::Slots(slots) => slots.len() <= MOST_SLOTS && slots.iter().all(Slot::is_within_bounds),
            Self::Keys(keys) => keys.len() <= MOST_KEYS && keys.iter().all(Key::is_within_bounds),
            Self::Signature(octets) => octets.len() <= LONGEST_PART,
            Self::Made(half) => half.is_within_bounds(),
            Self::Failed(fault) => fault.function.len() <= LONGEST_TEXT,
            Self::Done => true,
        }
    }
}

impl Slot {
    fn is_within_bounds(&self) -> bool {
        self.reader.len() <= LONGEST_TEXT && self.token.as_ref().is_none_or(Token::is_within_bounds)
    }
}

impl Token {
    fn is_within_bounds(&self) -> bool {
        let TokenId { manufacturer, model, serial, label } = &self.id;
        [manufacturer, model, serial, label].into_iter().all(|name| name.len() <= LONGEST_TEXT)
            && self.mechanisms.len() <= MOST_MECHANISMS
    }
}

impl Key {
    fn is_within_bounds(&self) -> bool {
        self.id.len() <= LONGEST_NAME
            && self.label.len() <= LONGEST_TEXT
            && self.certificate.as_ref().is_none_or(|der| der.len() <= LONGEST_CERTIFICATE)
            && self.public.as_ref().is_none_or(PublicHalf::is_within_bounds)
    }
}

impl PublicHalf {
    fn is_within_bounds(&self) -> bool {
        let parts: [&[u8]; 2] = match self {
            Self::Rsa { modulus, exponent } => [modulus, exponent],
            Self::Ec { parameters, point } => [parameters, point],
            Self::Gost { parameters, value, .. } => [parameters, value],
            Self::Other { .. } => [&[], &[]],
        };
        parts.into_iter().all(|part| part.len() <= LONGEST_PART)
    }
}

/// A slot, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// CK_SLOT_ID.
    pub id: u64,
    /// CK_SLOT_INFO: the reader's name.
    pub reader: String,
    /// The token, where there is one.
    pub token: Option<Token>,
}

/// Which token it is, by CK_TOKEN_INFO; blanks at the end are cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TokenId {
    /// Who made it.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// Its serial number.
    pub serial: String,
    /// What its owner calls it.
    pub label: String,
}

/// A token that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Which one.
    pub id: TokenId,
    /// CKF_USER_PIN_INITIALIZED: without it nobody can log in.
    pub pin_is_set: bool,
    /// CKF_LOGIN_REQUIRED.
    pub needs_login: bool,
    /// CKF_PROTECTED_AUTHENTICATION_PATH: the PIN is typed at the reader.
    pub pin_pad: bool,
    /// How many wrong PINs are left, as far as the token says.
    pub tries: Tries,
    /// The shortest and the longest PIN, in octets.
    pub pin_length: (u64, u64),
    /// CKF_WRITE_PROTECTED: no key can be made on it.
    pub write_protected: bool,
    /// CK_MECHANISM_TYPE of all mechanisms, known or not.
    pub mechanisms: Vec<u64>,
}

/// How many wrong PINs are left. PKCS#11 gives no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tries {
    /// Nothing is said.
    Unsaid,
    /// CKF_USER_PIN_COUNT_LOW: a wrong one was given since the last right one.
    Low,
    /// CKF_USER_PIN_FINAL_TRY: one more, and it is locked.
    Last,
    /// CKF_USER_PIN_LOCKED.
    None,
}

/// Objects of one CKA_ID, together. A key with several certificates comes once for each of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// CKA_ID.
    pub id: ByteBuf,
    /// CKA_LABEL of the private key, else of the certificate.
    pub label: String,
    /// CKA_VALUE of the certificate, DER, as far as the token is to be believed.
    pub certificate: Option<ByteBuf>,
    /// The public key object, where there is one: the only thing that shows before login of a key without a certificate.
    pub public: Option<PublicHalf>,
    /// The private key, where it can be seen: with most tokens after login only.
    pub private: Option<PrivateHalf>,
}

/// What a private key object says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateHalf {
    /// CKA_KEY_TYPE.
    pub key_type: u64,
    /// CKA_SIGN.
    pub signs: bool,
    /// CKA_ALWAYS_AUTHENTICATE: every signature needs the PIN again.
    pub always_authenticate: bool,
}

/// A public key as PKCS#11 has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublicHalf {
    /// CKK_RSA: CKA_MODULUS and CKA_PUBLIC_EXPONENT, big-endian.
    Rsa {
        /// The modulus.
        modulus: ByteBuf,
        /// The public exponent.
        exponent: ByteBuf,
    },
    /// CKK_EC: CKA_EC_PARAMS (DER) and CKA_EC_POINT as the module gave it, in an OCTET STRING or not.
    Ec {
        /// CKA_EC_PARAMS.
        parameters: ByteBuf,
        /// CKA_EC_POINT.
        point: ByteBuf,
    },
    /// CKK_GOSTR3410, CKK_GOSTR3410_512: CKA_VALUE, x and y, as the module gave it.
    Gost {
        /// CKA_KEY_TYPE.
        key_type: u64,
        /// CKA_GOSTR3410_PARAMS: an object identifier, DER.
        parameters: ByteBuf,
        /// CKA_VALUE.
        value: ByteBuf,
    },
    /// Another one.
    Other {
        /// CKA_KEY_TYPE.
        key_type: u64,
    },
}

/// The keys that can be made on a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// CKM_RSA_PKCS_KEY_PAIR_GEN, exponent 65537.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
    },
    /// CKM_EC_KEY_PAIR_GEN.
    Ec {
        /// CKA_EC_PARAMS: the curve's object identifier, DER.
        parameters: ByteBuf,
    },
    /// The GOST mechanisms, with CKA_GOSTR3410_PARAMS and CKA_GOSTR3411_PARAMS.
    Gost {
        /// CKA_KEY_TYPE: CKK_GOSTR3410 or CKK_GOSTR3410_512.
        key_type: u64,
        /// CK_MECHANISM_TYPE of the generation.
        mechanism: u64,
        /// CKA_GOSTR3410_PARAMS: an object identifier, DER.
        parameters: ByteBuf,
        /// CKA_GOSTR3411_PARAMS: an object identifier, DER.
        digest_parameters: ByteBuf,
    },
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{function} gave {code:#x} ({kind:?})")]
pub struct Fault {
    /// What it means.
    pub kind: FaultKind,
    /// The function of the library, or of the host itself.
    pub function: String,
    /// CK_RV; zero where it did not come from the library.
    pub code: u64,
}

/// What a fault means for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultKind {
    /// CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE.
    WrongPin,
    /// CKR_PIN_LOCKED.
    PinLocked,
    /// CKR_USER_PIN_NOT_INITIALIZED.
    PinNotSet,
    /// CKR_PIN_EXPIRED.
    PinExpired,
    /// CKR_FUNCTION_CANCELED, CKR_FUNCTION_REJECTED: a no at the reader's own pad.
    RefusedAtReader,
    /// CKR_TOKEN_NOT_PRESENT, CKR_DEVICE_REMOVED, CKR_SLOT_ID_INVALID, or another token than was named.
    TokenGone,
    /// CKR_USER_NOT_LOGGED_IN.
    NotLoggedIn,
    /// No private key of that CKA_ID.
    NoSuchKey,
    /// CKR_MECHANISM_INVALID and its kind: the token cannot do that.
    Unsupported,
    /// CKR_DEVICE_MEMORY, CKR_TOKEN_WRITE_PROTECTED, CKR_ATTRIBUTE_READ_ONLY: the token takes nothing more.
    NoRoom,
    /// The library cannot be loaded, or gave what no library may give.
    BadLibrary,
    /// Anything else.
    Other,
}

pub use frames::FrameError as WireError;

/// Writes one frame and flushes it.
///
/// # Errors
/// [`WireError`].
pub fn write<T: Serialize>(word: &T, to: &mut impl Write) -> Result<(), WireError> {
    frames::write(word, LONGEST_FRAME, to)
}

/// Reads one frame; `None` at the end of the stream between two frames.
///
/// # Errors
/// [`WireError`], also for a stream that ends inside a frame.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> Result<Option<T>, WireError> {
    frames::read(LONGEST_FRAME, from)
}

/// Writes the frame of a PIN and flushes it.
///
/// # Errors
/// [`WireError::TooLong`], [`WireError::Io`].
pub fn write_pin(pin: &str, to: &mut impl Write) -> Result<(), WireError> {
    to.write_all(&frames::length_of(pin.len(), LONGEST_PIN)?)?;
    to.write_all(pin.as_bytes())?;
    Ok(to.flush()?)
}

/// Reads the frame of a PIN into memory that is wiped. `from` must not buffer: what it read ahead would stay behind.
///
/// # Errors
/// [`WireError`], also for a stream that ends before it.
pub fn read_pin(from: &mut impl Read) -> Result<Zeroizing<String>, WireError> {
    let length =
        frames::read_length(LONGEST_PIN, from)?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    // Of its final size at once, so that growing leaves no copy behind.
    let mut octets = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut octets)?;
    let text = std::str::from_utf8(&octets).map_err(|_| WireError::Malformed("a PIN is not UTF-8".to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        let request = Request::LogIn { slot: 3, token: TokenId { serial: "1".into(), ..TokenId::default() } };
        Asked { number: 7, request }
    }

    #[test]
    fn a_request_and_its_pin_come_through_as_they_went_in() {
        let mut pipe = Vec::new();
        write(&asked(), &mut pipe).unwrap();
        write_pin("Құпия1", &mut pipe).unwrap();
        write(&asked(), &mut pipe).unwrap();
        let mut from = pipe.as_slice();
        assert_eq!(read::<Asked>(&mut from).unwrap(), Some(asked()));
        assert_eq!(&**read_pin(&mut from).unwrap(), "Құпия1");
        assert_eq!(read::<Asked>(&mut from).unwrap(), Some(asked()));
        assert_eq!(read::<Asked>(&mut from).unwrap(), None);
    }

    #[test]
    fn a_cut_frame_is_an_error_and_not_the_end() {
        let mut pipe = Vec::new();
        write(&asked(), &mut pipe).unwrap();
        for cut in 1..pipe.len() {
            assert!(read::<Asked>(&mut &pipe[..cut]).is_err(), "cut at {cut}");
        }
        assert!(read_pin(&mut [].as_slice()).is_err());
        assert!(read_pin(&mut [0, 0, 0, 4, b'1'].as_slice()).is_err());
    }

    #[test]
    fn lengths_over_the_limit_are_refused_before_anything_is_read() {
        assert!(matches!(read::<Asked>(&mut [0xff; 4].as_slice()), Err(WireError::TooLong(_))));
        assert!(matches!(read_pin(&mut [0, 1, 0, 0].as_slice()), Err(WireError::TooLong(_))));
        assert!(write_pin(&"1".repeat(4097), &mut Vec::new()).is_err());
    }
}
