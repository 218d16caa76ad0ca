//! Which libraries are on this computer, and fit to be loaded.

use super::{
    Library, P11Kit,
    catalogue::{Catalogue, Entry, Origin},
};
use platform::trusted::{self, Distrust};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug, Default)]
pub struct Inventory {
    /// The libraries to ask: each once, where it really lies, the vendors' own before those for many vendors' tokens.
    pub libraries: Vec<Library>,
    /// Those that are there and are not loaded.
    pub refused: Vec<Refused>,
    /// The vendors of whom nothing is there.
    pub absent: Vec<Absent>,
    /// Those that are there and were switched off.
    pub off: Vec<Off>,
}

/// A library, or a file that registers one, that is not used.
#[derive(Debug)]
pub struct Refused {
    /// The vendor.
    pub vendor: String,
    /// The library as it was named.
    pub path: PathBuf,
    /// Who named it.
    pub origin: Origin,
    /// Why.
    pub why: Distrust,
}

/// A vendor without a library on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The vendor.
    pub vendor: String,
    /// Where it was looked for. Nowhere: no library of this vendor is known, for this system at least.
    pub looked_at: Vec<PathBuf>,
    /// What the catalogue has to say.
    pub note: String,
    /// Who says so.
    pub origin: Origin,
}

/// A library that was switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Off {
    /// The vendor.
    pub vendor: String,
    /// The library.
    pub path: PathBuf,
    /// The file that says so.
    pub by: Origin,
}

/// A library that somebody names.
struct Candidate<'a> {
    vendor: String,
    path: PathBuf,
    origin: Origin,
    /// Whose rules hold.
    entry: Option<&'a Entry>,
    is_generic: bool,
}

/// Looks at everything that the catalogue and p11-kit name. Loads nothing.
#[must_use]
pub fn find(catalogue: &Catalogue, p11_kit: &P11Kit) -> Inventory {
    let mut inventory = Inventory::default();
    let mut candidates: Vec<Candidate<'_>> = Vec::new();
    for entry in catalogue.entries().iter().filter(|entry| !entry.is_off) {
        candidates.extend(entry.paths.iter().map(|path| Candidate {
            vendor: catalogue.vendor(&entry.vendor).unwrap_or(&entry.vendor).to_owned(),
            path: path.clone(),
            origin: entry.origin.clone(),
            entry: Some(entry),
            is_generic: entry.is_generic,
        }));
    }
    let (modules, unread) = p11_kit.modules();
    for module in modules {
        let entry = catalogue.entry_of(&module.driver);
        candidates.push(Candidate {
            vendor: entry.map_or(module.name, |entry| entry.vendor.clone()),
            path: module.driver,
            origin: Origin::File(module.file),
            entry,
            is_generic: entry.is_some_and(|entry| entry.is_generic),
        });
    }
    for file in unread {
        inventory.refused.push(Refused {
            vendor: file.file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            path: file.file.clone(),
            origin: Origin::File(file.file.clone()),
            why: unread_file(file.file, file.error),
        });
    }
    // A stable sort: among equals the order of the files stays.
    candidates.sort_by_key(|candidate| candidate.is_generic);
    let mut looked_at = BTreeSet::new();
    let mut real = BTreeSet::new();
    for candidate in candidates {
        if looked_at.insert(candidate.path.clone()) {
            inventory.judge(catalogue, candidate, &mut real);
        }
    }
    inventory.note_absent(catalogue);
    inventory
}

/// Where a library really lies, when it is fit to be loaded.
///
/// # Errors
/// [`Distrust`].
pub fn check(library: &Path) -> Result<PathBuf, Distrust> {
    trusted::resolve(library)
}

fn unread_file(path: PathBuf, error: io::Error) -> Distrust {
    match error.kind() {
        io::ErrorKind::InvalidInput => Distrust::NotAFile(path),
        _ => Distrust::Unreadable { path, error },
    }
}

impl Inventory {
    fn judge(&mut self, catalogue: &Catalogue, candidate: Candidate<'_>, real: &mut BTreeSet<PathBuf>) {
        let Candidate { vendor, path, origin, entry, .. } = candidate;
        let resolved = match check(&path) {
            // Where a catalogue looks in vain is no news; what p11-kit or a person named and is gone is.
            Err(Distrust::Missing(_)) if origin == Origin::BuiltIn => return,
            other => other,
        };
        let lies_at = resolved.as_deref().unwrap_or(&path);
        // Two names of one library, and two libraries through one refused folder, are told apart here.
        if !real.insert(lies_at.to_owned()) {
            return;
        }
        if let Some(off) = catalogue.switched_off(&vendor, &[&path, lies_at]) {
            self.off.push(Off { vendor, path: lies_at.to_owned(), by: off.origin.clone() });
            return;
        }
        match resolved {
            Ok(path) => {
                let rules = entry.map(|entry| catalogue.rules_of(entry)).unwrap_or_default();
                self.libraries.push(Library { vendor, path, rules });
            }
            Err(why) => self.refused.push(Refused { vendor, path, origin, why }),
        }
    }

    /// The vendors of whom neither of the other lists has anything.
    fn note_absent(&mut self, catalogue: &Catalogue) {
        for entry in catalogue.entries().iter().filter(|entry| !entry.is_off) {
            let is = |vendor: &str| super::catalogue::same(vendor, &entry.vendor);
            let is_known = self.libraries.iter().any(|library| is(&library.vendor))
                || self.refused.iter().any(|refused| is(&refused.vendor))
                || self.off.iter().any(|off| is(&off.vendor));
            if is_known || catalogue.switched_off(&entry.vendor, &[]).is_some() {
                continue;
            }
            match self.absent.iter_mut().find(|absent| super::catalogue::same(&absent.vendor, &entry.vendor)) {
                Some(absent) => absent.looked_at.extend(entry.paths.iter().cloned()),
                None => self.absent.push(Absent {
                    vendor: entry.vendor.clone(),
                    looked_at: entry.paths.clone(),
                    note: entry.note.clone(),
                    origin: entry.origin.clone(),
                }),
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    /// Any file that root alone can write to stands for a library here: nothing is loaded.
    const GOOD: &str = "/bin/sh";

    struct Desk {
        dir: tempfile::TempDir,
        kit: P11Kit,
    }

    impl Desk {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir(dir.path().join("modules")).unwrap();
            let kit = P11Kit { system: vec![dir.path().join("modules")], ..P11Kit::default() };
            Self { dir, kit }
        }

        fn at(&self, name: &str) -> String {
            self.dir.path().join(name).to_str().unwrap().to_owned()
        }

        fn find(&self, text: &str) -> Inventory {
            let file = self.dir.path().join("tokens.toml");
            fs::write(&file, text).unwrap();
            find(&Catalogue::built_in().unwrap().with(&file).unwrap(), &self.kit)
        }
    }

    fn real() -> PathBuf {
        fs::canonicalize(GOOD).unwrap()
    }

    #[test]
    fn a_library_is_found_once_whatever_names_lead_to_it() {
        let desk = Desk::new();
        symlink(GOOD, desk.at("one.so")).unwrap();
        symlink(desk.at("one.so"), desk.at("two.so")).unwrap();
        fs::write(desk.at("modules/x.module"), format!("module: {GOOD}\n")).unwrap();
        let inventory = desk.find(&format!(
            "[[library]]\nvendor = \"KazToken\"\npath = \"{}\"\n[[library]]\nvendor = \"Y\"\npath = \"{}\"\n",
            desk.at("one.so"),
            desk.at("two.so"),
        ));
        let of_ours: Vec<_> = inventory.libraries.iter().filter(|library| library.path == real()).collect();
        assert_eq!(of_ours.len(), 1);
        assert_eq!(of_ours[0].vendor, "KazToken");
        assert_eq!(of_ours[0].storage_in(&pkcs11::wire::TokenId::default(), ""), Some("AKKaztokenStore"));
        assert!(!inventory.absent.iter().any(|absent| absent.vendor.eq_ignore_ascii_case("kaztoken")));
    }

    #[test]
    fn the_vendors_own_are_asked_before_what_reads_everything() {
        let desk = Desk::new();
        fs::write(desk.at("modules/x.module"), "module: /bin/cat\n").unwrap();
        let inventory =
            desk.find("[[library]]\nvendor = \"All\"\ngeneric = true\npath = \"/bin/ls\"\n[[library]]\nvendor = \"Own\"\npath = \"/bin/sh\"");
        let ours: Vec<_> = inventory
            .libraries
            .iter()
            .map(|library| library.vendor.as_str())
            .filter(|vendor| ["All", "Own", "x"].contains(vendor))
            .collect();
        assert_eq!(ours, ["Own", "x", "All"]);
    }

    #[test]
    fn a_library_in_an_open_folder_is_refused_and_said_so() {
        let desk = Desk::new();
        let open = desk.at("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(desk.at("open/x.so"), b"").unwrap();
        fs::write(desk.at("modules/m.module"), format!("module: {open}/x.so\n")).unwrap();
        let inventory = desk.find("");
        let refused = inventory.refused.iter().find(|refused| refused.vendor == "m").unwrap();
        assert_eq!(refused.why.code(), "writable-by-others");
        assert_eq!(refused.origin, Origin::File(desk.dir.path().join("modules/m.module")));
        assert!(!inventory.libraries.iter().any(|library| library.path.ends_with("x.so")));
    }

    #[test]
    fn what_somebody_named_and_is_gone_is_said_and_what_we_only_guess_at_is_not() {
        let desk = Desk::new();
        let inventory = desk.find("[[library]]\nvendor = \"Gone\"\npath = \"/opt/no/such.so\"");
        let gone = inventory.refused.iter().find(|refused| refused.vendor == "Gone").unwrap();
        assert_eq!(gone.why.code(), "missing");
        assert!(
            !inventory
                .refused
                .iter()
                .any(|refused| refused.origin == Origin::BuiltIn && refused.why.code() == "missing")
        );
        let kaztoken = inventory.absent.iter().find(|absent| absent.vendor == "KAZTOKEN").unwrap();
        assert!(kaztoken.looked_at.is_empty());
    }

    #[test]
    fn what_is_switched_off_is_not_asked_under_any_name() {
        let desk = Desk::new();
        symlink(GOOD, desk.at("one.so")).unwrap();
        let add = format!("[[library]]\nvendor = \"X\"\npath = \"{GOOD}\"\n");
        assert!(desk.find(&add).libraries.iter().any(|library| library.path == real()));
        for off in [format!("path = \"{}\"", desk.at("one.so")), "vendor = \"x\"".to_owned()] {
            let inventory = desk.find(&format!("{add}[[library]]\n{off}\noff = true\n"));
            assert!(!inventory.libraries.iter().any(|library| library.path == real()), "{off}");
            assert_eq!(inventory.off[0].path, real());
            assert_eq!(inventory.off[0].by, Origin::File(desk.dir.path().join("tokens.toml")));
            assert!(!inventory.absent.iter().any(|absent| absent.vendor == "X"));
        }
    }

    #[test]
    fn a_module_file_that_cannot_be_read_is_named() {
        let desk = Desk::new();
        fs::write(desk.at("modules/bad.module"), b"\xff\xff").unwrap();
        let inventory = desk.find("");
        assert_eq!(inventory.refused.iter().find(|refused| refused.vendor == "bad").unwrap().why.code(), "unreadable");
    }
}
