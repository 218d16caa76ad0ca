//! The window in which a person chooses a key, types its password and decides.

use super::Room;
use super::choice::{Asked, Decided, Decision, List, choose};
use super::errand::{End, Errand};
use super::keys::{KeyFault, Keys, Place, Purpose};
use crate::fitness::named_authority;
use crate::known_keys::{KnownKeys, KnownKeysError};
use crate::window::{Busy, KeyRow, Looking, RowId};
use keystore::pkcs11::Snapshot;
use order::{Chain, FailureCode, KeyFilter};
use pki::Timestamp;
use std::path::Path;

/// What is done with the key that was chosen.
pub(super) type Chosen<'c, 'k> = Decided<'c, Keys<'k>>;

/// Asks for a key and has something done with it, as often as it takes. `asked` gets the digest lengths that the keys
/// sign which may answer. Whatever `act` gives is told: it looks for a no itself, last before anything leaves.
pub(super) fn with_key<T>(
    errand: &mut Errand<'_, '_>,
    purpose: Purpose,
    filter: &KeyFilter,
    asked: impl FnOnce(&[usize]) -> Asked,
    act: &mut dyn FnMut(&Room<'_>, Chosen<'_, '_>) -> Result<T, KeyFault>,
) -> Result<T, End> {
    choose(errand, |room| Keys::of(room, purpose, filter), |keys| asked(&keys.digest_lengths()), &mut |room, chosen| {
        decide(room, chosen, act)
    })
}

impl List for Keys<'_> {
    fn rows(&self) -> Vec<KeyRow> {
        self.rows()
    }

    fn looking(&self) -> Looking {
        self.looking()
    }

    fn refresh(&mut self, snapshot: Snapshot) {
        self.refresh(snapshot);
    }

    fn take_file(&mut self, path: &Path) -> Result<RowId, KeyFault> {
        self.add(path)
    }

    fn forget(&mut self, row: RowId, known: &mut KnownKeys) -> Result<(), KnownKeysError> {
        self.forget(row, known)
    }

    fn be_as_of(&mut self, now: Timestamp) {
        self.be_as_of(now);
    }

    fn busy(&self, row: RowId) -> Busy {
        self.busy(row)
    }
}

/// What a page says of the keys must be readable.
pub(super) fn check_filter(filter: &KeyFilter) -> Result<(), End> {
    let unreadable = match &filter.chain {
        Chain::These(authorities) => authorities.iter().position(|one| named_authority(one).is_none()),
        Chain::Nca | Chain::Any => None,
    };
    unreadable.map_or(Ok(()), |place| {
        Err(End::failed(FailureCode::InvalidRequest, format!("chain[{place}] is no certificate")))
    })
}

fn decide<T>(
    room: &mut Room<'_>,
    chosen: Chosen<'_, '_>,
    act: &mut dyn FnMut(&Room<'_>, Chosen<'_, '_>) -> Result<T, KeyFault>,
) -> Decision<T> {
    let Chosen { list: keys, row, secret, filled, is_stopped } = chosen;
    if keys.is_gone(row) {
        return Decision::Failed(KeyFault::gone());
    }
    if keys.is_locked(row) {
        return match keys.open(row, secret) {
            Ok((place, certificates)) => {
                // A token shows by itself, and is not remembered.
                if let Place::File(path) = &place
                    && let Err(error) = room.known.remember(path, certificates)
                {
                    // The list is a convenience: signing goes on without it.
                    tracing::warn!(%error, "the key file could not be remembered");
                }
                Decision::Opened(keys.first_that_fits(&place))
            }
            Err(fault) => Decision::Failed(fault),
        };
    }
    // The list that the window had may be older than the key's certificate: the judgement is made again.
    if !keys.fits(row) {
        return Decision::Failed(KeyFault::Unfit);
    }
    match act(room, Chosen { list: &mut *keys, row, secret, filled, is_stopped }) {
        Ok(result) => {
            keys.used(row, room.known);
            Decision::Done(result)
        }
        Err(fault @ KeyFault::Sent(_)) => Decision::Unsure(fault),
        Err(fault @ KeyFault::Signer(_)) => {
            keys.lock_again(row);
            Decision::Failed(fault)
        }
        Err(fault @ KeyFault::Changed) => Decision::Changed(fault),
        Err(fault) => Decision::Failed(fault),
    }
}
