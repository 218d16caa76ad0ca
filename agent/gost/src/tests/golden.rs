use std::string::{String, ToString};
use std::vec::Vec;

use super::signatures::array;
use crate::curve::Curve;
use crate::equation::{CryptoProA, Tc26Gost256A, Tc26Gost512A};
use crate::hash;
use crate::key::{PublicKey, SecretKey};

/// `name = hexadecimal` lines in paragraphs; `#` begins a comment.
struct Paragraph(Vec<(String, Vec<u8>)>);

impl Paragraph {
    fn all(text: &str) -> Vec<Self> {
        let lines = |paragraph: &str| {
            paragraph
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once('='))
                .map(|(name, value)| (name.trim().to_string(), hex::decode(value.trim()).unwrap()))
                .collect::<Vec<_>>()
        };
        let paragraphs = text.split("\n\n").map(|p| Self(lines(p)));
        paragraphs.filter(|p| !p.0.is_empty()).collect()
    }

    fn get(&self, name: &str) -> &[u8] {
        &self.0.iter().find(|(n, _)| n == name).unwrap().1
    }
}

fn check_signatures<C: Curve<N>, const N: usize>(text: &str, hash: impl Fn(&[u8]) -> C::Bytes) {
    let vectors = Paragraph::all(text);
    assert_eq!(vectors.len(), 6);
    for vector in vectors {
        let digest = hash(vector.get("message"));
        assert_eq!(digest.as_ref(), vector.get("digest"));
        let key = SecretKey::<C, N>::from_le_bytes(&array(vector.get("d"))).unwrap();
        let public = PublicKey::from_le_bytes(&array(vector.get("public"))).unwrap();
        assert_eq!(key.public_key(), public);
        let nonce = SecretKey::from_le_bytes(&array(vector.get("k"))).unwrap();
        let signature = key.sign_with(&digest, &nonce).unwrap();
        assert_eq!(signature.as_ref(), vector.get("signature"));
        assert_eq!(public.verify_digest(&digest, &signature), Ok(()));
        let hedged = key.sign_digest(&digest, &vector.get("entropy").try_into().unwrap());
        assert_eq!(hedged.as_ref(), vector.get("hedged"));
        assert_eq!(public.verify_digest(&digest, &hedged), Ok(()));
    }
}

#[test]
fn signatures_of_an_independent_implementation_are_reproduced() {
    check_signatures::<Tc26Gost512A, 8>(include_str!("gost512.golden"), hash::streebog512);
    check_signatures::<CryptoProA, 4>(include_str!("gost2004.golden"), hash::gost34311);
    check_signatures::<Tc26Gost256A, 4>(include_str!("gost256.golden"), hash::streebog256);
}

#[test]
fn digests_of_independent_implementations_are_reproduced() {
    let vectors = Paragraph::all(include_str!("hash.golden"));
    assert_eq!(vectors.len(), 11);
    for vector in vectors {
        let message = vector.get("message");
        assert_eq!(hash::streebog512(message), vector.get("streebog512"));
        assert_eq!(hash::streebog256(message), vector.get("streebog256"));
        assert_eq!(hash::gost34311(message), vector.get("gost34311"));
    }
}
