//! What OCSP and CRLs share: why a certificate was revoked, and how old news may be.

use std::fmt;

use crate::time::Timestamp;

/// CRLReason (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Not said.
    Unspecified,
    /// The key is in other hands.
    KeyCompromise,
    /// The authority's key is in other hands.
    CaCompromise,
    /// The holder's name or organisation is another one now.
    AffiliationChanged,
    /// There is a newer certificate.
    Superseded,
    /// No longer needed.
    CessationOfOperation,
    /// Suspended: may come back.
    CertificateHold,
    /// In a delta CRL: no longer on the list.
    RemoveFromCrl,
    /// The holder may no longer do what the certificate says.
    PrivilegeWithdrawn,
    /// An attribute authority's key is in other hands.
    AaCompromise,
}

impl Reason {
    /// By the number of the ENUMERATED; 7 is not used.
    pub(crate) const ALL: [(u8, Self, &'static str); 10] = [
        (0, Self::Unspecified, "unspecified"),
        (1, Self::KeyCompromise, "keyCompromise"),
        (2, Self::CaCompromise, "cACompromise"),
        (3, Self::AffiliationChanged, "affiliationChanged"),
        (4, Self::Superseded, "superseded"),
        (5, Self::CessationOfOperation, "cessationOfOperation"),
        (6, Self::CertificateHold, "certificateHold"),
        (8, Self::RemoveFromCrl, "removeFromCRL"),
        (9, Self::PrivilegeWithdrawn, "privilegeWithdrawn"),
        (10, Self::AaCompromise, "aACompromise"),
    ];

    /// The number of RFC 5280.
    pub fn number(self) -> u8 {
        Self::ALL.iter().find(|(_, reason, _)| *reason == self).map_or(0, |(number, ..)| *number)
    }

    /// The reason of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().find(|(known, ..)| *known == number).map(|(_, reason, _)| *reason)
    }

    /// From the content octets of an ENUMERATED.
    pub(crate) fn from_content(content: &[u8]) -> Option<Self> {
        match content {
            [number] => Self::from_number(*number),
            _ => None,
        }
    }

    /// Its name in RFC 5280, for logs and scripts.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, reason, _)| *reason == self).map_or("", |(.., name)| *name)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Since when.
    pub since: Timestamp,
    /// Since when the key is no longer to be relied on, where a list says that this was before it became known
    /// (invalidityDate, RFC 5280 §5.3.2).
    pub invalid_since: Option<Timestamp>,
    /// Why, where it is said.
    pub reason: Option<Reason>,
}

impl Revocation {
    /// It counts for what was signed at that moment.
    pub fn counts_at(&self, moment: Timestamp) -> bool {
        self.invalid_since.map_or(self.since, |invalid| invalid.min(self.since)) <= moment
    }
}

/// The present, and how far news may be from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The moment that is taken for the present.
    pub now: Timestamp,
    /// Seconds by which clocks may differ, in both directions.
    pub skew: u32,
    /// Seconds after which an OCSP answer that does not say how long it holds is too old. The NCA's do not say.
    pub longest_age: u32,
}

impl Freshness {
    /// Five minutes between clocks, and an hour for an answer that does not say how long it holds.
    pub const fn at(now: Timestamp) -> Self {
        Self { now, skew: 300, longest_age: 3600 }
    }

    /// Something made at that time is not from the future.
    pub(crate) fn has_begun(&self, time: Timestamp) -> bool {
        time <= self.now.plus_seconds(self.skew.into())
    }

    /// Something that holds until that time still does.
    pub(crate) fn still_holds(&self, until: Timestamp) -> bool {
        self.now <= until.plus_seconds(self.skew.into())
    }

    /// Until when something made at that time holds that does not say it itself.
    pub(crate) fn holds_until(&self, made: Timestamp) -> Timestamp {
        made.plus_seconds(self.longest_age.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_have_the_numbers_of_rfc_5280() {
        for (number, reason, name) in Reason::ALL {
            assert_eq!(Reason::from_number(number), Some(reason));
            assert_eq!((reason.number(), reason.to_string().as_str()), (number, name));
        }
        assert_eq!((Reason::from_number(7), Reason::from_number(11)), (None, None));
        assert_eq!((Reason::from_content(&[]), Reason::from_content(&[0, 6])), (None, None));
    }

    #[test]
    fn clocks_may_differ_by_five_minutes_and_no_more() {
        let now = Timestamp::from_unix(1_000_000);
        let freshness = Freshness::at(now);
        assert!(freshness.has_begun(now.plus_seconds(300)) && !freshness.has_begun(now.plus_seconds(301)));
        assert!(freshness.still_holds(now.plus_seconds(-300)) && !freshness.still_holds(now.plus_seconds(-301)));
    }
}
