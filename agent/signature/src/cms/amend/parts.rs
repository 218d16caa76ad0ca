//! A CMS as slices of its octets, to be put together again with something more.

use std::borrow::Cow;

use pki::cms::CmsError;
use pki::tlv::{self, DerError, Tlv};

use crate::cms::SIGNED_DATA;

/// The elements of a SET OF.
pub(in crate::cms) type Elements<'a> = Vec<Cow<'a, [u8]>>;

/// The fields of a SignedData.
pub(in crate::cms) struct Parts<'a> {
    pub(super) version: Cow<'a, [u8]>,
    pub(super) digest_algorithms: Elements<'a>,
    pub(in crate::cms) encapsulated: &'a [u8],
    pub(super) certificates: Option<Elements<'a>>,
    pub(super) crls: Option<Elements<'a>>,
    pub(super) signers: Elements<'a>,
}

impl<'a> Parts<'a> {
    pub(in crate::cms) fn from_der(der: &'a [u8]) -> Result<Self, CmsError> {
        let mut content_info = tlv::whole(der, tlv::SEQUENCE)?.children();
        content_info.expect(tlv::OID)?;
        let mut fields = content_info.expect(tlv::context(0))?.children().expect(tlv::SEQUENCE)?.children();
        let version = Cow::Borrowed(fields.expect(tlv::INTEGER)?.raw());
        let digest_algorithms = elements(fields.expect(tlv::SET)?)?;
        let encapsulated = fields.expect(tlv::SEQUENCE)?.raw();
        let certificates = fields.optional(tlv::context(0))?.map(elements).transpose()?;
        let crls = fields.optional(tlv::context(1))?.map(elements).transpose()?;
        let signers = elements(fields.expect(tlv::SET)?)?;
        Ok(Self { version, digest_algorithms, encapsulated, certificates, crls, signers })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let (head, after) = self.around(self.encapsulated.len());
        // The content may be long: it is copied once.
        [&head, self.encapsulated, &after].concat()
    }

    /// What stands before and after an encapContentInfo of that many octets.
    pub(in crate::cms) fn around(&self, encapsulated: usize) -> (Vec<u8>, Vec<u8>) {
        let sets = [
            (tlv::context(0), self.certificates.as_ref()),
            (tlv::context(1), self.crls.as_ref()),
            (tlv::SET, Some(&self.signers)),
        ];
        let mut before = self.version.to_vec();
        write_set(&mut before, tlv::SET, &self.digest_algorithms);
        let mut after = Vec::new();
        for (tag, set) in sets {
            if let Some(set) = set {
                write_set(&mut after, tag, set);
            }
        }
        let signed_data_type = tlv::oid(&SIGNED_DATA);
        let signed_data = before.len() + encapsulated + after.len();
        let tagged = tlv::header_len(signed_data) + signed_data;
        let mut head = Vec::new();
        let content_info = signed_data_type.len() + tlv::header_len(tagged) + tagged;
        tlv::write_header(&mut head, tlv::SEQUENCE, content_info);
        head.extend_from_slice(&signed_data_type);
        tlv::write_header(&mut head, tlv::context(0), tagged);
        tlv::write_header(&mut head, tlv::SEQUENCE, signed_data);
        head.extend_from_slice(&before);
        (head, after)
    }
}

/// The elements of a SET OF, as they stand.
pub(super) fn elements(set: Tlv<'_>) -> Result<Elements<'_>, DerError> {
    let mut children = set.children();
    let mut found = Vec::new();
    while !children.is_empty() {
        found.push(Cow::Borrowed(children.read()?.raw()));
    }
    Ok(found)
}

/// Writes a SET OF with that tag, its elements as they stand.
pub(super) fn write_set(out: &mut Vec<u8>, tag: u8, elements: &[Cow<'_, [u8]>]) {
    tlv::write_header(out, tag, elements.iter().map(|element| element.len()).sum());
    for element in elements {
        out.extend_from_slice(element);
    }
}

/// Adds an element that is not there yet, in its place by the order of DER; the others stay in theirs, also where they
/// do not have that order.
pub(super) fn insert(set: &mut Elements<'_>, element: Vec<u8>) {
    if set.iter().any(|there| **there == *element) {
        return;
    }
    let place = set.iter().position(|there| **there > *element).unwrap_or(set.len());
    set.insert(place, Cow::Owned(element));
}

/// Puts another element in the place of one; a set that had the order of DER has it again.
pub(super) fn replace(set: &mut Elements<'_>, changed: impl IntoIterator<Item = (usize, Vec<u8>)>) {
    let was_sorted = set.is_sorted();
    for (index, element) in changed {
        if let Some(place) = set.get_mut(index) {
            *place = Cow::Owned(element);
        }
    }
    if was_sorted {
        set.sort();
    }
}
