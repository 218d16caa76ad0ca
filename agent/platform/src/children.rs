//! Ending a process together with whatever it started.

use std::process::{Child, Command};

/// Starts the process at the head of a group of its own: a Ctrl-C in the terminal is then not for it, and [`end`] reaches
/// what it starts in turn. Elsewhere than on Unix nothing is changed.
pub fn in_own_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// This process leaves the session that it was started in: no terminal and no login shell has a signal for it from now on.
/// Elsewhere than on Unix nothing is changed.
///
/// # Errors
/// As the system says; also for the head of a group, which cannot leave.
pub fn leave_session() -> std::io::Result<()> {
    #[cfg(unix)]
    rustix::process::setsid()?;
    Ok(())
}

/// Asks a process of ours to end in its own time, as a Ctrl-C in its terminal would. Its number must be known to be its own:
/// it holds a lock in which the number stands.
///
/// # Errors
/// As the system says; elsewhere than on Unix there is no such question.
pub fn ask_to_end(process: u32) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process};
        let process = i32::try_from(process).ok().and_then(Pid::from_raw).ok_or(std::io::ErrorKind::InvalidInput)?;
        kill_process(process, Signal::TERM)?;
        Ok(())
    }
    #[cfg(not(unix))]
    {
        let _ = process;
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

/// Ends a process that was started [in its own group](in_own_group), and its group, at once. It must not have been waited
/// for: its number could belong to another one by now. Whoever has ended already is left in peace.
pub fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            // No such group: it never led one, or all of it is gone.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    // An error means that it has ended.
    let _ = child.kill();
}

/// Whether a process has ended. It is not waited for, where the system lets that be known without: its number stays its
/// own, and [`end`] still reaches what it left behind.
pub fn has_ended(child: &mut Child) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        if let Some(process) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            // An error means that it was waited for.
            return !matches!(waitid(WaitId::Pid(process), options), Ok(None));
        }
    }
    !matches!(child.try_wait(), Ok(None))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    #[test]
    fn what_a_process_started_ends_with_it() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 100 & echo $!; wait"]).stdout(Stdio::piped());
        in_own_group(&mut command);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let stat = format!("/proc/{}/stat", line.trim());
        assert!(std::fs::exists(&stat).unwrap());
        assert!(!has_ended(&mut child));
        end(&mut child);
        child.wait().unwrap();
        ends(&stat);
    }

    #[test]
    fn what_a_process_left_behind_when_it_ended_by_itself_can_still_be_ended() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 100 >/dev/null & echo $!"]).stdout(Stdio::piped());
        in_own_group(&mut command);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        while !has_ended(&mut child) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let stat = format!("/proc/{}/stat", line.trim());
        assert!(std::fs::exists(&stat).unwrap(), "it runs on");
        end(&mut child);
        assert!(child.wait().unwrap().success());
        ends(&stat);
    }

    fn ends(stat: &str) {
        for _ in 0..200 {
            // Nobody may have waited for it yet; what counts is that it runs no longer.
            match std::fs::read_to_string(stat) {
                Ok(text) if !text.contains(") Z ") => std::thread::sleep(std::time::Duration::from_millis(10)),
                _ => return,
            }
        }
        panic!("the grandchild runs on");
    }
}
