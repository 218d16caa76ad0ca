//! Numbers of lists.

use std::fmt;

use crate::serial::Serial;
use crate::tlv::{DerError, Tlv};

/// CRLNumber: not negative, 20 octets at most (RFC 5280 §5.2.3). Ordered by its value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrlNumber([u8; 20]);

impl CrlNumber {
    pub(super) fn from_tlv(tlv: Tlv<'_>) -> Result<Self, DerError> {
        let digits = match tlv.integer()? {
            [0, digits @ ..] => digits,
            [first, ..] if first & 0x80 != 0 => return Err(tlv.wrong("CRL number")),
            digits => digits,
        };
        let mut number = [0; 20];
        let start = number.len().checked_sub(digits.len()).ok_or(tlv.wrong("CRL number"))?;
        number.iter_mut().skip(start).zip(digits).for_each(|(place, digit)| *place = *digit);
        Ok(Self(number))
    }
}

impl From<u64> for CrlNumber {
    fn from(number: u64) -> Self {
        let mut octets = [0; 20];
        octets.iter_mut().rev().zip(number.to_le_bytes()).for_each(|(place, digit)| *place = digit);
        Self(octets)
    }
}

impl fmt::Display for CrlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A leading zero keeps the number positive in its other reading.
        let octets: Vec<u8> = std::iter::once(0).chain(self.0).collect();
        f.write_str(&Serial::from_bytes(&octets).map(|serial| serial.to_decimal()).unwrap_or_default())
    }
}

impl fmt::Debug for CrlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CrlNumber({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::{self, Reader};

    fn number(content: &[u8]) -> Result<CrlNumber, DerError> {
        CrlNumber::from_tlv(Reader::new(&tlv::element(tlv::INTEGER, &[content])).read()?)
    }

    #[test]
    fn numbers_are_compared_by_their_value() {
        assert!(number(&[0x01, 0x00]).unwrap() > number(&[0x00, 0xff]).unwrap());
        assert_eq!(number(&[0x00, 0xa6]).unwrap(), CrlNumber::from(166));
        assert_eq!(CrlNumber::from(166).to_string(), "166");
        assert_eq!(number(&[0]).unwrap(), CrlNumber::from(0));
        assert_eq!(number(&[0x7f; 20]).unwrap().to_string(), "727885129180488904360266563744972327436484050815");
    }

    #[test]
    fn what_is_no_number_of_a_list_is_refused() {
        assert!(number(&[0xff]).is_err());
        assert!(number(&[0x7f; 21]).is_err());
        assert!(number(&[0x00, 0xff].iter().copied().chain([0; 19]).collect::<Vec<_>>()).is_ok_and(|n| n > 1.into()));
    }
}
