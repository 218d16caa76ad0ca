//! All libraries, asked side by side.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use pkcs11::wire::{self, FaultKind, TokenId};

use super::{
    HostCommand, Library, LibraryFault, Limits, Pin, PinPlace, Seen, Snapshot, Token, TokenFault, Watching, found,
    memory::Memory,
    process::{Event, Host, Unanswered, lock},
};
use crate::ListedKey;

/// Keys of one token that are shown. A person looks through no more, and has one to three.
const MOST_KEYS_SHOWN: usize = 32;

/// Octets of certificates and names that one library may show, of all its tokens together: they stand in memory for as
/// long as something is plugged in, and are compared at every look.
const MOST_OCTETS: usize = 4 * 1024 * 1024;

/// All libraries, each in a process of its own, asked side by side.
///
/// It is cheap to clone. The processes end with the last clone, and with the last [`Token`], opened store and
/// [`Watching`] of it.
#[derive(Clone)]
pub struct Fleet(Arc<Inner>);

/// Threads keep what is inside of this, but not this: they do not hold the processes up.
struct Inner(Arc<Shared>);

impl Drop for Inner {
    fn drop(&mut self) {
        self.0.close();
    }
}

pub(super) struct Shared {
    pub(super) members: Vec<Member>,
    pub(super) board: Arc<Board>,
    pub(super) memory: Memory,
    pub(super) limits: Limits,
}

/// A library, and whoever asks it.
pub(super) struct Member {
    pub(super) driver: Library,
    pub(super) host: Host,
    /// How many opened stores and signers hold a slot logged in. Held while somebody logs in or out.
    pub(super) logins: Mutex<HashMap<u64, usize>>,
}

/// What is known, and whoever waits for it.
#[derive(Default)]
pub(super) struct Board {
    state: Mutex<State>,
    pub(super) moved: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) of: Vec<Known>,
    pub(super) watchers: Vec<(u64, OnChange)>,
    pub(super) next_watcher: u64,
    /// Counts up when watching begins; threads of an earlier round end.
    pub(super) round: u64,
    pub(super) is_closed: bool,
}

pub(super) type OnChange = Arc<dyn Fn() + Send + Sync>;

/// What is known of one library.
#[derive(Default)]
pub(super) struct Known {
    /// Counts the looks that were asked for, and the one that the answer below is to.
    pub(super) asked: u64,
    pub(super) answered: u64,
    /// A thread is looking.
    pub(super) is_looking: bool,
    /// Keys are read anew, also of tokens that were there before.
    pub(super) reads_all: bool,
    tokens: Vec<Held>,
    fault: Option<TokenFault>,
    /// Failures on end.
    pub(super) failures: u32,
    /// Something was plugged in or taken out since the last look began.
    pub(super) has_event: bool,
    /// This library tells of such things.
    pub(super) tells_events: bool,
    /// Its host ended since the last look.
    has_ended: bool,
    pub(super) last_look: Option<Instant>,
    /// The round of watching that it was in.
    pub(super) last_round: u64,
}

impl Known {
    fn held(&self, id: &TokenId) -> Option<&Held> {
        self.tokens.iter().find(|held| held.token.id == *id)
    }
}

/// A token in a slot.
#[derive(Clone)]
struct Held {
    slot: u64,
    reader: String,
    token: wire::Token,
    keys: Arc<Vec<ListedKey>>,
}

impl Fleet {
    /// Starts nothing yet. `memory` is the file that remembers in which order of octets modules speak.
    #[must_use]
    pub fn new(libraries: Vec<Library>, host: HostCommand, memory: Option<PathBuf>) -> Self {
        Self::with_limits(libraries, host, memory, Limits::default())
    }

    /// The same with other limits of time.
    #[must_use]
    pub fn with_limits(libraries: Vec<Library>, host: HostCommand, memory: Option<PathBuf>, limits: Limits) -> Self {
        let board = Arc::new(Board::default());
        board.lock().of.resize_with(libraries.len(), Known::default);
        let member = |(index, library): (usize, Library)| {
            let board = Arc::clone(&board);
            let on_event = Arc::new(move |event| board.hear(index, event));
            let host = Host::new(host.clone(), library.path.clone(), limits.clone(), on_event);
            Member { driver: library, host, logins: Mutex::new(HashMap::new()) }
        };
        let members = libraries.into_iter().enumerate().map(member).collect();
        Self(Arc::new(Inner(Arc::new(Shared { members, board, memory: Memory::new(memory), limits }))))
    }

    /// Begins asking every library, in the background, side by side.
    pub fn look(&self) {
        for index in 0..self.0.0.members.len() {
            self.0.0.look(index);
        }
    }

    /// What is known now, without waiting.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.0.0.snapshot(&self.0.0.board.lock())
    }

    /// Waits until every library has answered or failed, at most so long. Looks, where nobody has yet.
    #[must_use]
    pub fn settled(&self, patience: Duration) -> Snapshot {
        let until = Instant::now() + patience;
        if self.0.0.board.lock().of.iter().any(|known| known.asked == 0) {
            self.look();
        }
        let mut state = self.0.0.board.lock();
        let goals: Vec<u64> = state.of.iter().map(|known| known.asked).collect();
        while state.of.iter().zip(&goals).any(|(known, goal)| known.answered < *goal) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.0.0.board.wait(state, left);
        }
        self.0.0.snapshot(&state)
    }

    /// Looks again and again while the guard lives, and calls when the snapshot is another one than before. It may still
    /// be called once while the guard goes.
    #[must_use = "watching ends with the guard"]
    pub fn watch(&self, changed: impl Fn() + Send + Sync + 'static) -> Watching {
        Watching::begin(self.clone(), Arc::new(changed))
    }

    /// A plugged-in token as a key store.
    #[must_use]
    pub fn token(&self, id: &TokenId) -> Option<Token> {
        let state = self.0.0.board.lock();
        let mut known = state.of.iter().enumerate();
        let (index, held) = known.find_map(|(index, known)| Some((index, known.held(id)?)))?;
        Some(Token::new(self.clone(), index, id.clone(), held.token.tries))
    }

    /// The same of a token as it was shown to somebody: of the library that showed it, and with what it said of its PIN.
    /// `None` when that library does not show it any more, whatever others do.
    #[must_use]
    pub fn shown(&self, seen: &Seen) -> Option<Token> {
        let index = self.0.0.members.iter().position(|member| member.driver.path == seen.driver)?;
        let state = self.0.0.board.lock();
        state.of.get(index)?.held(&seen.id)?;
        Some(Token::new(self.clone(), index, seen.id.clone(), seen.pin.tries))
    }

    /// Nobody waits any more for the logins and signatures that are being made now: what has not come by itself after
    /// `grace` is ended together with its host. Returns at once.
    pub fn give_up(&self, grace: Duration) {
        let shared = Arc::clone(&self.0.0);
        let busy: Vec<_> = (0..).zip(&shared.members).filter_map(|(at, one)| Some((at, one.host.awaited()?))).collect();
        if busy.is_empty() {
            return;
        }
        let ender = thread::Builder::new().name("token-give-up".to_owned());
        // Without a thread they end when their own time is over.
        let _ = ender.spawn(move || {
            thread::sleep(grace);
            for (at, number) in busy {
                if let Some(member) = shared.members.get::<usize>(at) {
                    member.host.end_if_busy_with(number);
                }
            }
        });
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }

    /// The library of a token. The index is one that [`Fleet::token`] gave.
    pub(super) fn member(&self, index: usize) -> Result<&Member, TokenFault> {
        self.0.0.members.get(index).ok_or(TokenFault::Gone)
    }
}

impl Board {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn wait<'a>(&self, state: MutexGuard<'a, State>, most: Duration) -> MutexGuard<'a, State> {
        self.moved.wait_timeout(state, most).unwrap_or_else(PoisonError::into_inner).0
    }

    fn hear(&self, index: usize, event: Event) {
        if let Some(known) = self.lock().of.get_mut(index) {
            match event {
                Event::SlotsChanged => (known.has_event, known.tells_events) = (true, true),
                Event::Ended => known.has_ended = true,
            }
        }
        self.moved.notify_all();
    }
}

impl Shared {
    /// Has a library asked, by a thread.
    pub(super) fn look(self: &Arc<Self>, index: usize) {
        let mut state = self.board.lock();
        let Some(known) = state.of.get_mut(index) else { return };
        known.asked += 1;
        known.reads_all = true;
        if std::mem::replace(&mut known.is_looking, true) {
            return;
        }
        drop(state);
        let shared = Arc::clone(self);
        let looker = thread::Builder::new().name("token-look".to_owned());
        if let Err(error) = looker.spawn(move || shared.work(index)) {
            if let Some(known) = self.board.lock().of.get_mut(index) {
                known.is_looking = false;
            }
            self.post(index, u64::MAX, 0, Err(TokenFault::Failed(error.to_string())));
        }
    }

    /// Looks until nobody waits for a look any more. The caller has set `is_looking`.
    pub(super) fn work(&self, index: usize) {
        loop {
            let mut state = self.board.lock();
            let (is_closed, round) = (state.is_closed, state.round);
            let Some(known) = state.of.get_mut(index) else { return };
            if known.answered >= known.asked || is_closed {
                known.is_looking = false;
                drop(state);
                self.board.moved.notify_all();
                return;
            }
            let (goal, before) = (known.asked, known.tokens.clone());
            let reads_all = std::mem::take(&mut known.reads_all);
            known.has_event = false;
            drop(state);
            let seen = match self.members.get(index) {
                Some(member) => ask(&member.host, if reads_all { &[] } else { &before }),
                None => return,
            };
            self.post(index, goal, round, seen);
        }
    }

    /// Writes down what a library said, and tells whoever watches.
    fn post(&self, index: usize, goal: u64, round: u64, seen: Result<Vec<Held>, TokenFault>) {
        let mut state = self.board.lock();
        let before = self.snapshot(&state);
        let Some(known) = state.of.get_mut(index) else { return };
        known.answered = goal.min(known.asked);
        (known.last_look, known.last_round) = (Some(Instant::now()), round);
        let has_failed = seen.is_err() || known.has_ended;
        known.failures = if has_failed { known.failures.saturating_add(1) } else { 0 };
        known.has_ended = false;
        match seen {
            Ok(tokens) => (known.tokens, known.fault) = (tokens, None),
            Err(fault) => (known.tokens, known.fault) = (Vec::new(), Some(fault)),
        }
        let watchers: Vec<OnChange> = if is_same(&before, &self.snapshot(&state)) {
            Vec::new()
        } else {
            state.watchers.iter().map(|(_, changed)| Arc::clone(changed)).collect()
        };
        drop(state);
        self.board.moved.notify_all();
        for changed in watchers {
            changed();
        }
    }

    /// The libraries in their order, the tokens of each by their names. A token that two libraries show is the first
    /// one's.
    fn snapshot(&self, state: &State) -> Snapshot {
        let mut snapshot = Snapshot { is_settled: true, ..Snapshot::default() };
        let mut seen = HashSet::new();
        for (member, known) in self.members.iter().zip(&state.of) {
            snapshot.is_settled &= known.answered > 0;
            for held in &known.tokens {
                if seen.insert(&held.token.id) {
                    let is_current = known.last_round == state.round;
                    snapshot.tokens.push(seen_of(&member.driver, held, is_current));
                }
            }
            if let Some(fault) = &known.fault {
                let Library { vendor, path, .. } = &member.driver;
                let fault = fault.clone();
                snapshot.faults.push(LibraryFault { vendor: vendor.clone(), path: path.clone(), fault });
            }
        }
        snapshot
    }

    /// Ends every host: those that have nothing to do get a moment to log out and to close their cards.
    fn close(&self) {
        self.board.lock().is_closed = true;
        self.board.moved.notify_all();
        for member in &self.members {
            member.host.close();
        }
        let moment = Instant::now() + self.limits.leave;
        for member in &self.members {
            member.host.gone_by(moment);
        }
    }
}

/// What a library shows. Keys of tokens that were there `before` are not read again: on a card that takes its time.
fn ask(host: &Host, before: &[Held]) -> Result<Vec<Held>, TokenFault> {
    let mut tokens: Vec<Held> = Vec::new();
    let mut room = MOST_OCTETS;
    for slot in host.slots()? {
        let Some(token) = slot.token else { continue };
        if tokens.iter().any(|held| held.token.id == token.id) {
            continue;
        }
        let same = before.iter().find(|held| held.slot == slot.id && held.token.id == token.id);
        let keys = match same {
            // Others have come before it: what was shown then may not fit beside them.
            Some(held) if octets(&held.keys) <= room => Arc::clone(&held.keys),
            _ => match host.keys(slot.id) {
                Ok(objects) => Arc::new(shown(objects, room)),
                Err(Unanswered::ByHost(fault)) => return Err(fault),
                Err(Unanswered::ByLibrary(fault)) if fault.kind == FaultKind::TokenGone => continue,
                Err(Unanswered::ByLibrary(fault)) => {
                    tracing::warn!(token = ?token.id.label, %fault, "a token does not show its keys");
                    Arc::default()
                }
            },
        };
        room = room.saturating_sub(octets(&keys));
        tokens.push(Held { slot: slot.id, reader: slot.reader, token, keys });
    }
    tokens.sort_by(|one, other| one.token.id.cmp(&other.token.id));
    Ok(tokens)
}

/// The keys that everybody may see, as far as there is room.
fn shown(objects: Vec<wire::Key>, mut room: usize) -> Vec<ListedKey> {
    let mut keys: Vec<ListedKey> = found::in_public(objects).keys.iter().map(found::Found::listed).collect();
    let all = keys.len();
    keys.truncate(MOST_KEYS_SHOWN);
    keys.retain(|key| {
        let left = room.checked_sub(octets(std::slice::from_ref(key)));
        room = left.unwrap_or(room);
        left.is_some()
    });
    if keys.len() < all {
        tracing::warn!(all, shown = keys.len(), "not all keys of a token are shown");
    }
    keys
}

fn octets(keys: &[ListedKey]) -> usize {
    let of = |key: &ListedKey| {
        let certificate = key.certificate.as_ref().map_or(0, |certificate| certificate.der().len());
        key.id.as_bytes().len() + key.alias.len() + certificate
    };
    keys.iter().map(of).sum()
}

fn seen_of(library: &Library, held: &Held, is_current: bool) -> Seen {
    let wire::Token { id, pin_is_set, pin_pad, tries, pin_length, .. } = &held.token;
    Seen {
        id: id.clone(),
        reader: held.reader.clone(),
        vendor: library.vendor.clone(),
        driver: library.path.clone(),
        storage: library.storage_in(id, &held.reader).map(str::to_owned),
        pin: Pin {
            place: if *pin_pad { PinPlace::Reader } else { PinPlace::Window },
            is_set: *pin_is_set,
            tries: *tries,
            length: *pin_length,
        },
        keys: Arc::clone(&held.keys),
        is_current,
    }
}

fn is_same(one: &Snapshot, other: &Snapshot) -> bool {
    let key = |a: &ListedKey, b: &ListedKey| a.id == b.id && a.alias == b.alias && a.certificate == b.certificate;
    let keys = |a: &[ListedKey], b: &[ListedKey]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| key(a, b));
    let seen = |a: &Seen, b: &Seen| {
        a.id == b.id
            && a.reader == b.reader
            && a.pin == b.pin
            && a.driver == b.driver
            && a.is_current == b.is_current
            && (Arc::ptr_eq(&a.keys, &b.keys) || keys(&a.keys, &b.keys))
    };
    let fault = |a: &LibraryFault, b: &LibraryFault| a.path == b.path && a.fault == b.fault;
    one.is_settled == other.is_settled
        && one.tokens.len() == other.tokens.len()
        && one.tokens.iter().zip(&other.tokens).all(|(a, b)| seen(a, b))
        && one.faults.len() == other.faults.len()
        && one.faults.iter().zip(&other.faults).all(|(a, b)| fault(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pkcs11::wire::{Key, PublicHalf};

    #[test]
    fn a_library_shows_only_what_there_is_room_for() {
        let half = PublicHalf::Rsa { modulus: vec![0xc5; 256].into(), exponent: vec![1, 0, 1].into() };
        let key = |number: u8, length: usize| Key {
            id: vec![number; length].into(),
            label: "k".to_owned(),
            certificate: None,
            public: Some(half.clone()),
            private: None,
        };
        let objects = || vec![key(1, 99), key(2, 199), key(3, 99), key(4, 99)];
        let shown_in = |room| shown(objects(), room).iter().map(|key| key.id.as_bytes()[0]).collect::<Vec<_>>();
        assert_eq!(shown_in(MOST_OCTETS), [1, 2, 3, 4]);
        assert_eq!(shown_in(250), [1, 3], "the long one is left out, and the last");
        assert_eq!(octets(&shown(objects(), 250)), 200);
    }
}
