//! A new key for the person, and the certificate that comes for it.

use crate::{KeyUse, StorageName};
use serde::{Deserialize, Serialize};

/// A new key that a page wants a certificate request of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKeyTask {
    /// Kinds of storage that the key may be made in; empty means any.
    pub storages: Vec<StorageName>,
    /// The key's algorithm.
    pub algorithm: NewKeyAlgorithm,
    /// What it is for.
    pub key_use: KeyUse,
    /// Further extended key usages of the request in dotted form: the holder's roles.
    pub roles: Vec<String>,
    /// Whose it will be. The person sees every line of it before a key is made.
    pub subject: Subject,
}

/// Algorithms of keys that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NewKeyAlgorithm {
    /// GOST 34.310-2015, 512 bit: the only kind that the NCA issues to since 2024-04-28.
    Gost512,
    /// RSA of 2048 bits.
    Rsa2048,
}

/// Whose a certificate will be, as the page says it. An empty field is left out of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// commonName: the person's name, or the system's.
    pub common_name: String,
    /// surname.
    pub surname: String,
    /// givenName, in which the NCA has the patronymic.
    pub given_name: String,
    /// Twelve digits of the person's number.
    pub iin: String,
    /// organizationName.
    pub organisation: String,
    /// Twelve digits of the organisation's number.
    pub bin: String,
    /// The e-mail address.
    pub email: String,
    /// localityName.
    pub locality: String,
    /// stateOrProvinceName.
    pub region: String,
}

impl Subject {
    /// The longest field, in characters: more than the upper bounds of X.520 for a name.
    pub const LONGEST: usize = 256;
}
