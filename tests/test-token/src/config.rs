//! What a library and a card are told to be: the two TOML files, word for word as `README.md` describes them.

use std::path::PathBuf;

use keystore::{Entropy, EntropyError, OsEntropy};
use pki::DigestAlgorithm;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// The file beside a library: `<library without .so>.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModuleConfig {
    /// CK_INFO: who made the library.
    pub manufacturer: String,
    /// CK_INFO: what it is.
    pub description: String,
    /// Whether C_WaitForSlotEvent works; where not, it answers CKR_FUNCTION_NOT_SUPPORTED.
    pub slot_events: bool,
    /// The readers; the number of a slot is its place here, from 0.
    pub slot: Vec<SlotConfig>,
    /// What goes wrong, whatever the card.
    pub fault: Vec<Fault>,
}

impl Default for ModuleConfig {
    fn default() -> Self {
        Self {
            manufacturer: "Tanba".to_owned(),
            description: "Test token".to_owned(),
            slot_events: true,
            slot: Vec::new(),
            fault: Vec::new(),
        }
    }
}

/// A reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotConfig {
    /// CK_SLOT_INFO: its name.
    pub reader: String,
    /// The card's folder, seen from the folder of this file. The card is plugged in while the folder is there.
    pub card: PathBuf,
}

/// The file `token.toml` of a card: what it is, and what it remembers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CardConfig {
    /// CK_TOKEN_INFO: what its owner calls it.
    pub label: String,
    /// CK_TOKEN_INFO: who made it.
    pub manufacturer: String,
    /// CK_TOKEN_INFO: its model.
    pub model: String,
    /// CK_TOKEN_INFO: its serial number.
    pub serial: String,
    /// The user's PIN, in clear or as [`CardConfig::hide_pin`] leaves it.
    pub pin: String,
    /// The shortest and the longest PIN, in octets.
    pub pin_length: (u64, u64),
    /// How many wrong PINs lock it.
    pub max_tries: u32,
    /// How many are left; `None`: no wrong one was given yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u32>,
    /// Whether the flags of CK_TOKEN_INFO say nothing of wrong PINs.
    pub silent_tries: bool,
    /// Whether nobody ever set a PIN.
    pub pin_not_set: bool,
    /// Whether the PIN is typed at the reader (CKF_PROTECTED_AUTHENTICATION_PATH).
    pub pin_pad: bool,
    /// What the person at the reader's pad does.
    pub pad: Pad,
    /// How long they take for it.
    pub pad_milliseconds: u64,
    /// CKA_ALWAYS_AUTHENTICATE of every private key.
    pub always_authenticate: bool,
    /// CKF_WRITE_PROTECTED.
    pub write_protected: bool,
    /// Whether certificates show only after login.
    pub hide_certificates: bool,
    /// Whether public keys show only after login.
    pub hide_public_keys: bool,
    /// How many objects there is room for.
    pub max_objects: usize,
    /// Which algorithms the card can do; empty: all.
    pub algorithms: Vec<Algorithm>,
    /// Mechanisms (CK_MECHANISM_TYPE) that it does not have all the same.
    pub without_mechanisms: Vec<u64>,
    /// How a GOST signature comes out.
    pub byte_order: ByteOrder,
    /// Whether C_Sign takes a GOST digest with its octets in reversed order.
    pub digest_reversed: bool,
    /// How CKA_VALUE of a GOST public key is written.
    pub point_order: PointOrder,
    /// Whether CKA_EC_POINT is the bare point; else it stands in an OCTET STRING, as the standard has it.
    pub ec_point_bare: bool,
    /// By whose object identifiers GOST parameters are named, and asked for.
    pub parameters: Parameters,
    /// What goes wrong with this card.
    pub fault: Vec<Fault>,
}

impl Default for CardConfig {
    fn default() -> Self {
        Self {
            label: "Test card".to_owned(),
            manufacturer: "Tanba".to_owned(),
            model: "Card".to_owned(),
            serial: "0000000000000001".to_owned(),
            pin: "12345678".to_owned(),
            pin_length: (4, 32),
            max_tries: 10,
            tries_left: None,
            silent_tries: false,
            pin_not_set: false,
            pin_pad: false,
            pad: Pad::Right,
            pad_milliseconds: 0,
            always_authenticate: false,
            write_protected: false,
            hide_certificates: false,
            hide_public_keys: false,
            max_objects: 64,
            algorithms: Vec::new(),
            without_mechanisms: Vec::new(),
            byte_order: ByteOrder::RsLe,
            digest_reversed: false,
            point_order: PointOrder::XyLe,
            ec_point_bare: false,
            parameters: Parameters::Kazakh,
            fault: Vec::new(),
        }
    }
}

impl CardConfig {
    /// How many wrong PINs are left.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.tries_left.unwrap_or(self.max_tries)
    }

    /// Puts a salted hash in the PIN's place, where it stands in clear: a process that has the library loaded, and whose
    /// memory is searched for the PIN, shall not have it from here.
    pub(crate) fn hide_pin(&mut self) -> Result<(), EntropyError> {
        if self.pin.starts_with(HASHED) {
            return Ok(());
        }
        let mut salt = [0; 16];
        OsEntropy.fill(&mut salt)?;
        let hidden = hashed(&salt, self.pin.as_bytes());
        std::mem::replace(&mut self.pin, hidden).zeroize();
        Ok(())
    }

    /// Whether this is the user's PIN.
    pub(crate) fn is_pin(&self, pin: &[u8]) -> bool {
        let salt = self.pin.strip_prefix(HASHED).and_then(|rest| hex::decode(rest.split('$').next()?).ok());
        salt.map_or_else(|| self.pin.as_bytes() == pin, |salt| self.pin == hashed(&salt, pin))
    }

    /// Whether the card can do this algorithm.
    #[must_use]
    pub fn can(&self, algorithm: Algorithm) -> bool {
        self.algorithms.is_empty() || self.algorithms.contains(&algorithm)
    }
}

/// How a hidden PIN begins; salt and hash follow, in hexadecimal, with another `$` between them.
const HASHED: &str = "sha256$";

fn hashed(salt: &[u8], pin: &[u8]) -> String {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    hasher.update(salt);
    hasher.update(pin);
    format!("{HASHED}{}${}", hex::encode(salt), hex::encode(hasher.finish()))
}

/// What the person at a reader's pad does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pad {
    /// They type the PIN.
    Right,
    /// They type another one.
    Wrong,
    /// They press the key that says no.
    Refuse,
}

/// The algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// RSA.
    Rsa,
    /// P-256 and P-384.
    Ec,
    /// GOST 34.310-2015 with 512 bits.
    Gost512,
    /// GOST 34.310-2015 with 256 bits.
    Gost256,
    /// GOST 34.310-2004.
    Gost2004,
}

/// The order of a GOST signature's octets; `LE` is little-endian, `BE` big-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByteOrder {
    /// `r_LE ‖ s_LE`: as the NCA's certificates and signatures have it.
    RsLe,
    /// `r_BE ‖ s_BE`.
    RsBe,
    /// `s_LE ‖ r_LE`.
    SrLe,
    /// `s_BE ‖ r_BE`: RFC 4491.
    SrBe,
}

/// The order of a GOST public key's octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointOrder {
    /// `x_LE ‖ y_LE`.
    XyLe,
    /// `x_BE ‖ y_BE`.
    XyBe,
    /// `y_BE ‖ x_BE`.
    YxBe,
}

/// Whose object identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameters {
    /// 1.2.398: the NCA's.
    Kazakh,
    /// 1.2.643: TC26's and CryptoPro's.
    Russian,
}

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The function that it goes wrong in (`C_Sign`); `*` for every one.
    #[serde(rename = "in")]
    pub function: String,
    /// What happens.
    #[serde(flatten)]
    pub how: How,
    /// How many calls are well before it begins, over all processes.
    #[serde(default)]
    pub after: u64,
    /// How often it happens, over all processes; `None`: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum How {
    /// The process is aborted.
    Abort,
    /// The process ends, as if it was done, with this status.
    Exit {
        /// The status.
        #[serde(default)]
        status: i32,
    },
    /// Nothing, for so long; then the call goes on.
    Sleep {
        /// Seconds.
        seconds: u64,
    },
    /// The same, for a shorter time.
    Slow {
        /// Milliseconds.
        milliseconds: u64,
    },
    /// What comes out is random, and has the right shape. A function that gives nothing out returns no known CK_RV.
    Garbage,
    /// What comes out has lengths and counts that no memory has room for. As `Garbage` where there are none.
    Absurd,
    /// Lines on standard output and standard error; then the call goes on.
    Noise {
        /// How many.
        #[serde(default = "ten")]
        lines: u32,
    },
    /// Memory that is never given back; then the call goes on.
    Leak {
        /// How much, in MiB.
        megabytes: usize,
    },
    /// The function returns this CK_RV and does nothing.
    Error {
        /// The CK_RV.
        code: u64,
    },
    /// The card is taken out (its folder is renamed to `<folder>.unplugged`); then the call goes on, and finds that.
    Unplug,
}

fn ten() -> u32 {
    10
}

impl Fault {
    /// It goes wrong in that function, every time.
    #[must_use]
    pub fn new(function: &str, how: How) -> Self {
        Self { function: function.to_owned(), how, after: 0, times: None }
    }

    /// So often only, over all processes.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// So many calls are well before, over all processes.
    #[must_use]
    pub fn after(self, calls: u64) -> Self {
        Self { after: calls, ..self }
    }
}
