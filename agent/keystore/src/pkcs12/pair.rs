//! What was found in a key file, and which certificate belongs to which key.

use const_oid::ObjectIdentifier;
use der::{Tag, asn1::OctetStringRef};
use pki::Certificate;

use super::{
    Contents, Entry, OpenError,
    asn1::{self, SafeBag},
    oids,
};
use crate::PrivateKey;

#[derive(Default)]
pub(super) struct Found {
    pub(super) keys: Vec<(PrivateKey, Attributes)>,
    pub(super) certificates: Vec<(Certificate, Attributes)>,
    pub(super) skipped: usize,
}

#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    friendly_name: Option<String>,
    local_key_id: Option<Vec<u8>>,
}

impl Attributes {
    /// RFC 7292 4.2: an attribute that is not as it should be is as if it were not there.
    pub(super) fn of(bag: &SafeBag<'_>) -> Self {
        let mut found = Self::default();
        let attributes = bag.attributes.and_then(|set| asn1::elements_of(set, Tag::Set).ok()).unwrap_or_default();
        for attribute in attributes {
            let parts = asn1::elements_of(attribute, Tag::Sequence).unwrap_or_default();
            let [kind, values] = parts.as_slice() else { continue };
            let Ok(kind) = kind.decode_as::<ObjectIdentifier>() else { continue };
            let Some(value) = asn1::elements_of(*values, Tag::Set).ok().and_then(|all| all.first().copied()) else {
                continue;
            };
            match kind {
                oids::FRIENDLY_NAME => found.friendly_name = asn1::bmp_text(value),
                oids::LOCAL_KEY_ID => {
                    found.local_key_id = value.decode_as::<&OctetStringRef>().ok().map(|id| id.as_bytes().to_vec());
                }
                _ => {}
            }
        }
        found
    }
}

impl Found {
    /// Finds the certificate of each key by its public key: that is the only claim that cannot be wrong. localKeyId is
    /// used where no public key is known, and to tell "belongs to another" from "has none".
    pub(super) fn pair(self) -> Result<Contents, OpenError> {
        let Self { keys, certificates, skipped } = self;
        if keys.is_empty() && certificates.is_empty() {
            return Err(OpenError::NoKey);
        }
        let mut taken = vec![false; certificates.len()];
        let (key_count, mut mismatched) = (keys.len(), 0);
        let mut entries = Vec::with_capacity(key_count);
        for (position, (key, attributes)) in keys.into_iter().enumerate() {
            let claims = |theirs: &Attributes| {
                attributes.local_key_id.is_some() && theirs.local_key_id == attributes.local_key_id
                    || key_count == 1 && certificates.len() == 1
            };
            let own = match key.public_key() {
                Some(public) => certificates.iter().position(|(certificate, _)| *certificate.public_key() == public),
                None => certificates.iter().position(|(_, theirs)| claims(theirs)),
            };
            if own.is_none() && certificates.iter().any(|(_, theirs)| claims(theirs)) {
                mismatched += 1;
            }
            let certificate = own.and_then(|at| certificates.get(at)).map(|(certificate, _)| certificate.clone());
            if let Some(flag) = own.and_then(|at| taken.get_mut(at)) {
                *flag = true;
            }
            let alias = attributes.alias(position);
            entries.push(Entry { alias, local_key_id: attributes.local_key_id, certificate, key });
        }
        if mismatched > 0 && mismatched == key_count {
            return Err(OpenError::KeyDoesNotMatchCertificate);
        }
        let others = certificates.into_iter().zip(taken).filter(|(_, taken)| !taken);
        Ok(Contents { entries, certificates: others.map(|((certificate, _), _)| certificate).collect(), skipped })
    }
}

impl Attributes {
    /// friendlyName, else localKeyId in hexadecimal, else the key's place in the file, counted from 1.
    fn alias(&self, position: usize) -> String {
        match (&self.friendly_name, &self.local_key_id) {
            (Some(name), _) if !name.is_empty() => name.clone(),
            (_, Some(id)) if !id.is_empty() => id.iter().map(|octet| format!("{octet:02x}")).collect(),
            _ => (position + 1).to_string(),
        }
    }
}
