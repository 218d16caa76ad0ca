//! The program in the watcher's place: what is plugged in is what whoever decides says, in a line of JSON.
//!
//! ```text
//! ← {"plugged":["AKKaztokenStore"]}
//! ```
//!
//! Nothing is, until then; a later line takes the place of an earlier one.

use crate::Fault;
use order::wire::{self, FromWatcher};
use order::{StorageName, TokenSeen};
use serde::Deserialize;
use std::io::{self, BufRead as _, BufReader};
use std::net::TcpStream;
use std::thread;

/// What is plugged in from now on.
#[derive(Deserialize)]
struct Line {
    /// Kinds of token, by NCALayer's names; one that comes twice is two tokens.
    plugged: Vec<String>,
}

/// Says what it is told until its input ends.
pub(crate) fn run(address: &str) -> Result<(), Fault> {
    let script = TcpStream::connect(address)?;
    let mut out = io::stdout().lock();
    wire::write(&FromWatcher::Ready { version: wire::VERSION }, &mut out)?;
    wire::write(&FromWatcher::Tokens(Vec::new()), &mut out)?;
    let end = script.try_clone()?;
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        // The lines end with this, and the process with them.
        let _ = end.shutdown(std::net::Shutdown::Both);
    });
    for line in BufReader::new(script).lines().map_while(Result::ok) {
        // Decisions are for the signer.
        if let Ok(Line { plugged }) = serde_json::from_str(&line) {
            wire::write(&FromWatcher::Tokens(tokens(&plugged)), &mut out)?;
        }
    }
    Ok(())
}

fn tokens(plugged: &[String]) -> Vec<TokenSeen> {
    let token = |(slot, name): (usize, &String)| {
        TokenSeen::new(StorageName::from_name(name), &format!("Token {slot}"), &format!("Reader {slot}"))
    };
    plugged.iter().enumerate().map(token).collect()
}
