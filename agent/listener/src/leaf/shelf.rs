//! Where the leaf is kept, and when it is replaced.

use super::{Leaf, LeafError};
use platform::files;
use platform::instance::{Instance, InstanceError};
use settings::Places;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// A certificate and a key of ours take less than two kilobytes.
const LONGEST_FILE: u64 = 64 * 1024;

/// How long another process of ours may take to make a leaf.
const PATIENCE: Duration = Duration::from_secs(5);

/// The folder with the leaf, and with the one before it until the browsers know the new one.
#[derive(Clone, Debug)]
pub struct Shelf {
    leaf: PathBuf,
    former: PathBuf,
    lock: PathBuf,
}

/// The leaf as it was found or made.
#[derive(Debug)]
pub struct Opened {
    /// The leaf to serve.
    pub leaf: Leaf,
    /// The one before it, when it is not settled yet whether the browsers that trusted it trust this one.
    pub former: Option<Leaf>,
}

impl Shelf {
    /// The shelf of these places; their folders must be there.
    #[must_use]
    pub fn of(places: &Places) -> Self {
        let in_data = |name: &str| places.data().join(name);
        Self { leaf: in_data("leaf.pem"), former: in_data("leaf-former.pem"), lock: places.runtime().join("leaf.lock") }
    }

    /// The leaf; made where there is none, replaced where it is due or unusable.
    ///
    /// # Errors
    /// [`LeafError`]; a file that this user may not read is not written over.
    pub fn open(&self, now: OffsetDateTime) -> Result<Opened, LeafError> {
        // `tanba run` and `tanba trust install` may be started together; both must end up with the same leaf.
        let _turn = self.wait_for_turn()?;
        let present = read(&self.leaf)?;
        let former = read(&self.former)?;
        match present {
            Some(leaf) if !leaf.is_due(now) => Ok(Opened { leaf, former }),
            ended => {
                let leaf = Leaf::make(now)?;
                // A browser that still trusts the one before that one is told again from the oldest known.
                let former = former.or(ended);
                if let Some(former) = &former {
                    files::write_private(&self.former, former.as_pem().as_bytes())?;
                }
                files::write_private(&self.leaf, leaf.as_pem().as_bytes())?;
                Ok(Opened { leaf, former })
            }
        }
    }

    /// The leaf, where there is one; nothing is made or replaced.
    ///
    /// # Errors
    /// [`LeafError::Io`].
    pub fn peek(&self) -> Result<Option<Leaf>, LeafError> {
        read(&self.leaf)
    }

    /// The leaf before the present one, where it is not settled yet.
    ///
    /// # Errors
    /// [`LeafError::Io`].
    pub fn peek_former(&self) -> Result<Option<Leaf>, LeafError> {
        read(&self.former)
    }

    /// Forgets the leaf before the present one: no browser needs it any more.
    ///
    /// # Errors
    /// [`LeafError::Io`].
    pub fn settle(&self) -> Result<(), LeafError> {
        match std::fs::remove_file(&self.former) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn wait_for_turn(&self) -> Result<Instance, LeafError> {
        let started = Instant::now();
        loop {
            match Instance::acquire(&self.lock) {
                Ok(turn) => return Ok(turn),
                Err(InstanceError::Io(error)) => return Err(error.into()),
                Err(InstanceError::Held(_)) if started.elapsed() > PATIENCE => return Err(LeafError::Busy),
                Err(InstanceError::Held(_)) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

/// A leaf from a file; none where there is no file, or what is in it is no leaf of ours.
fn read(path: &std::path::Path) -> Result<Option<Leaf>, LeafError> {
    let content = match files::read_bounded(path, LONGEST_FILE) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let leaf = std::str::from_utf8(&content).map_err(|_| "not text".to_owned());
    let leaf = leaf.and_then(|pem| Leaf::read(pem).map_err(|error| error.to_string()));
    Ok(leaf.inspect_err(|error| tracing::warn!(%error, "a local certificate is made anew")).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 09:00 UTC);

    fn shelf() -> (tempfile::TempDir, Shelf) {
        let root = tempfile::tempdir().unwrap();
        let places = Places::under(root.path());
        places.create().unwrap();
        let shelf = Shelf::of(&places);
        (root, shelf)
    }

    #[test]
    fn a_leaf_is_made_once_and_kept() {
        let (_root, shelf) = shelf();
        assert!(shelf.peek().unwrap().is_none());
        let first = shelf.open(NOW).unwrap();
        let second = shelf.open(NOW + time::Duration::days(300)).unwrap();
        assert_eq!(first.leaf.der(), second.leaf.der());
        assert!(first.former.is_none() && second.former.is_none());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&shelf.leaf).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_leaf_that_is_due_is_replaced_and_the_former_one_kept_until_settled() {
        let (_root, shelf) = shelf();
        let first = shelf.open(NOW).unwrap().leaf;
        let later = NOW + time::Duration::days(370);
        let renewed = shelf.open(later).unwrap();
        assert_ne!(renewed.leaf.der(), first.der());
        assert_eq!(renewed.former.unwrap().der(), first.der());
        assert_eq!(shelf.open(later).unwrap().former.unwrap().der(), first.der());
        shelf.settle().unwrap();
        shelf.settle().unwrap();
        assert!(shelf.open(later).unwrap().former.is_none());
    }

    #[test]
    fn a_broken_file_is_replaced_and_an_unreadable_one_is_an_error() {
        let (_root, shelf) = shelf();
        std::fs::write(&shelf.leaf, [0xff; 100]).unwrap();
        shelf.open(NOW).unwrap();
        assert!(shelf.peek().unwrap().is_some());
        std::fs::remove_file(&shelf.leaf).unwrap();
        std::fs::create_dir(&shelf.leaf).unwrap();
        assert!(matches!(shelf.open(NOW), Err(LeafError::Io(_))));
    }

    #[test]
    fn two_that_start_together_get_the_same_leaf() {
        let (_root, shelf) = shelf();
        let leaves: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| shelf.open(NOW).unwrap().leaf)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(leaves.windows(2).all(|pair| pair[0].der() == pair[1].der()));
    }
}
