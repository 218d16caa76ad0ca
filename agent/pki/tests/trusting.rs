//! Paths: what is believed, what is not, and what it costs.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Key, authority, day, employee, root};
use pki::BareSigner as _;
use pki::issue::{Issuer, Template, Urls, issue};
use pki::trust::{Anchors, ChainError, Environment, Standing, find_path, judge};
use pki::{Certificate, Validity, VerifyError, oid, tlv};

fn anchors(certificate: &Certificate) -> Anchors {
    let mut anchors = Anchors::production().with_nca_test();
    anchors.add_test(certificate);
    anchors
}

#[test]
fn a_path_leads_over_the_issuing_authority_to_the_anchor() {
    let keys = [Key::new(1), Key::new(2), Key::new(3)];
    let root = root(&keys[0]);
    let issuing = authority("ISSUING", &root, &keys[0], &keys[1]);
    let leaf = employee(&issuing, &keys[1], &keys[2]);
    let anchors = anchors(&root);
    let intermediates = [leaf.clone(), issuing.clone()];
    assert!(matches!(judge(&leaf, &intermediates, &anchors), Standing::Test(anchor) if anchor.label() == "ROOT"));
    let path = find_path(&leaf, &intermediates, &anchors).unwrap();
    assert_eq!(path.certificates, [&leaf, &issuing]);
    assert_eq!(path.validity_at(day(100)), Validity::Current);
    assert_eq!(path.validity_at(day(400)), Validity::Expired);
    assert_eq!(path.validity_at(day(-1)), Validity::NotYet);
    // Who may speak of the revocation of each of them.
    assert_eq!(path.issuer().name(), issuing.subject());
    let links: Vec<_> = path.links().map(|(certificate, issuer)| (certificate, issuer.name())).collect();
    assert_eq!(links, [(&leaf, issuing.subject()), (&issuing, root.subject())]);
    assert!(path.links().all(|(certificate, issuer)| certificate.verify_signature(issuer.public_key()).is_ok()));
    // Without the intermediate nothing is known.
    assert_eq!(judge(&leaf, &[], &anchors), Standing::Unknown);
    assert!(matches!(find_path(&leaf, &[], &anchors), Err(ChainError::UnknownIssuer { .. })));
}

#[test]
fn the_environment_is_that_of_the_anchor() {
    let (root_key, key) = (Key::new(1), Key::new(2));
    let root = root(&root_key);
    let leaf = employee(&root, &root_key, &key);
    let mut anchors = Anchors::none();
    anchors.add(&root, Environment::Test);
    assert!(matches!(judge(&leaf, &[], &anchors), Standing::Test(_)));
    // The same authority believed in both environments counts as a production one.
    anchors.add(&root, Environment::Production);
    assert!(matches!(judge(&leaf, &[], &anchors), Standing::Production(_)));
    assert_eq!(judge(&leaf, &[], &Anchors::production()), Standing::Unknown);
}

#[test]
fn an_authority_of_the_same_name_with_another_key_is_not_believed() {
    let real = root(&Key::new(1));
    let forger = Key::new(66);
    let template = Template::root(common::authority_name("ROOT"), day(0), day(3650), Urls::default());
    let forged = issue(&template, Issuer::Itself(&forger), &forger.public()).unwrap();
    let leaf = employee(&forged, &forger, &Key::new(2));
    let anchors = anchors(&real);
    let intermediates = [forged];
    assert_eq!(judge(&leaf, &intermediates, &anchors), Standing::Unknown);
    // Even when it claims the real one's key identifier, the signature decides.
    let mut der = leaf.der().to_vec();
    let theirs = forger.public().key_identifier().unwrap();
    let place = der.windows(20).position(|window| window == theirs).unwrap();
    der[place..place + 20].copy_from_slice(real.subject_key_identifier().unwrap());
    let leaf = Certificate::from_der(&der).unwrap();
    let error = find_path(&leaf, &[], &anchors).unwrap_err();
    assert!(matches!(error, ChainError::Signature { error: VerifyError::Mismatch, .. }), "{error}");
}

#[test]
fn a_leaf_is_no_authority() {
    let keys = [Key::new(1), Key::new(2), Key::new(3)];
    let root = root(&keys[0]);
    let leaf = employee(&root, &keys[0], &keys[1]);
    let below = employee(&leaf, &keys[1], &keys[2]);
    let anchors = anchors(&root);
    let intermediates = [leaf];
    assert!(matches!(find_path(&below, &intermediates, &anchors), Err(ChainError::NotAuthority { .. })));
}

#[test]
fn a_path_has_eight_certificates_at_most() {
    let root_key = Key::new(100);
    let root = root(&root_key);
    let anchors = anchors(&root);
    let mut chain = vec![authority("CA1", &root, &root_key, &Key::new(1))];
    for number in 2..=8_u8 {
        let above = chain.last().unwrap();
        chain.push(authority(&format!("CA{number}"), above, &Key::new(number - 1), &Key::new(number)));
    }
    let seventh = employee(&chain[6], &Key::new(7), &Key::new(50));
    assert_eq!(find_path(&seventh, &chain, &anchors).unwrap().certificates.len(), 8);
    let eighth = employee(&chain[7], &Key::new(8), &Key::new(50));
    assert_eq!(find_path(&eighth, &chain, &anchors).unwrap_err(), ChainError::TooLong);
}

#[test]
fn a_crowd_of_authorities_of_one_name_costs_a_bounded_number_of_signatures() {
    // Authorities that issue one another, all of one name: without a budget the search would be exponential.
    let keys: Vec<Key> = (1..=12).map(Key::new).collect();
    let name = || Template::authority(common::authority_name("CROWD"), day(0), day(3000), Urls::default());
    let template = Template::root(common::authority_name("CROWD"), day(0), day(3650), Urls::default());
    let seed = issue(&template, Issuer::Itself(&keys[0]), &keys[0].public()).unwrap();
    let mut crowd = Vec::new();
    for key in &keys {
        for days in 0..4 {
            let template = Template { not_after: day(days + 10), ..name() };
            let issuer = Issuer::Authority { certificate: &seed, signer: &keys[0] };
            crowd.push(issue(&template, issuer, &key.public()).unwrap());
        }
    }
    let leaf = employee(&seed, &keys[0], &Key::new(99));
    let started = std::time::Instant::now();
    assert_eq!(judge(&leaf, &crowd, &Anchors::production().with_nca_test()), Standing::Unknown);
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn a_certificate_that_has_the_anchors_name_and_key_still_needs_its_signature() {
    let root_key = Key::new(1);
    let root = root(&root_key);
    let anchors = anchors(&root);
    assert!(matches!(judge(&root, &[], &anchors), Standing::Test(_)));
    let mut der = root.der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    let spoiled = Certificate::from_der(&der).unwrap();
    assert_eq!(judge(&spoiled, &[], &anchors), Standing::Unknown);
}

/// The authority with this content of basicConstraints after `cA TRUE`, and this keyUsage instead of the profile's.
fn limited(authority: &Certificate, key: &Key, path_len: Option<u8>, key_usage: u8) -> Certificate {
    let replace = |der: Vec<u8>, from: &[u8], to: &[u8]| {
        let place = der.windows(from.len()).position(|window| window == from).unwrap();
        [&der[..place], to, &der[place + from.len()..]].concat()
    };
    let tbs = tlv::whole(authority.tbs(), tlv::SEQUENCE).unwrap();
    let mut fields = tbs.children();
    let mut parts: Vec<Vec<u8>> = Vec::new();
    while !fields.is_empty() {
        parts.push(fields.read().unwrap().raw().to_vec());
    }
    let tagged = parts.pop().unwrap();
    let list = tlv::whole(&tagged, tlv::context(3)).unwrap().children().read().unwrap().value().to_vec();
    let extension = |oid: &pki::ObjectIdentifier, value: &[u8]| {
        let value = tlv::element(tlv::OCTET_STRING, &[value]);
        tlv::element(tlv::SEQUENCE, &[&tlv::oid(oid), &[tlv::BOOLEAN, 1, 0xff], &value])
    };
    let constraints = |path_len: Option<u8>| {
        let length = path_len.map(|length| vec![tlv::INTEGER, 1, length]).unwrap_or_default();
        extension(&oid::BASIC_CONSTRAINTS, &tlv::element(tlv::SEQUENCE, &[&[tlv::BOOLEAN, 1, 0xff], &length]))
    };
    let usage = |bits: u8| extension(&oid::KEY_USAGE, &[tlv::BIT_STRING, 2, 1, bits]);
    let list = replace(list, &constraints(None), &constraints(path_len));
    let list = replace(list, &usage(0x06), &usage(key_usage));
    parts.push(tlv::element(tlv::context(3), &[&tlv::element(tlv::SEQUENCE, &[&list])]));
    let tbs = tlv::element(tlv::SEQUENCE, &[&parts.concat()]);
    let signature = key.sign_digest(&pki::DigestAlgorithm::Streebog512.digest(&tbs)).unwrap();
    let signature = tlv::element(tlv::BIT_STRING, &[&[0], &signature]);
    let der = tlv::element(tlv::SEQUENCE, &[&tbs, &key.algorithm().to_der(), &signature]);
    Certificate::from_der(&der).unwrap()
}

#[test]
fn an_anchor_may_do_no_more_than_its_certificate_says() {
    let keys = [Key::new(1), Key::new(2), Key::new(3)];
    let root = root(&keys[0]);
    let issuing = authority("ISSUING", &root, &keys[0], &keys[1]);
    let (above, leaf) = (employee(&root, &keys[0], &keys[2]), employee(&issuing, &keys[1], &keys[2]));
    let intermediates = [issuing];
    let found = |path_len, key_usage| {
        let anchors = anchors(&limited(&root, &keys[0], path_len, key_usage));
        [&above, &leaf].map(|certificate| find_path(certificate, &intermediates, &anchors).map(|_| ()))
    };
    let refused = || Err(ChainError::NotAuthority { issuer: root.subject().to_dn_string() });
    const CERTIFICATES_AND_LISTS: u8 = 0x06;
    const LISTS: u8 = 0x02;
    assert_eq!(found(None, CERTIFICATES_AND_LISTS), [Ok(()), Ok(())]);
    assert_eq!(found(Some(1), CERTIFICATES_AND_LISTS), [Ok(()), Ok(())]);
    // No authority below it.
    assert_eq!(found(Some(0), CERTIFICATES_AND_LISTS), [Ok(()), refused()]);
    assert_eq!(found(None, LISTS), [refused(), refused()]);
}

#[test]
fn every_certificate_below_the_anchor_is_a_question_and_the_anchors_own_is_none() {
    let keys = [Key::new(1), Key::new(2), Key::new(3)];
    let root = root(&keys[0]);
    let issuing = authority("ISSUING", &root, &keys[0], &keys[1]);
    let leaf = employee(&issuing, &keys[1], &keys[2]);
    let anchors = anchors(&root);
    let intermediates = [issuing.clone(), root.clone()];
    let asked = |certificate| {
        let path = find_path(certificate, &intermediates, &anchors).unwrap();
        let names = |(certificate, issuer): (&Certificate, pki::trust::Authority<'_>)| {
            let key = issuer.public_key();
            assert!(certificate.verify_signature(key).is_ok() && certificate.issuer() == issuer.name());
            (certificate.subject().clone(), issuer.name().clone())
        };
        path.links().map(names).collect::<Vec<_>>()
    };
    let top = (issuing.subject().clone(), root.subject().clone());
    assert_eq!(asked(&leaf), [(leaf.subject().clone(), issuing.subject().clone()), top.clone()]);
    assert_eq!(asked(&issuing), [top]);
    assert_eq!(asked(&root), []);
    // The issuing authority may be the anchor itself; nothing above it is asked about.
    let mut own = Anchors::none();
    own.add_test(&issuing);
    let path = find_path(&leaf, &intermediates, &own).unwrap();
    assert_eq!(path.links().count(), 1);
}
