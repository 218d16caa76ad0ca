//! The NCA's own material and vectors over its test keys, which are not part of this project.

use std::string::String;
use std::vec::Vec;

use nca_material::fixture;
use num_bigint::BigUint;
use serde_json::Value;

use super::reference::Reference;
use super::signatures::array;
use crate::curve::{ByteArray, Curve};
use crate::equation::{CryptoProA, Tc26Gost512A};
use crate::hash;
use crate::key::{PublicKey, SecretKey};

/// A text file of the NCA's material.
fn text(name: &str) -> Option<String> {
    fixture(name).map(|bytes| String::from_utf8(bytes).unwrap())
}

fn bytes(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    hex::decode(digits).unwrap()
}

/// A number that the file has in big-endian hexadecimal, without leading zeros.
fn number<A: ByteArray>(value: &str) -> A {
    let mut number = BigUint::parse_bytes(value.as_bytes(), 16).unwrap().to_bytes_le();
    number.resize(A::ZERO.as_ref().len(), 0);
    array(&number)
}

fn check_vector<C: Curve<N>, const N: usize>(vector: &Value, hash: impl Fn(&[u8]) -> C::Bytes) {
    let digest = hash(&bytes(&vector["msg_hex"]));
    assert_eq!(digest.as_ref(), bytes(&vector["hash_hex"]));
    let number = |name: &str| number::<C::Bytes>(vector[name].as_str().unwrap());
    let key = SecretKey::<C, N>::from_le_bytes(&number("d_hex")).unwrap();
    let coordinates = [number("qx_hex"), number("qy_hex")];
    let public = array::<C::Pair>(&coordinates.map(|c| c.as_ref().to_vec()).concat());
    assert_eq!(key.public_key().to_le_bytes().as_ref(), public.as_ref());
    assert!(bytes(&vector["spki_hex"]).ends_with(public.as_ref()));
    let nonce = SecretKey::from_le_bytes(&number("k_hex")).unwrap();
    let signature = key.sign_with(&digest, &nonce).unwrap();
    assert_eq!(signature.as_ref(), bytes(&vector["signature_kz_hex"]));
    let (r, s) = signature.as_ref().split_at(8 * N);
    assert_eq!((r, s), (number("r_hex").as_ref(), number("s_hex").as_ref()));
    let public = PublicKey::<C, N>::from_le_bytes(&public).unwrap();
    assert_eq!(public.verify_digest(&digest, &signature), Ok(()));
}

#[test]
fn signatures_with_the_ncas_test_keys_are_reproduced() {
    let Some(text) = text("gost-vectors.json") else {
        return;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 8);
    for vector in vectors {
        match vector["curve"].as_str().unwrap() {
            "tc26-512-A" => check_vector::<Tc26Gost512A, 8>(vector, hash::streebog512),
            "CryptoPro-A" => check_vector::<CryptoProA, 4>(vector, hash::gost34311),
            other => panic!("a vector of the curve {other}"),
        }
    }
}

#[test]
fn the_curves_are_those_that_the_ncas_were_found_to_be() {
    let Some(text) = text("gost-vectors.json") else {
        return;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    for (name, curve) in [
        ("tc26-512-A", Reference::gost512()),
        ("CryptoPro-A", Reference::gost2004()),
        ("tc26-256-A", Reference::gost256()),
    ] {
        let value = |field: &str| BigUint::parse_bytes(file["curves"][name][field].as_str().unwrap().as_bytes(), 16);
        let (x, y) = curve.g.unwrap();
        let ours = [curve.p, curve.a, curve.b, curve.q, x, y].map(Some);
        assert_eq!(["p", "a", "b", "q", "gx", "gy"].map(value), ours, "{name}");
        assert_eq!(file["curves"][name]["cofactor"], curve.cofactor);
    }
}

#[test]
fn digests_of_the_ncas_hashes_are_reproduced() {
    let Some(text) = text("gost-vectors.json") else {
        return;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let digests = file["hash"].as_array().unwrap();
    assert_eq!(digests.len(), 21);
    for vector in digests {
        let message = bytes(&vector["msg_hex"]);
        let digest = match vector["alg"].as_str().unwrap() {
            name if name.starts_with("gost34311") => hash::gost34311(&message).to_vec(),
            name if name.contains("256") => hash::streebog256(&message).to_vec(),
            name if name.contains("512") => hash::streebog512(&message).to_vec(),
            other => panic!("a digest by {other}"),
        };
        assert_eq!(digest, bytes(&vector["digest_hex"]));
    }
}

#[test]
fn a_signature_by_kalkan_verifies_with_the_key_it_names() {
    let Some(text) = text("gost512-kalkan.vectors") else {
        return;
    };
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap()
    };
    let number = |name: &str| number::<[u8; 64]>(value(name));
    let digest = hash::streebog512(value("msg").as_bytes());
    assert_eq!(hex::encode(digest), value("digest"));
    let key = crate::gost512::SecretKey::from_le_bytes(&number("d")).unwrap();
    let public = array::<[u8; 128]>(&[number("qx"), number("qy")].concat());
    let public = crate::gost512::PublicKey::from_le_bytes(&public).unwrap();
    assert_eq!(key.public_key(), public);
    let signature = array(&hex::decode(value("sig")).unwrap());
    assert_eq!(public.verify_digest(&digest, &signature), Ok(()));

    // The certificate of that key is signed by itself.
    let digest = hash::streebog512(&hex::decode(value("cert_tbs")).unwrap());
    let signature = array(&hex::decode(value("cert_sig")).unwrap());
    assert_eq!(public.verify_digest(&digest, &signature), Ok(()));
}
