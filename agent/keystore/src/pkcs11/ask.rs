//! The questions to a host, each with the answer it may have.

use pkcs11::wire::{Key, KeyKind, PublicHalf, Reply, Request, Slot, TokenId};
use serde_bytes::ByteBuf;

use super::process::{Host, Unanswered};
use crate::Password;

/// One slot, for one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) slot: u64,
    pub(super) token: TokenId,
}

impl Host {
    pub(super) fn slots(&self) -> Result<Vec<Slot>, Unanswered> {
        self.ask(Request::Slots, &[], |reply| match reply {
            Reply::Slots(slots) => Some(slots),
            _ => None,
        })
    }

    pub(super) fn keys(&self, slot: u64) -> Result<Vec<Key>, Unanswered> {
        self.ask(Request::Keys { slot }, &[], |reply| match reply {
            Reply::Keys(keys) => Some(keys),
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
            Reply::Signature(octets) => Some(octets.into_vec()),
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
            Reply::Made(half) => Some(half),
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
