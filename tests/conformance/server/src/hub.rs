//! Lines between whoever decides and the signers, of which the listener starts one when it needs one.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The first line to whoever connects to decide: the version of this conversation.
const READY: &str = "{\"ready\":1}\n";

/// Two ports on the loopback address.
pub(crate) struct Hub {
    /// Where those connect who decide.
    pub(crate) kits: SocketAddr,
    /// Where the signers connect.
    pub(crate) signers: SocketAddr,
}

/// The connections of one port.
#[derive(Clone, Default)]
struct Side {
    peers: Arc<Mutex<HashMap<SocketAddr, TcpStream>>>,
}

impl Hub {
    pub(crate) fn open() -> io::Result<Self> {
        let (kits, signers) = (Side::default(), Side::default());
        Ok(Self { kits: kits.serve(READY, signers.clone())?, signers: signers.serve("", kits)? })
    }
}

impl Side {
    /// Takes whoever connects, greets, and says all of its lines to the other side.
    fn serve(&self, greeting: &'static str, other: Self) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let side = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (side, other) = (side.clone(), other.clone());
                // A peer that is gone again is nobody.
                thread::spawn(move || side.take(stream, greeting, &other));
            }
        });
        Ok(address)
    }

    fn take(&self, mut stream: TcpStream, greeting: &str, other: &Self) -> io::Result<()> {
        let name = stream.peer_addr()?;
        stream.set_nodelay(true)?;
        stream.write_all(greeting.as_bytes())?;
        self.with(|peers| peers.insert(name, stream.try_clone().ok()?));
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { break };
            other.say(&line);
        }
        self.with(|peers| peers.remove(&name));
        Ok(())
    }

    fn say(&self, line: &str) {
        self.with(|peers| {
            peers.retain(|_, stream| stream.write_all(format!("{line}\n").as_bytes()).is_ok());
            Some(())
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<SocketAddr, TcpStream>) -> Option<T>) {
        act(&mut self.peers.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
