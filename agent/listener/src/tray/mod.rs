//! The icon in the desktop's tray: how Tanba stands, in a colour, a sign and words, and a menu for the person.
//!
//! It hinders nothing. Without a bus, without a tray, with a tray that comes later or comes and goes, sites are served all
//! the same; the log has one line about it. Nothing is decided here but when to look again: what is shown is read from the
//! board, and what the person chooses is done by who can: the window is a program of its own, which outlives this one.
//!
//! - `face`: what is shown, in words.
//! - `mark`: what is shown, as a picture.
//! - `outlook`: whether browsers trust the local certificate.
//! - `linux`, `elsewhere`: where the system shows it.

#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod system;
#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;

mod face;
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
mod mark;
mod outlook;

use crate::board::{Board, Facts, Reach};
use crate::child;
use crate::setup::SignerCommand;
use face::Face;
pub(crate) use outlook::Outlook;
use settings::Live;
use std::sync::Arc;
use std::time::Duration;
use system::{Icon, ShowError};
use texts::Texts;
use time::UtcOffset;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

/// How long a pause lasts.
const PAUSE: Duration = Duration::from_secs(60 * 60);
/// After so long the browsers are looked at again while all of them trust the certificate, and while not all do.
const LOOK_AGAIN: [Duration; 2] = [Duration::from_secs(60 * 60), Duration::from_secs(5 * 60)];
/// A menu that is opened in a loop looks no more often.
const LOOK_AT_MOST: Duration = Duration::from_secs(5);
/// A bus that does not answer is none.
const PATIENCE: Duration = Duration::from_secs(10);
/// Choices that wait to be done; more are a slip of the hand, or of the tray.
const MOST_WISHES: usize = 8;
/// Windows that were opened here and are open still.
const MOST_WINDOWS: usize = 8;

/// What is done when the person chooses it.
#[derive(Debug)]
pub struct Deeds {
    /// Opens the main window, or brings it to the front.
    pub open: SignerCommand,
    /// Opens it at the check.
    pub check: SignerCommand,
    /// Ends the listener, as a signal does.
    pub quit: oneshot::Sender<()>,
    /// How far from UTC this computer's clock on the wall is.
    pub offset: UtcOffset,
}

/// What the person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Open,
    Check,
    Pause,
    GoOn,
    Quit,
    /// They look at the menu: what it says should be true.
    Look,
}

/// The icon, as long as [`show`](Tray::show) is driven.
#[derive(Debug)]
pub struct Tray {
    board: Board,
    facts: watch::Receiver<Facts>,
    live: Arc<Live>,
    outlook: Outlook,
    deeds: Deeds,
    /// How often it is looked whether the settings, the clock or the bus are others.
    round: Duration,
    wish: mpsc::Sender<Wish>,
    wishes: mpsc::Receiver<Wish>,
    /// The icon, and the face it has.
    shown: Option<(Icon, Face)>,
    /// That there is none was said.
    is_said: bool,
    /// When the browsers were last looked at.
    looked: Option<Instant>,
    windows: JoinSet<()>,
}

impl Tray {
    pub(crate) fn new(board: Board, live: Arc<Live>, outlook: Outlook, deeds: Deeds, round: Duration) -> Self {
        let (wish, wishes) = mpsc::channel(MOST_WISHES);
        let facts = board.follow();
        Self {
            board,
            facts,
            live,
            outlook,
            deeds,
            round,
            wish,
            wishes,
            shown: None,
            is_said: false,
            looked: None,
            windows: JoinSet::new(),
        }
    }

    /// Shows it, and does what the person chooses, until they choose to quit. Dropping it takes the icon away and leaves
    /// the windows open.
    pub async fn show(mut self) {
        let mut round = interval(self.round);
        round.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let pause_ends = self.facts.borrow().pause.map(|pause| pause.left());
            tokio::select! {
                _ = round.tick() => {
                    self.appear().await;
                    self.look_if_due();
                }
                wish = self.wishes.recv() => match wish {
                    Some(Wish::Quit) => break,
                    Some(wish) => self.fulfil(wish),
                    None => {}
                },
                // The board lives as long as this does.
                _ = self.facts.changed() => {}
                // The next round looks for another.
                () = lost(&mut self.shown) => self.vanish().await,
                () = sleep(pause_ends.unwrap_or_default()), if pause_ends.is_some() => {}
                _ = self.windows.join_next(), if !self.windows.is_empty() => self.look_anew(),
            }
            if self.facts.borrow().pause.is_some_and(|pause| !pause.goes_on(std::time::Instant::now())) {
                tracing::info!("the pause is over: sites are heard again");
                self.board.go_on();
            }
            self.refresh().await;
        }
        tracing::info!("the person quits");
        if let Some((icon, _)) = self.shown.take() {
            icon.hide().await;
        }
        // Nobody hears it only when the listener stops already.
        let _ = self.deeds.quit.send(());
    }

    /// The face for what is known now. Only this takes notice of the board: what changes while a face is on its way to the
    /// tray is not missed.
    fn face(&mut self) -> Face {
        let settings = self.live.now();
        let texts = Texts::new(crate::language(&settings.settings));
        Face::of(&self.facts.borrow_and_update(), &texts, self.deeds.offset)
    }

    /// Puts the icon where there is none and should be one, and takes it away where none should be.
    async fn appear(&mut self) {
        let is_wanted = self.live.now().settings.tray;
        if self.shown.as_ref().is_some_and(|(icon, _)| !is_wanted || icon.is_lost()) {
            self.vanish().await;
        }
        if !is_wanted || self.shown.is_some() {
            return;
        }
        let face = self.face();
        let appeared = timeout(PATIENCE, Icon::show(face.clone(), self.wish.clone())).await;
        match appeared.unwrap_or(Err(ShowError::NoAnswer)) {
            Ok(icon) => {
                self.is_said = false;
                self.shown = Some((icon, face));
            }
            Err(error) if !self.is_said => {
                self.is_said = true;
                tracing::info!(%error, "there is no tray to show how Tanba stands; sites are served all the same");
            }
            Err(_) => {}
        }
    }

    /// Takes the icon away, from a bus that may be gone.
    async fn vanish(&mut self) {
        if let Some((icon, _)) = self.shown.take()
            && timeout(PATIENCE, icon.hide()).await.is_err()
        {
            tracing::debug!("the bus does not take the icon back");
        }
        // Without the menu nobody could end it.
        self.board.go_on();
    }

    /// Brings the icon up to date.
    async fn refresh(&mut self) {
        let face = self.face();
        if let Some((icon, shown)) = self.shown.as_mut().filter(|(_, shown)| *shown != face) {
            *shown = face.clone();
            if timeout(PATIENCE, icon.change(face)).await.is_err() {
                tracing::debug!("the tray does not take what changed");
            }
        }
    }

    fn fulfil(&mut self, wish: Wish) {
        match wish {
            Wish::Open => self.start(self.deeds.open.clone()),
            Wish::Check => self.start(self.deeds.check.clone()),
            Wish::Pause => {
                tracing::info!("paused for an hour: whatever would open a window is refused");
                self.board.pause(PAUSE);
            }
            Wish::GoOn => {
                tracing::info!("the person ends the pause: sites are heard again");
                self.board.go_on();
            }
            Wish::Look => {
                self.look_anew();
            }
            Wish::Quit => {}
        }
    }

    fn start(&mut self, command: SignerCommand) {
        if self.windows.len() >= MOST_WINDOWS {
            return;
        }
        match child::start_free(&command) {
            Ok(mut window) => {
                self.windows.spawn(async move {
                    // How it ended is between it and the person.
                    let _ = window.wait().await;
                });
            }
            Err(error) => tracing::error!(%error, program = %command.program.display(), "a window cannot be opened"),
        }
    }

    /// Something may have changed. Whoever opens and closes windows, or menus, all the time does not keep the threads busy
    /// that sites wait for.
    fn look_anew(&mut self) {
        if self.looked.is_none_or(|looked| looked.elapsed() > LOOK_AT_MOST) {
            self.look();
        }
    }

    fn look_if_due(&mut self) {
        let [calm, uneasy] = LOOK_AGAIN;
        let due = if self.facts.borrow().reach == Reach::All { calm } else { uneasy };
        if self.looked.is_none_or(|looked| looked.elapsed() >= due) {
            self.look();
        }
    }

    /// Looks at the browsers, beside. What was found comes by the board.
    fn look(&mut self) {
        // For nobody to see.
        if self.shown.is_none() {
            return;
        }
        self.looked = Some(Instant::now());
        let (outlook, board) = (self.outlook.clone(), self.board.clone());
        tokio::task::spawn_blocking(move || board.reach(outlook.reach()));
    }
}

/// Ends when the bus that the icon is on has ended; never, where there is no icon.
async fn lost(shown: &mut Option<(Icon, Face)>) {
    match shown {
        Some((icon, _)) => icon.lost().await,
        None => std::future::pending().await,
    }
}
