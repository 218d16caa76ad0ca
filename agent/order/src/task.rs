//! What is asked.

use crate::{KeyFilter, Locale, NamedKey, NewKeyTask, Requester, SignTask};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// One request for the person, complete: who asks, for what, with which keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Given by the listener, unique while it runs; the [`crate::Outcome`] comes back under it.
    pub id: u64,
    /// Who asks.
    pub requester: Requester,
    /// The language that the page wants this one window in; `None` keeps the person's own.
    pub locale: Option<Locale>,
    /// What is asked.
    pub task: Task,
}

/// What a page may ask of the person, or of the signer alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Sign documents with one key of the person's choice. Answered by [`crate::Outcome::Signed`].
    Sign(SignTask),
    /// Show the page one certificate of the person's choice; nothing is signed. [`crate::Outcome::KeyShown`].
    ShowKey(KeyFilter),
    /// Add a time stamp of the NCA's service to each signature of this CMS (`applyCAdEST`). No key is needed, a yes is.
    /// [`crate::Outcome::Stamped`].
    Stamp {
        /// A CMS `ContentInfo`, DER, as far as the page is to be believed.
        cms: ByteBuf,
    },
    /// Let the person choose a file, and tell the page its path. [`crate::Outcome::FileChosen`].
    ChooseFile(FileQuery),
    /// Check a signature; nothing is shown unless a file is named. [`crate::Outcome::Verified`].
    Verify(VerifyTask),
    /// Hash a text; nobody is asked. [`crate::Outcome::Digest`].
    Digest {
        /// With which function.
        algorithm: HashName,
        /// What is hashed.
        content: ByteBuf,
    },
    /// Take the document out of a signature file and save it (ezSigner's `saveCMS`). [`crate::Outcome::Saved`].
    Extract {
        /// The path of a CMS file.
        path: String,
        /// The folder that the document goes to; empty: beside the file.
        folder: String,
    },
    /// Tell the person something. [`crate::Outcome::Told`].
    Tell(Notice),
    /// Make a key in a place of the person's choice, and a certificate request of it. [`crate::Outcome::Requested`].
    NewKey(Box<NewKeyTask>),
    /// Install the certificate of a key that was made before. [`crate::Outcome::Imported`].
    ImportCertificate {
        /// What the authority sent: certificates, or a CMS that holds some, DER; at most [`Task::MOST_CERTIFICATES`]. Which
        /// of them is meant, its public key says.
        certificates: Vec<ByteBuf>,
    },
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Where the settings are (`showSettings`).
    Settings,
    /// Which modules answer, and that nothing has to be installed (`showBundleManager`, `installBundle`).
    Modules(Vec<String>),
}

/// Which files a chooser offers. What a page says here is a hint, no more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileQuery {
    /// `P12`, `ALL`: the ending of the files, without a dot, in upper case; empty: all.
    pub extension: String,
    /// Where to begin; empty: where the person was last.
    pub folder: String,
    /// What the page wants to know the path for.
    pub purpose: FilePurpose,
}

/// What a path is wanted for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilePurpose {
    /// Any file.
    #[default]
    AnyFile,
    /// A key file (`browseKeyStore`).
    KeyFile,
}

/// A signature to check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerifyTask {
    /// A CMS, with the document where it is beside the signature.
    Cms {
        /// The signature.
        cms: Readable,
        /// The document; `None`: it is inside.
        document: Option<Readable>,
    },
    /// A signed XML document.
    Xml {
        /// The document.
        xml: ByteBuf,
        /// A further attribute that identifies elements; empty: none.
        id_attribute: String,
    },
    /// A bare signature value over a text.
    Raw {
        /// The text.
        content: ByteBuf,
        /// r and s as GOST keys make them, or what RSA gives.
        signature: ByteBuf,
        /// Whose it should be.
        key: RawKey,
    },
}

/// Octets that a page gives, or a file that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Readable {
    /// These.
    Given(ByteBuf),
    /// What is in the file of this path; read only after the person allowed it.
    File(String),
}

/// The key of a bare signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RawKey {
    /// This certificate's, DER: the person showed it to this page before.
    Certificate(ByteBuf),
    /// One that the person is asked to show first.
    Shown(KeyFilter),
}

/// The hash functions of the applet's `getHash`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HashName {
    /// SHA-1. For old pages' own use; Tanba signs nothing with it.
    Sha1,
    /// SHA-256.
    Sha256,
    /// ГОСТ 34.311-95.
    Gost34311,
}

impl Task {
    /// The most items of [`Task::ImportCertificate`].
    pub const MOST_CERTIFICATES: usize = 16;
    /// The longest of them, in octets.
    pub const LONGEST_CERTIFICATE: usize = 64 * 1024;

    /// The keys that the task accepts; `None` where no key is needed.
    #[must_use]
    pub fn filter(&self) -> Option<&KeyFilter> {
        match self {
            Self::Sign(task) => Some(&task.filter),
            Self::ShowKey(filter) | Self::Verify(VerifyTask::Raw { key: RawKey::Shown(filter), .. }) => Some(filter),
            Self::Stamp { .. }
            | Self::ChooseFile(_)
            | Self::Verify(_)
            | Self::Digest { .. }
            | Self::Extract { .. }
            | Self::Tell(_)
            | Self::NewKey(_)
            | Self::ImportCertificate { .. } => None,
        }
    }

    /// The octets of documents, signatures and texts that came with the request.
    #[must_use]
    pub fn octets(&self) -> u64 {
        let of = |readable: &Readable| match readable {
            Readable::Given(octets) => octets.len(),
            Readable::File(path) => path.len(),
        };
        let octets = match self {
            Self::Sign(task) => return task.octets(),
            Self::Stamp { cms } => cms.len(),
            Self::Verify(VerifyTask::Cms { cms, document }) => of(cms) + document.as_ref().map_or(0, of),
            Self::Verify(VerifyTask::Xml { xml, .. }) => xml.len(),
            Self::Verify(VerifyTask::Raw { content, signature, .. }) => content.len() + signature.len(),
            Self::Digest { content, .. } => content.len(),
            Self::ImportCertificate { certificates } => certificates.iter().map(|one| one.len()).sum(),
            Self::ShowKey(_) | Self::ChooseFile(_) | Self::Extract { .. } | Self::Tell(_) | Self::NewKey(_) => 0,
        };
        octets as u64
    }

    /// Whether the task names a file of this computer by its path.
    #[must_use]
    pub fn names_a_path(&self) -> bool {
        let is_file = |readable: &Readable| matches!(readable, Readable::File(_));
        let by_key = self.filter().and_then(|filter| filter.named.as_ref()).is_some_and(NamedKey::has_path);
        by_key
            || match self {
                Self::Sign(task) => task.names_a_path(),
                Self::Verify(VerifyTask::Cms { cms, document }) => {
                    is_file(cms) || document.as_ref().is_some_and(is_file)
                }
                Self::Extract { .. } => true,
                _ => false,
            }
    }
}
