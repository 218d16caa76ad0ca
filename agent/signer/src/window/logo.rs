//! A site's picture. Its octets come from the site and are drawn by a process of their own (`tanba-signer preview`),
//! which sees no key, no password and no other file. Whatever goes wrong, there is no picture, and nobody is told.

use crate::preview_host::{HEAD, LONGEST_INPUT, MOST_PIXELS};
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// A picture that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// A picture as it is drawn: four octets for each of its pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

impl Picture {
    pub(super) fn width(&self) -> u32 {
        self.width
    }

    pub(super) fn height(&self) -> u32 {
        self.height
    }

    pub(super) fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// Reads what the preview host wrote. It read a stranger's octets, so it is not believed either.
    fn read(said: &[u8]) -> Option<Self> {
        let (width, rest) = said.split_first_chunk::<4>()?;
        let (height, rgba) = rest.split_first_chunk::<4>()?;
        let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
        // The sizes first: their product may be larger than any number.
        let is_small = (1..=MOST_PIXELS).contains(&width) && (1..=MOST_PIXELS).contains(&height);
        let is_whole = is_small && u32::try_from(rgba.len()) == Ok(width * height * 4);
        is_whole.then(|| Self { width, height, rgba: rgba.to_vec() })
    }
}

/// Has a picture drawn, in another process and another thread, and hands it over when there is one.
pub(super) fn draw(png: Vec<u8>, show: impl FnOnce(Picture) + Send + 'static) {
    if png.len() > LONGEST_INPUT {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    // Without a thread there is no picture.
    let _ = std::thread::Builder::new().name("logo".to_owned()).spawn(move || {
        if let Some(picture) = drawn_by(program, png) {
            show(picture);
        }
    });
}

fn drawn_by(program: PathBuf, png: Vec<u8>) -> Option<Picture> {
    let mut child = Command::new(program)
        .arg("preview")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let said = talk(&mut child, png);
    // It has ended, or took too long, or says more than it should.
    let _ = child.kill();
    let _ = child.wait();
    Picture::read(&said?)
}

fn talk(child: &mut Child, png: Vec<u8>) -> Option<Vec<u8>> {
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let (sender, said) = channel();
    std::thread::Builder::new()
        .name("logo pipe".to_owned())
        .spawn(move || {
            let mut said = Vec::new();
            let longest = HEAD + MOST_PIXELS as usize * MOST_PIXELS as usize * 4 + 1;
            let is_done = input.write_all(&png).is_ok() && {
                drop(input);
                output.take(longest as u64).read_to_end(&mut said).is_ok()
            };
            // Nobody waits any more when it took too long.
            let _ = sender.send(is_done.then_some(said));
        })
        .ok()?;
    said.recv_timeout(PATIENCE).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(width: u32, height: u32, octets: usize) -> Vec<u8> {
        let mut said = [width.to_be_bytes(), height.to_be_bytes()].concat();
        said.resize(HEAD + octets, 7);
        said
    }

    #[test]
    fn only_a_picture_of_the_size_that_it_says_is_shown() {
        assert_eq!(Picture::read(&said(2, 3, 24)).map(|picture| (picture.width(), picture.height())), Some((2, 3)));
        for wrong in [said(2, 3, 23), said(2, 3, 25), said(0, 3, 0), said(257, 1, 1028), said(u32::MAX, u32::MAX, 4)] {
            assert_eq!(Picture::read(&wrong), None);
        }
        assert_eq!(Picture::read(&[0, 0, 0]), None);
    }
}
