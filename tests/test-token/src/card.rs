//! A card on disk: a folder with `token.toml`, which says what the card is and remembers its wrong PINs, and one file for
//! each object. Every file is replaced whole, by renaming, under a lock that holds between processes.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use cryptoki_sys::{CK_RV, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED};
use keystore::PrivateKey;
use pki::{Certificate, PublicKey};
use serde::{Deserialize, Serialize, Serializer, de::Error as _};
use zeroize::Zeroizing;

use crate::{config::CardConfig, watched};

/// What a function of the library comes to: a value, or a CK_RV.
pub(crate) type Answer<T> = Result<T, CK_RV>;

const SETTINGS: &str = "token.toml";
const OBJECTS: &str = "objects";
const INSERTION: &str = "insertion";
const LOCK: &str = "lock";

/// The folder of a card, whether it is there or not.
#[derive(Clone, Debug)]
pub(crate) struct CardFolder(pub(crate) PathBuf);

/// An object as it lies on disk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub(crate) class: Class,
    /// CKA_ID.
    #[serde(with = "octets")]
    pub(crate) id: Vec<u8>,
    /// CKA_LABEL.
    pub(crate) label: String,
    /// CKA_LOCAL: made on this card.
    #[serde(default)]
    pub(crate) local: bool,
    /// DER: PKCS#8, SubjectPublicKeyInfo, or the certificate.
    pub(crate) value: Octets,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    Private,
    Public,
    Certificate,
}

/// Octets that may be a key: wiped, and in hexadecimal on disk.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Octets(pub(crate) Zeroizing<Vec<u8>>);

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(hex::encode(&*self.0)))
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        Ok(Self(Zeroizing::new(hex::decode(&*text).map_err(D::Error::custom)?)))
    }
}

/// The same for what is public.
mod octets {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(octets))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        hex::decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// An object.
pub(crate) struct Object {
    pub(crate) record: Record,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    /// A private key and its public half.
    Private(PrivateKey, PublicKey),
    Public(PublicKey),
    Certificate(Box<Certificate>),
}

impl Object {
    /// `None` for octets that are not what the class says.
    pub(crate) fn new(record: Record) -> Option<Self> {
        let der = &record.value.0;
        let body = match record.class {
            Class::Private => {
                let key = PrivateKey::from_pkcs8(der).ok()?;
                let public = key.public_key()?;
                Body::Private(key, public)
            }
            Class::Public => Body::Public(PublicKey::from_spki_der(der).ok()?),
            Class::Certificate => Body::Certificate(Box::new(Certificate::from_der(der).ok()?)),
        };
        Some(Self { record, body })
    }
}

impl CardFolder {
    /// Which insertion of the card this is; `None` while it is not plugged in. A card that was taken out and put back
    /// by [`crate::PlacedCard::plug`] has another one than before, so that nobody takes it for never gone.
    pub(crate) fn insertion(&self) -> Option<String> {
        if !self.0.join(SETTINGS).is_file() {
            return None;
        }
        Some(fs::read_to_string(self.0.join(INSERTION)).unwrap_or_default())
    }

    /// Marks the beginning of a new insertion.
    pub(crate) fn mark_insertion(&self) -> io::Result<()> {
        let path = self.0.join(INSERTION);
        let last: u64 = fs::read_to_string(&path).ok().and_then(|text| text.parse().ok()).unwrap_or_default();
        write_whole(&path, last.wrapping_add(1).to_string().as_bytes())
    }

    pub(crate) fn settings_path(&self) -> PathBuf {
        self.0.join(SETTINGS)
    }

    pub(crate) fn settings(&self) -> Answer<CardConfig> {
        watched::read(&self.settings_path()).map_err(|error| self.fault(&error))
    }

    /// Makes the folder, or writes over the settings of the one that is there.
    pub(crate) fn create(&self, settings: &CardConfig) -> io::Result<()> {
        fs::create_dir_all(self.0.join(OBJECTS))?;
        write_whole(&self.settings_path(), toml(settings)?.as_bytes())
    }

    /// Reads the settings, has them changed and writes them, with nobody in between.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut CardConfig) -> T) -> Answer<T> {
        let _held = self.lock()?;
        let mut settings = self.settings()?;
        let came_to = change(&mut settings);
        let text = toml(&settings).map_err(|error| self.fault(&error))?;
        write_whole(&self.settings_path(), text.as_bytes()).map_err(|error| self.fault(&error))?;
        Ok(came_to)
    }

    /// The files of all objects, in the order in which they came.
    pub(crate) fn objects(&self) -> Answer<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.0.join(OBJECTS)).map_err(|error| self.fault(&error))? {
            let name = entry.map_err(|error| self.fault(&error))?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".toml") {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    pub(crate) fn object_path(&self, name: &str) -> PathBuf {
        self.0.join(OBJECTS).join(name)
    }

    /// Writes new objects, all of them or, where there is no room, none; gives their names.
    pub(crate) fn add(&self, records: &[&Record], most: usize) -> Answer<Vec<String>> {
        let _held = self.lock()?;
        let there = self.objects()?;
        if there.len() + records.len() > most {
            return Err(CKR_DEVICE_MEMORY);
        }
        let last: u64 = there.last().and_then(|name| name.strip_suffix(".toml")?.parse().ok()).unwrap_or_default();
        let mut names = Vec::new();
        for (record, number) in records.iter().zip(last + 1..) {
            let name = format!("{number:04}.toml");
            self.write_object(&name, record)?;
            names.push(name);
        }
        Ok(names)
    }

    /// Writes an object over the one of that name.
    pub(crate) fn replace(&self, name: &str, record: &Record) -> Answer<()> {
        let _held = self.lock()?;
        self.write_object(name, record)
    }

    pub(crate) fn remove(&self, name: &str) -> Answer<()> {
        let _held = self.lock()?;
        fs::remove_file(self.object_path(name)).map_err(|error| self.fault(&error))
    }

    fn write_object(&self, name: &str, record: &Record) -> Answer<()> {
        let text = Zeroizing::new(toml(record).map_err(|error| self.fault(&error))?);
        write_whole(&self.object_path(name), text.as_bytes()).map_err(|error| self.fault(&error))
    }

    /// Held until dropped; it ends with the process, however that ends.
    fn lock(&self) -> Answer<File> {
        let locked = || {
            let file = File::options().create(true).truncate(false).write(true).open(self.0.join(LOCK))?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|error: io::Error| self.fault(&error))
    }

    /// What a failed file says of the card.
    pub(crate) fn fault(&self, error: &io::Error) -> CK_RV {
        match error.kind() {
            ErrorKind::NotFound if self.insertion().is_none() => CKR_DEVICE_REMOVED,
            _ => CKR_DEVICE_ERROR,
        }
    }
}

/// Writes a file so that whoever reads it sees the old one or the new one, and never a part.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{number}.new", std::process::id()));
    fs::write(&beside, content)?;
    fs::rename(&beside, path).inspect_err(|_| {
        // It is ours alone, and the first error is the one that matters.
        let _ = fs::remove_file(&beside);
    })
}

fn toml<T: Serialize>(value: &T) -> io::Result<String> {
    toml::to_string(value).map_err(|error| io::Error::new(ErrorKind::InvalidData, error.to_string()))
}
