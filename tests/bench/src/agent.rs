//! The resident half: how soon it answers, what it costs to have it around.

use crate::{
    Fault, Line,
    machine::Memory,
    statistics::{median, milliseconds},
    websocket::{self, Scheme, Socket},
};
use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const STARTS: usize = 21;
const SOCKETS: u16 = 200;

pub(crate) fn measure(programs: &Path) -> Result<Vec<Line>, Fault> {
    let data = tempfile::tempdir()?;
    // The first start makes the local certificate and the journal; people meet it once.
    let (first, agent, socket) = start(programs, data.path(), &Scheme::Ws)?;
    drop((socket, agent));
    let wss = Scheme::wss()?;
    let plain = starts(programs, data.path(), &Scheme::Ws)?;
    let tls = starts(programs, data.path(), &wss)?;

    let idle = fresh(programs, data.path(), &wss)?.settled_memory()?;
    // Each in a process of its own: memory that one kind of socket left behind would be found ready by the next.
    let tls_sockets = fresh(programs, data.path(), &wss)?.cost_of_sockets(&wss)?;
    let plain_sockets = fresh(programs, data.path(), &Scheme::Ws)?.cost_of_sockets(&Scheme::Ws)?;

    let of = |what: &str| format!("{what}, median of {STARTS} starts");
    Ok(vec![
        Line::new("exec to a greeted WebSocket, wss", milliseconds(tls), format!("bar 30 ms; {}", of("TLS 1.3"))),
        Line::new("exec to a greeted WebSocket, ws", milliseconds(plain), format!("bar 30 ms; {}", of("no TLS"))),
        Line::new("the very first start, ws", milliseconds(first), "makes the local certificate and the journal"),
        Line::new("resident, idle", idle.to_string(), "bar 15 MB; after one wss socket came and went (VmRSS)"),
        Line::new("200 idle wss sockets", tls_sockets.to_string(), "bar 20 MB; growth of VmRSS"),
        Line::new("200 idle ws sockets", plain_sockets.to_string(), "growth of VmRSS"),
    ])
}

fn starts(programs: &Path, data: &Path, scheme: &Scheme) -> Result<Duration, Fault> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(start(programs, data, scheme)?.0);
    }
    Ok(median(times))
}

/// An agent that one socket has come to and gone from.
fn fresh(programs: &Path, data: &Path, scheme: &Scheme) -> Result<Agent, Fault> {
    start(programs, data, scheme).map(|(_, agent, _)| agent)
}

/// Starts the agent on a free port and greets it as soon as it can be greeted.
pub(crate) fn start(programs: &Path, data: &Path, scheme: &Scheme) -> Result<(Duration, Agent, Socket), Fault> {
    start_with(programs, data, scheme, &[])
}

/// The same, with these variables in its environment.
pub(crate) fn start_with(
    programs: &Path,
    data: &Path,
    scheme: &Scheme,
    variables: &[(&str, String)],
) -> Result<(Duration, Agent, Socket), Fault> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut command = Command::new(programs.join("tanba"));
    command.arg("run").arg("--data-dir").arg(data).args(["--port", &port.to_string()]);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begin = Instant::now();
    let mut agent = Agent { child: command.spawn()?, port };
    loop {
        match websocket::open(scheme, port) {
            Ok(socket) => return Ok((begin.elapsed(), agent, socket)),
            Err(error) => {
                if let Some(status) = agent.child.try_wait()? {
                    return Err(format!("tanba run ended ({status}); by hand it says why").into());
                }
                if begin.elapsed() > Duration::from_secs(10) {
                    return Err(error);
                }
                // Short beside the bar; without a pause the asking would take a core from the one that is asked.
                thread::sleep(Duration::from_micros(200));
            }
        }
    }
}

/// A running agent; it ends with the value.
pub(crate) struct Agent {
    child: Child,
    port: u16,
}

impl Agent {
    fn memory(&self) -> Result<Memory, Fault> {
        Memory::of(self.child.id())
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn settled_memory(&self) -> Result<Memory, Fault> {
        thread::sleep(Duration::from_millis(500));
        self.memory()
    }

    fn cost_of_sockets(&self, scheme: &Scheme) -> Result<Memory, Fault> {
        let before = self.settled_memory()?;
        let sockets = (0..SOCKETS).map(|_| websocket::open(scheme, self.port)).collect::<Result<Vec<_>, _>>()?;
        let after = self.settled_memory()?;
        drop(sockets);
        Ok(Memory(after.0.saturating_sub(before.0)))
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // A measured agent has nothing to say good-bye for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
