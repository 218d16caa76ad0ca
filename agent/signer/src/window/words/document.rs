//! One document, in words, and its size.

use crate::window::model::{Closer, DocumentView, Extent, Media, Share, What, XmlLine};
use texts::{Locale, Texts, Value};

/// The longest beginning of a document that is shown without asking.
const LONGEST_BEGINNING: usize = 160;

/// A line of a preview is cut here; it is wrapped on the screen anyway.
const LONGEST_LINE: usize = 400;

/// How a document is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Look {
    /// As it is best for a person.
    Closer,
    /// As it is hashed.
    AsHashed,
    /// It could not be drawn.
    NotDrawn,
    /// It is encrypted, and could not be drawn for that.
    Encrypted,
}

/// One document, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::window) struct DocumentWords {
    pub(in crate::window) kind: String,
    pub(in crate::window) size: String,
    pub(in crate::window) note: String,
    pub(in crate::window) beginning: String,
    pub(in crate::window) lines: Vec<XmlLine>,
    /// Whether it is shown as a picture, and not in lines.
    pub(in crate::window) is_pictured: bool,
    /// Whether there is a place for a small picture.
    pub(in crate::window) has_small: bool,
    /// What is looked at, where that is not the document itself.
    pub(in crate::window) look: String,
    /// Leads to another look; empty where there is none.
    pub(in crate::window) other_look: String,
}

/// Says what a document is, and shows as much of it as there is.
pub(in crate::window) fn document(texts: &Texts, document: &DocumentView, look: Look) -> DocumentWords {
    let (kind, note, shown) = match &document.what {
        What::Text(preview) => ("window-kind-text", note_of(preview.extent), preview.text.as_str()),
        What::Xml(preview) => ("window-kind-xml", note_of(preview.extent), preview.text.as_str()),
        What::Binary { media, head } => (kind_of(*media), Some("window-note-binary"), head.as_str()),
        What::Digest { hex } => ("window-kind-digest", Some("window-note-digest"), hex.as_str()),
    };
    let words = shown.split_whitespace().take(LONGEST_BEGINNING);
    let beginning = words.collect::<Vec<_>>().join(" ");
    let said = |id: Option<&str>| id.map(|id| texts.text(id)).unwrap_or_default();
    let plain = DocumentWords {
        kind: texts.text(kind),
        size: size(texts, document.size),
        note: said(note),
        beginning: beginning.chars().take(LONGEST_BEGINNING).collect(),
        lines: lines(shown).into_iter().map(|text| XmlLine { text, share: Share::Whole }).collect(),
        is_pictured: false,
        has_small: false,
        look: String::new(),
        other_look: String::new(),
    };
    match (&document.closer, look) {
        (Closer::None, _) => plain,
        (Closer::LaidOut(_), Look::AsHashed) => {
            DocumentWords { other_look: texts.text("window-look-laid-out"), ..plain }
        }
        (Closer::LaidOut(laid_out), _) => DocumentWords {
            note: said(note_of(laid_out.extent)),
            lines: laid_out.lines.iter().flat_map(pieces).collect(),
            look: texts.text("window-look-note"),
            other_look: texts.text("window-look-hashed"),
            ..plain
        },
        (Closer::Drawn(_), Look::NotDrawn) => {
            DocumentWords { note: String::new(), has_small: true, look: texts.text("window-note-not-drawn"), ..plain }
        }
        (Closer::Drawn(_), Look::Encrypted) => {
            DocumentWords { note: String::new(), has_small: true, look: texts.text("window-note-encrypted"), ..plain }
        }
        (Closer::Drawn(_), Look::Closer | Look::AsHashed) => DocumentWords {
            note: String::new(),
            beginning: String::new(),
            lines: Vec::new(),
            is_pictured: true,
            has_small: true,
            look: texts.text("window-note-picture"),
            ..plain
        },
    }
}

/// A line, in pieces that are not too long.
fn pieces(line: &XmlLine) -> impl Iterator<Item = XmlLine> {
    let share = line.share;
    let texts = if line.text.is_empty() { vec![String::new()] } else { lines(&line.text) };
    texts.into_iter().map(move |text| XmlLine { text, share })
}

fn note_of(extent: Extent) -> Option<&'static str> {
    match extent {
        Extent::Whole => None,
        Extent::Beginning => Some("window-note-beginning"),
    }
}

fn kind_of(media: Media) -> &'static str {
    match media {
        Media::Pdf => "window-kind-pdf",
        Media::Zip => "window-kind-zip",
        Media::Image => "window-kind-image",
        Media::Cms => "window-kind-cms",
        Media::Unknown => "window-kind-binary",
    }
}

pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some((end, _)) = rest.char_indices().nth(LONGEST_LINE) {
            // Between words where there are any.
            let head = rest.get(..end).unwrap_or_default();
            let at = head.rfind(' ').map_or(end, |blank| blank + 1);
            let (piece, after) = rest.split_at(at);
            lines.push(piece.to_owned());
            rest = after;
        }
        lines.push(rest.to_owned());
    }
    lines
}

/// A size as a person reads it: `812 байт`, `12 КБ`, `1,4 МБ`.
pub(in crate::window) fn size(texts: &Texts, octets: u64) -> String {
    const KILO: u64 = 1024;
    const MEGA: u64 = KILO * KILO;
    if octets < KILO {
        return texts.format("window-size-octets", &[("count", Value::Count(octets))]);
    }
    let (id, unit) = if octets < MEGA { ("window-size-kilo", KILO) } else { ("window-size-mega", MEGA) };
    // Rounded up: a document is never said to be smaller than it is.
    let tenths = octets.saturating_mul(10).div_ceil(unit);
    let number = if tenths >= 100 || tenths.is_multiple_of(10) {
        tenths.div_ceil(10).to_string()
    } else {
        let point = if texts.locale() == Locale::En { '.' } else { ',' };
        format!("{}{point}{}", tenths / 10, tenths % 10)
    };
    texts.format(id, &[("number", Value::Text(&number))])
}
