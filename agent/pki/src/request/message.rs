//! What a holder's present key signs about its keys: PKIData (RFC 5272 §3.2.1), in DER.
//!
//! ```text
//! PKIData ::= SEQUENCE { controlSequence SEQUENCE OF TaggedAttribute, reqSequence SEQUENCE OF TaggedRequest,
//!                        cmsSequence SEQUENCE OF ANY, otherMsgSequence SEQUENCE OF ANY }
//! ```
//!
//! It has a content type of its own, [`PKI_DATA`], and that is what matters: no signature of a document has it, whatever
//! the document is. Somebody who has a person sign a certificate request as a document gets nothing that an authority
//! takes.

use const_oid::ObjectIdentifier;

use super::revocation::Statement;
use super::{CertificationRequest, RequestError};
use crate::tlv::{self, Reader, Tlv};

/// Content type id-cct-PKIData.
pub const PKI_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.12.2");
/// Control attribute id-cmc-revokeRequest (RFC 5272 §6.11).
const REVOKE_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.7.17");

/// bodyPartID 1: the only part is the first one.
const FIRST: [u8; 3] = [tlv::INTEGER, 1, 1];
/// A SEQUENCE OF nothing.
const NONE: [u8; 2] = [tlv::SEQUENCE, 0];

/// What is asked of an authority, one thing at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and not for long")]
pub enum Message {
    /// A certificate of a new key for the same holder.
    Renewal(CertificationRequest),
    /// An end to the certificate of the key that signs.
    Revocation(Statement),
}

impl Message {
    /// Messages above this are refused: a request and what is around it.
    pub const MAX_LEN: usize = CertificationRequest::MAX_LEN + 1024;

    /// Its PKIData.
    pub fn to_der(&self) -> Vec<u8> {
        let (controls, requests) = match self {
            // tcr [0] IMPLICIT TaggedCertificationRequest
            Self::Renewal(request) => (Vec::new(), tlv::element(tlv::context(0), &[&FIRST, request.der()])),
            Self::Revocation(statement) => {
                let values = tlv::element(tlv::SET, &[&statement.to_der()]);
                (tlv::element(tlv::SEQUENCE, &[&FIRST, &tlv::oid(&REVOKE_REQUEST), &values]), Vec::new())
            }
        };
        let sequence = |inside: &[u8]| tlv::element(tlv::SEQUENCE, &[inside]);
        tlv::element(tlv::SEQUENCE, &[&sequence(&controls), &sequence(&requests), &NONE, &NONE])
    }

    /// From exactly one PKIData that asks for exactly one thing.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        if der.len() > Self::MAX_LEN {
            return Err(RequestError::TooLarge(der.len()));
        }
        let whole = tlv::whole(der, tlv::SEQUENCE)?;
        let mut fields = whole.children();
        let (mut controls, mut requests) =
            (fields.expect(tlv::SEQUENCE)?.children(), fields.expect(tlv::SEQUENCE)?.children());
        // What cannot be understood is not passed over: the whole is signed.
        for others in [fields.expect(tlv::SEQUENCE)?, fields.expect(tlv::SEQUENCE)?] {
            others.children().finish()?;
        }
        fields.finish()?;
        match (controls.is_empty(), requests.is_empty()) {
            (false, true) => {
                let control = controls.expect(tlv::SEQUENCE)?;
                controls.finish()?;
                Ok(Self::Revocation(revocation(control)?))
            }
            (true, false) => {
                let mut request = requests.expect(tlv::context(0))?.children();
                requests.finish()?;
                body_part(&mut request)?;
                let inside = request.expect(tlv::SEQUENCE)?;
                request.finish()?;
                Ok(Self::Renewal(CertificationRequest::from_der(inside.raw())?))
            }
            _ => Err(whole.wrong("PKIData: one request or one revocation is wanted").into()),
        }
    }
}

fn revocation(control: Tlv<'_>) -> Result<Statement, RequestError> {
    let mut fields = control.children();
    body_part(&mut fields)?;
    let kind = fields.read()?;
    if kind.oid()? != REVOKE_REQUEST {
        return Err(kind.wrong("PKIData: a control attribute that is not known").into());
    }
    let mut values = fields.expect(tlv::SET)?.children();
    fields.finish()?;
    let statement = values.expect(tlv::SEQUENCE)?;
    values.finish()?;
    Ok(Statement::from_der(statement.raw())?)
}

fn body_part(fields: &mut Reader<'_>) -> Result<(), RequestError> {
    fields.read()?.small_integer()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::NameBuilder;
    use crate::oid;
    use crate::revocation::Reason;
    use crate::serial::Serial;
    use proptest::prelude::*;

    fn statement() -> Statement {
        Statement {
            issuer: NameBuilder::new().with(oid::COMMON_NAME, "ОРТАЛЫҚ").build().unwrap(),
            serial: Serial::from_bytes(&[0x10, 2, 3]).unwrap(),
            reason: Reason::KeyCompromise,
            invalid_since: None,
            comment: None,
        }
    }

    #[test]
    fn a_revocation_reads_back_and_no_other_reading_is_possible() {
        let message = Message::Revocation(statement());
        let der = message.to_der();
        assert_eq!(Message::from_der(&der).unwrap(), message);
        assert!(Statement::from_der(&der).is_err() && CertificationRequest::from_der(&der).is_err());
        assert!(Message::from_der(&statement().to_der()).is_err(), "a bare statement is no message");
    }

    #[test]
    fn what_asks_for_nothing_or_for_more_than_is_understood_is_refused() {
        let values = tlv::element(tlv::SET, &[&statement().to_der()]);
        let control = |kind: &ObjectIdentifier| tlv::element(tlv::SEQUENCE, &[&FIRST, &tlv::oid(kind), &values]);
        let whole = |controls: &[u8], others: &[u8]| {
            let controls = tlv::element(tlv::SEQUENCE, &[controls]);
            tlv::element(tlv::SEQUENCE, &[&controls, &NONE, &NONE, &tlv::element(tlv::SEQUENCE, &[others])])
        };
        let known = control(&REVOKE_REQUEST);
        assert!(Message::from_der(&whole(&known, &[])).is_ok());
        assert!(Message::from_der(&whole(&[], &[])).is_err());
        assert!(Message::from_der(&whole(&[known.clone(), known.clone()].concat(), &[])).is_err());
        assert!(Message::from_der(&whole(&control(&oid::COMMON_NAME), &[])).is_err());
        assert!(Message::from_der(&whole(&known, &[tlv::NULL, 0])).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_message_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..96)) {
            let _ = Message::from_der(&tlv::element(tlv::SEQUENCE, &[&bytes]));
        }
    }
}
