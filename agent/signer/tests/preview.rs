//! `tanba-signer preview` as the signer starts it: a stranger's picture in, pixels out, and nothing else within reach.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{
    io::{Read as _, Write as _},
    process::{Child, Command, Stdio},
};

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

/// What it says of these octets, and whether it is content.
fn drawn(file: &[u8]) -> (Vec<u8>, bool) {
    let mut child = start();
    // It may have had enough before it has all of it.
    let _ = child.stdin.take().unwrap().write_all(file);
    let mut said = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut said).unwrap();
    (said, child.wait().unwrap().success())
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
    let (said, content) = drawn(&png(256, 2));
    assert!(content);
    assert_eq!(said.len(), 8 + 256 * 2 * 4);
    assert_eq!(said[..8], [0, 0, 1, 0, 0, 0, 0, 2]);
    assert!(said[8..].iter().all(|octet| *octet == 7));
}

#[test]
fn what_is_no_small_picture_gives_not_an_octet() {
    let whole = png(16, 16);
    let padded = [whole.clone(), vec![0; 64 * 1024]].concat();
    for file in [&b""[..], b"GIF89a", &whole[..whole.len() / 2], &png(257, 1), &padded] {
        assert_eq!(drawn(file), (Vec::new(), false));
    }
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
    drop(child.stdin.take());
    assert!(!child.wait().unwrap().success(), "nothing came");
}
