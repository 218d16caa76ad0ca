//! Logging in, and signing.

use super::{Module, Raw, Seat, fault, raw, slots, template::Template};
use crate::wire::{Fault, FaultKind, TokenId};
use cryptoki::{
    context::Pkcs11,
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};
use cryptoki_sys::{CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_ULONG, CKA_CLASS, CKA_ID, CKA_SIGN, CKO_PRIVATE_KEY};

/// More private keys of one CKA_ID than this are looked at by nobody.
const MOST_OF_ONE_ID: usize = 8;

/// What is to be signed, and with what.
pub(super) struct Work<'a> {
    pub(super) key: &'a [u8],
    pub(super) mechanism: u64,
    pub(super) data: &'a [u8],
    /// For a key that wants the PIN with every signature.
    pub(super) pin: Option<&'a str>,
}

impl Module {
    /// C_Login as the user, once.
    pub(super) fn log_in(&mut self, slot: u64, token: &TokenId, pin: &str) -> Result<(), Fault> {
        self.with_token(slot, Some(token), |_, _, seat| {
            let pin = for_library(pin, seat)?;
            // A login that is still there would have the library answer without a look at the PIN.
            if seat.is_logged_in || seat.says_logged_in() {
                log_out_of(seat)?;
            }
            seat.session.login(UserType::User, pin.as_ref()).map_err(|error| fault::of(&error))?;
            seat.is_logged_in = true;
            Ok(())
        })
    }

    /// C_Logout; nothing where nobody is logged in.
    pub(super) fn log_out(&mut self, slot: u64) -> Result<(), Fault> {
        // Without its session there is no login either, whatever the library makes of the call.
        match self.seats.remove(&slot) {
            Some(mut seat) if seat.is_logged_in => log_out_of(&mut seat),
            _ => Ok(()),
        }
    }

    /// C_SignInit, C_Login for a key that wants it, C_Sign.
    pub(super) fn sign(&mut self, slot: u64, token: &TokenId, work: &Work<'_>) -> Result<Vec<u8>, Fault> {
        let mechanism = raw::narrow(work.mechanism)?;
        self.with_token(slot, Some(token), |raw, context, seat| {
            let pin = work.pin.map(|pin| for_library(pin, seat)).transpose()?;
            let own = own_session(context, slot)?;
            // It belongs to the token that was there when it was opened, which need not be the seat's: only after this
            // look is it known that no other token gets the digest and the PIN.
            if own.is_some() && slots::token_in(raw, slot)?.id != seat.token {
                return Err(fault::own(FaultKind::TokenGone));
            }
            let session = own.as_ref().unwrap_or(&seat.session);
            let key = private_key(raw, session.handle(), work.key)?.ok_or_else(|| not_there(seat))?;
            raw.sign_init(session.handle(), mechanism, key)?;
            if let Some(pin) = pin {
                session.login(UserType::ContextSpecific, pin.as_ref()).map_err(|error| fault::of(&error))?;
            }
            raw.sign(session.handle(), work.data)
        })
    }
}

/// C_Logout; that nobody was logged in, or the token is gone, is no failure of it.
fn log_out_of(seat: &mut Seat) -> Result<(), Fault> {
    seat.is_logged_in = false;
    match seat.session.logout().map_err(|error| fault::of(&error)) {
        Err(fault) if !matches!(fault.kind, FaultKind::NotLoggedIn | FaultKind::TokenGone) => Err(fault),
        _ => Ok(()),
    }
}

/// A session for one operation, so that one that is left half-done (a PIN that was wrong between C_SignInit and C_Sign)
/// stands in no other's way. The login is that of the token's other session. `None` where the token has only one session
/// to give, which libraries say in several ways.
fn own_session(context: &Pkcs11, slot: u64) -> Result<Option<Session>, Fault> {
    let slot = Slot::try_from(slot).map_err(|_| fault::own(FaultKind::TokenGone))?;
    match context.open_ro_session(slot).map_err(|error| fault::of(&error)) {
        Ok(session) => Ok(Some(session)),
        Err(fault) if fault.kind == FaultKind::TokenGone => Err(fault),
        Err(_) => Ok(None),
    }
}

/// The PIN as the library is to get it: nothing, where the reader asks for it itself. An empty one is given to no token:
/// it is nobody's, and would count.
fn for_library(pin: &str, seat: &Seat) -> Result<Option<AuthPin>, Fault> {
    match (pin.is_empty(), seat.pin_pad) {
        (true, true) => Ok(None),
        (true, false) => Err(fault::own(FaultKind::WrongPin)),
        (false, _) => Ok(Some(AuthPin::new(pin.into()))),
    }
}

/// The private key of a CKA_ID that signs, or at least one of that CKA_ID.
fn private_key(raw: &Raw, session: CK_SESSION_HANDLE, id: &[u8]) -> Result<Option<CK_OBJECT_HANDLE>, Fault> {
    if id.is_empty() {
        return Ok(None);
    }
    let found = of_class_and_id(raw, session, CKO_PRIVATE_KEY, id, MOST_OF_ONE_ID)?;
    let signs = |key: &&CK_OBJECT_HANDLE| matches!(raw.flag(session, **key, CKA_SIGN), Ok(Some(true)));
    Ok(found.iter().find(signs).or(found.first()).copied())
}

/// The objects of a class and a CKA_ID.
pub(super) fn of_class_and_id(
    raw: &Raw,
    session: CK_SESSION_HANDLE,
    class: CK_ULONG,
    id: &[u8],
    most: usize,
) -> Result<Vec<CK_OBJECT_HANDLE>, Fault> {
    raw.find(session, Template::new().number(CKA_CLASS, class).octets(CKA_ID, id), most)
}

/// Why a private key was not found.
fn not_there(seat: &Seat) -> Fault {
    fault::own(if seat.is_open() { FaultKind::NoSuchKey } else { FaultKind::NotLoggedIn })
}
