//! PKCS#12: a whole file, or, after a zero, what stands behind a MAC that is right.
#![no_main]

use fuzz::{sealed, world::password};
use keystore::{Contents, Format, PrivateKey, inspect, open};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fn check(contents: &Contents) {
    let _ = format!("{contents:?}");
    for entry in &contents.entries {
        let der = entry.key.to_pkcs8();
        let again = PrivateKey::from_pkcs8(&der).expect("what was written is read");
        assert_eq!(*again.to_pkcs8(), *der, "written another key");
        assert_eq!(again.public_key(), entry.key.public_key());
        if let Some(certificate) = &entry.certificate {
            // Of a key of an unknown kind no public key is known; the file's word has to do.
            assert!(
                entry.key.public_key().is_none() || entry.key.belongs_to(certificate),
                "a certificate of another key"
            );
            assert!(!contents.certificates.contains(certificate), "a certificate twice");
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let file = match data {
        [0, safe @ ..] => sealed::pkcs12(safe),
        _ => data.to_vec(),
    };
    match open(&file, &password()) {
        Ok(contents) => {
            assert_eq!(Format::of(&file), Ok(Format::Pkcs12));
            assert_eq!(inspect(&file), Ok(()), "opened, and yet not a key file");
            check(&contents);
        }
        Err(error) => drop(error.to_string()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    match data[..max_size].split_first_mut() {
        Some((0, safe)) if size > 1 => 1 + fuzz::tree::mutate(safe, size - 1, seed, fuzzer_mutate),
        _ => fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate),
    }
});
