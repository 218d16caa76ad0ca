//! The libraries of tokens, asked by a command: one that names a token, or lists those that are plugged in.

use super::{CommandError, Context, say};
use crate::libraries;
use keystore::pkcs11::{CatalogueError, Fleet, Inventory, Library, Snapshot};
use std::time::Duration;

/// How long a person waits for libraries that do not answer: longer than a host is given to load one.
const PATIENCE: Duration = Duration::from_secs(15);

/// Which libraries are here. While a file that names them is wrong there are none, and the person is told.
pub(super) fn inventory(context: &Context) -> Result<Inventory, CommandError> {
    libraries::find(&context.places).map_err(|error| wrong_file(context, &error))
}

/// The fleet of all of them.
pub(super) fn fleet(context: &Context) -> Result<Fleet, CommandError> {
    fleet_of(context, inventory(context)?.libraries)
}

/// What they see, and the fleet that then has the tokens.
pub(super) fn settled(context: &Context) -> Result<(Fleet, Snapshot), CommandError> {
    let fleet = fleet(context)?;
    let snapshot = fleet.settled(PATIENCE);
    Ok((fleet, snapshot))
}

/// What these libraries see.
pub(super) fn ask(context: &Context, libraries: Vec<Library>) -> Result<Snapshot, CommandError> {
    Ok(fleet_of(context, libraries)?.settled(PATIENCE))
}

fn fleet_of(context: &Context, libraries: Vec<Library>) -> Result<Fleet, CommandError> {
    libraries::fleet(&context.places, libraries).map_err(|error| CommandError::Failed(error.to_string()))
}

/// What the catalogue calls the identity card; the other vendors' names are the same in every language.
pub(super) const IDENTITY_CARD: &str = "Identity card of Kazakhstan";

/// A vendor in the person's language.
pub(super) fn vendor(context: &Context, vendor: &str) -> String {
    if vendor == IDENTITY_CARD { context.texts.text("tokens-identity-card") } else { vendor.to_owned() }
}

/// A file that names libraries and is not as it should be.
pub(super) fn wrong_file(context: &Context, error: &CatalogueError) -> CommandError {
    CommandError::Unreadable(say(&context.texts, &libraries::sentence(error)))
}
