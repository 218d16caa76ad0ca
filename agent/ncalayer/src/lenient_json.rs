//! The JSON that pages send: RFC 8259, and beyond it what `org.json` lets pass.
//!
//! NCALayer reads its requests with that Java library, so pages were written that no strict parser accepts: unquoted
//! names (the official README itself), single quotes, `;` for `,`, `=` and `=>` for `:`, a separator too many, array
//! items left out (they are null). As there, text behind the first value is not looked at, and a name that comes
//! twice in one object is an error: what is shown and what is signed must not depend on which of the two is taken.
//!
//! Strings without escapes are borrowed from the text, so a document of a hundred megabytes is not copied here. Depth
//! and number of values are limited, work and memory are linear in the text.

use std::borrow::Cow;

/// The deepest nesting that is read; requests use five levels.
pub(crate) const DEEPEST: usize = 64;

/// The most values that are read from one text, so that `[,,,,` cannot fill the memory.
pub(crate) const MOST_VALUES: usize = 1 << 18;

/// One JSON value, borrowing from its text where it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// `null`, or an array item left out.
    Null,
    /// `true` or `false`; unquoted in any case (`TRUE`).
    Bool(bool),
    /// A number of RFC 8259 §6, as it was written.
    Number(&'a str),
    /// A string, or an unquoted word that is none of the above.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object.
    Object(Object<'a>),
}

impl Value<'_> {
    /// A Java `boolean`; `"true"` and `"false"` in any case too, which pages send.
    pub(crate) fn java_boolean(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }
}

/// A JSON object: its members in the order in which they were written, no name twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// The member of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    /// Its members, in the order in which they were written.
    pub(crate) fn members(&self) -> impl ExactSizeIterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Whether it has no members.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Refuses a name that is there twice, in `O(n log n)`.
    fn without_duplicates(self) -> Option<Self> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        let twice = names.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
        (!twice).then_some(self)
    }
}

/// Why a text is not JSON even here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at octet {at}")]
pub struct JsonError {
    /// Where, in octets of UTF-8 from the beginning.
    pub at: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A value was due.
    #[error("a value is missing")]
    MissingValue,
    /// A name was due.
    #[error("a name is missing")]
    MissingName,
    /// No `:`, `=` or `=>` behind a name.
    #[error("a ':' is missing")]
    MissingColon,
    /// No separator or closing bracket behind a value.
    #[error("a ',' or a closing bracket is missing")]
    MissingSeparator,
    /// The string does not end, or has a raw line break or NUL in it.
    #[error("a string does not end")]
    UnterminatedString,
    /// An unknown escape, or a `\u` without four hexadecimal digits.
    #[error("an escape is not one of JSON's")]
    IllegalEscape,
    /// Half of a UTF-16 surrogate pair: no text that could be signed faithfully.
    #[error("half a surrogate pair")]
    LoneSurrogate,
    /// The object has this name already.
    #[error("a name comes twice")]
    DuplicateName,
    /// Deeper than 64 levels.
    #[error("nested too deep")]
    TooDeep,
    /// More than 262 144 values.
    #[error("too many values")]
    TooManyValues,
}

/// Reads the first value of a text.
///
/// # Errors
/// [`JsonError`], with the place.
pub(crate) fn parse(text: &str) -> Result<Value<'_>, JsonError> {
    Parser { text, at: 0, depth: 0, values: 0 }.value()
}

struct Parser<'a> {
    text: &'a str,
    /// Octets read; always at the border of a character.
    at: usize,
    depth: usize,
    values: usize,
}

/// What ends an unquoted word, beside control characters.
const ENDS_A_WORD: &[u8] = b",:]}/\\\"[{;=#";

impl<'a> Parser<'a> {
    fn fail<T>(&self, fault: Fault) -> Result<T, JsonError> {
        Err(JsonError { at: self.at, fault })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next octet that is not white space, which is here everything up to U+0020 but NUL; it stays unread.
    fn peek_clean(&mut self) -> Option<u8> {
        while let Some(byte) = self.peek() {
            if byte == 0 || byte > b' ' {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    fn take(&mut self, wanted: u8) -> bool {
        let there = self.peek_clean() == Some(wanted);
        if there {
            self.at += 1;
        }
        there
    }

    fn value(&mut self) -> Result<Value<'a>, JsonError> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return self.fail(Fault::TooManyValues);
        }
        match self.peek_clean() {
            Some(b'{') => self.nested(Self::object).map(Value::Object),
            Some(b'[') => self.nested(Self::array).map(Value::Array),
            Some(quote @ (b'"' | b'\'')) => self.string(quote).map(Value::String),
            _ => self.word(Fault::MissingValue).map(word_value),
        }
    }

    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, JsonError>) -> Result<T, JsonError> {
        if self.depth == DEEPEST {
            return self.fail(Fault::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        let value = inner(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Object<'a>, JsonError> {
        let begin = self.at;
        let mut members = Vec::new();
        loop {
            let name = match self.peek_clean() {
                // Both `{}` and the separator too many of `{"a":1,}`.
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(quote @ (b'"' | b'\'')) => self.string(quote)?,
                _ => Cow::Borrowed(self.word(Fault::MissingName)?),
            };
            if self.take(b'=') {
                if self.peek() == Some(b'>') {
                    self.at += 1;
                }
            } else if !self.take(b':') {
                return self.fail(Fault::MissingColon);
            }
            members.push((name, self.value()?));
            if !(self.take(b',') || self.take(b';') || self.peek_clean() == Some(b'}')) {
                return self.fail(Fault::MissingSeparator);
            }
        }
        Object(members).without_duplicates().ok_or(JsonError { at: begin, fault: Fault::DuplicateName })
    }

    fn array(&mut self) -> Result<Vec<Value<'a>>, JsonError> {
        let mut items = Vec::new();
        loop {
            match self.peek_clean() {
                Some(b']') => {
                    self.at += 1;
                    return Ok(items);
                }
                Some(b',') => {
                    self.values += 1;
                    if self.values > MOST_VALUES {
                        return self.fail(Fault::TooManyValues);
                    }
                    items.push(Value::Null);
                }
                _ => items.push(self.value()?),
            }
            if !(self.take(b',') || self.take(b';') || self.peek_clean() == Some(b']')) {
                return self.fail(Fault::MissingSeparator);
            }
        }
    }

    /// An unquoted word; blanks may stand inside it, as in Java.
    fn word(&mut self, missing: Fault) -> Result<&'a str, JsonError> {
        self.peek_clean();
        let rest = self.rest();
        let end = rest.bytes().position(|byte| byte < b' ' || ENDS_A_WORD.contains(&byte)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().trim_end_matches(' ');
        if word.is_empty() {
            return self.fail(missing);
        }
        self.at += end;
        Ok(word)
    }

    fn string(&mut self, quote: u8) -> Result<Cow<'a, str>, JsonError> {
        self.at += 1;
        let mut owned: Option<String> = None;
        loop {
            let rest = self.rest();
            let end = find(rest.as_bytes(), |byte| byte == quote || matches!(byte, b'\\' | b'\n' | b'\r' | 0));
            let Some(run) = end.and_then(|end| rest.get(..end)) else {
                return self.fail(Fault::UnterminatedString);
            };
            self.at += run.len();
            match self.peek() {
                Some(byte) if byte == quote => {
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(run),
                        Some(text) => Cow::Owned(text + run),
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(run);
                    text.push(self.escape()?);
                }
                _ => return self.fail(Fault::UnterminatedString),
            }
        }
    }

    /// One escape, from its backslash on.
    fn escape(&mut self) -> Result<char, JsonError> {
        let letter = self.text.as_bytes().get(self.at + 1);
        let plain = match letter {
            Some(b'u') => return self.unicode_escape(),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(&literal @ (b'"' | b'\'' | b'\\' | b'/')) => char::from(literal),
            _ => return self.fail(Fault::IllegalEscape),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let begin = self.at;
        let first = self.code_unit()?;
        let second = if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            Some(self.code_unit()?)
        } else {
            None
        };
        let units = [Some(first), second].into_iter().flatten();
        let mut decoded = char::decode_utf16(units);
        match (decoded.next(), decoded.next()) {
            (Some(Ok(character)), None) => Ok(character),
            _ => Err(JsonError { at: begin, fault: Fault::LoneSurrogate }),
        }
    }

    /// The UTF-16 code unit of one `\u` and four digits.
    fn code_unit(&mut self) -> Result<u16, JsonError> {
        let digits = self.text.as_bytes().get(self.at + 2..self.at + 6);
        let unit = digits.and_then(|digits| {
            digits.iter().try_fold(0, |unit, digit| {
                let digit = char::from(*digit).to_digit(16)?;
                u16::try_from(digit).ok().map(|digit| unit << 4 | digit)
            })
        });
        match unit {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => self.fail(Fault::IllegalEscape),
        }
    }
}

/// Where the first octet stands that `stop` names. Looks at whole stretches without branching, which the compiler turns
/// into vector instructions: nearly all of a large request is one string.
fn find(octets: &[u8], stop: impl Fn(u8) -> bool) -> Option<usize> {
    const STRETCH: usize = 64;
    let quiet = |stretch: &&[u8]| !stretch.iter().fold(false, |seen, octet| seen | stop(*octet));
    let begin = octets.chunks(STRETCH).take_while(quiet).count() * STRETCH;
    octets.get(begin..)?.iter().position(|octet| stop(*octet)).map(|at| begin + at)
}

fn word_value(word: &str) -> Value<'_> {
    if word.eq_ignore_ascii_case("true") {
        Value::Bool(true)
    } else if word.eq_ignore_ascii_case("false") {
        Value::Bool(false)
    } else if word.eq_ignore_ascii_case("null") {
        Value::Null
    } else if is_number(word) {
        Value::Number(word)
    } else {
        Value::String(Cow::Borrowed(word))
    }
}

/// RFC 8259 §6: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (integer, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(i, f)| (i, Some(f)));
    digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
#[path = "lenient_json_tests.rs"]
mod tests;
