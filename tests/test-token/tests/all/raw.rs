//! The C interface without anything in between: tests of return codes want exactly those.
//!
//! The argument for the unsafe code: every pointer given here is to a value of this function's own, or to a slice whose
//! length stands beside it.
#![allow(unsafe_code)]

use std::{path::Path, ptr};

use cryptoki_sys::*;

pub struct Raw(Pkcs11);

pub type Session = CK_SESSION_HANDLE;
pub type Object = CK_OBJECT_HANDLE;

/// An attribute: its type, and its value.
pub type Given<'a> = (CK_ATTRIBUTE_TYPE, &'a [u8]);

pub fn ulong(number: CK_ULONG) -> [u8; 8] {
    number.to_ne_bytes()
}

fn attributes(given: &[Given<'_>]) -> Vec<CK_ATTRIBUTE> {
    let attribute = |(type_, value): &Given<'_>| CK_ATTRIBUTE {
        type_: *type_,
        pValue: value.as_ptr().cast_mut().cast(),
        ulValueLen: value.len() as CK_ULONG,
    };
    given.iter().map(attribute).collect()
}

fn mechanism(mechanism: CK_MECHANISM_TYPE) -> CK_MECHANISM {
    CK_MECHANISM { mechanism, pParameter: ptr::null_mut(), ulParameterLen: 0 }
}

fn came_to<T>(code: CK_RV, value: T) -> Result<T, CK_RV> {
    if code == CKR_OK { Ok(value) } else { Err(code) }
}

impl Raw {
    /// Loads a library, without initialising it.
    pub fn load(library: &Path) -> Self {
        // SAFETY: the library was placed by this test, and what it does when it is loaded is nothing.
        Self(unsafe { Pkcs11::new(library) }.expect("the library loads"))
    }

    /// Loads and initialises a library.
    pub fn ready(library: &Path) -> Self {
        let raw = Self::load(library);
        raw.initialize().unwrap();
        raw
    }

    pub fn initialize(&self) -> Result<(), CK_RV> {
        // SAFETY: null is allowed here.
        came_to(unsafe { self.0.C_Initialize(ptr::null_mut()) }, ())
    }

    pub fn initialize_with(&self, flags: CK_FLAGS, reserved: bool) -> Result<(), CK_RV> {
        let mut here = 0_u8;
        let mut arguments = CK_C_INITIALIZE_ARGS {
            CreateMutex: None,
            DestroyMutex: None,
            LockMutex: None,
            UnlockMutex: None,
            flags,
            pReserved: if reserved { (&raw mut here).cast() } else { ptr::null_mut() },
        };
        // SAFETY: the arguments of this function.
        came_to(unsafe { self.0.C_Initialize((&raw mut arguments).cast()) }, ())
    }

    pub fn finalize(&self) -> Result<(), CK_RV> {
        // SAFETY: null is the only value allowed here.
        came_to(unsafe { self.0.C_Finalize(ptr::null_mut()) }, ())
    }

    pub fn function_list(&self) -> CK_FUNCTION_LIST {
        let mut list = ptr::null_mut();
        // SAFETY: a pointer of this function; the list that it then points to lives as long as the library.
        unsafe {
            assert_eq!(self.0.C_GetFunctionList(&raw mut list), CKR_OK);
            *list
        }
    }

    /// The slots, with a buffer of that many places or, for `None`, only their number.
    pub fn slots(&self, with_token: bool, room: Option<usize>) -> (CK_RV, CK_ULONG, Vec<CK_SLOT_ID>) {
        let mut list = vec![CK_SLOT_ID::MAX; room.unwrap_or_default()];
        let mut count = list.len() as CK_ULONG;
        let place = if room.is_some() { list.as_mut_ptr() } else { ptr::null_mut() };
        // SAFETY: the list and its length, of this function.
        let code = unsafe { self.0.C_GetSlotList(CK_BBOOL::from(with_token), place, &raw mut count) };
        (code, count, list)
    }

    pub fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, CK_RV> {
        let mut info = CK_TOKEN_INFO::default();
        // SAFETY: a structure of this function.
        came_to(unsafe { self.0.C_GetTokenInfo(slot, &raw mut info) }, info)
    }

    pub fn slot_flags(&self, slot: CK_SLOT_ID) -> Result<CK_FLAGS, CK_RV> {
        let mut info = CK_SLOT_INFO::default();
        // SAFETY: a structure of this function.
        came_to(unsafe { self.0.C_GetSlotInfo(slot, &raw mut info) }, info.flags)
    }

    pub fn wait(&self, flags: CK_FLAGS) -> Result<CK_SLOT_ID, CK_RV> {
        let mut slot = 0;
        // SAFETY: a value of this function.
        let code = unsafe { self.0.C_WaitForSlotEvent(flags, &raw mut slot, ptr::null_mut()) };
        came_to(code, slot)
    }

    pub fn open(&self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Result<Session, CK_RV> {
        let mut session = 0;
        // SAFETY: a value of this function.
        let code = unsafe { self.0.C_OpenSession(slot, flags, ptr::null_mut(), None, &raw mut session) };
        came_to(code, session)
    }

    pub fn close(&self, session: Session) -> Result<(), CK_RV> {
        // SAFETY: no pointers.
        came_to(unsafe { self.0.C_CloseSession(session) }, ())
    }

    pub fn state(&self, session: Session) -> Result<CK_STATE, CK_RV> {
        let mut info = CK_SESSION_INFO::default();
        // SAFETY: a structure of this function.
        came_to(unsafe { self.0.C_GetSessionInfo(session, &raw mut info) }, info.state)
    }

    pub fn login(&self, session: Session, user: CK_USER_TYPE, pin: Option<&str>) -> Result<(), CK_RV> {
        let (place, length) = pin.map_or((ptr::null(), 0), |pin| (pin.as_ptr(), pin.len()));
        // SAFETY: null, or the text with its length.
        came_to(unsafe { self.0.C_Login(session, user, place.cast_mut(), length as CK_ULONG) }, ())
    }

    pub fn logout(&self, session: Session) -> Result<(), CK_RV> {
        // SAFETY: no pointers.
        came_to(unsafe { self.0.C_Logout(session) }, ())
    }

    pub fn set_pin(&self, session: Session, old: &str, new: &str) -> Result<(), CK_RV> {
        let (old_place, new_place) = (old.as_ptr().cast_mut(), new.as_ptr().cast_mut());
        // SAFETY: both texts with their lengths.
        let code =
            unsafe { self.0.C_SetPIN(session, old_place, old.len() as CK_ULONG, new_place, new.len() as CK_ULONG) };
        came_to(code, ())
    }

    pub fn find_init(&self, session: Session, given: &[Given<'_>]) -> Result<(), CK_RV> {
        let mut template = attributes(given);
        let length = template.len() as CK_ULONG;
        // SAFETY: the template, whose values live as long as `given`.
        came_to(unsafe { self.0.C_FindObjectsInit(session, template.as_mut_ptr(), length) }, ())
    }

    /// The return code's meaning, the count as it came, and the list, of `room` places.
    pub fn find_next(&self, session: Session, room: usize) -> Result<(CK_ULONG, Vec<Object>), CK_RV> {
        let mut list = vec![0; room];
        let mut count = 0;
        // SAFETY: the list and its length, of this function.
        let code = unsafe { self.0.C_FindObjects(session, list.as_mut_ptr(), room as CK_ULONG, &raw mut count) };
        came_to(code, (count, list))
    }

    pub fn find_final(&self, session: Session) -> Result<(), CK_RV> {
        // SAFETY: no pointers.
        came_to(unsafe { self.0.C_FindObjectsFinal(session) }, ())
    }

    pub fn find(&self, session: Session, given: &[Given<'_>]) -> Vec<Object> {
        self.find_init(session, given).unwrap();
        let (count, mut list) = self.find_next(session, 100).unwrap();
        self.find_final(session).unwrap();
        list.truncate(usize::try_from(count).unwrap());
        list
    }

    /// One attribute, with a buffer of that many octets or, for `None`, only its length.
    pub fn attribute_with(
        &self,
        session: Session,
        object: Object,
        type_: CK_ATTRIBUTE_TYPE,
        room: Option<usize>,
    ) -> (CK_RV, CK_ULONG, Vec<u8>) {
        let mut value = vec![0; room.unwrap_or_default()];
        let place = if room.is_some() { value.as_mut_ptr().cast() } else { ptr::null_mut() };
        let mut attribute = CK_ATTRIBUTE { type_, pValue: place, ulValueLen: value.len() as CK_ULONG };
        // SAFETY: one attribute, with a buffer of the length that it says.
        let code = unsafe { self.0.C_GetAttributeValue(session, object, &raw mut attribute, 1) };
        (code, attribute.ulValueLen, value)
    }

    pub fn attribute(&self, session: Session, object: Object, type_: CK_ATTRIBUTE_TYPE) -> Result<Vec<u8>, CK_RV> {
        let (code, length, mut value) = self.attribute_with(session, object, type_, Some(4096));
        value.truncate(usize::try_from(length).unwrap_or_default());
        came_to(code, value)
    }

    pub fn set_attribute(&self, session: Session, object: Object, given: Given<'_>) -> Result<(), CK_RV> {
        let mut template = attributes(&[given]);
        // SAFETY: one attribute, whose value lives as long as `given`.
        came_to(unsafe { self.0.C_SetAttributeValue(session, object, template.as_mut_ptr(), 1) }, ())
    }

    pub fn create(&self, session: Session, given: &[Given<'_>]) -> Result<Object, CK_RV> {
        let mut template = attributes(given);
        let length = template.len() as CK_ULONG;
        let mut object = 0;
        // SAFETY: the template, whose values live as long as `given`, and a value of this function.
        let code = unsafe { self.0.C_CreateObject(session, template.as_mut_ptr(), length, &raw mut object) };
        came_to(code, object)
    }

    pub fn destroy(&self, session: Session, object: Object) -> Result<(), CK_RV> {
        // SAFETY: no pointers.
        came_to(unsafe { self.0.C_DestroyObject(session, object) }, ())
    }

    pub fn generate(
        &self,
        session: Session,
        kind: CK_MECHANISM_TYPE,
        public: &[Given<'_>],
        private: &[Given<'_>],
    ) -> Result<(Object, Object), CK_RV> {
        let (mut public, mut private) = (attributes(public), attributes(private));
        let lengths = [public.len() as CK_ULONG, private.len() as CK_ULONG];
        let (mut first, mut second, mut mechanism) = (0, 0, mechanism(kind));
        // SAFETY: both templates, whose values outlive the call, and values of this function.
        let code = unsafe {
            self.0.C_GenerateKeyPair(
                session,
                &raw mut mechanism,
                public.as_mut_ptr(),
                lengths[0],
                private.as_mut_ptr(),
                lengths[1],
                &raw mut first,
                &raw mut second,
            )
        };
        came_to(code, (first, second))
    }

    pub fn sign_init(&self, session: Session, kind: CK_MECHANISM_TYPE, key: Object) -> Result<(), CK_RV> {
        let mut mechanism = mechanism(kind);
        // SAFETY: a value of this function.
        came_to(unsafe { self.0.C_SignInit(session, &raw mut mechanism, key) }, ())
    }

    /// C_Sign with a buffer of that many octets or, for `None`, only the length.
    pub fn sign_with(&self, session: Session, data: &[u8], room: Option<usize>) -> (CK_RV, CK_ULONG, Vec<u8>) {
        let mut signature = vec![0; room.unwrap_or_default()];
        let mut length = signature.len() as CK_ULONG;
        let place = if room.is_some() { signature.as_mut_ptr() } else { ptr::null_mut() };
        let octets = data.as_ptr().cast_mut();
        // SAFETY: the data and the buffer, each with its length.
        let code = unsafe { self.0.C_Sign(session, octets, data.len() as CK_ULONG, place, &raw mut length) };
        (code, length, signature)
    }

    /// C_SignInit and C_Sign.
    pub fn sign(&self, session: Session, kind: CK_MECHANISM_TYPE, key: Object, data: &[u8]) -> Result<Vec<u8>, CK_RV> {
        self.sign_init(session, kind, key)?;
        let (code, length, mut signature) = self.sign_with(session, data, Some(1024));
        signature.truncate(usize::try_from(length).unwrap_or_default());
        came_to(code, signature)
    }
}
