//! Distinguished names: what the certificate's bytes say, in their own order.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::oid;
use crate::tlv::{self, DerError, DerErrorKind, Tlv};

/// A distinguished name. Two names are equal when their encodings are.
///
/// RFC 5280 §7.1 would have case and spaces ignored. The NCA copies its names octet by octet, and a name that only
/// looks alike is exactly what should not pass, so encodings are compared.
#[derive(Clone)]
pub struct Name {
    der: Vec<u8>,
    rdns: Vec<Vec<Attribute>>,
}

#[derive(Clone)]
struct Attribute {
    oid: ObjectIdentifier,
    value: String,
    /// The value was no string: `value` is `#` and the hex of its DER.
    hex: bool,
}

/// A name with more attributes than this is refused.
const MOST_ATTRIBUTES: usize = 64;

impl Name {
    /// From the DER of a Name.
    pub fn from_der(der: &[u8]) -> Result<Self, DerError> {
        Self::from_tlv(tlv::whole(der, tlv::SEQUENCE)?)
    }

    pub(crate) fn from_tlv(name: Tlv<'_>) -> Result<Self, DerError> {
        let mut rdns = Vec::new();
        let mut count = 0;
        let mut sequence = name.expect(tlv::SEQUENCE)?.children();
        while !sequence.is_empty() {
            let set = sequence.expect(tlv::SET)?;
            let mut members = set.children();
            let mut rdn = Vec::new();
            while !members.is_empty() {
                count += 1;
                if count > MOST_ATTRIBUTES {
                    return Err(name.wrong("name: too many attributes"));
                }
                let mut pair = members.expect(tlv::SEQUENCE)?.children();
                let oid = pair.read()?.oid()?;
                let value = pair.read()?;
                pair.finish()?;
                rdn.push(match text(value)? {
                    Some(text) => Attribute { oid, value: text, hex: false },
                    None => Attribute { oid, value: format!("#{}", hex::encode(value.raw())), hex: true },
                });
            }
            if rdn.is_empty() {
                return Err(set.wrong("relative name"));
            }
            rdns.push(rdn);
        }
        Ok(Self { der: name.raw().to_vec(), rdns })
    }

    /// The encoding, as it arrived.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Type and value of every attribute in encoded order. A value that is no string is `#` and the hex of its DER.
    pub fn attributes(&self) -> impl Iterator<Item = (ObjectIdentifier, &str)> {
        self.rdns.iter().flatten().map(|attribute| (attribute.oid, attribute.value.as_str()))
    }

    /// The first value of that type.
    pub fn get(&self, oid: &ObjectIdentifier) -> Option<&str> {
        self.attributes().find(|(found, _)| found == oid).map(|(_, value)| value)
    }

    /// The first common name.
    pub fn common_name(&self) -> Option<&str> {
        self.get(&oid::COMMON_NAME)
    }

    /// As BouncyCastle's `X500Name.toString()`, which pages take apart (ncalayer-protocol 4.11): encoded order,
    /// comma without space, `+` inside a multi-valued RDN, backslash escapes.
    pub fn to_dn_string(&self) -> String {
        let mut out = String::new();
        for (index, rdn) in self.rdns.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            for (index, attribute) in rdn.iter().enumerate() {
                if index > 0 {
                    out.push('+');
                }
                match keyword(&attribute.oid) {
                    Some(keyword) => out.push_str(keyword),
                    None => out.push_str(&attribute.oid.to_string()),
                }
                out.push('=');
                if attribute.hex { out.push_str(&attribute.value) } else { escape(&attribute.value, &mut out) }
            }
        }
        out
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Name {}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({})", self.to_dn_string())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_dn_string())
    }
}

/// The keywords of BouncyCastle's default style, for the types that name people and organisations.
fn keyword(oid: &ObjectIdentifier) -> Option<&'static str> {
    const KEYWORDS: [(ObjectIdentifier, &str); 25] = [
        (oid::COMMON_NAME, "CN"),
        (oid::SURNAME, "SURNAME"),
        (oid::SERIAL_NUMBER, "SERIALNUMBER"),
        (oid::COUNTRY, "C"),
        (oid::LOCALITY, "L"),
        (oid::STATE, "ST"),
        (ObjectIdentifier::new_unwrap("2.5.4.9"), "STREET"),
        (oid::ORGANISATION, "O"),
        (oid::ORGANISATIONAL_UNIT, "OU"),
        (ObjectIdentifier::new_unwrap("2.5.4.12"), "T"),
        (ObjectIdentifier::new_unwrap("2.5.4.13"), "DESCRIPTION"),
        (ObjectIdentifier::new_unwrap("2.5.4.15"), "BusinessCategory"),
        (ObjectIdentifier::new_unwrap("2.5.4.16"), "PostalAddress"),
        (ObjectIdentifier::new_unwrap("2.5.4.17"), "PostalCode"),
        (ObjectIdentifier::new_unwrap("2.5.4.20"), "TelephoneNumber"),
        (ObjectIdentifier::new_unwrap("2.5.4.41"), "Name"),
        (oid::GIVEN_NAME, "GIVENNAME"),
        (ObjectIdentifier::new_unwrap("2.5.4.43"), "INITIALS"),
        (ObjectIdentifier::new_unwrap("2.5.4.44"), "GENERATION"),
        (ObjectIdentifier::new_unwrap("2.5.4.45"), "UniqueIdentifier"),
        (ObjectIdentifier::new_unwrap("2.5.4.46"), "DN"),
        (ObjectIdentifier::new_unwrap("2.5.4.65"), "Pseudonym"),
        (oid::EMAIL, "E"),
        (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25"), "DC"),
        (ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1"), "UID"),
    ];
    KEYWORDS.iter().find(|(known, _)| known == oid).map(|(_, keyword)| *keyword)
}

/// Backslash before `, " \ + = < > ;`, before every leading and trailing space, and before a leading `#`.
fn escape(value: &str, out: &mut String) {
    let leading = value.len() - value.trim_start_matches(' ').len();
    let trailing = value.trim_end_matches(' ').len();
    for (index, character) in value.char_indices() {
        let special = matches!(character, ',' | '"' | '\\' | '+' | '=' | '<' | '>' | ';')
            || (character == '#' && index == 0)
            || (character == ' ' && (index < leading || index >= trailing));
        if special {
            out.push('\\');
        }
        out.push(character);
    }
}

/// The text of a string type; `None` when the value is of another type.
fn text(value: Tlv<'_>) -> Result<Option<String>, DerError> {
    let bytes = value.value();
    let wrong = |what| DerError { offset: value.offset(), kind: DerErrorKind::Value(what) };
    let ascii = |what| {
        if bytes.is_ascii() { Ok(Some(bytes.iter().map(|byte| char::from(*byte)).collect())) } else { Err(wrong(what)) }
    };
    match value.tag() {
        tlv::UTF8_STRING => {
            std::str::from_utf8(bytes).map(|text| Some(text.to_owned())).map_err(|_| wrong("UTF8String"))
        }
        0x12 => ascii("NumericString"),
        tlv::PRINTABLE_STRING => ascii("PrintableString"),
        tlv::IA5_STRING => ascii("IA5String"),
        0x1a => ascii("VisibleString"),
        // T.61 in practice means Latin-1.
        0x14 => Ok(Some(bytes.iter().map(|byte| char::from(*byte)).collect())),
        tlv::BMP_STRING => {
            let (units, odd) = bytes.as_chunks::<2>();
            if !odd.is_empty() {
                return Err(wrong("BMPString"));
            }
            char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit)))
                .collect::<Result<String, _>>()
                .map(Some)
                .map_err(|_| wrong("BMPString"))
        }
        0x1c => {
            let (units, odd) = bytes.as_chunks::<4>();
            let text: Option<String> = units.iter().map(|unit| char::from_u32(u32::from_be_bytes(*unit))).collect();
            text.filter(|_| odd.is_empty()).map(Some).ok_or_else(|| wrong("UniversalString"))
        }
        _ => Ok(None),
    }
}

/// Makes names in the NCA's way (kz-crypto 8.2): one-valued RDNs in the order of the calls; UTF8String except for
/// serialNumber and countryName (PrintableString) and emailAddress and domainComponent (IA5String).
#[derive(Clone, Debug, Default)]
pub struct NameBuilder {
    rdns: Vec<u8>,
}

impl NameBuilder {
    /// An empty name.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one attribute.
    #[must_use]
    pub fn with(mut self, oid: ObjectIdentifier, value: &str) -> Self {
        let tag = match oid {
            oid::SERIAL_NUMBER | oid::COUNTRY => tlv::PRINTABLE_STRING,
            oid::EMAIL => tlv::IA5_STRING,
            _ => tlv::UTF8_STRING,
        };
        let pair = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid), &tlv::element(tag, &[value.as_bytes()])]);
        self.rdns.extend(tlv::element(tlv::SET, &[&pair]));
        self
    }

    /// The name; fails when a value does not fit its string type or there are too many attributes.
    pub fn build(&self) -> Result<Name, DerError> {
        Name::from_der(&tlv::element(tlv::SEQUENCE, &[&self.rdns]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_written_as_bouncy_castle_does() {
        let name = NameBuilder::new()
            .with(oid::COMMON_NAME, "ТЕСТОВ ТЕСТ")
            .with(oid::SURNAME, "ТЕСТОВ")
            .with(oid::SERIAL_NUMBER, "IIN123456789011")
            .with(oid::COUNTRY, "KZ")
            .with(oid::STATE, "АСТАНА")
            .with(oid::ORGANISATION, "АО \"ТЕСТ\", Қ+К")
            .with(oid::ORGANISATIONAL_UNIT, "BIN123456789021")
            .with(oid::GIVEN_NAME, "ТЕСТОВИЧ")
            .with(oid::EMAIL, "a@b.kz")
            .with(ObjectIdentifier::new_unwrap("2.5.4.15"), "B")
            .with(ObjectIdentifier::new_unwrap("1.2.3.4"), "x")
            .build()
            .unwrap();
        assert_eq!(
            name.to_dn_string(),
            "CN=ТЕСТОВ ТЕСТ,SURNAME=ТЕСТОВ,SERIALNUMBER=IIN123456789011,C=KZ,ST=АСТАНА,\
             O=АО \\\"ТЕСТ\\\"\\, Қ\\+К,OU=BIN123456789021,GIVENNAME=ТЕСТОВИЧ,E=a@b.kz,BusinessCategory=B,1.2.3.4=x"
        );
        assert_eq!(name.common_name(), Some("ТЕСТОВ ТЕСТ"));
        assert_eq!(name.get(&oid::ORGANISATIONAL_UNIT), Some("BIN123456789021"));
    }

    #[test]
    fn spaces_at_the_ends_and_a_leading_hash_are_escaped() {
        let written = |value: &str| {
            let mut out = String::new();
            escape(value, &mut out);
            out
        };
        assert_eq!(written("  a b "), "\\ \\ a b\\ ");
        assert_eq!(written("#a#"), "\\#a#");
        assert_eq!(written("   "), "\\ \\ \\ ");
        assert_eq!(written("a=b<c>d;e\\"), "a\\=b\\<c\\>d\\;e\\\\");
    }

    #[test]
    fn other_string_types_are_read() {
        let value = |tag, bytes: &[u8]| text(tlv::Reader::new(&tlv::element(tag, &[bytes])).read().unwrap());
        assert_eq!(value(tlv::BMP_STRING, b"\x04\x20\x04\x22").unwrap().unwrap(), "РТ");
        assert_eq!(value(0x1c, b"\x00\x01\xf6\x00").unwrap().unwrap(), "😀");
        assert_eq!(value(0x14, b"\xe9").unwrap().unwrap(), "é");
        assert_eq!(value(tlv::INTEGER, b"\x01").unwrap(), None);
        for (tag, bytes) in [
            (tlv::UTF8_STRING, &b"\xff"[..]),
            (tlv::BMP_STRING, b"\x04"),
            (tlv::BMP_STRING, b"\xd8\x00"),
            (0x1c, b"\x00\x11\x00\x00"),
            (tlv::PRINTABLE_STRING, b"\x80"),
        ] {
            assert!(value(tag, bytes).is_err());
        }
    }

    #[test]
    fn an_attribute_that_is_no_string_is_shown_in_hex() {
        let pair = tlv::element(tlv::SEQUENCE, &[&tlv::oid(&oid::COMMON_NAME), &[tlv::INTEGER, 1, 5]]);
        let name = Name::from_der(&tlv::element(tlv::SEQUENCE, &[&tlv::element(tlv::SET, &[&pair, &pair])])).unwrap();
        assert_eq!(name.to_dn_string(), "CN=#020105+CN=#020105");
    }

    #[test]
    fn a_name_of_too_many_attributes_is_refused() {
        let builder = (0..65).fold(NameBuilder::new(), |builder, _| builder.with(oid::COMMON_NAME, "x"));
        assert!(builder.build().is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_name_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..96)) {
            if let Ok(name) = Name::from_der(&tlv::element(tlv::SEQUENCE, &[&bytes])) {
                let _ = name.to_dn_string();
            }
        }
    }
}
