//! A CMS taken apart by hand, to be put together differently.

use pki::tlv::{self, Tlv};

fn children(tlv: Tlv<'_>) -> Vec<Vec<u8>> {
    let mut reader = tlv.children();
    let mut parts = Vec::new();
    while !reader.is_empty() {
        parts.push(reader.read().unwrap().raw().to_vec());
    }
    parts
}

/// The elements of what `der` consists of.
pub fn elements(der: &[u8]) -> Vec<Vec<u8>> {
    children(tlv::Reader::new(der).read().unwrap())
}

/// The fields of the SignedData.
pub fn fields(der: &[u8]) -> Vec<Vec<u8>> {
    let mut content_info = tlv::whole(der, tlv::SEQUENCE).unwrap().children();
    content_info.read().unwrap();
    children(content_info.read().unwrap().children().read().unwrap())
}

/// A CMS of these fields.
pub fn cms(fields: &[Vec<u8>]) -> Vec<u8> {
    let signed_data = tlv::element(tlv::SEQUENCE, &[&fields.concat()]);
    let kind = tlv::oid(&pki::ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2"));
    tlv::element(tlv::SEQUENCE, &[&kind, &tlv::element(tlv::context(0), &[&signed_data])])
}

/// The SignerInfos.
pub fn signers(der: &[u8]) -> Vec<Vec<u8>> {
    elements(fields(der).last().unwrap())
}

/// The CMS with these SignerInfos in the place of its own.
pub fn with_signers(der: &[u8], signers: &[Vec<u8>]) -> Vec<u8> {
    let mut fields = fields(der);
    *fields.last_mut().unwrap() = tlv::element(tlv::SET, &[&signers.concat()]);
    cms(&fields)
}

/// A SignerInfo without its unsigned attributes, and those.
pub fn without_unsigned(signer: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut parts = elements(signer);
    let unsigned = parts.pop_if(|last| last[0] == tlv::context(1)).map(|set| elements(&set)).unwrap_or_default();
    (tlv::element(tlv::SEQUENCE, &[&parts.concat()]), unsigned)
}
