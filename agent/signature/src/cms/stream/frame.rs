//! A SignedData that goes by: what stands around the content is kept, the content is hashed.

use std::io::Read;

use pki::DigestAlgorithm;
use pki::cms::{Algorithm, CmsError};
use pki::tlv::{self, DerErrorKind, Tlv};

use super::octets::{Extent, Head, Octets, der};
use super::{MAX_AROUND_LEN, StreamError};
use crate::cms::SIGNED_DATA;
use crate::cms::digests::{ContentDigests, ContentHasher};
use crate::cms::text;

/// An OBJECT IDENTIFIER, a version, the digest algorithms: more is none of those.
const MOST_BEFORE: usize = 16 << 10;

/// What is left when a CMS has gone by.
pub(super) struct Frame {
    /// The same CMS without its content, as DER.
    pub(super) detached: Vec<u8>,
    /// Of the content, when it was inside: by every announced digest algorithm that is known here.
    pub(super) content: Option<ContentDigests>,
}

impl Frame {
    /// The content is hashed by the announced algorithms and by these `also`.
    pub(super) fn read(source: &mut dyn Read, also: &[DigestAlgorithm]) -> Result<Self, StreamError> {
        let mut octets = Octets::new(source);
        let start = Start::read(&mut octets)?;
        let mut hasher = ContentHasher::new(&[&start.announced()?, also].concat());
        start.content(&mut octets, |piece| {
            hasher.update(piece);
            Ok(())
        })?;
        let content = start.content.is_some().then(|| hasher.finish());
        octets.close(start.encapsulated)?;
        let mut after = Vec::new();
        while !octets.is_at_end(start.signed_data)? {
            octets.copy_element(start.signed_data, &mut after, MAX_AROUND_LEN)?;
        }
        octets.close(start.signed_data)?;
        octets.close(start.tagged)?;
        octets.close(start.content_info)?;
        octets.finish()?;

        let encapsulated = tlv::element(tlv::SEQUENCE, &[&start.content_type]);
        let signed_data = tlv::element(tlv::SEQUENCE, &[&start.version, &start.digests, &encapsulated, &after]);
        let tagged = tlv::element(tlv::context(0), &[&signed_data]);
        let whole = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&SIGNED_DATA), &tagged]);
        Ok(Self { detached: text::to_der(&whole)?, content })
    }
}

/// A CMS up to where the octets of its content begin.
pub(super) struct Start {
    content_info: Extent,
    tagged: Extent,
    signed_data: Extent,
    encapsulated: Extent,
    version: Vec<u8>,
    digests: Vec<u8>,
    content_type: Vec<u8>,
    /// The `[0]` around the OCTET STRING, and the OCTET STRING's header.
    content: Option<(Extent, Head)>,
}

impl Start {
    pub(super) fn read(octets: &mut Octets<'_>) -> Result<Self, StreamError> {
        let content_info = octets.open(Extent::ALL, tlv::SEQUENCE)?;
        let kind = element(octets, content_info)?;
        let kind = tlv::whole(&kind, tlv::OID).and_then(Tlv::oid).map_err(CmsError::Der)?;
        if kind != SIGNED_DATA {
            return Err(CmsError::NotSignedData(kind).into());
        }
        let tagged = octets.open(content_info, tlv::context(0))?;
        let signed_data = octets.open(tagged, tlv::SEQUENCE)?;
        let version = element(octets, signed_data)?;
        let digests = element(octets, signed_data)?;
        let encapsulated = octets.open(signed_data, tlv::SEQUENCE)?;
        let content_type = element(octets, encapsulated)?;
        let content = if octets.is_at_end(encapsulated)? {
            None
        } else {
            let explicit = octets.open(encapsulated, tlv::context(0))?;
            Some((explicit, octets.head(explicit)?))
        };
        Ok(Self { content_info, tagged, signed_data, encapsulated, version, digests, content_type, content })
    }

    /// The digest algorithms that the content is to be hashed with, as far as they are known here: in one pass, because
    /// they are announced before the content comes.
    fn announced(&self) -> Result<Vec<DigestAlgorithm>, StreamError> {
        let set = text::to_der(&self.digests)?;
        let mut set = tlv::whole(&set, tlv::SET).map_err(CmsError::Der)?.children();
        let mut found = Vec::new();
        while !set.is_empty() {
            let algorithm = Algorithm::from_tlv(set.read().map_err(CmsError::Der)?).map_err(CmsError::Der)?;
            if let Some(algorithm) = DigestAlgorithm::from_oid(&algorithm.oid)
                && !found.contains(&algorithm)
            {
                found.push(algorithm);
            }
        }
        Ok(found)
    }

    /// Hands out the content, when it is inside.
    pub(super) fn content(
        &self,
        octets: &mut Octets<'_>,
        take: impl FnMut(&[u8]) -> Result<(), StreamError>,
    ) -> Result<(), StreamError> {
        match self.content {
            Some((explicit, head)) => {
                octets.octet_string(explicit, head, take)?;
                octets.close(explicit)
            }
            None => Ok(()),
        }
    }

    /// Every length is the one of a CMS in which `content` octets and then `after` octets follow.
    pub(super) fn fits(&self, octets: &Octets<'_>, content: u64, after: u64) -> bool {
        let Some((explicit, head)) = self.content else { return false };
        let inner = octets.position().saturating_add(content);
        let outer = inner.saturating_add(after);
        head.tag == tlv::OCTET_STRING
            && head.content_len() == Some(content)
            && [explicit, self.encapsulated].iter().all(|extent| extent.end() == Some(inner))
            && [self.signed_data, self.tagged, self.content_info].iter().all(|extent| extent.end() == Some(outer))
    }
}

fn element(octets: &mut Octets<'_>, inside: Extent) -> Result<Vec<u8>, StreamError> {
    if octets.is_at_end(inside)? {
        return Err(der(octets.position(), DerErrorKind::Truncated));
    }
    let mut out = Vec::new();
    octets.copy_element(inside, &mut out, MOST_BEFORE)?;
    Ok(out)
}
