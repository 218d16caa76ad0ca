//! The same texts, for what is too long to be held.

use std::io::{self, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::pem::{self, PemError};
use pki::tlv;

use super::{BOM, LABELS, LINE, TextForm};

const PIECE: usize = 64 << 10;
const BEGIN: &[u8] = b"-----BEGIN ";

/// Reads the octets of a CMS out of whatever form it comes in. A PEM block must begin within the first 64 KiB.
///
/// What is wrong with a text comes as an [`io::Error`] around a [`PemError`].
pub(in crate::cms) struct AnyForm<'r> {
    source: &'r mut dyn Read,
    /// What was read of the source and not used yet.
    ahead: Vec<u8>,
    /// Octets that were decoded and not handed out yet.
    decoded: Vec<u8>,
    handed_out: usize,
    state: State,
}

enum State {
    Binary,
    Base64 {
        /// Digits that are not decoded yet: at least the last four, which may end in padding.
        digits: Vec<u8>,
        /// The end of the block, for PEM.
        end: Option<Vec<u8>>,
    },
    Done,
}

impl<'r> AnyForm<'r> {
    pub(in crate::cms) fn new(source: &'r mut dyn Read) -> io::Result<Self> {
        let mut ahead = Vec::with_capacity(PIECE);
        (&mut *source).take(PIECE as u64).read_to_end(&mut ahead)?;
        let mut state = State::Binary;
        // A SEQUENCE begins with 30, which is the digit 0; base64 of a SEQUENCE begins with M.
        if ahead.first() != Some(&tlv::SEQUENCE) {
            let text = ahead.strip_prefix(BOM).unwrap_or(&ahead);
            let (body, end) = if find(text, BEGIN).is_some() {
                let (body, end) = block(text).ok_or_else(|| wrong(PemError::NoBlock))?;
                (body.to_vec(), Some(end))
            } else {
                (text.to_vec(), None)
            };
            ahead = body;
            state = State::Base64 { digits: Vec::new(), end };
        }
        Ok(Self { source, ahead, decoded: Vec::new(), handed_out: 0, state })
    }

    /// The next piece of the source; empty at its end.
    fn piece(&mut self) -> io::Result<Vec<u8>> {
        if !self.ahead.is_empty() {
            return Ok(std::mem::take(&mut self.ahead));
        }
        let mut piece = Vec::with_capacity(PIECE);
        (&mut *self.source).take(PIECE as u64).read_to_end(&mut piece)?;
        Ok(piece)
    }

    /// Decodes the next piece of text, which may give nothing.
    fn decode(&mut self) -> io::Result<()> {
        let piece = self.piece()?;
        let State::Base64 { digits, end } = &mut self.state else { return Ok(()) };
        let dash = end.as_ref().and_then(|_| piece.iter().position(|byte| *byte == b'-'));
        let (body, rest) = piece.split_at_checked(dash.unwrap_or(piece.len())).unwrap_or_default();
        digits.extend(body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
        let is_last = piece.is_empty() || dash.is_some();
        let ready = if is_last { digits.len() } else { digits.len().saturating_sub(4) / 4 * 4 };
        let kept = digits.split_off(ready);
        let ready = std::mem::replace(digits, kept);
        // Padding is the end of the digits; decoders look for it at the end of what they are given.
        if !is_last && ready.contains(&b'=') {
            return Err(wrong(PemError::NotBase64));
        }
        self.decoded = pem::decode_base64(&ready).map_err(wrong)?;
        self.handed_out = 0;
        if is_last {
            if let Some(end) = end {
                let mut found = rest.to_vec();
                let missing = end.len().saturating_sub(found.len());
                (&mut *self.source).take(missing as u64).read_to_end(&mut found)?;
                if !found.starts_with(end) {
                    return Err(wrong(PemError::NoEnd));
                }
            }
            self.state = State::Done;
        }
        Ok(())
    }
}

impl Read for AnyForm<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let ready = self.decoded.get(self.handed_out..).unwrap_or_default();
            if !ready.is_empty() {
                let count = ready.len().min(out.len());
                for (to, from) in out.iter_mut().zip(ready) {
                    *to = *from;
                }
                self.handed_out += count;
                return Ok(count);
            }
            match self.state {
                State::Done => return Ok(0),
                State::Base64 { .. } => self.decode()?,
                State::Binary if self.ahead.is_empty() => return self.source.read(out),
                State::Binary => {
                    self.decoded = std::mem::take(&mut self.ahead);
                    self.handed_out = 0;
                }
            }
        }
    }
}

/// What follows the first line of a wanted block, and what ends the block.
fn block(text: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    LABELS
        .iter()
        .filter_map(|label| {
            let begin = format!("-----BEGIN {label}-----");
            let start = find(text, begin.as_bytes())?;
            let body = text.get(start + begin.len()..)?;
            Some((start, body, format!("-----END {label}-----").into_bytes()))
        })
        .min_by_key(|(start, ..)| *start)
        .map(|(_, body, end)| (body, end))
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}

fn wrong(error: PemError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Writes the octets of a CMS in one of its forms. [`TextWriter::finish`] writes the end.
pub struct TextWriter<W: Write> {
    target: W,
    form: TextForm,
    /// Octets that do not make a whole line yet.
    waiting: Vec<u8>,
    is_begun: bool,
}

/// Octets of a line of text.
const LINE_OCTETS: usize = LINE / 4 * 3;

impl<W: Write> TextWriter<W> {
    /// Nothing is written until the first octets come.
    pub const fn new(target: W, form: TextForm) -> Self {
        Self { target, form, waiting: Vec::new(), is_begun: false }
    }

    /// Writes what is left and gives the target back.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(mut self) -> io::Result<W> {
        self.begin()?;
        let last = std::mem::take(&mut self.waiting);
        if !last.is_empty() {
            self.lines(&last)?;
        }
        if self.form == TextForm::Pem {
            self.target.write_all(b"-----END CMS-----\n")?;
        }
        self.target.flush()?;
        Ok(self.target)
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_begun, true) && self.form == TextForm::Pem {
            self.target.write_all(b"-----BEGIN CMS-----\n")?;
        }
        Ok(())
    }

    /// Whole lines, but for the very last one.
    fn lines(&mut self, octets: &[u8]) -> io::Result<()> {
        match self.form {
            TextForm::Der => self.target.write_all(octets),
            TextForm::Base64 => self.target.write_all(STANDARD.encode(octets).as_bytes()),
            TextForm::Base64Lines | TextForm::Pem => {
                let mut text = String::with_capacity(octets.len() / LINE_OCTETS * (LINE + 1) + LINE + 1);
                for line in octets.chunks(LINE_OCTETS) {
                    STANDARD.encode_string(line, &mut text);
                    text.push('\n');
                }
                self.target.write_all(text.as_bytes())
            }
        }
    }
}

impl<W: Write> Write for TextWriter<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.begin()?;
        self.waiting.extend_from_slice(octets);
        if self.waiting.len() >= PIECE {
            let rest = self.waiting.split_off(self.waiting.len() / LINE_OCTETS * LINE_OCTETS);
            let whole = std::mem::replace(&mut self.waiting, rest);
            self.lines(&whole)?;
        }
        Ok(octets.len())
    }

    /// What does not make a line yet stays here.
    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}
