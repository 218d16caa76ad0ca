//! BER to DER: what comes out is DER, means the same, and stays as it is.
#![no_main]

use der::{Decode, Encode};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pki::ber::{Limits, to_der, whole_element};
use pki::tlv::Reader;

/// Whether every element within is DER as far as the strict reader can tell.
fn is_der(bytes: &[u8]) -> bool {
    let mut elements = Reader::new(bytes);
    while !elements.is_empty() {
        let Ok(element) = elements.read() else { return false };
        let constructed = element.tag() & 0x20 != 0;
        if element.tag() == 0x24 || constructed && !is_der(element.value()) {
            return false;
        }
    }
    true
}

/// The content of primitive elements, one after the other: nothing of it is lost or made up.
fn content(der: &[u8], out: &mut Vec<u8>) {
    let mut elements = Reader::new(der);
    while let Ok(element) = elements.read() {
        match element.tag() & 0x20 {
            0 => out.extend(element.value()),
            _ => content(element.value(), out),
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let limits = &Limits::KEY_FILE;
    let Ok(der) = to_der(data, limits) else {
        if let Ok((element, rest)) = whole_element(data, limits) {
            assert!(!rest.is_empty(), "whole, and yet not normalised");
            assert!(to_der(element, limits).is_ok());
        }
        return;
    };
    assert_eq!(whole_element(data, limits), Ok((data, &[][..])));
    assert_eq!(to_der(&der, limits).as_deref(), Ok(&der[..]), "not stable");
    assert!(der.len() <= data.len(), "grew");
    assert!(is_der(&der), "not DER: {der:02x?}");
    match der::Any::from_der(&der).and_then(|any| any.to_der()) {
        Ok(other) => assert_eq!(other, der, "another reader sees something else"),
        // It does not know every tag.
        Err(error) => assert!(matches!(error.kind(), der::ErrorKind::TagUnknown { .. }), "no DER for others: {error}"),
    }
    if is_der(data) {
        assert_eq!(data, der, "DER was changed");
    }
    let mut octets = Vec::new();
    content(&der, &mut octets);
    let mut left = data.iter();
    assert!(octets.iter().all(|octet| left.any(|given| given == octet)), "content that was not there");
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
