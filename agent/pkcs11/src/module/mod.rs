//! A vendor's library: a safe room around a C interface that may say anything.
//!
//! - `raw`: the calls themselves, the only unsafe code.
//! - `fault`: what a CK_RV means; `text`: strings as libraries give them; `template`: attributes that are given to one.
//! - `slots`: which tokens there are.
//! - `listing`: which keys and certificates a token shows.
//! - `using`: logging in and signing.
//! - `writing`: making, writing and removing keys and certificates.
//!
//! Counts, lengths and strings are bounded here, whatever the library says. A login belongs to one token: before a PIN or
//! a digest goes to a slot, the token in it is compared with the one that was named, on a session that ends when that
//! token goes. No PIN is ever given twice.

mod fault;
mod listing;
mod raw;
mod slots;
mod template;
mod text;
mod using;
mod writing;

use crate::wire::{Fault, FaultKind, FromHost, Reply, Request, TokenId, VERSION};
use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    session::{Session, SessionState},
    slot::Slot,
};
use raw::Raw;
use std::{collections::BTreeMap, mem::ManuallyDrop, path::Path};
use zeroize::Zeroizing;

/// A library that was loaded and initialised.
pub(crate) struct Module {
    raw: Raw,
    // Never unloaded: see `Raw`.
    context: ManuallyDrop<Pkcs11>,
    /// Whether it was told of more than one thread, and took it.
    takes_threads: bool,
    /// By CK_SLOT_ID.
    seats: BTreeMap<u64, Seat>,
}

/// A session with the token of a slot, and whose it is. While it is open, a login lasts.
struct Seat {
    session: Session,
    token: TokenId,
    pin_pad: bool,
    needs_login: bool,
    is_logged_in: bool,
}

impl Seat {
    /// Whether private keys can be seen now.
    fn is_open(&self) -> bool {
        self.is_logged_in || !self.needs_login
    }

    /// Whether the library still knows the session: it ends when the token is taken out.
    fn is_alive(&self) -> bool {
        match self.session.get_session_info() {
            // A library that tells nothing of its sessions, or a state without a name, says nothing against it.
            Err(error @ Error::Pkcs11(..)) => fault::of(&error).kind == FaultKind::Unsupported,
            _ => true,
        }
    }

    /// Whether the library takes us for logged in, whatever we remember.
    fn says_logged_in(&self) -> bool {
        self.session
            .get_session_info()
            .is_ok_and(|info| matches!(info.session_state(), SessionState::RoUser | SessionState::RwUser))
    }
}

impl Module {
    /// Loads a library and initialises it.
    pub(crate) fn load(library: &Path) -> Result<Self, Fault> {
        // A name without a folder would be looked for in places that nobody named; a pipe would be waited for.
        if !library.is_absolute() || !library.is_file() {
            return Err(fault::own(FaultKind::BadLibrary));
        }
        // First ourselves: `cryptoki` follows the pointers to the function lists without a look at them.
        let raw = Raw::open(library)?;
        let context =
            Pkcs11::new(library).map_err(|error| Fault { kind: FaultKind::BadLibrary, ..fault::of(&error) })?;
        let takes_threads = initialize(&raw, &context)?;
        Ok(Self { raw, context: ManuallyDrop::new(context), takes_threads, seats: BTreeMap::new() })
    }

    /// The first word of a host.
    pub(crate) fn ready(&self) -> FromHost {
        // A library that cannot say who made it may do all else.
        let (manufacturer, description, library_version) = self.raw.info().map_or_else(
            |_| (String::new(), String::new(), (0, 0)),
            |info| (text::of(&info.manufacturer), text::of(&info.description), info.version),
        );
        FromHost::Ready { version: VERSION, manufacturer, description, library_version }
    }

    /// Does what is asked.
    pub(crate) fn answer(&mut self, request: Request, pins: &[Zeroizing<String>]) -> Reply {
        let pin = |which: usize| pins.get(which).map_or("", |pin| pin.as_str());
        let done = |(): ()| Reply::Done;
        let result = match request {
            Request::Slots => self.slots().map(Reply::Slots),
            Request::Keys { slot } => self.keys(slot).map(Reply::Keys),
            Request::LogIn { slot, token } => self.log_in(slot, &token, pin(0)).map(done),
            Request::LogOut { slot } => self.log_out(slot).map(done),
            Request::Sign { slot, token, key, mechanism, data, pin: again } => {
                let work = using::Work { key: &key, mechanism, data: &data, pin: again.then(|| pin(0)) };
                self.sign(slot, &token, &work).map(|signature| Reply::Signature(signature.into()))
            }
            Request::Generate { slot, token, kind, id, label } => {
                self.generate(slot, &token, &kind, &id, &label).map(Reply::Made)
            }
            Request::PutCertificate { slot, token, id, label, certificate, subject, replaces } => {
                let new =
                    writing::NewCertificate { id: &id, label: &label, certificate: &certificate, subject: &subject };
                self.put_certificate(slot, &token, &new, &replaces).map(done)
            }
            Request::Remove { slot, token, id, certificates } => {
                self.remove(slot, &token, &id, &certificates).map(done)
            }
            Request::SetPin { slot, token } => self.set_pin(slot, &token, pin(0), pin(1)).map(done),
        };
        result.unwrap_or_else(Reply::Failed)
    }

    /// Whoever can wait for slot events in a thread of his own, beside the other calls; `None` where the library must not
    /// be called from two threads.
    pub(crate) fn events(&self) -> Option<Pkcs11> {
        self.takes_threads.then(|| Pkcs11::clone(&self.context))
    }

    /// Logs out and closes all sessions. The library is not finalised: some wait for their own threads in it.
    pub(crate) fn close(&mut self) {
        for (_, seat) in std::mem::take(&mut self.seats) {
            if seat.is_logged_in {
                let _ = seat.session.logout();
            }
        }
    }

    /// Does something with the token of a slot, and with that named one if one is named.
    fn with_token<T>(
        &mut self,
        slot: u64,
        named: Option<&TokenId>,
        act: impl FnOnce(&Raw, &Pkcs11, &mut Seat) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let result = self.take_seat(slot, named).and_then(|()| match self.seats.get_mut(&slot) {
            Some(seat) => act(&self.raw, &self.context, seat),
            None => Err(fault::own(FaultKind::TokenGone)),
        });
        result.map_err(|fault| self.blame(slot, fault))
    }

    /// Sees to it that there is a session with the token that is in the slot now, and that it is the named one.
    fn take_seat(&mut self, slot: u64, named: Option<&TokenId>) -> Result<(), Fault> {
        let is_right = match self.seats.get(&slot) {
            Some(seat) => seat.is_alive() && self.token(slot)?.id == seat.token,
            None => false,
        };
        if !is_right {
            // With the old session goes its login.
            self.seats.remove(&slot);
            let seat = self.open_seat(slot)?;
            self.seats.insert(slot, seat);
        }
        let is_named = |seat: &Seat| named.is_none_or(|named| *named == seat.token);
        if self.seats.get(&slot).is_some_and(is_named) { Ok(()) } else { Err(fault::own(FaultKind::TokenGone)) }
    }

    /// The session comes before the look at the token: it belongs to the token that was there when it was opened, and ends
    /// with it, so that the token is that of the look or the session is dead.
    fn open_seat(&self, slot: u64) -> Result<Seat, Fault> {
        let at = Slot::try_from(slot).map_err(|_| fault::own(FaultKind::TokenGone))?;
        let session = self.context.open_ro_session(at).map_err(|error| fault::of(&error))?;
        let token = self.token(slot)?;
        Ok(Seat {
            session,
            token: token.id,
            pin_pad: token.pin_pad,
            needs_login: token.needs_login,
            is_logged_in: false,
        })
    }

    /// After a failure: whether it was because the token is gone, which many libraries call a general error.
    fn blame(&mut self, slot: u64, fault: Fault) -> Fault {
        let is_there = |context: &Pkcs11| {
            Slot::try_from(slot).and_then(|slot| context.get_slot_info(slot)).is_ok_and(|info| info.token_present())
        };
        let kind = match fault.kind {
            FaultKind::Other if fault.code != 0 && !is_there(&self.context) => FaultKind::TokenGone,
            kind => kind,
        };
        match (kind, self.seats.get_mut(&slot)) {
            (FaultKind::TokenGone, Some(seat)) if !seat.is_alive() => _ = self.seats.remove(&slot),
            (FaultKind::NotLoggedIn, Some(seat)) => seat.is_logged_in = false,
            _ => {}
        }
        Fault { kind, ..fault }
    }
}

/// C_Initialize, first with locks of the system, so that two threads may call; whether the library took that.
fn initialize(raw: &Raw, context: &Pkcs11) -> Result<bool, Fault> {
    let first = context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    if matches!(first, Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _))) {
        return Ok(true);
    }
    // Old ones know no arguments, or no locks, and say so in many ways.
    raw.initialize_without_arguments().map_err(|fault| Fault { kind: FaultKind::BadLibrary, ..fault })?;
    Ok(false)
}
