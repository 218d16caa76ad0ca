//! OCSP: what a response says about a certificate, a seed has said.
#![no_main]

use std::sync::LazyLock;

use fuzz::{Known, proofs};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pki::ocsp::{Request, Response};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("ocsp", proofs::ocsp));

fuzz_target!(|data: &[u8]| {
    KNOWN.assert_all(&proofs::ocsp(data));
    if let Ok(request) = Request::from_der(data) {
        assert_eq!(Request::from_der(&request.to_der()).as_ref(), Ok(&request), "written another request");
    }
    match Response::from_der(data) {
        Ok(response) => {
            assert_eq!(response.der(), data);
            let _ = response.produced_at();
        }
        Err(error) => drop(error.to_string()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
