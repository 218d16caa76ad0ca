//! The part of a TrueType font that a text needs.
//!
//! Only the glyphs that occur are embedded, under new numbers from 0 on, so that the stamp adds some kilobytes to a
//! document and not the whole font. Hinting is left out: viewers smooth the outlines themselves.

use ttf_parser::{Face, GlyphId, RawFace, Tag};

/// Why a font cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FontError {
    /// Not a TrueType font that can be read.
    #[error("it is no TrueType font")]
    NotTrueType,
    /// Its table is missing or damaged.
    #[error("its table {0} is damaged")]
    Table(&'static str),
}

/// A font, with the glyphs that were asked for so far.
pub(super) struct Font<'a> {
    face: Face<'a>,
    /// In the order of their new numbers. The first is what is drawn for letters that the font does not have.
    glyphs: Vec<Glyph>,
}

/// A glyph that is used.
#[derive(Clone, Copy)]
struct Glyph {
    /// Its number in the font.
    old: u16,
    /// What it stands for. Two letters that look the same are two glyphs, so that copied text says what was meant.
    letter: Option<char>,
}

/// What a font descriptor says (ISO 32000-1, table 122), in thousandths of the size.
pub(super) struct Metrics {
    pub(super) bounding_box: [i64; 4],
    pub(super) ascent: i64,
    pub(super) descent: i64,
    pub(super) cap_height: i64,
}

impl<'a> Font<'a> {
    pub(super) fn new(font: &'a [u8]) -> Result<Self, FontError> {
        let face = Face::parse(font, 0).map_err(|_| FontError::NotTrueType)?;
        if face.tables().glyf.is_none() || face.units_per_em() == 0 {
            return Err(FontError::NotTrueType);
        }
        Ok(Self { face, glyphs: vec![Glyph { old: 0, letter: None }] })
    }

    /// The new number of a letter's glyph.
    pub(super) fn glyph(&mut self, letter: char) -> u16 {
        let old = self.known(letter);
        self.number(|glyph| glyph.letter == Some(letter), Glyph { old, letter: Some(letter) })
    }

    /// The new number of the glyph that is meant, which is added when it is not there.
    fn number(&mut self, is_it: impl Fn(&Glyph) -> bool, otherwise: Glyph) -> u16 {
        let place = self.glyphs.iter().position(is_it).unwrap_or_else(|| {
            self.glyphs.push(otherwise);
            self.glyphs.len() - 1
        });
        place as u16
    }

    fn known(&self, letter: char) -> u16 {
        let known = self.face.glyph_index(letter).or_else(|| self.face.glyph_index('\u{fffd}'));
        known.map_or(0, |glyph| glyph.0)
    }

    /// How wide a text is, as a part of the size.
    pub(super) fn width(&self, text: &str) -> f64 {
        let advance = |letter| f64::from(self.face.glyph_hor_advance(GlyphId(self.known(letter))).unwrap_or(0));
        text.chars().map(advance).sum::<f64>() / f64::from(self.face.units_per_em())
    }

    pub(super) fn metrics(&self) -> Metrics {
        let scaled = |value: i16| i64::from(value) * 1000 / i64::from(self.face.units_per_em());
        let area = self.face.global_bounding_box();
        Metrics {
            bounding_box: [area.x_min, area.y_min, area.x_max, area.y_max].map(scaled),
            ascent: scaled(self.face.ascender()),
            descent: scaled(self.face.descender()),
            cap_height: scaled(self.face.capital_height().unwrap_or(self.face.ascender())),
        }
    }

    /// The new glyphs' advances in their order, in thousandths of the size.
    pub(super) fn advances(&self) -> Vec<i64> {
        let per_em = i64::from(self.face.units_per_em());
        let advance = |old| i64::from(self.face.glyph_hor_advance(GlyphId(old)).unwrap_or(0));
        self.glyphs.iter().map(|glyph| (advance(glyph.old) * 1000 + per_em / 2) / per_em).collect()
    }

    /// New numbers and the letters that they stand for.
    pub(super) fn letters(&self) -> impl Iterator<Item = (usize, char)> {
        self.glyphs.iter().enumerate().filter_map(|(number, glyph)| Some((number, glyph.letter?)))
    }

    /// The name that PDF calls the font by, without what is special in names.
    pub(super) fn name(&self) -> String {
        let names = self.face.names().into_iter();
        let name = names
            .filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
            .find_map(|name| name.to_string());
        name.unwrap_or_default()
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-')
            .take(60)
            .collect()
    }

    /// A TrueType font of the glyphs that were asked for, and of those that these are put together from.
    pub(super) fn subset(&mut self) -> Result<Vec<u8>, FontError> {
        let raw = *self.face.raw_face();
        let mut outlines: Vec<Vec<u8>> = Vec::new();
        // Composite glyphs add the numbers of their parts at the end.
        while let Some(glyph) = self.glyphs.get(outlines.len()).copied() {
            let mut outline = outline(&raw, glyph.old)?.to_vec();
            self.renumber_parts(&mut outline).ok_or(FontError::Table("glyf"))?;
            outlines.push(outline);
        }
        let count = u16::try_from(outlines.len()).map_err(|_| FontError::Table("glyf"))?;

        let (mut glyf, mut loca) = (Vec::new(), Vec::new());
        for outline in outlines {
            loca.extend((glyf.len() as u32).to_be_bytes());
            glyf.extend(outline);
            glyf.resize(glyf.len().next_multiple_of(4), 0);
        }
        loca.extend((glyf.len() as u32).to_be_bytes());

        let mut hmtx = Vec::new();
        for glyph in &self.glyphs {
            let glyph = GlyphId(glyph.old);
            hmtx.extend(self.face.glyph_hor_advance(glyph).unwrap_or(0).to_be_bytes());
            hmtx.extend(self.face.glyph_hor_side_bearing(glyph).unwrap_or(0).to_be_bytes());
        }
        let mut head = table(&raw, b"head", "head")?.to_vec();
        put(&mut head, 8, &[0; 4], "head")?; // the whole's checksum, below
        put(&mut head, 50, &1_u16.to_be_bytes(), "head")?; // loca in four octets
        let mut hhea = table(&raw, b"hhea", "hhea")?.to_vec();
        put(&mut hhea, 34, &count.to_be_bytes(), "hhea")?;
        let mut maxp = table(&raw, b"maxp", "maxp")?.to_vec();
        put(&mut maxp, 4, &count.to_be_bytes(), "maxp")?;
        // No instructions are left.
        put(&mut maxp, 26, &[0; 2], "maxp")?;
        Ok(put_together(&[
            (*b"glyf", glyf),
            (*b"head", head),
            (*b"hhea", hhea),
            (*b"hmtx", hmtx),
            (*b"loca", loca),
            (*b"maxp", maxp),
        ]))
    }

    /// In a composite glyph, the parts' new numbers in the place of the old ones, and no instructions.
    fn renumber_parts(&mut self, outline: &mut Vec<u8>) -> Option<()> {
        const WORDS: u16 = 0x0001;
        const SCALE: u16 = 0x0008;
        const MORE: u16 = 0x0020;
        const TWO_SCALES: u16 = 0x0040;
        const MATRIX: u16 = 0x0080;
        const INSTRUCTIONS: u16 = 0x0100;
        let word = |outline: &[u8], at: usize| {
            outline.get(at..at + 2).and_then(|pair| pair.try_into().ok()).map(u16::from_be_bytes)
        };
        // A negative number of contours tells a composite; an empty glyph has none at all.
        if outline.is_empty() || word(outline, 0)? < 0x8000 {
            return Some(());
        }
        let mut at = 10;
        loop {
            let flags = word(outline, at)?;
            let old = word(outline, at + 2)?;
            let part = self.number(|glyph| glyph.old == old, Glyph { old, letter: None });
            outline.get_mut(at..at + 2)?.copy_from_slice(&(flags & !INSTRUCTIONS).to_be_bytes());
            outline.get_mut(at + 2..at + 4)?.copy_from_slice(&part.to_be_bytes());
            at += 4 + if flags & WORDS != 0 { 4 } else { 2 };
            at += match flags {
                flags if flags & SCALE != 0 => 2,
                flags if flags & TWO_SCALES != 0 => 4,
                flags if flags & MATRIX != 0 => 8,
                _ => 0,
            };
            if flags & MORE == 0 {
                outline.truncate(at);
                return Some(());
            }
        }
    }
}

fn table<'a>(raw: &RawFace<'a>, tag: &[u8; 4], name: &'static str) -> Result<&'a [u8], FontError> {
    raw.table(Tag::from_bytes(tag)).ok_or(FontError::Table(name))
}

fn put(table: &mut [u8], at: usize, octets: &[u8], name: &'static str) -> Result<(), FontError> {
    table.get_mut(at..at + octets.len()).ok_or(FontError::Table(name))?.copy_from_slice(octets);
    Ok(())
}

/// The octets of a glyph in the table glyf.
fn outline<'a>(raw: &RawFace<'a>, glyph: u16) -> Result<&'a [u8], FontError> {
    let (head, loca) = (table(raw, b"head", "head")?, table(raw, b"loca", "loca")?);
    let long = head.get(50..52) == Some(&[0, 1]);
    let place = |index: usize| -> Option<usize> {
        if long {
            let octets = loca.get(index * 4..index * 4 + 4)?.try_into().ok()?;
            usize::try_from(u32::from_be_bytes(octets)).ok()
        } else {
            let octets = loca.get(index * 2..index * 2 + 2)?.try_into().ok()?;
            Some(usize::from(u16::from_be_bytes(octets)) * 2)
        }
    };
    let range = place(glyph.into()).zip(place(usize::from(glyph) + 1)).ok_or(FontError::Table("loca"))?;
    table(raw, b"glyf", "glyf")?.get(range.0..range.1).ok_or(FontError::Table("glyf"))
}

/// A font file of these tables, which come in the order of their names.
fn put_together(tables: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = count.max(1).ilog2() as u16;
    let range = 16 << power;
    let mut out = 0x0001_0000_u32.to_be_bytes().to_vec();
    for word in [count, range, power, count * 16 - range] {
        out.extend(word.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    for (name, octets) in tables {
        out.extend(name);
        for word in [checksum(octets), offset as u32, octets.len() as u32] {
            out.extend(word.to_be_bytes());
        }
        offset += octets.len().next_multiple_of(4);
    }
    let mut head = None;
    for (name, octets) in tables {
        if name == b"head" {
            head = Some(out.len());
        }
        out.extend(octets);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xb1b0_afba_u32.wrapping_sub(checksum(&out));
    if let Some(place) = head.and_then(|head| out.get_mut(head + 8..head + 12)) {
        place.copy_from_slice(&adjustment.to_be_bytes());
    }
    out
}

fn checksum(octets: &[u8]) -> u32 {
    octets.chunks(4).fold(0_u32, |sum, chunk| {
        let mut word = [0; 4];
        word.iter_mut().zip(chunk).for_each(|(place, octet)| *place = *octet);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}
