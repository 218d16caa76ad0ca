//! What the machine is, as far as a figure depends on it, and what processes take of it.

use crate::Fault;
use std::fs;

/// Cores, processor, memory.
pub(crate) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next().and_then(|kib| kib.parse::<f64>().ok()))
        .map_or_else(String::new, |kib| format!(", {:.0} GiB of memory", kib / 1024.0 / 1024.0));
    format!("{cores} cores, {processor}{memory}")
}

/// The first `name: value` of a file of `/proc`.
pub(crate) fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

/// How often the threads of a process have given up a processor or lost it: every wake-up ends in one of them.
pub(crate) fn switches(process: u32) -> Result<u64, Fault> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let path = thread?.path().join("status");
        for name in ["voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"] {
            let count = field(&path.to_string_lossy(), name).ok_or("no context switches in /proc")?;
            sum += count.parse::<u64>()?;
        }
    }
    Ok(sum)
}

/// Resident memory of a process: kilobytes of 1024 octets, as the kernel counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Memory(pub(crate) u64);

impl Memory {
    /// What the process has now.
    pub(crate) fn of(process: u32) -> Result<Self, Fault> {
        let text = field(&format!("/proc/{process}/status"), "VmRSS").ok_or("no VmRSS in /proc")?;
        Ok(Self(text.trim_end_matches("kB").trim().parse()?))
    }

    /// Millions of octets, as the bars are given.
    #[expect(clippy::cast_precision_loss, reason = "kilobytes of a process are far below 2^52")]
    pub(crate) fn megabytes(self) -> f64 {
        self.0 as f64 * 1024.0 / 1e6
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} MB", self.megabytes())
    }
}
