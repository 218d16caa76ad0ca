//! The questions to a host, each with the answer it may have. What a library says is bounded here, once.

use pkcs11::wire::{Key, KeyKind, MOST_KEYS, MOST_SLOTS, PublicHalf, Reply, Request, Slot, TokenId};
use serde_bytes::ByteBuf;

use super::process::{Host, Unanswered};
use crate::Password;

/// Octets of a name: CK_TOKEN_INFO and CK_SLOT_INFO have fields of at most 64, which a host may have made longer on the
/// way to UTF-8.
const LONGEST_NAME: usize = 64 * 4;
/// Octets of a CKA_LABEL.
const LONGEST_LABEL: usize = 1024;
/// Octets of a CKA_ID.
const LONGEST_ID: usize = 1024;
/// Octets of a certificate, of a public key's part, of a signature.
const LONGEST_VALUE: usize = 64 * 1024;
/// Mechanisms of a token.
const MOST_MECHANISMS: usize = 1024;

/// One slot, for one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) slot: u64,
    pub(super) token: TokenId,
}

impl Host {
    pub(super) fn slots(&self) -> Result<Vec<Slot>, Unanswered> {
        self.ask(Request::Slots, &[], |reply| match reply {
            Reply::Slots(slots) if slots.len() <= MOST_SLOTS && slots.iter().all(is_slot) => Some(slots),
            _ => None,
        })
    }

    pub(super) fn keys(&self, slot: u64) -> Result<Vec<Key>, Unanswered> {
        self.ask(Request::Keys { slot }, &[], |reply| match reply {
            Reply::Keys(keys) if keys.len() <= MOST_KEYS && keys.iter().all(is_key) => Some(keys),
            _ => None,
        })
    }

    pub(super) fn log_in(&self, place: &Seat, pin: &Password) -> Result<(), Unanswered> {
        let Seat { slot, token } = place.clone();
        self.ask(Request::LogIn { slot, token }, &[pin], done)
    }

    /// Nobody waits for what becomes of it.
    pub(super) fn log_out(&self, slot: u64) {
        self.ask_if_running(Request::LogOut { slot }, done);
    }

    pub(super) fn sign(
        &self,
        place: &Seat,
        key: &[u8],
        mechanism: u64,
        data: &[u8],
        pin: Option<&Password>,
    ) -> Result<Vec<u8>, Unanswered> {
        let Seat { slot, token } = place.clone();
        let (key, data) = (ByteBuf::from(key), ByteBuf::from(data));
        let request = Request::Sign { slot, token, key, mechanism, data, pin: pin.is_some() };
        self.ask(request, pin.as_slice(), |reply| match reply {
            Reply::Signature(octets) if octets.len() <= LONGEST_VALUE => Some(octets.into_vec()),
            _ => None,
        })
    }

    pub(super) fn generate(
        &self,
        place: &Seat,
        kind: KeyKind,
        id: &[u8],
        label: &str,
    ) -> Result<PublicHalf, Unanswered> {
        let Seat { slot, token } = place.clone();
        let request = Request::Generate { slot, token, kind, id: ByteBuf::from(id), label: label.to_owned() };
        self.ask(request, &[], |reply| match reply {
            Reply::Made(half) if is_half(&half) => Some(half),
            _ => None,
        })
    }

    pub(super) fn put_certificate(
        &self,
        place: &Seat,
        id: &[u8],
        label: &str,
        certificate: &pki::Certificate,
        replaces: Vec<ByteBuf>,
    ) -> Result<(), Unanswered> {
        let Seat { slot, token } = place.clone();
        let request = Request::PutCertificate {
            slot,
            token,
            id: ByteBuf::from(id),
            label: label.to_owned(),
            certificate: ByteBuf::from(certificate.der()),
            subject: ByteBuf::from(certificate.subject().der()),
            replaces,
        };
        self.ask(request, &[], done)
    }

    pub(super) fn remove(&self, place: &Seat, id: &[u8], certificates: Vec<ByteBuf>) -> Result<(), Unanswered> {
        let Seat { slot, token } = place.clone();
        self.ask(Request::Remove { slot, token, id: ByteBuf::from(id), certificates }, &[], done)
    }

    pub(super) fn set_pin(&self, place: &Seat, present: &Password, new: &Password) -> Result<(), Unanswered> {
        let Seat { slot, token } = place.clone();
        self.ask(Request::SetPin { slot, token }, &[present, new], done)
    }
}

fn done(reply: Reply) -> Option<()> {
    matches!(reply, Reply::Done).then_some(())
}

fn is_slot(slot: &Slot) -> bool {
    let names = |id: &TokenId| {
        [&id.manufacturer, &id.model, &id.serial, &id.label].into_iter().all(|name| name.len() <= LONGEST_NAME)
    };
    slot.reader.len() <= LONGEST_NAME
        && slot.token.as_ref().is_none_or(|token| names(&token.id) && token.mechanisms.len() <= MOST_MECHANISMS)
}

fn is_key(key: &Key) -> bool {
    key.id.len() <= LONGEST_ID
        && key.label.len() <= LONGEST_LABEL
        && key.certificate.as_ref().is_none_or(|der| der.len() <= LONGEST_VALUE)
        && key.public.as_ref().is_none_or(is_half)
}

fn is_half(half: &PublicHalf) -> bool {
    let parts: [&[u8]; 2] = match half {
        PublicHalf::Rsa { modulus, exponent } => [modulus, exponent],
        PublicHalf::Ec { parameters, point } => [parameters, point],
        PublicHalf::Gost { parameters, value, .. } => [parameters, value],
        PublicHalf::Other { .. } => [&[], &[]],
    };
    parts.into_iter().all(|part| part.len() <= LONGEST_VALUE)
}
