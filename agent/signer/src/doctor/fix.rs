//! What the program can do about a finding, after a yes.

use super::{World, half};
use crate::known_keys::{KnownKeys, KnownKeysError};
use crate::life::blocked::sha256;
use platform::trust::{SystemTrust, TrustError, Vouching};
use settings::SettingsError;
use std::io;
use std::path::{Path, PathBuf};

/// A way to mend something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Start Tanba.
    Start,
    /// Have the browsers trust the local certificate.
    Trust,
    /// Make the local certificate anew.
    Renew,
    /// Close a folder or a file to others.
    Tighten,
    /// Take an authority out of a browser's store.
    TakeOut,
    /// Forget a key file that is not there.
    Forget,
    /// Give a settings file that cannot be used another name.
    SetAside,
    /// Give the port its default back.
    ResetPort,
    /// Have Tanba started at login.
    Autostart,
}

impl Cure {
    /// Its stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Trust => "trust",
            Self::Renew => "renew",
            Self::Tighten => "tighten",
            Self::TakeOut => "take-out",
            Self::Forget => "forget",
            Self::SetAside => "set-aside",
            Self::ResetPort => "reset-port",
            Self::Autostart => "autostart",
        }
    }

    /// The question that is asked before it is done.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Start => "doctor-fix-start",
            Self::Trust => "doctor-fix-trust",
            Self::Renew => "doctor-fix-renew",
            Self::Tighten => "doctor-fix-tighten",
            Self::TakeOut => "doctor-fix-take-out",
            Self::Forget => "doctor-fix-forget",
            Self::SetAside => "doctor-fix-set-aside",
            Self::ResetPort => "doctor-fix-reset-port",
            Self::Autostart => "doctor-fix-autostart",
        }
    }

    /// A yes to everything is none to this: it takes away what somebody may have put there because they need it, or puts
    /// there what somebody may not want.
    #[must_use]
    pub const fn wants_its_own_yes(self) -> bool {
        matches!(self, Self::TakeOut | Self::Forget | Self::ResetPort | Self::Autostart)
    }
}

/// A way to mend this very thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Start Tanba.
    Start,
    /// Have the browsers trust the local certificate, which is made where there is none.
    Trust,
    /// Make the local certificate anew, and hand the browsers' trust on to it.
    Renew,
    /// Close it to others.
    Tighten(PathBuf),
    /// Take it out of its store.
    TakeOut(Vouching),
    /// Forget it.
    Forget(PathBuf),
    /// Give it another name.
    SetAside(PathBuf),
    /// Give the port its default back.
    ResetPort,
    /// Have this Tanba started at login, with these folders.
    Autostart,
}

/// Why something was not mended.
#[derive(Debug, thiserror::Error)]
pub enum FixError {
    /// The system says no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The store says no.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The settings cannot be written.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The list of keys cannot be written.
    #[error(transparent)]
    Keys(#[from] KnownKeysError),
    /// The other half did not do it; what it said.
    #[error("{0}")]
    Half(String),
}

impl Fix {
    /// Which of several ways to mend something this one is, for `tanba doctor --only`: 16 hexadecimal digits, the same while
    /// it would do the same. A new version of this program may call it otherwise.
    #[must_use]
    pub fn id(&self) -> String {
        sha256(format!("{self:?}").as_bytes()).chars().take(16).collect()
    }

    /// Of which kind it is.
    #[must_use]
    pub const fn cure(&self) -> Cure {
        match self {
            Self::Start => Cure::Start,
            Self::Trust => Cure::Trust,
            Self::Renew => Cure::Renew,
            Self::Tighten(_) => Cure::Tighten,
            Self::TakeOut(_) => Cure::TakeOut,
            Self::Forget(_) => Cure::Forget,
            Self::SetAside(_) => Cure::SetAside,
            Self::ResetPort => Cure::ResetPort,
            Self::Autostart => Cure::Autostart,
        }
    }

    /// Does it. Whether it helped, another look tells.
    ///
    /// # Errors
    /// [`FixError`].
    pub fn carry_out(&self, world: &World) -> Result<(), FixError> {
        match self {
            Self::Start => half::start(world)?,
            // What ended, or is none of ours, is made anew on the way.
            Self::Trust | Self::Renew => {
                let answer = half::ask(world, &["trust", "install"])?;
                // 1: a browser whose store is locked; the others were served.
                if !matches!(answer.code, Some(0 | 1)) {
                    return Err(FixError::Half(half::complaint(&answer)));
                }
            }
            Self::Tighten(path) => platform::privacy::close(path)?,
            Self::TakeOut(one) => SystemTrust::of_user()?.take_out(one)?,
            Self::Forget(path) => {
                KnownKeys::load(&world.places.data().join("keys.json"))?.forget(path)?;
            }
            Self::SetAside(file) => std::fs::rename(file, unused_name(file)?)?,
            Self::ResetPort => settings::edit::reset(&world.places, "port")?,
            Self::Autostart => {
                let answer = half::ask(world, &["autostart", "on"])?;
                if answer.code != Some(0) {
                    return Err(FixError::Half(half::complaint(&answer)));
                }
            }
        }
        Ok(())
    }
}

/// `settings.broken.toml`, or with a number behind it: what was set aside before is not lost.
fn unused_name(file: &Path) -> io::Result<PathBuf> {
    let names = (1..100).map(|number| match number {
        1 => file.with_extension("broken.toml"),
        number => file.with_extension(format!("broken-{number}.toml")),
    });
    let mut unused = names.filter(|name| !name.exists());
    unused.next().ok_or_else(|| io::Error::from(io::ErrorKind::AlreadyExists))
}
