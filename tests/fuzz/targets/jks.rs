//! Java's key stores, each with the digest that it should have.
#![no_main]

use fuzz::{sealed, world::password};
use keystore::{Password, PrivateKey, jks};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let store = [data, &sealed::jks_digest(data)].concat();
    match jks::open(&store, &password()) {
        Ok(contents) => {
            assert_eq!(jks::inspect(&store), Ok(()), "opened, and yet not a key store");
            assert!(jks::open(&store, &Password::new("other".into()).unwrap()).is_err(), "opened by another password");
            let _ = format!("{contents:?}");
            for entry in &contents.entries {
                let der = entry.key.to_pkcs8();
                let again = PrivateKey::from_pkcs8(&der).expect("what was written is read");
                assert_eq!(*again.to_pkcs8(), *der, "written another key");
                if let Some(certificate) = &entry.certificate {
                    // Of a key of an unknown kind no public key is known; the store's word has to do.
                    assert!(
                        entry.key.public_key().is_none() || entry.key.belongs_to(certificate),
                        "a certificate of another key"
                    );
                }
            }
        }
        Err(error) => drop(error.to_string()),
    }
    let _ = jks::open(data, &password());
});
