//! What the tests share.

use std::path::Path;

use cryptoki_sys::*;
use pki::Timestamp;
use tanba_test_token::{Card, CardKey, Module, NewKey, PlacedModule};
use tempfile::TempDir;
use test_nca::TestNca;

use crate::raw::{Object, Raw, Session, ulong};

pub const PIN: &str = "12345678";
pub const CKM_GOSTR3410_512: CK_MECHANISM_TYPE = 0xD432_1006;
pub const CKK_GOSTR3410_512: CK_KEY_TYPE = 0xD432_1003;
pub const READ: CK_FLAGS = CKF_SERIAL_SESSION;
pub const WRITE: CK_FLAGS = CKF_SERIAL_SESSION | CKF_RW_SESSION;

pub fn now() -> Timestamp {
    Timestamp::from_utc(2026, 11, 23, 9, 0, 0).unwrap()
}

pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A card with one GOST-512 key.
pub fn card(name: &str) -> Card {
    Card::new(name).key(CardKey::generate(NewKey::Gost512).unwrap())
}

/// A library with that card.
pub fn placed(folder: &TempDir, card: Card) -> PlacedModule {
    Module::new("library").card(card).place(folder.path()).unwrap()
}

/// A key with a certificate of the test NCA.
pub fn certified(kind: NewKey) -> (CardKey, pki::Certificate) {
    let issued = TestNca::of(kind, now()).unwrap().person().unwrap();
    (CardKey::of(&issued.key).unwrap().certificate(&issued.certificate), issued.certificate)
}

/// A library, a session in its first slot that has logged in, and the first private key.
pub fn logged_in(library: &Path) -> (Raw, Session, Object) {
    let raw = Raw::ready(library);
    let session = raw.open(0, WRITE).unwrap();
    raw.login(session, CKU_USER, Some(PIN)).unwrap();
    let key = private_key(&raw, session);
    (raw, session, key)
}

pub fn private_key(raw: &Raw, session: Session) -> Object {
    raw.find(session, &[(CKA_CLASS, &ulong(CKO_PRIVATE_KEY))])[0]
}
