//! Keeping the leaf in date under a running listener.

use super::{Leaf, LeafError, Shelf};
use crate::setup::Clock;
use platform::trust::{Standing, TrustError, TrustStores};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// What the acceptor serves: always the present leaf, so that a renewed one needs no restart.
pub(crate) struct Served(RwLock<Arc<CertifiedKey>>);

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Served(..)")
    }
}

impl Served {
    pub(crate) fn new(leaf: &Leaf) -> Self {
        Self(RwLock::new(leaf.certified()))
    }

    fn replace(&self, leaf: &Leaf) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = leaf.certified();
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // Whatever name the client asks for: the leaf is for all of ours, and the client judges.
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Looks at the leaf's end now and every day, for as long as the listener runs.
pub(crate) async fn keep(
    shelf: Shelf,
    served: Arc<Served>,
    clock: Arc<dyn Clock>,
    stores: Arc<dyn TrustStores>,
    round: Duration,
) {
    loop {
        let (shelf, served, clock, stores) =
            (shelf.clone(), Arc::clone(&served), Arc::clone(&clock), Arc::clone(&stores));
        // Files, key generation and certutil: nothing for the thread that serves sockets.
        let looked = tokio::task::spawn_blocking(move || look(&shelf, &served, &*clock, &*stores)).await;
        match looked {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the local certificate could not be looked after"),
            Err(error) => tracing::error!(%error, "looking after the local certificate ended badly"),
        }
        tokio::time::sleep(round).await;
    }
}

fn look(shelf: &Shelf, served: &Served, clock: &dyn Clock, stores: &dyn TrustStores) -> Result<(), LeafError> {
    let opened = shelf.open(clock.now())?;
    served.replace(&opened.leaf);
    if let Some(former) = opened.former {
        match hand_trust_on(&former, &opened.leaf, stores) {
            Ok(()) => shelf.settle()?,
            // Without the tool nobody can have trusted the former one through us on this machine; with it, the next
            // round tries again.
            Err(error) => tracing::warn!(%error, "browsers could not be told of the renewed local certificate"),
        }
    }
    Ok(())
}

/// Has the new leaf trusted where the former one was, and the former one nowhere.
///
/// # Errors
/// [`TrustError`] when no store can be looked at.
pub fn hand_trust_on(former: &Leaf, leaf: &Leaf, stores: &dyn TrustStores) -> Result<(), TrustError> {
    let was_trusted =
        stores.status(former.for_trust())?.iter().any(|store| matches!(store.standing, Standing::Trusted));
    if was_trusted {
        stores.install(leaf.for_trust())?;
        tracing::info!(name = leaf.name(), "browsers now trust the renewed local certificate");
    }
    stores.remove(former.for_trust())?;
    Ok(())
}
