//! The person's and the administrator's settings, and where everything lies on disk.
//!
//! - [`Places`]: the four folders of a person's Tanba, under the system's conventions or all under one folder.
//! - [`Settings`]: what can be set. What nobody sets has a safe default.
//! - [`KEYS`]: the schema: each key's name in the file, and what it may be.
//! - [`Loaded`]: both files read: what the administrator sets holds for everybody, and is [locked](Loaded::is_locked).
//! - [`Live`]: the same, read again when a file has changed.
//! - [`edit`]: one key of the person's file changed, with all else in it left as the person wrote it.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod edit;
mod legacy;
mod live;
mod load;
mod model;
mod notifications;
mod places;
mod schema;
mod updates;

pub use legacy::{FilePaths, Legacy};
pub use live::Live;
pub use load::{Loaded, SettingsError, UnknownKey};
pub use model::{Language, Limits, Proxy, Services, Settings, SignerSettings};
pub use notifications::Notifications;
pub use places::{Places, PlacesError};
pub use schema::{Applies, KEYS, Key, Kind, json_schema, without_password};
pub use updates::{Updates, VersionSource};
