//! Signing and verifying what is too long to be held: one or two passes over the content, in less than a megabyte.
//!
//! * [`sign_detached`]: one pass, at the speed of the hash.
//! * [`sign_attached`]: two passes, because a CMS says its lengths before its content and its signature after: the first
//!   hashes, the second copies and hashes again, so that a file which changed in between is an error and not a CMS.
//! * [`verify_stream`]: one pass over the CMS, whatever its form and however its lengths are written, and one over the
//!   content where that stands elsewhere. Which digests to compute is announced before the content comes.
//! * [`put_back`]: one pass that copies the content back into a CMS to which something was added ([`super::amend`]) while
//!   it stood outside.
//!
//! # Limits
//!
//! Content that is attached has at most [`MAX_STREAMED_LEN`] octets: lengths of more than four octets are not what other
//! readers take. Detached content has no limit. What stands around the content is held and has at most
//! [`MAX_AROUND_LEN`] octets.

mod frame;
mod octets;
mod put_back;

pub use put_back::put_back;

use std::io::{self, Read, Seek, SeekFrom, Write};

use pki::ber::BerError;
use pki::cms::{CmsError, SignedData};
use pki::pem::PemError;
use pki::{DigestAlgorithm, Signer, Timestamp};

use super::DATA;
use super::content::{External, Inside, Source};
use super::digests::{ContentDigests, ContentHasher, algorithms_of, for_each_piece};
use super::make::{self, Around, Content, SignError};
use super::report::{Problem, Report};
use super::text::AnyForm;
use super::verify::judge;
use frame::{Frame, Start};
use octets::Octets;

/// The longest content that [`sign_attached`] takes: 4 GiB, with room for a signature around it.
pub const MAX_STREAMED_LEN: u64 = u32::MAX as u64 - (1 << 16);

/// What may stand around the content of a CMS that is read by [`verify_stream`]: 32 MiB. The NCA's full CRL has 21 MB.
pub const MAX_AROUND_LEN: usize = 32 << 20;

/// Why a stream was not signed, or cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The source gave an error.
    #[error("reading: {0}")]
    Read(#[source] io::Error),
    /// The target gave an error. What was written is no CMS.
    #[error("writing: {0}")]
    Write(#[source] io::Error),
    /// The source is a text, but neither PEM with a CMS inside nor base64.
    #[error("neither DER nor PEM nor base64: {0}")]
    Text(PemError),
    /// Not BER.
    #[error("not a CMS: {0}")]
    Ber(#[from] BerError),
    /// BER, but not of a CMS.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// No signature was made.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The content has more than [`MAX_STREAMED_LEN`] octets.
    #[error("a document of {0} bytes is too large to be attached")]
    TooLarge(u64),
    /// More than [`MAX_AROUND_LEN`] octets around the content.
    #[error("what stands around the content is too large")]
    AroundTooLarge,
    /// The content was another one when it was read for the second time. What was written is no CMS.
    #[error("the document changed while it was being signed")]
    Changed,
}

impl StreamError {
    /// What the reader of the text forms found wrong comes through `io::Error`.
    fn from_read(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<PemError>()) {
            Some(text) => Self::Text(*text),
            None => Self::Read(error),
        }
    }
}

/// Makes a detached signature over everything that `content` gives. The result is DER; it is what
/// [`sign`](super::sign) makes of the same content.
///
/// # Errors
/// [`StreamError`].
pub fn sign_detached(
    signer: &dyn Signer,
    content: &mut dyn Read,
    signing_time: Timestamp,
) -> Result<Vec<u8>, StreamError> {
    let algorithm = make::digest_algorithm(signer)?;
    let digests = ContentDigests::read(content, &[algorithm]).map_err(StreamError::Read)?;
    let digest = digests.get(algorithm).unwrap_or_default();
    Ok(make::sign(signer, Content::DetachedDigest(digest), signing_time)?)
}

/// Makes a signature with the content, from where it stands to its end, inside, and writes it to `out` as DER; it is what
/// [`sign`](super::sign) makes of the same content. Returns how many octets were written. After an error, what was
/// written is to be thrown away.
///
/// # Errors
/// [`StreamError`].
pub fn sign_attached<C: Read + Seek>(
    signer: &dyn Signer,
    content: &mut C,
    out: &mut dyn Write,
    signing_time: Timestamp,
) -> Result<u64, StreamError> {
    let algorithm = make::digest_algorithm(signer)?;
    let start = content.stream_position().map_err(StreamError::Read)?;
    let end = content.seek(SeekFrom::End(0)).map_err(StreamError::Read)?;
    let len = end.saturating_sub(start);
    if len > MAX_STREAMED_LEN {
        return Err(StreamError::TooLarge(len));
    }
    let octets = usize::try_from(len).map_err(|_| StreamError::TooLarge(len))?;

    content.seek(SeekFrom::Start(start)).map_err(StreamError::Read)?;
    let digests = ContentDigests::read(content, &[algorithm]).map_err(StreamError::Read)?;
    if digests.content_len() != len {
        return Err(StreamError::Changed);
    }
    let digest = digests.get(algorithm).unwrap_or_default();
    let around = Around::new(DATA, signer, digest, signing_time)?;
    let head = around.head(Some(octets));
    let after = around.after.len() as u64;
    // The second path over what leaves: the signature in a CMS without content, the lengths, and the content as copied.
    make::self_check(DATA, signer, &around.put_together(None), Content::DetachedDigest(digest))?;
    check_head(&head, len, after)?;

    content.seek(SeekFrom::Start(start)).map_err(StreamError::Read)?;
    out.write_all(&head).map_err(StreamError::Write)?;
    let mut copied = ContentHasher::new(&[algorithm]);
    let mut fault = None;
    for_each_piece(content, |piece| {
        copied.update(piece);
        out.write_all(piece).inspect_err(|_| fault = Some(())) // told apart from errors of reading
    })
    .map_err(|error| if fault.is_some() { StreamError::Write(error) } else { StreamError::Read(error) })?;
    if copied.finish() != digests {
        return Err(StreamError::Changed);
    }
    out.write_all(&around.after).and_then(|()| out.flush()).map_err(StreamError::Write)?;
    Ok(head.len() as u64 + len + after)
}

/// The lengths in what is written before the content are those of the whole.
fn check_head(head: &[u8], content: u64, after: u64) -> Result<(), StreamError> {
    let mut head = head;
    let mut read = Octets::new(&mut head);
    if Start::read(&mut read)?.fits(&read, content, after) {
        Ok(())
    } else {
        Err(SignError::SelfCheck(Problem::ContentDiffers).into())
    }
}

/// What [`verify_stream`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streamed {
    /// The same report that [`verify`](super::verify) gives.
    pub report: Report,
    /// The CMS as DER, without the content if that was inside: for what else is to be read from it, or added to it.
    pub detached: Vec<u8>,
    /// Of the content, wherever it was; `None` when it was nowhere.
    pub content: Option<ContentDigests>,
}

/// Verifies every signature of a CMS in any of the forms of [`decode_any`](super::decode_any) that goes by. `content` is
/// what a detached signature is over; given for an attached one, it is held against what is inside.
///
/// # Errors
/// [`StreamError`], as for [`verify`](super::verify) where there is nothing to report about.
pub fn verify_stream(cms: &mut dyn Read, content: Option<&mut dyn Read>) -> Result<Streamed, StreamError> {
    verify_stream_for(cms, content, &[])
}

/// As [`verify_stream`]; the content is hashed by these algorithms `also`, for a signer that is to be added.
///
/// # Errors
/// As for [`verify_stream`].
pub fn verify_stream_for(
    cms: &mut dyn Read,
    content: Option<&mut dyn Read>,
    also: &[DigestAlgorithm],
) -> Result<Streamed, StreamError> {
    let mut cms = AnyForm::new(cms).map_err(StreamError::from_read)?;
    let Frame { detached, content: inside } = Frame::read(&mut cms, also)?;
    let signed_data = SignedData::from_der(&detached)?;
    let given = content
        .map(|content| {
            let algorithms = [&algorithms_of(&signed_data), also].concat();
            ContentDigests::read(content, &algorithms).map_err(StreamError::Read)
        })
        .transpose()?;
    let source =
        Source::new(inside.as_ref().map_or(Inside::Nothing, Inside::Hashed), given.as_ref().map(External::Digests));
    let report = judge(signed_data, source)?;
    Ok(Streamed { report, detached, content: inside.or(given) })
}
