//! Giving up at start what a process does not need.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "elsewhere.rs"]
mod system;

/// One thing a process gave up, or could not.
#[derive(Debug)]
pub struct Step {
    /// What, in a few words for the log.
    pub name: &'static str,
    /// Whether it worked.
    pub result: Result<(), HardeningError>,
}

/// Why a step did not work.
#[derive(Debug, thiserror::Error)]
pub enum HardeningError {
    /// The system said no.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] crate::Unsupported),
}

/// No core dump with a document or a key in it, no reading of this process's memory by others of the same user, and no
/// way for it or its children to gain rights by running a set-user-id program.
///
/// Every step is tried, whatever became of the one before; the caller decides what to say of a failure.
#[must_use]
pub fn give_up_what_is_not_needed() -> Vec<Step> {
    system::steps()
}

/// For a process that turns what comes on its standard input into what leaves on its standard output, and does nothing
/// else: from now on it opens no file and no connection, writes no file, starts no process, and ends when it takes too
/// much time or memory. On Linux it is also ended by any system call that such a process does not make, all its threads
/// together. Every step is tried; who reads what a stranger sent goes on only when all of them worked.
#[must_use]
pub fn give_up_files_and_connections() -> Vec<Step> {
    system::steps_for_a_pure_function()
}

/// Takes no more memory than so many octets from now on, all that is mapped included.
#[must_use]
pub fn bound_memory(most: u64) -> Vec<Step> {
    system::steps_for_bound_memory(most)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn a_hardened_process_cannot_be_dumped_and_gains_no_rights() {
        for step in super::give_up_what_is_not_needed() {
            step.result.unwrap_or_else(|error| panic!("{}: {error}", step.name));
        }
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        assert!(status.contains("NoNewPrivs:\t1"));
        let limits = std::fs::read_to_string("/proc/thread-self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
        assert_eq!(rustix::process::dumpable_behavior().unwrap(), rustix::process::DumpableBehavior::NotDumpable);
    }
}
