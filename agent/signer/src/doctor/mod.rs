//! Why something does not work: what is looked at on this computer and at the NCA's services, what was found, and what
//! can be done about it. `tanba doctor` prints it; a window can show the same.
//!
//! - [`World`]: what the looks are about: folders, settings, who is believed.
//! - [`look`]: all looks, side by side, none longer than its time.
//! - [`Finding`]: one thing that was found; [`Kind`] is its stable code, and [`KINDS`] the table of all of them, which
//!   `docs/doctor.md` explains.
//! - [`Told`]: a finding in words, in full or without what names a person.
//! - [`verdict`], [`report`], [`as_json`]: all findings in a sentence, for others, for programs.
//! - [`Fix`]: what the program can do itself, after a yes; whether it helped, another look tells.
//!
//! Only this half may look: it opens connections, reads key files and asks tokens. What belongs to the other half (the
//! journal, the local certificate's making) is asked of its program, `half`.

mod checks;
mod finding;
mod fix;
mod half;
mod kinds;
mod report;
mod told;
mod world;

pub use finding::{Area, Detail, Finding, State};
pub use fix::{Cure, Fix, FixError};
pub use kinds::{KINDS, Kind};
pub use report::{as_json, report, verdict, worst};
pub use told::{Reader, Told};
pub use world::{Network, SettingsFault, World};

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// No look takes longer. The longest are a library of tokens that hangs, and a service that answers at its second try.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is looked at together, because one look needs what another found.
type Look = fn(&World) -> Vec<Finding>;

const LOOKS: [(Area, Look); 12] = [
    (Area::Port, checks::door::look),
    (Area::Leaf, checks::leaf::look),
    (Area::Authority, checks::authority::look),
    (Area::Extension, checks::browsers::look),
    (Area::Clock, checks::zone::look),
    (Area::Services, checks::services::look),
    (Area::Tokens, checks::tokens::look),
    (Area::Keys, checks::keys::look),
    (Area::Journal, checks::journal::look),
    (Area::Settings, checks::settings::look),
    (Area::Autostart, checks::autostart::look),
    (Area::Version, checks::version::look),
];

/// Looks at everything and tells what was found, in the order of [`Area`]. `waits_for` is told, at the beginning and after
/// each look, what is not finished yet.
///
/// Who may enter the folders is looked at first and alone: other programs of Tanba close them when they start.
pub fn look(world: &Arc<World>, mut waits_for: impl FnMut(&[Area])) -> Vec<Finding> {
    let mut found = checks::folders::look(world);
    let (sender, finished) = channel();
    let mut pending = Vec::new();
    for (area, look) in LOOKS {
        let (sender, world) = (sender.clone(), Arc::clone(world));
        let named = std::thread::Builder::new().name(format!("look-{}", area.code()));
        // A thread that cannot be had is a look that does not end.
        let _ = named.spawn(move || sender.send((area, look(&world))));
        pending.push(area);
    }
    drop(sender);
    let until = Instant::now() + PATIENCE;
    while !pending.is_empty() {
        waits_for(&pending);
        match finished.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok((area, findings)) => {
                pending.retain(|one| *one != area);
                found.extend(findings);
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    waits_for(&[]);
    found.extend(pending.into_iter().map(|area| Finding::of(kinds::LOOK_LATE).with("area", Detail::Area(area))));
    found.sort_by_key(|finding| finding.kind.area);
    found
}
