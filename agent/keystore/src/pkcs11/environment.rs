//! What a token host is told of the environment.

use std::ffi::{OsStr, OsString};

/// Where things are, for whom, in which language, and the settings that the libraries themselves define. Neither what
/// changes how programs are loaded nor what makes a library write down what it does: with the PIN among it.
const KEPT: [&str; 33] = [
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
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    // Libraries that ask for the PIN pad in a window of their own.
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    "PCSCLITE_CSOCK_NAME",
    "OPENSC_CONF",
    "SOFTHSM2_CONF",
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

/// What of `all` a host gets.
pub(super) fn reduced(all: impl Iterator<Item = (OsString, OsString)>) -> impl Iterator<Item = (OsString, OsString)> {
    all.filter(|(name, _)| is_kept(name))
}

fn is_kept(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    let same = |kept: &str| if cfg!(windows) { kept.eq_ignore_ascii_case(name) } else { kept == name };
    KEPT.iter().any(|kept| same(kept)) || name.starts_with("LC_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_learns_where_things_are_and_nothing_that_loads_or_writes_down_more() {
        for kept in ["HOME", "LC_CTYPE", "SOFTHSM2_CONF"] {
            assert!(is_kept(OsStr::new(kept)), "{kept}");
        }
        for other in
            ["LD_PRELOAD", "LD_LIBRARY_PATH", "OPENSC_DEBUG", "PCSCLITE_DEBUG", "SSH_AUTH_SOCK", "AWS_SECRET", ""]
        {
            assert!(!is_kept(OsStr::new(other)), "{other}");
        }
    }
}
