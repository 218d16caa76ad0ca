//! Time stamps: requests and responses; a good stamp is one of the seeds'.
#![no_main]

use std::sync::LazyLock;

use fuzz::world::{DOCUMENT, NONCE};
use fuzz::{Known, proofs};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pki::tsp::{Policy, Request, Response, Token};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("tsp", proofs::stamp));

fuzz_target!(|data: &[u8]| {
    KNOWN.assert_all(&proofs::stamp(data));
    if let Ok(request) = Request::from_der(data) {
        let der = request.to_der();
        assert_eq!(Request::from_der(&der).as_ref(), Ok(&request), "written another request");
    }
    if let Ok(token) = Token::from_der(data) {
        assert_eq!(token.der(), data);
    }
    if let Ok(response) = Response::from_der(data) {
        let _ = format!("{response:?} {}", response.status());
        if let Err(error) = response.into_token() {
            let _ = error.to_string();
        }
    }
    let request = Request::for_data(Policy::Gost512, DOCUMENT, NONCE);
    if let Ok((token, stamp)) = request.accept(data, DOCUMENT) {
        assert_eq!(stamp.nonce.as_deref(), request.nonce());
        assert!(request.is_answered_by(&token).is_ok());
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
