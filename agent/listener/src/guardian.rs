//! Having somebody look daily whether a key ends soon.
//!
//! This program reads no key file and no certificate, so that it has the signer look: a process of its own that says a word
//! to the person where there is one to be said, tells here in one line how the keys stand, and ends. It is given some
//! minutes and never waited for: sites are served meanwhile, and it goes when this program does.

use crate::board::{Board, Keys};
use crate::child;
use crate::setup::SignerCommand;
use settings::{Live, Settings};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, ChildStdout},
    time::{sleep, timeout},
};

/// How long after one look the next one comes.
const DAILY: Duration = Duration::from_secs(24 * 60 * 60);
/// How often it is looked whether a day is over. A timer of a whole day would sleep while the computer does.
pub const ROUND: Duration = Duration::from_secs(10 * 60);
/// One look asks the network some questions, each for seconds.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// The longest line that a look may say.
const LONGEST_LINE: u64 = 4096;

/// Looks at once, and then daily, while the settings want anything of it: a word about keys, or about versions. `round` is how
/// often they, and the clock, are looked at. Ends only by being dropped; a look that goes on ends with it.
pub async fn watch(command: SignerCommand, board: Board, live: Arc<Live>, round: Duration) {
    let mut looked: Option<SystemTime> = None;
    let mut wanted = Wanted::default();
    loop {
        let before = std::mem::replace(&mut wanted, Wanted::of(&live.now().settings));
        // A clock that was set back makes no day shorter.
        let is_over = looked.is_none_or(|at| SystemTime::now().duration_since(at).unwrap_or_default() >= DAILY);
        let is_new = (wanted.keys && !before.keys) || (wanted.versions && !before.versions);
        if (wanted.keys || wanted.versions) && (is_over || is_new) {
            looked = Some(SystemTime::now());
            look(&command, &board).await;
        }
        if !wanted.keys {
            board.keys(Keys::Unknown);
        }
        sleep(round).await;
    }
}

/// What the settings want looked at.
#[derive(Clone, Copy, Default)]
struct Wanted {
    keys: bool,
    versions: bool,
}

impl Wanted {
    fn of(settings: &Settings) -> Self {
        Self { keys: settings.notifications.expiry, versions: !settings.updates.file.is_empty() }
    }
}

/// One look.
async fn look(command: &SignerCommand, board: &Board) {
    let (mut child, stdout) = match child::start(command) {
        // There is nothing to be said to it: its input ends at once.
        Ok((child, _, stdout)) => (child, stdout),
        Err(error) => {
            tracing::warn!(%error, "the expiry guardian could not be started");
            return;
        }
    };
    match timeout(PATIENCE, answer(&mut child, stdout)).await {
        Ok(Ok((line, true))) => match state(&line) {
            Some((state, keys)) => {
                tracing::info!(state, "the remembered keys were looked at");
                board.keys(keys);
            }
            None => tracing::warn!("the expiry guardian said something else than how the keys stand"),
        },
        Ok(Ok((_, false))) => tracing::warn!("the expiry guardian could not look at the remembered keys"),
        Ok(Err(error)) => tracing::warn!(%error, "the expiry guardian was lost"),
        Err(_) => {
            tracing::warn!("the expiry guardian does not come to an end and is stopped");
            child::kill(&mut child).await;
        }
    }
}

/// What it says, and whether it ended well.
async fn answer(child: &mut Child, stdout: ChildStdout) -> std::io::Result<(String, bool)> {
    let mut said = Vec::new();
    stdout.take(LONGEST_LINE).read_to_end(&mut said).await?;
    Ok((String::from_utf8_lossy(&said).into_owned(), child.wait().await?.success()))
}

/// How the keys stand, by the guardian's word: one of four, and nothing else of what it says goes anywhere.
fn state(line: &str) -> Option<(&'static str, Keys)> {
    let said: serde_json::Value = serde_json::from_str(line).ok()?;
    let said = said.get("state")?.as_str()?;
    [("fine", Keys::Fine), ("soon", Keys::Soon), ("ended", Keys::Ended), ("revoked", Keys::Revoked)]
        .into_iter()
        .find(|(known, _)| *known == said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_four_states_are_heard() {
        assert_eq!(state("{\"state\":\"soon\",\"days\":12}\n"), Some(("soon", Keys::Soon)));
        for other in ["", "{}", "{\"state\":7}", "{\"state\":\"fine\\u001b[31m\"}", "soon"] {
            assert_eq!(state(other), None, "{other}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn whoever_wants_a_word_later_has_somebody_looking_then_and_no_word_leaves_no_sign() {
        let folder = tempfile::tempdir().unwrap();
        let places = settings::Places::under(folder.path());
        places.create().unwrap();
        settings::edit::set(&places, "notifications.expiry", "false").unwrap();
        let asked = folder.path().join("asked");
        let script = format!("echo x >> '{}'; echo '{{\"state\":\"soon\"}}'", asked.display());
        let command = SignerCommand { program: "sh".into(), arguments: vec!["-c".into(), script.into()] };
        let loaded = Settings::load(&places).unwrap();
        let board = Board::default();
        let mut facts = board.follow();
        let live = Arc::new(Live::new(places.clone(), loaded));
        let watching = tokio::spawn(watch(command, board.clone(), live, Duration::from_millis(20)));
        sleep(Duration::from_millis(200)).await;
        assert!(!asked.exists(), "nobody wants a word");
        settings::edit::set(&places, "notifications.expiry", "true").unwrap();
        timeout(PATIENCE, facts.wait_for(|facts| facts.keys == Keys::Soon)).await.unwrap().unwrap();
        sleep(Duration::from_millis(200)).await;
        assert_eq!(std::fs::read_to_string(&asked).unwrap(), "x\n", "once a day");
        settings::edit::set(&places, "notifications.expiry", "false").unwrap();
        timeout(PATIENCE, facts.wait_for(|facts| facts.keys == Keys::Unknown)).await.unwrap().unwrap();
        watching.abort();
    }
}
