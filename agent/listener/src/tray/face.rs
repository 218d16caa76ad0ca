//! What is shown, in words: how Tanba stands, and what the menu has.

use crate::board::{Facts, Keys, Reach};
use texts::{Texts, Value};
use time::UtcOffset;

/// How Tanba stands, in one sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Green: nothing is in the way, and nothing waits.
    Ready,
    /// Amber: the person should look.
    Attention,
    /// Red: no browser reaches it.
    Fault,
    /// Grey: the person wants no window.
    Paused,
}

/// All that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Face {
    pub(super) sign: Sign,
    /// How Tanba stands, in a sentence: the first line of the menu.
    pub(super) line: String,
    /// All that is to be said, a sentence to a line: what the pointer over the icon shows.
    pub(super) tip: String,
    pub(super) open: String,
    pub(super) check: String,
    /// The line that begins or ends a pause.
    pub(super) pause: String,
    pub(super) quit: String,
}

impl Face {
    /// The face for these facts. `offset` is this computer's way from UTC.
    pub(super) fn of(facts: &Facts, texts: &Texts, offset: UtcOffset) -> Self {
        let mut said = said(facts, texts, offset);
        // What the person wants comes first, then what is in the way.
        said.sort_by_key(|(sign, _)| std::cmp::Reverse(weight(*sign)));
        let (sign, line) = said.first().cloned().unwrap_or_else(|| (Sign::Ready, texts.text("tray-ready")));
        let tip = if said.is_empty() {
            line.clone()
        } else {
            said.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n")
        };
        let pause = if sign == Sign::Paused { "tray-go-on" } else { "tray-pause" };
        Self {
            sign,
            line,
            tip,
            open: texts.text("tray-open"),
            check: texts.text("tray-check"),
            pause: texts.text(pause),
            quit: texts.text("tray-quit"),
        }
    }
}

fn weight(sign: Sign) -> u8 {
    match sign {
        Sign::Ready => 0,
        Sign::Attention => 1,
        Sign::Fault => 2,
        Sign::Paused => 3,
    }
}

/// What there is to say; nothing where all is well.
fn said(facts: &Facts, texts: &Texts, offset: UtcOffset) -> Vec<(Sign, String)> {
    let mut said = Vec::new();
    if let Some(pause) = facts.pause {
        let until = pause.until.to_offset(offset);
        let until = format!("{:02}:{:02}", until.hour(), until.minute());
        said.push((Sign::Paused, texts.format("tray-paused", &[("until", Value::Text(&until))])));
        if pause.refused > 0 {
            let refused = [("count", Value::Count(pause.refused.into()))];
            said.push((Sign::Paused, texts.format("tray-refused", &refused)));
        }
    }
    if facts.waiting > 0 {
        let waiting = [("count", Value::Count(facts.waiting as u64))];
        said.push((Sign::Attention, texts.format("tray-waiting", &waiting)));
    }
    match facts.reach {
        Reach::None => said.push((Sign::Fault, texts.text("tray-unreached"))),
        Reach::Some => said.push((Sign::Attention, texts.text("tray-unreached-by-some"))),
        Reach::All | Reach::Unknown => {}
    }
    match facts.keys {
        Keys::Soon => said.push((Sign::Attention, texts.text("tray-key-soon"))),
        Keys::Ended => said.push((Sign::Attention, texts.text("tray-key-ended"))),
        Keys::Revoked => said.push((Sign::Attention, texts.text("tray-key-revoked"))),
        Keys::Fine | Keys::Unknown => {}
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Board;
    use std::time::Duration;
    use texts::Locale;

    fn face(board: &Board) -> Face {
        Face::of(&board.follow().borrow(), &Texts::new(Locale::En), UtcOffset::UTC)
    }

    #[test]
    fn all_is_well_until_something_is_not() {
        let board = Board::default();
        let ready = face(&board);
        assert_eq!((ready.sign, &ready.tip), (Sign::Ready, &ready.line));
        board.keys(Keys::Soon);
        assert_eq!(face(&board).sign, Sign::Attention);
        board.waiting(2);
        let waiting = face(&board);
        assert!(waiting.line.contains('2'), "what waits is more urgent than what ends: {}", waiting.line);
        assert_eq!(waiting.tip.lines().count(), 2);
        board.reach(Reach::None);
        let fault = face(&board);
        assert_eq!(fault.sign, Sign::Fault);
        assert!(fault.line.contains("browser"), "{}", fault.line);
        board.pause(Duration::from_secs(3600));
        assert_eq!(face(&board).sign, Sign::Paused);
        assert_eq!(face(&board).tip.lines().count(), 4);
    }

    #[test]
    fn a_pause_has_its_end_by_this_clock_and_turns_the_menu_s_line_around() {
        let board = Board::default();
        let before = face(&board);
        board.pause(Duration::from_secs(3600));
        let pause = board.follow().borrow().pause.unwrap();
        let almaty = UtcOffset::from_hms(5, 0, 0).unwrap();
        let until = pause.until.to_offset(almaty);
        for locale in Locale::ALL {
            let face = Face::of(&board.follow().borrow(), &Texts::new(locale), almaty);
            assert!(face.line.contains(&format!("{:02}:{:02}", until.hour(), until.minute())), "{}", face.line);
        }
        let paused = face(&board);
        assert_ne!(paused.pause, before.pause);
        assert!(board.refuses(std::time::Instant::now()));
        assert!(face(&board).tip.contains('1'), "what was refused meanwhile is told");
    }

    #[test]
    fn every_state_has_its_words_in_every_language() {
        let board = Board::default();
        for locale in Locale::ALL {
            let texts = Texts::new(locale);
            for keys in [Keys::Fine, Keys::Soon, Keys::Ended, Keys::Revoked] {
                for reach in [Reach::All, Reach::Some, Reach::None] {
                    for waiting in [0, 1, 5] {
                        board.keys(keys);
                        board.reach(reach);
                        board.waiting(waiting);
                        let face = Face::of(&board.follow().borrow(), &texts, UtcOffset::UTC);
                        let all = format!("{face:?}");
                        assert!(!all.contains("tray-"), "{all}");
                    }
                }
            }
        }
    }
}
