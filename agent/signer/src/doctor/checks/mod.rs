//! The looks, one file for what is looked at together.

pub(super) mod authority;
pub(super) mod autostart;
pub(super) mod browsers;
pub(super) mod door;
pub(super) mod folders;
pub(super) mod journal;
pub(super) mod keys;
pub(super) mod leaf;
pub(super) mod services;
pub(super) mod settings;
pub(super) mod tokens;
pub(super) mod version;
pub(super) mod zone;
