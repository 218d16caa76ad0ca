//! A signer whose mind is elsewhere: what it is told goes to a TCP address, what comes back it says.
//!
//! The listener's tests start it in the real signer's place, and in the watcher's, with the address as its argument, and decide on the other
//! end in the words of `order::wire`. When the connection ends, so does the process, as a signer that crashed.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

fn main() {
    let address = std::env::args().nth(1).expect("the address to relay to");
    let mind = TcpStream::connect(address).expect("somebody decides");
    let mut told = mind.try_clone().expect("a second handle");
    // The listener lets a signer go by ending its input.
    std::thread::spawn(move || {
        let _ = relay(io::stdin().lock(), &mut told);
        let _ = told.shutdown(Shutdown::Write);
    });
    let _ = relay(mind, &mut io::stdout().lock());
}

/// Copies at once what arrives, without waiting for more.
fn relay(mut from: impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&piece[..read])?;
        to.flush()?;
    }
}
