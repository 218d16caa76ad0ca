//! The calls that `cryptoki` cannot make, or makes in trust of what the library says: the one file with unsafe code.
//!
//! `cryptoki` drops mechanisms without a name, has none for those of GOST, sizes its buffers by numbers of the library,
//! and takes a CK_INFO or CK_TOKEN_INFO with one odd field for none at all. Here every buffer is ours and of a size that
//! we chose, and what comes back is compared with it.
//!
//! What each block relies on, beside what it says itself:
//!
//! 1. The functions are those of the library's own CK_FUNCTION_LIST, which stays loaded until the process ends, and have
//!    the signatures of PKCS#11 v2.40, which `cryptoki-sys` took from the standard's header.
//! 2. A pointer that is passed leads to memory of this stack frame, or to a buffer that it owns, alive until the call
//!    returns; the length that goes with it is that of the buffer. A library that keeps a pointer, or writes past the
//!    length, breaks the standard. Nothing in this process can stop it: that is why it is a process of its own, which
//!    holds nothing but this library's tokens.
//! 3. Handles are numbers to the library; a wrong one is its own to refuse.

#![allow(unsafe_code)]
// CK_ULONG has 32 bits on some systems and 64 on others.
#![allow(clippy::useless_conversion, clippy::unnecessary_fallible_conversions)]

use super::{
    fault::{missing, nonsense, of_code, own},
    template::Template,
};
use crate::wire::{Fault, FaultKind, LONGEST_PART};
use cryptoki_sys::{
    CK_ATTRIBUTE, CK_ATTRIBUTE_TYPE, CK_BBOOL, CK_FALSE, CK_FUNCTION_LIST, CK_INFO, CK_INTERFACE, CK_MECHANISM,
    CK_MECHANISM_TYPE, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_SLOT_ID, CK_TOKEN_INFO, CK_ULONG,
    CK_UNAVAILABLE_INFORMATION, CK_VERSION, CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL,
    CKR_OK,
};
use std::{ffi::c_void, mem::ManuallyDrop, path::Path, ptr};
use zeroize::Zeroizing;

/// The most slots or mechanisms for which a list is made, whatever the library says.
const LONGEST_LIST: usize = 4096;

/// How many objects are asked for at once.
const OBJECTS_AT_ONCE: usize = 32;

/// A loaded library, by its function list.
pub(super) struct Raw {
    functions: CK_FUNCTION_LIST,
    // Never unloaded: its own threads may still run in it.
    driver: ManuallyDrop<cryptoki_sys::Pkcs11>,
}

/// CK_INFO, as far as somebody wants it.
pub(super) struct LibraryInfo {
    pub(super) manufacturer: [u8; 32],
    pub(super) description: [u8; 32],
    pub(super) version: (u8, u8),
}

/// A number of the library as the wire has it.
pub(super) fn wide(number: CK_ULONG) -> u64 {
    u64::from(number)
}

/// A number of the wire as the library has it.
pub(super) fn narrow(number: u64) -> Result<CK_ULONG, Fault> {
    CK_ULONG::try_from(number).map_err(|_| own(FaultKind::Unsupported))
}

/// A length of the library as ours; the largest one where it is none of this machine.
fn length(number: CK_ULONG) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn checked(function: &str, code: CK_RV) -> Result<(), Fault> {
    if code == CKR_OK { Ok(()) } else { Err(of_code(function, code)) }
}

/// Whether a list of functions of this version has all those of v2.40: the last of them came with v2.01.
fn is_known(version: CK_VERSION) -> bool {
    (version.major, version.minor) >= (2, 1)
}

impl Raw {
    /// Loads the library; it is not initialised.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        const NAME: &str = "C_GetFunctionList";
        // SAFETY: loading runs the library's initialisers, which is as trustworthy as the library: whoever named it (the
        // catalogue, the administrator, the person) wants it run, and it runs in this process for that reason.
        let library = unsafe { cryptoki_sys::Pkcs11::new(path) }.map_err(|error| {
            // The loader's words name the library and what it lacks, which a person who installed it can use.
            tracing::warn!(%error, "the library cannot be loaded");
            nonsense("dlopen")
        })?;
        let library = ManuallyDrop::new(library);
        let function = *library.C_GetFunctionList.as_ref().map_err(|_| nonsense(NAME))?;
        let mut list: *mut CK_FUNCTION_LIST = ptr::null_mut();
        // SAFETY: 1 and 2 above; the symbol of this name has this signature in every PKCS#11 library.
        checked(NAME, unsafe { function(&raw mut list) })
            .map_err(|fault| Fault { kind: FaultKind::BadLibrary, ..fault })?;
        if list.is_null() {
            return Err(nonsense(NAME));
        }
        // SAFETY: C_GetFunctionList succeeded and gave a pointer to a CK_FUNCTION_LIST of the library's own, of whatever
        // version: each begins with this CK_VERSION. Read without a claim about its alignment.
        let version = unsafe { list.cast::<CK_VERSION>().read_unaligned() };
        if !is_known(version) {
            tracing::warn!(major = version.major, minor = version.minor, "the library is of another PKCS#11");
            return Err(nonsense(NAME));
        }
        // SAFETY: as above; a list of this version has all functions of v2.40, and one of a later version begins with them.
        let functions = unsafe { list.read_unaligned() };
        let raw = Self { functions, driver: library };
        raw.check_interface()?;
        Ok(raw)
    }

    /// Whether C_GetInterface, where there is one, gives what can be followed: `cryptoki` prefers it, and does so without a
    /// look at the pointer in it.
    fn check_interface(&self) -> Result<(), Fault> {
        const NAME: &str = "C_GetInterface";
        let Ok(function) = self.driver.C_GetInterface.as_ref().copied() else { return Ok(()) };
        let mut interface: *mut CK_INTERFACE = ptr::null_mut();
        // SAFETY: 1 and 2 above; NULL is what the standard has for the default interface of any version.
        checked(NAME, unsafe { function(ptr::null_mut(), ptr::null_mut(), &raw mut interface, 0) })
            .map_err(|fault| Fault { kind: FaultKind::BadLibrary, ..fault })?;
        if interface.is_null() {
            // `cryptoki` then takes C_GetFunctionList.
            return Ok(());
        }
        // SAFETY: C_GetInterface succeeded and gave a pointer to a CK_INTERFACE of the library's own. Read without a claim
        // about its alignment.
        let list = unsafe { interface.read_unaligned() }.pFunctionList;
        if list.is_null() {
            return Err(nonsense(NAME));
        }
        // SAFETY: each list of functions begins with this CK_VERSION.
        let version = unsafe { list.cast::<CK_VERSION>().read_unaligned() };
        if is_known(version) { Ok(()) } else { Err(nonsense(NAME)) }
    }

    /// C_Initialize with NULL: the library need not expect more than one thread.
    pub(super) fn initialize_without_arguments(&self) -> Result<(), Fault> {
        const NAME: &str = "C_Initialize";
        let function = self.functions.C_Initialize.ok_or_else(|| missing(NAME))?;
        // SAFETY: 1 above; NULL is what the standard has for "no arguments".
        checked(NAME, unsafe { function(ptr::null_mut()) })
    }

    /// C_GetInfo.
    pub(super) fn info(&self) -> Result<LibraryInfo, Fault> {
        const NAME: &str = "C_GetInfo";
        let function = self.functions.C_GetInfo.ok_or_else(|| missing(NAME))?;
        let mut info = CK_INFO::default();
        // SAFETY: 1 and 2 above.
        checked(NAME, unsafe { function(&raw mut info) })?;
        let CK_INFO { manufacturerID: manufacturer, libraryDescription: description, libraryVersion: version, .. } =
            info;
        Ok(LibraryInfo { manufacturer, description, version: (version.major, version.minor) })
    }

    /// C_GetSlotList, of all slots, at most so many.
    pub(super) fn slots(&self, most: usize) -> Result<Vec<CK_SLOT_ID>, Fault> {
        const NAME: &str = "C_GetSlotList";
        let function = self.functions.C_GetSlotList.ok_or_else(|| missing(NAME))?;
        list(NAME, most, |slots, count| {
            // SAFETY: 1 and 2 above; `list` gives NULL or a buffer of `*count` slots.
            unsafe { function(CK_FALSE, slots, count) }
        })
    }

    /// C_GetTokenInfo.
    pub(super) fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, Fault> {
        const NAME: &str = "C_GetTokenInfo";
        let function = self.functions.C_GetTokenInfo.ok_or_else(|| missing(NAME))?;
        let mut info = CK_TOKEN_INFO::default();
        // SAFETY: 1 and 2 above.
        checked(NAME, unsafe { function(slot, &raw mut info) })?;
        Ok(info)
    }

    /// C_GetMechanismList, at most so many, known or not.
    pub(super) fn mechanisms(&self, slot: CK_SLOT_ID, most: usize) -> Result<Vec<CK_MECHANISM_TYPE>, Fault> {
        const NAME: &str = "C_GetMechanismList";
        let function = self.functions.C_GetMechanismList.ok_or_else(|| missing(NAME))?;
        list(NAME, most, |mechanisms, count| {
            // SAFETY: 1 and 2 above; `list` gives NULL or a buffer of `*count` mechanisms.
            unsafe { function(slot, mechanisms, count) }
        })
    }

    /// C_FindObjectsInit, C_FindObjects, C_FindObjectsFinal: the objects of a template, at most so many.
    pub(super) fn find(
        &self,
        session: CK_SESSION_HANDLE,
        mut template: Template,
        most: usize,
    ) -> Result<Vec<CK_OBJECT_HANDLE>, Fault> {
        let begin = self.functions.C_FindObjectsInit.ok_or_else(|| missing("C_FindObjectsInit"))?;
        let next = self.functions.C_FindObjects.ok_or_else(|| missing("C_FindObjects"))?;
        let end = self.functions.C_FindObjectsFinal.ok_or_else(|| missing("C_FindObjectsFinal"))?;
        let mut attributes = template.attributes();
        // SAFETY: 1 and 2 above; the attributes point into `template`, which lives on.
        let code = unsafe { begin(session, attributes.as_mut_ptr(), attributes.len() as CK_ULONG) };
        checked("C_FindObjectsInit", code)?;
        let mut found = Vec::new();
        let result = loop {
            let mut batch = [CK_OBJECT_HANDLE::default(); OBJECTS_AT_ONCE];
            let mut count: CK_ULONG = 0;
            // SAFETY: 1 and 2 above; the buffer has room for as many as are asked for.
            let code = unsafe { next(session, batch.as_mut_ptr(), OBJECTS_AT_ONCE as CK_ULONG, &raw mut count) };
            if let Err(fault) = checked("C_FindObjects", code) {
                break Err(fault);
            }
            let Some(batch) = batch.get(..length(count)) else { break Err(nonsense("C_FindObjects")) };
            found.extend_from_slice(batch);
            if batch.is_empty() || found.len() >= most {
                break Ok(());
            }
        };
        // SAFETY: 1 above. The search ends also where it failed, or the session would take no other.
        let ended = unsafe { end(session) };
        result?;
        checked("C_FindObjectsFinal", ended)?;
        found.truncate(most);
        Ok(found)
    }

    /// An attribute of any length up to `longest`; `None` where the object has none, does not show it, or has a longer one.
    pub(super) fn octets(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        attribute: CK_ATTRIBUTE_TYPE,
        longest: usize,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let mut value = vec![0_u8; longest];
        let got = self.attribute(session, object, attribute, value.as_mut_ptr().cast(), longest)?;
        Ok(got.map(|length| {
            value.truncate(length);
            value.shrink_to_fit();
            value
        }))
    }

    /// An attribute that is a CK_ULONG.
    pub(super) fn number(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        attribute: CK_ATTRIBUTE_TYPE,
    ) -> Result<Option<CK_ULONG>, Fault> {
        let mut value: CK_ULONG = 0;
        let room = size_of::<CK_ULONG>();
        let got = self.attribute(session, object, attribute, (&raw mut value).cast(), room)?;
        Ok((got == Some(room)).then_some(value))
    }

    /// An attribute that is a CK_BBOOL.
    pub(super) fn flag(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        attribute: CK_ATTRIBUTE_TYPE,
    ) -> Result<Option<bool>, Fault> {
        let mut value: CK_BBOOL = CK_FALSE;
        let room = size_of::<CK_BBOOL>();
        let got = self.attribute(session, object, attribute, (&raw mut value).cast(), room)?;
        Ok((got == Some(room)).then_some(value != CK_FALSE))
    }

    /// C_GetAttributeValue of one attribute into `room` octets at `buffer`; how many there are.
    ///
    /// One attribute at a time, because some libraries refuse a whole template for one attribute that they do not know.
    fn attribute(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        attribute: CK_ATTRIBUTE_TYPE,
        buffer: *mut c_void,
        room: usize,
    ) -> Result<Option<usize>, Fault> {
        const NAME: &str = "C_GetAttributeValue";
        let function = self.functions.C_GetAttributeValue.ok_or_else(|| missing(NAME))?;
        let mut template = CK_ATTRIBUTE { type_: attribute, pValue: buffer, ulValueLen: room as CK_ULONG };
        // SAFETY: 1 and 2 above; the three callers give a buffer that they own, with its length.
        match unsafe { function(session, object, &raw mut template, 1) } {
            CKR_OK => {}
            CKR_ATTRIBUTE_SENSITIVE | CKR_ATTRIBUTE_TYPE_INVALID | CKR_BUFFER_TOO_SMALL => return Ok(None),
            code => return Err(of_code(NAME, code)),
        }
        match template.ulValueLen {
            CK_UNAVAILABLE_INFORMATION => Ok(None),
            got if length(got) <= room => Ok(Some(length(got))),
            _ => Err(nonsense(NAME)),
        }
    }

    /// C_CreateObject.
    pub(super) fn create(&self, session: CK_SESSION_HANDLE, mut template: Template) -> Result<CK_OBJECT_HANDLE, Fault> {
        const NAME: &str = "C_CreateObject";
        let function = self.functions.C_CreateObject.ok_or_else(|| missing(NAME))?;
        let mut attributes = template.attributes();
        let mut object: CK_OBJECT_HANDLE = 0;
        // SAFETY: 1 and 2 above; the attributes point into `template`, which lives on.
        let code = unsafe { function(session, attributes.as_mut_ptr(), attributes.len() as CK_ULONG, &raw mut object) };
        checked(NAME, code)?;
        Ok(object)
    }

    /// C_DestroyObject.
    pub(super) fn destroy(&self, session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) -> Result<(), Fault> {
        const NAME: &str = "C_DestroyObject";
        let function = self.functions.C_DestroyObject.ok_or_else(|| missing(NAME))?;
        // SAFETY: 1 and 3 above.
        checked(NAME, unsafe { function(session, object) })
    }

    /// C_GenerateKeyPair with a mechanism without parameters; the public and the private key.
    pub(super) fn generate(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        mut public: Template,
        mut private: Template,
    ) -> Result<(CK_OBJECT_HANDLE, CK_OBJECT_HANDLE), Fault> {
        const NAME: &str = "C_GenerateKeyPair";
        let function = self.functions.C_GenerateKeyPair.ok_or_else(|| missing(NAME))?;
        let mut mechanism = bare(mechanism);
        let (mut of_public, mut of_private) = (public.attributes(), private.attributes());
        let (mut public_key, mut private_key): (CK_OBJECT_HANDLE, CK_OBJECT_HANDLE) = (0, 0);
        // SAFETY: 1 and 2 above; the attributes point into `public` and `private`, which live on.
        let code = unsafe {
            function(
                session,
                &raw mut mechanism,
                of_public.as_mut_ptr(),
                of_public.len() as CK_ULONG,
                of_private.as_mut_ptr(),
                of_private.len() as CK_ULONG,
                &raw mut public_key,
                &raw mut private_key,
            )
        };
        checked(NAME, code)?;
        Ok((public_key, private_key))
    }

    /// C_SignInit with a mechanism without parameters.
    pub(super) fn sign_init(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        const NAME: &str = "C_SignInit";
        let function = self.functions.C_SignInit.ok_or_else(|| missing(NAME))?;
        let mut mechanism = bare(mechanism);
        // SAFETY: 1, 2 and 3 above.
        checked(NAME, unsafe { function(session, &raw mut mechanism, key) })
    }

    /// C_Sign.
    pub(super) fn sign(&self, session: CK_SESSION_HANDLE, data: &[u8]) -> Result<Vec<u8>, Fault> {
        const NAME: &str = "C_Sign";
        let function = self.functions.C_Sign.ok_or_else(|| missing(NAME))?;
        // The standard takes the data by a pointer through which one may write.
        let mut data = data.to_vec();
        let mut signature = vec![0_u8; LONGEST_PART];
        let mut got = LONGEST_PART as CK_ULONG;
        // SAFETY: 1 and 2 above. A frame's length, and so the data's, fits into 32 bits.
        let code = unsafe {
            function(session, data.as_mut_ptr(), data.len() as CK_ULONG, signature.as_mut_ptr(), &raw mut got)
        };
        checked(NAME, code)?;
        if length(got) > signature.len() {
            return Err(nonsense(NAME));
        }
        signature.truncate(length(got));
        Ok(signature)
    }

    /// C_SetPIN for whoever's session it is; of an empty PIN the library gets none, and the reader asks for it.
    pub(super) fn set_pin(&self, session: CK_SESSION_HANDLE, present: &[u8], new: &[u8]) -> Result<(), Fault> {
        const NAME: &str = "C_SetPIN";
        let function = self.functions.C_SetPIN.ok_or_else(|| missing(NAME))?;
        // The standard takes them by pointers through which one may write.
        let (mut present, mut new) = (Zeroizing::new(present.to_vec()), Zeroizing::new(new.to_vec()));
        let given = |pin: &mut [u8]| if pin.is_empty() { ptr::null_mut() } else { pin.as_mut_ptr() };
        let (at_present, at_new) = (given(&mut present), given(&mut new));
        // SAFETY: 1 and 2 above. A frame's length, and so a PIN's, fits into 32 bits.
        checked(NAME, unsafe {
            function(session, at_present, present.len() as CK_ULONG, at_new, new.len() as CK_ULONG)
        })
    }
}

/// A mechanism without parameters.
fn bare(mechanism: CK_MECHANISM_TYPE) -> CK_MECHANISM {
    CK_MECHANISM { mechanism, pParameter: ptr::null_mut(), ulParameterLen: 0 }
}

/// A list that a library gives in two calls: how many (NULL), then which. It may have grown in between, so there is more
/// room than was asked for, and never more than [`LONGEST_LIST`].
fn list(name: &str, most: usize, call: impl Fn(*mut CK_ULONG, *mut CK_ULONG) -> CK_RV) -> Result<Vec<CK_ULONG>, Fault> {
    let mut count: CK_ULONG = 0;
    checked(name, call(ptr::null_mut(), &raw mut count))?;
    let room = length(count).saturating_add(8).min(LONGEST_LIST);
    let mut list = vec![CK_ULONG::default(); room];
    let mut count = room as CK_ULONG;
    checked(name, call(list.as_mut_ptr(), &raw mut count))?;
    if length(count) > room {
        return Err(nonsense(name));
    }
    list.truncate(length(count).min(most));
    Ok(list)
}
