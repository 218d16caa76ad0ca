//! What a program that we start is told of the environment: what is named, and nothing else.
//!
//! What is common to all of them stands here, once: the settings of a vendor's library come to its host through the
//! listener and the signer, and a name that one of them left out would be lost on the way.

use std::ffi::{OsStr, OsString};

/// Where things are, for whom, and in which language.
pub const COMMON: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "TMP",
    "TEMP",
    // The screen and the session: also libraries ask for a PIN in a window of their own.
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    // Windows.
    "SystemRoot",
    "SystemDrive",
    "windir",
    "ComSpec",
    "ProgramData",
    "ProgramFiles",
    "ProgramFiles(x86)",
    "CommonProgramFiles",
    "APPDATA",
    "LOCALAPPDATA",
    "USERPROFILE",
    "USERNAME",
];

/// The settings that the libraries of tokens themselves define. None of those that make a library write down what it does:
/// with the PIN among it.
pub const TOKEN_LIBRARIES: &[&str] = &["PCSCLITE_CSOCK_NAME", "OPENSC_CONF", "SOFTHSM2_CONF"];

/// The language, setting by setting, by the beginning of the names.
pub const LANGUAGES: &str = "LC_";

/// What of `all` has one of these names, or a name that begins in one of these ways.
pub fn reduced(
    all: impl Iterator<Item = (OsString, OsString)>,
    names: &[&[&str]],
    families: &[&str],
) -> impl Iterator<Item = (OsString, OsString)> {
    all.filter(move |(name, _)| is_kept(name, names, families))
}

fn is_kept(name: &OsStr, names: &[&[&str]], families: &[&str]) -> bool {
    let Some(name) = name.to_str() else { return false };
    let same = |kept: &str| if cfg!(windows) { kept.eq_ignore_ascii_case(name) } else { kept == name };
    names.iter().flat_map(|names| names.iter()).any(|kept| same(kept))
        || families.iter().any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_changes_what_a_program_loads_or_writes_down_is_common() {
        let is_kept = |name: &str| is_kept(OsStr::new(name), &[COMMON, TOKEN_LIBRARIES], &[LANGUAGES]);
        for kept in ["HOME", "LC_CTYPE", "SOFTHSM2_CONF", "OPENSC_CONF"] {
            assert!(is_kept(kept), "{kept}");
        }
        for other in
            ["LD_PRELOAD", "LD_LIBRARY_PATH", "OPENSC_DEBUG", "PCSCLITE_DEBUG", "SSH_AUTH_SOCK", "AWS_SECRET", ""]
        {
            assert!(!is_kept(other), "{other}");
        }
    }
}
