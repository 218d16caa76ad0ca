//! The agent as a process, and what it has of the machine.

use crate::{Fault, machine::Memory, machine::field};
use std::{
    fmt, fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

/// A running agent; it ends with the value.
pub(super) struct Agent {
    child: Child,
    /// Kept open: what it says later must not meet a closed pipe.
    _said: BufReader<ChildStdout>,
    pub(super) port: u16,
}

/// What a process has.
#[derive(Clone, Copy)]
pub(super) struct Footprint {
    memory: Memory,
    /// Not known where the system keeps it from us.
    pub(super) descriptors: Option<u64>,
    pub(super) threads: u64,
}

impl fmt::Display for Footprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let descriptors = self.descriptors.map_or_else(|| "?".to_owned(), |count| count.to_string());
        write!(f, "{}, {descriptors}, {}", self.memory, self.threads)
    }
}

impl Agent {
    /// Starts `tanba run` on a free port, and waits until it says that it serves. No display is named to it, so that a
    /// request that reaches the signer fails there, and no window flashes before whoever sits at this machine.
    pub(super) fn start(programs: &Path, data: &Path) -> Result<Self, Fault> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = Command::new(programs.join("tanba"));
        command.arg("run").arg("--data-dir").arg(data).args(["--port", &port.to_string()]);
        for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            command.env_remove(display);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        if said.read_line(&mut line)? == 0 {
            let status = child.wait()?;
            return Err(format!("tanba run ended ({status}); by hand it says why").into());
        }
        Ok(Self { child, _said: said, port })
    }

    pub(super) fn lives(&mut self) -> Result<(), Fault> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(format!("the agent ended under the load ({status})").into()),
        }
    }

    pub(super) fn memory(&self) -> Result<Memory, Fault> {
        Memory::of(self.child.id())
    }

    fn footprint(&self) -> Result<Footprint, Fault> {
        let process = format!("/proc/{}", self.child.id());
        let threads = field(&format!("{process}/status"), "Threads").ok_or("no Threads in /proc")?;
        // The agent lets nobody look at its descriptors by name; how many there are is the folder's size (Linux 6.2).
        let folder = format!("{process}/fd");
        let by_size = fs::metadata(&folder).ok().map(|folder| folder.len()).filter(|size| *size > 0);
        let descriptors = by_size.or_else(|| fs::read_dir(&folder).ok().map(|list| list.count() as u64));
        Ok(Footprint { memory: self.memory()?, descriptors, threads: threads.parse()? })
    }

    /// What it has once it has given back what it will give back. `before` is what it is expected to come down to; without
    /// it, until nothing changes for a while.
    pub(super) fn settled(&mut self, patience: Duration, before: Option<Footprint>) -> Result<Footprint, Fault> {
        let end = Instant::now() + patience;
        let mut last = self.footprint()?;
        let mut since = Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(250));
            self.lives()?;
            let now = self.footprint()?;
            if (now.descriptors, now.threads) != (last.descriptors, last.threads) {
                since = Instant::now();
            }
            last = now;
            let is_down =
                before.is_none_or(|before| now.descriptors <= before.descriptors && now.threads <= before.threads);
            // Longer than an idle thread of the agent's runtime is kept.
            let is_still = since.elapsed() > Duration::from_secs(12);
            if Instant::now() > end || (is_down && (before.is_some() || is_still)) {
                return Ok(now);
            }
        }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It has nothing to say good-bye for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
