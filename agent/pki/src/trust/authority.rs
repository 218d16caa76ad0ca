//! Who issued a certificate, and so may speak of its revocation.

use crate::certificate::Certificate;
use crate::extensions::KeyUsage;
use crate::key::PublicKey;
use crate::name::Name;
use crate::trust::anchors::Anchor;
use crate::trust::path::Path;

/// An authority in its two forms: a certificate, or an anchor of which only name and key are known.
#[derive(Clone, Copy, Debug)]
pub struct Authority<'a> {
    name: &'a Name,
    public_key: &'a PublicKey,
    key_identifier: Option<&'a [u8]>,
    key_usage: Option<KeyUsage>,
}

impl<'a> Authority<'a> {
    /// Its name.
    pub fn name(&self) -> &'a Name {
        self.name
    }

    /// Its key.
    pub fn public_key(&self) -> &'a PublicKey {
        self.public_key
    }

    /// Its subject key identifier, when it is known: opaque.
    pub fn key_identifier(&self) -> Option<&'a [u8]> {
        self.key_identifier
    }

    /// It is not said that the key may not be used for that.
    pub fn may(&self, usage: KeyUsage) -> bool {
        self.key_usage.is_none_or(|allowed| allowed.contains(usage))
    }
}

impl<'a> From<&'a Certificate> for Authority<'a> {
    fn from(certificate: &'a Certificate) -> Self {
        Self {
            name: certificate.subject(),
            public_key: certificate.public_key(),
            key_identifier: certificate.subject_key_identifier(),
            key_usage: certificate.key_usage(),
        }
    }
}

impl<'a> From<&'a Anchor> for Authority<'a> {
    fn from(anchor: &'a Anchor) -> Self {
        Self {
            name: anchor.name(),
            public_key: anchor.public_key(),
            key_identifier: anchor.key_identifier(),
            key_usage: anchor.key_usage(),
        }
    }
}

impl<'a> Path<'a> {
    /// The authority that issued the judged certificate.
    pub fn issuer(&self) -> Authority<'a> {
        match self.certificates.get(1) {
            Some(issuer) => Authority::from(*issuer),
            None => Authority::from(self.anchor),
        }
    }

    /// Every certificate of the path with the authority that issued it, from the judged one upwards: the questions that
    /// [`crate::status`] has to answer for the path to hold. The last one is about the certificate that the anchor
    /// issued. The anchor's own certificate, when that was judged, is left out: nobody but itself could revoke it.
    pub fn links(&self) -> impl Iterator<Item = (&'a Certificate, Authority<'a>)> {
        let issuers = self.certificates.iter().skip(1).map(|issuer| Authority::from(*issuer));
        let anchor = self.anchor;
        let is_anchor = |one: &Certificate| one.subject() == anchor.name() && one.public_key() == anchor.public_key();
        let links = self.certificates.iter().copied().zip(issuers.chain([Authority::from(anchor)]));
        links.filter(move |(certificate, _)| !is_anchor(certificate))
    }
}

/// Both say which key it is and mean different ones: not this issuer. Opaque octets (kz-crypto 8.1).
pub(crate) fn identifiers_agree(wanted: Option<&[u8]>, has: Option<&[u8]>) -> bool {
    match (wanted, has) {
        (Some(wanted), Some(has)) => wanted == has,
        _ => true,
    }
}
