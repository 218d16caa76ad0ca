//! Documents that are looked at closer: pages, images, XML.

use super::{only, sign, view};
use signer::preview_host::Subject;
use signer::window::{
    Closer, DocumentView, Drawable, Extent, LaidOut, Locale, Media, Preview, Share, View, Warning, What, XmlLine,
};
use std::fmt::Write as _;

/// Writes a PDF of so many pages by hand. Its font is not in the file, as in those of old bookkeeping programs: the
/// letters are named.
fn pdf_of(pages: usize) -> Vec<u8> {
    const NAMES: &str = "/afii10017 /afii10018 /Schwacyrillic /Ghestrokecyrillic /Kadescendercyrillic \
        /Endescendercyrillic /Obarredcyrillic /Ustraightstrokecyrillic /Ustraightcyrillic /Shhacyrillic /afii10055 \
        /schwacyrillic /ghestrokecyrillic /kadescendercyrillic /endescendercyrillic /obarredcyrillic \
        /ustraightstrokecyrillic /ustraightcyrillic /shhacyrillic /afii10103";
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        String::new(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!(
            "<< /Type /Font /Subtype /TrueType /BaseFont /Arial /Encoding << /Type /Encoding \
             /BaseEncoding /WinAnsiEncoding /Differences [192 {NAMES}] >> /FirstChar 192 /LastChar 211 /Widths [{}] >>",
            "680 ".repeat(20)
        ),
    ];
    let mut kids = String::new();
    for page in 1..=pages {
        let mut content = "0.85 0.1 0.1 rg 60 760 90 30 re f 0 g\n".to_owned();
        let _ = writeln!(content, "BT /F 24 Tf 60 710 Td (Contract No. 7, page {page}) Tj ET");
        content.push_str("BT /G 18 Tf 60 670 Td <C0C1C2C3C4C5C6C7C8C9CA CBCCCDCECFD0D1D2D3> Tj ET\n");
        for line in 0..30 {
            let _ = writeln!(
                content,
                "BT /F 11 Tf 60 {} Td (1.{line}. The supplier delivers, the customer accepts and pays {} 000 KZT.) Tj ET",
                640 - line * 18,
                line * 7 + page
            );
        }
        content.push_str("0.5 w 60 90 475 570 re S\n");
        let number = objects.len() + 1;
        let _ = write!(kids, "{number} 0 R ");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F 3 0 R /G 4 0 R >> >> >>",
            number + 1
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    if let Some(tree) = objects.get_mut(1) {
        *tree = format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>");
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", places.len() + 1);
    file.into_bytes()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [x * 255 / width, y * 255 / height, 128]))
        .map(|part| u8::try_from(part).unwrap_or_default())
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    if let Ok(mut writer) = encoder.write_header() {
        let _ = writer.write_image_data(&pixels);
    }
    file
}

fn drawn(media: Media, subject: Subject, octets: &[u8]) -> DocumentView {
    let head = octets.iter().take(64).map(|octet| format!("{octet:02x} ")).collect();
    let closer = Closer::Drawn(Drawable { subject, octets: octets.into() });
    DocumentView { size: octets.len() as u64, what: What::Binary { media, head }, closer }
}

pub(super) fn xml() -> DocumentView {
    let lines = ["<login>", "  <timeTicket>1795400000000</timeTicket>", "  <sessionid>a8e5…4f</sessionid>", "</login>"];
    let text = lines.map(str::trim).concat();
    let lines = lines.map(|line| XmlLine { text: line.to_owned(), share: Share::Whole }).into();
    DocumentView {
        size: 12_000,
        what: What::Xml(Preview { text, extent: Extent::Whole }),
        closer: Closer::LaidOut(LaidOut { lines, extent: Extent::Whole }),
    }
}

fn contract(pages: usize) -> DocumentView {
    drawn(Media::Pdf, Subject::Pdf, &pdf_of(pages))
}

pub(super) fn pdf(locale: Locale) -> View {
    only(contract(12), locale)
}

pub(super) fn pdf_of_one_page(locale: Locale) -> View {
    only(contract(1), locale)
}

pub(super) fn broken_pdf(locale: Locale) -> View {
    let whole = pdf_of(1);
    only(drawn(Media::Pdf, Subject::Pdf, whole.get(..200).unwrap_or_default()), locale)
}

pub(super) fn image(locale: Locale) -> View {
    only(drawn(Media::Image, Subject::Image, &png(1500, 2000)), locale)
}

pub(super) fn small_image(locale: Locale) -> View {
    only(drawn(Media::Image, Subject::Image, &png(90, 60)), locale)
}

pub(super) fn batch(locale: Locale) -> View {
    View { question: sign(vec![contract(2), xml(), contract(1), super::hash(64)]), ..view(locale) }
}

pub(super) fn part(locale: Locale) -> View {
    let line = |share, text: &str| XmlLine { text: text.to_owned(), share };
    let lines = vec![
        line(Share::Beside, "…"),
        line(Share::Beside, "  <reference>0017-2026</reference>"),
        line(Share::Beside, "  <comment>Осы бөлікке қол қойылмайды</comment>"),
        line(Share::Signed, "  <statement Id=\"s1\">"),
        line(Share::Signed, "    <applicant>ҮЛГІЛІ ӘЛИЯ ҚҰРМАНҚЫЗЫ</applicant>"),
        line(Share::Signed, "    <text>Жер телімін жалға беруді сұраймын, мерзімі 5 жыл, ауданы 0,12 гектар</text>"),
        line(Share::Signed, "    <sum currency=\"KZT\">150000</sum>"),
        line(Share::Signed, "  </statement>"),
        line(Share::Beside, "  <attachments count=\"0\"></attachments>"),
        line(Share::Beside, "</request>"),
    ];
    let text = "<statement Id=\"s1\"><applicant>ҮЛГІЛІ ӘЛИЯ ҚҰРМАНҚЫЗЫ</applicant><text>Жер телімін жалға беруді сұраймын, \
                мерзімі 5 жыл, ауданы 0,12 гектар</text><sum currency=\"KZT\">150000</sum></statement>";
    let document = DocumentView {
        size: text.len() as u64,
        what: What::Xml(Preview { text: text.to_owned(), extent: Extent::Whole }),
        closer: Closer::LaidOut(LaidOut { lines, extent: Extent::Whole }),
    };
    View { warnings: vec![Warning::PartOnly], ..only(document, locale) }
}
