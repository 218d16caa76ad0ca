//! The content's digests, for content that is too long to be held.

use std::io::{self, Read};

use pki::cms::{self, CmsError, SignedData};
use pki::tlv;
use pki::{DigestAlgorithm, Hasher};

use super::MESSAGE_DIGEST;

/// What is read at a time. Hashing is the slow part; bigger pieces change nothing.
const PIECE: usize = 64 << 10;

/// Takes the content in pieces, for as many digest algorithms as its signers use.
#[derive(Clone)]
pub struct ContentHasher {
    len: u64,
    running: Vec<(DigestAlgorithm, Hasher)>,
    /// The content, while it is short enough to be what [`is_attributes`] looks for.
    short: Vec<u8>,
}

/// Signed attributes of a signature have some hundred octets.
const LONGEST_ATTRIBUTES: usize = 16 << 10;

/// The content is the DER of signed attributes. What is signed then are those same octets, so that a signature over
/// somebody's attributes becomes one over this content when the attributes are taken away.
pub(super) fn is_attributes(content: &[u8]) -> bool {
    content.len() <= LONGEST_ATTRIBUTES
        && tlv::whole(content, tlv::SET)
            .is_ok_and(|set| cms::attributes(set).is_ok_and(|list| list.iter().any(|(oid, ..)| *oid == MESSAGE_DIGEST)))
}

impl ContentHasher {
    /// For these algorithms; one that is named twice is computed once.
    pub fn new(algorithms: &[DigestAlgorithm]) -> Self {
        let mut running: Vec<(DigestAlgorithm, Hasher)> = Vec::new();
        for algorithm in algorithms {
            if !running.iter().any(|(known, _)| known == algorithm) {
                running.push((*algorithm, algorithm.hasher()));
            }
        }
        Self { len: 0, running, short: Vec::new() }
    }

    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.len = self.len.saturating_add(piece.len() as u64);
        if self.len <= LONGEST_ATTRIBUTES as u64 {
            self.short.extend_from_slice(piece);
        }
        for (_, hasher) in &mut self.running {
            hasher.update(piece);
        }
    }

    /// The digests of everything taken.
    pub fn finish(self) -> ContentDigests {
        let digests = self.running.into_iter().map(|(algorithm, hasher)| (algorithm, hasher.finish())).collect();
        let is_attributes = self.len == self.short.len() as u64 && is_attributes(&self.short);
        ContentDigests { len: self.len, digests, is_attributes }
    }
}

/// The digests of one content and its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentDigests {
    len: u64,
    digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    /// See [`is_attributes`].
    pub(super) is_attributes: bool,
}

impl ContentDigests {
    /// From one pass over `content` to its end, in 64 KiB of memory.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read(content: &mut dyn Read, algorithms: &[DigestAlgorithm]) -> io::Result<Self> {
        let mut hasher = ContentHasher::new(algorithms);
        for_each_piece(content, |piece| {
            hasher.update(piece);
            Ok(())
        })?;
        Ok(hasher.finish())
    }

    /// The digest by that algorithm; `None` when it was not asked for.
    pub fn get(&self, algorithm: DigestAlgorithm) -> Option<&[u8]> {
        self.digests.iter().find(|(known, _)| *known == algorithm).map(|(_, digest)| digest.as_slice())
    }

    /// The algorithms that it was hashed by.
    pub fn algorithms(&self) -> Vec<DigestAlgorithm> {
        self.digests.iter().map(|(algorithm, _)| *algorithm).collect()
    }

    /// Octets of the content.
    pub const fn content_len(&self) -> u64 {
        self.len
    }

    /// Another reading of the same content: every digest that both have is the same, and they have one in common.
    pub(super) fn agree(&self, other: &Self) -> bool {
        let mut common = self.digests.iter().filter_map(|(algorithm, digest)| Some((digest, other.get(*algorithm)?)));
        self.len == other.len && common.clone().next().is_some() && common.all(|(a, b)| a == b)
    }
}

/// Reads to the end, handing out what was read.
pub(super) fn for_each_piece(source: &mut dyn Read, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => take(buffer.get(..count).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The digest algorithms of the signers of a DER SignedData, as far as they are known here: what a detached content must
/// be hashed with to verify them all.
///
/// # Errors
/// [`CmsError`] for what is no CMS.
pub fn digest_algorithms(der: &[u8]) -> Result<Vec<DigestAlgorithm>, CmsError> {
    Ok(algorithms_of(&SignedData::from_der(der)?))
}

pub(super) fn algorithms_of(signed_data: &SignedData<'_>) -> Vec<DigestAlgorithm> {
    let mut found = Vec::new();
    for signer in &signed_data.signers {
        if let Some(algorithm) = DigestAlgorithm::from_oid(&signer.digest_algorithm.oid)
            && !found.contains(&algorithm)
        {
            found.push(algorithm);
        }
    }
    found
}
