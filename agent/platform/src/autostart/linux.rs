//! Linux: an entry in `$XDG_CONFIG_HOME/autostart` (Desktop Application Autostart Specification), which every desktop of
//! today reads, and systemd for those that leave it to it.

use super::entry::{Entry, written};
use super::{Autostart, AutostartError, Standing, Start};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// No entry is longer.
const LONGEST: u64 = 64 * 1024;

/// What this user's desktop starts at login.
#[derive(Clone, Debug)]
pub struct SystemAutostart {
    folder: PathBuf,
}

impl SystemAutostart {
    /// Of the current user.
    ///
    /// # Errors
    /// [`AutostartError::NoHome`].
    pub fn of_user() -> Result<Self, AutostartError> {
        let absolute = |path: &PathBuf| path.is_absolute();
        let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(absolute);
        let config = config.or_else(|| std::env::home_dir().filter(absolute).map(|home| home.join(".config")));
        config.map(|config| Self::below(&config)).ok_or(AutostartError::NoHome)
    }

    /// Of the user whose configuration is here.
    #[must_use]
    pub fn below(config: &Path) -> Self {
        Self { folder: config.join("autostart") }
    }

    fn file(&self, start: Start<'_>) -> PathBuf {
        let name = match start.folder {
            None => "kz.tanba.Tanba.desktop".to_owned(),
            // Each folder has its own, and none may contain a slash.
            Some(folder) => format!("kz.tanba.Tanba-{:016x}.desktop", digest(folder.as_os_str().as_encoded_bytes())),
        };
        self.folder.join(name)
    }
}

impl Autostart for SystemAutostart {
    fn place(&self, start: Start<'_>) -> Result<PathBuf, AutostartError> {
        Ok(self.file(start))
    }

    fn standing(&self, start: Start<'_>) -> Result<Standing, AutostartError> {
        // A link is followed, as the desktop does.
        let text = match crate::files::read_chosen(&self.file(start), LONGEST) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Off),
            Err(error) => return Err(error.into()),
        };
        let entry = Entry::read(&String::from_utf8_lossy(&text));
        if entry.is_disabled {
            return Ok(Standing::Disabled);
        }
        let Some(program) = entry.program() else { return Ok(Standing::Unreadable) };
        Ok(if program.is_absolute() && !is_program(&program) {
            Standing::Gone(program)
        } else if command(start).is_ok_and(|wanted| wanted == entry.command) {
            Standing::On
        } else {
            Standing::Elsewhere(program)
        })
    }

    fn turn_on(&self, start: Start<'_>, why: &str) -> Result<(), AutostartError> {
        let command = command(start)?;
        let text = written(start.program, &command, why).ok_or_else(|| unfit(start))?;
        // The folder is the desktop's, and stays as open as it is.
        fs::create_dir_all(&self.folder)?;
        Ok(crate::files::write_private(&self.file(start), text.as_bytes())?)
    }

    fn turn_off(&self, start: Start<'_>) -> Result<(), AutostartError> {
        match fs::remove_file(self.file(start)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// The command, word by word.
fn command(start: Start<'_>) -> Result<Vec<String>, AutostartError> {
    let text = |path: &Path| path.to_str().map(str::to_owned).ok_or_else(|| AutostartError::Path(path.to_owned()));
    let mut command = vec![text(start.program)?];
    if let Some(folder) = start.folder {
        command.extend(["--data-dir".to_owned(), text(folder)?]);
    }
    command.push("run".to_owned());
    Ok(command)
}

fn unfit(start: Start<'_>) -> AutostartError {
    let is_fit = |path: &&Path| !path.to_string_lossy().chars().any(char::is_control);
    let path = start.folder.filter(|folder| !is_fit(folder)).unwrap_or(start.program);
    AutostartError::Path(path.to_owned())
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// A short name for a long one (FNV-1a, 64 bits): the same on every computer and in every version. Nobody gains by two
/// folders of one person having the same.
fn digest(octets: &[u8]) -> u64 {
    octets.iter().fold(0xcbf2_9ce4_8422_2325, |sum, octet| (sum ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Case {
        folder: tempfile::TempDir,
        autostart: SystemAutostart,
        program: PathBuf,
    }

    impl Case {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let program = folder.path().join("my programs/tanba");
            fs::create_dir(folder.path().join("my programs")).unwrap();
            fs::write(&program, "#!/bin/sh\n").unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
            Self { autostart: SystemAutostart::below(&folder.path().join("config")), program, folder }
        }

        fn start(&self) -> Start<'_> {
            Start { program: &self.program, folder: None }
        }

        fn standing(&self) -> Standing {
            self.autostart.standing(self.start()).unwrap()
        }
    }

    #[test]
    fn it_is_turned_on_and_off_and_both_twice() {
        let case = Case::new();
        assert_eq!(case.standing(), Standing::Off);
        for _ in 0..2 {
            case.autostart.turn_on(case.start(), "why").unwrap();
            assert_eq!(case.standing(), Standing::On);
        }
        let entries = fs::read_dir(case.folder.path().join("config/autostart")).unwrap().count();
        assert_eq!(entries, 1, "nothing is left beside it");
        for _ in 0..2 {
            case.autostart.turn_off(case.start()).unwrap();
            assert_eq!(case.standing(), Standing::Off);
        }
    }

    #[test]
    fn what_the_desktop_has_switched_off_is_not_on_and_turning_it_on_mends_that() {
        let case = Case::new();
        case.autostart.turn_on(case.start(), "why").unwrap();
        let file = case.autostart.place(case.start()).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("Autostart-enabled=true", "Autostart-enabled=false")).unwrap();
        assert_eq!(case.standing(), Standing::Disabled);
        fs::write(&file, text.replace("Terminal", "Hidden=true\nTerminal")).unwrap();
        assert_eq!(case.standing(), Standing::Disabled);
        case.autostart.turn_on(case.start(), "why").unwrap();
        assert_eq!(case.standing(), Standing::On);
    }

    #[test]
    fn a_program_that_is_gone_or_another_one_is_named() {
        let case = Case::new();
        case.autostart.turn_on(case.start(), "why").unwrap();
        let moved = case.folder.path().join("tanba");
        fs::copy(&case.program, &moved).unwrap();
        let now = Start { program: &moved, folder: None };
        assert_eq!(case.autostart.standing(now).unwrap(), Standing::Elsewhere(case.program.clone()));
        fs::set_permissions(&case.program, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(case.autostart.standing(now).unwrap(), Standing::Gone(case.program.clone()));
        fs::remove_file(&case.program).unwrap();
        assert_eq!(case.autostart.standing(now).unwrap(), Standing::Gone(case.program.clone()));
        fs::write(case.autostart.place(now).unwrap(), "rubbish").unwrap();
        assert_eq!(case.autostart.standing(now).unwrap(), Standing::Unreadable);
        case.autostart.turn_on(now, "why").unwrap();
        assert_eq!(case.autostart.standing(now).unwrap(), Standing::On);
    }

    #[test]
    fn each_data_folder_has_an_entry_of_its_own() {
        let case = Case::new();
        let (one, other) = (case.folder.path().join("one 100%"), case.folder.path().join("other"));
        let one = Start { folder: Some(&one), ..case.start() };
        let other = Start { folder: Some(&other), ..case.start() };
        case.autostart.turn_on(one, "why").unwrap();
        assert_eq!(case.autostart.standing(one).unwrap(), Standing::On);
        assert_eq!((case.standing(), case.autostart.standing(other).unwrap()), (Standing::Off, Standing::Off));
        let text = fs::read_to_string(case.autostart.place(one).unwrap()).unwrap();
        assert!(text.contains("\"--data-dir\"") && text.contains("one 100%%\" \"run\""), "{text}");
    }

    #[test]
    fn a_path_that_no_entry_can_name_is_refused() {
        let case = Case::new();
        let folder = case.folder.path().join("a\nb");
        let start = Start { folder: Some(&folder), ..case.start() };
        assert!(matches!(case.autostart.turn_on(start, "why"), Err(AutostartError::Path(path)) if path == folder));
        assert_eq!(case.autostart.standing(start).unwrap(), Standing::Off);
    }
}
