//! TSTInfo: what a time stamp states (RFC 3161 §2.4.2).

use const_oid::ObjectIdentifier;

use super::error::TspError;
use crate::algorithm::DigestAlgorithm;
use crate::cms::Algorithm;
use crate::extensions;
use crate::serial::Serial;
use crate::time::Timestamp;
use crate::tlv::{self, DerError, Reader, Tlv};

/// How far the time may be off, in either direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    /// Whole seconds.
    pub seconds: u32,
    /// Milliseconds, below 1000.
    pub millis: u16,
    /// Microseconds, below 1000.
    pub micros: u16,
}

/// The statement of a time stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TstInfo {
    /// Under which of the service's policies (kz-crypto 5.4).
    pub policy: ObjectIdentifier,
    /// The digest algorithm of the imprint.
    pub imprint_algorithm: ObjectIdentifier,
    /// The digest of what was stamped.
    pub imprint: Vec<u8>,
    /// The token's number. Negative ones have been seen (kz-crypto 8.1).
    pub serial: Serial,
    /// When.
    pub time: Timestamp,
    /// Nanoseconds after `time`, where the service counts in fractions of the second.
    pub nanoseconds: u32,
    /// How exact; the NCA does not say.
    pub accuracy: Option<Accuracy>,
    /// The nonce of the request: content octets of the INTEGER.
    pub nonce: Option<Vec<u8>>,
}

impl TstInfo {
    /// From the content of a token. The statement's `tsa` is a hint (RFC 3161 §2.4.2) and is not looked at: the signed
    /// attribute says whose certificate it is.
    pub(super) fn from_der(der: &[u8]) -> Result<Self, TspError> {
        let (info, extensions) = read(der).map_err(TspError::Info)?;
        if let Some(oid) = extensions {
            return Err(TspError::UnknownCritical(oid));
        }
        Ok(info)
    }
}

/// The statement, and the first critical extension: none is known.
fn read(der: &[u8]) -> Result<(TstInfo, Option<ObjectIdentifier>), DerError> {
    let mut fields = tlv::whole(der, tlv::SEQUENCE)?.children();
    let version = fields.read()?;
    if version.small_integer()? != 1 {
        return Err(version.wrong("version of a time stamp"));
    }
    let policy = fields.read()?.oid()?;
    let (imprint_algorithm, imprint) = imprint(fields.read()?)?;
    let number = fields.read()?;
    let serial = Serial::from_bytes(number.integer()?).ok_or(number.wrong("serial number"))?;
    let (time, nanoseconds) = Timestamp::from_fractional_tlv(fields.read()?)?;
    let accuracy = fields.optional(tlv::SEQUENCE)?.map(accuracy).transpose()?;
    if let Some(ordering) = fields.optional(tlv::BOOLEAN)? {
        ordering.boolean()?;
    }
    let nonce = fields.optional(tlv::INTEGER)?.map(nonce).transpose()?;
    fields.optional(tlv::context(0))?;
    let mut critical = None;
    if let Some(list) = fields.optional(tlv::context(1))? {
        let mut list = list.children();
        while !list.is_empty() {
            let (oid, is_critical, _) = extensions::fields(list.read()?)?;
            critical = critical.or(is_critical.then_some(oid));
        }
    }
    fields.finish()?;
    let imprint = imprint.to_vec();
    let nonce = nonce.map(<[u8]>::to_vec);
    Ok((TstInfo { policy, imprint_algorithm, imprint, serial, time, nanoseconds, accuracy, nonce }, critical))
}

/// MessageImprint: digest algorithm and digest. A digest of another length than its algorithm's is none.
pub(super) fn imprint(tlv: Tlv<'_>) -> Result<(ObjectIdentifier, &[u8]), DerError> {
    let mut fields = tlv.expect(tlv::SEQUENCE)?.children();
    let identifier = fields.read()?;
    let algorithm = Algorithm::from_tlv(identifier)?;
    let digest = fields.read()?;
    fields.finish()?;
    if !algorithm.plain {
        return Err(identifier.wrong("digest algorithm without parameters"));
    }
    let length = DigestAlgorithm::from_oid(&algorithm.oid).map(DigestAlgorithm::output_len);
    match digest.octets()? {
        octets if length.is_none_or(|length| length == octets.len()) => Ok((algorithm.oid, octets)),
        _ => Err(digest.wrong("digest of its algorithm")),
    }
}

/// A nonce: any INTEGER up to 64 octets.
pub(super) fn nonce(number: Tlv<'_>) -> Result<&[u8], DerError> {
    match number.integer()? {
        octets if octets.len() <= Serial::LONGEST => Ok(octets),
        _ => Err(number.wrong("nonce")),
    }
}

fn accuracy(tlv: Tlv<'_>) -> Result<Accuracy, DerError> {
    let mut fields = tlv.children();
    let seconds = fields.optional(tlv::INTEGER)?.map(Tlv::small_integer).transpose()?;
    let millis = thousandths(&mut fields, 0)?;
    let micros = thousandths(&mut fields, 1)?;
    fields.finish()?;
    Ok(Accuracy { seconds: seconds.unwrap_or_default(), millis, micros })
}

/// `[number] IMPLICIT INTEGER (1..999) OPTIONAL`. Zero has been seen in the field and means what it says.
fn thousandths(fields: &mut Reader<'_>, number: u8) -> Result<u16, DerError> {
    let Some(tlv) = fields.optional(tlv::context_primitive(number))? else { return Ok(0) };
    let value = match *tlv.value() {
        [low] if low & 0x80 == 0 => u16::from(low),
        [high, low] if (high != 0 || low & 0x80 != 0) && high & 0x80 == 0 => u16::from_be_bytes([high, low]),
        _ => return Err(tlv.wrong("accuracy")),
    };
    if value < 1000 { Ok(value) } else { Err(tlv.wrong("accuracy")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(serial: &[u8], time: &str, rest: &[&[u8]]) -> Vec<u8> {
        let imprint = tlv::element(
            tlv::SEQUENCE,
            &[
                &tlv::algorithm_null(&DigestAlgorithm::Sha256.oid()),
                &tlv::element(tlv::OCTET_STRING, &[&DigestAlgorithm::Sha256.digest(b"data")]),
            ],
        );
        let start = [
            vec![tlv::INTEGER, 1, 1],
            tlv::oid(&crate::oid::TSA_GOST512),
            imprint,
            tlv::element(tlv::INTEGER, &[serial]),
            tlv::element(tlv::GENERALIZED_TIME, &[time.as_bytes()]),
        ]
        .concat();
        tlv::element(tlv::SEQUENCE, &[&start, &rest.concat()])
    }

    #[test]
    fn negative_serials_and_fractions_of_the_second_are_read() {
        let read = TstInfo::from_der(&info(&[0x80, 0x01], "20180514101112.0625Z", &[])).unwrap();
        assert_eq!(read.serial.to_decimal(), "-32767");
        assert_eq!(read.time, Timestamp::from_utc(2018, 5, 14, 10, 11, 12).unwrap());
        assert_eq!(read.nanoseconds, 62_500_000);
        assert_eq!((read.accuracy, read.nonce.as_deref()), (None, None));
        for wrong in
            ["20180514101112.50Z", "20180514101112.Z", "20180514101112,5Z", "20180514101112.5", "201805141011Z"]
        {
            assert!(matches!(TstInfo::from_der(&info(&[1], wrong, &[])), Err(TspError::Info(_))), "{wrong}");
        }
    }

    #[test]
    fn accuracy_ordering_and_nonce_are_optional_and_stand_in_their_order() {
        let accuracy = [tlv::SEQUENCE, 10, 2, 1, 2, 0x80, 2, 1, 0xf4, 0x81, 1, 7];
        let (ordering, nonce) = ([tlv::BOOLEAN, 1, 0xff], [tlv::INTEGER, 2, 0x12, 0x34]);
        let read = TstInfo::from_der(&info(&[1], "20260101000000Z", &[&accuracy, &ordering, &nonce])).unwrap();
        assert_eq!(read.accuracy, Some(Accuracy { seconds: 2, millis: 500, micros: 7 }));
        assert_eq!(read.nonce.as_deref(), Some(&[0x12, 0x34][..]));
        assert!(TstInfo::from_der(&info(&[1], "20260101000000Z", &[&nonce, &ordering])).is_err());
        // More than 999 milliseconds.
        let accuracy = [tlv::SEQUENCE, 4, 0x80, 2, 0x03, 0xe8];
        assert!(TstInfo::from_der(&info(&[1], "20260101000000Z", &[&accuracy])).is_err());
    }

    #[test]
    fn a_critical_extension_is_not_overlooked() {
        let extension = |critical: &[u8]| {
            let fields = [&tlv::oid(&crate::oid::KEY_STORAGE), critical, &[tlv::OCTET_STRING, 0]].concat();
            tlv::element(tlv::context(1), &[&tlv::element(tlv::SEQUENCE, &[&fields])])
        };
        let read = |critical: &[u8]| TstInfo::from_der(&info(&[1], "20260101000000Z", &[&extension(critical)]));
        assert!(read(&[]).is_ok());
        assert_eq!(read(&[tlv::BOOLEAN, 1, 0xff]), Err(TspError::UnknownCritical(crate::oid::KEY_STORAGE)));
    }
}
