//! What a PDF is built of (ISO 32000-1, 7.3), read by [`super::parser`] and written here.

use std::ops::Range;

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    /// As it is written, so that writing it again changes nothing.
    Real(Vec<u8>),
    String(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Reference(Reference),
}

/// Object number and generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) struct Reference {
    pub(in super::super) number: u32,
    pub(in super::super) generation: u16,
}

impl Object {
    pub(in super::super) fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    pub(in super::super) const fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// A number of either kind.
    pub(in super::super) fn as_number(&self) -> Option<f64> {
        let number = match self {
            Self::Integer(value) => *value as f64,
            Self::Real(text) => std::str::from_utf8(text).ok()?.parse().ok()?,
            _ => return None,
        };
        // Beyond this no page is measured, and arithmetic stays exact enough.
        (-1e9..=1e9).contains(&number).then_some(number)
    }

    pub(in super::super) fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(in super::super) fn as_string(&self) -> Option<&[u8]> {
        match self {
            Self::String(octets) => Some(octets),
            _ => None,
        }
    }

    pub(in super::super) fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    pub(in super::super) const fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    pub(in super::super) const fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    pub(in super::super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend(b"null"),
            Self::Boolean(value) => out.extend(if *value { &b"true"[..] } else { b"false" }),
            Self::Integer(value) => out.extend(value.to_string().as_bytes()),
            Self::Real(text) => out.extend(text),
            Self::String(octets) => write_string(octets, out),
            Self::Name(name) => write_name(name, out),
            Self::Reference(Reference { number, generation }) => {
                out.extend(format!("{number} {generation} R").as_bytes());
            }
            Self::Array(elements) => {
                out.push(b'[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    element.write(out);
                }
                out.push(b']');
            }
            Self::Dictionary(dictionary) => dictionary.write(out),
        }
    }
}

/// A literal string where that is readable, a hexadecimal one otherwise.
fn write_string(octets: &[u8], out: &mut Vec<u8>) {
    if octets.iter().all(|octet| matches!(octet, b' '..=b'~')) {
        out.push(b'(');
        for octet in octets {
            if matches!(octet, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(*octet);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        write_hex(octets, out);
        out.push(b'>');
    }
}

pub(in super::super) fn write_hex(octets: &[u8], out: &mut Vec<u8>) {
    for octet in octets {
        for digit in [octet >> 4, octet & 15] {
            out.push(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 });
        }
    }
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for octet in name {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.' | b'+' | b'*' | b':' | b'@') {
            out.push(*octet);
        } else {
            out.push(b'#');
            write_hex(&[*octet], out);
        }
    }
}

/// A dictionary. No key stands twice in it: readers differ in which of the two they take, so that such a document shows
/// different things to different people.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Dictionary {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    key: Vec<u8>,
    value: Object,
    /// Where the value stood in what was parsed.
    span: Range<usize>,
}

impl Dictionary {
    pub(in super::super) const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// For making: `with("Type", Object::name("Sig"))`.
    #[must_use]
    pub(in super::super) fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key, value);
        self
    }

    pub(in super::super) fn get(&self, key: &str) -> Option<&Object> {
        self.entries.iter().find(|entry| entry.key == key.as_bytes()).map(|entry| &entry.value)
    }

    /// Where the value of `key` stands.
    pub(in super::super) fn span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|entry| entry.key == key.as_bytes()).map(|entry| entry.span.clone())
    }

    /// Replaces, or adds at the end.
    pub(in super::super) fn set(&mut self, key: &str, value: Object) {
        match self.entries.iter_mut().find(|entry| entry.key == key.as_bytes()) {
            Some(entry) => entry.value = value,
            None => self.entries.push(Entry { key: key.as_bytes().to_vec(), value, span: 0..0 }),
        }
    }

    pub(super) fn push(&mut self, key: Vec<u8>, value: Object, span: Range<usize>) {
        self.entries.push(Entry { key, value, span });
    }

    pub(super) fn has_repeated_key(&self) -> bool {
        let mut keys: Vec<&[u8]> = self.entries.iter().map(|entry| entry.key.as_slice()).collect();
        keys.sort_unstable();
        keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
    }

    pub(in super::super) fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries.iter().map(|entry| (entry.key.as_slice(), &entry.value))
    }

    pub(in super::super) fn write(&self, out: &mut Vec<u8>) {
        out.extend(b"<<");
        for entry in &self.entries {
            write_name(&entry.key, out);
            out.push(b' ');
            entry.value.write(out);
        }
        out.extend(b">>");
    }

    pub(in super::super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }
}

/// The same keys with the same values; neither their order nor their places count.
impl PartialEq for Dictionary {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |dictionary: &Self| {
            let mut entries: Vec<usize> = (0..dictionary.entries.len()).collect();
            entries.sort_by(|a, b| {
                let key = |index: &usize| dictionary.entries.get(*index).map(|entry| &entry.key);
                key(a).cmp(&key(b))
            });
            entries
        };
        self.entries.len() == other.entries.len()
            && sorted(self).into_iter().zip(sorted(other)).all(|(a, b)| {
                match (self.entries.get(a), other.entries.get(b)) {
                    (Some(a), Some(b)) => a.key == b.key && a.value == b.value,
                    _ => false,
                }
            })
    }
}
