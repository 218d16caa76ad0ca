//! A PKCS#12 file on disk as a [`KeyStore`].
//!
//! It holds one key, as the NCA's files do: where there is a key, there is no room for another. Files of others with
//! several keys are read, but never written to, for what is not understood in them would be lost.

use std::{
    fs::File,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::Arc,
};

use pki::{Certificate, Signer};
use platform::files;

use crate::{
    Entropy, Generated, Import, KeyId, KeyStore, ListedKey, Listing, OsEntropy, Password, PrivateKey, StoreError,
    UnlockedStore,
    pkcs12::{self, Contents, Entry, OpenError},
};

/// A key file, there or still to be written.
pub struct KeyFile {
    path: PathBuf,
    entropy: Arc<dyn Entropy>,
}

impl KeyFile {
    /// The file at this path; nothing is read yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), entropy: Arc::new(OsEntropy) }
    }

    /// The same with another source of random bytes, for keys, salts and nonces.
    #[must_use]
    pub fn with_entropy(self, entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy, ..self }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its octets, no more than a key file may have.
    fn read(&self) -> Result<Vec<u8>, StoreError> {
        // A directory opens and then does not read; a pipe would wait for somebody to write.
        if !std::fs::metadata(&self.path)?.is_file() {
            return Err(io::Error::from(ErrorKind::InvalidInput).into());
        }
        match files::read_bounded(&self.path, pkcs12::MOST_OCTETS as u64) {
            Err(error) if error.kind() == ErrorKind::FileTooLarge => {
                Err(OpenError::TooLarge { what: "octets", most: pkcs12::MOST_OCTETS }.into())
            }
            read => Ok(read?),
        }
    }

    fn open(&self, password: &Password) -> Result<Contents, StoreError> {
        let contents = pkcs12::open(&self.read()?, password)?;
        if contents.entries.is_empty() { Err(OpenError::NoKey.into()) } else { Ok(contents) }
    }

    /// Writes a file where there is none. Two who try at once do not write over each other.
    fn write_new(&self, content: &[u8]) -> Result<(), StoreError> {
        match File::create_new(&self.path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(StoreError::Occupied),
            claimed => drop(claimed?),
        }
        files::write_private(&self.path, content).inspect_err(|_| {
            // The empty file that was to hold the place; it is ours, and the first error is the one that matters.
            let _ = std::fs::remove_file(&self.path);
        })?;
        Ok(())
    }
}

impl KeyStore for KeyFile {
    fn label(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    fn list(&self) -> Result<Listing, StoreError> {
        pkcs12::inspect(&self.read()?)?;
        Ok(Listing::Locked)
    }

    fn unlock(&self, password: &Password) -> Result<Box<dyn UnlockedStore>, StoreError> {
        let keys = self.open(password)?.entries;
        let mut listed: Vec<ListedKey> = Vec::with_capacity(keys.len());
        for (position, entry) in keys.iter().enumerate() {
            let own = entry.local_key_id.clone().map(KeyId);
            let own = own.filter(|id| !listed.iter().any(|other| other.id == *id));
            listed.push(ListedKey {
                // A file of others may name keys twice, or not at all: their place names them then.
                id: own.unwrap_or_else(|| KeyId(format!("#{position}").into_bytes())),
                alias: entry.alias.clone(),
                algorithm: entry.key.algorithm_name(),
                certificate: entry.certificate.clone(),
            });
        }
        Ok(Box::new(UnlockedKeyFile { keys, listed, entropy: Arc::clone(&self.entropy) }))
    }

    fn generate(&self, password: &Password) -> Result<Generated, StoreError> {
        let key = PrivateKey::generate_gost512(&*self.entropy)?;
        let public_key = key.public_key().ok_or(StoreError::NoSuchKey)?;
        let id = KeyId(public_key.key_identifier().map(|id| id.to_vec()).unwrap_or_default());
        self.write_new(&pkcs12::write_key_alone(&key, password, &*self.entropy)?)?;
        Ok(Generated { id, public_key })
    }

    fn import(&self, password: &Password, what: Import<'_>) -> Result<KeyId, StoreError> {
        let written = |key: &PrivateKey, certificate: &Certificate| {
            let file = pkcs12::write_nca(key, certificate, password, &*self.entropy)?;
            let id = certificate.subject_key_identifier().map(<[u8]>::to_vec);
            let id = id.or_else(|| certificate.public_key().key_identifier().map(|id| id.to_vec()));
            Ok::<_, StoreError>((file, KeyId(id.unwrap_or_default())))
        };
        match what {
            Import::KeyAndCertificate(key, certificate) => {
                let (file, id) = written(key, certificate)?;
                self.write_new(&file)?;
                Ok(id)
            }
            Import::Certificate(certificate) => {
                let contents = self.open(password)?;
                let [entry] = contents.entries.as_slice() else { return Err(StoreError::Occupied) };
                if !entry.key.belongs_to(certificate) {
                    return Err(StoreError::NoSuchKey);
                }
                if !contents.certificates.is_empty() || contents.skipped > 0 {
                    return Err(StoreError::Occupied);
                }
                let (file, id) = written(&entry.key, certificate)?;
                files::write_private(&self.path, &file)?;
                Ok(id)
            }
        }
    }
}

struct UnlockedKeyFile {
    keys: Vec<Entry>,
    listed: Vec<ListedKey>,
    entropy: Arc<dyn Entropy>,
}

impl UnlockedStore for UnlockedKeyFile {
    fn list(&self) -> &[ListedKey] {
        &self.listed
    }

    fn signer(&self, key: &KeyId) -> Result<Box<dyn Signer>, StoreError> {
        let position = self.listed.iter().position(|listed| listed.id == *key).ok_or(StoreError::NoSuchKey)?;
        let entry = self.keys.get(position).ok_or(StoreError::NoSuchKey)?;
        let certificate = entry.certificate.as_ref().ok_or(crate::CannotSign::NoCertificate)?;
        Ok(entry.signer_with(certificate, Arc::clone(&self.entropy))?)
    }
}
