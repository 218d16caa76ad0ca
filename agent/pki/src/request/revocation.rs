//! The statement that a certificate shall be revoked.
//!
//! It is the RevokeRequest of RFC 5272 §6.11, in DER:
//!
//! ```text
//! SEQUENCE { issuerName Name, serialNumber INTEGER, reason CRLReason,
//!            invalidityDate GeneralizedTime OPTIONAL, passphrase OCTET STRING OPTIONAL, comment UTF8String OPTIONAL }
//! ```
//!
//! The holder signs it with the key to be revoked, inside of a [message](super::message); when it was signed stands around. Which
//! form the NCA's portal wants is not known; a person who has lost the key goes there without one.

use crate::certificate::Certificate;
use crate::name::Name;
use crate::revocation::Reason;
use crate::serial::Serial;
use crate::time::Timestamp;
use crate::tlv::{self, DerError};

/// ENUMERATED.
const ENUMERATED: u8 = 0x0a;

/// The longest comment, in octets.
const LONGEST_COMMENT: usize = 4096;

/// Which certificate is to be revoked, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Who issued it.
    pub issuer: Name,
    /// Its number.
    pub serial: Serial,
    /// Why.
    pub reason: Reason,
    /// Since when the key is not to be relied on.
    pub invalid_since: Option<Timestamp>,
    /// What else the holder says.
    pub comment: Option<String>,
}

impl Statement {
    /// Statements above this are refused: 16 KiB.
    pub const MAX_LEN: usize = 16 * 1024;

    /// Reasons that a holder can have (RFC 5280 §5.3.1): the others are an authority's own.
    pub const HOLDERS_REASONS: [Reason; 6] = [
        Reason::Unspecified,
        Reason::KeyCompromise,
        Reason::AffiliationChanged,
        Reason::Superseded,
        Reason::CessationOfOperation,
        Reason::CertificateHold,
    ];

    /// About a certificate.
    pub fn about(certificate: &Certificate, reason: Reason) -> Self {
        let (issuer, serial) = (certificate.issuer().clone(), certificate.serial().clone());
        Self { issuer, serial, reason, invalid_since: None, comment: None }
    }

    /// It means that certificate.
    pub fn means(&self, certificate: &Certificate) -> bool {
        self.issuer == *certificate.issuer() && self.serial == *certificate.serial()
    }

    /// From exactly one DER statement.
    ///
    /// # Errors
    /// [`DerError`]; a passphrase is refused, because a secret has no place in what the key itself signs.
    pub fn from_der(der: &[u8]) -> Result<Self, DerError> {
        let whole = tlv::whole(der, tlv::SEQUENCE)?;
        if der.len() > Self::MAX_LEN {
            return Err(whole.wrong("revocation statement: too long"));
        }
        let mut fields = whole.children();
        let issuer = Name::from_tlv(fields.expect(tlv::SEQUENCE)?)?;
        let number = fields.read()?;
        let serial = Serial::from_bytes(number.integer()?).ok_or(number.wrong("serial number"))?;
        let reason = fields.expect(ENUMERATED)?;
        let reason = Reason::from_content(reason.value()).ok_or(reason.wrong("CRLReason"))?;
        let invalid_since = fields.optional(tlv::GENERALIZED_TIME)?.map(Timestamp::from_tlv).transpose()?;
        if let Some(passphrase) = fields.optional(tlv::OCTET_STRING)? {
            return Err(passphrase.wrong("revocation statement: a passphrase is not taken"));
        }
        let comment = match fields.optional(tlv::UTF8_STRING)? {
            Some(comment) if comment.value().len() > LONGEST_COMMENT => return Err(comment.wrong("comment: too long")),
            Some(comment) => {
                let text = std::str::from_utf8(comment.value()).map_err(|_| comment.wrong("UTF8String"))?;
                Some(text.to_owned())
            }
            None => None,
        };
        fields.finish()?;
        Ok(Self { issuer, serial, reason, invalid_since, comment })
    }

    /// Its DER. A comment is cut at the longest that is read.
    pub fn to_der(&self) -> Vec<u8> {
        let invalid_since = self.invalid_since.map(Timestamp::to_generalized_time).unwrap_or_default();
        let comment = self.comment.as_deref().map(|comment| {
            let end = comment.floor_char_boundary(LONGEST_COMMENT);
            tlv::element(tlv::UTF8_STRING, &[comment.get(..end).unwrap_or_default().as_bytes()])
        });
        tlv::element(
            tlv::SEQUENCE,
            &[
                self.issuer.der(),
                &tlv::element(tlv::INTEGER, &[self.serial.bytes()]),
                &tlv::element(ENUMERATED, &[&[self.reason.number()]]),
                &invalid_since,
                &comment.unwrap_or_default(),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::NameBuilder;
    use crate::oid;
    use proptest::prelude::*;

    fn statement() -> Statement {
        Statement {
            issuer: NameBuilder::new().with(oid::COMMON_NAME, "ОРТАЛЫҚ").build().unwrap(),
            serial: Serial::from_bytes(&[0x10, 2, 3]).unwrap(),
            reason: Reason::KeyCompromise,
            invalid_since: Timestamp::from_utc(2026, 11, 1, 0, 0, 0),
            comment: Some("Ноутбук жоғалды".to_owned()),
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let bare = Statement { invalid_since: None, comment: None, reason: Reason::Superseded, ..statement() };
        for statement in [statement(), bare] {
            assert_eq!(Statement::from_der(&statement.to_der()).unwrap(), statement);
        }
    }

    #[test]
    fn a_reason_that_is_none_a_passphrase_and_what_follows_are_refused() {
        let statement = statement();
        let parts = |reason: u8, more: &[u8]| {
            let serial = tlv::element(tlv::INTEGER, &[&[5]]);
            tlv::element(tlv::SEQUENCE, &[statement.issuer.der(), &serial, &[ENUMERATED, 1, reason], more])
        };
        assert!(Statement::from_der(&parts(1, &[])).is_ok());
        assert!(Statement::from_der(&parts(7, &[])).is_err());
        assert!(Statement::from_der(&parts(1, &tlv::element(tlv::OCTET_STRING, &[b"secret"]))).is_err());
        assert!(Statement::from_der(&parts(1, &[tlv::NULL, 0])).is_err());
        assert!(Statement::from_der(&parts(1, &tlv::element(tlv::UTF8_STRING, &[&[b'a'; 5000]]))).is_err());
    }

    #[test]
    fn a_long_comment_is_cut_between_two_characters() {
        let long = Statement { comment: Some("ә".repeat(3000) + "z"), ..statement() };
        let read = Statement::from_der(&long.to_der()).unwrap();
        assert_eq!(read.comment.unwrap(), "ә".repeat(2048));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_statement_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..96)) {
            let _ = Statement::from_der(&tlv::element(tlv::SEQUENCE, &[&bytes]));
        }
    }
}
