//! The modern layout, written and read. Other programs read it in `tests/modern_files.rs`.

use std::time::{Duration, Instant};

use pki::Certificate;
use proptest::prelude::*;

use super::{test_files::*, *};
use crate::{Password, PrivateKey};

fn few() -> Iterations {
    Iterations::new(3).unwrap()
}

fn written(key: &PrivateKey, own: Option<&Certificate>, chain: &[Certificate], text: &str) -> Vec<u8> {
    let bundle = Bundle { key, certificate: own, chain };
    write_modern(&bundle, &password(text), few(), &Counting::from(7)).unwrap().to_vec()
}

#[test]
fn the_recommended_count_is_the_default_and_the_most_still_opens() {
    assert_eq!((Iterations::default().get(), Iterations::RECOMMENDED.get()), (600_000, 600_000));
    assert_eq!((Iterations::new(0), Iterations::new(Iterations::MOST.get() + 1)), (None, None));
    let (own, certificate) = key(1);
    let bundle = Bundle { key: &own, certificate: Some(&certificate), chain: &[] };
    let made = write_modern(&bundle, &password("Құпия"), Iterations::MOST, &Counting::from(1)).unwrap();
    let begun = Instant::now();
    assert_eq!(open(&made, &password("Құпия")).unwrap().entries.len(), 1);
    // Half a second on a machine that has nothing else to do.
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn no_salt_and_no_initial_value_comes_twice() {
    let (own, certificate) = key(1);
    let find = |file: &[u8], salt: &[u8]| file.windows(salt.len()).filter(|octets| *octets == salt).count();
    let made = written(&own, Some(&certificate), &[], "x");
    let entropy = Counting::from(7);
    // Two salts, two initial values, and the salt of the MAC.
    for _ in 0..5 {
        let mut drawn = [0; 16];
        crate::Entropy::fill(&entropy, &mut drawn).unwrap();
        assert_eq!(find(&made, &drawn), 1);
    }
}

#[test]
fn a_key_alone_is_written_and_the_certificate_of_another_refused() {
    let ((own, _), (_, stranger)) = (key(1), key(2));
    let contents = open(&written(&own, None, &[], "x"), &password("x")).unwrap();
    assert!(contents.entries[0].certificate.is_none() && contents.certificates.is_empty());
    let bundle = Bundle { key: &own, certificate: Some(&stranger), chain: &[] };
    let refused = write_modern(&bundle, &password("x"), few(), &Counting::from(1)).err();
    assert_eq!(refused, Some(WriteError::KeyDoesNotMatchCertificate));
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        number in 1_u64..4,
        with_certificate in any::<bool>(),
        chain in proptest::collection::btree_set(10_u64..14, 0..4),
        text in "\\PC{0,40}",
        wrong in "\\PC{0,40}",
        rounds in 1_u32..50,
    ) {
        let (own, certificate) = key(number);
        let chain: Vec<Certificate> = chain.into_iter().map(|number| key(number).1).collect();
        let bundle = Bundle { key: &own, certificate: with_certificate.then_some(&certificate), chain: &chain };
        let closing = Password::new(text.clone()).unwrap();
        let iterations = Iterations::new(rounds).unwrap();
        let made = write_modern(&bundle, &closing, iterations, &Counting::from(u64::from(rounds))).unwrap();

        prop_assert!(looks_like_pkcs12(&made));
        inspect(&made).unwrap();
        let contents = open(&made, &closing).unwrap();
        prop_assert_eq!(contents.entries.len(), 1);
        let entry = &contents.entries[0];
        prop_assert_eq!(&*entry.key.to_pkcs8(), &*own.to_pkcs8());
        prop_assert_eq!(entry.certificate.as_ref(), with_certificate.then_some(&certificate));
        prop_assert_eq!(&contents.certificates, &chain);
        prop_assert!(contents.skipped.is_empty());
        if wrong != text {
            prop_assert_eq!(open(&made, &Password::new(wrong).unwrap()).unwrap_err(), OpenError::WrongPassword);
        }
    }

    #[test]
    fn the_ncas_layout_reads_back(number in 1_u64..4, text in "\\PC{0,40}") {
        let (own, certificate) = key(number);
        let closing = Password::new(text).unwrap();
        let made = write_nca(&own, &certificate, &closing, &Counting::from(number)).unwrap();
        let contents = open(&made, &closing).unwrap();
        prop_assert_eq!(&*contents.entries[0].key.to_pkcs8(), &*own.to_pkcs8());
        prop_assert_eq!(contents.entries[0].certificate.as_ref(), Some(&certificate));
    }
}
