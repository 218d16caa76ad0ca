//! Pictures of strangers' files. They are drawn by a process of its own (`tanba-signer preview`), which sees no key, no
//! password and no other file, and whose answer is believed as little as the file.

use crate::preview_host::{Answer, Task};
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Has a picture drawn, in another process and another thread, and hands over what came of it: `None` where there is no
/// picture, for whatever reason.
pub(super) fn draw(
    task: Task,
    file: Arc<[u8]>,
    patience: Duration,
    show: impl FnOnce(Option<Answer>) + Send + 'static,
) {
    let drawn = move || {
        let program = std::env::current_exe().ok()?;
        (file.len() <= task.subject.longest()).then_some(())?;
        drawn_by(program, task, file, patience)
    };
    // A system that has no thread left has worse worries than a picture.
    let _ = std::thread::Builder::new().name("picture".to_owned()).spawn(move || show(drawn()));
}

fn drawn_by(program: PathBuf, task: Task, file: Arc<[u8]>, patience: Duration) -> Option<Answer> {
    let mut child = Command::new(program)
        .arg("preview")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let said = talk(&mut child, task, file, patience);
    // It has ended, or took too long, or says more than it should.
    let _ = child.kill();
    let _ = child.wait();
    Answer::read(&said?, &task)
}

fn talk(child: &mut Child, task: Task, file: Arc<[u8]>, patience: Duration) -> Option<Vec<u8>> {
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let (sender, said) = channel();
    std::thread::Builder::new()
        .name("picture pipe".to_owned())
        .spawn(move || {
            let mut said = Vec::new();
            let is_done = input.write_all(&task.write()).is_ok() && input.write_all(&file).is_ok() && {
                drop(input);
                output.take(Answer::longest(&task) as u64 + 1).read_to_end(&mut said).is_ok()
            };
            // Nobody waits any more when it took too long.
            let _ = sender.send(is_done.then_some(said));
        })
        .ok()?;
    said.recv_timeout(patience).ok().flatten()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::preview_host::{Room, Subject};
    use std::os::unix::fs::PermissionsExt as _;
    use std::time::Instant;

    const TASK: Task = Task { subject: Subject::Pdf, page: 0, room: Room { width: 2, height: 2 } };

    /// What comes of a host that does this.
    fn drawn(script: &str) -> Option<Answer> {
        let folder = tempfile::tempdir().unwrap();
        let host = folder.path().join("host");
        std::fs::write(&host, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&host, std::fs::Permissions::from_mode(0o700)).unwrap();
        drawn_by(host, TASK, Arc::from([7; 70_000]), Duration::from_millis(700))
    }

    #[test]
    fn a_host_that_keeps_to_its_words_is_shown() {
        assert_eq!(drawn("cat >/dev/null; printf E"), Some(Answer::Encrypted));
        let said = "D\\0\\0\\0\\3\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\1\\0\\0\\0\\1abcd";
        let Some(Answer::Drawn(drawing)) = drawn(&format!("cat >/dev/null; printf '{said}'")) else {
            panic!("a drawing");
        };
        assert_eq!((drawing.pages, drawing.rgba.as_slice()), (3, b"abcd".as_slice()));
    }

    #[test]
    fn a_host_that_dies_lies_or_says_too_much_costs_the_picture_only() {
        for script in
            ["exit 1", "cat >/dev/null; kill -9 $$", "cat >/dev/null; printf D1234", "cat /dev/zero", "printf E"]
        {
            // The last one answers before it has heard all.
            assert_eq!(drawn(script), None, "{script}");
        }
    }

    #[test]
    fn a_host_that_hangs_or_does_not_listen_is_ended() {
        for script in ["cat >/dev/null; exec sleep 60", "exec sleep 60", "while :; do :; done"] {
            let start = Instant::now();
            assert_eq!(drawn(script), None, "{script}");
            assert!(start.elapsed() < Duration::from_secs(20), "{script}");
        }
    }
}
