//! The library between C_Initialize and C_Finalize: slots, sessions, logging in.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};

use cryptoki_sys::*;
use zeroize::Zeroizing;

use crate::{
    attributes::{generating, signing},
    card::{Answer, CardFolder, Object},
    config::{Algorithm, CardConfig, ModuleConfig, Pad},
    fault::{self, Source, Twist},
    library::{Library, counts_of_card},
    watched::Watched,
};

/// The library's state.
pub(crate) struct Module {
    config: ModuleConfig,
    pub(crate) slots: Vec<Slot>,
    pub(crate) sessions: BTreeMap<CK_SESSION_HANDLE, Session>,
    last_session: CK_SESSION_HANDLE,
    /// Objects by their handle, which is the place here, from 1. A handle is never given a second time.
    pub(crate) handles: Vec<Option<(usize, String)>>,
    /// Objects by their file, with the text that they were read from.
    pub(crate) cache: HashMap<PathBuf, (Zeroizing<String>, Arc<Object>)>,
}

pub(crate) struct Slot {
    reader: String,
    pub(crate) card: CardFolder,
    settings: Watched<CardConfig>,
    /// The insertion that was last told of by C_WaitForSlotEvent.
    told: Option<String>,
    pub(crate) is_logged_in: bool,
}

pub(crate) struct Session {
    pub(crate) slot: usize,
    pub(crate) is_writable: bool,
    /// The insertion it was opened in.
    insertion: String,
    /// What C_FindObjects has not given yet.
    pub(crate) found: Option<Vec<CK_OBJECT_HANDLE>>,
    pub(crate) signing: Option<Signing>,
}

/// Between C_SignInit and C_Sign.
pub(crate) struct Signing {
    pub(crate) key: Arc<Object>,
    pub(crate) mechanism: CK_MECHANISM_TYPE,
    /// Whether the PIN was given for this one (CKU_CONTEXT_SPECIFIC).
    pub(crate) is_authenticated: bool,
}

const VERSION: CK_VERSION = CK_VERSION { major: 1, minor: 0 };

impl Module {
    pub(crate) fn new(library: &Library) -> Answer<Self> {
        let config = library.config().map_err(|_| CKR_GENERAL_ERROR)?;
        let folder = library.folder()?;
        let slots = config.slot.iter().map(|slot| {
            let card = CardFolder(folder.join(&slot.card));
            let (settings, told) = (Watched::new(card.settings_path()), card.insertion());
            Slot { reader: slot.reader.clone(), card, settings, told, is_logged_in: false }
        });
        Ok(Self {
            slots: slots.collect(),
            config,
            sessions: BTreeMap::new(),
            last_session: 0,
            handles: Vec::new(),
            cache: HashMap::new(),
        })
    }

    /// The faults of the card in a slot, whether it can be used or not.
    pub(crate) fn faults(&mut self, slot: CK_SLOT_ID) -> Option<CardFaults> {
        let slot = self.slots.get_mut(usize::try_from(slot).ok()?)?;
        let faults = slot.settings.get().ok()?.fault;
        Some(CardFaults { faults, card: slot.card.0.clone() })
    }

    /// C_Sign failed before it began, which ends the operation nonetheless (§5.2).
    pub(crate) fn end_signing(&mut self, session: CK_SESSION_HANDLE) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.signing = None;
        }
    }

    /// The slot of a session, whether it can be used or not.
    pub(crate) fn slot_of(&self, session: CK_SESSION_HANDLE) -> Option<CK_SLOT_ID> {
        Some(self.sessions.get(&session)?.slot as CK_SLOT_ID)
    }

    pub(crate) fn info(&self) -> CK_INFO {
        CK_INFO {
            cryptokiVersion: CK_VERSION { major: 2, minor: 40 },
            manufacturerID: padded(&self.config.manufacturer),
            flags: 0,
            libraryDescription: padded(&self.config.description),
            libraryVersion: VERSION,
        }
    }

    pub(crate) fn slot_list(&self, with_token: bool) -> Vec<CK_SLOT_ID> {
        let listed = |slot: &Slot| !with_token || slot.card.insertion().is_some();
        (0..).zip(&self.slots).filter(|(_, slot)| listed(slot)).map(|(id, _)| id).collect()
    }

    pub(crate) fn slot_info(&self, slot: CK_SLOT_ID) -> Answer<CK_SLOT_INFO> {
        let slot = self.slot(slot)?;
        let present = if slot.card.insertion().is_some() { CKF_TOKEN_PRESENT } else { 0 };
        Ok(CK_SLOT_INFO {
            slotDescription: padded(&slot.reader),
            manufacturerID: padded(&self.config.manufacturer),
            flags: CKF_REMOVABLE_DEVICE | CKF_HW_SLOT | present,
            hardwareVersion: VERSION,
            firmwareVersion: VERSION,
        })
    }

    pub(crate) fn token_info(&mut self, slot: CK_SLOT_ID) -> Answer<CK_TOKEN_INFO> {
        let card = self.plugged(slot)?;
        let of_slot = || self.sessions.values().filter(|session| session.slot as CK_SLOT_ID == slot);
        Ok(CK_TOKEN_INFO {
            label: padded(&card.label),
            manufacturerID: padded(&card.manufacturer),
            model: padded(&card.model),
            serialNumber: padded(&card.serial),
            flags: token_flags(&card),
            ulMaxSessionCount: CK_EFFECTIVELY_INFINITE,
            ulSessionCount: of_slot().count() as CK_ULONG,
            ulMaxRwSessionCount: CK_EFFECTIVELY_INFINITE,
            ulRwSessionCount: of_slot().filter(|session| session.is_writable).count() as CK_ULONG,
            ulMaxPinLen: card.pin_length.1 as CK_ULONG,
            ulMinPinLen: card.pin_length.0 as CK_ULONG,
            ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePublicMemory: CK_UNAVAILABLE_INFORMATION,
            ulTotalPrivateMemory: CK_UNAVAILABLE_INFORMATION,
            ulFreePrivateMemory: CK_UNAVAILABLE_INFORMATION,
            hardwareVersion: VERSION,
            firmwareVersion: VERSION,
            // Without CKF_CLOCK_ON_TOKEN it means nothing.
            utcTime: [b' '; 16],
        })
    }

    pub(crate) fn mechanisms(&mut self, slot: CK_SLOT_ID) -> Answer<Vec<CK_MECHANISM_TYPE>> {
        let card = self.plugged(slot)?;
        let mut list: Vec<_> = mechanisms_of(&card).map(|(mechanism, _)| mechanism).collect();
        list.sort_unstable();
        list.dedup();
        Ok(list)
    }

    pub(crate) fn mechanism_info(
        &mut self,
        slot: CK_SLOT_ID,
        mechanism: CK_MECHANISM_TYPE,
    ) -> Answer<CK_MECHANISM_INFO> {
        let card = self.plugged(slot)?;
        let (_, algorithm) =
            mechanisms_of(&card).find(|(offered, _)| *offered == mechanism).ok_or(CKR_MECHANISM_INVALID)?;
        let (least, most) = match algorithm {
            Algorithm::Rsa => (2048, 4096),
            Algorithm::Ec => (256, 384),
            Algorithm::Gost512 => (512, 512),
            Algorithm::Gost256 | Algorithm::Gost2004 => (256, 256),
        };
        let does = if mechanism == generating(algorithm) { CKF_GENERATE_KEY_PAIR } else { CKF_SIGN };
        let curve = if algorithm == Algorithm::Ec { CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS } else { 0 };
        Ok(CK_MECHANISM_INFO { ulMinKeySize: least, ulMaxKeySize: most, flags: CKF_HW | does | curve })
    }

    /// The next slot whose card came or went since it was last told of.
    pub(crate) fn slot_event(&mut self) -> Answer<Option<CK_SLOT_ID>> {
        if !self.config.slot_events {
            return Err(CKR_FUNCTION_NOT_SUPPORTED);
        }
        for (id, slot) in (0..).zip(&mut self.slots) {
            let now = slot.card.insertion();
            if now != slot.told {
                slot.told = now;
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    pub(crate) fn open_session(&mut self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Answer<CK_SESSION_HANDLE> {
        if flags & CKF_SERIAL_SESSION == 0 {
            return Err(CKR_SESSION_PARALLEL_NOT_SUPPORTED);
        }
        let card = self.plugged(slot)?;
        let is_writable = flags & CKF_RW_SESSION != 0;
        if is_writable && card.write_protected {
            return Err(CKR_TOKEN_WRITE_PROTECTED);
        }
        let insertion = self.slot(slot)?.card.insertion().ok_or(CKR_TOKEN_NOT_PRESENT)?;
        self.last_session += 1;
        let slot = usize::try_from(slot).map_err(|_| CKR_SLOT_ID_INVALID)?;
        let session = Session { slot, is_writable, insertion, found: None, signing: None };
        self.sessions.insert(self.last_session, session);
        Ok(self.last_session)
    }

    pub(crate) fn close_session(&mut self, session: CK_SESSION_HANDLE) -> Answer<()> {
        let slot = self.session(session)?.slot;
        self.sessions.remove(&session);
        if !self.sessions.values().any(|other| other.slot == slot) {
            self.end_login(slot);
        }
        Ok(())
    }

    pub(crate) fn close_all_sessions(&mut self, slot: CK_SLOT_ID) -> Answer<()> {
        self.plugged(slot)?;
        self.forget_sessions(usize::try_from(slot).map_err(|_| CKR_SLOT_ID_INVALID)?);
        Ok(())
    }

    pub(crate) fn session_info(&mut self, handle: CK_SESSION_HANDLE) -> Answer<CK_SESSION_INFO> {
        let (slot, is_writable) = self.session(handle).map(|session| (session.slot, session.is_writable))?;
        let state = match (is_writable, self.is_logged_in(slot)) {
            (false, false) => CKS_RO_PUBLIC_SESSION,
            (false, true) => CKS_RO_USER_FUNCTIONS,
            (true, false) => CKS_RW_PUBLIC_SESSION,
            (true, true) => CKS_RW_USER_FUNCTIONS,
        };
        let writable = if is_writable { CKF_RW_SESSION } else { 0 };
        Ok(CK_SESSION_INFO {
            slotID: slot as CK_SLOT_ID,
            state,
            flags: CKF_SERIAL_SESSION | writable,
            ulDeviceError: 0,
        })
    }

    /// C_Login; `None` is a PIN that was not given because it is typed at the reader.
    pub(crate) fn login(&mut self, handle: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: Option<&[u8]>) -> Answer<()> {
        let slot = self.session(handle)?.slot;
        match user {
            CKU_USER if self.is_logged_in(slot) => Err(CKR_USER_ALREADY_LOGGED_IN),
            CKU_USER => {
                self.check_pin(slot, pin)?;
                self.slots.get_mut(slot).ok_or(CKR_SLOT_ID_INVALID)?.is_logged_in = true;
                Ok(())
            }
            CKU_CONTEXT_SPECIFIC => {
                let card = self.settings(slot)?;
                if self.session(handle)?.signing.is_none() || !card.always_authenticate {
                    return Err(CKR_OPERATION_NOT_INITIALIZED);
                }
                self.check_pin(slot, pin)?;
                let signing = self.session(handle)?.signing.as_mut().ok_or(CKR_OPERATION_NOT_INITIALIZED)?;
                signing.is_authenticated = true;
                Ok(())
            }
            CKU_SO if self.is_logged_in(slot) => Err(CKR_USER_ANOTHER_ALREADY_LOGGED_IN),
            // These cards have no administrator: CKF_SO_PIN_LOCKED says so.
            CKU_SO => Err(CKR_PIN_LOCKED),
            _ => Err(CKR_USER_TYPE_INVALID),
        }
    }

    pub(crate) fn logout(&mut self, handle: CK_SESSION_HANDLE) -> Answer<()> {
        let slot = self.session(handle)?.slot;
        if !self.is_logged_in(slot) {
            return Err(CKR_USER_NOT_LOGGED_IN);
        }
        self.end_login(slot);
        Ok(())
    }

    /// C_SetPIN: the user changes their own.
    pub(crate) fn set_pin(&mut self, handle: CK_SESSION_HANDLE, old: Option<&[u8]>, new: Option<&[u8]>) -> Answer<()> {
        let slot = self.session(handle)?.slot;
        if !self.session(handle)?.is_writable {
            return Err(CKR_SESSION_READ_ONLY);
        }
        let new = std::str::from_utf8(new.ok_or(CKR_ARGUMENTS_BAD)?).map_err(|_| CKR_PIN_INVALID)?;
        let card = self.settings(slot)?;
        if !(card.pin_length.0..=card.pin_length.1).contains(&(new.len() as u64)) {
            return Err(CKR_PIN_LEN_RANGE);
        }
        self.check_pin(slot, old)?;
        let changed = |card: &mut CardConfig| {
            card.pin = new.to_owned();
            card.hide_pin().map_err(|_| CKR_FUNCTION_FAILED)
        };
        self.folder(slot)?.change(changed)?
    }

    /// Compares a PIN with the card's, and counts.
    fn check_pin(&mut self, slot: usize, pin: Option<&[u8]>) -> Answer<()> {
        let card = self.settings(slot)?;
        let is_right = match (card.pin_pad, pin) {
            (true, None) => {
                thread::sleep(Duration::from_millis(card.pad_milliseconds));
                match card.pad {
                    Pad::Right => true,
                    Pad::Wrong => false,
                    Pad::Refuse => return Err(CKR_FUNCTION_CANCELED),
                }
            }
            (false, Some(pin)) => card.is_pin(pin),
            (true, Some(_)) | (false, None) => return Err(CKR_ARGUMENTS_BAD),
        };
        self.folder(slot)?.change(|card| match (card.tries(), is_right) {
            _ if card.pin_not_set => Err(CKR_USER_PIN_NOT_INITIALIZED),
            (0, _) => Err(CKR_PIN_LOCKED),
            (_, true) => {
                card.tries_left = None;
                Ok(())
            }
            (left, false) => {
                card.tries_left = Some(left - 1);
                Err(CKR_PIN_INCORRECT)
            }
        })?
    }

    /// The session, whose card is still the one that it was opened on. Where it is not, all sessions of the slot end.
    pub(crate) fn session(&mut self, handle: CK_SESSION_HANDLE) -> Answer<&mut Session> {
        let session = self.sessions.get(&handle).ok_or(CKR_SESSION_HANDLE_INVALID)?;
        let slot = session.slot;
        if self.folder(slot)?.insertion().as_ref() != Some(&session.insertion) {
            self.forget_sessions(slot);
            return Err(CKR_DEVICE_REMOVED);
        }
        self.sessions.get_mut(&handle).ok_or(CKR_SESSION_HANDLE_INVALID)
    }

    /// The settings of the card in a slot of a session.
    pub(crate) fn settings(&mut self, slot: usize) -> Answer<CardConfig> {
        let slot = self.slots.get_mut(slot).ok_or(CKR_SLOT_ID_INVALID)?;
        slot.settings.get().map_err(|error| slot.card.fault(&error))
    }

    pub(crate) fn folder(&self, slot: usize) -> Answer<&CardFolder> {
        Ok(&self.slots.get(slot).ok_or(CKR_SLOT_ID_INVALID)?.card)
    }

    pub(crate) fn is_logged_in(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(|slot| slot.is_logged_in)
    }

    fn slot(&self, slot: CK_SLOT_ID) -> Answer<&Slot> {
        usize::try_from(slot).ok().and_then(|slot| self.slots.get(slot)).ok_or(CKR_SLOT_ID_INVALID)
    }

    /// The settings of the card that is plugged in.
    fn plugged(&mut self, slot: CK_SLOT_ID) -> Answer<CardConfig> {
        self.slot(slot)?.card.insertion().ok_or(CKR_TOKEN_NOT_PRESENT)?;
        self.settings(usize::try_from(slot).map_err(|_| CKR_SLOT_ID_INVALID)?)
    }

    fn forget_sessions(&mut self, slot: usize) {
        self.sessions.retain(|_, session| session.slot != slot);
        self.end_login(slot);
        for handle in self.handles.iter_mut().filter(|handle| handle.as_ref().is_some_and(|(of, _)| *of == slot)) {
            *handle = None;
        }
    }

    /// What is private is out of sight: its handles, searches and signatures end.
    fn end_login(&mut self, slot: usize) {
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.is_logged_in = false;
        }
        self.forget_private_handles(slot);
        for session in self.sessions.values_mut().filter(|session| session.slot == slot) {
            session.found = None;
            session.signing = None;
        }
    }
}

/// The faults of a card.
pub(crate) struct CardFaults {
    faults: Vec<crate::config::Fault>,
    card: PathBuf,
}

impl CardFaults {
    pub(crate) fn meet(&self, function: &str) -> Answer<Twist> {
        let source = Source { faults: &self.faults, counts: counts_of_card(&self.card), card: Some(&self.card) };
        fault::meet(function, &source)
    }
}

/// Every mechanism of a card with the algorithm it is of.
pub(crate) fn mechanisms_of(card: &CardConfig) -> impl Iterator<Item = (CK_MECHANISM_TYPE, Algorithm)> {
    let all = [Algorithm::Rsa, Algorithm::Ec, Algorithm::Gost512, Algorithm::Gost256, Algorithm::Gost2004];
    all.into_iter().filter(|algorithm| card.can(*algorithm)).flat_map(|algorithm| {
        let mechanisms = signing(algorithm).iter().copied().chain([generating(algorithm)]);
        let without = |mechanism| card.without_mechanisms.iter().any(|no| *no as CK_MECHANISM_TYPE == mechanism);
        mechanisms.filter(move |mechanism| !without(*mechanism)).map(move |mechanism| (mechanism, algorithm))
    })
}

fn token_flags(card: &CardConfig) -> CK_FLAGS {
    let when = |is: bool, flag: CK_FLAGS| if is { flag } else { 0 };
    let says = |is: bool, flag: CK_FLAGS| when(is && !card.silent_tries && !card.pin_not_set, flag);
    CKF_LOGIN_REQUIRED
        | CKF_TOKEN_INITIALIZED
        | CKF_SO_PIN_LOCKED
        | when(card.write_protected, CKF_WRITE_PROTECTED)
        | when(card.pin_pad, CKF_PROTECTED_AUTHENTICATION_PATH)
        | when(!card.pin_not_set, CKF_USER_PIN_INITIALIZED)
        | says((1..card.max_tries).contains(&card.tries()), CKF_USER_PIN_COUNT_LOW)
        | says(card.tries() == 1, CKF_USER_PIN_FINAL_TRY)
        | says(card.tries() == 0, CKF_USER_PIN_LOCKED)
}

/// A text in a field of the standard's structures: filled up with blanks, cut where it is too long, without half a letter.
fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut out = [b' '; N];
    let fits = (0..=N.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    for (to, from) in out.iter_mut().zip(text.as_bytes().iter().take(fits)) {
        *to = *from;
    }
    out
}
