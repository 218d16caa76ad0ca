//! The content of a CMS, copied back into one to which something was added meanwhile.

use std::io::{Read, Write};

use pki::cms::CmsError;
use pki::tlv;

use super::frame::Start;
use super::octets::Octets;
use super::{MAX_STREAMED_LEN, StreamError, Streamed, check_head};
use crate::cms::amend::parts::Parts;
use crate::cms::digests::ContentHasher;
use crate::cms::report::Form;
use crate::cms::text::AnyForm;

/// Writes to `out` the DER of `amended`, which is `found.detached` with something added, with the content of `cms` inside
/// again. `cms` is the same that was verified, from its beginning; if its content is another one by now, that is an error.
/// Where the content was not inside, `amended` is written as it is. Returns how many octets were written. After an error,
/// what was written is to be thrown away.
///
/// # Errors
/// [`StreamError`].
pub fn put_back(cms: &mut dyn Read, found: &Streamed, amended: &[u8], out: &mut dyn Write) -> Result<u64, StreamError> {
    let content = match &found.content {
        Some(content) if found.report.form == Form::Attached => content,
        _ => {
            out.write_all(amended).and_then(|()| out.flush()).map_err(StreamError::Write)?;
            return Ok(amended.len() as u64);
        }
    };
    let len = content.content_len();
    if len > MAX_STREAMED_LEN {
        return Err(StreamError::TooLarge(len));
    }
    let octets = usize::try_from(len).map_err(|_| StreamError::TooLarge(len))?;
    let parts = Parts::from_der(amended)?;
    let content_type = tlv::whole(parts.encapsulated, tlv::SEQUENCE).map_err(CmsError::Der)?.value();
    let explicit = tlv::header_len(octets) + octets;
    let encapsulated = content_type.len() + tlv::header_len(explicit) + explicit;
    let (mut head, after) = parts.around(tlv::header_len(encapsulated) + encapsulated);
    tlv::write_header(&mut head, tlv::SEQUENCE, encapsulated);
    head.extend_from_slice(content_type);
    tlv::write_header(&mut head, tlv::context(0), explicit);
    tlv::write_header(&mut head, tlv::OCTET_STRING, octets);
    check_head(&head, len, after.len() as u64)?;

    out.write_all(&head).map_err(StreamError::Write)?;
    let mut cms = AnyForm::new(cms).map_err(StreamError::from_read)?;
    let mut source = Octets::new(&mut cms);
    let start = Start::read(&mut source)?;
    let mut copied = ContentHasher::new(&content.algorithms());
    start.content(&mut source, |piece| {
        copied.update(piece);
        out.write_all(piece).map_err(StreamError::Write)
    })?;
    if copied.finish() != *content {
        return Err(StreamError::Changed);
    }
    out.write_all(&after).and_then(|()| out.flush()).map_err(StreamError::Write)?;
    Ok(head.len() as u64 + len + after.len() as u64)
}
