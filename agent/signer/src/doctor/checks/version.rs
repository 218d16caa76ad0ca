//! Whether a newer version is there, where the settings name a file that says so. Elsewhere nothing is said about it.

use crate::doctor::{Detail, Finding, Network, World, kinds};
use crate::updates::{Memory, Standing, fetch, this_version};
use settings::VersionSource;

pub(in crate::doctor) fn look(world: &World) -> Vec<Finding> {
    let settings = world.settings();
    let Some(source) = settings.updates.source() else { return Vec::new() };
    let Some(signer) = settings.updates.signer_digest() else { return vec![Finding::of(kinds::VERSION_NO_SIGNER)] };
    if world.network == Network::LeftAlone && matches!(source, VersionSource::Address(_)) {
        return vec![Finding::of(kinds::VERSION_OFFLINE)];
    }
    // It is not written: looking changes nothing. The guardian remembers what it sees.
    let memory = Memory::load(&world.places, &signer);
    let (here, now) = (this_version(), world.measure.now);
    let standing = Standing::of(fetch(source, &settings.services), &signer, &memory, &here, now);
    let finding = match standing {
        Standing::Unavailable(why) => {
            Finding::of(kinds::VERSION_UNAVAILABLE).with("what", Detail::Sentence(why.sentence()))
        }
        Standing::NotBelieved(why) => {
            Finding::of(kinds::VERSION_NOT_BELIEVED).with("what", Detail::Sentence(why.sentence()))
        }
        Standing::Stale { issued, seen } => Finding::of(kinds::VERSION_STALE)
            .with("issued", Detail::plain(issued.local()))
            .with("seen", Detail::plain(seen.local())),
        Standing::Latest { issued } => Finding::of(kinds::VERSION_LATEST).with("issued", Detail::plain(issued.local())),
        Standing::Newer(release) => Finding::of(kinds::VERSION_NEWER)
            .with("version", Detail::plain(release.version))
            .with("page", Detail::Plain(release.page)),
    };
    vec![finding.with("here", Detail::plain(here))]
}
