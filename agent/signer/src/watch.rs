//! `tanba-signer watch`: which tokens are plugged in, said on standard output.
//!
//! The listener starts this while pages are connected, because it loads no library itself and a page asks often. It is
//! told nothing: no document comes here, no PIN, and nothing of what it says is of a key. It has no window. The end of
//! its standard input ends it, so that a listener that dies leaves nothing behind.
//!
//! The libraries are asked by their hosts, each in a process of its own; here is only what they said.

use crate::{
    commands::Context,
    libraries::{self, Inquiry},
};
use keystore::pkcs11::{Fleet, Library, Seen, Snapshot, Watching};
use order::{
    StorageName, TokenSeen,
    wire::{self, FromWatcher, WireError},
};
use std::{
    io::{self, Read, Write},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// How long it waits, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For every library to have answered, before what is known is said without the others. A page waits for the first
    /// list, and not as long as a library that hangs.
    pub first_look: Duration,
    /// Between two looks for libraries that were installed, added or removed meanwhile.
    pub libraries: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { first_look: Duration::from_secs(1), libraries: Duration::from_secs(30) }
    }
}

/// The libraries, being asked again and again.
pub trait Lookout {
    /// Ends the looking when dropped.
    type Guard;

    /// Begins to look; calls, on any thread, when the snapshot is another one than before.
    fn watch(&self, changed: impl Fn() + Send + Sync + 'static) -> Self::Guard;

    /// What is known now, without waiting.
    fn snapshot(&self) -> Snapshot;
}

impl Lookout for Fleet {
    type Guard = Watching;

    fn watch(&self, changed: impl Fn() + Send + Sync + 'static) -> Watching {
        self.watch(changed)
    }

    fn snapshot(&self) -> Snapshot {
        self.snapshot()
    }
}

/// Watches the tokens of this computer. `context` is asked for whenever libraries are looked for: which they are may have
/// been changed by then.
///
/// # Errors
/// As [`serve`].
pub fn run(context: impl Fn() -> Result<Context, String>) -> Result<(), WireError> {
    let inquiry = Inquiry::default();
    let installed = || match context() {
        Ok(context) => inquiry.to_ask(&context.places),
        Err(error) => {
            tracing::error!(%error, "no library of tokens is asked");
            Vec::new()
        }
    };
    let look = |libraries| {
        let places = context().map_err(io::Error::other)?.places;
        libraries::fleet(&places, libraries)
    };
    serve(Pace::default(), io::stdin(), io::stdout(), installed, look)
}

/// What wakes the watcher.
enum Wake {
    Changed,
    InputEnded,
}

/// Watches until `input` ends, or until there is no library to ask: that is said with an empty list.
///
/// `libraries` finds those that are on this computer, and `look` begins to ask them.
///
/// # Errors
/// [`WireError`] when nobody can be told, or when the libraries cannot be asked at all.
pub fn serve<L: Lookout>(
    pace: Pace,
    input: impl Read + Send + 'static,
    mut output: impl Write,
    mut libraries: impl FnMut() -> Vec<Library>,
    mut look: impl FnMut(Vec<Library>) -> io::Result<L>,
) -> Result<(), WireError> {
    let (sender, wakes) = channel();
    thread::spawn({
        let sender = sender.clone();
        move || wait_for_the_end(input, &sender)
    });
    wire::write(&FromWatcher::Ready { version: wire::VERSION }, &mut output)?;
    let mut said = None;
    let mut installed = libraries();
    while !installed.is_empty() {
        let lookout = look(installed.clone())?;
        let watch = Watch { wakes: &wakes, sender: &sender, pace };
        match watch.until_others(&lookout, &mut output, &mut said, &mut libraries, &installed)? {
            Some(others) => installed = others,
            None => return Ok(()),
        }
    }
    say(Vec::new(), &mut output, &mut said)
}

/// Nothing is ever said to a watcher.
fn wait_for_the_end(mut input: impl Read, sender: &Sender<Wake>) {
    // However it ends, the listener is gone.
    let _ = io::copy(&mut input, &mut io::sink());
    let _ = sender.send(Wake::InputEnded);
}

struct Watch<'a> {
    wakes: &'a Receiver<Wake>,
    sender: &'a Sender<Wake>,
    pace: Pace,
}

impl Watch<'_> {
    /// Says what these libraries see, until other ones are found; `None`: the input has ended.
    fn until_others<L: Lookout>(
        &self,
        lookout: &L,
        output: &mut impl Write,
        said: &mut Option<Vec<TokenSeen>>,
        libraries: &mut impl FnMut() -> Vec<Library>,
        installed: &[Library],
    ) -> Result<Option<Vec<Library>>, WireError> {
        let changed = self.sender.clone();
        let _watching = lookout.watch(move || drop(changed.send(Wake::Changed)));
        let began = Instant::now();
        let first_by = began + self.pace.first_look;
        let mut libraries_at = began + self.pace.libraries;
        let mut is_first = true;
        loop {
            let snapshot = lookout.snapshot();
            let now = Instant::now();
            if snapshot.is_settled || now >= first_by {
                is_first = false;
                say(tokens(&snapshot), output, said)?;
            }
            if now >= libraries_at {
                let found = libraries();
                if found != installed {
                    return Ok(Some(found));
                }
                libraries_at = now + self.pace.libraries;
            }
            let until = if is_first { first_by.min(libraries_at) } else { libraries_at };
            match self.wakes.recv_timeout(until.saturating_duration_since(now)) {
                Ok(Wake::Changed) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Wake::InputEnded) | Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }
}

/// Says what is plugged in, unless that was the last thing said.
fn say(tokens: Vec<TokenSeen>, output: &mut impl Write, said: &mut Option<Vec<TokenSeen>>) -> Result<(), WireError> {
    if said.as_ref() == Some(&tokens) {
        return Ok(());
    }
    let word = FromWatcher::Tokens(tokens);
    wire::write(&word, output)?;
    if let FromWatcher::Tokens(tokens) = word {
        *said = Some(tokens);
    }
    Ok(())
}

fn tokens(snapshot: &Snapshot) -> Vec<TokenSeen> {
    snapshot.tokens.iter().take(TokenSeen::MOST).map(token).collect()
}

fn token(seen: &Seen) -> TokenSeen {
    let storage = seen.storage.as_deref().and_then(StorageName::from_name);
    TokenSeen::new(storage, &seen.id.label, &seen.reader)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystore::pkcs11::{Pin, PinPlace, TokenId, Tries};
    use std::{
        io::PipeReader,
        sync::{Arc, Mutex},
    };

    /// Libraries that see what the test says.
    #[derive(Clone, Default)]
    struct Script(Arc<Mutex<Scripted>>);

    #[derive(Default)]
    struct Scripted {
        installed: Vec<Library>,
        snapshot: Snapshot,
        changed: Option<Arc<dyn Fn() + Send + Sync>>,
        /// The libraries that were asked, each time.
        asked: Vec<Vec<Library>>,
    }

    /// Looking, until it is dropped.
    struct Looking(Script);

    impl Drop for Looking {
        fn drop(&mut self) {
            self.0.0.lock().unwrap().changed = None;
        }
    }

    impl Lookout for Script {
        type Guard = Looking;

        fn watch(&self, changed: impl Fn() + Send + Sync + 'static) -> Looking {
            self.0.lock().unwrap().changed = Some(Arc::new(changed));
            Looking(self.clone())
        }

        fn snapshot(&self) -> Snapshot {
            self.0.lock().unwrap().snapshot.clone()
        }
    }

    impl Script {
        fn of(installed: &[&str]) -> Self {
            let script = Self::default();
            script.install(installed);
            script
        }

        fn install(&self, installed: &[&str]) {
            let library = |path: &&str| Library { vendor: "V".into(), path: path.into(), rules: Vec::new() };
            self.0.lock().unwrap().installed = installed.iter().map(library).collect();
        }

        fn sees(&self, tokens: Vec<Seen>, is_settled: bool) {
            let mut script = self.0.lock().unwrap();
            script.snapshot = Snapshot { tokens, faults: Vec::new(), is_settled };
            let changed = script.changed.clone();
            drop(script);
            if let Some(changed) = changed {
                changed();
            }
        }
    }

    /// A watcher in a thread, as the listener sees it.
    struct Run {
        input: Option<io::PipeWriter>,
        output: PipeReader,
        thread: Option<thread::JoinHandle<Result<(), WireError>>>,
    }

    impl Run {
        fn of(script: &Script, pace: Pace) -> Self {
            let (end, input) = io::pipe().unwrap();
            let (output, told) = io::pipe().unwrap();
            let script = script.clone();
            let thread = thread::spawn(move || {
                let libraries = || script.0.lock().unwrap().installed.clone();
                let look = |libraries: Vec<Library>| {
                    script.0.lock().unwrap().asked.push(libraries);
                    Ok(script.clone())
                };
                serve(pace, end, told, libraries, look)
            });
            let mut run = Self { input: Some(input), output, thread: Some(thread) };
            assert_eq!(run.next(), Some(FromWatcher::Ready { version: wire::VERSION }));
            run
        }

        fn next(&mut self) -> Option<FromWatcher> {
            wire::read(&mut self.output).unwrap()
        }

        fn tokens(&mut self) -> Vec<TokenSeen> {
            match self.next() {
                Some(FromWatcher::Tokens(tokens)) => tokens,
                other => panic!("{other:?}"),
            }
        }

        fn end(mut self) -> Result<(), WireError> {
            drop(self.input.take());
            self.thread.take().unwrap().join().unwrap()
        }
    }

    const LONG: Pace = Pace { first_look: Duration::from_secs(60), libraries: Duration::from_secs(60) };

    fn seen(label: &str, storage: Option<&str>) -> Seen {
        Seen {
            id: TokenId { label: label.into(), ..TokenId::default() },
            reader: "Reader 0".into(),
            vendor: "V".into(),
            driver: "/v.so".into(),
            storage: storage.map(str::to_owned),
            pin: Pin { place: PinPlace::Window, is_set: true, tries: Tries::Unsaid, length: (4, 8) },
            keys: Arc::default(),
            is_current: true,
        }
    }

    fn told(label: &str, storage: Option<StorageName>) -> TokenSeen {
        TokenSeen::new(storage, label, "Reader 0")
    }

    #[test]
    fn a_computer_without_a_library_is_told_so_and_costs_nothing_more() {
        let script = Script::default();
        let mut run = Run::of(&script, LONG);
        assert_eq!(run.tokens(), []);
        // By itself: its input has not ended.
        assert_eq!(run.next(), None);
        assert!(script.0.lock().unwrap().asked.is_empty());
        run.end().unwrap();
    }

    #[test]
    fn what_is_plugged_in_is_said_at_first_and_after_each_change() {
        let script = Script::of(&["/a.so"]);
        script.sees(vec![seen("office", Some("AKKaztokenStore"))], true);
        let mut run = Run::of(&script, LONG);
        assert_eq!(run.tokens(), [told("office", Some(StorageName::Kaztoken))]);
        script.sees(Vec::new(), true);
        assert_eq!(run.tokens(), []);
        // Of a token only its names are told: what changes of its keys is nothing new.
        script.sees(Vec::new(), true);
        script.sees(vec![seen("b", None), seen("c", Some("ABSIMCardStore"))], true);
        assert_eq!(run.tokens(), [told("b", None), told("c", None)]);
        run.end().unwrap();
    }

    #[test]
    fn the_first_list_waits_for_every_library_but_not_for_one_that_hangs() {
        let script = Script::of(&["/a.so", "/hangs.so"]);
        script.sees(vec![seen("a", None)], false);
        let mut run = Run::of(&script, LONG);
        script.sees(vec![seen("a", None), seen("b", None)], true);
        assert_eq!(run.tokens(), [told("a", None), told("b", None)], "not the half of it");
        run.end().unwrap();

        let script = Script::of(&["/a.so", "/hangs.so"]);
        script.sees(vec![seen("a", None)], false);
        let mut run = Run::of(&script, Pace { first_look: Duration::from_millis(100), ..LONG });
        assert_eq!(run.tokens(), [told("a", None)]);
        run.end().unwrap();
    }

    #[test]
    fn a_library_that_is_installed_meanwhile_is_asked_too_and_the_last_one_removed_ends_it() {
        let script = Script::of(&["/a.so"]);
        script.sees(vec![seen("a", None)], true);
        let mut run = Run::of(&script, Pace { libraries: Duration::from_millis(50), ..LONG });
        assert_eq!(run.tokens(), [told("a", None)]);
        script.install(&["/a.so", "/b.so"]);
        while script.0.lock().unwrap().asked.len() < 2 {
            thread::sleep(Duration::from_millis(5));
        }
        script.sees(vec![seen("a", None), seen("b", None)], true);
        assert_eq!(run.tokens(), [told("a", None), told("b", None)]);
        script.install(&[]);
        assert_eq!(run.tokens(), []);
        assert_eq!(run.next(), None);
        let asked: Vec<usize> = script.0.lock().unwrap().asked.iter().map(Vec::len).collect();
        assert_eq!(asked, [1, 2]);
        run.end().unwrap();
    }

    #[test]
    fn the_end_of_its_input_ends_it_and_the_looking() {
        let script = Script::of(&["/a.so"]);
        script.sees(Vec::new(), false);
        let run = Run::of(&script, LONG);
        run.end().unwrap();
        assert!(script.0.lock().unwrap().changed.is_none());
    }

    #[test]
    fn a_listener_that_does_not_listen_ends_it() {
        let script = Script::of(&["/a.so"]);
        script.sees(Vec::new(), true);
        let Run { input, output, thread } = Run::of(&script, LONG);
        drop(output);
        script.sees(vec![seen("a", None)], true);
        assert!(thread.unwrap().join().unwrap().is_err());
        drop(input);
    }

    #[test]
    fn a_library_that_sees_a_thousand_tokens_with_endless_names_is_told_of_within_bounds() {
        let endless = "x\n".repeat(10_000);
        let tokens = tokens(&Snapshot { tokens: vec![seen(&endless, None); 1000], ..Snapshot::default() });
        assert!(FromWatcher::Tokens(tokens.clone()).is_within_bounds());
        assert_eq!(tokens.len(), TokenSeen::MOST);
    }
}
