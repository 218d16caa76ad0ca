//! The module files of p11-kit (pkcs11.conf(5)): one for each library that the system's packages, an administrator or a
//! person registered for all programs.
//!
//! They are read here, and p11-kit itself is not loaded: its proxy would bring every vendor's library into one process.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The longest module file.
const LONGEST_FILE: u64 = 64 * 1024;
/// The most files of one folder.
const MOST_FILES: usize = 256;
/// The longest line with a library in it, in octets.
const LONGEST_PATH: usize = 4096;

/// The names under which a module may be enabled or disabled for us.
const PROGRAMS: [&str; 2] = ["tanba", "tanba-signer"];

/// Libraries that hold no keys of a person, or bring others into the same process: p11-kit's own, and a keyring of
/// certificates. Recognised by how their files begin.
const LEFT_OUT: [&str; 5] = ["p11-kit-trust", "p11-kit-proxy", "libp11-kit", "p11-kit-client", "gnome-keyring"];

/// Where p11-kit has its files.
#[derive(Clone, Debug, Default)]
pub struct P11Kit {
    /// `pkcs11.conf`, which says whether a person's files count.
    pub configuration: Option<PathBuf>,
    /// The person's module files.
    pub person: Option<PathBuf>,
    /// The administrator's and the packages', in this order.
    pub system: Vec<PathBuf>,
    /// What a `module:` that is no absolute path is relative to; the first that has it counts.
    pub libraries: Vec<PathBuf>,
}

/// A registered library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    /// The file's name without its ending.
    pub(super) name: String,
    /// The file.
    pub(super) file: PathBuf,
    /// The library.
    pub(super) driver: PathBuf,
}

/// A module file that is not read.
#[derive(Debug)]
pub(super) struct Unread {
    pub(super) file: PathBuf,
    pub(super) error: io::Error,
}

type Members = BTreeMap<String, String>;

impl P11Kit {
    /// This system's, and this person's. p11-kit is not used on Windows.
    #[must_use]
    pub fn of_system() -> Self {
        if cfg!(windows) {
            return Self::default();
        }
        let config = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute())
            .or_else(|| std::env::home_dir().map(|home| home.join(".config")));
        // Debian's folders carry the name of the machine's kind, others' do not.
        let machine = match std::env::consts::ARCH {
            "x86" => "i386-linux-gnu".to_owned(),
            "arm" => "arm-linux-gnueabihf".to_owned(),
            "powerpc64" => "powerpc64le-linux-gnu".to_owned(),
            other => format!("{other}-linux-gnu"),
        };
        Self {
            configuration: Some("/etc/pkcs11/pkcs11.conf".into()),
            person: config.map(|config| config.join("pkcs11/modules")),
            system: vec!["/etc/pkcs11/modules".into(), "/usr/share/p11-kit/modules".into()],
            libraries: vec![
                format!("/usr/lib/{machine}/pkcs11").into(),
                "/usr/lib64/pkcs11".into(),
                "/usr/lib/pkcs11".into(),
                "/usr/local/lib/pkcs11".into(),
            ],
        }
    }

    /// The libraries that are registered for us, in the order of their files' names.
    pub(super) fn modules(&self) -> (Vec<Module>, Vec<Unread>) {
        let mut unread = Vec::new();
        let mut merged: BTreeMap<String, (PathBuf, Members)> = BTreeMap::new();
        for folder in self.folders() {
            for file in files(folder) {
                let members = match read(&file) {
                    Ok(members) => members,
                    Err(error) => {
                        unread.push(Unread { file, error });
                        continue;
                    }
                };
                let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                // A file of the same name in a later folder only says what this one leaves out.
                let (_, known) = merged.entry(name).or_insert_with(|| (file, Members::new()));
                for (member, value) in members {
                    known.entry(member).or_insert(value);
                }
            }
        }
        let modules = merged.into_iter().filter_map(|(name, (file, members))| {
            let library = self.driver(&members).filter(|_| is_for_us(&members))?;
            (!is_left_out(&library)).then_some(Module { name, file, driver: library })
        });
        (modules.collect(), unread)
    }

    /// The folders to look into, the person's first.
    fn folders(&self) -> Vec<&Path> {
        let configuration = self.configuration.as_deref().and_then(|file| read(file).ok()).unwrap_or_default();
        let user = configuration.get("user-config").map(String::as_str);
        let person = self.person.as_deref().filter(|_| user != Some("none"));
        let system = self.system.iter().map(PathBuf::as_path).filter(|_| user != Some("only"));
        person.into_iter().chain(system).collect()
    }

    /// Where the library lies. A module without one is registered to be none; one of `remote:` is a program that speaks
    /// p11-kit's own protocol.
    fn driver(&self, members: &Members) -> Option<PathBuf> {
        let named = members.get("module").filter(|named| !named.is_empty() && named.len() <= LONGEST_PATH)?;
        if members.contains_key("remote") {
            return None;
        }
        if let Some(below_home) = named.strip_prefix("~/") {
            return Some(std::env::home_dir()?.join(below_home));
        }
        let path = Path::new(named);
        if path.is_absolute() {
            return Some(path.to_owned());
        }
        let mut candidates = self.libraries.iter().map(|folder| folder.join(path));
        candidates.clone().find(|path| path.exists()).or_else(|| candidates.next())
    }
}

/// The module files of a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_module = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "module");
    // No more names are held than count, whatever somebody filled the folder with.
    let mut paths: Vec<_> =
        entries.flatten().take(MOST_FILES * 16).map(|entry| entry.path()).filter(is_module).collect();
    paths.sort();
    paths.truncate(MOST_FILES);
    paths
}

/// A file's members: `name: value`, one to a line. What has no colon says nothing, as p11-kit has it.
fn read(file: &Path) -> io::Result<Members> {
    // A link is followed, a pipe is not waited for.
    let bytes = platform::files::read_ordinary(&file.canonicalize()?, LONGEST_FILE)?;
    let text = String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    if text.contains('\0') {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a text"));
    }
    let mut members = Members::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some((name, value)) = line.split_once(':') {
            members.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }
    Ok(members)
}

/// `enable-in` and `disable-in`: programs, divided by commas or blanks.
fn is_for_us(members: &Members) -> bool {
    let names_us =
        |list: &str| list.split(|c: char| c == ',' || c.is_whitespace()).any(|program| PROGRAMS.contains(&program));
    match (members.get("enable-in"), members.get("disable-in")) {
        (Some(list), _) => names_us(list),
        (None, Some(list)) => !names_us(list),
        (None, None) => true,
    }
}

/// Under its own name or another one that leads to it.
fn is_left_out(library: &Path) -> bool {
    let named = library.file_name().map(|name| name.to_string_lossy().into_owned());
    let real = library.canonicalize().ok();
    let real = real.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    named.iter().chain(&real).any(|name| LEFT_OUT.iter().any(|start| name.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Folders {
        dir: tempfile::TempDir,
        kit: P11Kit,
    }

    impl Folders {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let at = |name: &str| dir.path().join(name);
            for name in ["person", "etc", "share", "lib"] {
                fs::create_dir(at(name)).unwrap();
            }
            let kit = P11Kit {
                configuration: Some(at("pkcs11.conf")),
                person: Some(at("person")),
                system: vec![at("etc"), at("share")],
                libraries: vec![at("nowhere"), at("lib")],
            };
            Self { dir, kit }
        }

        fn write(&self, name: &str, content: impl AsRef<[u8]>) {
            fs::write(self.dir.path().join(name), content).unwrap();
        }

        fn libraries(&self) -> Vec<(String, String)> {
            let (modules, _) = self.kit.modules();
            let shown = |path: &Path| path.strip_prefix(self.dir.path()).unwrap_or(path).to_str().unwrap().to_owned();
            modules.into_iter().map(|module| (module.name, shown(&module.driver))).collect()
        }

        #[track_caller]
        fn has(&self, expected: &[(&str, &str)]) {
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(self.libraries(), expected);
        }
    }

    #[test]
    fn modules_are_read_as_people_and_packages_write_them() {
        let folders = Folders::new();
        folders.write("lib/there.so", "");
        folders.write("share/a.module", "# comment\n\n  module :  there.so  \ncritical: yes\r\nnonsense\n:\n");
        folders.write("share/b.module", "module: /opt/b.so\n");
        folders.write("share/c.module", "module: absent.so\n");
        folders.write("share/d.module", "#module: /opt/d.so\n");
        folders.write("share/e.module", "module:\n");
        folders.write("share/f.module", "remote: |ssh host p11-kit remote\nmodule: /opt/f.so\n");
        folders.write("share/g.conf", "module: /opt/g.so\n");
        folders.write("share/h.module", "module: p11-kit-trust.so\n");
        folders.write("share/i.module", "module: /usr/lib/gnome-keyring-pkcs11.so\n");
        folders.has(&[("a", "lib/there.so"), ("b", "/opt/b.so"), ("c", "nowhere/absent.so")]);
    }

    #[test]
    fn a_persons_file_goes_before_the_systems_of_the_same_name() {
        let folders = Folders::new();
        folders.write("share/a.module", "module: /opt/package.so\ndisable-in: tanba\n");
        folders.write("etc/a.module", "disable-in:\n");
        folders.write("person/a.module", "module: /opt/own.so\n");
        folders.write("share/b.module", "module: /opt/b.so\n");
        folders.write("person/b.module", "module:\n");
        folders.has(&[("a", "/opt/own.so")]);
        folders.write("pkcs11.conf", "user-config: none\n");
        folders.has(&[("a", "/opt/package.so"), ("b", "/opt/b.so")]);
        folders.write("pkcs11.conf", "user-config: only\n");
        folders.has(&[("a", "/opt/own.so")]);
    }

    #[test]
    fn a_module_that_is_not_meant_for_us_is_left_alone() {
        let folders = Folders::new();
        for (name, lines, is_ours) in [
            ("a", "enable-in: firefox, tanba", true),
            ("b", "enable-in: firefox", false),
            ("c", "enable-in:", false),
            ("d", "disable-in: firefox p11-kit-proxy", true),
            ("e", "disable-in: firefox,tanba-signer", false),
        ] {
            folders.write(&format!("share/{name}.module"), format!("module: /opt/x.so\n{lines}\n"));
            let is_there = folders.libraries().iter().any(|(module, _)| module == name);
            assert_eq!(is_there, is_ours, "{lines}");
        }
    }

    #[test]
    fn hostile_files_are_passed_over_and_named() {
        let folders = Folders::new();
        folders.write("share/huge.module", "module: /opt/x.so\n".repeat(10_000));
        folders.write("share/binary.module", b"module: /opt/\xff\xfe.so\n");
        folders.write("share/nul.module", b"module: /opt/x\0y.so\n");
        folders.write("share/long.module", format!("module: /{}\n", "x".repeat(5000)));
        folders.write("share/good.module", "module: /opt/good.so\n");
        fs::create_dir(folders.dir.path().join("share/folder.module")).unwrap();
        let mut unread = 4;
        #[cfg(unix)]
        {
            let at = |name: &str| folders.dir.path().join("share").join(name);
            std::os::unix::fs::symlink(at("loop.module"), at("loop.module")).unwrap();
            std::os::unix::fs::symlink("/dev/zero", at("zero.module")).unwrap();
            unread += 2;
        }
        folders.has(&[("good", "/opt/good.so")]);
        assert_eq!(folders.kit.modules().1.len(), unread);
    }

    #[test]
    fn a_folder_full_of_files_costs_a_bounded_time() {
        let folders = Folders::new();
        for number in 0..300 {
            folders.write(&format!("share/{number:03}.module"), "module: /opt/x.so\n");
        }
        assert_eq!(folders.kit.modules().0.len(), MOST_FILES);
    }
}
