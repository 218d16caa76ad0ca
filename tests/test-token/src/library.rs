//! Which file this library was loaded from, and what stands in the configuration beside it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock, PoisonError},
};

use cryptoki_sys::CKR_GENERAL_ERROR;

use crate::{
    card::Answer,
    config::ModuleConfig,
    fault::{self, Source, Twist},
    watched::Watched,
};

/// This library.
pub(crate) struct Library {
    path: PathBuf,
    config: Mutex<Watched<ModuleConfig>>,
}

impl Library {
    /// The library whose code lies at `address`; `None` where the system does not tell of it.
    pub(crate) fn at(address: usize) -> Option<&'static Self> {
        static THIS: OnceLock<Option<Library>> = OnceLock::new();
        let find = || {
            let path = mapped_at(&fs::read_to_string("/proc/self/maps").ok()?, address)?;
            let config = Mutex::new(Watched::new(config_of(&path)));
            Some(Self { path, config })
        };
        THIS.get_or_init(find).as_ref()
    }

    /// What the file says at this moment.
    pub(crate) fn config(&self) -> io::Result<ModuleConfig> {
        self.config.lock().unwrap_or_else(PoisonError::into_inner).get()
    }

    /// The folder that the cards' folders are seen from.
    pub(crate) fn folder(&self) -> Answer<&Path> {
        self.path.parent().ok_or(CKR_GENERAL_ERROR)
    }

    /// The faults of the library, whatever the card.
    pub(crate) fn meet(&self, function: &str) -> Answer<Twist> {
        // Without a configuration there is no fault; C_Initialize says that there is none.
        let Ok(config) = self.config() else { return Ok(Twist::None) };
        fault::meet(function, &Source { faults: &config.fault, counts: counts_of(&self.path), card: None })
    }
}

/// The configuration beside a library.
pub(crate) fn config_of(library: &Path) -> PathBuf {
    library.with_extension("toml")
}

/// Where a library's faults are counted.
pub(crate) fn counts_of(library: &Path) -> PathBuf {
    library.with_extension("fault-")
}

/// Where a card's faults are counted.
pub(crate) fn counts_of_card(card: &Path) -> PathBuf {
    card.join("fault-")
}

/// The file that lies at an address, by the lines of `/proc/PID/maps` (proc_pid_maps(5)):
/// `start-end permissions offset device inode path`.
fn mapped_at(maps: &str, address: usize) -> Option<PathBuf> {
    let hexadecimal = |text| usize::from_str_radix(text, 16).ok();
    let line = maps.lines().find(|line| {
        let bounds = line.split(' ').next().and_then(|range| range.split_once('-'));
        let bounds = bounds.and_then(|(start, end)| Some(hexadecimal(start)?..hexadecimal(end)?));
        bounds.is_some_and(|bounds| bounds.contains(&address))
    })?;
    let path = line.get(line.find('/')?..)?;
    // A file that was removed or replaced since is marked so.
    Some(path.strip_suffix(" (deleted)").unwrap_or(path).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_finds_its_own_file_also_with_blanks_in_its_name_and_after_it_was_replaced() {
        let maps = "55d0a000-55d0b000 r-xp 00000000 fe:01 12 /usr/bin/some thing\n\
                    7f00a000-7f00b000 r-xp 00001000 fe:01 34                   /tmp/a b/module.so (deleted)\n\
                    7f00b000-7f00c000 rw-p 00000000 00:00 0\n";
        assert_eq!(mapped_at(maps, 0x7f00_a010), Some("/tmp/a b/module.so".into()));
        assert_eq!(mapped_at(maps, 0x55d0_afff), Some("/usr/bin/some thing".into()));
        assert_eq!(mapped_at(maps, 0x7f00_b000), None);
        assert_eq!(mapped_at(maps, 0), None);
    }
}
