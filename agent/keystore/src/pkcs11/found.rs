//! What lies on a token, sorted into keys and certificates.

use pkcs11::wire::{Key, PrivateHalf};
use pki::{Certificate, DigestAlgorithm, PublicKey};

use super::{host_log::printable, public_half};
use crate::{KeyId, ListedKey};

/// Characters of a label that are shown.
const LONGEST_ALIAS: usize = 100;

/// A key of a token.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// CKA_ID.
    pub(super) id: Vec<u8>,
    /// The key's name in its store: the CKA_ID. Where several certificates have the same one, the digest of its own follows,
    /// so that the one that a person chose is the one that is signed with.
    pub(super) name: Vec<u8>,
    pub(super) alias: String,
    /// One of this very key.
    pub(super) certificate: Option<Certificate>,
    /// From the public key object, else from the certificate.
    pub(super) public: Option<PublicKey>,
    /// Where it shows.
    pub(super) private: Option<PrivateHalf>,
}

impl Found {
    pub(super) fn listed(&self) -> ListedKey {
        ListedKey {
            id: KeyId(self.name.clone()),
            alias: self.alias.clone(),
            algorithm: public_half::algorithm_name(self.public.as_ref()),
            certificate: self.certificate.clone(),
        }
    }
}

/// The keys of a token, and the certificates that are of no key on it.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) keys: Vec<Found>,
    pub(super) certificates: Vec<Certificate>,
}

/// As far as everybody may see: private keys are left out, for whether they show depends on who is logged in. What has a
/// certificate that is no authority's, or a public half, is taken for a key.
pub(super) fn in_public(objects: Vec<Key>) -> Sorted {
    sort(objects, |found| {
        let authority = found.certificate.as_ref().is_some_and(Certificate::basic_constraints_ca);
        found.public.is_some() && !authority
    })
}

/// After login: a key is what has a private half.
pub(super) fn logged_in(objects: Vec<Key>) -> Sorted {
    sort(objects, |found| found.private.is_some())
}

fn sort(objects: Vec<Key>, is_key: impl Fn(&Found) -> bool) -> Sorted {
    let mut sorted = Sorted::default();
    for object in objects {
        let certificate = object.certificate.and_then(|der| Certificate::from_der(&der).ok());
        let public = object.public.as_ref().and_then(public_half::read);
        // One CKA_ID for both does not make them a pair: what is the key's own is in the numbers.
        let (own, other) = match (&public, certificate) {
            (Some(public), Some(certificate)) if public != certificate.public_key() => (None, Some(certificate)),
            (_, certificate) => (certificate, None),
        };
        let public = public.or_else(|| own.as_ref().map(|certificate| certificate.public_key().clone()));
        let alias = alias(&object.label, &object.id);
        let id = object.id.into_vec();
        let found = Found { name: id.clone(), id, alias, certificate: own, public, private: object.private };
        sorted.certificates.extend(other);
        if is_key(&found) {
            sorted.keys.push(found);
        } else {
            sorted.certificates.extend(found.certificate);
        }
    }
    // A certificate that another program wrote under an identifier of its own.
    for key in sorted.keys.iter_mut().filter(|key| key.certificate.is_none()) {
        let own = sorted.certificates.iter().position(|one| key.public.as_ref() == Some(one.public_key()));
        key.certificate = own.map(|position| sorted.certificates.remove(position));
    }
    let is_alone = |key: &Found| sorted.keys.iter().filter(|other| other.id == key.id).count() == 1;
    let alone: Vec<bool> = sorted.keys.iter().map(is_alone).collect();
    for (key, _) in sorted.keys.iter_mut().zip(alone).filter(|(_, is_alone)| !is_alone) {
        if let Some(certificate) = &key.certificate {
            key.name.extend(DigestAlgorithm::Sha256.digest(certificate.der()));
        }
    }
    sorted
}

/// The key of this name, or of this CKA_ID: whoever has no use for the certificate may leave it out.
pub(super) fn named<'a>(keys: &'a [Found], key: &KeyId) -> Option<&'a Found> {
    keys.iter().find(|found| found.name == key.0).or_else(|| keys.iter().find(|found| found.id == key.0))
}

/// What the token calls the key, else its identifier.
fn alias(label: &str, id: &[u8]) -> String {
    let label: String = printable(label).trim().chars().take(LONGEST_ALIAS).collect();
    if label.is_empty() {
        id.iter().take(LONGEST_ALIAS / 2).map(|octet| format!("{octet:02x}")).collect()
    } else {
        label
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pkcs11::wire::PublicHalf;
    use pki::{oid, tlv};
    use proptest::prelude::*;
    use serde_bytes::ByteBuf;

    fn octets() -> impl Strategy<Value = ByteBuf> {
        prop::collection::vec(any::<u8>(), 0..140).prop_map(ByteBuf::from)
    }

    fn parameters() -> impl Strategy<Value = ByteBuf> {
        let known = [public_half::TC26_512_A, public_half::TC26_256_A, oid::GOST2004_SET_A, oid::P256, oid::P384];
        let known = prop::sample::select(known.map(|curve| ByteBuf::from(tlv::oid(&curve))).to_vec());
        prop_oneof![known, octets()]
    }

    fn half() -> impl Strategy<Value = PublicHalf> {
        use pkcs11::numbers::{KEY_GOSTR3410, KEY_GOSTR3410_512};
        // Lengths at which a key could begin.
        let sized = prop::sample::select(vec![63_usize, 64, 65, 66, 67, 96, 97, 99, 128, 131]);
        let value = prop_oneof![
            octets(),
            sized.prop_flat_map(|length| { prop::collection::vec(any::<u8>(), length).prop_map(ByteBuf::from) })
        ];
        prop_oneof![
            (octets(), octets()).prop_map(|(modulus, exponent)| PublicHalf::Rsa { modulus, exponent }),
            (parameters(), value.clone()).prop_map(|(parameters, point)| PublicHalf::Ec { parameters, point }),
            (prop::sample::select(vec![KEY_GOSTR3410, KEY_GOSTR3410_512, 0]), parameters(), value)
                .prop_map(|(key_type, parameters, value)| PublicHalf::Gost { key_type, parameters, value }),
            any::<u64>().prop_map(|key_type| PublicHalf::Other { key_type }),
        ]
    }

    fn object() -> impl Strategy<Value = Key> {
        let private = any::<(u64, bool, bool)>().prop_map(|(key_type, signs, always_authenticate)| PrivateHalf {
            key_type,
            signs,
            always_authenticate,
        });
        let certificate = prop::option::of(octets());
        (octets(), ".{0,200}", certificate, prop::option::of(half()), prop::option::of(private))
            .prop_map(|(id, label, certificate, public, private)| Key { id, label, certificate, public, private })
    }

    proptest! {
        #[test]
        fn nothing_that_lies_on_a_token_brings_the_sorting_down(objects in prop::collection::vec(object(), 0..6)) {
            let private = objects.iter().filter(|object| object.private.is_some()).count();
            prop_assert_eq!(logged_in(objects.clone()).keys.len(), private);
            for key in in_public(objects).keys {
                let listed = key.listed();
                prop_assert!(key.public.is_some() && listed.alias.chars().count() <= LONGEST_ALIAS);
                prop_assert!(!listed.alias.chars().any(char::is_control));
            }
        }
    }
}
