//! Linux: `prctl(2)` and `setrlimit(2)`.

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

fn step(name: &'static str, result: Result<(), rustix::io::Errno>) -> Step {
    Step { name, result: result.map_err(|errno| HardeningError::System(errno.into())) }
}
