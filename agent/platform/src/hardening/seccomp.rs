//! The system calls of a process that computes, reads its standard input and writes its standard output. Every other
//! one ends it on the spot (`seccomp(2)`).
//!
//! Limits alone are no wall: they stop what opens a descriptor, writes a file or starts a process, and neither
//! `rename`, `symlink`, `unlink` and `chmod`, nor `execve`, nor signals to other programs of the same user.

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};
use std::collections::BTreeMap;

/// Calls that reach nothing outside of the process, whatever their arguments are.
const WITHIN_THE_PROCESS: [libc::c_long; 16] = [
    // The allocator's. Mapping and protecting have conditions below.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Locks of the standard library.
    libc::SYS_futex,
    // A stack that runs over is told by a handler on a stack of its own, which is taken down at the end.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // Random numbers; the time in a line of the log, which not every machine tells without a system call.
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    // After the process was stopped and goes on.
    libc::SYS_restart_syscall,
    // `abort` asks for both, to name itself in the signal below.
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Puts all threads of this process under the filter. There is no way back.
pub(super) fn install() -> std::io::Result<()> {
    // Some C libraries count the processors for their first random number, in a file. It is drawn here, and hash tables
    // live on it.
    let _ = std::hash::RandomState::new();
    let filter = filter(std::process::id()).map_err(std::io::Error::other)?;
    seccompiler::apply_filter_all_threads(&filter).map_err(|error| match error {
        seccompiler::Error::Prctl(error) | seccompiler::Error::Seccomp(error) => error,
        error => std::io::Error::other(error),
    })
}

fn filter(own: u32) -> Result<BpfProgram, BackendError> {
    let mut allowed: BTreeMap<_, _> = WITHIN_THE_PROCESS.map(|call| (call, Vec::new())).into();
    // What else may be open by mistake is out of reach too.
    allowed.insert(libc::SYS_read, vec![all([is(0, 0)?])?]);
    allowed.insert(libc::SYS_write, vec![all([is(0, 1)?])?, all([is(0, 2)?])?]);
    // No memory becomes code, and none is that of a file or of another process.
    let no_code = || has(2, libc::PROT_EXEC, 0);
    allowed.insert(libc::SYS_mmap, vec![all([no_code()?, has(3, libc::MAP_ANONYMOUS, libc::MAP_ANONYMOUS)?])?]);
    allowed.insert(libc::SYS_mprotect, vec![all([no_code()?])?]);
    // An abort, of this very process, is seen as one: when memory is at its end, or a stack.
    allowed.insert(libc::SYS_tgkill, vec![all([is(0, own)?, is(2, libc::SIGABRT.cast_unsigned())?])?]);
    SeccompFilter::new(
        allowed,
        SeccompAction::KillProcess,
        SeccompAction::Allow,
        // The filter ends calls by the numbers of another architecture as well.
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

fn all<const N: usize>(conditions: [SeccompCondition; N]) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(conditions.into())
}

/// The kernel takes these arguments as 32 bits.
fn is(argument: u8, value: u32) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value.into())
}

/// Of these bits of the argument, exactly `value` are set.
fn has(argument: u8, bits: i32, value: i32) -> Result<SeccompCondition, BackendError> {
    let [bits, value] = [bits, value].map(|bits| u64::from(bits.cast_unsigned()));
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(bits), value)
}
