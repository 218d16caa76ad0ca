//! A key file written anew: under another password, in another layout, with all that it held.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    Contents, Entropy, Format, Layout, OpenError, Password, Skipped, format,
    pkcs12::{self, Bundle, Iterations, Weakness, WriteError},
};

/// How the new file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relayout {
    /// As the old one: that of the NCA's files, or, for one that is protected as is usual today, that.
    Keep,
    /// This one.
    Into(Layout),
}

/// A key file written anew.
pub struct Resealed {
    /// Its octets.
    pub octets: Zeroizing<Vec<u8>>,
    /// What the old one held, and this one holds.
    pub contents: Contents,
    /// The key's name in the new file, where the old one called it otherwise.
    pub renamed: Option<String>,
}

/// Why a key file was not written anew. The old one is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResealError {
    /// The old one does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A JKS key store is not written.
    #[error("a JKS key store is read, but not written")]
    ReadOnly,
    /// It holds several keys, and what is written here holds one.
    #[error("the key file holds {0} keys")]
    SeveralKeys(usize),
    /// It holds something that would be lost.
    #[error("the key file holds {0}, which would be lost")]
    NotUnderstood(Skipped),
    /// It holds further certificates, and the NCA's layout has no room for them.
    #[error("the key file holds {0} further certificates, for which the NCA's layout has no room")]
    FurtherCertificates(usize),
    /// The new one was not made.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The new one does not hold what the old one held; a fault of this program.
    #[error("the new key file does not hold what the old one held")]
    Differs,
}

/// What is weak about how a key file of either kind is protected.
///
/// # Errors
/// [`OpenError`], never about a password.
pub fn weaknesses(bytes: &[u8]) -> Result<Vec<Weakness>, OpenError> {
    match Format::of(bytes)? {
        Format::Pkcs12 => pkcs12::weaknesses(bytes),
        Format::Jks => Ok(vec![Weakness::Jks]),
    }
}

/// Whether two opened files hold the same keys, each with the same certificate, and the same further certificates.
#[must_use]
pub fn hold_the_same(one: &Contents, other: &Contents) -> bool {
    let keys_are =
        one.entries.len() == other.entries.len()
            && one.entries.iter().zip(&other.entries).all(|(one, other)| {
                one.certificate == other.certificate && *one.key.to_pkcs8() == *other.key.to_pkcs8()
            });
    let all_in = |one: &Contents, other: &Contents| one.certificates.iter().all(|one| other.certificates.contains(one));
    keys_are && all_in(one, other) && all_in(other, one) && one.skipped == other.skipped
}

/// Writes a key file anew. Whatever the new one could not hold is an error and never left out; the new one is opened
/// again, and compared with the old one, before it is given.
///
/// # Errors
/// [`ResealError`].
pub fn reseal(
    octets: &[u8],
    old: &Password,
    new: &Password,
    relayout: Relayout,
    entropy: &dyn Entropy,
) -> Result<Resealed, ResealError> {
    let layout = match relayout {
        Relayout::Into(layout) => layout,
        Relayout::Keep if Format::of(octets)? == Format::Jks => return Err(ResealError::ReadOnly),
        Relayout::Keep => layout_of(octets)?,
    };
    let contents = format::open(octets, old)?;
    if let Some(lost) = contents.skipped.first() {
        return Err(ResealError::NotUnderstood(lost.clone()));
    }
    let entry = match contents.entries.as_slice() {
        [only] => only,
        [] => return Err(OpenError::NoKey.into()),
        several => return Err(ResealError::SeveralKeys(several.len())),
    };
    if layout == Layout::Nca && !contents.certificates.is_empty() {
        return Err(ResealError::FurtherCertificates(contents.certificates.len()));
    }
    let bundle = Bundle { key: &entry.key, certificate: entry.certificate.as_ref(), chain: &contents.certificates };
    let written = match (layout, bundle.certificate) {
        (Layout::Nca, Some(certificate)) => pkcs12::write_nca(bundle.key, certificate, new, entropy)?,
        (Layout::Nca, None) => pkcs12::write_key_alone(bundle.key, new, entropy)?,
        (Layout::Modern(iterations), _) => pkcs12::write_modern(&bundle, new, iterations, entropy)?,
    };
    let again = format::open(&written, new).map_err(|_| ResealError::Differs)?;
    if !hold_the_same(&contents, &again) {
        return Err(ResealError::Differs);
    }
    let name = again.entries.first().map(|entry| entry.alias.clone()).unwrap_or_default();
    let renamed = (!entry.alias.eq_ignore_ascii_case(&name)).then_some(name);
    Ok(Resealed { octets: written, contents, renamed })
}

/// The layout that comes nearest to the file's own. Old means of protection are those of the NCA's files: whoever uses
/// such a file may need programs that open no other.
pub(crate) fn layout_of(octets: &[u8]) -> Result<Layout, OpenError> {
    let is_old = |weakness: &Weakness| matches!(weakness, Weakness::Rc2 | Weakness::TripleDes);
    let old = pkcs12::weaknesses(octets)?.iter().any(is_old);
    Ok(if old { Layout::Nca } else { Layout::Modern(Iterations::RECOMMENDED) })
}

impl fmt::Debug for Resealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resealed").field("contents", &self.contents).field("renamed", &self.renamed).finish()
    }
}
