//! Linux: `prctl(2)`, `setrlimit(2)` and `seccomp(2)`.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod seccomp;

use super::{HardeningError, Step};
use rustix::process::{DumpableBehavior, Resource, Rlimit};

pub(super) fn steps() -> Vec<Step> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    vec![
        // A core pattern that pipes into a program is not bound by the limit; PR_SET_DUMPABLE stops that too, and
        // with it ptrace and /proc/PID/mem by programs of the same user.
        step("core dumps", rustix::process::setrlimit(Resource::Core, none)),
        step("being dumped or traced", rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)),
        step("new privileges", rustix::thread::set_no_new_privs(true)),
    ]
}

/// Seconds of the processor's time, after which the system ends the process.
const MOST_SECONDS: u64 = 5;

/// All memory together, the program itself included.
const MOST_MEMORY: u64 = 640 * 1024 * 1024;

pub(super) fn steps_for_a_pure_function() -> Vec<Step> {
    vec![
        // No new descriptor: neither a file nor a socket can be opened; those that are open stay.
        step("opening files and connections", limit(Resource::Nofile, 0)),
        step("writing files", limit(Resource::Fsize, 0)),
        step("starting processes", limit(Resource::Nproc, 0)),
        step("computing without end", limit(Resource::Cpu, MOST_SECONDS)),
        step("memory without end", limit(Resource::As, MOST_MEMORY)),
        // The last one: it ends whoever sets limits.
        Step { name: "all other system calls", result: only_calls_of_a_pure_function() },
    ]
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn only_calls_of_a_pure_function() -> Result<(), HardeningError> {
    Ok(seccomp::install()?)
}

/// What the system calls are called is known; that nothing else is needed was tried on two architectures only.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn only_calls_of_a_pure_function() -> Result<(), HardeningError> {
    Err(crate::Unsupported { concern: "a filter of system calls on this architecture" }.into())
}

pub(super) fn steps_for_bound_memory(most: u64) -> Vec<Step> {
    vec![step("memory without end", limit(Resource::As, most))]
}

fn limit(resource: Resource, most: u64) -> Result<(), rustix::io::Errno> {
    rustix::process::setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
}

fn step(name: &'static str, result: Result<(), rustix::io::Errno>) -> Step {
    Step { name, result: result.map_err(|errno| HardeningError::System(errno.into())) }
}
