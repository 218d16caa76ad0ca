//! Carrying an order out.
//!
//! The only process that sees a password or a key. It shows the window, opens the key file, signs, verifies what it
//! signed, and gives the result back through its standard output. It listens on nothing; the only connections that it
//! opens are those of [`services`].
//!
//! - [`carry_out`]: an order from the window to the signatures.
//! - [`window`]: the windows.
//! - [`host`]: the conversation with the listener.
//! - [`commands`]: `tanba keys`, `tokens`, `sign`, `verify`, `inspect`, which run here.
//! - [`applications`]: requests for certificates that wait for an answer.
//! - [`own_desk`]: windows that a person opens themself, without a page.
//! - [`turn`]: one window at a time, whichever process shows it.
//! - [`doctor`]: why something does not work.
//! - `applicant`, `asking`, `installing`: a key that is made and asks for its certificate, and the certificate that is put to it.
//! - [`login_ticket`]: whether a document logs in to another site than the one that asks.
//! - [`watch`]: which tokens are plugged in, for the listener.
//! - [`preview_host`]: strangers' pictures, drawn in a process of its own.
//! - [`tokens`]: what is plugged in.
//! - [`libraries`]: which libraries of tokens are asked here.
//! - [`life`]: a key's later life: another password, backups, what was lost or stolen.
//! - [`guardian`]: telling a person in time that a key ends.
//! - [`updates`]: whether a newer Tanba is there, by a signed version file that the settings name.
//! - [`known_keys`], [`known_tokens`], [`key_file`], [`fitness`], [`preview`]: what the above have in common.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod applicant;
pub mod applications;
mod asking;
pub mod carry_out;
pub mod commands;
pub mod doctor;
pub mod fitness;
pub mod guardian;
pub mod host;
mod installing;
pub mod judgement;
pub mod key_file;
pub mod known_keys;
pub mod known_tokens;
pub mod libraries;
pub mod life;
mod local_path;
pub mod login_ticket;
mod mailbox;
mod new_file;
pub mod own_desk;
pub mod preview;
pub mod preview_host;
pub mod services;
mod stamping;
mod token_fault;
pub mod tokens;
pub mod turn;
mod unseen;
pub mod updates;
pub mod watch;
pub mod window;
