//! The stamp as PDF: a form XObject and its font.

use std::fmt::Write as _;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pki::DigestAlgorithm;

use super::font::Font;
use super::{LEADING, PADDING, number, numbers};
use crate::pades::PdfError;
use crate::pades::file::{Body, Dictionary, Object, Reference, Update};

/// Puts an appearance of that size into the update, its text drawn at that scale, turned against the page so that it is
/// shown upright.
pub(super) fn write(
    font: &mut Font<'_>,
    lines: &[(String, f64)],
    [width, height]: [f64; 2],
    scale: f64,
    turns: u8,
    update: &mut Update,
) -> Result<Reference, PdfError> {
    let content = content(font, lines, [width, height], scale);
    let resources = Dictionary::new()
        .with("Font", Object::Dictionary(Dictionary::new().with("F1", Object::Reference(embed(font, update)?))));
    let matrix = match turns {
        0 => [1, 0, 0, 1, 0, 0],
        1 => [0, 1, -1, 0, 0, 0],
        2 => [-1, 0, 0, -1, 0, 0],
        _ => [0, -1, 1, 0, 0, 0],
    };
    let form = Dictionary::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", numbers(&[0.0, 0.0, width, height]))
        .with("Matrix", Object::Array(matrix.map(Object::Integer).to_vec()))
        .with("Resources", Object::Dictionary(resources));
    Ok(update.add(compressed(form, content.as_bytes())))
}

fn compressed(dictionary: Dictionary, octets: &[u8]) -> Body {
    Body::Stream(dictionary.with("Filter", Object::name("FlateDecode")), compress_to_vec_zlib(octets, 6))
}

/// A white field with a thin frame, and the lines from the top down.
fn content(font: &mut Font<'_>, lines: &[(String, f64)], [width, height]: [f64; 2], scale: f64) -> String {
    let mut out = String::new();
    let short = |value: f64| {
        let mut octets = Vec::new();
        number(value).write(&mut octets);
        String::from_utf8(octets).unwrap_or_default()
    };
    // Writing into a String does not fail.
    let _ = writeln!(
        out,
        "q\n1 1 1 rg\n0.1 0.35 0.55 RG\n0.8 w\n0.4 0.4 {} {} re\nB\n0 0 0 rg",
        short(width - 0.8),
        short(height - 0.8)
    );
    let mut top = height - PADDING * scale;
    for (line, size) in lines {
        let size = size * scale;
        // The letters stand in the middle of the line's height.
        let base = top - size * (LEADING + 0.7) / 2.0;
        top -= size * LEADING;
        let glyphs = line.chars().fold(String::new(), |mut glyphs, letter| {
            let _ = write!(glyphs, "{:04x}", font.glyph(letter));
            glyphs
        });
        let _ = writeln!(
            out,
            "BT\n/F1 {} Tf\n{} {} Td\n<{glyphs}> Tj\nET",
            short(size),
            short(PADDING * scale),
            short(base)
        );
    }
    out.push_str("Q\n");
    out
}

/// The font's objects (ISO 32000-1, 9.7): a Type 0 font, its only descendant, and the part of the file that is used.
fn embed(font: &mut Font<'_>, update: &mut Update) -> Result<Reference, PdfError> {
    let file = font.subset()?;
    // Six letters that tell this part of the font from others (9.6.4).
    let digest = DigestAlgorithm::Sha256.digest(&file);
    let tag: String = digest.iter().take(6).map(|octet| char::from(b'A' + octet % 26)).collect();
    let name = Object::Name(format!("{tag}+{}", font.name()).into_bytes());
    let length = Object::Integer(file.len() as i64);
    let file = update.add(compressed(Dictionary::new().with("Length1", length), &file));

    let metrics = font.metrics();
    let descriptor = Dictionary::new()
        .with("Type", Object::name("FontDescriptor"))
        .with("FontName", name.clone())
        .with("Flags", Object::Integer(4))
        .with("FontBBox", Object::Array(metrics.bounding_box.map(Object::Integer).to_vec()))
        .with("ItalicAngle", Object::Integer(0))
        .with("Ascent", Object::Integer(metrics.ascent))
        .with("Descent", Object::Integer(metrics.descent))
        .with("CapHeight", Object::Integer(metrics.cap_height))
        .with("StemV", Object::Integer(80))
        .with("FontFile2", Object::Reference(file));
    let descriptor = update.add(Body::Value(Object::Dictionary(descriptor)));

    let system = Dictionary::new()
        .with("Registry", Object::String(b"Adobe".to_vec()))
        .with("Ordering", Object::String(b"Identity".to_vec()))
        .with("Supplement", Object::Integer(0));
    let widths = font.advances().into_iter().map(Object::Integer).collect();
    let descendant = Dictionary::new()
        .with("Type", Object::name("Font"))
        .with("Subtype", Object::name("CIDFontType2"))
        .with("BaseFont", name.clone())
        .with("CIDSystemInfo", Object::Dictionary(system))
        .with("FontDescriptor", Object::Reference(descriptor))
        .with("CIDToGIDMap", Object::name("Identity"))
        .with("W", Object::Array(vec![Object::Integer(0), Object::Array(widths)]));
    let descendant = update.add(Body::Value(Object::Dictionary(descendant)));

    let unicode = update.add(compressed(Dictionary::new(), to_unicode(font).as_bytes()));
    let whole = Dictionary::new()
        .with("Type", Object::name("Font"))
        .with("Subtype", Object::name("Type0"))
        .with("BaseFont", name)
        .with("Encoding", Object::name("Identity-H"))
        .with("DescendantFonts", Object::Array(vec![Object::Reference(descendant)]))
        .with("ToUnicode", Object::Reference(unicode));
    Ok(update.add(Body::Value(Object::Dictionary(whole))))
}

/// Which letters the glyphs are, for copying and searching (9.10.3).
fn to_unicode(font: &Font<'_>) -> String {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n",
    );
    let letters: Vec<(usize, char)> = font.letters().collect();
    for block in letters.chunks(100) {
        let _ = writeln!(out, "{} beginbfchar", block.len());
        for (glyph, letter) in block {
            let _ = write!(out, "<{glyph:04x}> <");
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "{unit:04x}");
            }
            out.push_str(">\n");
        }
        out.push_str("endbfchar\n");
    }
    out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}
