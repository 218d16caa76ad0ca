//! The structure of a store, borrowed from its bytes. Nothing is deciphered here.

use super::MAGIC;
use crate::{
    OpenError,
    pair::{MOST_CERTIFICATES, MOST_KEYS},
};

const JKS: &str = "JKS";
/// Of SHA-1.
const DIGEST_LEN: usize = 20;
const MOST_ENTRIES: usize = MOST_KEYS + MOST_CERTIFICATES;

/// A whole store.
#[derive(Debug)]
pub(super) struct Store<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// What the digest is over.
    pub(super) covered: &'a [u8],
    pub(super) digest: &'a [u8; DIGEST_LEN],
}

#[derive(Debug)]
pub(super) enum Entry<'a> {
    /// `sealed` is an EncryptedPrivateKeyInfo.
    Key { alias: String, sealed: &'a [u8], chain: Vec<Encoded<'a>> },
    /// The certificate of an authority, or of a correspondent.
    Trusted { certificate: Encoded<'a> },
}

/// A certificate.
#[derive(Debug)]
pub(super) struct Encoded<'a> {
    /// Its type; version 1 of the format has only X.509.
    pub(super) kind: Option<String>,
    pub(super) octets: &'a [u8],
}

impl<'a> Store<'a> {
    /// What follows the digest is no part of the store, and is let be, as Java does.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let mut input = Input { bytes, at: 0 };
        if *input.array()? != MAGIC {
            return Err(OpenError::NotAKeyFile);
        }
        let typed = match input.number()? {
            1 => false,
            2 => true,
            _ => return Err(input.fault(4)),
        };
        let count = input.number()?;
        let too_many = OpenError::TooLarge { what: "entries", most: MOST_ENTRIES };
        let count = usize::try_from(count).ok().filter(|count| *count <= MOST_ENTRIES).ok_or(too_many)?;
        // The vector grows with what is really there.
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(input.entry(typed)?);
        }
        let covered = bytes.get(..input.at).unwrap_or_default();
        Ok(Self { entries, covered, digest: input.array()? })
    }
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], OpenError> {
        let end = self.at.checked_add(len).ok_or(OpenError::Truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(OpenError::Truncated)?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], OpenError> {
        self.take(N)?.first_chunk().ok_or(OpenError::Truncated)
    }

    fn number(&mut self) -> Result<u32, OpenError> {
        Ok(u32::from_be_bytes(*self.array()?))
    }

    /// Octets after their length. One that does not fit an `int` of Java reaches beyond any file that is read.
    fn counted(&mut self) -> Result<&'a [u8], OpenError> {
        let len = self.number()?;
        self.take(usize::try_from(len).map_err(|_| OpenError::Truncated)?)
    }

    fn text(&mut self) -> Result<String, OpenError> {
        let len = usize::from(u16::from_be_bytes(*self.array()?));
        let octets = self.take(len)?;
        modified_utf8(octets).ok_or(self.fault(len))
    }

    fn entry(&mut self, typed: bool) -> Result<Entry<'a>, OpenError> {
        let kind = self.number()?;
        // 3 is a symmetric key, which only JCEKS has.
        if !matches!(kind, 1 | 2) {
            return Err(self.fault(4));
        }
        let alias = self.text()?;
        // When it was put in.
        self.take(8)?;
        if kind == 2 {
            return Ok(Entry::Trusted { certificate: self.certificate(typed)? });
        }
        let sealed = self.counted()?;
        let count = usize::try_from(self.number()?).ok().filter(|count| *count <= MOST_CERTIFICATES);
        let count = count.ok_or(OpenError::TooLarge { what: "certificates", most: MOST_CERTIFICATES })?;
        let mut chain = Vec::new();
        for _ in 0..count {
            chain.push(self.certificate(typed)?);
        }
        Ok(Entry::Key { alias, sealed, chain })
    }

    fn certificate(&mut self, typed: bool) -> Result<Encoded<'a>, OpenError> {
        let kind = if typed { Some(self.text()?) } else { None };
        Ok(Encoded { kind, octets: self.counted()? })
    }

    /// The last `len` octets that were read are not what they should be.
    fn fault(&self, len: usize) -> OpenError {
        OpenError::Malformed { part: JKS, offset: self.at.saturating_sub(len) }
    }
}

/// The text of Java's `DataInput.readUTF`: UTF-16 whose units are each written as UTF-8 writes a character, so that one
/// outside of the BMP takes two times three octets; and U+0000 takes two. Half a pair becomes U+FFFD.
fn modified_utf8(octets: &[u8]) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some((first, after)) = rest.split_first() {
        let low = |octet: &u8| (octet & 0xc0 == 0x80).then_some(u16::from(octet & 0x3f));
        let first_bits = u16::from(*first);
        let (unit, after) = match (first, after) {
            (0x00..=0x7f, _) => (first_bits, after),
            (0xc0..=0xdf, [second, after @ ..]) => ((first_bits & 0x1f) << 6 | low(second)?, after),
            (0xe0..=0xef, [second, third, after @ ..]) => {
                ((first_bits & 0x0f) << 12 | low(second)? << 6 | low(third)?, after)
            }
            _ => return None,
        };
        units.push(unit);
        rest = after;
    }
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn texts_of_java_are_read_as_java_writes_them() {
        // `writeUTF("aқ€𝄞\0")`: one, two, three, twice three, and two octets.
        let octets = b"a\xd2\x9b\xe2\x82\xac\xed\xa0\xb4\xed\xb4\x9e\xc0\x80";
        assert_eq!(modified_utf8(octets).unwrap(), "aқ€𝄞\0");
        assert_eq!(modified_utf8(b"\xed\xa0\xb4").unwrap(), "\u{fffd}");
        for broken in [&b"\xd2"[..], b"\xe2\x82", b"\x80", b"\xd2a", b"\xe2\x82a", b"\xf0\x9d\x84\x9e", b"\xff"] {
            assert_eq!(modified_utf8(broken), None, "{broken:02x?}");
        }
    }
}
