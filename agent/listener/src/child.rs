//! A program that the listener starts, as far as all of them are alike: how it is started, what it gets of the
//! environment, how its words are read, and how it is let go.

use crate::setup::SignerCommand;
use order::wire::{self, WireError};
use platform::environment::{COMMON, LANGUAGES, TOKEN_LIBRARIES};
use serde::de::DeserializeOwned;
use std::ffi::OsString;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Words longer than this are taken apart outside the thread that serves sockets.
pub(crate) const LARGE: usize = 256 * 1024;

/// What the signer needs of the environment beside what every program gets: how its window looks, how letters are typed,
/// and through which proxy the NCA is reached. Nothing that changes what our programs load.
const OWN: &[&str] = &[
    "SHELL",
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
const FAMILIES: &[&str] = &[LANGUAGES, "XDG_", "XKB_"];

/// Starts a program whose standard input and output are ours.
pub(crate) fn start(command: &SignerCommand) -> io::Result<(Child, ChildStdin, ChildStdout)> {
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
    // A Ctrl-C in the terminal is for the listener, which then lets its programs go itself.
    platform::children::in_own_group(process.as_std_mut());
    let mut child = process.spawn()?;
    let missing = || io::Error::other("the program's pipe is missing");
    let stdin = child.stdin.take().ok_or_else(missing)?;
    let stdout = child.stdout.take().ok_or_else(missing)?;
    Ok((child, stdin, stdout))
}

/// Starts a program that is the person's from then on: it is told nothing, asked nothing, and outlives this one. Whoever
/// started it waits for it, so that it leaves nothing behind when it ends.
pub(crate) fn start_free(command: &SignerCommand) -> io::Result<Child> {
    let mut process = Command::new(&command.program);
    process
        .args(&command.arguments)
        .env_clear()
        .envs(reduced(std::env::vars_os()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit());
    platform::children::in_own_group(process.as_std_mut());
    process.spawn()
}

/// Lets a program go whose input has ended: it may take so long to leave. How it left; `None` when it had to be ended.
pub(crate) async fn end(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    match tokio::time::timeout(patience, child.wait()).await {
        Ok(left) => left.ok(),
        Err(_) => {
            tracing::warn!("a program did not leave and is ended");
            kill(child).await;
            None
        }
    }
}

/// Ends a program at once.
pub(crate) async fn kill(child: &mut Child) {
    if let Err(error) = child.kill().await {
        tracing::warn!(%error, "a program could not be ended");
    }
}

/// The next word, in a frame of so many octets at most; `None` at the end between two frames.
pub(crate) async fn read_word<T>(from: &mut (impl AsyncRead + Unpin), longest: u32) -> Result<Option<T>, WireError>
where
    T: DeserializeOwned + Send + 'static,
{
    let mut head = [0; 4];
    match from.read_exact(&mut head).await {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let length = wire::body_length(head, longest)?;
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

fn reduced(all: impl Iterator<Item = (OsString, OsString)>) -> impl Iterator<Item = (OsString, OsString)> {
    // The libraries of tokens have their settings from the signer, who has them from here.
    platform::environment::reduced(all, &[COMMON, TOKEN_LIBRARIES, OWN], FAMILIES)
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
            ("SOFTHSM2_CONF", "/etc/softhsm2.conf"),
            ("https_proxy", "http://proxy"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        let kept: Vec<_> = reduced(given.iter().map(|(name, value)| (name.into(), value.into())))
            .map(|(name, _)| name.into_string().unwrap())
            .collect();
        assert_eq!(kept, ["DISPLAY", "LC_ALL", "XDG_RUNTIME_DIR", "SOFTHSM2_CONF", "https_proxy"]);
    }
}
