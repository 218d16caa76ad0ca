//! BER to DER: what is normalised, what is refused, and what it costs.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use pki::ber::{BerErrorKind, Limits, to_der, whole_element};
use pki::tlv;
use proptest::prelude::*;

const LIMITS: Limits = Limits { max_len: 1 << 16, max_depth: 32, max_elements: 1000 };

fn refused(bytes: &[u8]) -> (usize, BerErrorKind) {
    let error = to_der(bytes, &LIMITS).unwrap_err();
    (error.offset, error.kind)
}

#[test]
fn indefinite_lengths_become_definite() {
    let ber = b"\x30\x80\x02\x01\x05\xa0\x80\x04\x01\x07\x00\x00\x00\x00";
    assert_eq!(to_der(ber, &LIMITS).unwrap(), b"\x30\x08\x02\x01\x05\xa0\x03\x04\x01\x07");
}

#[test]
fn pieces_of_an_octet_string_are_joined() {
    let ber = b"\x24\x80\x04\x02ab\x24\x04\x04\x02cd\x04\x81\x01e\x00\x00";
    assert_eq!(to_der(ber, &LIMITS).unwrap(), b"\x04\x05abcde");
    assert_eq!(to_der(b"\x24\x00", &LIMITS).unwrap(), b"\x04\x00");
}

#[test]
fn long_lengths_become_short() {
    assert_eq!(to_der(b"\x30\x84\x00\x00\x00\x03\x04\x81\x00", &LIMITS).unwrap(), b"\x30\x02\x04\x00");
    let content = vec![0xaa; 300];
    let ber = [&b"\x04\x83\x00\x01\x2c"[..], &content].concat();
    assert_eq!(to_der(&ber, &LIMITS).unwrap(), tlv::element(tlv::OCTET_STRING, &[&content]));
}

#[test]
fn the_inside_of_an_octet_string_stays_as_it_is() {
    let ber = b"\x04\x06\x30\x80\x05\x00\x00\x00";
    assert_eq!(to_der(ber, &LIMITS).unwrap(), ber);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    assert_eq!(refused(b""), (0, BerErrorKind::Truncated));
    assert_eq!(refused(b"\x30\x05\x02\x01\x05"), (0, BerErrorKind::Truncated));
    assert_eq!(refused(b"\x30\x80\x02\x01\x05"), (5, BerErrorKind::Truncated));
    assert_eq!(refused(b"\x30\x80\x02\x01\x05\x00"), (5, BerErrorKind::Truncated));
    assert_eq!(refused(b"\x30\x03\x02\x05\x05\x00\x00\x00\x00"), (2, BerErrorKind::Overrun));
    assert_eq!(refused(b"\x30\x02\x00\x00"), (2, BerErrorKind::StrayEnd));
    assert_eq!(refused(b"\x04\x80\x00\x00"), (0, BerErrorKind::IndefinitePrimitive));
    assert_eq!(refused(b"\x30\x00\x00"), (2, BerErrorKind::Trailing));
    assert_eq!(refused(b"\x1f\x81\x01\x00"), (0, BerErrorKind::HighTag));
    assert_eq!(refused(b"\x30\xff"), (0, BerErrorKind::Length));
    assert_eq!(refused(b"\x30\x89\x01\x01\x01\x01\x01\x01\x01\x01\x01"), (0, BerErrorKind::Length));
    assert_eq!(refused(b"\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"), (0, BerErrorKind::Truncated));
    assert_eq!(refused(b"\x22\x03\x02\x01\x05"), (0, BerErrorKind::ConstructedPrimitive(0x22)));
    assert_eq!(refused(b"\x10\x00"), (0, BerErrorKind::PrimitiveConstructed(0x10)));
    assert_eq!(refused(b"\x24\x03\x02\x01\x05"), (2, BerErrorKind::Piece(0x02)));
}

#[test]
fn an_inner_indefinite_length_may_not_steal_the_outer_end() {
    // The end-of-contents octets stand outside of the definite parent.
    assert_eq!(refused(b"\x30\x80\x30\x02\x30\x80\x00\x00\x00\x00\x00\x00"), (6, BerErrorKind::Truncated));
}

#[test]
fn limits_hold() {
    let nested = |depth: usize| [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
    assert!(to_der(&nested(32), &LIMITS).is_ok());
    assert_eq!(refused(&nested(33)), (64, BerErrorKind::TooDeep(32)));
    let generous = Limits { max_depth: usize::MAX, ..LIMITS };
    assert_eq!(to_der(&nested(33), &generous).unwrap_err().kind, BerErrorKind::TooDeep(32));

    let many = [vec![0x30, 0x80], [5, 0].repeat(1000), vec![0, 0]].concat();
    assert_eq!(refused(&many).1, BerErrorKind::TooManyElements(1000));
    assert_eq!(refused(&vec![0; (1 << 16) + 1]).1, BerErrorKind::TooLong(1 << 16));
}

#[test]
fn the_first_element_is_split_off() {
    let (element, rest) = whole_element(b"\x30\x80\x05\x00\x00\x00rest", &LIMITS).unwrap();
    assert_eq!((element, rest), (&b"\x30\x80\x05\x00\x00\x00"[..], &b"rest"[..]));
    let (element, rest) = whole_element(b"\x05\x00", &LIMITS).unwrap();
    assert_eq!((element, rest), (&b"\x05\x00"[..], &b""[..]));
}

#[test]
fn every_key_file_of_the_nca_is_normalised() {
    let Some(nca) = common::nca() else { return };
    for entry in std::fs::read_dir(nca.join("keys")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let der = to_der(&bytes, &Limits::KEY_FILE).unwrap();
        assert_eq!(to_der(&der, &Limits::KEY_FILE).unwrap(), der);
        // AuthenticatedSafe: indefinite lengths inside of an OCTET STRING, normalised by a call of its own.
        let mut pfx = tlv::whole(&der, tlv::SEQUENCE).unwrap().children();
        assert_eq!(pfx.read().unwrap().small_integer().unwrap(), 3);
        let mut content_info = pfx.expect(tlv::SEQUENCE).unwrap().children();
        content_info.expect(tlv::OID).unwrap();
        let content = content_info.expect(tlv::context(0)).unwrap().children().read().unwrap();
        let safe = to_der(content.octets().unwrap(), &Limits::KEY_FILE).unwrap();
        let mut bags = tlv::whole(&safe, tlv::SEQUENCE).unwrap().children();
        bags.expect(tlv::SEQUENCE).unwrap();
        bags.expect(tlv::SEQUENCE).unwrap();
        bags.finish().unwrap();
    }
}

/// A tree, written in DER and, with the given choices of form, in BER.
#[derive(Clone, Debug)]
enum Tree {
    Primitive(u8, Vec<u8>),
    Octets(Vec<Vec<u8>>),
    Constructed(u8, Vec<Tree>),
}

fn trees() -> impl Strategy<Value = Tree> {
    let content = || proptest::collection::vec(any::<u8>(), 0..200);
    let leaf = prop_oneof![
        (prop::sample::select(vec![0x02, 0x04, 0x05, 0x0c, 0x80, 0x9e]), content())
            .prop_map(|(tag, content)| Tree::Primitive(tag, content)),
        proptest::collection::vec(content(), 0..4).prop_map(Tree::Octets),
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        (prop::sample::select(vec![0x30, 0x31, 0xa0, 0xa3, 0x6e]), proptest::collection::vec(inner, 0..5))
            .prop_map(|(tag, children)| Tree::Constructed(tag, children))
    })
}

impl Tree {
    fn der(&self) -> Vec<u8> {
        match self {
            Self::Primitive(tag, content) => tlv::element(*tag, &[content]),
            Self::Octets(pieces) => tlv::element(tlv::OCTET_STRING, &[&pieces.concat()]),
            Self::Constructed(tag, children) => {
                tlv::element(*tag, &[&children.iter().map(Self::der).collect::<Vec<_>>().concat()])
            }
        }
    }

    fn ber(&self, forms: &mut impl FnMut() -> u8) -> Vec<u8> {
        match self {
            Self::Primitive(tag, content) => written(*tag, content, forms() % 2),
            Self::Octets(pieces) => {
                let pieces: Vec<u8> = pieces.iter().flat_map(|piece| written(0x04, piece, forms() % 2)).collect();
                written(0x24, &pieces, forms() % 3)
            }
            Self::Constructed(tag, children) => {
                let content: Vec<u8> = children.iter().flat_map(|child| child.ber(forms)).collect();
                written(*tag, &content, forms() % 3)
            }
        }
    }
}

fn written(tag: u8, content: &[u8], form: u8) -> Vec<u8> {
    match form {
        0 => tlv::element(tag, &[content]),
        1 => [&[tag, 0x84][..], &(content.len() as u32).to_be_bytes(), content].concat(),
        _ => [&[tag, 0x80][..], content, &[0, 0]].concat(),
    }
}

proptest! {
    #[test]
    fn every_form_of_a_value_has_one_der(tree in trees(), forms in proptest::collection::vec(any::<u8>(), 64)) {
        let mut forms = forms.into_iter().cycle();
        let ber = tree.ber(&mut || forms.next().unwrap());
        let der = tree.der();
        prop_assert_eq!(to_der(&ber, &LIMITS).unwrap(), der.clone());
        prop_assert_eq!(to_der(&der, &LIMITS).unwrap(), der);
        let followed = [&ber[..], b"\x00\x00tail"].concat();
        let (element, rest) = whole_element(&followed, &LIMITS).unwrap();
        prop_assert_eq!((element, rest), (&ber[..], &b"\x00\x00tail"[..]));
    }

    #[test]
    fn any_bytes_are_normalised_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(der) = to_der(&bytes, &LIMITS) {
            prop_assert!(der.len() <= bytes.len());
            prop_assert_eq!(to_der(&der, &LIMITS).unwrap(), der);
        }
    }

    #[test]
    fn spoiled_trees_never_panic(tree in trees(), position in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut ber = tree.ber(&mut || 2);
        let position = position.index(ber.len());
        ber[position] = with;
        let _ = to_der(&ber, &LIMITS);
    }
}
