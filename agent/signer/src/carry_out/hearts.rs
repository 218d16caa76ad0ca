//! Hearts of signatures: what a bare value must not be over.
//!
//! An XML signature is a bare value over a canonical `SignedInfo`, a CMS one over its signed attributes (RFC 5652 §5.4).
//! Both hold nothing but the digest of a document that nobody here has seen, so whoever got a bare value over one would
//! have a whole signature of that document. No site has a use for such a value but this.

/// A verifier looks at most at a digest, a time and some certificates there.
const LONGEST_ATTRIBUTES: usize = 1 << 20;

/// The object identifier of messageDigest, 1.2.840.113549.1.9.4, in DER.
const MESSAGE_DIGEST: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";

/// The heart of a signature that these octets are, in the words for a page's developer.
pub(super) fn heart_of_signature(octets: &[u8]) -> Option<&'static str> {
    if first_element(octets).is_some_and(|name| name.eq_ignore_ascii_case(b"SignedInfo")) {
        return Some("the SignedInfo of an XML signature");
    }
    is_signed_attributes(octets).then_some("the signed attributes of a CMS")
}

/// The local name of the first element, also of what is no good XML.
fn first_element(octets: &[u8]) -> Option<&[u8]> {
    let mut rest = octets;
    loop {
        let place = rest.iter().position(|octet| *octet == b'<')?;
        rest = rest.get(place + 1..)?;
        let behind = |rest: &'_ [u8], end: &[u8]| rest.windows(end.len()).position(|one| one == end);
        let skipped = match rest {
            [b'!', b'-', b'-', inside @ ..] => behind(inside, b"-->").map(|end| end + 6),
            [b'?', inside @ ..] => behind(inside, b"?>").map(|end| end + 3),
            [b'!', ..] => Some(1),
            _ => None,
        };
        if let Some(skipped) = skipped {
            rest = rest.get(skipped..)?;
            continue;
        }
        let is_name = |octet: &u8| octet.is_ascii_alphanumeric() || b"_:-.".contains(octet) || !octet.is_ascii();
        let end = rest.iter().position(|octet| !is_name(octet)).unwrap_or(rest.len());
        let name = rest.get(..end)?;
        if !name.is_empty() {
            return name.rsplit(|octet| *octet == b':').next();
        }
    }
}

/// A SET (as it is hashed) or a \[0\] (as it stands in SignerInfo) that is all there is, with a messageDigest in it.
fn is_signed_attributes(octets: &[u8]) -> bool {
    let [0x31 | 0xa0, length, rest @ ..] = octets else { return false };
    let is_all = match *length {
        short @ 0..=0x7f => rest.len() == usize::from(short),
        // Of unknown length, or of one that is written in more octets: whoever reads them, reads them.
        0x80 => true,
        long => {
            let count = usize::from(long & 0x7f);
            let Some((number, inside)) = rest.split_at_checked(count) else { return false };
            let value = number.iter().try_fold(0_usize, |sum, octet| Some(sum.checked_mul(256)? | usize::from(*octet)));
            value == Some(inside.len())
        }
    };
    is_all && octets.len() <= LONGEST_ATTRIBUTES && rest.windows(MESSAGE_DIGEST.len()).any(|one| one == MESSAGE_DIGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_signed_info_is_known_in_every_spelling() {
        for text in [
            r#"<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Reference/></ds:SignedInfo>"#,
            "<SignedInfo/>",
            "<SignedInfo",
            "\u{feff} <?xml version='1.0'?>\n<!-- <a> --><?x <a>?><!DOCTYPE x>\n<дс:SignedInfo xmlns:дс='a'>",
            "<!---->  <x:signedinfo>",
            "words <SignedInfo\t",
            "a < b <SignedInfo>",
            "<!-- not closed <SignedInfo>",
        ] {
            assert!(heart_of_signature(text.as_bytes()).is_some(), "{text}");
        }
    }

    #[test]
    fn other_documents_are_no_hearts() {
        for text in [
            "<invoice><SignedInfo/></invoice>",
            "<SignedInformation/>",
            "<!-- <SignedInfo/> --><invoice/>",
            "SignedInfo",
            "1 < 2",
            "<",
            "",
            "1",
        ] {
            assert_eq!(heart_of_signature(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn signed_attributes_are_known_by_their_message_digest() {
        let mut attribute = vec![0x30, 0x11];
        attribute.extend_from_slice(MESSAGE_DIGEST);
        attribute.extend_from_slice(&[0x31, 0x04, 0x04, 0x02, 1, 2]);
        let length = u8::try_from(attribute.len()).unwrap();
        for head in [vec![0x31, length], vec![0xa0, length], vec![0x31, 0x81, length], vec![0x31, 0x82, 0, length]] {
            let whole = [head, attribute.clone()].concat();
            assert!(heart_of_signature(&whole).is_some(), "{whole:02x?}");
            assert_eq!(heart_of_signature(&whole[..whole.len() - 1]), None);
        }
        assert_eq!(heart_of_signature(&attribute), None);
        assert_eq!(heart_of_signature(b"\x31\x03\x30\x01\x00"), None);
    }

    proptest! {
        #[test]
        fn no_octets_panic(octets in prop::collection::vec(any::<u8>(), 0..200), text in "[<!?a:> -]{0,40}") {
            let _ = heart_of_signature(&octets);
            let _ = heart_of_signature(text.as_bytes());
        }
    }
}
