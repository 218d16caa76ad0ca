//! Objects: found, read, written, made, removed; and signing with them.

use std::{fs, sync::Arc};

use cryptoki_sys::*;
use keystore::{NewKey, OsEntropy, PrivateKey};
use pki::{Certificate, oid, tlv};
use zeroize::Zeroizing;

use crate::{
    attributes::{algorithm, generating, key_type, signing},
    card::{Answer, Body, Class, Object, Octets, Record},
    config::{Algorithm, CardConfig},
    module::{Module, Signing, mechanisms_of},
    numbers, sign,
    template::Template,
    watched,
};

impl Module {
    pub(crate) fn find_begin(&mut self, handle: CK_SESSION_HANDLE, template: &Template) -> Answer<()> {
        let session = self.session(handle)?;
        if session.found.is_some() {
            return Err(CKR_OPERATION_ACTIVE);
        }
        let slot = session.slot;
        let card = self.settings(slot)?;
        let mut found = Vec::new();
        for name in self.folder(slot)?.objects()? {
            let object = self.load(slot, &name)?;
            if self.is_visible(slot, &object, &card) && template.fits(&object, &card) {
                found.push(self.handle_of(slot, name));
            }
        }
        // Taken from the end.
        found.reverse();
        self.session(handle)?.found = Some(found);
        Ok(())
    }

    pub(crate) fn find_next(&mut self, handle: CK_SESSION_HANDLE, most: usize) -> Answer<Vec<CK_OBJECT_HANDLE>> {
        let found = self.session(handle)?.found.as_mut().ok_or(CKR_OPERATION_NOT_INITIALIZED)?;
        Ok((0..most).map_while(|_| found.pop()).collect())
    }

    pub(crate) fn find_end(&mut self, handle: CK_SESSION_HANDLE) -> Answer<()> {
        self.session(handle)?.found.take().map(drop).ok_or(CKR_OPERATION_NOT_INITIALIZED)
    }

    /// The object of a handle, and the card's settings, which some attributes depend on.
    pub(crate) fn object(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
    ) -> Answer<(Arc<Object>, CardConfig)> {
        let slot = self.session(session)?.slot;
        let name = self.name_of(slot, handle)?;
        let card = self.settings(slot)?;
        let object = self.load(slot, &name)?;
        if self.is_visible(slot, &object, &card) { Ok((object, card)) } else { Err(CKR_OBJECT_HANDLE_INVALID) }
    }

    /// C_SetAttributeValue: CKA_LABEL and CKA_ID.
    pub(crate) fn set_attributes(
        &mut self,
        session: CK_SESSION_HANDLE,
        handle: CK_OBJECT_HANDLE,
        template: &Template,
    ) -> Answer<()> {
        let (object, card) = self.object(session, handle)?;
        let slot = self.writable(session)?;
        let mut record = object.record.clone();
        for (attribute, value) in &template.0 {
            match *attribute {
                CKA_LABEL => record.label = text(value)?,
                CKA_ID => record.id = value.clone(),
                other => {
                    return Err(match object.attribute(other, &card) {
                        Err(CKR_ATTRIBUTE_TYPE_INVALID) => CKR_ATTRIBUTE_TYPE_INVALID,
                        _ => CKR_ATTRIBUTE_READ_ONLY,
                    });
                }
            }
        }
        let name = self.name_of(slot, handle)?;
        self.folder(slot)?.replace(&name, &record)
    }

    pub(crate) fn destroy(&mut self, session: CK_SESSION_HANDLE, handle: CK_OBJECT_HANDLE) -> Answer<()> {
        self.object(session, handle)?;
        let slot = self.writable(session)?;
        let name = self.name_of(slot, handle)?;
        self.folder(slot)?.remove(&name)?;
        self.cache.remove(&self.folder(slot)?.object_path(&name));
        for known in self.handles.iter_mut().filter(|known| **known == Some((slot, name.clone()))) {
            *known = None;
        }
        Ok(())
    }

    /// C_CreateObject: certificates. Keys are made on the card and not put in.
    pub(crate) fn create(&mut self, session: CK_SESSION_HANDLE, template: &Template) -> Answer<CK_OBJECT_HANDLE> {
        let slot = self.writable(session)?;
        let class = template.ulong(CKA_CLASS)?.ok_or(CKR_TEMPLATE_INCOMPLETE)?;
        if class != CKO_CERTIFICATE || !template.is_true(CKA_TOKEN)? {
            return Err(CKR_TEMPLATE_INCONSISTENT);
        }
        match template.ulong(CKA_CERTIFICATE_TYPE)?.ok_or(CKR_TEMPLATE_INCOMPLETE)? {
            CKC_X_509 => {}
            _ => return Err(CKR_ATTRIBUTE_VALUE_INVALID),
        }
        let der = template.get(CKA_VALUE).ok_or(CKR_TEMPLATE_INCOMPLETE)?;
        let subject = template.get(CKA_SUBJECT).ok_or(CKR_TEMPLATE_INCOMPLETE)?;
        let certificate = Certificate::from_der(der).map_err(|_| CKR_ATTRIBUTE_VALUE_INVALID)?;
        if certificate.subject().der() != subject {
            return Err(CKR_TEMPLATE_INCONSISTENT);
        }
        let record = Record {
            class: Class::Certificate,
            id: template.get(CKA_ID).unwrap_or_default().to_vec(),
            label: text(template.get(CKA_LABEL).unwrap_or_default())?,
            local: false,
            value: Octets(Zeroizing::new(der.to_vec())),
        };
        let card = self.settings(slot)?;
        let object = Object { body: Body::Certificate(Box::new(certificate)), record };
        template.agrees(&object, &card)?;
        let names = self.folder(slot)?.add(&[&object.record], card.max_objects)?;
        names.into_iter().next().map(|name| self.handle_of(slot, name)).ok_or(CKR_DEVICE_ERROR)
    }

    /// C_GenerateKeyPair: the handles of the public and of the private key.
    pub(crate) fn generate(
        &mut self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        public: &Template,
        private: &Template,
    ) -> Answer<(CK_OBJECT_HANDLE, CK_OBJECT_HANDLE)> {
        let slot = self.writable(session)?;
        let card = self.settings(slot)?;
        let (kind, algorithm) = new_key(mechanism, public, &card)?;
        for (template, class) in [(public, CKO_PUBLIC_KEY), (private, CKO_PRIVATE_KEY)] {
            let differs = |given: Option<CK_ULONG>, is: CK_ULONG| given.is_some_and(|given| given != is);
            if differs(template.ulong(CKA_CLASS)?, class)
                || differs(template.ulong(CKA_KEY_TYPE)?, key_type(algorithm))
                || !template.is_true(CKA_TOKEN)?
            {
                return Err(CKR_TEMPLATE_INCONSISTENT);
            }
        }
        let key = PrivateKey::generate(kind, &OsEntropy).map_err(|_| CKR_FUNCTION_FAILED)?;
        let public_key = key.public_key().ok_or(CKR_FUNCTION_FAILED)?;
        let spki = public_key.to_spki_der().ok_or(CKR_FUNCTION_FAILED)?;
        let record = |template: &Template, class, value| {
            Ok::<_, CK_RV>(Record {
                class,
                id: template.get(CKA_ID).unwrap_or_default().to_vec(),
                label: text(template.get(CKA_LABEL).unwrap_or_default())?,
                local: true,
                value: Octets(value),
            })
        };
        let public_object = Object {
            record: record(public, Class::Public, Zeroizing::new(spki))?,
            body: Body::Public(public_key.clone()),
        };
        let private_object =
            Object { record: record(private, Class::Private, key.to_pkcs8())?, body: Body::Private(key, public_key) };
        public.agrees(&public_object, &card)?;
        private.agrees(&private_object, &card)?;
        let records = [&public_object.record, &private_object.record];
        let names = self.folder(slot)?.add(&records, card.max_objects)?;
        let mut handles = names.into_iter().map(|name| self.handle_of(slot, name));
        handles.next().zip(handles.next()).ok_or(CKR_DEVICE_ERROR)
    }

    pub(crate) fn sign_begin(
        &mut self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
    ) -> Answer<()> {
        if self.session(session)?.signing.is_some() {
            return Err(CKR_OPERATION_ACTIVE);
        }
        let (key, card) = self.object(session, key).map_err(|error| match error {
            CKR_OBJECT_HANDLE_INVALID => CKR_KEY_HANDLE_INVALID,
            other => other,
        })?;
        if !mechanisms_of(&card).any(|(offered, algorithm)| offered == mechanism && offered != generating(algorithm)) {
            return Err(CKR_MECHANISM_INVALID);
        }
        let Body::Private(_, public) = &key.body else { return Err(CKR_KEY_FUNCTION_NOT_PERMITTED) };
        if !algorithm(public).is_some_and(|algorithm| signing(algorithm).contains(&mechanism)) {
            return Err(CKR_KEY_TYPE_INCONSISTENT);
        }
        self.session(session)?.signing = Some(Signing { key, mechanism, is_authenticated: false });
        Ok(())
    }

    /// How long the signature will be.
    pub(crate) fn signature_length(&mut self, session: CK_SESSION_HANDLE) -> Answer<usize> {
        let signing = self.session(session)?.signing.as_ref().ok_or(CKR_OPERATION_NOT_INITIALIZED)?;
        match &signing.key.body {
            Body::Private(_, public) => sign::length(public),
            _ => Err(CKR_FUNCTION_FAILED),
        }
    }

    /// C_Sign with a buffer that is long enough: whatever comes of it, the operation is over.
    pub(crate) fn sign(&mut self, session: CK_SESSION_HANDLE, data: &[u8]) -> Answer<Vec<u8>> {
        let begun = self.session(session)?;
        let slot = begun.slot;
        let signing = begun.signing.take().ok_or(CKR_OPERATION_NOT_INITIALIZED)?;
        let card = self.settings(slot)?;
        if card.always_authenticate && !signing.is_authenticated {
            return Err(CKR_USER_NOT_LOGGED_IN);
        }
        match &signing.key.body {
            Body::Private(key, public) => sign::sign(signing.mechanism, key, public, data, &card),
            _ => Err(CKR_FUNCTION_FAILED),
        }
    }

    pub(crate) fn forget_private_handles(&mut self, slot: usize) {
        let private: Vec<_> = self
            .cache
            .iter()
            .filter(|(_, (_, object))| object.record.class == Class::Private)
            .map(|(path, _)| path.clone())
            .collect();
        let Ok(folder) = self.folder(slot).cloned() else { return };
        for handle in &mut self.handles {
            let is_private = |(of, name): &(usize, String)| *of == slot && private.contains(&folder.object_path(name));
            if handle.as_ref().is_some_and(is_private) {
                *handle = None;
            }
        }
        // And the keys themselves are wiped.
        self.cache.retain(|path, _| !(private.contains(path) && path.starts_with(&folder.0)));
    }

    /// The slot of a session that may write and has logged in.
    fn writable(&mut self, handle: CK_SESSION_HANDLE) -> Answer<usize> {
        let session = self.session(handle)?;
        let (slot, is_writable) = (session.slot, session.is_writable);
        match (is_writable, self.is_logged_in(slot)) {
            (false, _) => Err(CKR_SESSION_READ_ONLY),
            (true, false) => Err(CKR_USER_NOT_LOGGED_IN),
            (true, true) => Ok(slot),
        }
    }

    fn is_visible(&self, slot: usize, object: &Object, card: &CardConfig) -> bool {
        !object.is_private(card) || self.is_logged_in(slot)
    }

    fn handle_of(&mut self, slot: usize, name: String) -> CK_OBJECT_HANDLE {
        let wanted = Some((slot, name));
        let position = self.handles.iter().position(|known| *known == wanted).unwrap_or_else(|| {
            self.handles.push(wanted);
            self.handles.len() - 1
        });
        position as CK_OBJECT_HANDLE + 1
    }

    fn name_of(&self, slot: usize, handle: CK_OBJECT_HANDLE) -> Answer<String> {
        let position = usize::try_from(handle).ok().and_then(|handle| handle.checked_sub(1));
        match position.and_then(|position| self.handles.get(position)) {
            Some(Some((of, name))) if *of == slot => Ok(name.clone()),
            _ => Err(CKR_OBJECT_HANDLE_INVALID),
        }
    }

    /// An object from its file, which another process may have changed or removed.
    fn load(&mut self, slot: usize, name: &str) -> Answer<Arc<Object>> {
        let folder = self.folder(slot)?.clone();
        let path = folder.object_path(name);
        let text = fs::read_to_string(&path).map(Zeroizing::new).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound if folder.insertion().is_some() => CKR_OBJECT_HANDLE_INVALID,
            _ => folder.fault(&error),
        })?;
        if let Some((_, object)) = self.cache.get(&path).filter(|(last, _)| *last == text) {
            return Ok(Arc::clone(object));
        }
        let record: Record = watched::parse(&text).map_err(|_| CKR_DEVICE_ERROR)?;
        let object = Arc::new(Object::new(record).ok_or(CKR_DEVICE_ERROR)?);
        self.cache.insert(path, (text, Arc::clone(&object)));
        Ok(object)
    }
}

fn text(value: &[u8]) -> Answer<String> {
    String::from_utf8(value.to_vec()).map_err(|_| CKR_ATTRIBUTE_VALUE_INVALID)
}

/// Which key a mechanism and the template of its public half ask for.
fn new_key(mechanism: CK_MECHANISM_TYPE, public: &Template, card: &CardConfig) -> Answer<(NewKey, Algorithm)> {
    let offered: Vec<Algorithm> = mechanisms_of(card)
        .filter(|(offered, algorithm)| *offered == mechanism && mechanism == generating(*algorithm))
        .map(|(_, algorithm)| algorithm)
        .collect();
    match offered.as_slice() {
        [] => Err(CKR_MECHANISM_INVALID),
        [Algorithm::Rsa, ..] => {
            let kind = match public.ulong(CKA_MODULUS_BITS)?.ok_or(CKR_TEMPLATE_INCOMPLETE)? {
                2048 => NewKey::Rsa2048,
                3072 => NewKey::Rsa3072,
                4096 => NewKey::Rsa4096,
                _ => return Err(CKR_KEY_SIZE_RANGE),
            };
            let exponent = public.get(CKA_PUBLIC_EXPONENT).unwrap_or(&[1, 0, 1]);
            if exponent.iter().skip_while(|digit| **digit == 0).ne(&[1, 0, 1]) {
                return Err(CKR_ATTRIBUTE_VALUE_INVALID);
            }
            Ok((kind, Algorithm::Rsa))
        }
        [Algorithm::Ec, ..] => {
            let curve = public.get(CKA_EC_PARAMS).ok_or(CKR_TEMPLATE_INCOMPLETE)?;
            let known = [(oid::P256, NewKey::P256), (oid::P384, NewKey::P384)];
            let kind = known.into_iter().find(|(oid, _)| tlv::oid(oid) == curve).ok_or(CKR_CURVE_NOT_SUPPORTED)?.1;
            Ok((kind, Algorithm::Ec))
        }
        gost => {
            let curve = public.get(CKA_GOSTR3410_PARAMS).ok_or(CKR_TEMPLATE_INCOMPLETE)?;
            let names = |algorithm: &&Algorithm| numbers::parameters(**algorithm, card.parameters);
            let asked = |algorithm: &&Algorithm| names(algorithm).is_some_and(|(oid, _)| tlv::oid(&oid) == curve);
            let algorithm = gost.iter().find(asked).ok_or(CKR_ATTRIBUTE_VALUE_INVALID)?;
            let kind = match algorithm {
                Algorithm::Gost256 => NewKey::Gost256,
                Algorithm::Gost2004 => NewKey::Gost2004,
                _ => NewKey::Gost512,
            };
            Ok((kind, *algorithm))
        }
    }
}

impl Template {
    /// Whether an object has all these attributes.
    fn fits(&self, object: &Object, card: &CardConfig) -> bool {
        self.0.iter().all(|(attribute, value)| object.attribute(*attribute, card).as_ref() == Ok(value))
    }

    /// Whether a new object can be as it is asked for.
    fn agrees(&self, object: &Object, card: &CardConfig) -> Answer<()> {
        // Wishes that are not fulfilled and do no harm: what a key may be used for, and who may see what is public.
        let taken_lightly = [
            CKA_PRIVATE,
            CKA_ENCRYPT,
            CKA_DECRYPT,
            CKA_WRAP,
            CKA_UNWRAP,
            CKA_DERIVE,
            CKA_SIGN_RECOVER,
            CKA_VERIFY_RECOVER,
            CKA_MODIFIABLE,
            CKA_SUBJECT,
        ];
        for (attribute, value) in &self.0 {
            match object.attribute(*attribute, card) {
                Ok(has) if has == *value || taken_lightly.contains(attribute) => {}
                // The number may come with a sign octet.
                Ok(_) if *attribute == CKA_PUBLIC_EXPONENT => {}
                Ok(_) => return Err(CKR_ATTRIBUTE_VALUE_INVALID),
                Err(CKR_ATTRIBUTE_SENSITIVE) => return Err(CKR_TEMPLATE_INCONSISTENT),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
