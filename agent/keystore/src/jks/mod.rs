//! JKS, the key store of Java before version 9. It is read, not written: its protection is weak.
//!
//! ```text
//! u32 FEEDFEED, u32 version (1 or 2), u32 number of entries
//! entry: u32 1, alias, u64 milliseconds, u32 length, EncryptedPrivateKeyInfo, u32 number, certificates   a key
//!        u32 2, alias, u64 milliseconds, certificate                                                     an authority
//! certificate: (version 2: its type, as text) u32 length, octets
//! SHA-1(password in UTF-16 ‖ "Mighty Aphrodite" ‖ all of the above)
//! ```
//!
//! Numbers are big-endian; a text is a u16 length and Java's modified UTF-8. Aliases and certificates lie open; only the
//! keys are enciphered (`protection`), each under a password that is mostly the store's. The NCA's SDK names JKS as a
//! kind of store beside PKCS#12 (kz-crypto 15.2), so keys of any algorithm may stand in one.

#[cfg(test)]
mod hostile_tests;
mod protection;
mod read;
#[cfg(test)]
mod test_files;
#[cfg(test)]
mod tests;

use pki::Certificate;
use protection::Unsealed;
use read::{Entry, Store};

use crate::{
    Contents, OpenError, Password, PrivateKey, Skipped,
    pair::{Found, Label},
    pkcs12::MOST_OCTETS,
    work::WorkBudget,
};

/// How every such file begins.
pub(crate) const MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];

const X509: &str = "X.509";

/// Opens a key store whose keys are under the store's own password: checks the digest, deciphers the keys.
///
/// # Errors
/// [`OpenError`]; whatever the bytes, within a second and without a panic. Where some of the keys have passwords of their
/// own, they are among what was [skipped](Contents::skipped); where all have, it is [`OpenError::KeyPasswordDiffers`].
pub fn open(bytes: &[u8], password: &Password) -> Result<Contents, OpenError> {
    open_with_key_password(bytes, password, password)
}

/// The same for keys that are under another password than the store.
///
/// # Errors
/// [`OpenError`]; a wrong password of the store is [`OpenError::WrongPassword`], one of the keys
/// [`OpenError::KeyPasswordDiffers`].
pub fn open_with_key_password(
    bytes: &[u8],
    password: &Password,
    key_password: &Password,
) -> Result<Contents, OpenError> {
    let store = read(bytes)?;
    if protection::digest(password, store.covered) != *store.digest {
        return Err(OpenError::WrongPassword);
    }
    let key_password = key_password.to_utf16();
    let (mut found, mut work) = (Found::default(), WorkBudget::new());
    for (number, entry) in store.entries.into_iter().enumerate() {
        let label = |alias| Label { name: Some(alias), local_key_id: None, entry: Some(number) };
        match entry {
            Entry::Key { alias, sealed, chain } => {
                found.room_for_a_key()?;
                let label = label(alias);
                match protection::unseal(&key_password, sealed, &mut work)? {
                    Unsealed::Key(info) => {
                        let key = PrivateKey::from_pkcs8(&info).map_err(|_| OpenError::BrokenKey)?;
                        found.key(key, label.clone());
                    }
                    Unsealed::OtherPassword => found.locked_key(&label),
                }
                for (position, one) in chain.iter().enumerate() {
                    // The first is the key's own, the others are those of the authorities above it.
                    add_certificate(&mut found, one, if position == 0 { label.clone() } else { Label::default() })?;
                }
            }
            Entry::Trusted { certificate: one } => add_certificate(&mut found, &one, Label::default())?,
        }
    }
    found.pair()
}

/// Checks what can be checked without the password: that the file is whole and made of the parts it should be made of.
///
/// # Errors
/// [`OpenError`], never one about a password.
pub fn inspect(bytes: &[u8]) -> Result<(), OpenError> {
    read(bytes).map(|_| ())
}

/// Whether the bytes begin as such a file does; nothing more is looked at.
#[must_use]
pub fn looks_like_jks(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

fn read(bytes: &[u8]) -> Result<Store<'_>, OpenError> {
    if bytes.len() > MOST_OCTETS {
        return Err(OpenError::TooLarge { what: "octets", most: MOST_OCTETS });
    }
    Store::read(bytes)
}

fn add_certificate(found: &mut Found, one: &read::Encoded<'_>, label: Label) -> Result<(), OpenError> {
    let x509 = one.kind.as_deref().is_none_or(|kind| kind == X509);
    match x509.then(|| Certificate::from_der(one.octets)) {
        Some(Ok(certificate)) => found.certificate(certificate, label),
        _ => {
            found.skip(Skipped::Certificate);
            Ok(())
        }
    }
}
