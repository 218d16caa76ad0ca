//! The attributes of a bag: what the file calls its content.

use const_oid::ObjectIdentifier;
use der::{Tag, asn1::OctetStringRef};

use super::{
    asn1::{self, SafeBag},
    oids,
};
use crate::pair::Label;

/// RFC 7292 4.2: an attribute that is not as it should be is as if it were not there.
pub(super) fn label(bag: &SafeBag<'_>) -> Label {
    let mut found = Label::default();
    let attributes = bag.attributes.and_then(|set| asn1::elements_of(set, Tag::Set).ok()).unwrap_or_default();
    for attribute in attributes {
        let parts = asn1::elements_of(attribute, Tag::Sequence).unwrap_or_default();
        let [kind, values] = parts.as_slice() else { continue };
        let Ok(kind) = kind.decode_as::<ObjectIdentifier>() else { continue };
        let Some(value) = asn1::elements_of(*values, Tag::Set).ok().and_then(|all| all.first().copied()) else {
            continue;
        };
        match kind {
            oids::FRIENDLY_NAME => found.name = asn1::bmp_text(value),
            oids::LOCAL_KEY_ID => {
                found.local_key_id = value.decode_as::<&OctetStringRef>().ok().map(|id| id.as_bytes().to_vec());
            }
            _ => {}
        }
    }
    found
}
