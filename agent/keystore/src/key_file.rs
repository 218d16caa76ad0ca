//! A key file on disk, PKCS#12 or JKS, as a [`KeyStore`].
//!
//! Which of the two it is, its octets tell. JKS is read only. A PKCS#12 file that is written here holds one key, as the
//! NCA's files do: where there is a key, there is no room for another. Files of others with several keys are read, but
//! never written to, for what is not understood in them would be lost.

use std::{
    fs::File,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::Arc,
};

use pki::{Certificate, Signer};
use platform::files;
use zeroize::Zeroizing;

use crate::{
    Contents, Entropy, Entry, Format, Generated, Import, KeyId, KeyStore, ListedKey, Listing, NewKey, OpenError,
    OsEntropy, Password, PrivateKey, Requester, Skipped, StoreError, UnlockedStore, format,
    pkcs12::{self, Bundle, Iterations},
    reseal, signer,
};

/// A key file, there or still to be written.
pub struct KeyFile {
    path: PathBuf,
    entropy: Arc<dyn Entropy>,
    key_password: Option<Password>,
    /// The one that was asked for; else a new file is of the NCA's, and one that is written anew stays what it is.
    layout: Option<Layout>,
}

/// How a key file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// That of the NCA's own files, which every program of the country opens.
    #[default]
    Nca,
    /// Today's protection, for other programs.
    Modern(Iterations),
}

impl KeyFile {
    /// The file at this path; nothing is read yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), entropy: Arc::new(OsEntropy), key_password: None, layout: None }
    }

    /// The same with a password of the keys, where it is another one than the file's.
    #[must_use]
    pub fn with_key_password(self, password: Password) -> Self {
        Self { key_password: Some(password), ..self }
    }

    /// The same with another layout for what is written: also for a file that is there and has another one.
    #[must_use]
    pub fn with_layout(self, layout: Layout) -> Self {
        Self { layout: Some(layout), ..self }
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

    fn open(&self, octets: &[u8], password: &Password) -> Result<Contents, StoreError> {
        let key_password = self.key_password.as_ref().unwrap_or(password);
        let contents = format::open_with_key_password(octets, password, key_password)?;
        if contents.entries.is_empty() { Err(OpenError::NoKey.into()) } else { Ok(contents) }
    }

    /// The octets of a file with this key.
    fn written(
        &self,
        layout: Layout,
        key: &PrivateKey,
        certificate: Option<&Certificate>,
        password: &Password,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        Ok(match (layout, certificate) {
            (Layout::Nca, Some(certificate)) => pkcs12::write_nca(key, certificate, password, &*self.entropy)?,
            (Layout::Nca, None) => pkcs12::write_key_alone(key, password, &*self.entropy)?,
            (Layout::Modern(iterations), certificate) => {
                let bundle = Bundle { key, certificate, chain: &[] };
                pkcs12::write_modern(&bundle, password, iterations, &*self.entropy)?
            }
        })
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
        format::inspect(&self.read()?)?;
        Ok(Listing::Locked)
    }

    fn unlock(&self, password: &Password) -> Result<Box<dyn UnlockedStore>, StoreError> {
        let Contents { entries: keys, certificates, skipped } = self.open(&self.read()?, password)?;
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
        Ok(Box::new(UnlockedKeyFile { keys, listed, certificates, skipped, entropy: Arc::clone(&self.entropy) }))
    }

    fn generate(&self, password: &Password, kind: NewKey, _: &str) -> Result<Generated, StoreError> {
        let key = PrivateKey::generate(kind, &*self.entropy)?;
        let public_key = key.public_key().ok_or(StoreError::NoSuchKey)?;
        let id = KeyId(public_key.key_identifier().map(|id| id.to_vec()).unwrap_or_default());
        self.write_new(&self.written(self.layout.unwrap_or_default(), &key, None, password)?)?;
        Ok(Generated { id, public_key })
    }

    fn import(&self, password: &Password, what: Import<'_>) -> Result<KeyId, StoreError> {
        let id_of = |certificate: &Certificate| {
            let id = certificate.subject_key_identifier().map(<[u8]>::to_vec);
            KeyId(id.or_else(|| certificate.public_key().key_identifier().map(|id| id.to_vec())).unwrap_or_default())
        };
        match what {
            Import::KeyAndCertificate(key, certificate) => {
                self.write_new(&self.written(self.layout.unwrap_or_default(), key, Some(certificate), password)?)?;
                Ok(id_of(certificate))
            }
            Import::Certificate(certificate) => {
                let octets = self.read()?;
                if Format::of(&octets)? != Format::Pkcs12 {
                    return Err(StoreError::ReadOnly);
                }
                let contents = self.open(&octets, password)?;
                let [entry] = contents.entries.as_slice() else { return Err(StoreError::Occupied) };
                if !entry.key.belongs_to(certificate) {
                    return Err(StoreError::NoSuchKey);
                }
                if !contents.certificates.is_empty() || !contents.skipped.is_empty() {
                    return Err(StoreError::Occupied);
                }
                let layout = self.layout.map_or_else(|| reseal::layout_of(&octets), Ok)?;
                let written = self.written(layout, &entry.key, Some(certificate), password)?;
                // The key's only copy is about to be written over: what takes its place has to open, as the disk has it.
                let wanted = |on_disk: &[u8]| {
                    let opened = format::open_with_key_password(on_disk, password, password)?;
                    match opened.entries.as_slice() {
                        [new]
                            if *new.key.to_pkcs8() == *entry.key.to_pkcs8()
                                && new.certificate.as_ref() == Some(certificate) =>
                        {
                            Ok(())
                        }
                        _ => Err(StoreError::from(OpenError::KeyDoesNotMatchCertificate)),
                    }
                };
                // A link would be replaced by the file, and what it led to would stay without the certificate.
                files::replace_private(&std::fs::canonicalize(&self.path)?, &written, wanted)?;
                Ok(id_of(certificate))
            }
        }
    }
}

struct UnlockedKeyFile {
    keys: Vec<Entry>,
    listed: Vec<ListedKey>,
    certificates: Vec<Certificate>,
    skipped: Vec<Skipped>,
    entropy: Arc<dyn Entropy>,
}

impl UnlockedStore for UnlockedKeyFile {
    fn list(&self) -> &[ListedKey] {
        &self.listed
    }

    fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    fn signer(&self, key: &KeyId) -> Result<Box<dyn Signer>, StoreError> {
        let position = self.listed.iter().position(|listed| listed.id == *key).ok_or(StoreError::NoSuchKey)?;
        let entry = self.keys.get(position).ok_or(StoreError::NoSuchKey)?;
        let certificate = entry.certificate.as_ref().ok_or(crate::CannotSign::NoCertificate)?;
        Ok(entry.signer_with(certificate, Arc::clone(&self.entropy))?)
    }

    fn requester(&self, key: &KeyId) -> Result<Box<dyn Requester>, StoreError> {
        let position = self.listed.iter().position(|listed| listed.id == *key).ok_or(StoreError::NoSuchKey)?;
        let entry = self.keys.get(position).ok_or(StoreError::NoSuchKey)?;
        Ok(signer::without_certificate(&entry.key, Arc::clone(&self.entropy))?)
    }
}
