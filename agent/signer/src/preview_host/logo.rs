//! A site's picture: a small PNG, as it is.

use super::words::{Drawing, Size};
use png::{ColorType, Decoder, Limits, Transformations};
use std::io::Cursor;

/// The most pixels in a row, and the most rows.
pub(super) const MOST_PIXELS: u32 = 256;

/// The most memory that the decoder may take: several times what a picture of the largest size needs.
const MOST_MEMORY: usize = 4 * 1024 * 1024;

pub(super) fn draw(png: &[u8]) -> Option<Drawing> {
    let (width, height, rgba) = decode(png)?;
    let size = Size { width, height };
    Some(Drawing { pages: 1, original: Some(size), size, rgba })
}

fn decode(png: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(png), Limits { bytes: MOST_MEMORY });
    decoder.set_ignore_text_chunk(true);
    // Whatever the file's colours are, eight bits for each of them.
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width, reader.info().height);
    // Before anything is set aside for the pixels.
    if !(1..=MOST_PIXELS).contains(&width) || !(1..=MOST_PIXELS).contains(&height) {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut pixels).ok()?;
    pixels.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        ColorType::Rgba => pixels,
        ColorType::GrayscaleAlpha => {
            let (grey, _) = pixels.as_chunks::<2>();
            grey.iter().flat_map(|&[grey, alpha]| [grey, grey, grey, alpha]).collect()
        }
        // The transformations leave no other.
        ColorType::Grayscale | ColorType::Rgb | ColorType::Indexed => return None,
    };
    let whole = u64::from(width) * u64::from(height) * 4;
    (u64::try_from(rgba.len()) == Ok(whole) && (frame.width, frame.height) == (width, height))
        .then_some((width, height, rgba))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, color: ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        file
    }

    #[test]
    fn a_picture_of_any_colours_becomes_four_octets_for_each_pixel() {
        let grey = png(2, 1, ColorType::Grayscale, &[0, 200]);
        assert_eq!(decode(&grey), Some((2, 1, vec![0, 0, 0, 255, 200, 200, 200, 255])));
        let coloured = png(1, 1, ColorType::Rgb, &[1, 2, 3]);
        assert_eq!(decode(&coloured), Some((1, 1, vec![1, 2, 3, 255])));
        let clear = png(1, 1, ColorType::Rgba, &[1, 2, 3, 4]);
        assert_eq!(decode(&clear), Some((1, 1, vec![1, 2, 3, 4])));
    }

    #[test]
    fn a_picture_that_is_too_large_is_not_drawn() {
        assert!(decode(&png(256, 256, ColorType::Grayscale, &[9; 256 * 256])).is_some());
        assert_eq!(decode(&png(257, 1, ColorType::Grayscale, &[9; 257])), None);
        let mut promises = png(1, 1, ColorType::Grayscale, &[9]);
        // The width in the header, without the pixels for it.
        promises[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(decode(&promises), None);
    }

    #[test]
    fn what_is_no_picture_gives_nothing() {
        let whole = png(4, 4, ColorType::Rgb, &[5; 48]);
        for wrong in [&b""[..], b"GIF89a", &whole[..whole.len() / 2], &[0; 100]] {
            assert_eq!(decode(wrong), None);
        }
    }
}
