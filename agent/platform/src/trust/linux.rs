//! Linux: the NSS databases of Chromium and Firefox, wherever these have kept them (`ncalayer-protocol.md` 2.2).

use super::{Leaf, Standing, Store, TrustError, TrustStores, Vouching, nss};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// More profiles than this nobody has; a home folder full of links must not keep us forever.
const MOST_DATABASES: usize = 256;

/// The file that makes a folder a database of the present format. The former one (`cert8.db`, Firefox before 58 of 2018)
/// is read by no browser that is still served.
const DATABASE: &str = "cert9.db";

/// Where Chromium and its relatives look, the first that exists, below the home folder they see.
const CHROMIUM: [&str; 3] = [".pki/nssdb", ".local/share/pki/nssdb", "data/pki/nssdb"];

/// Where Firefox and its relatives keep their profiles: formerly, since Firefox 147, and inside a flatpak.
const FIREFOX: [&str; 5] =
    [".mozilla/firefox", ".config/mozilla/firefox", "config/mozilla/firefox", ".librewolf", ".waterfox"];

/// Sandboxed Chromiums see a home folder of their own; these make the first of [`CHROMIUM`] in it.
const SANDBOXED_CHROMIUMS: [&str; 8] = [
    "snap/chromium/current",
    ".var/app/org.chromium.Chromium",
    ".var/app/com.google.Chrome",
    ".var/app/com.microsoft.Edge",
    ".var/app/com.brave.Browser",
    ".var/app/com.opera.Opera",
    ".var/app/com.vivaldi.Vivaldi",
    ".var/app/ru.yandex.Browser",
];

/// The stores of one user.
#[derive(Clone, Debug)]
pub struct SystemTrust {
    home: PathBuf,
}

struct Database {
    path: PathBuf,
    browser: &'static str,
}

impl SystemTrust {
    /// The stores of the current user.
    ///
    /// # Errors
    /// [`TrustError::NoHome`].
    pub fn of_user() -> Result<Self, TrustError> {
        std::env::home_dir().filter(|home| home.is_absolute()).map(Self::below).ok_or(TrustError::NoHome)
    }

    /// The stores below this home folder.
    #[must_use]
    pub fn below(home: PathBuf) -> Self {
        Self { home }
    }

    /// The home folders that browsers see: the person's own and those of sandboxes.
    fn homes(&self) -> Vec<PathBuf> {
        let mut homes = vec![self.home.clone()];
        for snap in folders_in(&self.home.join("snap")) {
            homes.push(snap.join("common"));
            homes.push(snap.join("current"));
        }
        homes.extend(folders_in(&self.home.join(".var/app")));
        homes
    }

    fn databases(&self) -> Vec<Database> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for home in self.homes() {
            let of_chromium = CHROMIUM.iter().map(|place| (home.join(place), "Chromium"));
            let of_firefox =
                FIREFOX.iter().flat_map(|place| folders_in(&home.join(place))).map(|profile| (profile, "Firefox"));
            for (path, browser) in of_chromium.chain(of_firefox) {
                // `snap/NAME/current` is a link to a revision: the same place under two names.
                let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
                if found.len() < MOST_DATABASES && path.join(DATABASE).is_file() && seen.insert(real) {
                    found.push(Database { path, browser });
                }
            }
        }
        found
    }

    /// Where the databases are, and whose.
    pub(crate) fn places(&self) -> Vec<(PathBuf, &'static str)> {
        self.databases().into_iter().map(|Database { path, browser }| (path, browser)).collect()
    }

    /// Makes the database that Chromium would make, for each Chromium that has none yet. One that uses the second
    /// place is left there: it would leave its other certificates behind if the first appeared.
    pub(crate) fn create_missing(&self) -> Result<(), TrustError> {
        let sandboxes = SANDBOXED_CHROMIUMS.iter().map(|place| self.home.join(place)).filter(|home| home.is_dir());
        for home in std::iter::once(self.home.clone()).chain(sandboxes) {
            if let [first, ..] = CHROMIUM
                && !CHROMIUM.iter().any(|place| home.join(place).join(DATABASE).is_file())
            {
                nss::create(&home.join(first))?;
            }
        }
        Ok(())
    }

    /// The certificates that persons or programs put into the stores, and that are believed when they vouch for web sites.
    /// A store that cannot be read has none to tell of.
    ///
    /// # Errors
    /// [`TrustError::ToolMissing`].
    pub fn vouching(&self) -> Result<Vec<Vouching>, TrustError> {
        nss::look_for_tool()?;
        let mut found = Vec::new();
        for Database { path, browser } in self.databases() {
            for (nickname, der) in nss::vouching(&path)? {
                found.push(Vouching { path: path.clone(), browser, nickname, der });
            }
        }
        Ok(found)
    }

    /// Whether a store asks for a password of its own, so that only its program can change what it trusts.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn is_locked(&self, store: &Path) -> Result<bool, TrustError> {
        nss::is_locked(store)
    }

    /// Takes one of them out of its store, if it is still there.
    ///
    /// # Errors
    /// [`TrustError`]; it is then still there.
    pub fn take_out(&self, one: &Vouching) -> Result<(), TrustError> {
        nss::take_out(&one.path, &one.nickname, &one.der)
    }

    fn each(&self, act: impl Fn(&Path) -> Result<Standing, TrustError>) -> Result<Vec<Store>, TrustError> {
        nss::look_for_tool()?;
        Ok(self
            .databases()
            .into_iter()
            .map(|Database { path, browser }| {
                let standing = act(&path).unwrap_or_else(|error| Standing::Unusable(error.to_string()));
                Store { path, browser, standing }
            })
            .collect())
    }
}

impl TrustStores for SystemTrust {
    fn status(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        self.each(|database| nss::standing(database, leaf))
    }

    fn install(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        nss::look_for_tool()?;
        self.create_missing()?;
        self.each(|database| nss::install(database, leaf))
    }

    fn remove(&self, leaf: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        self.each(|database| nss::remove(database, leaf))
    }
}

/// The folders directly in this one; none where it cannot be read.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .take(MOST_DATABASES)
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}
