//! A token that still has the PIN that every token of its kind comes with: whoever finds it can sign with it.
//!
//! Nothing here tries a PIN: one that the person typed and the token took is compared with what the catalogue knows. What is
//! remembered is that there is something to say, not for longer than the process lives and nowhere else: which tokens have
//! their factory PIN is as good as the PIN itself.

use super::{Outcome, errand::Errand};
use crate::{
    libraries::{self, sentence_of},
    tokens::name_of,
    unseen::visible,
    window::Sentence,
};
use keystore::{
    Password,
    pkcs11::{Seen, TokenId},
};
use settings::Places;
use std::cell::RefCell;

/// The most tokens that are remembered; a library can show a new one every second.
const MOST: usize = 64;

/// The tokens whose factory PIN was taken, as far as this process saw it.
#[derive(Debug, Default)]
pub struct FactoryPins(RefCell<Vec<(TokenId, Told)>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    NotYet,
    Yes,
}

impl FactoryPins {
    /// A token took this PIN.
    pub(super) fn was_taken(&self, places: &Places, seen: &Seen, pin: &Password) {
        let mut tokens = self.0.borrow_mut();
        let is_it = libraries::is_factory_pin(places, seen, pin);
        match tokens.iter().position(|(id, _)| *id == seen.id) {
            // It was changed; should it come back, that is news.
            Some(known) if !is_it => drop(tokens.remove(known)),
            None if is_it && tokens.len() < MOST => tokens.push((seen.id.clone(), Told::NotYet)),
            _ => {}
        }
    }

    /// What is to be said now, each once.
    fn to_tell(&self) -> Vec<TokenId> {
        let mut tokens = self.0.borrow_mut();
        let news = tokens.iter_mut().filter(|(_, told)| *told == Told::NotYet);
        news.map(|(id, told)| {
            *told = Told::Yes;
            id.clone()
        })
        .collect()
    }
}

/// Tells the person, in a window of its own after what the page asked for is done.
pub(super) fn tell(errand: &mut Errand<'_, '_>, outcome: &Outcome) {
    for id in errand.room.pins.to_tell() {
        let label = visible(&name_of(&id));
        let mut sentences = vec![sentence_of("factory-pin", &[("token", &label)]), Sentence::new("factory-pin-change")];
        if !matches!(outcome, Outcome::Failed(_)) {
            sentences.insert(0, Sentence::new("factory-pin-after"));
        }
        // What was asked for is done, and stays so whatever becomes of this window.
        let _ = errand.tell(sentences);
    }
}
