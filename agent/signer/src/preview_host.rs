//! `tanba-signer preview`: a stranger's picture in, pixels out, in a process that has nothing else.
//!
//! A PNG file comes on standard input; its width, its height (four octets each, big-endian) and its pixels (RGBA, four
//! octets each, row by row) leave on standard output. The process has no window, no key and no settings, and gives up the
//! means to open a file or a connection before it reads the first octet.

use png::{ColorType, Decoder, Limits, Transformations};
use std::io::{Cursor, Read, Write};
use std::process::ExitCode;

/// The largest file that is looked at.
pub(crate) const LONGEST_INPUT: usize = 64 * 1024;

/// The most pixels in a row, and the most rows.
pub(crate) const MOST_PIXELS: u32 = 256;

/// How many octets stand before the pixels.
pub(crate) const HEAD: usize = 8;

/// The most memory that the decoder may take: several times what a picture of the largest size needs.
const MOST_MEMORY: usize = 4 * 1024 * 1024;

/// Draws one picture and ends. No word about what went wrong: whoever started this shows no picture then.
#[must_use]
pub fn run() -> ExitCode {
    for step in platform::hardening::give_up_files_and_connections() {
        if let Err(error) = &step.result {
            tracing::warn!(step = step.name, %error, "a right could not be given up");
        }
    }
    match draw(std::io::stdin(), std::io::stdout()) {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

fn draw(input: impl Read, mut output: impl Write) -> Option<()> {
    let mut png = Vec::new();
    input.take(LONGEST_INPUT as u64 + 1).read_to_end(&mut png).ok()?;
    if png.len() > LONGEST_INPUT {
        return None;
    }
    let (width, height, rgba) = decode(&png)?;
    output.write_all(&width.to_be_bytes()).ok()?;
    output.write_all(&height.to_be_bytes()).ok()?;
    output.write_all(&rgba).ok()?;
    output.flush().ok()
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
        let mut said = Vec::new();
        assert_eq!(draw(&[0_u8; LONGEST_INPUT + 1][..], &mut said), None);
        assert!(said.is_empty());
    }
}
