//! Serial numbers: opaque INTEGERs that people write in two ways.

use std::fmt;

/// A certificate's serial number: the content octets of the INTEGER, as they stand in the certificate.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Serial(Vec<u8>);

impl Serial {
    /// RFC 5280 §4.1.2.2 asks for 20 octets at most; some issuers count without the sign octet, and old ones go beyond.
    pub(crate) const LONGEST: usize = 64;

    /// From the content octets of a DER INTEGER; `None` when empty or longer than 64 octets.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (1..=Self::LONGEST).contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    pub(crate) fn from_array<const N: usize>(number: [u8; N]) -> Self {
        Self(number.to_vec())
    }

    /// The content octets of the INTEGER: big-endian two's complement, so a leading 00 is part of a number whose next
    /// bit is set. Compare these, not texts.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As Java's `BigInteger.toString(16)`: lower case, no leading zeros, `-` before a negative number.
    pub fn to_hex(&self) -> String {
        let (sign, magnitude) = self.magnitude();
        let digits = hex::encode(magnitude);
        let digits = digits.trim_start_matches('0');
        format!("{sign}{}", if digits.is_empty() { "0" } else { digits })
    }

    /// As Java's `BigInteger.toString()`.
    pub fn to_decimal(&self) -> String {
        let (sign, mut magnitude) = self.magnitude();
        let mut digits = Vec::new();
        // Long division by ten; at most 64 octets, so at most 155 rounds.
        while magnitude.iter().any(|byte| *byte != 0) {
            let mut remainder = 0_u16;
            for byte in &mut magnitude {
                let value = remainder << 8 | u16::from(*byte);
                *byte = (value / 10) as u8;
                remainder = value % 10;
            }
            digits.push(char::from(b'0' + remainder as u8));
        }
        if digits.is_empty() {
            digits.push('0');
        }
        sign.chars().chain(digits.into_iter().rev()).collect()
    }

    fn magnitude(&self) -> (&'static str, Vec<u8>) {
        if self.0.first().is_some_and(|first| first & 0x80 != 0) {
            // Two's complement: invert and add one.
            let mut magnitude: Vec<u8> = self.0.iter().map(|byte| !byte).collect();
            for byte in magnitude.iter_mut().rev() {
                let (sum, carry) = byte.overflowing_add(1);
                *byte = sum;
                if !carry {
                    break;
                }
            }
            ("-", magnitude)
        } else {
            ("", self.0.clone())
        }
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({})", self.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_serial_number_is_written_as_java_does() {
        let serial = |bytes: &[u8]| Serial::from_bytes(bytes).unwrap();
        assert_eq!(serial(&[0x0f, 0xf0]).to_hex(), "ff0");
        assert_eq!(serial(&[0x0f, 0xf0]).to_decimal(), "4080");
        assert_eq!(serial(&[0x00, 0xff]).to_hex(), "ff");
        assert_eq!(serial(&[0]).to_hex(), "0");
        assert_eq!(serial(&[0]).to_decimal(), "0");
        assert_eq!(serial(&[0xff]).to_decimal(), "-1");
        assert_eq!(serial(&[0x80, 0x00]).to_hex(), "-8000");
        assert_eq!(Serial::from_bytes(&[]), None);
        assert_eq!(Serial::from_bytes(&[1; 65]), None);
    }

    proptest! {
        #[test]
        fn both_texts_are_the_same_number(number in any::<i128>()) {
            let serial = Serial::from_bytes(&number.to_be_bytes()).unwrap();
            prop_assert_eq!(serial.to_decimal(), number.to_string());
            let magnitude = format!("{:x}", number.unsigned_abs());
            let hex = serial.to_hex();
            prop_assert_eq!(hex.trim_start_matches('-'), magnitude);
        }
    }
}
