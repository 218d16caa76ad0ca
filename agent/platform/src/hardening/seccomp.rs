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

/// The filter as the kernel runs it. What `tests/hardening.rs` tries for itself is what safe Rust can call; here is the
/// rest.
#[cfg(test)]
mod tests {
    use super::*;

    const OWN: u32 = 4321;

    /// An architecture, a call and its arguments.
    struct Call(u32, libc::c_long, [u64; 6]);

    impl Call {
        /// What the kernel gives a filter to read (`struct seccomp_data`).
        fn word(&self, offset: u32) -> u32 {
            let Self(architecture, call, arguments) = self;
            let mut data = Vec::from(u32::try_from(*call).unwrap().to_le_bytes());
            data.extend(architecture.to_le_bytes());
            // Where it is called from.
            data.extend([0; 8]);
            data.extend(arguments.iter().flat_map(|argument| argument.to_le_bytes()));
            u32::from_le_bytes(data[offset as usize..][..4].try_into().unwrap())
        }
    }

    const AUDIT: u32 = if cfg!(target_arch = "x86_64") { 0xC000_003E } else { 0xC000_00B7 };

    fn is_allowed(call: &Call) -> bool {
        let program = filter(OWN).unwrap();
        let (mut at, mut accumulator) = (0, 0);
        loop {
            let step = &program[at];
            at += 1;
            let jump = |holds| usize::from(if holds { step.jt } else { step.jf });
            match step.code {
                0x20 => accumulator = call.word(step.k),
                0x54 => accumulator &= step.k,
                0x05 => at += step.k as usize,
                0x15 => at += jump(accumulator == step.k),
                0x06 => {
                    return step.k == libc::SECCOMP_RET_ALLOW || {
                        assert_eq!(step.k, libc::SECCOMP_RET_KILL_PROCESS);
                        false
                    };
                }
                code => panic!("{code:#x}"),
            }
        }
    }

    fn allows(call: libc::c_long, arguments: [u64; 6]) -> bool {
        is_allowed(&Call(AUDIT, call, arguments))
    }

    #[test]
    fn a_call_that_reaches_out_of_the_process_has_no_arguments_that_allow_it() {
        use libc::*;
        let calls = [
            SYS_openat,
            SYS_openat2,
            SYS_close,
            SYS_dup3,
            SYS_pread64,
            SYS_pwrite64,
            SYS_writev,
            SYS_sendfile,
            SYS_ioctl,
            SYS_fcntl,
            SYS_ftruncate,
            SYS_truncate,
            SYS_renameat2,
            SYS_symlinkat,
            SYS_linkat,
            SYS_unlinkat,
            SYS_mkdirat,
            SYS_mknodat,
            SYS_fchmodat,
            SYS_fchownat,
            SYS_utimensat,
            SYS_setxattr,
            SYS_getdents64,
            SYS_statx,
            SYS_mount,
            SYS_chdir,
            SYS_chroot,
            SYS_socket,
            SYS_connect,
            SYS_bind,
            SYS_sendmsg,
            SYS_recvmsg,
            SYS_execve,
            SYS_execveat,
            SYS_clone,
            SYS_clone3,
            SYS_unshare,
            SYS_setns,
            SYS_kill,
            SYS_tkill,
            SYS_rt_sigqueueinfo,
            SYS_pidfd_open,
            SYS_pidfd_getfd,
            SYS_pidfd_send_signal,
            SYS_ptrace,
            SYS_process_vm_readv,
            SYS_process_vm_writev,
            SYS_shmget,
            SYS_shmat,
            SYS_memfd_create,
            SYS_remap_file_pages,
            SYS_pkey_mprotect,
            SYS_personality,
            SYS_prctl,
            SYS_seccomp,
            SYS_bpf,
            SYS_io_uring_setup,
            SYS_userfaultfd,
            SYS_perf_event_open,
            SYS_keyctl,
            SYS_prlimit64,
            SYS_setuid,
        ];
        for call in calls {
            for argument in [0, 1, u64::from(OWN), u64::MAX] {
                assert!(!allows(call, [argument; 6]), "{call}");
            }
        }
    }

    #[test]
    fn calls_with_conditions_are_allowed_within_them_only() {
        let any = [u64::MAX; 6];
        let with = |argument: usize, value| {
            let mut arguments = any;
            arguments[argument] = value;
            arguments
        };
        for descriptor in 0..20 {
            assert_eq!(allows(libc::SYS_read, with(0, descriptor)), descriptor == 0);
            assert_eq!(allows(libc::SYS_write, with(0, descriptor)), [1, 2].contains(&descriptor));
        }
        for protection in 0..8 {
            let is_code = protection & 4 != 0;
            let with_flags = |flags| [0, 4096, protection, flags, any[4], 0];
            // MAP_PRIVATE and MAP_SHARED, with MAP_ANONYMOUS and without.
            assert_eq!(allows(libc::SYS_mmap, with_flags(0x22)), !is_code);
            assert_eq!(allows(libc::SYS_mmap, with_flags(0x21)), !is_code);
            assert!(!allows(libc::SYS_mmap, with_flags(0x02)) && !allows(libc::SYS_mmap, with_flags(0x01)));
            assert_eq!(allows(libc::SYS_mprotect, [0, 4096, protection, 0, 0, 0]), !is_code);
            // What the kernel does not read decides nothing.
            assert_eq!(allows(libc::SYS_mprotect, [0, 4096, protection | 7 << 32, 0, 0, 0]), !is_code);
        }
        let own = u64::from(OWN);
        assert!(allows(libc::SYS_tgkill, [own, own, 6, 0, 0, 0]));
        for (process, signal) in [(own, 9), (own, 0), (own + 1, 6), (1, 6), (0, 6), (u64::MAX, 6)] {
            assert!(!allows(libc::SYS_tgkill, [process, own, signal, 0, 0, 0]));
        }
    }

    #[test]
    fn calls_by_the_numbers_of_another_architecture_are_not_allowed() {
        let exit = |architecture, call| is_allowed(&Call(architecture, call, [0; 6]));
        assert!(exit(AUDIT, libc::SYS_exit_group));
        // Of 32 bits, of 64 bits with addresses of 32 (x32).
        assert!(!exit(0x4000_0003, libc::SYS_exit_group) && !exit(0x4000_0028, libc::SYS_exit_group));
        assert!(!exit(AUDIT, libc::SYS_exit_group | 0x4000_0000) && !exit(AUDIT, libc::SYS_read | 0x4000_0000));
    }
}
