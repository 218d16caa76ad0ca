//! Certificates: kept as they came, read as another reader does, believed only when an authority issued them.
#![no_main]

use std::sync::LazyLock;

use der::{Decode, Encode};
use fuzz::{Known, now, proofs};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use pki::{Certificate, PublicKey};

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of("certificate", proofs::certificate));

fuzz_target!(|data: &[u8]| {
    let Ok(certificate) = Certificate::from_pem_or_der(data) else {
        assert!(Certificate::from_der(data).is_err());
        return;
    };
    KNOWN.assert_all(&proofs::certificate(data));
    let der = certificate.der();
    assert_eq!(Certificate::from_der(der).as_ref(), Ok(&certificate));
    assert_eq!(Certificate::from_pem_or_der(certificate.to_pem().as_bytes()).as_ref(), Ok(&certificate));
    if data.first() == Some(&0x30) {
        assert_eq!(der, data);
    }
    assert!(certificate.subject().der().len() < der.len());
    let _ = (certificate.holder(), certificate.validity_at(now()), certificate.key_usage(), certificate.key_storage());
    let _ = (certificate.subject().to_string(), certificate.serial().to_decimal(), format!("{certificate:?}"));
    let key = PublicKey::from_spki_der(certificate.spki_der());
    assert_eq!(key.as_ref(), Ok(certificate.public_key()));
    if let Some(spki) = certificate.public_key().to_spki_der() {
        assert_eq!(PublicKey::from_spki_der(&spki).as_ref(), Ok(certificate.public_key()), "written another key");
    }
    // Another reader is stricter in some places and more lenient in others, and sorts what DER wants sorted; where it
    // reads and would write the same octets, it has read the same.
    if let Ok(other) = x509_cert::Certificate::from_der(der)
        && other.to_der().as_deref() == Ok(der)
    {
        let tbs = other.tbs_certificate();
        assert_eq!(tbs.serial_number().as_bytes(), certificate.serial().bytes());
        assert_eq!(tbs.subject().to_der().as_deref(), Ok(certificate.subject().der()));
        assert_eq!(tbs.issuer().to_der().as_deref(), Ok(certificate.issuer().der()));
        assert_eq!(tbs.subject_public_key_info().to_der().as_deref(), Ok(certificate.spki_der()));
        let seconds = tbs.validity().not_after.to_unix_duration().as_secs();
        assert_eq!(i64::try_from(seconds), Ok(certificate.not_after().as_unix()));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    fuzz::tree::mutate(&mut data[..max_size], size, seed, fuzzer_mutate)
});
