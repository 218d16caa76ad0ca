//! The toolkit's side: what happens on the thread that the windows live on.

use super::desk::WindowError;
use super::model::{Busy, Event, KeyRow, Problem, RowId, View};

/// What the other thread wants of this one. The number names the window; words to one that is gone are ignored.
pub(super) enum Command {
    Open(u64, Box<View>, Box<dyn Fn(Event) + Send>),
    Keys(u64, Vec<KeyRow>, Option<RowId>),
    Problem(u64, Problem),
    Busy(u64, Busy),
    Waiting(u64, u32),
    PageGone(u64),
    Close(u64),
    Stop,
}

/// Finds the screen, once, before anything else is started.
pub(super) fn prepare() -> Result<(), WindowError> {
    slint::BackendSelector::new()
        .backend_name("winit".to_owned())
        .renderer_name("software".to_owned())
        .select()
        .map_err(|error| WindowError::NoScreen(error.to_string()))
}

/// Shows windows until [`Command::Stop`].
pub(super) fn run_until_stopped() -> Result<(), WindowError> {
    slint::run_event_loop_until_quit().map_err(|error| WindowError::NoScreen(error.to_string()))
}

/// Hands a command over to the toolkit's thread, from any thread.
pub(super) fn post(command: Command) {
    // The loop ends only after `Stop`, and what comes later has nobody to be shown to.
    let _ = slint::invoke_from_event_loop(move || take(command));
}

fn take(command: Command) {
    if matches!(command, Command::Stop) {
        let _ = slint::quit_event_loop();
    }
}
