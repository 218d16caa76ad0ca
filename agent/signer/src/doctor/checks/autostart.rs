//! Whether Tanba is started when the person logs in: where it is not, sites find it today and nobody tomorrow.

use crate::doctor::{Detail, Finding, Fix, Kind, World, half, kinds};
use platform::autostart::{Autostart as _, AutostartError, Standing, Start, SystemAutostart};
use std::path::PathBuf;

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let finding = match standing(world) {
        Ok(Standing::On) => Finding::of(kinds::AUTOSTART_ON),
        // Somebody said so in the desktop's own list.
        Ok(Standing::Disabled) => Finding::of(kinds::AUTOSTART_DISABLED),
        Ok(Standing::Off) => Finding::of(kinds::AUTOSTART_OFF).fixed_by(Fix::Autostart),
        Ok(Standing::Gone(program)) => other(kinds::AUTOSTART_GONE, program),
        Ok(Standing::Elsewhere(program)) => other(kinds::AUTOSTART_ELSEWHERE, program),
        Ok(Standing::Unreadable) => Finding::of(kinds::AUTOSTART_UNREADABLE).fixed_by(Fix::Autostart),
        Err(error) => Finding::of(kinds::AUTOSTART_UNKNOWN).with("what", Detail::Cause(error.to_string())),
    };
    vec![finding]
}

fn other(kind: Kind, program: PathBuf) -> Finding {
    Finding::of(kind).with("program", Detail::Path(program)).fixed_by(Fix::Autostart)
}

fn standing(world: &World) -> Result<Standing, AutostartError> {
    let program = half::program()?;
    SystemAutostart::of_user()?.standing(Start { program: &program, folder: world.places.root() })
}
