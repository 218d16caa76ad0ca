//! What every place of keys can do, whatever it is.

use pki::{BareSigner, Certificate, PublicKey, Signer, SignerError};

use crate::{
    CannotSign, EntropyError, NewKey, OpenError, Password, PrivateKey, Skipped, pkcs11::TokenFault, pkcs12::WriteError,
};

/// A place of keys: a key file, a PKCS#11 token.
///
/// What is possible without the password stands here; [`KeyStore::unlock`] gives a value that can do the rest, and the
/// store is locked again when that value goes. Whatever writes takes the password with the call: a token logs in for
/// it, a file has to be enciphered anew, and nobody needs to keep the password in between.
pub trait KeyStore {
    /// What a person calls it: the name of the file, the label of the token.
    fn label(&self) -> String;

    /// What can be seen without the password.
    ///
    /// # Errors
    /// [`StoreError`] when the store itself cannot be reached.
    fn list(&self) -> Result<Listing, StoreError>;

    /// Opens the store for reading and signing.
    ///
    /// # Errors
    /// [`StoreError`]; a wrong password is [`StoreError::is_wrong_password`].
    fn unlock(&self, password: &Password) -> Result<Box<dyn UnlockedStore>, StoreError>;

    /// Makes a new key of that kind inside the store, and gives its public half for a certificate request. The
    /// certificate is [imported](KeyStore::import) when it is there. `label` is what tells the key from others on a token,
    /// where everybody may read it; a file has one key, and no use for it.
    ///
    /// # Errors
    /// [`StoreError::Occupied`] when there is no room for another key.
    fn generate(&self, password: &Password, kind: NewKey, label: &str) -> Result<Generated, StoreError>;

    /// The same, and leaves the store open: the new key signs the request for its certificate, and nobody is asked for the
    /// password a second time, as a reader with a pad of its own would.
    ///
    /// # Errors
    /// As [`KeyStore::generate`]. What opening comes to afterwards stands beside the key, which is made by then.
    fn generate_unlocked(
        &self,
        password: &Password,
        kind: NewKey,
        label: &str,
    ) -> Result<(Generated, Opened), StoreError> {
        let made = self.generate(password, kind, label)?;
        Ok((made, self.unlock(password)))
    }

    /// Puts in what comes from elsewhere.
    ///
    /// # Errors
    /// [`StoreError::NoSuchKey`] for a certificate whose key is not here; [`StoreError::Occupied`] when there is no room.
    fn import(&self, password: &Password, what: Import<'_>) -> Result<KeyId, StoreError>;

    /// The same, and leaves the store open, as [`KeyStore::generate_unlocked`] does: whoever put a certificate in sees
    /// whether its key signs.
    ///
    /// # Errors
    /// As [`KeyStore::import`], and as [`KeyStore::unlock`] when it is in.
    fn import_unlocked(&self, password: &Password, what: Import<'_>) -> Opened {
        self.import(password, what)?;
        self.unlock(password)
    }
}

/// What opening a store came to.
pub type Opened = Result<Box<dyn UnlockedStore>, StoreError>;

/// A store whose password was right.
pub trait UnlockedStore {
    /// Its keys.
    fn list(&self) -> &[ListedKey];

    /// Certificates beside those of the keys: the chain, where the store has it.
    fn certificates(&self) -> &[Certificate] {
        &[]
    }

    /// What the store holds that is neither a key nor a certificate, or cannot be read as one.
    fn skipped(&self) -> &[Skipped] {
        &[]
    }

    /// A key with its certificate, ready to sign. The signer stays usable after the store is gone, unless it is a token
    /// that was taken out.
    ///
    /// # Errors
    /// [`StoreError::NoSuchKey`], [`StoreError::CannotSign`].
    fn signer(&self, key: &KeyId) -> Result<Box<dyn Signer>, StoreError>;

    /// A key that signs without a certificate, as it signs the request for one.
    ///
    /// # Errors
    /// [`StoreError::NoSuchKey`], [`StoreError::CannotSign`].
    fn requester(&self, key: &KeyId) -> Result<Box<dyn Requester>, StoreError>;

    /// Signs a finished digest of the key's own digest algorithm. A key that has no certificate yet signs too: the request
    /// for the certificate is signed so.
    ///
    /// # Errors
    /// As [`UnlockedStore::requester`], and [`StoreError::Sign`].
    fn sign(&self, key: &KeyId, digest: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(BareSigner::sign_digest(&*self.requester(key)?, digest)?)
    }
}

/// A key without regard to its certificate: what signs a certificate request.
pub trait Requester: BareSigner {
    /// The public half, which the request carries.
    fn public_key(&self) -> &PublicKey;
}

/// What a locked store shows.
#[derive(Clone, Debug)]
pub enum Listing {
    /// Nothing: even the certificates are under the password. The NCA's key files are so.
    Locked,
    /// The keys, so far as they are public: tokens show certificates to everybody.
    Keys(Vec<ListedKey>),
}

/// A key as a list shows it. Public data only.
#[derive(Clone, Debug)]
pub struct ListedKey {
    /// Which one it is.
    pub id: KeyId,
    /// The store's own name for it.
    pub alias: String,
    /// The algorithm in words.
    pub algorithm: &'static str,
    /// Its certificate, where the store has it.
    pub certificate: Option<Certificate>,
}

/// Names a key within its store, for as long as the store does not change: localKeyId, CKA_ID. Of several certificates of
/// one key on a token each has a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub(crate) Vec<u8>);

impl KeyId {
    /// The octets of it; they mean something to the store only.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A key that was just made.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Which one it is.
    pub id: KeyId,
    /// What the certificate request has to carry.
    pub public_key: PublicKey,
}

/// What can be put into a store.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Import<'a> {
    /// The certificate of a key that is there already.
    Certificate(&'a Certificate),
    /// A key from elsewhere with its certificate.
    KeyAndCertificate(&'a PrivateKey, &'a Certificate),
}

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file system, or the way to the token, failed.
    #[error("the key store cannot be reached: {0}")]
    Io(#[from] std::io::Error),
    /// The key file does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The key file was not made.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The store has no such key.
    #[error("the key is not in this store")]
    NoSuchKey,
    /// The store has no room for another key, or must not be written over.
    #[error("the key store has no room for another key")]
    Occupied,
    /// The store is of a kind that is only read.
    #[error("a JKS key store is read, but not written")]
    ReadOnly,
    /// The key is not fit to sign.
    #[error(transparent)]
    CannotSign(#[from] CannotSign),
    /// Keys from elsewhere cannot be put in.
    #[error("this store takes certificates, but no keys from elsewhere")]
    CannotImport,
    /// Signing failed.
    #[error(transparent)]
    Sign(#[from] SignerError),
    /// No random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The token did not do it.
    #[error(transparent)]
    Token(#[from] TokenFault),
}

impl StoreError {
    /// Whether another password may help.
    #[must_use]
    pub fn is_wrong_password(&self) -> bool {
        matches!(self, Self::Open(OpenError::WrongPassword) | Self::Token(TokenFault::WrongPin { .. }))
    }

    /// The stable name of this error, for catalogues of texts and for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "unreachable",
            Self::Open(error) => error.code(),
            Self::Write(_) => "not-written",
            Self::NoSuchKey => "no-such-key",
            Self::Occupied => "occupied",
            Self::ReadOnly => "read-only",
            Self::CannotSign(error) => error.code(),
            Self::CannotImport => "cannot-import",
            Self::Sign(error) => error.code(),
            Self::Entropy(_) => "no-random-bytes",
            Self::Token(fault) => fault.code(),
        }
    }
}
