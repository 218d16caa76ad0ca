//! Whether a newer Tanba is there, by the word of a signed version file that the settings name. Nothing but that file is
//! ever fetched: what is done about it is a person's business.
//!
//! - [`VersionFile`]: what such a file says, believed only when exactly one signature is on it, and that is the pinned one;
//!   [`NotBelieved`] is why not.
//! - [`fetch`]: the octets, from an address or a path; [`Unavailable`] is why there are none.
//! - [`Memory`]: what was seen and said before, so that an older file is known for one and each version is told once.
//! - [`Standing`]: what it comes to. `tanba doctor` looks each time it is asked to.
//! - [`Watch`]: the look of the guardian, once a day.
//! - [`known_newer`]: what the guardian last found, for a window that asks nobody.
//!
//! `docs/updates.md` says how the file is made, and what is checked of it.

mod fetch;
mod memory;
mod moment;
mod standing;
mod version_file;
mod watch;

pub use fetch::{Unavailable, fetch};
pub use memory::{Memory, Release};
pub use semver::Version;
pub use standing::Standing;
pub use version_file::{NotBelieved, VersionFile};
pub use watch::{Watch, known_newer};

/// The version of this very program.
#[must_use]
pub fn this_version() -> Version {
    let number = |text: &str| text.parse().unwrap_or_default();
    let mut version = Version::new(
        number(env!("CARGO_PKG_VERSION_MAJOR")),
        number(env!("CARGO_PKG_VERSION_MINOR")),
        number(env!("CARGO_PKG_VERSION_PATCH")),
    );
    version.pre = semver::Prerelease::new(env!("CARGO_PKG_VERSION_PRE")).unwrap_or_default();
    version
}

/// Whether one version is newer than another: by their numbers (2.10 is newer than 2.9), and a pre-release is older than the
/// version that it leads to. What was built, and when, does not count.
#[must_use]
pub fn is_newer(one: &Version, than: &Version) -> bool {
    one.cmp_precedence(than).is_gt()
}

#[cfg(test)]
mod tests;
