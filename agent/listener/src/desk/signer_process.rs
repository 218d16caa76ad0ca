//! The child process that carries orders out, and the pipe to it.

use crate::child;
use crate::setup::SignerCommand;
use order::wire::{self, FromSigner, ToSigner, WireError};
use std::io;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::mpsc;

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
        let (child, stdin, stdout) = child::start(command)?;
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
        child::end(&mut self.child, patience).await;
    }

    /// Ends the signer at once.
    pub(super) async fn kill(mut self) {
        child::kill(&mut self.child).await;
    }
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
        let answer = match child::read_word(&mut from, wire::LONGEST_FRAME).await {
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
