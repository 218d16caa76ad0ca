//! What the person showed to one socket, so that the page may read it again.
//!
//! Old pages ask for one certificate in five calls (`getKeys`, `getNotBefore`, `getNotAfter`, `getSubjectDN`,
//! `getRdnByOid`). The person answers the first; the others tell nothing that the page could not have kept.

use order::{KeyInfo, StorageName};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The most certificates that are remembered for a socket; the oldest goes first.
const MOST: usize = 32;

/// A key as the applet's calls name it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) storage: StorageName,
    /// The file's path or the slot; empty: the person chose.
    pub(super) place: String,
    pub(super) alias: String,
}

/// The certificates that were shown, shared between a socket's session and its open questions.
#[derive(Clone, Default)]
pub(crate) struct Shown(Arc<Mutex<Kept>>);

/// The oldest first.
type Kept = VecDeque<(Place, Arc<KeyInfo>)>;

impl Shown {
    pub(super) fn keep(&self, place: Place, key: KeyInfo) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != place);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back((place, Arc::new(key)));
    }

    pub(super) fn find(&self, place: &Place) -> Option<Arc<KeyInfo>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == place).map(|(_, key)| Arc::clone(key))
    }
}

impl fmt::Debug for Shown {
    /// Neither names nor paths.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(alias: usize) -> Place {
        Place { storage: StorageName::Pkcs12, place: "/k.p12".to_owned(), alias: alias.to_string() }
    }

    #[test]
    fn only_so_many_are_kept_and_the_latest_of_a_place_counts() {
        let shown = Shown::default();
        for alias in 0..MOST + 3 {
            shown.keep(place(alias), KeyInfo { subject_cn: "first".to_owned(), ..KeyInfo::default() });
        }
        assert!(shown.find(&place(2)).is_none());
        shown.keep(place(3), KeyInfo { subject_cn: "second".to_owned(), ..KeyInfo::default() });
        assert_eq!(shown.find(&place(3)).unwrap().subject_cn, "second");
        assert_eq!(shown.0.lock().unwrap().len(), MOST);
    }
}
