//! What differs between systems: one trait per concern, one file per system.
