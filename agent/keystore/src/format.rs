//! Which kind of key file bytes are: told by how they begin, never by the file's name.

use crate::{Contents, OpenError, Password, jks, pkcs12};

/// A kind of key file that is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// PKCS#12, also called PFX: what the NCA gives out.
    Pkcs12,
    /// The key store of Java before version 9.
    Jks,
}

/// How the other key store of Java begins, that of its cryptography extension.
const JCEKS_MAGIC: [u8; 4] = [0xce, 0xce, 0xce, 0xce];

impl Format {
    /// Looks at the first octets.
    ///
    /// # Errors
    /// [`OpenError::NotAKeyFile`]; [`OpenError::UnsupportedFormat`]; [`OpenError::Truncated`] where the bytes end before
    /// it can be told.
    pub fn of(bytes: &[u8]) -> Result<Self, OpenError> {
        if pkcs12::looks_like_pkcs12(bytes) {
            return Ok(Self::Pkcs12);
        }
        if jks::looks_like_jks(bytes) {
            return Ok(Self::Jks);
        }
        if bytes.starts_with(&JCEKS_MAGIC) {
            return Err(OpenError::UnsupportedFormat("a JCEKS key store of Java"));
        }
        let within_a_magic =
            !bytes.is_empty() && [jks::MAGIC, JCEKS_MAGIC].iter().any(|magic| magic.starts_with(bytes));
        if within_a_magic || pkcs12::begins_cut_off(bytes) {
            Err(OpenError::Truncated)
        } else {
            Err(OpenError::NotAKeyFile)
        }
    }
}

/// Whether the bytes begin as a key file of a kind that is opened here.
#[must_use]
pub fn looks_like_key_file(bytes: &[u8]) -> bool {
    Format::of(bytes).is_ok()
}

/// Opens a key file of either kind.
///
/// # Errors
/// [`OpenError`]; whatever the bytes, within a second and without a panic.
pub fn open(bytes: &[u8], password: &Password) -> Result<Contents, OpenError> {
    open_with_key_password(bytes, password, password)
}

/// The same for a file whose keys are under another password than the file itself.
///
/// # Errors
/// [`OpenError`]; [`OpenError::KeyPasswordDiffers`] where it is the key's password that is wrong.
pub fn open_with_key_password(
    bytes: &[u8],
    password: &Password,
    key_password: &Password,
) -> Result<Contents, OpenError> {
    match Format::of(bytes)? {
        Format::Pkcs12 => pkcs12::open_with_key_password(bytes, password, key_password),
        Format::Jks => jks::open_with_key_password(bytes, password, key_password),
    }
}

/// Checks what can be checked without the password.
///
/// # Errors
/// [`OpenError`], never about a password.
pub fn inspect(bytes: &[u8]) -> Result<(), OpenError> {
    match Format::of(bytes)? {
        Format::Pkcs12 => pkcs12::inspect(bytes),
        Format::Jks => jks::inspect(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_octets_tell_the_format() {
        assert_eq!(Format::of(&[0x30, 0x80, 2, 1, 3]), Ok(Format::Pkcs12));
        assert_eq!(Format::of(&[0xfe, 0xed, 0xfe, 0xed]), Ok(Format::Jks));
        let refused = Format::of(&[0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2]).unwrap_err();
        assert!(refused.to_string().contains("JCEKS"), "{refused}");
        for cut_off in [&[0x30][..], &[0x30, 0x80, 2], &[0xfe], &[0xfe, 0xed, 0xfe], &[0xce]] {
            assert_eq!(Format::of(cut_off), Err(OpenError::Truncated), "{cut_off:02x?}");
        }
        for other in [&b""[..], b"-----BEGIN CERTIFICATE-----", b"PK\x03\x04", &[0xfe, 0xed, 0xfa, 0xce]] {
            assert_eq!(Format::of(other), Err(OpenError::NotAKeyFile), "{other:02x?}");
            assert!(!looks_like_key_file(other));
        }
    }
}
