//! Algorithm URIs (kz-crypto 1 and 14.1; RFC 4051).

use pki::{DigestAlgorithm, ObjectIdentifier, SignatureAlgorithm};

/// Transform: the signature itself is left out.
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// GOST R 34.10-2015 with 256 bit. In the registry, never met in data (kz-crypto 5.1).
const GOST256_SIGNATURE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.398.3.10.1.1.2.3.1");

/// The first URI of an algorithm is the one that is written.
const DIGESTS: [(&str, DigestAlgorithm); 8] = [
    ("urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-512", DigestAlgorithm::Streebog512),
    // In third-party code only.
    ("urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-256", DigestAlgorithm::Streebog256),
    ("http://www.w3.org/2001/04/xmldsig-more#gost34311", DigestAlgorithm::Gost34311),
    ("http://www.w3.org/2001/04/xmlenc#sha256", DigestAlgorithm::Sha256),
    ("http://www.w3.org/2001/04/xmldsig-more#sha384", DigestAlgorithm::Sha384),
    ("http://www.w3.org/2001/04/xmlenc#sha512", DigestAlgorithm::Sha512),
    ("http://www.w3.org/2000/09/xmldsig#sha1", DigestAlgorithm::Sha1),
    // What the NCA's library wrote for old RSA keys.
    ("http://www.w3.org/2001/04/xmldsig-more#sha1", DigestAlgorithm::Sha1),
];

const SIGNATURES: [(&str, SignatureAlgorithm); 11] = [
    ("urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512", SignatureAlgorithm::Gost512),
    // In third-party code only.
    (
        "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-256",
        SignatureAlgorithm::Other(GOST256_SIGNATURE),
    ),
    ("http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311", SignatureAlgorithm::Gost2004),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", SignatureAlgorithm::RsaSha256),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", SignatureAlgorithm::RsaSha384),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", SignatureAlgorithm::RsaSha512),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", SignatureAlgorithm::EcdsaSha256),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", SignatureAlgorithm::EcdsaSha384),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", SignatureAlgorithm::EcdsaSha512),
    ("http://www.w3.org/2000/09/xmldsig#rsa-sha1", SignatureAlgorithm::RsaSha1),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha1", SignatureAlgorithm::RsaSha1),
];

/// The digest algorithm of a DigestMethod.
pub fn digest_algorithm(uri: &str) -> Option<DigestAlgorithm> {
    DIGESTS.into_iter().find(|(known, _)| *known == uri).map(|(_, algorithm)| algorithm)
}

/// The URI for a DigestMethod.
pub fn digest_uri(algorithm: DigestAlgorithm) -> Option<&'static str> {
    DIGESTS.into_iter().find(|(_, known)| *known == algorithm).map(|(uri, _)| uri)
}

/// The signature algorithm of a SignatureMethod.
pub fn signature_algorithm(uri: &str) -> Option<SignatureAlgorithm> {
    SIGNATURES.into_iter().find(|(known, _)| *known == uri).map(|(_, algorithm)| algorithm)
}

/// The URI for a SignatureMethod.
pub fn signature_uri(algorithm: SignatureAlgorithm) -> Option<&'static str> {
    SIGNATURES.into_iter().find(|(_, known)| *known == algorithm).map(|(uri, _)| uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_uri_of_an_algorithm_is_written_and_all_are_read() {
        for (uri, algorithm) in DIGESTS {
            assert_eq!(digest_algorithm(uri), Some(algorithm));
            assert_eq!(digest_algorithm(digest_uri(algorithm).unwrap()), Some(algorithm));
        }
        for (uri, algorithm) in SIGNATURES {
            assert_eq!(signature_algorithm(uri), Some(algorithm));
            assert_eq!(signature_algorithm(signature_uri(algorithm).unwrap()), Some(algorithm));
        }
        assert_eq!(digest_uri(DigestAlgorithm::Sha1), Some("http://www.w3.org/2000/09/xmldsig#sha1"));
        assert_eq!(signature_algorithm("http://www.w3.org/2000/09/xmldsig#hmac-sha1"), None);
    }
}
