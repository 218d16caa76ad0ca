//! A system without any font.
//!
//! The windows bring their own fonts, yet the toolkit asks fontconfig for the system's first, and fontique 0.11 panics
//! when there is none at all (a bare container, a kiosk). Then this program starts itself again with a fontconfig of its
//! own that knows one font: ours. Nothing was read or answered by then, so nobody notices.

use super::desk::WindowError;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

/// Set for the second start, so that there is no third.
#[cfg(all(unix, not(target_os = "macos")))]
const SECOND_START: &str = "TANBA_OWN_FONTS";

/// Runs what starts the toolkit; when that panics for want of fonts, starts the program again, once.
pub(super) fn with_some_font<T>(start: impl FnOnce() -> T) -> Result<T, WindowError> {
    // The panic is expected and answered; its backtrace would only frighten whoever reads the log.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let started = catch_unwind(AssertUnwindSafe(start));
    set_hook(hook);
    started.map_err(|_| start_again())
}

/// The error why this program could not be started again; otherwise it does not come back.
#[cfg(all(unix, not(target_os = "macos")))]
fn start_again() -> WindowError {
    use std::os::unix::process::CommandExt;

    let no_fonts = |why: String| WindowError::NoFonts(why);
    if std::env::var_os(SECOND_START).is_some() {
        return no_fonts("the toolkit panicked with our own fonts too".to_owned());
    }
    let folder = own_folder();
    if let Err(error) = fill(&folder) {
        return no_fonts(error.to_string());
    }
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return no_fonts(error.to_string()),
    };
    let error = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env("FONTCONFIG_FILE", folder.join("fonts.conf"))
        .env(SECOND_START, "1")
        .exec();
    no_fonts(error.to_string())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn start_again() -> WindowError {
    WindowError::NoFonts("the toolkit panicked".to_owned())
}

/// Takes away what a second start needed, when the windows are done.
pub(super) fn tidy() {
    #[cfg(all(unix, not(target_os = "macos")))]
    if std::env::var_os(SECOND_START).is_some() {
        // What is left is swept with the folder of temporary things.
        let _ = std::fs::remove_dir_all(own_folder());
    }
}

/// Where our font lies for fontconfig. The program's number is the same after the second start.
#[cfg(all(unix, not(target_os = "macos")))]
fn own_folder() -> std::path::PathBuf {
    let parent = std::env::var_os("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, std::path::PathBuf::from);
    parent.join(format!("tanba-fonts-{}", std::process::id()))
}

/// Makes a folder that only this user can read, with our font and a configuration that names it.
#[cfg(all(unix, not(target_os = "macos")))]
fn fill(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    // Fails when it is there already: nobody prepares it for us.
    std::fs::DirBuilder::new().mode(0o700).create(folder)?;
    std::fs::write(folder.join("TanbaSans-Regular.ttf"), signer_ui::FONT)?;
    std::fs::write(folder.join("fonts.conf"), fontconfig_of(folder))
}

/// A configuration with one folder in it, which is its own cache.
#[cfg(all(unix, not(target_os = "macos")))]
fn fontconfig_of(folder: &std::path::Path) -> String {
    let folder = folder.to_string_lossy().replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig><dir>{folder}</dir>\
         <cachedir>{folder}</cachedir></fontconfig>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_well_is_left_alone() {
        assert_eq!(with_some_font(|| 7).unwrap(), 7);
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn a_folder_with_a_strange_name_does_not_break_the_configuration() {
        let written = fontconfig_of(std::path::Path::new("/run/a&b<c"));
        assert!(written.contains("<dir>/run/a&amp;b&lt;c</dir>"));
    }
}
