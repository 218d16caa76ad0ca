//! How well a key file is protected, told without its password.

use der::{AnyRef, Decode, Tag, asn1::OctetStringRef};
use zeroize::Zeroizing;

use super::{
    OpenError,
    asn1::{self, AlgorithmIdentifier, ContentInfo, EncryptedContentInfo, EncryptedPrivateKeyInfo, SafeBag},
    hash::Hash,
    mac::FileMac,
    oids,
    open::{AUTHENTICATED_SAFE, SAFE_CONTENTS, normalised, with_pfx},
    pbe::Scheme,
};

/// Below this many rounds a guess at the password costs next to nothing.
const FEW_ROUNDS: u64 = 100_000;

/// Why a stolen copy of a key file would be opened sooner than it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Weakness {
    /// A private key stands in the file without a password.
    OpenKey,
    /// RC2: 40 bits are searched through in hours, whatever the password is.
    Rc2,
    /// Triple DES.
    TripleDes,
    /// The password is checked by SHA-1.
    Sha1,
    /// So few rounds stand between a guessed password and knowing whether it was right.
    FewRounds(u64),
    /// Nothing tells whether somebody changed the file.
    NoMac,
    /// A JKS key store: one round of SHA-1, and nothing else.
    Jks,
}

impl Weakness {
    /// The stable name of this weakness, for scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OpenKey => "open-key",
            Self::Rc2 => "rc2",
            Self::TripleDes => "3des",
            Self::Sha1 => "sha1",
            Self::FewRounds(_) => "few-rounds",
            Self::NoMac => "no-mac",
            Self::Jks => "jks",
        }
    }
}

/// What is weak about how a PKCS#12 file is protected, each kind once; nothing for one that is protected as is usual
/// today. What stands under the password is not looked at.
///
/// # Errors
/// [`OpenError`], never about a password.
pub fn weaknesses(bytes: &[u8]) -> Result<Vec<Weakness>, OpenError> {
    with_pfx(bytes, |mac, safe| {
        let mut found = Found::default();
        match mac {
            None => found.add(Weakness::NoMac),
            Some(mac) => {
                let mac = FileMac::read(mac)?;
                found.hash(mac.hash());
                found.rounds(mac.iterations());
            }
        }
        found.authenticated_safe(safe)?;
        let Found { mut weaknesses, fewest } = found;
        if let Some(rounds) = fewest.filter(|rounds| *rounds < FEW_ROUNDS) {
            weaknesses.push(Weakness::FewRounds(rounds));
        }
        weaknesses.sort_unstable();
        Ok(weaknesses)
    })
}

#[derive(Default)]
struct Found {
    weaknesses: Vec<Weakness>,
    fewest: Option<u64>,
}

impl Found {
    fn add(&mut self, weakness: Weakness) {
        if !self.weaknesses.contains(&weakness) {
            self.weaknesses.push(weakness);
        }
    }

    fn hash(&mut self, hash: Hash) {
        if hash == Hash::Sha1 {
            self.add(Weakness::Sha1);
        }
    }

    fn rounds(&mut self, rounds: u64) {
        self.fewest = Some(self.fewest.map_or(rounds, |fewest| fewest.min(rounds)));
    }

    fn scheme(&mut self, algorithm: &AlgorithmIdentifier<'_>) -> Result<(), OpenError> {
        let scheme = Scheme::read(algorithm)?;
        if let Some(weakness) = scheme.weak_cipher() {
            self.add(weakness);
        }
        self.rounds(scheme.iterations());
        Ok(())
    }

    fn authenticated_safe(&mut self, safe: &[u8]) -> Result<(), OpenError> {
        let der = normalised(safe, AUTHENTICATED_SAFE)?;
        let fault = OpenError::in_part(AUTHENTICATED_SAFE);
        for info in asn1::elements(&der, Tag::Sequence).map_err(&fault)? {
            let info: ContentInfo<'_> = info.decode_as().map_err(&fault)?;
            match info.content_type {
                oids::DATA => {
                    let contents = info.content.decode_as::<&OctetStringRef>().map_err(&fault)?;
                    let der = Zeroizing::new(normalised(contents.as_bytes(), SAFE_CONTENTS)?);
                    self.bags(AnyRef::from_der(&der).map_err(&fault)?)?;
                }
                oids::ENCRYPTED_DATA => {
                    let parts = asn1::elements_of(info.content, Tag::Sequence).map_err(&fault)?;
                    let info = parts.get(1).ok_or(OpenError::Malformed { part: AUTHENTICATED_SAFE, offset: 0 })?;
                    let info: EncryptedContentInfo<'_> = info.decode_as().map_err(&fault)?;
                    self.scheme(&info.algorithm)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn bags(&mut self, contents: AnyRef<'_>) -> Result<(), OpenError> {
        let fault = OpenError::in_part(SAFE_CONTENTS);
        for bag in asn1::elements_of(contents, Tag::Sequence).map_err(&fault)? {
            let bag: SafeBag<'_> = bag.decode_as().map_err(&fault)?;
            match bag.bag_id {
                oids::KEY_BAG => self.add(Weakness::OpenKey),
                oids::SHROUDED_KEY_BAG => {
                    let sealed: EncryptedPrivateKeyInfo<'_> = bag.value.decode_as().map_err(&fault)?;
                    self.scheme(&sealed.algorithm)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
