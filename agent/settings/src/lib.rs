//! The person's settings and where everything lies on disk.
//!
//! - [`Places`]: the four folders of a person's Tanba, under the system's conventions or all under one folder.
//! - [`Settings`]: one small TOML file. What it does not say has a safe default; what Tanba does not know is reported,
//!   so that a slip of the pen is seen, and hinders nothing.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod file;
mod notifications;
mod places;

pub use file::{Language, Limits, Loaded, Proxy, Services, Settings, SettingsError, SignerSettings};
pub use notifications::Notifications;
pub use places::{Places, PlacesError};
