//! The secret that opens a key store.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A password or PIN as the person typed it.
///
/// It wipes itself, and can be neither printed, compared, copied nor serialised.
pub struct Password(Zeroizing<String>);

/// Why a text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// More than [`Password::MAX_CHARS`] characters.
    #[error("the password has more than {} characters", Password::MAX_CHARS)]
    TooLong,
    /// The bytes are not UTF-8.
    #[error("the password is not UTF-8 text")]
    NotUtf8,
}

impl Password {
    /// The longest password taken, in Unicode scalar values.
    pub const MAX_CHARS: usize = 1024;

    /// Takes the text over; it is wiped also when it is refused.
    ///
    /// # Errors
    /// [`PasswordError::TooLong`].
    pub fn new(text: String) -> Result<Self, PasswordError> {
        let text = Zeroizing::new(text);
        if text.chars().count() > Self::MAX_CHARS { Err(PasswordError::TooLong) } else { Ok(Self(text)) }
    }

    /// Takes UTF-8 bytes over, as they are read from a pipe; they are wiped also when they are refused.
    ///
    /// # Errors
    /// [`PasswordError::NotUtf8`], [`PasswordError::TooLong`].
    pub fn from_utf8(bytes: Vec<u8>) -> Result<Self, PasswordError> {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(text),
            Err(refused) => {
                refused.into_bytes().zeroize();
                Err(PasswordError::NotUtf8)
            }
        }
    }

    /// Whether there is no character at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself, for an interface that wants it so (a PIN for `C_Login`). The name is meant to be found.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// RFC 7292 B.1: BMPString, big-endian, with the two zero octets at the end. Characters outside the BMP become
    /// surrogate pairs, which is what Java and OpenSSL write.
    pub(crate) fn to_bmp_string(&self) -> Zeroizing<Vec<u8>> {
        let mut octets = self.to_utf16();
        octets.extend_from_slice(&[0, 0]);
        octets
    }

    /// UTF-16, big-endian, as Java sees a text; with room for two octets more, so that no copy stays behind.
    pub(crate) fn to_utf16(&self) -> Zeroizing<Vec<u8>> {
        let units = self.0.encode_utf16().count();
        let mut octets = Zeroizing::new(Vec::with_capacity(2 * units + 2));
        for unit in self.0.encode_utf16() {
            octets.extend_from_slice(&unit.to_be_bytes());
        }
        octets
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::new("Qwerty12".to_owned()).unwrap();
        assert_eq!(format!("{password:?}"), "Password(..)");
    }

    #[test]
    fn letters_of_every_kind_become_utf_16_with_two_zeros() {
        // Latin, Cyrillic, Kazakh, and a character outside the BMP (RFC 7292 B.1; RFC 2781 for the pair).
        let password = Password::new("aЖқ𝄞".to_owned()).unwrap();
        assert_eq!(*password.to_bmp_string(), [0, 0x61, 0x04, 0x16, 0x04, 0x9b, 0xd8, 0x34, 0xdd, 0x1e, 0, 0]);
    }

    #[test]
    fn an_empty_password_is_two_zeros() {
        assert_eq!(*Password::new(String::new()).unwrap().to_bmp_string(), [0, 0]);
    }

    #[test]
    fn the_length_is_counted_in_characters() {
        assert!(Password::new("қ".repeat(1024)).is_ok());
        assert_eq!(Password::new("қ".repeat(1025)).unwrap_err(), PasswordError::TooLong);
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        assert_eq!(Password::from_utf8(vec![0xff]).unwrap_err(), PasswordError::NotUtf8);
        assert_eq!(Password::from_utf8("Пароль1".into()).unwrap().expose(), "Пароль1");
    }
}
