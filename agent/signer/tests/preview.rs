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

#[test]
fn every_kind_of_image_is_drawn_by_the_process() {
    use image::ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    let mut pixels = image::RgbImage::from_pixel(2000, 1500, image::Rgb([0, 0, 255]));
    // Not all alike, so that something is decoded.
    pixels.enumerate_pixels_mut().for_each(|(x, y, pixel)| pixel.0[1] = u8::try_from((x ^ y) & 31).unwrap());
    for kind in [Png, Jpeg, Gif, WebP, Bmp] {
        let mut file = std::io::Cursor::new(Vec::new());
        let image = image::DynamicImage::from(pixels.clone());
        if kind == Gif { image.crop_imm(0, 0, 200, 150) } else { image }.write_to(&mut file, kind).unwrap();
        let Some(Answer::Drawn(drawing)) = drawn(&IMAGE, file.get_ref()) else { panic!("{kind:?} is not drawn") };
        assert_eq!(drawing.size.width * 3, drawing.size.height * 4, "{kind:?}");
        let [red, _, blue, _] = drawing.rgba[..4] else { panic!("a pixel") };
        assert!(red < 60 && blue > 200, "{kind:?}: {red}, {blue}");
    }
}

#[test]
fn a_page_with_all_that_makes_a_decoder_work_is_drawn_by_the_process() {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(64, 64, image::Rgb([200, 30, 30]));
    image::DynamicImage::from(image).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = hex::encode(jpeg.get_ref());
    let resources = "/Font << /A << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> /B << /Type /Font /Subtype \
        /TrueType /BaseFont /Unknown >> /C << /Type /Font /Subtype /Type1 /BaseFont /Symbol >> >> \
        /XObject << /I 5 0 R /F 7 0 R >> /Shading << /S 6 0 R >> /ExtGState << /G << /ca 0.5 /BM /Multiply >> >>";
    let more = format!(
        "5 0 obj\n<< /Type /XObject /Subtype /Image /Width 64 /Height 64 /BitsPerComponent 8 /ColorSpace /DeviceRGB \
         /Filter [/ASCIIHexDecode /DCTDecode] /Length {} >>\nstream\n{jpeg}>\nendstream\nendobj\n\
         6 0 obj\n<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [50 0 100 0] /Extend [true true] /Function << \
         /FunctionType 2 /Domain [0 1] /C0 [0 1 0] /C1 [0 0 1] /N 1 >> >>\nendobj\n\
         7 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Group << /S /Transparency >> /Length 14 >>\n\
         stream\n9 9 9 9 re f   \nendstream\nendobj",
        jpeg.len() + 1
    );
    let content =
        b"q 40 0 0 40 0 60 cm /I Do Q q 50 0 50 50 re W n /S sh Q q /G gs /F Do Q BT /A 20 Tf 5 40 Td (Page) Tj \
        /B 20 Tf 0 -20 Td (Page) Tj /C 10 Tf (abc) Tj ET";
    let Some(Answer::Drawn(drawing)) = drawn(&PDF, &pdf(content, "", resources, &more)) else { panic!("a page") };
    let at = |x: usize, y: usize| {
        let place = (y * 600 + x) * 4;
        [drawing.rgba[place], drawing.rgba[place + 1], drawing.rgba[place + 2]]
    };
    let [red, green, _] = at(120, 120);
    assert!(red > 180 && green < 60, "the image");
    let [_, green, blue] = at(330, 500);
    assert!(green > 180 && blue < 80, "the shading");
    let has_text = |rows: std::ops::Range<usize>| rows.into_iter().any(|y| (0..290).any(|x| at(x, y)[0] < 60));
    assert!(has_text(260..360) && has_text(380..480), "letters of the program's own fonts");
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
mod shut_in {
    use super::*;
    use seccompiler::{
        SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, apply_filter,
    };

    #[test]
    fn it_can_open_no_file_and_no_connection_and_make_no_other_call_before_it_reads() {
        let mut child = start();
        let told = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while !told("status").contains("\nSeccomp:\t2\n") {
            assert!(Instant::now() < deadline, "it has no filter of its system calls");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(told("status").contains("\nNoNewPrivs:\t1\n"));
        let limits = told("limits");
        let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
        assert_eq!(line.split_whitespace().skip(3).take(2).collect::<Vec<_>>(), ["0", "0"]);
        assert_eq!(HEAD, LOGO.write().len());
        drop(child.stdin.take());
        assert!(!child.wait().unwrap().success(), "nothing came");
    }

    /// What comes of a picture where the kernel answers a system call with an error. A filter holds for the thread that
    /// asks for it, and for what that thread starts.
    fn said_where_a_call_fails(call: libc::c_long, only_if: Option<SeccompCondition>, errno: i32) -> (Vec<u8>, bool) {
        let rules = only_if.map(|condition| SeccompRule::new(vec![condition]).unwrap()).into_iter().collect();
        let filter = SeccompFilter::new(
            [(call, rules)].into(),
            SeccompAction::Allow,
            SeccompAction::Errno(errno.cast_unsigned()),
            std::env::consts::ARCH.try_into().unwrap(),
        );
        let filter: seccompiler::BpfProgram = filter.unwrap().try_into().unwrap();
        std::thread::spawn(move || {
            apply_filter(&filter).unwrap();
            said(&LOGO, &png(16, 16))
        })
        .join()
        .unwrap()
    }

    #[test]
    fn where_a_right_cannot_be_given_up_nothing_is_drawn() {
        let (_, is_drawn) = said_where_a_call_fails(libc::SYS_acct, None, libc::EPERM);
        assert!(is_drawn, "by a host that has no use for the call");
        for errno in [libc::ENOSYS, libc::EINVAL, libc::EPERM] {
            assert_eq!(said_where_a_call_fails(libc::SYS_seccomp, None, errno), (Vec::new(), false), "{errno}");
        }
        // A limit that is asked for may be told.
        let is_set = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Ne, 0).unwrap();
        let said = said_where_a_call_fails(libc::SYS_prlimit64, Some(is_set), libc::EPERM);
        assert_eq!(said, (Vec::new(), false));
    }
}
