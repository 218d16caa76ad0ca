//! TimeStampResp: what the service answers (RFC 3161 §2.4.2).

use std::fmt;

use super::error::TspError;
use super::token::Token;
use crate::tlv::{self, DerError, Tlv};

/// PKIStatus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseStatus {
    /// Here is the token.
    Granted,
    /// Here is a token, though not quite what was asked for. The request is held against it all the same.
    GrantedWithMods,
    /// There is no token.
    Rejection,
    /// Not yet.
    Waiting,
    /// The service's certificate is about to be revoked.
    RevocationWarning,
    /// The service's certificate has been revoked.
    RevocationNotification,
}

impl fmt::Display for ResponseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Granted => "granted",
            Self::GrantedWithMods => "grantedWithMods",
            Self::Rejection => "rejection",
            Self::Waiting => "waiting",
            Self::RevocationWarning => "revocationWarning",
            Self::RevocationNotification => "revocationNotification",
        })
    }
}

/// PKIFailureInfo: the reasons that RFC 3161 knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The digest algorithm is not one that the service takes.
    BadAlgorithm,
    /// The service does not do this.
    BadRequest,
    /// The service did not understand the request.
    BadDataFormat,
    /// The service's clock is out of order.
    TimeNotAvailable,
    /// The policy is not one of the service's.
    UnacceptedPolicy,
    /// The service does not know an extension of the request.
    UnacceptedExtension,
    /// The service cannot say what was asked for in addition.
    AddInfoNotAvailable,
    /// Something is out of order at the service.
    SystemFailure,
}

impl Failure {
    /// By the number of the bit.
    const ALL: [(usize, Self, &'static str); 8] = [
        (0, Self::BadAlgorithm, "badAlg"),
        (2, Self::BadRequest, "badRequest"),
        (5, Self::BadDataFormat, "badDataFormat"),
        (14, Self::TimeNotAvailable, "timeNotAvailable"),
        (15, Self::UnacceptedPolicy, "unacceptedPolicy"),
        (16, Self::UnacceptedExtension, "unacceptedExtension"),
        (17, Self::AddInfoNotAvailable, "addInfoNotAvailable"),
        (25, Self::SystemFailure, "systemFailure"),
    ];

    fn from_bits(bits: Tlv<'_>) -> Result<Option<Self>, DerError> {
        let octets = match bits.expect(tlv::BIT_STRING)?.value() {
            [0..=7, octets @ ..] if octets.len() <= 4 => octets,
            _ => return Err(bits.wrong("PKIFailureInfo")),
        };
        let is_set = |bit: usize| octets.get(bit / 8).is_some_and(|octet| octet << (bit % 8) & 0x80 != 0);
        Ok(Self::ALL.iter().find(|(bit, ..)| is_set(*bit)).map(|(_, failure, _)| *failure))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL.iter().find(|(_, failure, _)| failure == self).map_or("", |(.., name)| *name))
    }
}

/// A response, of which only the outside was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    status: ResponseStatus,
    failure: Option<Failure>,
    text: Option<String>,
    token: Option<Token>,
}

/// Characters of the service's words that are kept.
const LONGEST_TEXT: usize = 512;

impl Response {
    /// Responses above this are refused: a token with some room around it.
    pub const MAX_LEN: usize = Token::MAX_LEN + 4096;
    /// What the header Content-Type of a response says.
    pub const CONTENT_TYPE: &'static str = "application/timestamp-reply";

    /// From exactly one DER TimeStampResp.
    ///
    /// # Errors
    /// [`TspError`]: no response, or a token in it that is none.
    pub fn from_der(der: &[u8]) -> Result<Self, TspError> {
        if der.len() > Self::MAX_LEN {
            return Err(TspError::TooLarge(der.len()));
        }
        let mut response = tlv::whole(der, tlv::SEQUENCE)?.children();
        let mut information = response.expect(tlv::SEQUENCE)?.children();
        let number = information.read()?;
        let status = match number.small_integer()? {
            0 => ResponseStatus::Granted,
            1 => ResponseStatus::GrantedWithMods,
            2 => ResponseStatus::Rejection,
            3 => ResponseStatus::Waiting,
            4 => ResponseStatus::RevocationWarning,
            5 => ResponseStatus::RevocationNotification,
            _ => return Err(number.wrong("PKIStatus").into()),
        };
        let text = information.optional(tlv::SEQUENCE)?.map(text).transpose()?;
        let failure = information.optional(tlv::BIT_STRING)?.map(Failure::from_bits).transpose()?.flatten();
        information.finish()?;
        let token = response.optional(tlv::SEQUENCE)?.map(|token| Token::from_der(token.raw())).transpose()?;
        response.finish()?;
        Ok(Self { status, failure, text, token })
    }

    /// Whether it was granted.
    pub fn status(&self) -> ResponseStatus {
        self.status
    }

    /// The token, when there is one to look at.
    ///
    /// # Errors
    /// [`TspError::Refused`], [`TspError::NoToken`].
    pub fn into_token(self) -> Result<Token, TspError> {
        match self.status {
            ResponseStatus::Granted | ResponseStatus::GrantedWithMods => self.token.ok_or(TspError::NoToken),
            status => Err(TspError::Refused { status, failure: self.failure, text: self.text }),
        }
    }
}

/// PKIFreeText, on one line.
fn text(list: Tlv<'_>) -> Result<String, DerError> {
    let mut list = list.children();
    let mut words = Vec::new();
    while !list.is_empty() {
        let line = list.expect(tlv::UTF8_STRING)?;
        words.push(std::str::from_utf8(line.value()).map_err(|_| line.wrong("UTF8String"))?);
    }
    let words = words.join(" ");
    Ok(words.chars().filter(|character| !character.is_control()).take(LONGEST_TEXT).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(information: &[&[u8]]) -> Vec<u8> {
        tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SEQUENCE, information)])
    }

    #[test]
    fn a_refusal_is_told_in_the_services_words() {
        let words = tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::UTF8_STRING, &["жоқ\n нет".as_bytes()])]);
        // Bit 15.
        let failure = [tlv::BIT_STRING, 3, 0, 0, 1];
        let refused = Response::from_der(&response(&[&[tlv::INTEGER, 1, 2], &words, &failure])).unwrap().into_token();
        let Err(TspError::Refused { status, failure, text }) = &refused else { panic!("{refused:?}") };
        assert_eq!((*status, *failure), (ResponseStatus::Rejection, Some(Failure::UnacceptedPolicy)));
        assert_eq!(text.as_deref(), Some("жоқ нет"));
        let said = refused.unwrap_err().to_string();
        assert_eq!(said, "the time-stamp service answered rejection: unacceptedPolicy");
    }

    #[test]
    fn a_grant_without_a_token_is_none() {
        let response = Response::from_der(&response(&[&[tlv::INTEGER, 1, 0]])).unwrap();
        assert_eq!(response.into_token(), Err(TspError::NoToken));
    }

    #[test]
    fn an_unknown_status_is_no_response() {
        assert!(matches!(Response::from_der(&response(&[&[tlv::INTEGER, 1, 6]])), Err(TspError::Der(_))));
        assert!(matches!(Response::from_der(b"\x30\x00"), Err(TspError::Der(_))));
        assert!(matches!(Response::from_der(&vec![0; Response::MAX_LEN + 1]), Err(TspError::TooLarge(_))));
    }
}
