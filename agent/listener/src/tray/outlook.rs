//! Whether browsers trust the local certificate: what of being reachable this program can know without asking a page.

use crate::board::Reach;
use crate::leaf::Shelf;
use platform::trust::{Standing, Store, TrustStores};
use std::fmt;
use std::sync::Arc;

/// The certificate and the stores that could trust it.
#[derive(Clone)]
pub(crate) struct Outlook {
    pub(crate) shelf: Shelf,
    pub(crate) stores: Arc<dyn TrustStores>,
}

impl fmt::Debug for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlook").field("shelf", &self.shelf).finish_non_exhaustive()
    }
}

impl Outlook {
    /// Looks. Starts a program for each store: not for a thread that serves sockets.
    pub(super) fn reach(&self) -> Reach {
        let Ok(Some(leaf)) = self.shelf.peek() else { return Reach::Unknown };
        // Without the tool nothing is known, which is no fault of the browsers'.
        self.stores.status(leaf.for_trust()).map_or(Reach::Unknown, |stores| judged(&stores))
    }
}

/// A store that cannot be looked into says nothing; where there is no store at all, nobody trusts anything.
fn judged(stores: &[Store]) -> Reach {
    let count = |which: fn(&Standing) -> bool| stores.iter().filter(|store| which(&store.standing)).count();
    let trusting = count(|standing| *standing == Standing::Trusted);
    let strange = count(|standing| matches!(standing, Standing::Untrusted | Standing::Absent));
    match (trusting, strange) {
        (0, 0) if !stores.is_empty() => Reach::Unknown,
        (0, _) => Reach::None,
        (_, 0) => Reach::All,
        _ => Reach::Some,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_looked_into_counts_for_neither_side() {
        let judged = |standings: &[Standing]| {
            let store =
                |standing: &Standing| Store { path: "/p".into(), browser: "Chromium", standing: standing.clone() };
            judged(&standings.iter().map(store).collect::<Vec<_>>())
        };
        let unusable = || Standing::Unusable("broken".to_owned());
        assert_eq!(judged(&[Standing::Trusted, Standing::Locked]), Reach::All);
        assert_eq!(judged(&[Standing::Trusted, Standing::Absent]), Reach::Some);
        assert_eq!(judged(&[Standing::Untrusted, unusable()]), Reach::None);
        assert_eq!(judged(&[Standing::Locked, unusable()]), Reach::Unknown);
        assert_eq!(judged(&[]), Reach::None);
    }
}
