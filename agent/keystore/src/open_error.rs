//! Why a key file does not open.

use const_oid::ObjectIdentifier;

/// Why a key file does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The bytes begin as no key file of a kind that is read here.
    #[error("this is neither a PKCS#12 nor a JKS key file")]
    NotAKeyFile,
    /// A key file of a kind that is known, but not read.
    #[error("this is {0}; only PKCS#12 and JKS key files are opened")]
    UnsupportedFormat(&'static str),
    /// The bytes do not begin as a PFX of version 3 (RFC 7292 section 4).
    #[error("this is not a PKCS#12 key file")]
    NotPkcs12,
    /// The file ends before its outermost element does.
    #[error("the key file is cut off: it ends before its contents do")]
    Truncated,
    /// A part of the file is not what the format has in that place. The MAC, where there is one, was right: somebody
    /// wrote it so; or the damage sits outside of what the MAC covers.
    #[error("the key file is damaged: {part}, offset {offset}")]
    Malformed {
        /// The part, by its ASN.1 name.
        part: &'static str,
        /// Where in that part, in octets (of its DER form, for PKCS#12).
        offset: usize,
    },
    /// The MAC does not fit (or, in a file without one, what was deciphered makes no sense): the password is wrong, or
    /// the file is damaged in a way that cannot be told from it.
    #[error("wrong password")]
    WrongPassword,
    /// The password opens the file, but none of its keys: they have another one.
    #[error("the password opens the key file, but not the key {alias:?}: it has a password of its own")]
    KeyPasswordDiffers {
        /// The first such key.
        alias: String,
    },
    /// The file asks for more work than an honest one. Said before the work is done.
    #[error("the key file asks for {asked} rounds of key derivation; no more than {most} are done")]
    TooManyIterations {
        /// What the file asks for.
        asked: u64,
        /// What is done at most.
        most: u64,
    },
    /// Elements or bags are nested deeper than any honest file's.
    #[error("the key file is nested too deeply")]
    TooDeep,
    /// The file, or the number of things in it, is larger than an honest one.
    #[error("the key file is too large: {what}, at most {most}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The most that is read.
        most: usize,
    },
    /// The file is protected by an algorithm that is not known here.
    #[error("the key file uses an algorithm that is not supported: {}", in_words(.0))]
    UnsupportedAlgorithm(ObjectIdentifier),
    /// Neither a private key nor a certificate is in the file.
    #[error("there is no private key in the file")]
    NoKey,
    /// The private number is not one that the curve allows, or a key's structure is broken.
    #[error("the private key in the file is broken")]
    BrokenKey,
    /// No private key of the file belongs to the certificate it claims (d·G ≠ Q).
    #[error("the private key does not belong to the certificate beside it")]
    KeyDoesNotMatchCertificate,
}

impl OpenError {
    /// The stable name of this error, for catalogues of texts and for scripts.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAKeyFile => "not-a-key-file",
            Self::UnsupportedFormat(_) => "unsupported-format",
            Self::NotPkcs12 => "not-pkcs12",
            Self::Truncated => "truncated",
            Self::Malformed { .. } => "malformed",
            Self::WrongPassword => "wrong-password",
            Self::KeyPasswordDiffers { .. } => "key-password-differs",
            Self::TooManyIterations { .. } => "too-many-iterations",
            Self::TooDeep => "too-deep",
            Self::TooLarge { .. } => "too-large",
            Self::UnsupportedAlgorithm(_) => "unsupported-algorithm",
            Self::NoKey => "no-key",
            Self::BrokenKey => "broken-key",
            Self::KeyDoesNotMatchCertificate => "key-does-not-match",
        }
    }

    /// For `map_err`: what `der` says about `part`.
    pub(crate) fn in_part(part: &'static str) -> impl Fn(der::Error) -> Self {
        move |error| Self::Malformed {
            part,
            offset: error.position().and_then(|at| usize::try_from(at).ok()).unwrap_or_default(),
        }
    }
}

/// The algorithms that other programs offer and that are not read here.
const NAMES: [(&str, &str); 11] = [
    ("1.3.6.1.4.1.11591.4.11", "scrypt"),
    ("1.2.840.113549.1.5.1", "PBES1 with MD2 and DES"),
    ("1.2.840.113549.1.5.3", "PBES1 with MD5 and DES"),
    ("1.2.840.113549.1.5.10", "PBES1 with SHA-1 and DES"),
    ("1.2.840.113549.1.12.1.1", "RC4 with 128 bits"),
    ("1.2.840.113549.1.12.1.2", "RC4 with 40 bits"),
    ("1.2.840.113549.2.5", "MD5"),
    ("1.2.840.113549.1.7.2", "integrity by signature"),
    ("2.16.840.1.101.3.4.1.46", "AES-256-GCM"),
    ("2.16.840.1.101.3.4.2.6", "SHA-512/256"),
    ("1.2.840.113549.2.13", "HMAC with SHA-512/256"),
];

/// The algorithm's name, where it is one of those above, and its number.
fn in_words(algorithm: &ObjectIdentifier) -> String {
    let number = algorithm.to_string();
    match NAMES.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => format!("{name} ({number})"),
        None => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsupported_algorithm_is_called_by_its_name() {
        let said = |number| OpenError::UnsupportedAlgorithm(ObjectIdentifier::new_unwrap(number)).to_string();
        assert!(said("1.3.6.1.4.1.11591.4.11").ends_with("not supported: scrypt (1.3.6.1.4.1.11591.4.11)"));
        assert!(said("1.2.3").ends_with("not supported: 1.2.3"));
        assert!(NAMES.iter().all(|(number, _)| ObjectIdentifier::new(number).is_ok()));
    }
}
