//! The structures of RFC 7292 and RFC 8018, borrowed from bytes that are already DER.

use const_oid::ObjectIdentifier;
use der::{
    AnyRef, Decode, Reader, Sequence, SliceReader, Tag, TagNumber, Tagged,
    asn1::{OctetStringRef, UintRef},
};

use super::OpenError;

/// RFC 5280 4.1.1.2.
#[derive(Clone, Copy, Debug, Sequence)]
pub(crate) struct AlgorithmIdentifier<'a> {
    pub(crate) algorithm: ObjectIdentifier,
    pub(super) parameters: Option<AnyRef<'a>>,
}

/// RFC 5652 section 3: `content` is what stands inside the `[0] EXPLICIT`.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct ContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) content: AnyRef<'a>,
}

/// RFC 7292 section 4.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct Pfx<'a> {
    pub(super) version: UintRef<'a>,
    pub(super) auth_safe: ContentInfo<'a>,
    pub(super) mac_data: Option<MacData<'a>>,
}

/// RFC 7292 section 4; `iterations` is 1 where it is absent. With PBMAC1, salt and iterations here mean nothing.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct MacData<'a> {
    pub(super) mac: DigestInfo<'a>,
    pub(super) salt: &'a OctetStringRef,
    pub(super) iterations: Option<UintRef<'a>>,
}

/// RFC 8017 A.2.4.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct DigestInfo<'a> {
    pub(super) digest_algorithm: AlgorithmIdentifier<'a>,
    pub(super) digest: &'a OctetStringRef,
}

/// RFC 5652 section 6.1. The content is `[0] IMPLICIT OCTET STRING`, which BER may write constructed; see [`octets`].
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct EncryptedContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    pub(super) algorithm: AlgorithmIdentifier<'a>,
    pub(super) content: AnyRef<'a>,
}

/// RFC 7292 section 4.2, with the attributes still a SET.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct SafeBag<'a> {
    pub(super) bag_id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
    pub(super) attributes: Option<AnyRef<'a>>,
}

/// RFC 7292 section 4.2.3.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct CertBag<'a> {
    pub(super) cert_id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
}

/// RFC 5208 section 6.
#[derive(Clone, Copy, Debug, Sequence)]
pub(crate) struct EncryptedPrivateKeyInfo<'a> {
    pub(crate) algorithm: AlgorithmIdentifier<'a>,
    pub(crate) encrypted: &'a OctetStringRef,
}

/// RFC 7292 appendix C.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct PbeParameters<'a> {
    pub(super) salt: &'a OctetStringRef,
    pub(super) iterations: UintRef<'a>,
}

/// RFC 8018 A.4.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct Pbes2Parameters<'a> {
    pub(super) key_derivation: AlgorithmIdentifier<'a>,
    pub(super) encryption: AlgorithmIdentifier<'a>,
}

/// RFC 8018 A.5.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct Pbmac1Parameters<'a> {
    pub(super) key_derivation: AlgorithmIdentifier<'a>,
    pub(super) scheme: AlgorithmIdentifier<'a>,
}

/// RFC 8018 A.2, with the salt given outright, the only form in use.
#[derive(Clone, Copy, Debug, Sequence)]
pub(super) struct Pbkdf2Parameters<'a> {
    pub(super) salt: &'a OctetStringRef,
    pub(super) iterations: UintRef<'a>,
    pub(super) key_length: Option<UintRef<'a>>,
    pub(super) prf: Option<AlgorithmIdentifier<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// The parameters, which must be there and of this type. `part` is what an error calls them.
    pub(super) fn parameters<T: der::Choice<'a> + der::DecodeValue<'a, Error = der::Error>>(
        &self,
        part: &'static str,
    ) -> Result<T, OpenError> {
        let given: AnyRef<'a> = self.parameters.ok_or(OpenError::Malformed { part, offset: 0 })?;
        given.decode_as::<T>().map_err(OpenError::in_part(part))
    }
}

/// The elements of a `SEQUENCE OF` or `SET OF` that fills `der`, in the order they stand; a SET's order is not judged,
/// for some writers do not sort.
pub(super) fn elements<'a>(der: &'a [u8], tag: Tag) -> Result<Vec<AnyRef<'a>>, der::Error> {
    let outer = AnyRef::from_der(der)?;
    elements_of(outer, tag)
}

/// The elements inside `outer`, which must have this tag.
pub(super) fn elements_of<'a>(outer: AnyRef<'a>, tag: Tag) -> Result<Vec<AnyRef<'a>>, der::Error> {
    outer.tag().assert_eq(tag)?;
    let mut reader = SliceReader::new(outer.value())?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        found.push(AnyRef::decode(&mut reader)?);
    }
    Ok(found)
}

/// The octets of an OCTET STRING with the implicit tag `[0]`: primitive, or constructed of several.
pub(super) fn octets(content: AnyRef<'_>) -> Result<Vec<u8>, der::Error> {
    let number = TagNumber(0);
    if content.tag() == (Tag::ContextSpecific { constructed: false, number }) {
        return Ok(content.value().to_vec());
    }
    let mut joined = Vec::with_capacity(content.value().len());
    for chunk in elements_of(content, Tag::ContextSpecific { constructed: true, number })? {
        joined.extend_from_slice(chunk.decode_as::<&OctetStringRef>()?.as_bytes());
    }
    Ok(joined)
}

/// An INTEGER as a count; what is larger than any count is the largest.
pub(super) fn count(number: UintRef<'_>) -> u64 {
    let digits = number.as_bytes();
    if digits.len() > 8 { u64::MAX } else { digits.iter().fold(0, |sum, digit| sum << 8 | u64::from(*digit)) }
}

/// How a file begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// A SEQUENCE, of definite or indefinite length, whose first element is INTEGER 3.
    Pfx,
    /// The same as far as it goes, but it ends before that can be told.
    TooShort,
    /// Something else.
    Other,
}

/// Looks at the first octets only.
pub(super) fn start_of(bytes: &[u8]) -> Start {
    const VERSION_3: [u8; 3] = [0x02, 0x01, 0x03];
    let (length, rest) = match bytes {
        [0x30, length, rest @ ..] => (*length, rest),
        [0x30] => return Start::TooShort,
        _ => return Start::Other,
    };
    let length_octets = match length {
        0..=0x80 => 0,
        0x81..=0x88 => usize::from(length & 0x7f),
        _ => return Start::Other,
    };
    let version = rest.get(length_octets..).unwrap_or_default();
    let seen = version.get(..VERSION_3.len()).unwrap_or(version);
    match VERSION_3.strip_prefix(seen) {
        Some([]) => Start::Pfx,
        Some(_) => Start::TooShort,
        None => Start::Other,
    }
}

/// Whether the outermost element ends after the file does. An indefinite length says nothing; then `false`.
pub(super) fn claims_more_than_there_is(bytes: &[u8]) -> bool {
    let [_, length, rest @ ..] = bytes else { return false };
    let (stated, rest) = match length {
        0x00..=0x7f => (u64::from(*length), rest),
        0x81..=0x88 => {
            let Some((digits, rest)) = rest.split_at_checked(usize::from(length & 0x7f)) else { return true };
            (digits.iter().fold(0, |sum, digit| sum << 8 | u64::from(*digit)), rest)
        }
        _ => return false,
    };
    stated > rest.len() as u64
}

/// A BMPString as text; `None` for any other type. Half a surrogate pair becomes U+FFFD.
pub(super) fn bmp_text(value: AnyRef<'_>) -> Option<String> {
    let (units, odd) = value.value().as_chunks::<2>();
    if value.tag() != Tag::BmpString || !odd.is_empty() {
        return None;
    }
    let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}
