//! A thousand sockets, cheap calls over them and mischief beside them, for as long as is asked; then everybody goes, and
//! nothing may be left.
//!
//! - [`agent`]: the agent as a process: its memory, descriptors and threads;
//! - [`crowd`]: the sockets, and the calls over them;
//! - [`mischief`]: slow handshakes, half a TLS, frames that are too long, in pieces or no text, sockets that come and go;
//! - [`requests`]: what goes the whole way to the signer: signatures that are refused or taken back, hashes.

mod agent;
mod crowd;
mod mischief;
mod requests;

use crate::{
    Fault, Line,
    machine::Memory,
    statistics::{milliseconds, percentile},
    websocket::Scheme,
};
use agent::{Agent, Footprint};
use crowd::Crowd;
use mischief::Mischief;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{
    fs,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

/// The word by which this program soaks and does nothing else.
pub(crate) const SOAK: &str = "soak";

/// What is held open, and how many calls go over it each second.
const SOCKETS: usize = 1000;
const CALLS_PER_SECOND: u32 = 200;

/// What the agent may take of memory meanwhile. The bar is 60 MB of the optimised program; one that is not has larger code.
const BAR: f64 = 60.0;
const BAR_UNOPTIMISED: f64 = 80.0;

/// What a process may have more at the end than at the beginning. What it opens once and keeps, such as the journal, is
/// open at the beginning; this is for what happens to be open when it is counted, such as a signer's pipes.
const KEPT_DESCRIPTORS: u64 = 4;

/// How much more memory the second half may end with than the first half did. What grows with the calls grows in an hour
/// by more.
const GROWTH: f64 = 8.0;

/// What the slowest of a hundred cheap calls may take in an optimised program.
const BAR_P99: Duration = Duration::from_millis(5);

/// What ends with this is said to be not run, which is no failure and no success.
const NOT_RUN: u8 = 3;

/// How long it is waited until everything is given back: connections that never said anything, idle threads.
const SETTLING: Duration = Duration::from_secs(45);

/// How long the load lasts that `make bench` measures.
const BENCH: Duration = Duration::from_secs(20);

/// What the desktop gives a program; whoever needs more descriptors asks for them.
const USUAL_DESCRIPTORS: u64 = 1024;

/// What each side needs for the sockets, the mischief and itself.
const NEEDED_DESCRIPTORS: u64 = 1400;

/// What the person decided before: the same caller in another program. So there is something to know of the crowd, and the
/// agent has to look which program each of its sockets belongs to; of strangers it knows without a look that they are.
const SITES: &str = r#"{"version":2,"sites":[{"origin":"-","program":"program:/opt/another/program","rule":"seen","since":"2026-01-01T00:00:00Z"}]}"#;

/// What was found.
struct Found {
    before: Footprint,
    after: Footprint,
    half: Memory,
    peak: Memory,
    times: Vec<Duration>,
    faults: Vec<String>,
    tricks: u64,
}

/// `soak FOLDER MINUTES`: 0 when nothing leaked and every call was answered, by an optimised program in time; 3 when this
/// machine does not let it run.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let [programs, minutes] = arguments else {
        eprintln!("usage: tanba-bench soak FOLDER_OF_THE_PROGRAMS MINUTES");
        return ExitCode::from(2);
    };
    let minutes = match minutes.parse::<f64>() {
        Ok(minutes) if minutes > 0.0 && minutes < 1e6 => minutes,
        _ => {
            eprintln!("{minutes} is no number of minutes");
            return ExitCode::from(2);
        }
    };
    if let Some(most) = getrlimit(Resource::Nofile).maximum.filter(|most| *most < NEEDED_DESCRIPTORS) {
        println!(
            "NOT RUN: a program may have no more than {most} descriptors here, and a soak needs {NEEDED_DESCRIPTORS}"
        );
        return ExitCode::from(NOT_RUN);
    }
    match soak(programs.as_ref(), Duration::from_secs_f64(minutes * 60.0)) {
        Ok(mut found) => {
            for Line { what, figure, beside } in found.lines() {
                println!("{what:<44} {figure:>12}   {beside}");
            }
            let mut complaints = found.complaints();
            complaints.extend(found.slowness());
            for complaint in &complaints {
                println!("FAILED  {complaint}");
            }
            let verdict = if complaints.is_empty() { "passed" } else { "failed" };
            println!("soak: {minutes} min, {} calls, {} tricks, {verdict}", found.times.len(), found.tricks);
            if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(fault) => {
            println!("FAILED  {fault}\nsoak: failed");
            ExitCode::FAILURE
        }
    }
}

/// The same for a short while, for `make bench`.
pub(crate) fn measure(programs: &Path) -> Result<Vec<Line>, Fault> {
    let mut found = soak(programs, BENCH)?;
    let mut lines = found.lines();
    lines.extend(found.complaints().into_iter().map(|complaint| Line::new("NOT AS IT SHOULD BE", "", complaint)));
    Ok(lines)
}

fn soak(programs: &Path, time: Duration) -> Result<Found, Fault> {
    // The agent begins with what any program has; this one needs a descriptor for each socket as well.
    let own = getrlimit(Resource::Nofile);
    limit_descriptors(USUAL_DESCRIPTORS, own)?;
    let data = tempfile::tempdir()?;
    fs::create_dir(data.path().join("data"))?;
    fs::write(data.path().join("data/sites.json"), SITES)?;
    let mut agent = Agent::start(programs, data.path())?;
    setrlimit(Resource::Nofile, Rlimit { current: own.maximum, ..own })?;
    let scheme = Scheme::wss()?;

    // What it opens once it has opened then.
    Crowd::gather(&scheme, agent.port, 20)?.call_each()?;
    requests::each_once(&scheme, agent.port)?;
    let before = agent.settled(SETTLING, None)?;
    let mut crowd = Crowd::gather(&scheme, agent.port, SOCKETS)?;
    crowd.call_each()?;
    let mischief = Mischief::begin(&scheme, agent.port);
    let mut peak = agent.memory()?;
    let end = Instant::now() + time;
    let calling = crowd.call_until(end, CALLS_PER_SECOND);
    let mut half = None;
    while Instant::now() < end {
        std::thread::sleep(Duration::from_millis(250));
        agent.lives()?;
        let now = agent.memory()?;
        peak = peak.max(now);
        if half.is_none() && Instant::now() + time / 2 >= end {
            half = Some(now);
        }
    }
    let last = agent.memory()?;
    let (times, mut faults) = calling.end();
    let (tricks, of_mischief) = mischief.end();
    faults.extend(of_mischief);
    let half = half.unwrap_or(last);
    let after = agent.settled(SETTLING, Some(before))?;
    if last.megabytes() > half.megabytes() + GROWTH {
        faults.push(format!("resident memory grew from {half} at half time to {last}"));
    }
    Ok(Found { before, after, half, peak, times, faults, tricks })
}

fn limit_descriptors(most: u64, own: Rlimit) -> Result<(), Fault> {
    let current = own.maximum.map_or(most, |maximum| maximum.min(most));
    Ok(setrlimit(Resource::Nofile, Rlimit { current: Some(current), ..own })?)
}

impl Found {
    fn lines(&mut self) -> Vec<Line> {
        let most = bar();
        let count = self.times.len();
        let over = if self.slowness().is_some() { "OVER: " } else { "" };
        let mut percent = |hundredth| milliseconds(percentile(&mut self.times, hundredth));
        let (p50, p99) = (percent(50), percent(99));
        vec![
            Line::new(
                "resident, 1,000 wss sockets under load",
                self.peak.to_string(),
                format!("bar {most} MB; the most that was seen (VmRSS); {} at half time", self.half),
            ),
            Line::new("cheap calls under load, median", p50, format!("{count} calls, {CALLS_PER_SECOND} in a second")),
            Line::new(
                "cheap calls under load, p99",
                p99,
                format!("{over}bar 5 ms; client and mischief run on the same cores"),
            ),
            Line::new("before the load", self.before.to_string(), "resident, descriptors, threads"),
            Line::new("after it", self.after.to_string(), "once everybody has gone"),
        ]
    }

    /// The slowest hundredth is over its bar. Only an optimised program has one; `make bench` says it and goes on.
    fn slowness(&mut self) -> Option<String> {
        let p99 = percentile(&mut self.times, 99);
        (!cfg!(debug_assertions) && p99 > BAR_P99)
            .then(|| format!("OVER: p99 of cheap calls is {}, over {}", milliseconds(p99), milliseconds(BAR_P99)))
    }

    /// What must not be, however busy the machine is.
    fn complaints(&self) -> Vec<String> {
        let mut complaints = self.faults.clone();
        if let (Some(before), Some(after)) = (self.before.descriptors, self.after.descriptors)
            && after > before + KEPT_DESCRIPTORS
        {
            complaints.push(format!("{before} descriptors became {after}"));
        }
        if self.after.threads > self.before.threads {
            complaints.push(format!("{} threads became {}", self.before.threads, self.after.threads));
        }
        if self.peak.megabytes() > bar() {
            complaints.push(format!("{} of resident memory, over {} MB", self.peak, bar()));
        }
        if self.times.is_empty() {
            complaints.push("no call was made".to_owned());
        }
        complaints
    }
}

fn bar() -> f64 {
    if cfg!(debug_assertions) { BAR_UNOPTIMISED } else { BAR }
}
