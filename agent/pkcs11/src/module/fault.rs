//! What a CK_RV means.

use crate::wire::{Fault, FaultKind};
use cryptoki::error::{Error, Rv, RvError};
use cryptoki_sys::{
    CK_RV, CKR_ACTION_PROHIBITED, CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID,
    CKR_CANCEL, CKR_CRYPTOKI_NOT_INITIALIZED, CKR_CURVE_NOT_SUPPORTED, CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED,
    CKR_DOMAIN_PARAMS_INVALID, CKR_FUNCTION_CANCELED, CKR_FUNCTION_NOT_SUPPORTED, CKR_FUNCTION_REJECTED,
    CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_SIZE_RANGE, CKR_KEY_TYPE_INCONSISTENT, CKR_MECHANISM_INVALID,
    CKR_MECHANISM_PARAM_INVALID, CKR_PIN_EXPIRED, CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE,
    CKR_PIN_LOCKED, CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID, CKR_SESSION_READ_ONLY, CKR_SLOT_ID_INVALID,
    CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED,
    CKR_TOKEN_WRITE_PROTECTED, CKR_USER_NOT_LOGGED_IN, CKR_USER_PIN_NOT_INITIALIZED,
};

/// The name under which the host itself finds fault.
const HOST: &str = "token-host";

/// The host's own word, without a CK_RV.
pub(super) fn own(kind: FaultKind) -> Fault {
    Fault { kind, function: HOST.to_owned(), code: 0 }
}

/// A function that gave what no function may give.
pub(super) fn nonsense(function: &str) -> Fault {
    Fault { kind: FaultKind::BadLibrary, function: function.to_owned(), code: 0 }
}

/// A function that the library does not have.
pub(super) fn missing(function: &str) -> Fault {
    of_code(function, CKR_FUNCTION_NOT_SUPPORTED)
}

/// A CK_RV other than CKR_OK.
// `CK_RV` has 32 bits on some systems and 64 on others.
#[allow(clippy::useless_conversion)]
pub(super) fn of_code(function: &str, code: CK_RV) -> Fault {
    Fault { kind: kind_of(code), function: function.to_owned(), code: u64::from(code) }
}

/// What `cryptoki` says.
pub(super) fn of(error: &Error) -> Fault {
    match error {
        Error::Pkcs11(error, function) => of_code(&format!("C_{function:?}"), number_of(*error)),
        Error::NullFunctionPointer | Error::NotSupported => missing(HOST),
        Error::LibraryLoading(_) | Error::MissingSymbol(_) => nonsense("C_GetFunctionList"),
        _ => own(FaultKind::BadLibrary),
    }
}

/// `cryptoki` keeps the name of a CK_RV and forgets its number.
fn number_of(error: RvError) -> CK_RV {
    match error {
        RvError::VendorDefined(number) | RvError::UnknownErrorCode(number) => number,
        // All others are below this bound.
        error => (1..=0x0fff).find(|number| Rv::from(*number) == Rv::Error(error)).unwrap_or(CK_RV::MAX),
    }
}

fn kind_of(code: CK_RV) -> FaultKind {
    match code {
        CKR_PIN_INCORRECT | CKR_PIN_INVALID | CKR_PIN_LEN_RANGE => FaultKind::WrongPin,
        CKR_PIN_LOCKED => FaultKind::PinLocked,
        CKR_USER_PIN_NOT_INITIALIZED => FaultKind::PinNotSet,
        CKR_PIN_EXPIRED => FaultKind::PinExpired,
        CKR_CANCEL | CKR_FUNCTION_CANCELED | CKR_FUNCTION_REJECTED => FaultKind::RefusedAtReader,
        // A session ends by itself only when its token goes: one that came back is another turn, with a login of its own.
        CKR_TOKEN_NOT_PRESENT
        | CKR_TOKEN_NOT_RECOGNIZED
        | CKR_DEVICE_REMOVED
        | CKR_SLOT_ID_INVALID
        | CKR_SESSION_HANDLE_INVALID
        | CKR_SESSION_CLOSED => FaultKind::TokenGone,
        CKR_USER_NOT_LOGGED_IN => FaultKind::NotLoggedIn,
        CKR_MECHANISM_INVALID
        | CKR_MECHANISM_PARAM_INVALID
        | CKR_FUNCTION_NOT_SUPPORTED
        | CKR_KEY_TYPE_INCONSISTENT
        | CKR_KEY_FUNCTION_NOT_PERMITTED
        | CKR_KEY_SIZE_RANGE
        | CKR_CURVE_NOT_SUPPORTED
        | CKR_DOMAIN_PARAMS_INVALID
        | CKR_ATTRIBUTE_TYPE_INVALID
        | CKR_ATTRIBUTE_VALUE_INVALID
        | CKR_TEMPLATE_INCOMPLETE
        | CKR_TEMPLATE_INCONSISTENT
        | CKR_ACTION_PROHIBITED => FaultKind::Unsupported,
        CKR_DEVICE_MEMORY | CKR_TOKEN_WRITE_PROTECTED | CKR_ATTRIBUTE_READ_ONLY | CKR_SESSION_READ_ONLY => {
            FaultKind::NoRoom
        }
        CKR_CRYPTOKI_NOT_INITIALIZED => FaultKind::BadLibrary,
        _ => FaultKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cryptoki::context::Function;

    #[test]
    fn what_the_library_said_is_kept_by_name_and_number() {
        let fault = of(&Error::Pkcs11(RvError::PinLocked, Function::Login));
        assert_eq!((fault.kind, fault.function.as_str(), fault.code), (FaultKind::PinLocked, "C_Login", 0xa4));
        let fault = of(&Error::Pkcs11(RvError::FunctionRejected, Function::Login));
        assert_eq!((fault.kind, fault.code), (FaultKind::RefusedAtReader, 0x200));
        let fault = of(&Error::Pkcs11(RvError::VendorDefined(0x8000_1234), Function::Sign));
        assert_eq!((fault.kind, fault.code), (FaultKind::Other, 0x8000_1234));
    }

    #[test]
    fn a_session_that_ended_means_that_its_token_was_taken_out() {
        for code in [0xb0, 0xb3, 0xe0, 0x32, 0x03] {
            assert_eq!(of_code("C_Sign", code).kind, FaultKind::TokenGone, "{code:#x}");
        }
        assert_eq!(of_code("C_Sign", 0x05).kind, FaultKind::Other);
    }
}
