//! How many files and sockets this process may have open.
//!
//! Desktops start programs with a soft limit of 1024 descriptors, for the sake of old ones that cannot count further, and
//! a hard limit far above: whoever needs more asks for it. A listener that did not would let the next page wait as soon
//! as a thousand tabs are open.

use std::io;

/// Asks for at least `wanted` descriptors; gives how many there are now. A limit that is higher stays as it is; one that
/// the administrator set is not exceeded.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn provide(wanted: u64) -> io::Result<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let allowed = now.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    match now.current {
        Some(current) if current < allowed => {
            setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), ..now })?;
            Ok(allowed)
        }
        Some(current) => Ok(current),
        None => Ok(wanted),
    }
}

/// There is no such limit here.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn provide(wanted: u64) -> io::Result<u64> {
    Ok(wanted)
}

#[cfg(all(test, unix))]
mod tests {
    use super::provide;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    #[test]
    fn more_descriptors_are_had_as_far_as_the_administrator_allows_and_never_fewer() {
        let before = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: Some(256), ..before }).unwrap();
        assert_eq!(provide(300).unwrap(), 300);
        assert_eq!(provide(10).unwrap(), 300);
        let most = before.maximum.unwrap_or(4096);
        assert_eq!(provide(most.saturating_add(1)).unwrap(), before.maximum.unwrap_or(most + 1));
        assert_eq!(getrlimit(Resource::Nofile).maximum, before.maximum);
    }
}
