//! What a token host is told of the environment.

use std::ffi::OsString;

use platform::environment::{COMMON, LANGUAGES, TOKEN_LIBRARIES};

/// Where libraries keep what is the person's.
const FOLDERS: &[&str] = &["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"];

/// What of `all` a host gets: neither what changes how programs are loaded nor what makes a library write down what it does.
pub(super) fn reduced(all: impl Iterator<Item = (OsString, OsString)>) -> impl Iterator<Item = (OsString, OsString)> {
    platform::environment::reduced(all, &[COMMON, TOKEN_LIBRARIES, FOLDERS], &[LANGUAGES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_learns_where_things_are_and_nothing_that_loads_or_writes_down_more() {
        let given = ["HOME", "LC_CTYPE", "SOFTHSM2_CONF", "XDG_DATA_HOME", "LD_PRELOAD", "OPENSC_DEBUG", "XDG_OTHER"];
        let kept: Vec<_> = reduced(given.iter().map(|name| (name.into(), "value".into())))
            .map(|(name, _)| name.into_string().unwrap())
            .collect();
        assert_eq!(kept, ["HOME", "LC_CTYPE", "SOFTHSM2_CONF", "XDG_DATA_HOME"]);
    }
}
