//! Where the digests that signatures are held against come from: content inside, content given, or digests alone.

use pki::DigestAlgorithm;

use super::digests::{self, ContentDigests};
use super::report::{Form, Problem};

/// What is known about the content from outside of the CMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum External<'a> {
    /// The content.
    Content(&'a [u8]),
    /// The content's digest, by the signers' digest algorithm. What the content is cannot be looked at then: a signature
    /// without signed attributes ([`super::Remark::NoSignedAttributes`]) may be one over attributes that pose as a document.
    Digest(&'a [u8]),
    /// The content's digests, by as many algorithms as the signers use ([`super::digest_algorithms`]).
    Digests(&'a ContentDigests),
}

/// What is inside of the CMS.
#[derive(Clone, Copy)]
pub(super) enum Inside<'a> {
    /// Detached.
    Nothing,
    /// Attached, and in memory.
    Octets(&'a [u8]),
    /// Attached, and hashed as it went by.
    Hashed(&'a ContentDigests),
}

/// The content's digests, each algorithm computed once.
pub(super) struct Source<'a> {
    inside: Inside<'a>,
    external: Option<External<'a>>,
    computed: Vec<(DigestAlgorithm, Vec<u8>)>,
}

impl<'a> Source<'a> {
    pub(super) const fn new(inside: Inside<'a>, external: Option<External<'a>>) -> Self {
        Self { inside, external, computed: Vec::new() }
    }

    pub(super) const fn form(&self) -> Form {
        match self.inside {
            Inside::Nothing => Form::Detached,
            Inside::Octets(_) | Inside::Hashed(_) => Form::Attached,
        }
    }

    /// What is wrong with the content before any signer is looked at.
    pub(super) fn problem(&self) -> Option<Problem> {
        let differs = match (self.inside, self.external) {
            (Inside::Nothing, None) => return Some(Problem::ContentMissing),
            (Inside::Octets(inside), Some(External::Content(given))) => inside != given,
            // Octets that went by can only be compared by their digests.
            (Inside::Hashed(inside), Some(External::Digests(given))) => !inside.agree(given),
            _ => false,
        };
        differs.then_some(Problem::ContentDiffers)
    }

    /// `None`: the content is not here, or was not hashed with that.
    pub(super) fn of(&mut self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        if let Some((_, digest)) = self.computed.iter().find(|(known, _)| *known == algorithm) {
            return Some(digest.clone());
        }
        let digest = match (self.inside, self.external) {
            (Inside::Octets(content), _) | (Inside::Nothing, Some(External::Content(content))) => {
                algorithm.digest(content)
            }
            (Inside::Hashed(digests), _) | (Inside::Nothing, Some(External::Digests(digests))) => {
                digests.get(algorithm)?.to_vec()
            }
            (Inside::Nothing, Some(External::Digest(digest))) => digest.to_vec(),
            (Inside::Nothing, None) => return None,
        };
        self.computed.push((algorithm, digest.clone()));
        Some(digest)
    }

    /// The content, as far as it is here, is the DER of signed attributes.
    pub(super) fn is_attributes(&self) -> bool {
        match (self.inside, self.external) {
            (Inside::Octets(content), _) | (Inside::Nothing, Some(External::Content(content))) => {
                digests::is_attributes(content)
            }
            (Inside::Hashed(digests), _) | (Inside::Nothing, Some(External::Digests(digests))) => digests.is_attributes,
            (Inside::Nothing, Some(External::Digest(_)) | None) => false,
        }
    }

    /// Digests were given, and none by this algorithm: nothing was compared, which must not look like agreement.
    pub(super) fn is_not_given(&self, algorithm: DigestAlgorithm) -> bool {
        matches!(self.external, Some(External::Digests(given)) if given.get(algorithm).is_none())
    }

    /// What was given for attached content is of another one.
    pub(super) fn given_differs(&self, algorithm: DigestAlgorithm, computed: &[u8]) -> bool {
        match (self.inside, self.external) {
            (Inside::Nothing, _) | (_, None) => false,
            (_, Some(External::Digest(given))) => given != computed,
            (_, Some(External::Digests(given))) => given.get(algorithm).is_some_and(|given| given != computed),
            // Octets against octets were compared by `problem`.
            (Inside::Octets(_), Some(External::Content(_))) => false,
            (Inside::Hashed(_), Some(External::Content(given))) => algorithm.digest(given) != computed,
        }
    }
}
