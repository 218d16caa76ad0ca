//! The later life of a key: what becomes of it after it was made, and before it ends.
//!
//! Windows and commands do the same things with the same functions; what a person is asked and told stands with them.
//!
//! - [`reseal`]: a key file under another password or in another layout, in the old one's place or beside it.
//! - [`backup`]: copies that are known to open, and the way back.
//! - [`blocked`]: keys that were lost or stolen and sign nothing here any more.
//! - [`password_rule`]: what other programs want of a new password.
//! - [`standing`]: how long a key still has, and whether another one has taken its place.
//! - [`revoke`]: the request that has the NCA revoke a certificate.

pub mod backup;
pub mod blocked;
pub mod password_rule;
pub mod reseal;
pub mod revoke;
pub mod standing;
