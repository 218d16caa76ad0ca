//! The visible stamp: what is drawn on a page where a person looks for a signature.
//!
//! It is a picture of what the signer says about the signature. It proves nothing, and a verifier does not read it.

mod appearance;
mod font;

pub use font::FontError;

use super::PdfError;
use super::file::{Document, Object, Reference, Update};
use super::pages::{Page, PageChoice};
use font::Font;

/// Points between the stamp and the edge of the page, and between stamps.
const MARGIN: f64 = 18.0;
/// Points between the frame and the text.
const PADDING: f64 = 6.0;
const HEADING_SIZE: f64 = 9.0;
const TEXT_SIZE: f64 = 8.0;
/// From one line to the next, as a part of the size.
const LEADING: f64 = 1.35;
/// Letters of all lines together.
const MAX_LETTERS: usize = 2000;

/// A visible stamp.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// A TrueType font that has the letters of the text. The part of it that is needed is embedded.
    pub font: &'a [u8],
    /// The first line, a little larger. May be empty.
    pub heading: &'a str,
    /// The other lines. A line that is too long is broken.
    pub lines: &'a [String],
    /// The page that the stamp is put on.
    pub page: PageChoice,
    /// Where on the page.
    pub place: Place,
    /// How wide it is, in points (1/72 inch). Its height follows from the text.
    pub width: u16,
}

/// Where on a page, as the page is shown: turned as it says, and cut to its crop box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a corner, or as near to it as earlier signatures' stamps leave room.
    Corner(Corner),
    /// The lower left corner of the stamp, in points from the lower left corner of the page.
    At {
        /// To the right.
        x: u16,
        /// Upwards.
        y: u16,
    },
}

/// A corner of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// Top left.
    TopLeft,
    /// Top right.
    TopRight,
    /// Bottom left.
    BottomLeft,
    /// Bottom right.
    BottomRight,
}

/// A stamp that is in the update: the appearance stream, and the rectangle on the page.
pub(super) struct Drawn {
    pub(super) appearance: Reference,
    pub(super) rectangle: Object,
}

/// Puts the stamp's appearance and font into the update.
pub(super) fn draw(
    stamp: &Stamp<'_>,
    document: &Document<'_>,
    page: &Page,
    update: &mut Update,
) -> Result<Drawn, PdfError> {
    let mut font = Font::new(stamp.font)?;
    let width = f64::from(stamp.width);
    let lines = lay_out(stamp, &font, width)?;
    let height = height(&lines);
    let shown = place(stamp, document, page, width, height)?;
    let appearance = appearance::write(&mut font, &lines, [width, height], 1.0, page.turns, update)?;
    Ok(Drawn { appearance, rectangle: numbers(&on_page(shown, page)) })
}

/// Draws the stamp into the rectangle of a field that is there, as large as fits, and returns its appearance.
pub(super) fn draw_within(
    stamp: &Stamp<'_>,
    rectangle: &Object,
    turns: u8,
    update: &mut Update,
) -> Result<Reference, PdfError> {
    let sides: Vec<f64> = rectangle.as_array().unwrap_or_default().iter().filter_map(Object::as_number).collect();
    let [a, b, c, d] = sides.as_slice() else { return Err(PdfError::StampTooLarge) };
    let (across, along) = ((a - c).abs(), (b - d).abs());
    let (width, high) = if turns.is_multiple_of(2) { (across, along) } else { (along, across) };
    let mut font = Font::new(stamp.font)?;
    // Smaller letters in longer lines, until the text fits from top to bottom too; below a third nobody can read it.
    let mut scale = 1.0;
    while scale > 0.33 {
        let lines = lay_out(stamp, &font, width / scale)?;
        if height(&lines) * scale <= high {
            return appearance::write(&mut font, &lines, [width, high], scale, turns, update);
        }
        scale *= 0.95;
    }
    Err(PdfError::StampTooLarge)
}

/// The lines with their sizes, none of them wider than the stamp.
fn lay_out(stamp: &Stamp<'_>, font: &Font<'_>, width: f64) -> Result<Vec<(String, f64)>, PdfError> {
    let letters = stamp.lines.iter().map(|line| line.chars().count()).sum::<usize>() + stamp.heading.chars().count();
    if !(40.0..=10_000.0).contains(&width) || letters > MAX_LETTERS {
        return Err(PdfError::StampTooLarge);
    }
    let texts = stamp.lines.iter().map(|line| (line.as_str(), TEXT_SIZE));
    let mut lines = Vec::new();
    for (text, size) in std::iter::once((stamp.heading, HEADING_SIZE)).chain(texts) {
        lines.extend(wrap(font, text, (width - 2.0 * PADDING) / size).into_iter().map(|line| (line, size)));
    }
    Ok(lines)
}

fn height(lines: &[(String, f64)]) -> f64 {
    lines.iter().map(|(_, size)| size * LEADING).sum::<f64>() + 2.0 * PADDING
}

/// Breaks a text into lines of at most `width`, at spaces where there are some. An empty text has no line.
fn wrap(font: &Font<'_>, text: &str, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if font.width(&joined) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if font.width(&line) > width {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A rectangle on the page as it is shown: left, bottom, right, top from its lower left corner.
type Rectangle = [f64; 4];

fn shown_size(page: &Page) -> (f64, f64) {
    let [left, bottom, right, top] = page.area;
    if page.turns.is_multiple_of(2) { (right - left, top - bottom) } else { (top - bottom, right - left) }
}

fn place(
    stamp: &Stamp<'_>,
    document: &Document<'_>,
    page: &Page,
    width: f64,
    height: f64,
) -> Result<Rectangle, PdfError> {
    let (page_width, page_height) = shown_size(page);
    let at = |x: f64, y: f64| [x, y, x + width, y + height];
    let inside = |[left, bottom, right, top]: Rectangle| {
        left >= 0.0 && bottom >= 0.0 && right <= page_width && top <= page_height
    };
    let corner = match stamp.place {
        Place::At { x, y } => {
            let wanted = at(x.into(), y.into());
            return inside(wanted).then_some(wanted).ok_or(PdfError::StampTooLarge);
        }
        Place::Corner(corner) => corner,
    };
    // On a page hardly larger than the stamp the margin gives way.
    let margin = |room: f64| MARGIN.min(room / 2.0);
    let (horizontal, vertical) = (margin(page_width - width), margin(page_height - height));
    let taken = taken(document, page)?;
    let candidate = |column: usize, row: usize| {
        let x = horizontal + column as f64 * (width + MARGIN);
        let y = vertical + row as f64 * (height + MARGIN);
        match corner {
            Corner::BottomLeft => at(x, y),
            Corner::BottomRight => at(page_width - x - width, y),
            Corner::TopLeft => at(x, page_height - y - height),
            Corner::TopRight => at(page_width - x - width, page_height - y - height),
        }
    };
    let first = candidate(0, 0);
    if !inside(first) {
        return Err(PdfError::StampTooLarge);
    }
    let free = |wanted: &Rectangle| !taken.iter().any(|other| overlap(wanted, other));
    for column in 0..20 {
        for row in 0..50 {
            let wanted = candidate(column, row);
            if !inside(wanted) {
                break;
            }
            if free(&wanted) {
                return Ok(wanted);
            }
        }
    }
    // A page full of stamps: this one comes above the first.
    Ok(first)
}

const fn overlap(one: &Rectangle, other: &Rectangle) -> bool {
    let ([a, b, c, d], [e, f, g, h]) = (one, other);
    *a < *g && *e < *c && *b < *h && *f < *d
}

/// The rectangles of signature fields on the page, as they are shown.
fn taken(document: &Document<'_>, page: &Page) -> Result<Vec<Rectangle>, PdfError> {
    let Object::Array(annotations) = document.value(&page.dictionary, "Annots")? else { return Ok(Vec::new()) };
    let mut taken = Vec::new();
    for annotation in annotations.iter().take(1000) {
        let Object::Dictionary(annotation) = document.resolve(annotation)? else { continue };
        if document.value(&annotation, "FT")?.as_name() != Some(b"Sig") {
            continue;
        }
        let Object::Array(sides) = document.value(&annotation, "Rect")? else { continue };
        let sides: Vec<f64> = sides.iter().filter_map(Object::as_number).collect();
        let [a, b, c, d] = sides.as_slice() else { continue };
        taken.push(as_shown([a.min(*c), b.min(*d), a.max(*c), b.max(*d)], page));
    }
    Ok(taken)
}

/// From the page as it is shown to its own coordinates.
fn on_page([left, bottom, right, top]: Rectangle, page: &Page) -> Rectangle {
    let [x, y, far_x, far_y] = page.area;
    match page.turns {
        0 => [x + left, y + bottom, x + right, y + top],
        1 => [far_x - top, y + left, far_x - bottom, y + right],
        2 => [far_x - right, far_y - top, far_x - left, far_y - bottom],
        _ => [x + bottom, far_y - right, x + top, far_y - left],
    }
}

/// The other way round.
fn as_shown([left, bottom, right, top]: Rectangle, page: &Page) -> Rectangle {
    let [x, y, far_x, far_y] = page.area;
    match page.turns {
        0 => [left - x, bottom - y, right - x, top - y],
        1 => [bottom - y, far_x - right, top - y, far_x - left],
        2 => [far_x - right, far_y - top, far_x - left, far_y - bottom],
        _ => [far_y - top, left - x, far_y - bottom, right - x],
    }
}

fn numbers(values: &[f64]) -> Object {
    Object::Array(values.iter().map(|value| number(*value)).collect())
}

/// Hundredths of a point are enough.
fn number(value: f64) -> Object {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    Object::Real(if text == "-0" { b"0".to_vec() } else { text.as_bytes().to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pades::file::Dictionary;

    #[test]
    fn a_place_on_a_turned_page_comes_back() {
        for turns in 0..4 {
            let page = Page {
                reference: Reference { number: 1, generation: 0 },
                dictionary: Dictionary::new(),
                area: [10.0, 20.0, 610.0, 820.0],
                turns,
            };
            let shown = [1.0, 2.0, 31.0, 12.0];
            let [left, bottom, right, top] = on_page(shown, &page);
            assert!(left < right && bottom < top && left >= 10.0 && top <= 820.0, "{turns}");
            assert_eq!(as_shown([left, bottom, right, top], &page), shown, "{turns}");
        }
    }
}
