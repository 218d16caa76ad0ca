//! The child process that carries orders out, and the pipe to it.

use crate::setup::SignerCommand;
use order::wire::{self, FromSigner, ToSigner, WireError};
use std::ffi::OsString;
use std::io;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;

/// Words longer than this are put into octets outside the thread that serves sockets.
const LARGE: usize = 256 * 1024;

/// What the signer needs of the environment: where the screen, the session and the person's folders are, in which language
/// and how letters are typed, and through which proxy the NCA is reached. Nothing that changes what a program loads.
const NAMES: [&str; 40] = [
    "HOME",
    "USER",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TMPDIR",
    "TZ",
    "LANG",
    "LANGUAGE",
    "DISPLAY",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "DBUS_SESSION_BUS_ADDRESS",
    "AT_SPI_BUS_ADDRESS",
    "NO_AT_BRIDGE",
    "DESKTOP_SESSION",
    "XMODIFIERS",
    "GTK_IM_MODULE",
    "QT_IM_MODULE",
    "GTK_THEME",
    "XCURSOR_THEME",
    "XCURSOR_SIZE",
    "WINIT_X11_SCALE_FACTOR",
    "SLINT_SCALE_FACTOR",
    "SystemRoot",
    "windir",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "USERNAME",
    "TEMP",
    "TMP",
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

/// The same, by the beginning of their names.
const FAMILIES: [&str; 3] = ["LC_", "XDG_", "XKB_"];

/// A running signer.
pub(super) struct SignerProcess {
    child: Child,
    /// Gone once the signer was told to end.
    words: Option<mpsc::UnboundedSender<ToSigner>>,
    answers: mpsc::Receiver<Result<FromSigner, WireError>>,
}

impl SignerProcess {
    /// Starts the signer.
    pub(super) fn start(command: &SignerCommand) -> io::Result<Self> {
        let mut process = Command::new(&command.program);
        process
            .args(&command.arguments)
            .env_clear()
            .envs(reduced(std::env::vars_os()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Its log goes where ours goes.
            .stderr(Stdio::inherit())
            .kill_on_drop(true);
        // A Ctrl-C in the terminal is for the listener, which then takes the window off the screen itself.
        #[cfg(unix)]
        process.process_group(0);
        let mut child = process.spawn()?;
        let missing = || io::Error::other("the signer's pipe is missing");
        let stdin = child.stdin.take().ok_or_else(missing)?;
        let stdout = child.stdout.take().ok_or_else(missing)?;
        let (words, outgoing) = mpsc::unbounded_channel();
        let (incoming, answers) = mpsc::channel(8);
        tokio::spawn(write_words(stdin, outgoing));
        tokio::spawn(read_answers(stdout, incoming));
        Ok(Self { child, words: Some(words), answers })
    }

    /// Says something to the signer. A signer that has gone is noticed by its answers ending.
    pub(super) fn say(&self, word: ToSigner) {
        if let Some(words) = &self.words {
            let _ = words.send(word);
        }
    }

    /// The signer's next word; `None` when it has ended.
    pub(super) async fn next(&mut self) -> Option<Result<FromSigner, WireError>> {
        self.answers.recv().await
    }

    /// Lets the signer go: its input ends, and it may take so long to leave.
    pub(super) async fn end(mut self, patience: Duration) {
        self.words = None;
        if tokio::time::timeout(patience, self.child.wait()).await.is_err() {
            tracing::warn!("the signer did not leave and is ended");
            self.kill().await;
        }
    }

    /// Ends the signer at once.
    pub(super) async fn kill(mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::warn!(%error, "the signer could not be ended");
        }
    }
}

fn reduced(all: impl Iterator<Item = (OsString, OsString)>) -> impl Iterator<Item = (OsString, OsString)> {
    all.filter(|(name, _)| {
        name.to_str()
            .is_some_and(|name| NAMES.contains(&name) || FAMILIES.iter().any(|family| name.starts_with(family)))
    })
}

async fn write_words(mut to: ChildStdin, mut words: mpsc::UnboundedReceiver<ToSigner>) {
    while let Some(word) = words.recv().await {
        let encoded = match &word {
            // Documents are large; the other words are a few octets.
            ToSigner::Order(_) => tokio::task::spawn_blocking(move || wire::encode(&word)).await,
            _ => Ok(wire::encode(&word)),
        };
        let written = match encoded {
            Ok(Ok(frame)) => to.write_all(&frame).await,
            Ok(Err(error)) => Err(io::Error::other(error.to_string())),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = written {
            // The signer sees its input end and leaves; then its answers end too, and the clerk knows.
            tracing::warn!(%error, "the signer does not listen");
            return;
        }
    }
}

async fn read_answers(mut from: ChildStdout, answers: mpsc::Sender<Result<FromSigner, WireError>>) {
    loop {
        let answer = match read_answer(&mut from).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let is_last = answer.is_err();
        if answers.send(answer).await.is_err() || is_last {
            return;
        }
    }
}

async fn read_answer(from: &mut ChildStdout) -> Result<Option<FromSigner>, WireError> {
    let mut head = [0; 4];
    match from.read_exact(&mut head).await {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let length = wire::body_length(head)?;
    // The buffer grows with what arrives: a length alone reserves no memory.
    let mut body = Vec::new();
    from.take(length as u64).read_to_end(&mut body).await?;
    if body.len() != length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    if length <= LARGE {
        return wire::decode(&body).map(Some);
    }
    tokio::task::spawn_blocking(move || wire::decode(&body))
        .await
        .map_err(|error| WireError::Io(error.into()))?
        .map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signer_gets_its_screen_language_and_proxy_and_nothing_that_changes_what_it_loads() {
        let given = [
            ("DISPLAY", ":0"),
            ("LC_ALL", "kk_KZ.UTF-8"),
            ("XDG_RUNTIME_DIR", "/run/user/1000"),
            ("LD_PRELOAD", "/tmp/evil.so"),
            ("LD_LIBRARY_PATH", "/tmp"),
            ("GTK_MODULES", "evil"),
            ("https_proxy", "http://proxy"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        let kept: Vec<_> = reduced(given.iter().map(|(name, value)| (name.into(), value.into())))
            .map(|(name, _)| name.into_string().unwrap())
            .collect();
        assert_eq!(kept, ["DISPLAY", "LC_ALL", "XDG_RUNTIME_DIR", "https_proxy"]);
    }
}
