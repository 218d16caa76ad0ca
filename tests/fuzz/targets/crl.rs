//! Revocation lists: what a list says about a certificate, a seed has said.
#![no_main]

use std::sync::LazyLock;

use fuzz::{Known, proofs};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pki::crl::Crl;

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("crl", proofs::crl));

fuzz_target!(|data: &[u8]| {
    match Crl::from_der(data) {
        Ok(crl) => {
            KNOWN.assert_all(&proofs::crl(data));
            let _ = (crl.issuer().to_string(), crl.number(), crl.base(), crl.this_update(), crl.next_update());
        }
        Err(error) => drop(error.to_string()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
