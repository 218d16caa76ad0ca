//! Which keys and certificates a token shows.

use super::{Module, Raw, raw, template::Template, text};
use crate::wire::{
    Fault, FaultKind, Key, LONGEST_CERTIFICATE, LONGEST_NAME, LONGEST_PART, MOST_KEYS, PrivateHalf, PublicHalf,
};
use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_ULONG, CKA_ALWAYS_AUTHENTICATE, CKA_CERTIFICATE_TYPE,
    CKA_CLASS, CKA_EC_PARAMS, CKA_EC_POINT, CKA_GOSTR3410_PARAMS, CKA_ID, CKA_KEY_TYPE, CKA_LABEL, CKA_MODULUS,
    CKA_PUBLIC_EXPONENT, CKA_SIGN, CKA_VALUE, CKC_X_509, CKK_EC, CKK_GOSTR3410, CKK_RSA, CKO_CERTIFICATE,
    CKO_PRIVATE_KEY, CKO_PUBLIC_KEY,
};
use serde_bytes::ByteBuf;

use crate::numbers::KEY_GOSTR3410_512;

/// All certificates and public keys of one listing together, so that it fits into a frame.
const MOST_OCTETS: usize = 3 * 1024 * 1024;

/// The objects that are shown, before they are put together.
#[derive(Default)]
struct Shown {
    certificates: Vec<Named<ByteBuf>>,
    publics: Vec<Named<PublicHalf>>,
    privates: Vec<Named<PrivateHalf>>,
}

/// An object, and the names by which it is put together with others.
struct Named<T> {
    id: Vec<u8>,
    label: String,
    what: T,
}

impl Module {
    /// All keys and certificates of a slot's token that can be seen now.
    pub(super) fn keys(&mut self, slot: u64) -> Result<Vec<Key>, Fault> {
        self.with_token(slot, None, |raw, _, seat| {
            let objects = Objects { raw, session: seat.session.handle() };
            Ok(together(Shown {
                certificates: objects.named(CKO_CERTIFICATE, |object| objects.certificate(object))?,
                publics: objects.named(CKO_PUBLIC_KEY, |object| objects.public_half(object))?,
                privates: objects.named(CKO_PRIVATE_KEY, |object| objects.private_half(object))?,
            }))
        })
    }
}

/// The objects of a session, read one attribute at a time.
pub(super) struct Objects<'a> {
    pub(super) raw: &'a Raw,
    pub(super) session: CK_SESSION_HANDLE,
}

impl Objects<'_> {
    fn named<T>(
        &self,
        class: CK_ULONG,
        read: impl Fn(CK_OBJECT_HANDLE) -> Result<Option<T>, Fault>,
    ) -> Result<Vec<Named<T>>, Fault> {
        let mut all = Vec::new();
        for object in self.raw.find(self.session, Template::new().number(CKA_CLASS, class), MOST_KEYS)? {
            if let Some(what) = read(object)? {
                let id = self.octets(object, CKA_ID, LONGEST_NAME)?.unwrap_or_default();
                let label = text::of(&self.octets(object, CKA_LABEL, LONGEST_NAME)?.unwrap_or_default());
                all.push(Named { id, label, what });
            }
        }
        Ok(all)
    }

    /// The DER of a certificate; `None` for one that is not of X.509.
    pub(super) fn certificate(&self, object: CK_OBJECT_HANDLE) -> Result<Option<ByteBuf>, Fault> {
        // Some cards do not say what kind of certificate it is; there is hardly another one.
        if self.number(object, CKA_CERTIFICATE_TYPE)?.is_some_and(|kind| kind != CKC_X_509) {
            return Ok(None);
        }
        let value = self.octets(object, CKA_VALUE, LONGEST_CERTIFICATE)?;
        Ok(value.filter(|value| !value.is_empty()).map(ByteBuf::from))
    }

    /// A public key; `None` where it does not even say of what kind it is.
    pub(super) fn public_half(&self, object: CK_OBJECT_HANDLE) -> Result<Option<PublicHalf>, Fault> {
        let Some(key_type) = self.number(object, CKA_KEY_TYPE)? else { return Ok(None) };
        let part = |attribute| Ok(self.octets(object, attribute, LONGEST_PART)?.unwrap_or_default().into());
        let wide = raw::wide(key_type);
        Ok(Some(match key_type {
            CKK_RSA => PublicHalf::Rsa { modulus: part(CKA_MODULUS)?, exponent: part(CKA_PUBLIC_EXPONENT)? },
            CKK_EC => PublicHalf::Ec { parameters: part(CKA_EC_PARAMS)?, point: part(CKA_EC_POINT)? },
            key_type if key_type == CKK_GOSTR3410 || wide == KEY_GOSTR3410_512 => {
                PublicHalf::Gost { key_type: wide, parameters: part(CKA_GOSTR3410_PARAMS)?, value: part(CKA_VALUE)? }
            }
            _ => PublicHalf::Other { key_type: wide },
        }))
    }

    fn private_half(&self, object: CK_OBJECT_HANDLE) -> Result<Option<PrivateHalf>, Fault> {
        let Some(key_type) = self.number(object, CKA_KEY_TYPE)? else { return Ok(None) };
        Ok(Some(PrivateHalf {
            key_type: raw::wide(key_type),
            // A token that does not say it is asked to sign before it is called unable to.
            signs: self.flag(object, CKA_SIGN)?.unwrap_or(true),
            always_authenticate: self.flag(object, CKA_ALWAYS_AUTHENTICATE)?.unwrap_or(false),
        }))
    }

    fn octets(
        &self,
        object: CK_OBJECT_HANDLE,
        attribute: CK_ATTRIBUTE_TYPE,
        longest: usize,
    ) -> Result<Option<Vec<u8>>, Fault> {
        unless_gone(self.raw.octets(self.session, object, attribute, longest))
    }

    fn number(&self, object: CK_OBJECT_HANDLE, attribute: CK_ATTRIBUTE_TYPE) -> Result<Option<CK_ULONG>, Fault> {
        unless_gone(self.raw.number(self.session, object, attribute))
    }

    fn flag(&self, object: CK_OBJECT_HANDLE, attribute: CK_ATTRIBUTE_TYPE) -> Result<Option<bool>, Fault> {
        unless_gone(self.raw.flag(self.session, object, attribute))
    }
}

/// An attribute that cannot be read is one that is not there, unless nothing more can be read: there are many ways to say
/// no to an attribute.
fn unless_gone<T>(result: Result<Option<T>, Fault>) -> Result<Option<T>, Fault> {
    match result {
        Err(fault) if fault.kind != FaultKind::TokenGone => Ok(None),
        result => result,
    }
}

/// What has one CKA_ID.
#[derive(Default)]
struct Group {
    id: Vec<u8>,
    certificates: Vec<Named<ByteBuf>>,
    publics: Vec<Named<PublicHalf>>,
    privates: Vec<Named<PrivateHalf>>,
}

impl Group {
    /// Its keys: one, or one for each certificate.
    fn keys(self) -> Vec<Key> {
        // Two private keys of one CKA_ID: C_Sign is given the one that signs.
        let private = self.privates.iter().find(|key| key.what.signs).or(self.privates.first());
        let public = self.publics.first();
        let key = Key {
            id: self.id.into(),
            label: first_label([private.map(|key| &key.label), public.map(|key| &key.label)]),
            certificate: None,
            public: public.map(|key| key.what.clone()),
            private: private.map(|key| key.what.clone()),
        };
        if self.certificates.is_empty() {
            return vec![key];
        }
        let of_private = private.map(|key| &key.label);
        let with = |certificate: &Named<ByteBuf>| Key {
            label: first_label([of_private, Some(&certificate.label), Some(&key.label)]),
            certificate: Some(certificate.what.clone()),
            ..key.clone()
        };
        self.certificates.iter().map(with).collect()
    }

    fn is_called(&self, label: &str) -> bool {
        self.privates.iter().any(|key| key.label == label)
            || self.publics.iter().any(|key| key.label == label)
            || self.certificates.iter().any(|certificate| certificate.label == label)
    }
}

fn first_label<const N: usize>(labels: [Option<&String>; N]) -> String {
    labels.into_iter().flatten().find(|label| !label.is_empty()).cloned().unwrap_or_default()
}

/// Puts together what has one CKA_ID. A certificate or public key without one belongs to the only key of its label, or is
/// left out, as is a private key without one: nobody could ask for it.
fn together(shown: Shown) -> Vec<Key> {
    let mut groups = Vec::new();
    let _ = by_id(&mut groups, shown.privates, |group| &mut group.privates);
    let publics = by_id(&mut groups, shown.publics, |group| &mut group.publics);
    let certificates = by_id(&mut groups, shown.certificates, |group| &mut group.certificates);
    by_label(&mut groups, publics, |group| &mut group.publics);
    by_label(&mut groups, certificates, |group| &mut group.certificates);
    within_a_frame(groups.into_iter().flat_map(Group::keys))
}

/// Gives back those without a CKA_ID.
fn by_id<T>(
    groups: &mut Vec<Group>,
    objects: Vec<Named<T>>,
    place: fn(&mut Group) -> &mut Vec<Named<T>>,
) -> Vec<Named<T>> {
    let (nameless, named): (Vec<_>, Vec<_>) = objects.into_iter().partition(|object| object.id.is_empty());
    for object in named {
        match groups.iter_mut().find(|group| group.id == object.id) {
            Some(group) => place(group).push(object),
            None => {
                let mut group = Group { id: object.id.clone(), ..Group::default() };
                place(&mut group).push(object);
                groups.push(group);
            }
        }
    }
    nameless
}

fn by_label<T>(groups: &mut [Group], objects: Vec<Named<T>>, place: fn(&mut Group) -> &mut Vec<Named<T>>) {
    for object in objects.into_iter().filter(|object| !object.label.is_empty()) {
        let mut called = groups.iter_mut().filter(|group| group.is_called(&object.label));
        if let (Some(group), None) = (called.next(), called.next())
            && place(group).is_empty()
        {
            place(group).push(object);
        }
    }
}

/// As many of the keys as fit into a frame.
fn within_a_frame(keys: impl Iterator<Item = Key>) -> Vec<Key> {
    let mut left = MOST_OCTETS;
    let mut fits = |key: &Key| {
        let rest = left.checked_sub(octets_of(key));
        left = rest.unwrap_or(left);
        rest.is_some()
    };
    keys.filter(|key| fits(key)).take(MOST_KEYS).collect()
}

fn octets_of(key: &Key) -> usize {
    let public = match &key.public {
        Some(PublicHalf::Rsa { modulus: one, exponent: other })
        | Some(PublicHalf::Ec { parameters: one, point: other })
        | Some(PublicHalf::Gost { parameters: one, value: other, .. }) => one.len() + other.len(),
        Some(PublicHalf::Other { .. }) | None => 0,
    };
    key.id.len() + key.label.len() + key.certificate.as_ref().map_or(0, |value| value.len()) + public
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<T>(id: &[u8], label: &str, what: T) -> Named<T> {
        Named { id: id.to_vec(), label: label.to_owned(), what }
    }

    fn private(signs: bool) -> PrivateHalf {
        PrivateHalf { key_type: 0, signs, always_authenticate: false }
    }

    fn der(octets: &[u8]) -> ByteBuf {
        ByteBuf::from(octets)
    }

    #[test]
    fn what_has_one_id_is_one_key_under_the_label_of_its_private_half() {
        let keys = together(Shown {
            certificates: vec![named(b"2", "other", der(b"other")), named(b"1", "certificate", der(b"mine"))],
            publics: vec![named(b"1", "public", PublicHalf::Other { key_type: 9 })],
            privates: vec![named(b"1", "mine", private(true))],
        });
        let [mine, other] = &keys[..] else { panic!("{keys:?}") };
        assert_eq!((mine.label.as_str(), other.label.as_str()), ("mine", "other"));
        assert_eq!(mine.certificate, Some(der(b"mine")));
        assert!(mine.public.is_some() && mine.private.is_some());
        assert!(other.public.is_none() && other.private.is_none());
    }

    #[test]
    fn a_certificate_without_an_id_goes_to_the_only_key_of_its_label() {
        let shown = |labels: [&str; 2]| Shown {
            certificates: vec![named(b"", "mine", der(b"mine"))],
            publics: Vec::new(),
            privates: vec![named(b"1", labels[0], private(true)), named(b"2", labels[1], private(true))],
        };
        let certificates = |labels| together(shown(labels)).into_iter().map(|key| key.certificate).collect::<Vec<_>>();
        assert_eq!(certificates(["mine", "other"]), [Some(der(b"mine")), None]);
        assert_eq!(certificates(["mine", "mine"]), [None, None]);
        assert_eq!(certificates(["other", "another"]), [None, None]);
    }

    #[test]
    fn a_private_key_that_nobody_can_name_is_left_out() {
        let privates = vec![named(b"", "mine", private(true))];
        assert_eq!(together(Shown { privates, ..Shown::default() }), []);
    }

    #[test]
    fn a_key_with_two_certificates_is_listed_with_each() {
        let keys = together(Shown {
            certificates: vec![named(b"1", "old", der(b"old")), named(b"1", "new", der(b"new"))],
            publics: Vec::new(),
            privates: vec![named(b"1", "", private(false)), named(b"1", "", private(true))],
        });
        let seen: Vec<_> = keys.iter().map(|key| (key.label.as_str(), key.private.as_ref().unwrap().signs)).collect();
        assert_eq!(seen, [("old", true), ("new", true)]);
    }

    #[test]
    fn a_listing_fits_into_a_frame() {
        let certificates =
            (0..300_u32).map(|n| named(&n.to_be_bytes(), "", ByteBuf::from(vec![1; LONGEST_CERTIFICATE]))).collect();
        let keys = together(Shown { certificates, ..Shown::default() });
        assert!((1..=MOST_KEYS).contains(&keys.len()));
        let mut frame = Vec::new();
        let answer = crate::wire::Answer { number: 1, reply: crate::wire::Reply::Keys(keys) };
        crate::wire::write(&crate::wire::FromHost::Answer(answer), &mut frame).unwrap();
    }
}
