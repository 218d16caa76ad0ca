//! `tanba-signer preview`: a stranger's octets in, pixels out, in a process that has nothing else.
//!
//! A [`Task`] and the file come on standard input, an [`Answer`] leaves on standard output ([`words`] has their shape).
//! The process has no window, no key and no settings, and gives up every system call but those of a process that computes
//! before it reads the first octet; where that fails, it reads none. Whatever goes wrong in it, whoever started it shows no picture: it says nothing about why, may
//! panic, and may be ended at any time.
//!
//! - `logo`: a site's picture.
//! - `image`: a document that is an image.
//! - `pdf`: a page of a document that is a PDF.

mod image;
mod logo;
mod pdf;
mod words;

pub use words::{Answer, Drawing, HEAD, Room, Size, Subject, Task};

use platform::hardening::{HardeningError, Step};
use std::io::{Read, Write};
use std::process::ExitCode;

/// Draws one picture and ends.
#[must_use]
pub fn run() -> ExitCode {
    if !is_shut_in(&platform::hardening::give_up_files_and_connections()) {
        return ExitCode::FAILURE;
    }
    match converse(std::io::stdin(), std::io::stdout()) {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

/// Whether a stranger's octets may be read. Where the system has no means yet, the process itself is the wall; where it has
/// them and one fails, there is none to rely on.
fn is_shut_in(steps: &[Step]) -> bool {
    let mut is_shut_in = true;
    for Step { name, result } in steps {
        match result {
            Ok(()) => {}
            Err(HardeningError::Unsupported(error)) if !cfg!(target_os = "linux") => {
                tracing::warn!(step = name, %error, "a right could not be given up");
            }
            Err(error) => {
                tracing::error!(step = name, %error, "a right could not be given up, and nothing is drawn");
                is_shut_in = false;
            }
        }
    }
    is_shut_in
}

fn converse(mut input: impl Read, mut output: impl Write) -> Option<()> {
    let mut head = [0; HEAD];
    input.read_exact(&mut head).ok()?;
    let task = Task::read(&head)?;
    let longest = task.subject.longest();
    let mut octets = Vec::new();
    input.take(longest as u64 + 1).read_to_end(&mut octets).ok()?;
    if octets.len() > longest {
        return None;
    }
    let answer = draw(&task, octets)?;
    let (head, pixels) = answer.write();
    output.write_all(&head).ok()?;
    output.write_all(pixels).ok()?;
    output.flush().ok()
}

/// What the host would answer. `None` where nothing can be drawn.
#[must_use]
pub fn draw(task: &Task, octets: Vec<u8>) -> Option<Answer> {
    match task.subject {
        Subject::Logo => logo::draw(&octets).map(Answer::Drawn),
        Subject::Image => image::draw(&octets, task.room).map(Answer::Drawn),
        Subject::Pdf => pdf::draw(octets, task.page, task.room),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(subject: Subject) -> Task {
        Task { subject, page: 0, room: Room { width: 100, height: 100 } }
    }

    #[test]
    fn what_is_too_long_or_cut_off_is_answered_with_not_an_octet() {
        let head = task(Subject::Logo).write();
        let too_long = [&head[..], &vec![0; Subject::Logo.longest() + 1]].concat();
        for said in [&head[..5], &head[..], &too_long, &[9; HEAD + 8], b""] {
            let mut output = Vec::new();
            assert_eq!(converse(said, &mut output), None);
            assert!(output.is_empty());
        }
    }

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 2, 1);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header().unwrap().write_image_data(&[1, 2, 3, 250, 251, 252]).unwrap();
        for subject in [Subject::Logo, Subject::Image] {
            let task = task(subject);
            let mut output = Vec::new();
            converse(&*[&task.write()[..], &file].concat(), &mut output).unwrap();
            let Some(Answer::Drawn(drawing)) = Answer::read(&output, &task) else { panic!("a drawing") };
            assert_eq!((drawing.pages, drawing.size), (1, Size { width: 2, height: 1 }));
            assert_eq!(drawing.rgba, [1, 2, 3, 255, 250, 251, 252, 255]);
        }
    }
}
