//! The certificates of tokens' keys that signed here, or were put on a token here.
//!
//! A token shows its certificates while it is plugged in, and only then. What is remembered of them lets the guardian say in
//! time that one ends, and lets its owner block the key of a token that is gone. All of it is public; no PIN is known here.

use crate::known_keys::KnownKeysError;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use keystore::pkcs11::TokenId;
use pki::Certificate;
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};

/// The name of the list in the data folder.
pub const FILE: &str = "token-certificates.json";
/// The longest list that is read, in octets.
const LONGEST: u64 = 4 * 1024 * 1024;
/// The form of the list.
const VERSION: u32 = 1;
/// The most certificates that are remembered; the one used longest ago is forgotten first.
const MOST: usize = 200;

/// A certificate, and the token that its key is on.
#[derive(Clone, Debug)]
pub struct KnownOnToken {
    /// Which token.
    pub token: TokenId,
    /// The certificate of a key on it.
    pub certificate: Certificate,
}

/// The list on disk.
#[derive(Debug)]
pub struct KnownTokens {
    at: PathBuf,
    keys: Vec<KnownOnToken>,
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    version: u32,
    keys: Vec<KeyOnDisk>,
}

#[derive(Serialize, Deserialize)]
struct KeyOnDisk {
    manufacturer: String,
    model: String,
    serial: String,
    label: String,
    /// Base64 of the DER.
    certificate: String,
}

impl KnownTokens {
    /// Reads the list; one that is not there yet is empty. One that cannot be understood is set aside under another name: it
    /// is a help, and must not cost anybody a signature.
    ///
    /// # Errors
    /// [`KnownKeysError`] when the file cannot be read or set aside.
    pub fn load(at: &Path) -> Result<Self, KnownKeysError> {
        let empty = Self { at: at.to_owned(), keys: Vec::new() };
        let text = match platform::files::read_bounded(at, LONGEST) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(empty),
            Err(error) => return Err(KnownKeysError::Io(at.to_owned(), error)),
        };
        let Some(list) = serde_json::from_slice::<OnDisk>(&text).ok().filter(|list| list.version == VERSION) else {
            let aside = at.with_extension("damaged.json");
            tracing::error!(aside = %aside.display(), "the list of tokens' keys cannot be understood and was set aside");
            std::fs::rename(at, &aside).map_err(|error| KnownKeysError::Io(aside, error))?;
            return Ok(empty);
        };
        let known = |one: KeyOnDisk| {
            let certificate = Certificate::from_der(&STANDARD.decode(one.certificate).ok()?).ok()?;
            let KeyOnDisk { manufacturer, model, serial, label, .. } = one;
            Some(KnownOnToken { token: TokenId { manufacturer, model, serial, label }, certificate })
        };
        Ok(Self { keys: list.keys.into_iter().take(MOST).filter_map(known).collect(), ..empty })
    }

    /// The certificates, the one used last first.
    #[must_use]
    pub fn keys(&self) -> &[KnownOnToken] {
        &self.keys
    }

    /// Remembers certificates as those used last, and writes the list where it became another one.
    ///
    /// # Errors
    /// [`KnownKeysError::Io`].
    pub fn remember(&mut self, token: &TokenId, certificates: &[Certificate]) -> Result<(), KnownKeysError> {
        let first = self.keys.iter().take(certificates.len());
        if first.map(|one| (&one.token, &one.certificate)).eq(certificates.iter().map(|one| (token, one))) {
            return Ok(());
        }
        self.keys.retain(|one| !certificates.contains(&one.certificate));
        let new = certificates.iter().map(|one| KnownOnToken { token: token.clone(), certificate: one.clone() });
        self.keys.splice(0..0, new);
        self.keys.truncate(MOST);
        self.save()
    }

    fn save(&self) -> Result<(), KnownKeysError> {
        let on_disk = |one: &KnownOnToken| {
            let TokenId { manufacturer, model, serial, label } = one.token.clone();
            KeyOnDisk { manufacturer, model, serial, label, certificate: STANDARD.encode(one.certificate.der()) }
        };
        let list = OnDisk { version: VERSION, keys: self.keys.iter().map(on_disk).collect() };
        let text = serde_json::to_vec_pretty(&list)
            .map_err(|error| KnownKeysError::Malformed(self.at.clone(), error.to_string()))?;
        platform::files::write_private(&self.at, &text).map_err(|error| KnownKeysError::Io(self.at.clone(), error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::{Password, demo};
    use pki::Timestamp;

    fn certificate() -> Certificate {
        let now = Timestamp::from_unix(1_795_435_200);
        demo::make(now, &Password::new("x".to_owned()).unwrap()).unwrap().certificate
    }

    #[test]
    fn a_certificate_is_remembered_once_with_its_token_the_last_one_first() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join(FILE);
        let token = TokenId { serial: "1".to_owned(), label: "Айгүл".to_owned(), ..TokenId::default() };
        let (one, other) = (certificate(), certificate());
        let mut list = KnownTokens::load(&at).unwrap();
        for certificate in [&one, &other, &one] {
            list.remember(&token, std::slice::from_ref(certificate)).unwrap();
        }
        let again = KnownTokens::load(&at).unwrap();
        let known: Vec<_> = again.keys().iter().map(|known| (&known.token, &known.certificate)).collect();
        assert_eq!(known, [(&token, &one), (&token, &other)]);
    }

    #[test]
    fn a_list_that_cannot_be_understood_is_set_aside_and_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join(FILE);
        std::fs::write(&at, "{").unwrap();
        assert!(KnownTokens::load(&at).unwrap().keys().is_empty());
        assert_eq!(std::fs::read_to_string(folder.path().join("token-certificates.damaged.json")).unwrap(), "{");
    }
}
