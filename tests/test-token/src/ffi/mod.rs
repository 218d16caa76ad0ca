//! The C interface: PKCS#11 v2.40, and the only unsafe code of this package.
//!
//! The argument for it: a C function that is called from elsewhere gets pointers, and has nothing but the caller's word
//! that they are good. That word is given by PKCS#11 itself; [`pointers`] writes it down, and holds every pointer to it in
//! types whose methods are safe. Each function here does nothing with a pointer but put it into such a type. What the
//! library does then ([`crate::module`], [`crate::objects`]) is safe code that never sees a pointer.
//!
//! `no_mangle` is unsafe because two functions of one name may meet in a program. These names are those of every PKCS#11
//! library: such a library is loaded by `dlopen`, which keeps them apart, and programs do not export what they link.

#![allow(unsafe_code, reason = "being a C library; the argument stands above")]
#![allow(non_snake_case, reason = "the names are those of PKCS#11")]

mod missing;
mod pointers;
mod table;

use std::{
    ffi::c_void,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use cryptoki_sys::*;

use self::{
    pointers::{Attributes, In, Out, Room},
    table::FUNCTIONS,
};
use crate::{
    card::Answer,
    fault::{ABSURD, Twist},
    library::Library,
    module::Module,
};

static STATE: Mutex<Option<Module>> = Mutex::new(None);

/// What a call is about, as far as faults are concerned.
#[derive(Clone, Copy)]
enum About {
    Library,
    Slot(CK_SLOT_ID),
    Session(CK_SESSION_HANDLE),
}

fn state() -> MutexGuard<'static, Option<Module>> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn library() -> Answer<&'static Library> {
    Library::at(C_GetFunctionList as *const () as usize).ok_or(CKR_GENERAL_ERROR)
}

/// What goes wrong before a function begins, and what becomes of what it gives out. Nothing is held meanwhile: a function
/// that sleeps does not keep others waiting.
fn meet(function: &str, about: About) -> Answer<Twist> {
    let of_library = library()?.meet(function)?;
    let card = state().as_mut().and_then(|module| {
        let slot = match about {
            About::Library => None,
            About::Slot(slot) => Some(slot),
            About::Session(session) => module.slot_of(session),
        };
        module.faults(slot?)
    });
    let of_card = card.map_or(Ok(Twist::None), |card| card.meet(function))?;
    Ok(if of_card == Twist::None { of_library } else { of_card })
}

/// A function of an initialised library.
fn call(function: &str, about: About, body: impl FnOnce(&mut Module, Twist) -> Answer<()>) -> CK_RV {
    let called = || {
        let twist = meet(function, about).inspect_err(|code| {
            if let (About::Session(session), "C_Sign") = (about, function)
                && *code != CKR_BUFFER_TOO_SMALL
                && let Some(module) = state().as_mut()
            {
                module.end_signing(session);
            }
        })?;
        body(state().as_mut().ok_or(CKR_CRYPTOKI_NOT_INITIALIZED)?, twist)
    };
    code(called())
}

/// A function that the library does not have.
fn refuse(function: &str, answer: CK_RV) -> CK_RV {
    code(meet(function, About::Library).and(Err(answer)))
}

fn code(answer: Answer<()>) -> CK_RV {
    answer.err().unwrap_or(CKR_OK)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    // SAFETY: the caller's promise.
    let list = unsafe { Out::new(list) };
    // Callers must not write to it, and never do; the type is C's, which has no other.
    let given = || {
        meet("C_GetFunctionList", About::Library)?;
        list.put((&raw const FUNCTIONS).cast_mut(), Twist::None)
    };
    code(given())
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_Initialize(arguments: *mut c_void) -> CK_RV {
    // SAFETY: the caller's promise: null, or one CK_C_INITIALIZE_ARGS.
    let arguments = unsafe { In::new(arguments.cast::<CK_C_INITIALIZE_ARGS>(), CK_ULONG::from(!arguments.is_null())) };
    let initialised = || {
        meet("C_Initialize", About::Library)?;
        if let [given] = arguments.get()? {
            let locks = [
                given.CreateMutex.is_some(),
                given.DestroyMutex.is_some(),
                given.LockMutex.is_some(),
                given.UnlockMutex.is_some(),
            ];
            let (all, none) = (locks.iter().all(|is| *is), locks.iter().all(|is| !is));
            if !given.pReserved.is_null() || !all && !none {
                return Err(CKR_ARGUMENTS_BAD);
            }
            // The system's own locks are all that is had here.
            if all && given.flags & CKF_OS_LOCKING_OK == 0 {
                return Err(CKR_CANT_LOCK);
            }
        }
        let mut state = state();
        if state.is_some() {
            return Err(CKR_CRYPTOKI_ALREADY_INITIALIZED);
        }
        *state = Some(Module::new(library()?)?);
        Ok(())
    };
    code(initialised())
}

#[unsafe(no_mangle)]
extern "C" fn C_Finalize(reserved: *mut c_void) -> CK_RV {
    let finalised = || {
        meet("C_Finalize", About::Library)?;
        if !reserved.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        state().take().map(drop).ok_or(CKR_CRYPTOKI_NOT_INITIALIZED)
    };
    code(finalised())
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetInfo(info: *mut CK_INFO) -> CK_RV {
    // SAFETY: the caller's promise.
    let info = unsafe { Out::new(info) };
    call("C_GetInfo", About::Library, |module, twist| info.put(module.info(), twist))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetSlotList(with_token: CK_BBOOL, list: *mut CK_SLOT_ID, count: *mut CK_ULONG) -> CK_RV {
    // SAFETY: the caller's promise.
    let room = unsafe { Room::new(list, count) };
    call("C_GetSlotList", About::Library, |module, twist| room.fill(&module.slot_list(with_token != CK_FALSE), twist))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetSlotInfo(slot: CK_SLOT_ID, info: *mut CK_SLOT_INFO) -> CK_RV {
    // SAFETY: the caller's promise.
    let info = unsafe { Out::new(info) };
    call("C_GetSlotInfo", About::Slot(slot), |module, twist| info.put(module.slot_info(slot)?, twist))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, info: *mut CK_TOKEN_INFO) -> CK_RV {
    // SAFETY: the caller's promise.
    let info = unsafe { Out::new(info) };
    call("C_GetTokenInfo", About::Slot(slot), |module, twist| info.put(module.token_info(slot)?, twist))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_WaitForSlotEvent(flags: CK_FLAGS, slot: *mut CK_SLOT_ID, reserved: *mut c_void) -> CK_RV {
    // SAFETY: the caller's promise.
    let slot = unsafe { Out::new(slot) };
    let waited = || {
        let twist = meet("C_WaitForSlotEvent", About::Library)?;
        if !reserved.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        slot.is_there()?;
        loop {
            // The library may be finalised by another thread meanwhile, which ends the waiting (§5.5).
            let event = state().as_mut().ok_or(CKR_CRYPTOKI_NOT_INITIALIZED)?.slot_event()?;
            match event {
                Some(id) => return slot.put(id, twist),
                None if flags & CKF_DONT_BLOCK != 0 => return Err(CKR_NO_EVENT),
                None => thread::sleep(Duration::from_millis(10)),
            }
        }
    };
    code(waited())
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetMechanismList(slot: CK_SLOT_ID, list: *mut CK_MECHANISM_TYPE, count: *mut CK_ULONG) -> CK_RV {
    // SAFETY: the caller's promise.
    let room = unsafe { Room::new(list, count) };
    call("C_GetMechanismList", About::Slot(slot), |module, twist| room.fill(&module.mechanisms(slot)?, twist))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetMechanismInfo(
    slot: CK_SLOT_ID,
    mechanism: CK_MECHANISM_TYPE,
    info: *mut CK_MECHANISM_INFO,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let info = unsafe { Out::new(info) };
    call("C_GetMechanismInfo", About::Slot(slot), |module, twist| {
        info.put(module.mechanism_info(slot, mechanism)?, twist)
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_OpenSession(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    _application: *mut c_void,
    _notify: CK_NOTIFY,
    session: *mut CK_SESSION_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let session = unsafe { Out::new(session) };
    call("C_OpenSession", About::Slot(slot), |module, twist| {
        session.is_there()?;
        session.put(module.open_session(slot, flags)?, twist)
    })
}

#[unsafe(no_mangle)]
extern "C" fn C_CloseSession(session: CK_SESSION_HANDLE) -> CK_RV {
    call("C_CloseSession", About::Session(session), |module, _| module.close_session(session))
}

#[unsafe(no_mangle)]
extern "C" fn C_CloseAllSessions(slot: CK_SLOT_ID) -> CK_RV {
    call("C_CloseAllSessions", About::Slot(slot), |module, _| module.close_all_sessions(slot))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetSessionInfo(session: CK_SESSION_HANDLE, info: *mut CK_SESSION_INFO) -> CK_RV {
    // SAFETY: the caller's promise.
    let info = unsafe { Out::new(info) };
    call("C_GetSessionInfo", About::Session(session), |module, twist| info.put(module.session_info(session)?, twist))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_Login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let pin = unsafe { In::new(pin.cast_const(), length) };
    call("C_Login", About::Session(session), |module, _| module.login(session, user, optional(&pin)?))
}

#[unsafe(no_mangle)]
extern "C" fn C_Logout(session: CK_SESSION_HANDLE) -> CK_RV {
    call("C_Logout", About::Session(session), |module, _| module.logout(session))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_SetPIN(
    session: CK_SESSION_HANDLE,
    old: *mut CK_UTF8CHAR,
    old_length: CK_ULONG,
    new: *mut CK_UTF8CHAR,
    new_length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise, for both.
    let (old, new) = unsafe { (In::new(old.cast_const(), old_length), In::new(new.cast_const(), new_length)) };
    call("C_SetPIN", About::Session(session), |module, _| module.set_pin(session, optional(&old)?, optional(&new)?))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_FindObjectsInit(
    session: CK_SESSION_HANDLE,
    template: *mut CK_ATTRIBUTE,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let template = unsafe { Attributes::new(template, length) };
    call("C_FindObjectsInit", About::Session(session), |module, _| module.find_begin(session, &template.read()?))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_FindObjects(
    session: CK_SESSION_HANDLE,
    list: *mut CK_OBJECT_HANDLE,
    most: CK_ULONG,
    count: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let count = unsafe { Out::new(count) };
    call("C_FindObjects", About::Session(session), |module, twist| {
        count.is_there()?;
        if list.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        let found = module.find_next(session, usize::try_from(most).map_err(|_| CKR_ARGUMENTS_BAD)?)?;
        let mut given = most;
        // SAFETY: the caller's promise: the list has room for `most`, which stands beside it here.
        unsafe { Room::new(list, &raw mut given) }.fill(&found, twist)?;
        // Handles that are garbage are as many as there were.
        count.put(if twist == Twist::Absurd { ABSURD } else { found.len() as CK_ULONG }, Twist::None)
    })
}

#[unsafe(no_mangle)]
extern "C" fn C_FindObjectsFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    call("C_FindObjectsFinal", About::Session(session), |module, _| module.find_end(session))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let template = unsafe { Attributes::new(template, length) };
    call("C_GetAttributeValue", About::Session(session), |module, twist| {
        let (object, card) = module.object(session, object)?;
        template.answer(|attribute| object.attribute(attribute, &card), twist)
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_SetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: *mut CK_ATTRIBUTE,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let template = unsafe { Attributes::new(template, length) };
    call("C_SetAttributeValue", About::Session(session), |module, _| {
        module.set_attributes(session, object, &template.read()?)
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_CreateObject(
    session: CK_SESSION_HANDLE,
    template: *mut CK_ATTRIBUTE,
    length: CK_ULONG,
    object: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise, for both.
    let (template, object) = unsafe { (Attributes::new(template, length), Out::new(object)) };
    call("C_CreateObject", About::Session(session), |module, twist| {
        object.is_there()?;
        object.put(module.create(session, &template.read()?)?, twist)
    })
}

#[unsafe(no_mangle)]
extern "C" fn C_DestroyObject(session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) -> CK_RV {
    call("C_DestroyObject", About::Session(session), |module, _| module.destroy(session, object))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_GenerateKeyPair(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    public: *mut CK_ATTRIBUTE,
    public_length: CK_ULONG,
    private: *mut CK_ATTRIBUTE,
    private_length: CK_ULONG,
    public_key: *mut CK_OBJECT_HANDLE,
    private_key: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise, for both templates.
    let (public, private) =
        unsafe { (Attributes::new(public, public_length), Attributes::new(private, private_length)) };
    // SAFETY: the caller's promise, for the mechanism and both handles.
    let (mechanism, public_key, private_key) =
        unsafe { (In::new(mechanism.cast_const(), 1), Out::new(public_key), Out::new(private_key)) };
    call("C_GenerateKeyPair", About::Session(session), |module, twist| {
        public_key.is_there().and(private_key.is_there())?;
        let made = module.generate(session, bare(&mechanism)?, &public.read()?, &private.read()?)?;
        public_key.put(made.0, twist)?;
        private_key.put(made.1, twist)
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_SignInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise.
    let mechanism = unsafe { In::new(mechanism.cast_const(), 1) };
    call("C_SignInit", About::Session(session), |module, _| module.sign_begin(session, bare(&mechanism)?, key))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn C_Sign(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    length: CK_ULONG,
    signature: *mut CK_BYTE,
    signature_length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise, for both.
    let (data, room) = unsafe { (In::new(data.cast_const(), length), Room::new(signature, signature_length)) };
    call("C_Sign", About::Session(session), |module, twist| {
        // Neither a question for the length nor a buffer that is too small ends what C_SignInit began (§5.2).
        if room.length(module.signature_length(session)?, twist)? {
            return Ok(());
        }
        room.fill(&module.sign(session, data.get()?)?, twist)
    })
}

/// What a null pointer leaves out.
fn optional(octets: &In<u8>) -> Answer<Option<&[u8]>> {
    if octets.is_null() { Ok(None) } else { octets.get().map(Some) }
}

/// A mechanism; those that are here take no parameter.
fn bare(mechanism: &In<CK_MECHANISM>) -> Answer<CK_MECHANISM_TYPE> {
    match mechanism.get()? {
        [CK_MECHANISM { mechanism, ulParameterLen: 0, .. }] => Ok(*mechanism),
        [_] => Err(CKR_MECHANISM_PARAM_INVALID),
        _ => Err(CKR_ARGUMENTS_BAD),
    }
}
