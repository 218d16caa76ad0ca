//! The door: TLS and plain WebSocket on one loopback port, and the local page.
//!
//! Here a stranger becomes a caller with a verified origin, or is sent away. In order:
//!
//! - `bind`: the two loopback addresses, and who has the port when they are taken.
//! - `connection`: one connection from its first octet, which tells TLS from plain HTTP, to what it wanted.
//! - `head`: what a request head may say. Pure.
//! - `reply`: what is sent to those who do not get a socket.
//! - `upgrade`: the 101 answer and the greeting, in one write.
//! - `one_frame`: a stream that gives its reader one frame at a time.
//! - `budget`: the octets of all messages together.
//! - `lobby`: the places of those who have not said yet what they want.
//! - `line`: the frames of one socket, in and out.
//! - `socket`: an open socket's conversation, strictly one answer after the other.
//! - `caller`: who is at the other end, as the system and the browser say.

mod bind;
pub(crate) mod budget;
pub(crate) mod caller;
mod connection;
mod head;
mod line;
mod lobby;
mod one_frame;
mod reply;
mod socket;
mod upgrade;

pub use bind::StartError;
pub(crate) use bind::{Doors, open};
pub(crate) use connection::{Hall, serve};
