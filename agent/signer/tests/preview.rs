//! `tanba-signer preview` as the signer starts it: a stranger's file in, pixels out, and nothing else within reach.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use signer::preview_host::{Answer, HEAD, Room, Size, Subject, Task};
use std::{
    io::{Read as _, Write as _},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const LOGO: Task = Task { subject: Subject::Logo, page: 0, room: Room::LOGO };
const IMAGE: Task = Task { subject: Subject::Image, page: 0, room: Room { width: 600, height: 2000 } };
const PDF: Task = Task { subject: Subject::Pdf, page: 0, room: Room { width: 600, height: 2000 } };

fn start() -> Child {
    Command::new(env!("CARGO_BIN_EXE_tanba-signer"))
        .arg("preview")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What it says of this file, and whether it is content.
fn said(task: &Task, file: &[u8]) -> (Vec<u8>, bool) {
    let mut child = start();
    let mut input = child.stdin.take().unwrap();
    // It may have had enough before it has all of it.
    let _ = input.write_all(&task.write()).and_then(|()| input.write_all(file));
    drop(input);
    let mut said = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut said).unwrap();
    (said, child.wait().unwrap().success())
}

fn drawn(task: &Task, file: &[u8]) -> Option<Answer> {
    let (said, content) = said(task, file);
    assert_eq!(content, !said.is_empty(), "who fails says nothing");
    Answer::read(&said, task)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels = vec![7; width as usize * height as usize * 4];
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    file
}

#[test]
fn a_picture_comes_back_as_its_size_and_its_pixels() {
    let Some(Answer::Drawn(drawing)) = drawn(&LOGO, &png(256, 2)) else { panic!("a drawing") };
    assert_eq!(drawing.size, Size { width: 256, height: 2 });
    assert!(drawing.rgba.iter().all(|octet| *octet == 7));
}

#[test]
fn what_is_no_small_picture_gives_not_an_octet() {
    let whole = png(16, 16);
    let padded = [whole.clone(), vec![0; 64 * 1024]].concat();
    for file in [&b""[..], b"GIF89a", &whole[..whole.len() / 2], &png(257, 1), &padded] {
        assert_eq!(said(&LOGO, file), (Vec::new(), false));
    }
}

/// A page of 100 by 100 points.
fn pdf(content: &[u8], dictionary: &str, resources: &str, more: &str) -> Vec<u8> {
    let mut file =
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] \
        /Count 1 >>\nendobj\n"
            .to_vec();
    write!(
        file,
        "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R /Resources << {resources} >> >>\n\
         endobj\n{more}\n4 0 obj\n<< /Length {} {dictionary} >>\nstream\n",
        content.len()
    )
    .unwrap();
    file.extend_from_slice(content);
    // Without a table: where the objects stand is found by looking for them.
    file.extend_from_slice(b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n");
    file
}

#[test]
fn a_page_and_an_image_are_drawn_by_the_process() {
    let red = pdf(b"1 0 0 rg 0 0 100 100 re f", "", "", "");
    let Some(Answer::Drawn(drawing)) = drawn(&PDF, &red) else { panic!("a page") };
    assert_eq!(drawing.size, Size { width: 600, height: 600 });
    assert_eq!(drawing.rgba[..4], [255, 0, 0, 255]);
    let Some(Answer::Drawn(drawing)) = drawn(&IMAGE, &png(1200, 300)) else { panic!("an image") };
    assert_eq!((drawing.size, drawing.original.unwrap().width), (Size { width: 600, height: 150 }, 1200));
    // What one kind is, the other is not.
    assert_eq!(drawn(&IMAGE, &red), None);
    assert_eq!(drawn(&PDF, &png(16, 16)), None);
}

/// So many octets of zero, compressed twice.
fn bomb(octets: usize) -> Vec<u8> {
    let once = miniz_oxide::deflate::compress_to_vec_zlib(&vec![b' '; octets], 6);
    miniz_oxide::deflate::compress_to_vec_zlib(&once, 9)
}

#[test]
fn hostile_documents_cost_seconds_and_a_picture() {
    let own_form = "5 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /X 5 0 R >> >> \
        /Length 10 >>\nstream\n/X Do /X Do\nendstream\nendobj";
    let own_pattern = "5 0 obj\n<< /Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep \
        0.0001 /Resources << /Pattern << /X 5 0 R >> >> /Length 37 >>\nstream\n/Pattern cs /X scn 0 0 1 1 re f      \nendstream\nendobj";
    let image = "5 0 obj\n<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB \
        /Length 3 >>\nstream\nabc\nendstream\nendobj";
    let kids =
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 R] \
        /Count 2 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";
    let strokes = b"0.01 w [0.001] 0 d 0 0 m 100 100 l S ".repeat(20_000);
    let deep = [b"q ".repeat(1_000_000), b"[".repeat(1_000_000)].concat();
    let cases = [
        ("a form that draws itself", pdf(b"/X Do", "", "/XObject << /X 5 0 R >>", own_form)),
        (
            "a pattern of itself",
            pdf(b"/Pattern cs /X scn 0 0 100 100 re f", "", "/Pattern << /X 5 0 R >>", own_pattern),
        ),
        ("an image of 10 GB", pdf(b"100 0 0 100 0 0 cm /X Do", "", "/XObject << /X 5 0 R >>", image)),
        ("a tree of pages that is its own child", kids.to_vec()),
        ("dashes without end", pdf(&strokes, "", "", "")),
        ("deep nesting", pdf(&deep, "", "", "")),
        ("a stream that grows", pdf(&bomb(700_000_000), "/Filter [/FlateDecode /FlateDecode]", "", "")),
    ];
    std::thread::scope(|scope| {
        for (what, file) in &cases {
            scope.spawn(move || {
                let start = Instant::now();
                let (said, _) = said(&PDF, file);
                // Ended by the limit on its processor time at the latest; the computer may be busy.
                assert!(start.elapsed() < Duration::from_secs(120), "{what}");
                assert!(said.is_empty() || Answer::read(&said, &PDF).is_some(), "{what}");
            });
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn it_can_open_no_file_and_no_connection_before_it_reads() {
    let mut child = start();
    let limits = format!("/proc/{}/limits", child.id());
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let is_shut = || {
        let said = std::fs::read_to_string(&limits).unwrap();
        let line = said.lines().find(|line| line.starts_with("Max open files")).unwrap().to_owned();
        line.split_whitespace().nth(3) == Some("0") && line.split_whitespace().nth(4) == Some("0")
    };
    while !is_shut() {
        assert!(std::time::Instant::now() < deadline, "its limits stay open");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(HEAD, LOGO.write().len());
    drop(child.stdin.take());
    assert!(!child.wait().unwrap().success(), "nothing came");
}
