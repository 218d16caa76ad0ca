//! Pages of PDF documents. Fonts that a document does not bring come from the program itself: the fourteen of the
//! standard as the renderer has them, and in the place of those for text the windows' own, which have Cyrillic letters.

use super::words::{Answer, Drawing, Room, Size};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FontData, FontQuery, StandardFont};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use std::sync::Arc;

/// A page is drawn at most so many times as large as on paper, at 72 pixels to the inch: one of a few points is no poster.
const LARGEST_SCALE: f64 = 8.0;

pub(super) fn draw(octets: Vec<u8>, page: u32, room: Room) -> Option<Answer> {
    let pdf = match Pdf::new(octets) {
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(_)) => return Some(Answer::Encrypted),
        Err(LoadPdfError::Invalid) => return None,
    };
    let pages = pdf.pages();
    let page = pages.get(usize::try_from(page).ok()?)?;
    let (width, height) = page.render_dimensions();
    let size = room.fit(f64::from(width), f64::from(height), LARGEST_SCALE)?;
    let settings = InterpreterSettings { font_resolver: Arc::new(|query| Some(font(query))), ..Default::default() };
    // A little more than the whole number of pixels: what is drawn is cut down to it.
    let scale = |pixels: u32, length: f32| (pixels as f32 + 0.01) / length;
    let pixmap =
        PixmapSettings { x_scale: scale(size.width, width), y_scale: scale(size.height, height), bg_color: WHITE };
    let drawn = render(page, &RenderCache::new(), &settings, &RenderSettings::default(), &pixmap);
    let size = Size { width: u32::from(drawn.width()), height: u32::from(drawn.height()) };
    let mut rgba = drawn.data_as_u8_slice().to_vec();
    // On white paper nothing shines through.
    for alpha in rgba.iter_mut().skip(3).step_by(4) {
        *alpha = u8::MAX;
    }
    Some(Answer::Drawn(Drawing { pages: u32::try_from(pages.len()).ok()?, original: None, size, rgba }))
}

fn font(query: &FontQuery) -> (FontData, u32) {
    let standard = match query {
        FontQuery::Standard(standard) => *standard,
        FontQuery::Fallback(fallback) => fallback.pick_standard_font(),
    };
    let ours = match standard {
        StandardFont::Symbol | StandardFont::ZapfDingBats => return standard.get_font_data(),
        StandardFont::Courier
        | StandardFont::CourierBold
        | StandardFont::CourierOblique
        | StandardFont::CourierBoldOblique => signer_ui::MONO_FONT,
        StandardFont::HelveticaBold
        | StandardFont::HelveticaBoldOblique
        | StandardFont::TimesBold
        | StandardFont::TimesBoldItalic => signer_ui::BOLD_FONT,
        StandardFont::Helvetica
        | StandardFont::HelveticaOblique
        | StandardFont::TimesRoman
        | StandardFont::TimesItalic => signer_ui::FONT,
    };
    (Arc::new(ours), 0)
}

#[cfg(test)]
mod tests;
