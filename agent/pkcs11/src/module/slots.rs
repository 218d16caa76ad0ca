//! Which slots there are, and which tokens in them.

use super::{Module, Raw, fault, raw, text};
use crate::wire::{Fault, FaultKind, LONGEST_PIN, MOST_MECHANISMS, MOST_SLOTS, Slot, Token, TokenId, Tries};
use cryptoki::slot::Slot as At;
use cryptoki_sys::{
    CK_FLAGS, CK_TOKEN_INFO, CKF_LOGIN_REQUIRED, CKF_PROTECTED_AUTHENTICATION_PATH, CKF_USER_PIN_COUNT_LOW,
    CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_INITIALIZED, CKF_USER_PIN_LOCKED, CKF_WRITE_PROTECTED,
};

impl Module {
    /// All slots, and what is in them.
    pub(super) fn slots(&self) -> Result<Vec<Slot>, Fault> {
        let slots = self.raw.slots(MOST_SLOTS)?;
        Ok(slots.into_iter().filter_map(|slot| self.slot(raw::wide(slot))).collect())
    }

    /// One slot; `None` for one that went meanwhile.
    fn slot(&self, id: u64) -> Option<Slot> {
        let info = self.context.get_slot_info(At::try_from(id).ok()?).ok()?;
        let reader = text::of(info.slot_description().as_bytes());
        // A card that the library does not know is none of its tokens.
        let token = if info.token_present() { self.token_with_mechanisms(id).ok() } else { None };
        Some(Slot { id, reader, token })
    }

    fn token_with_mechanisms(&self, slot: u64) -> Result<Token, Fault> {
        let mut token = self.token(slot)?;
        let mechanisms = self.raw.mechanisms(raw::narrow(slot)?, MOST_MECHANISMS).unwrap_or_default();
        token.mechanisms = mechanisms.into_iter().map(raw::wide).collect();
        Ok(token)
    }

    /// The token in a slot, without its mechanisms.
    pub(super) fn token(&self, slot: u64) -> Result<Token, Fault> {
        token_in(&self.raw, slot)
    }
}

/// The same, for whoever has the library alone.
pub(super) fn token_in(raw: &Raw, slot: u64) -> Result<Token, Fault> {
    let slot = raw::narrow(slot).map_err(|_| fault::own(FaultKind::TokenGone))?;
    Ok(of_info(&raw.token_info(slot)?))
}

fn of_info(info: &CK_TOKEN_INFO) -> Token {
    // The structure is packed on some systems: its fields are copied, not borrowed.
    let (label, manufacturer, model, serial) = (info.label, info.manufacturerID, info.model, info.serialNumber);
    let (shortest, longest) = (raw::wide(info.ulMinPinLen), raw::wide(info.ulMaxPinLen));
    let flags = info.flags;
    let has = |flag: CK_FLAGS| flags & flag != 0;
    Token {
        id: TokenId {
            manufacturer: text::of(&manufacturer),
            model: text::of(&model),
            serial: text::of(&serial),
            label: text::of(&label),
        },
        pin_is_set: has(CKF_USER_PIN_INITIALIZED),
        needs_login: has(CKF_LOGIN_REQUIRED),
        pin_pad: has(CKF_PROTECTED_AUTHENTICATION_PATH),
        tries: tries(flags),
        pin_length: pin_length(shortest, longest),
        write_protected: has(CKF_WRITE_PROTECTED),
        mechanisms: Vec::new(),
    }
}

/// The gravest flag counts.
fn tries(flags: CK_FLAGS) -> Tries {
    if flags & CKF_USER_PIN_LOCKED != 0 {
        Tries::None
    } else if flags & CKF_USER_PIN_FINAL_TRY != 0 {
        Tries::Last
    } else if flags & CKF_USER_PIN_COUNT_LOW != 0 {
        Tries::Low
    } else {
        Tries::Unsaid
    }
}

/// The lengths that a token says, or all that this host takes where they say nothing or make no sense.
fn pin_length(shortest: u64, longest: u64) -> (u64, u64) {
    let most = u64::from(LONGEST_PIN);
    match longest {
        longest if longest == 0 || longest < shortest => (0, most),
        longest => (shortest.min(most), longest.min(most)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(flags: CK_FLAGS) -> CK_TOKEN_INFO {
        let mut info = CK_TOKEN_INFO { flags, ulMinPinLen: 4, ulMaxPinLen: 8, ..CK_TOKEN_INFO::default() };
        info.label = *b"My token                        ";
        info.serialNumber = *b"0123456789abcdef";
        info
    }

    #[test]
    fn the_gravest_word_about_the_pin_counts() {
        let all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
        assert_eq!(of_info(&info(all)).tries, Tries::None);
        assert_eq!(of_info(&info(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY)).tries, Tries::Last);
        assert_eq!(of_info(&info(CKF_USER_PIN_COUNT_LOW)).tries, Tries::Low);
        assert_eq!(of_info(&info(CKF_LOGIN_REQUIRED)).tries, Tries::Unsaid);
    }

    #[test]
    fn a_token_is_what_its_fields_say() {
        let token = of_info(&info(CKF_USER_PIN_INITIALIZED | CKF_PROTECTED_AUTHENTICATION_PATH));
        assert_eq!((token.id.label.as_str(), token.id.serial.as_str()), ("My token", "0123456789abcdef"));
        assert!(token.pin_is_set && token.pin_pad && !token.needs_login && !token.write_protected);
        assert_eq!(token.pin_length, (4, 8));
    }

    #[test]
    fn lengths_of_a_pin_that_make_no_sense_forbid_none() {
        assert_eq!(pin_length(0, 0), (0, 4096));
        assert_eq!(pin_length(9, 4), (0, 4096));
        assert_eq!(pin_length(4, u64::MAX), (4, 4096));
        assert_eq!(pin_length(u64::MAX, u64::MAX), (4096, 4096));
    }
}
