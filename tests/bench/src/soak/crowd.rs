//! Sockets that stay open, and cheap calls over them.

use crate::{
    Fault,
    websocket::{self, Scheme, Socket},
};
use std::{
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// What is asked in turn, and how the answer begins.
const CALLS: [(&str, &str); 3] = [
    (r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getActiveTokens"}"#, "{"),
    ("--heartbeat--", "--heartbeat--"),
    (r#"{"module":"no.such.module","method":"x"}"#, "{"),
];

/// What the two that are JSON must have in them.
const IN_ANSWERS: [&str; 3] = ["\"200\"", "--heartbeat--", "MODULE_NOT_FOUND"];

/// Threads that call, so that one slow answer does not hold up the others.
const CALLERS: u32 = 4;

/// How many faults are told; a thousand of the same say no more.
const MOST_FAULTS: usize = 5;

pub(super) struct Crowd {
    sockets: Vec<Socket>,
}

/// Calls that are being made.
pub(super) struct Calling {
    callers: Vec<JoinHandle<(Vec<Duration>, Vec<String>)>>,
}

impl Crowd {
    /// Opens so many sockets, one after the other.
    pub(super) fn gather(scheme: &Scheme, port: u16, count: usize) -> Result<Self, Fault> {
        let open = |place| {
            websocket::open(scheme, port).map_err(|error| format!("socket {place} of {count} is not served: {error}"))
        };
        Ok(Self { sockets: (0..count).map(open).collect::<Result<_, _>>()? })
    }

    /// One call over each.
    pub(super) fn call_each(&mut self) -> Result<(), Fault> {
        for (place, socket) in self.sockets.iter_mut().enumerate() {
            call(socket, place)?;
        }
        Ok(())
    }

    /// Calls over all of them in turn, so many times a second; then closes them.
    pub(super) fn call_until(self, end: Instant, per_second: u32) -> Calling {
        let mut shares: Vec<Vec<Socket>> = (0..CALLERS).map(|_| Vec::new()).collect();
        for (place, socket) in self.sockets.into_iter().enumerate() {
            let share = place % shares.len();
            if let Some(share) = shares.get_mut(share) {
                share.push(socket);
            }
        }
        let pause = Duration::from_secs(1) * CALLERS / per_second;
        let caller = |mut sockets: Vec<Socket>| {
            thread::spawn(move || {
                let (mut times, mut faults) = (Vec::new(), Vec::new());
                let count = sockets.len();
                let mut next = Instant::now();
                let mut number = 0;
                while next < end && faults.len() < MOST_FAULTS {
                    thread::sleep(next.saturating_duration_since(Instant::now()));
                    let begin = Instant::now();
                    if let Some(socket) = sockets.get_mut(number % count) {
                        match call(socket, number) {
                            Ok(()) => times.push(begin.elapsed()),
                            Err(fault) => faults.push(format!("a cheap call was not answered: {fault}")),
                        }
                    }
                    number += 1;
                    // What was missed because an answer was late is not made up for in a burst.
                    next = (next + pause).max(begin);
                }
                (times, faults)
            })
        };
        Calling { callers: shares.into_iter().map(caller).collect() }
    }
}

impl Calling {
    /// Waits for the end of all; gives how long each call took, and what went wrong.
    pub(super) fn end(self) -> (Vec<Duration>, Vec<String>) {
        let (mut times, mut faults) = (Vec::new(), Vec::new());
        for caller in self.callers {
            match caller.join() {
                Ok((some_times, some_faults)) => {
                    times.extend(some_times);
                    faults.extend(some_faults);
                }
                Err(_) => faults.push("a caller came to grief".to_owned()),
            }
        }
        (times, faults)
    }
}

fn call(socket: &mut Socket, number: usize) -> Result<(), Fault> {
    let kind = number % CALLS.len();
    let (Some((request, begin)), Some(inside)) = (CALLS.get(kind), IN_ANSWERS.get(kind)) else { return Ok(()) };
    let answer = socket.call(request)?;
    if answer.starts_with(begin) && answer.contains(inside) {
        Ok(())
    } else {
        Err(format!("{request} was answered {answer}").into())
    }
}
