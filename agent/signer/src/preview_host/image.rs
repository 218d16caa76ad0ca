//! Images. Each is decoded whole, turned as its EXIF says, made smaller, and laid on white paper.

use super::words::{Drawing, Room, Size};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The most pixels of an image that is decoded: a sheet scanned with 600 dots to the inch, or what a telephone takes.
const MOST_PIXELS: u64 = 64_000_000;

/// The most memory for what is decoded, in octets.
const MOST_MEMORY: u64 = 288 * 1024 * 1024;

/// What the first octets say it is; of these nothing reaches further than their own file.
fn format_of(octets: &[u8]) -> Option<ImageFormat> {
    let format = image::guess_format(octets).ok()?;
    let is_known = matches!(
        format,
        ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP | ImageFormat::Bmp
    );
    is_known.then_some(format)
}

pub(super) fn draw(octets: &[u8], room: Room) -> Option<Drawing> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(octets), format_of(octets)?);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    // Before anything is set aside for the pixels; not every decoder keeps to its limit.
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return None;
    }
    // How the camera was held. One that says nonsense was held upright.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    // First smaller, then turned: the large one is then in memory once.
    let is_turned = orientation.is_some_and(|orientation| {
        use image::metadata::Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
    });
    let here = if is_turned { Room { width: room.height, height: room.width } } else { room };
    let size = here.fit(f64::from(width), f64::from(height), 1.0)?;
    if (size.width, size.height) != (width, height) {
        image = image.thumbnail_exact(size.width, size.height);
    }
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let mut rgba = image.into_rgba8();
    for pixel in rgba.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        pixel.0 = [on_white(red, alpha), on_white(green, alpha), on_white(blue, alpha), u8::MAX];
    }
    let size = Size { width: rgba.width(), height: rgba.height() };
    let original = if is_turned { Size { width: height, height: width } } else { Size { width, height } };
    Some(Drawing { pages: 1, original: Some(original), size, rgba: rgba.into_raw() })
}

/// A part of a colour that covers white paper as far as it is opaque.
fn on_white(part: u8, alpha: u8) -> u8 {
    let [part, alpha] = [u16::from(part), u16::from(alpha)];
    u8::try_from((part * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use std::io::Write as _;

    const ROOM: Room = Room { width: 1000, height: 1000 };

    // Made by Pillow 13.0. Red on the left and blue on the right, 32 by 16, in a camera that was held on its side (EXIF 6).
    const JPEG_ON_ITS_SIDE: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAMCAgMCAgMDA\
         wMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQ\
         UFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQACADAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAcI/8QAFB\
         ABAAAAAAAAAAAAAAAAAAAAAP/EABYBAQEBAAAAAAAAAAAAAAAAAAAJB//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AM6MMVTAQJc\
         ZHQBfUOViwECXGR0Af//Z";
    // Cyan ink none, magenta and yellow full.
    const JPEG_OF_INKS: &str = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEB\
         ETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBA\
         MFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZG\
         VmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/\
         j5+v/aAA4EQwBNAFkASwAAPwD9U6/Kqvyqr9U6/9k=";
    // Two pictures of 4 by 2: green, then red.
    const GIF: &str = "R0lGODlhBAACAIEAAACAAAAAAAAAAAAAACH5BAAKAAAALAAAAAAEAAIAAAgHAAEIHCgwIAAh+QQBCgABACwAAAAABAACAIH/AAAAAAA\
         AAAAAAAAIBwABCBwoMCAAOw==";
    // 3 by 3, blue, half of it transparent.
    const WEBP: &str = "UklGRhwAAABXRUJQVlA4TA8AAAAvAoAAEAcQ0f8CBiKi/wEA";
    // 2 by 2 of 10, 20, 30.
    const BMP: &str =
        "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAADEDgAAxA4AAAAAAAAAAAAAHhQKHhQKAAAeFAoeFAoAAA==";
    // 2 by 2, white, 16 bits of grey.
    const DEEP_PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAEklEQVR4nGP8/5+BgYmBgYEBABENAgJavTQlAAAAAElFTkSuQmCC";

    fn file(base64: &str) -> Vec<u8> {
        STANDARD.decode(base64).unwrap()
    }

    fn is_near(drawing: &Drawing, x: u32, y: u32, colour: [u8; 3]) -> bool {
        let place = ((y * drawing.size.width + x) * 4) as usize;
        let pixel = &drawing.rgba[place..place + 4];
        pixel[3] == 255 && colour.iter().zip(pixel).all(|(wanted, is)| wanted.abs_diff(*is) < 40)
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        let mut stream = writer.stream_writer().unwrap();
        for _ in 0..height {
            stream.write_all(&vec![0; width as usize]).unwrap();
        }
        stream.finish().unwrap();
        drop(writer);
        file
    }

    #[test]
    fn every_kind_is_drawn_on_white() {
        for (base64, width, height, colour) in [
            (GIF, 4, 2, [0, 128, 0]),
            (WEBP, 3, 3, [127, 127, 255]),
            (BMP, 2, 2, [10, 20, 30]),
            (DEEP_PNG, 2, 2, [255, 255, 255]),
            (JPEG_OF_INKS, 8, 8, [255, 0, 0]),
        ] {
            let drawing = draw(&file(base64), ROOM).unwrap();
            assert_eq!((drawing.pages, drawing.size), (1, Size { width, height }));
            assert_eq!(drawing.original, Some(drawing.size));
            let pixel = &drawing.rgba[..4];
            assert!(is_near(&drawing, 1, 1, colour), "{pixel:?} is not {colour:?}");
        }
    }

    #[test]
    fn a_photograph_stands_as_the_camera_was_held() {
        let upright = draw(&file(JPEG_ON_ITS_SIDE), ROOM).unwrap();
        assert_eq!(upright.size, Size { width: 16, height: 32 });
        assert!(is_near(&upright, 8, 4, [255, 0, 0]) && is_near(&upright, 8, 28, [0, 0, 255]));
        let small = draw(&file(JPEG_ON_ITS_SIDE), Room { width: 4, height: 100 }).unwrap();
        assert_eq!((small.size, small.original), (Size { width: 4, height: 8 }, upright.original));
    }

    #[test]
    fn a_large_image_becomes_as_small_as_is_asked_and_a_small_one_stays() {
        let drawing = draw(&png(3000, 1500), Room { width: 600, height: u32::MAX }).unwrap();
        assert_eq!(drawing.size, Size { width: 600, height: 300 });
        assert_eq!(drawing.original, Some(Size { width: 3000, height: 1500 }));
        assert_eq!(draw(&png(5, 7), ROOM).unwrap().size, Size { width: 5, height: 7 });
        let line = draw(&png(60_000, 1), Room { width: 600, height: u32::MAX }).unwrap();
        assert_eq!(line.size, Size { width: 600, height: 1 });
    }

    #[test]
    fn an_image_of_too_many_pixels_is_not_decoded() {
        // Some hundred thousand octets that would become 81 million.
        let bomb = png(9_000, 9_000);
        assert!(bomb.len() < 1_000_000, "{}", bomb.len());
        assert_eq!(draw(&bomb, ROOM), None);
        let mut promises = file(GIF);
        promises[6..10].copy_from_slice(&[0xff; 4]);
        assert_eq!(draw(&promises, ROOM), None);
        let mut promises = file(BMP);
        promises[18..26].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f]);
        assert_eq!(draw(&promises, ROOM), None);
    }

    #[test]
    fn what_is_cut_off_or_no_image_gives_nothing_or_a_drawing_and_no_panic() {
        for base64 in [JPEG_ON_ITS_SIDE, JPEG_OF_INKS, GIF, WEBP, BMP, DEEP_PNG] {
            let whole = file(base64);
            for length in 0..whole.len() {
                if let Some(drawing) = draw(&whole[..length], ROOM) {
                    assert_eq!(drawing.rgba.len(), (drawing.size.width * drawing.size.height * 4) as usize);
                }
            }
        }
        for wrong in [&b""[..], b"%PDF-1.4", b"II*\0\x08\0\0\0", b"\x00\x00\x01\x00"] {
            assert_eq!(draw(wrong, ROOM), None);
        }
    }
}
