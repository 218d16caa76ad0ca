//! What is known of a token without its PIN, as the listener may know it.

use crate::StorageName;
use serde::{Deserialize, Serialize};

/// A token that is plugged in. Nothing of its keys: what a page is told before the person agreed to anything is which
/// kinds of storage there are, and what to call each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSeen {
    /// NCALayer's name of its kind; `None`: it has none, and no page hears of it.
    pub storage: Option<StorageName>,
    /// What its owner called it; may be empty.
    pub label: String,
    /// The reader that it is in; may be empty.
    pub reader: String,
}

impl TokenSeen {
    /// The most tokens that are told of.
    pub const MOST: usize = 64;

    /// The longest label, and the longest name of a reader, in octets. PKCS#11 has 32 and 64.
    pub const LONGEST_NAME: usize = 256;

    /// A token whose names are a library's, as they may be told: in one line, without control characters, cut off where
    /// they are too long.
    #[must_use]
    pub fn new(storage: Option<StorageName>, label: &str, reader: &str) -> Self {
        Self { storage, label: name(label), reader: name(reader) }
    }

    /// Whether so many are ever told of, each of which [`TokenSeen::new`] could have made.
    #[must_use]
    pub fn are_within_bounds(tokens: &[Self]) -> bool {
        tokens.len() <= Self::MOST && tokens.iter().all(Self::is_within_bounds)
    }

    /// Whether [`TokenSeen::new`] could have made it.
    #[must_use]
    pub fn is_within_bounds(&self) -> bool {
        [&self.label, &self.reader]
            .into_iter()
            .all(|name| name.len() <= Self::LONGEST_NAME && !name.contains(char::is_control))
    }
}

fn name(text: &str) -> String {
    let clean: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    let clean = clean.trim();
    clean.get(..clean.floor_char_boundary(TokenSeen::LONGEST_NAME)).unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{self, FromWatcher};

    #[test]
    fn a_library_may_call_a_token_what_it_likes() {
        let token = TokenSeen::new(None, "  Мой\ntoken\0 ", &"ж".repeat(1000));
        assert_eq!(token.label, "Мой token");
        assert_eq!(token.reader, "ж".repeat(TokenSeen::LONGEST_NAME / 2));
        assert!(token.is_within_bounds());
    }

    #[test]
    fn what_is_over_the_bounds_is_seen_to_be() {
        let of = |label: &str| TokenSeen { label: label.to_owned(), ..TokenSeen::default() };
        assert!(!of("a\nb").is_within_bounds());
        assert!(!of(&"a".repeat(TokenSeen::LONGEST_NAME + 1)).is_within_bounds());
        let most = FromWatcher::Tokens(vec![TokenSeen::default(); TokenSeen::MOST]);
        assert!(most.is_within_bounds());
        assert!(!FromWatcher::Tokens(vec![TokenSeen::default(); TokenSeen::MOST + 1]).is_within_bounds());
    }

    #[test]
    fn the_most_tokens_with_the_longest_names_fit_into_a_frame_of_the_watcher() {
        let longest = "x".repeat(TokenSeen::LONGEST_NAME);
        let token = TokenSeen::new(Some(StorageName::EToken5110), &longest, &longest);
        let frame = wire::encode(&FromWatcher::Tokens(vec![token; TokenSeen::MOST])).unwrap();
        assert!(frame.len() as u64 <= u64::from(FromWatcher::LONGEST_FRAME) + 4, "{}", frame.len());
    }
}
