//! Documents that ask an authority for something in the signer's name: for a certificate, or for a revocation.
//!
//! Tanba's own requests bear a content type that no document's signature has. What other programs and authorities take is
//! not known, so a page that has such a thing signed is not told from one that wants to have a key in the person's name:
//! the person has to know what it is. It is recognised by how it begins, through every wrapping that a portal would take
//! off: a reader that is laxer than ours must not find what ours passed over.

use crate::window::KeyAct;
use signature::cms;
use std::borrow::Cow;

/// As many wrappings are taken off.
const DEEPEST: usize = 6;
/// So many octets are looked at of what a base64 begins: a name, a number, a reason.
const LOOKED_AT: usize = 4096;
/// With so many beginnings that are nearly one, nobody goes on looking: the person is asked.
const MOST_NEARLY: usize = 1000;

/// What these octets ask for, in any wrapping.
pub(super) fn find(octets: &[u8]) -> Option<KeyAct> {
    look(octets, DEEPEST)
}

fn look(octets: &[u8], depth: usize) -> Option<KeyAct> {
    if let Some(act) = begins(octets) {
        return Some(act);
    }
    let depth = depth.checked_sub(1)?;
    if octets.first() == Some(&SEQUENCE) {
        let der = cms::decode_any(octets).ok()?;
        return look(cms::attached_content(&der).ok()??, depth);
    }
    let text = single_octets(octets);
    in_base64(&text).or_else(|| {
        // All of it in base64 or hexadecimal, with an armour or without: it may be wrapped once more.
        let inside = unwrapped(&text)?;
        look(&inside, depth)
    })
}

/// A text of two octets to a letter, as one.
fn single_octets(octets: &[u8]) -> Cow<'_, [u8]> {
    match octets.iter().filter(|octet| **octet == 0).count() {
        0 => Cow::Borrowed(octets),
        _ => Cow::Owned(octets.iter().copied().filter(|octet| *octet != 0).collect()),
    }
}

/// What a text that is nothing but base64 or hexadecimal stands for.
fn unwrapped(text: &[u8]) -> Option<Vec<u8>> {
    let plain: Vec<u8> = text
        .split(|octet| *octet == b'\n')
        .filter(|line| !line.starts_with(b"-----"))
        .flatten()
        .copied()
        // A mark of the byte order at the beginning is none of it.
        .filter(|octet| octet.is_ascii() && !octet.is_ascii_whitespace())
        .collect();
    if plain.is_empty() {
        return None;
    }
    if let Ok(octets) = hex::decode(&plain) {
        return Some(octets);
    }
    let values: Option<Vec<u8>> = plain.iter().filter(|octet| **octet != b'=').map(|octet| value(*octet)).collect();
    Some(decode(values?.into_iter()).collect())
}

/// Anywhere in a text, a base64 that begins so.
fn in_base64(text: &[u8]) -> Option<KeyAct> {
    let mut nearly = 0;
    let mut rest = text;
    // A SEQUENCE, 0x30, is an M in base64.
    while let Some(place) = rest.iter().position(|octet| *octet == b'M') {
        let from = rest.get(place..)?;
        rest = from.get(1..)?;
        let few: Vec<u8> = decode(values(from)).take(24).collect();
        if !is_nearly(&few) {
            continue;
        }
        nearly += 1;
        if nearly > MOST_NEARLY {
            return Some(KeyAct::Certificate);
        }
        let more: Vec<u8> = decode(values(from)).take(LOOKED_AT).collect();
        if let Some(act) = begins(&more) {
            return Some(act);
        }
    }
    None
}

/// The base64 letters from here on, over line ends, until something else comes.
fn values(text: &[u8]) -> impl Iterator<Item = u8> + '_ {
    // A line end in JSON is written as \n or \r.
    let mut letters = text.iter().copied().enumerate().filter(move |(place, octet)| {
        let is_escaped = place.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'\\');
        !octet.is_ascii_whitespace() && *octet != b'\\' && !(is_escaped && matches!(octet, b'n' | b'r' | b't'))
    });
    std::iter::from_fn(move || letters.next().and_then(|(_, octet)| value(octet)))
}

fn value(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The octets of base64 letters, as far as they are whole.
fn decode(values: impl Iterator<Item = u8>) -> impl Iterator<Item = u8> {
    let (mut held, mut bits) = (0_u32, 0_u32);
    values.filter_map(move |value| {
        held = (held << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        let octet = bits.checked_sub(8)?;
        bits = octet;
        u8::try_from(held >> bits & 0xff).ok()
    })
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const ENUMERATED: u8 = 0x0a;
/// tcr \[0\] of PKIData.
const REQUEST: u8 = 0xa0;
/// id-cmc-revokeRequest, 1.3.6.1.5.5.7.7.17.
const REVOKE: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x07\x11";

/// What stands behind the tag and the length that are expected here, whatever the length is.
fn enter(octets: &[u8], tag: u8) -> Option<&[u8]> {
    Some(element(octets, tag)?.0)
}

/// The same, with the length; `None` for one that is not known beforehand.
fn element(octets: &[u8], tag: u8) -> Option<(&[u8], Option<usize>)> {
    let [first, length, rest @ ..] = octets else { return None };
    if *first != tag {
        return None;
    }
    match *length {
        short @ 0..=0x7f => Some((rest, Some(usize::from(short)))),
        0x80 => Some((rest, None)),
        long => {
            let (number, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let length =
                number.iter().try_fold(0_usize, |sum, octet| sum.checked_mul(256)?.checked_add((*octet).into()));
            Some((rest, Some(length?)))
        }
    }
}

/// What comes behind an element.
fn skip(octets: &[u8], tag: u8) -> Option<&[u8]> {
    let (inside, length) = element(octets, tag)?;
    inside.get(length?..)
}

/// Two SEQUENCEs, and in them what a request, a name or a message begins with.
fn is_nearly(octets: &[u8]) -> bool {
    let inside = enter(octets, SEQUENCE).and_then(|rest| enter(rest, SEQUENCE));
    inside.is_some_and(|rest| matches!(rest.first(), Some(&INTEGER | &SET | &SEQUENCE)))
}

/// What these octets are the beginning of.
fn begins(octets: &[u8]) -> Option<KeyAct> {
    let whole = enter(octets, SEQUENCE)?;
    if is_request(octets) {
        return Some(KeyAct::Certificate);
    }
    if is_statement(whole) {
        return Some(KeyAct::Revocation);
    }
    message(whole)
}

/// `CertificationRequest`: its information, of version 0, with a name behind that.
fn is_request(octets: &[u8]) -> bool {
    let inside = enter(octets, SEQUENCE).and_then(|whole| enter(whole, SEQUENCE));
    let name = inside.and_then(|inside| inside.strip_prefix(&[INTEGER, 1, 0]));
    name.is_some_and(|name| name.first() == Some(&SEQUENCE))
}

/// `RevokeRequest`: who issued, the number, a reason.
fn is_statement(whole: &[u8]) -> bool {
    let Some((name, _)) = element(whole, SEQUENCE) else { return false };
    let behind = skip(whole, SEQUENCE).and_then(|number| skip(number, INTEGER));
    name.first() == Some(&SET) && behind.is_some_and(|reason| reason.first() == Some(&ENUMERATED))
}

/// `PKIData`: controls, then requests.
fn message(whole: &[u8]) -> Option<KeyAct> {
    let controls = enter(whole, SEQUENCE)?;
    let control = enter(controls, SEQUENCE).and_then(|control| skip(control, INTEGER));
    if control.is_some_and(|control| control.starts_with(REVOKE)) {
        return Some(KeyAct::Revocation);
    }
    let request = enter(enter(skip(whole, SEQUENCE)?, SEQUENCE)?, REQUEST)?;
    is_request(skip(request, INTEGER)?).then_some(KeyAct::Certificate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use keystore::{IssuingKey, NewKey, OsEntropy, Password, PrivateKey, demo};
    use pki::{
        Timestamp,
        request::{Wanted, make, message::Message, revocation::Statement},
        revocation::Reason,
    };
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_unix(1_795_435_200);

    /// A request and a statement, bare and as messages.
    fn acts() -> Vec<(KeyAct, Vec<u8>)> {
        let certificate = demo::make(NOW, &Password::new("x".to_owned()).unwrap()).unwrap().certificate;
        let key = PrivateKey::generate(NewKey::Gost512, &OsEntropy).unwrap();
        let wanted = Wanted::again(&certificate);
        let issuing = IssuingKey::new(&key, &OsEntropy).unwrap();
        let request = make(&wanted, &key.public_key().unwrap(), &issuing).unwrap();
        let statement = Statement::about(&certificate, Reason::KeyCompromise);
        vec![
            (KeyAct::Certificate, request.der().to_vec()),
            (KeyAct::Revocation, statement.to_der()),
            (KeyAct::Certificate, Message::Renewal(request).to_der()),
            (KeyAct::Revocation, Message::Revocation(statement).to_der()),
        ]
    }

    #[test]
    fn a_request_is_known_in_every_wrapping_that_a_portal_takes_off() {
        for (act, der) in acts() {
            let base64 = STANDARD.encode(&der);
            let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
            let armoured = format!("-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END X-----\n", lines.join("\n"));
            for text in [
                base64.clone(),
                base64.replace('+', "-").replace('/', "_"),
                format!("\u{feff}\n {base64}\n"),
                armoured.clone(),
                format!("<request><pkcs10>{base64}</pkcs10></request>"),
                format!("{{\"csr\":\"{}\"}}", lines.join("\\r\\n")),
                format!("My dear NCA, {base64} is what I want"),
                STANDARD.encode(&base64),
                STANDARD.encode(&armoured),
                hex::encode(&der),
            ] {
                assert_eq!(find(text.as_bytes()), Some(act), "{text}");
            }
            let wide: Vec<u8> = base64.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(find(&wide), Some(act));
            assert_eq!(find(&der), Some(act));
            assert_eq!(find(&[&der[..], b"\0\0"].concat()), Some(act), "whatever comes behind");
        }
    }

    #[test]
    fn what_asks_an_authority_for_nothing_is_a_document() {
        let certificate = demo::make(NOW, &Password::new("x".to_owned()).unwrap()).unwrap().certificate;
        for document in [
            certificate.der().to_vec(),
            certificate.to_pem().into_bytes(),
            certificate.subject().der().to_vec(),
            format!("<a>{}</a>", STANDARD.encode(certificate.der())).into_bytes(),
            "Мен, МММММ, MMMMMMMMMMMMMMMM MIIMIIMII сұраймын".as_bytes().to_vec(),
            b"MII".to_vec(),
            b"\x30\x80".to_vec(),
            Vec::new(),
        ] {
            assert_eq!(find(&document), None, "{document:02x?}");
        }
    }

    proptest! {
        #[test]
        fn no_octets_panic(octets in prop::collection::vec(any::<u8>(), 0..200), text in "M[IA-H]{1,3}[A-Za-z0-9+/\\\\n ]{0,60}") {
            let _ = find(&octets);
            let _ = find(text.as_bytes());
            let _ = find(&[&[0x30, 0x20, 0x30], &octets[..]].concat());
        }
    }
}
