//! PDF documents that are written here by hand.

use super::*;
use crate::preview_host::words::Drawing;
use std::io::Write as _;

const ROOM: Room = Room { width: 200, height: 200 };

/// A file of these objects, the first of them the catalogue.
fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        writeln!(file, "{} 0 obj", index + 1).unwrap();
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R {trailer} >>\n", objects.len() + 1).unwrap();
    write!(file, "startxref\n{start}\n%%EOF\n").unwrap();
    file
}

fn stream(dictionary: &str, octets: &[u8]) -> Vec<u8> {
    let mut object = format!("<< /Length {} {dictionary} >>\nstream\n", octets.len()).into_bytes();
    object.extend_from_slice(octets);
    object.extend_from_slice(b"\nendstream");
    object
}

/// One page of 100 by 100 points with this content, and further objects from number 5 on.
fn page(content: &[u8], resources: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R /Resources << {resources} >> >>")
            .into_bytes(),
        stream("", content),
    ];
    objects.extend_from_slice(more);
    pdf(&objects, "")
}

fn drawn(file: Vec<u8>) -> Drawing {
    match draw(file, 0, ROOM) {
        Some(Answer::Drawn(drawing)) => drawing,
        other => panic!("{other:?}"),
    }
}

/// The pixel at these points of the page, counted from its lower left corner.
fn at(drawing: &Drawing, x: u32, y: u32) -> [u8; 4] {
    let (column, row) = (x * 2, drawing.size.height - 1 - y * 2);
    let place = ((row * drawing.size.width + column) * 4) as usize;
    drawing.rgba[place..place + 4].try_into().unwrap()
}

/// How many pixels are rather black between these points.
fn ink(drawing: &Drawing, from: (u32, u32), to: (u32, u32)) -> usize {
    let columns = |y| (from.0..to.0).map(move |x| (x, y));
    (from.1..to.1).flat_map(columns).filter(|(x, y)| at(drawing, *x, *y)[0] < 128).count()
}

const WHITE_PIXEL: [u8; 4] = [255; 4];

#[test]
fn what_a_page_says_to_draw_is_drawn() {
    let drawing = drawn(page(b"1 0 0 rg 10 10 30 30 re f 0 0 1 rg 60 60 30 30 re f", "", &[]));
    assert_eq!((drawing.pages, drawing.original), (1, None));
    assert_eq!(drawing.size, Size { width: 200, height: 200 });
    assert_eq!(at(&drawing, 25, 25), [255, 0, 0, 255]);
    assert_eq!(at(&drawing, 75, 75), [0, 0, 255, 255]);
    assert_eq!(at(&drawing, 75, 25), WHITE_PIXEL);
    assert_eq!(at(&drawing, 5, 95), WHITE_PIXEL);
}

#[test]
fn each_page_of_several_is_drawn_and_no_other() {
    let one = |contents: usize| {
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 50 100] /Contents {contents} 0 R >>").into_bytes()
    };
    let file = pdf(
        &[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>".to_vec(),
            one(5),
            one(6),
            stream("", b"1 0 0 rg 0 0 50 100 re f"),
            stream("", b"0 1 0 rg 0 0 50 100 re f"),
        ],
        "",
    );
    for (page, colour) in [(0, [255, 0, 0, 255]), (1, [0, 255, 0, 255])] {
        let Some(Answer::Drawn(drawing)) = draw(file.clone(), page, ROOM) else { panic!("page {page}") };
        assert_eq!((drawing.pages, drawing.size), (2, Size { width: 100, height: 200 }));
        assert_eq!(at(&drawing, 25, 50), colour);
    }
    assert_eq!(draw(file, 2, ROOM), None);
}

#[test]
fn text_in_a_font_that_is_not_in_the_file_is_drawn_in_cyrillic_too() {
    let names = "/Differences [1 /afii10017 /Schwacyrillic /Kadescendercyrillic /obarredcyrillic]";
    for (font, bold) in [("Helvetica", ""), ("Arial", ",Bold"), ("TimesNewRoman", ""), ("Courier", "")] {
        let font = format!(
            "<< /Type /Font /Subtype /TrueType /BaseFont /{font}{bold} /Encoding << /Type /Encoding {names} >> >>"
        );
        let more = [font.into_bytes()];
        for code in ["41", "01", "02", "03", "04"] {
            let content = format!("BT /F 80 Tf 20 20 Td <{code}> Tj ET");
            let drawing = drawn(page(content.as_bytes(), "/Font << /F 5 0 R >>", &more));
            let ink = ink(&drawing, (0, 0), (100, 100));
            assert!((150..4000).contains(&ink), "{code} of {}: {ink}", String::from_utf8_lossy(&more[0]));
        }
        let blank = drawn(page(b"BT /F 80 Tf 20 20 Td <20> Tj ET", "/Font << /F 5 0 R >>", &more));
        assert_eq!(ink(&blank, (0, 0), (100, 100)), 0);
    }
}

#[test]
fn text_in_a_font_of_the_file_is_drawn() {
    // As word processors write it: a composite font, the codes being the font's own numbers of its letters.
    let font = ttf_parser::Face::parse(signer_ui::FONT, 0).unwrap();
    let glyph = font.glyph_index('Қ').unwrap().0;
    let more = [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /Identity-H /DescendantFonts [6 0 R] >>".to_vec(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Any /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) \
          /Supplement 0 >> /FontDescriptor 7 0 R /CIDToGIDMap /Identity /DW 700 >>"
            .to_vec(),
        b"<< /Type /FontDescriptor /FontName /Any /Flags 4 /FontFile2 8 0 R >>".to_vec(),
        stream("", signer_ui::FONT),
    ];
    let content = format!("BT /F 80 Tf 20 20 Td <{glyph:04x}> Tj ET");
    let drawing = drawn(page(content.as_bytes(), "/Font << /F 5 0 R >>", &more));
    // The stem at the left, and the tail below the line at the right.
    assert!(ink(&drawing, (20, 25), (36, 75)) > 200);
    assert!(ink(&drawing, (55, 5), (90, 19)) > 10);
}

#[test]
fn an_encrypted_document_says_so() {
    let mut file = page(b"1 0 0 rg 0 0 100 100 re f", "", &[]);
    let mut text = String::from_utf8(std::mem::take(&mut file)).unwrap();
    let lock = format!(
        "/Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Encrypt << /Filter \
         /Standard /V 2 /R 3 /Length 128 /P -4 /O <{0}> /U <{0}> >>",
        "5a".repeat(32)
    );
    text = text.replace("/Root 1 0 R", &lock);
    assert_eq!(draw(text.into_bytes(), 0, ROOM), Some(Answer::Encrypted));
}

#[test]
fn a_page_of_any_shape_fits_the_room() {
    let of = |media_box: &str| {
        let file = String::from_utf8(page(b"", "", &[])).unwrap().replace("[0 0 100 100]", media_box);
        draw(file.into_bytes(), 0, Room { width: 1200, height: u32::MAX })
    };
    for (media_box, size) in [
        ("[0 0 595 842]", Size { width: 1200, height: 1698 }),
        ("[0 0 1 1]", Size { width: 8, height: 8 }),
        ("[0 0 14400 10]", Size { width: 1200, height: 1 }),
    ] {
        let Some(Answer::Drawn(drawing)) = of(media_box) else { panic!("{media_box}") };
        let near = |a: u32, b: u32| a.abs_diff(b) <= 1;
        assert!(near(drawing.size.width, size.width) && near(drawing.size.height, size.height), "{drawing:?}");
    }
    for media_box in ["[0 0 10 100000000]", "[0 0 1e30 1e30]", "[0 0 0 0]", "[5 5 5 5]", "[-9 -9 nan 1]"] {
        // What the renderer makes of it is its own; it stays in the room.
        if let Some(Answer::Drawn(drawing)) = of(media_box) {
            assert!(u64::from(drawing.size.width) * u64::from(drawing.size.height) <= 8_000_000, "{media_box}");
        }
    }
}

#[test]
fn what_is_no_pdf_or_has_no_page_gives_nothing() {
    let whole = page(b"1 0 0 rg 0 0 100 100 re f", "", &[]);
    for wrong in [b"%PDF-1.7\n".to_vec(), b"\x89PNG".to_vec(), Vec::new(), whole[..60].to_vec()] {
        assert_eq!(draw(wrong, 0, ROOM), None);
    }
}
