//! Which processes have a socket open: the folders of their open files (proc_pid_fd(5)).
//!
//! The kernel keeps no list of who has a socket, so the open files of every process have to be read: some milliseconds for a
//! thousand of them. What one walk finds serves every question of the next moment, however many sockets ask.

use super::FRESH;
use rustix::fs::{CWD, Dir, Mode, OFlags, openat, readlinkat_raw};
use rustix::io::Errno;
use std::ffi::CStr;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most sockets that are kept. Where a computer has more open, each question walks anew.
const MOST_KEPT: usize = 64 * 1024;

/// What a link to a socket says, at the longest: `socket:[18446744073709551615]`.
const LONGEST_LINK: usize = 30;

/// Device and inode of a process's executable; none for a process that has ended.
type Executable = Option<(u64, u64)>;

/// The last walk.
#[derive(Debug, Default)]
pub(super) struct Walks {
    last: Mutex<Option<Walk>>,
}

#[derive(Debug)]
struct Walk {
    begun: Instant,
    took: Duration,
    /// This process, which is read only when nobody else has a socket: it has the other ends of them all.
    own: Option<u32>,
    is_own_read: bool,
    /// Inode of a socket and number of a process that has it, in their order.
    open: Vec<(u64, u32)>,
    /// What each of these processes ran before its files were read, by its number.
    ran: Vec<(u32, Executable)>,
}

impl Walks {
    /// The processes that have this socket, as far as this user may look, and when they had it: at most [`FRESH`] ago, or
    /// twice as long ago as a walk takes. A socket was there at `since` at the latest; an older walk knows nothing of it,
    /// though it may know its number, which the kernel gives out again.
    pub(super) fn holders(&self, proc: &Path, inode: u64, since: Instant) -> io::Result<(Vec<u32>, Instant)> {
        let asked = Instant::now();
        // Who asks meanwhile waits for this walk, and has its answer with it.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(walk) = &mut *last
            && walk.serves(asked, since)
        {
            let pids = walk.holders(proc, inode)?;
            // One that runs something else by now may have handed the socket to anybody before it did.
            if pids.iter().all(|pid| walk.runs_the_same(proc, *pid)) {
                return Ok((pids, walk.begun));
            }
        }
        // What cannot be walked to its end is not kept: it would know of some holders and not of others.
        *last = None;
        let mut walk = Walk::of(proc)?;
        let pids = walk.holders(proc, inode)?;
        let begun = walk.begun;
        *last = (walk.open.len() <= MOST_KEPT).then_some(walk);
        Ok((pids, begun))
    }
}

impl Walk {
    fn of(proc: &Path) -> io::Result<Self> {
        // By the name that this folder gives it: where processes have other numbers in it, it is not ours that is left out.
        let own = fs::read_link(proc.join("self")).ok().and_then(|link| link.to_str()?.parse().ok());
        let begun = Instant::now();
        let mut walk = Self { begun, took: Duration::ZERO, own, is_own_read: false, open: Vec::new(), ran: Vec::new() };
        for pid in processes(proc)?.filter(|pid| Some(*pid) != own) {
            walk.read(proc, pid)?;
        }
        walk.open.sort_unstable();
        walk.took = begun.elapsed();
        Ok(walk)
    }

    fn serves(&self, asked: Instant, since: Instant) -> bool {
        let is_fresh = self.begun >= asked || self.begun.elapsed() < FRESH.max(self.took * 2);
        is_fresh && self.begun >= since
    }

    fn read(&mut self, proc: &Path, pid: u32) -> io::Result<()> {
        // First what it runs: what it runs after its files were read may have other ones.
        let runs = executable(proc, pid);
        let before = self.open.len();
        for_each_socket(proc, pid, |socket| self.open.push((socket, pid)))?;
        if self.open.len() > before {
            self.ran.push((pid, runs));
        }
        Ok(())
    }

    /// Nobody, where none had this socket then.
    fn holders(&mut self, proc: &Path, inode: u64) -> io::Result<Vec<u32>> {
        let pids = self.found(inode);
        if !pids.is_empty() || self.is_own_read {
            return Ok(pids);
        }
        self.is_own_read = true;
        if let Some(own) = self.own {
            self.read(proc, own)?;
            self.open.sort_unstable();
        }
        Ok(self.found(inode))
    }

    fn found(&self, inode: u64) -> Vec<u32> {
        let first = self.open.partition_point(|(socket, _)| *socket < inode);
        let those = self.open.iter().skip(first).take_while(|(socket, _)| *socket == inode);
        let mut pids: Vec<u32> = those.map(|(_, pid)| *pid).collect();
        pids.dedup();
        pids
    }

    fn runs_the_same(&self, proc: &Path, pid: u32) -> bool {
        let ran = self.ran.iter().find(|(one, _)| *one == pid).and_then(|(_, ran)| *ran);
        ran.is_some() && ran == executable(proc, pid)
    }
}

fn executable(proc: &Path, pid: u32) -> Executable {
    let meta = fs::metadata(proc.join(pid.to_string()).join("exe")).ok()?;
    Some((meta.dev(), meta.ino()))
}

/// Every process that there is.
pub(super) fn processes(proc: &Path) -> io::Result<impl Iterator<Item = u32>> {
    Ok(fs::read_dir(proc)?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()))
}

/// Tells every socket among the open files of a process. One that has ended, or that this user may not look at, has none;
/// that its files cannot be read for want of a descriptor or of memory is an error.
fn for_each_socket(proc: &Path, pid: u32, mut tell: impl FnMut(u64)) -> io::Result<()> {
    let folder = proc.join(pid.to_string()).join("fd");
    let opened = openat(CWD, &folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
    let Some(folder) = there(opened)? else { return Ok(()) };
    let Some(files) = there(Dir::read_from(&folder))? else { return Ok(()) };
    for file in files {
        let Some(file) = there(file)? else { return Ok(()) };
        // Read beside its folder: the way there is walked once, not for each of a thousand files.
        let mut link = [0; LONGEST_LINK];
        if let Some(socket) = read_link(&folder, file.file_name(), &mut link).and_then(socket) {
            tell(socket);
        }
    }
    Ok(())
}

fn there<T>(result: Result<T, Errno>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Errno::NOENT | Errno::SRCH | Errno::ACCESS | Errno::PERM) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn read_link<'a>(folder: &rustix::fd::OwnedFd, name: &CStr, link: &'a mut [u8; LONGEST_LINK]) -> Option<&'a [u8]> {
    let length = readlinkat_raw(folder, name, &mut link[..]).ok()?;
    link.get(..length)
}

/// The inode in `socket:[4711]`.
fn socket(link: &[u8]) -> Option<u64> {
    let number = link.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::thread;

    /// Numbers that no process of this machine has.
    const SEVEN: u32 = 4_200_007;
    const EIGHT: u32 = 4_200_008;
    const NINE: u32 = 4_200_009;

    struct Proc {
        folder: tempfile::TempDir,
        walks: Walks,
    }

    impl Proc {
        /// A `/proc` in which these processes have these files open.
        fn with(open: &[(u32, &str)]) -> Self {
            let proc = Self { folder: tempfile::tempdir().unwrap(), walks: Walks::default() };
            for (place, (pid, link)) in open.iter().enumerate() {
                proc.opens(*pid, place, link);
            }
            proc
        }

        fn opens(&self, pid: u32, place: usize, link: &str) {
            let files = self.folder.path().join(pid.to_string()).join("fd");
            if !files.exists() {
                fs::create_dir_all(&files).unwrap();
                self.runs(pid, "/bin/sh");
            }
            symlink(link, files.join(place.to_string())).unwrap();
        }

        fn runs(&self, pid: u32, program: &str) {
            let link = self.folder.path().join(pid.to_string()).join("exe");
            let _ = fs::remove_file(&link);
            symlink(program, link).unwrap();
        }

        fn closes_all(&self, pid: u32) {
            fs::remove_dir_all(self.folder.path().join(pid.to_string()).join("fd")).unwrap();
        }

        fn holders_since(&self, inode: u64, since: Instant) -> Vec<u32> {
            let (mut pids, _) = self.walks.holders(self.folder.path(), inode, since).unwrap();
            pids.sort_unstable();
            pids
        }

        /// Of a socket that was there before any walk.
        fn holders(&self, inode: u64) -> Vec<u32> {
            // A moment before now that this clock can name.
            let Some(long_ago) = Instant::now().checked_sub(Duration::from_secs(60)) else { panic!("a new machine") };
            self.holders_since(inode, long_ago)
        }
    }

    #[test]
    fn everybody_who_has_a_socket_is_told_once() {
        let proc = Proc::with(&[
            (SEVEN, "socket:[4711]"),
            (SEVEN, "socket:[4711]"),
            (EIGHT, "/dev/null"),
            (EIGHT, "pipe:[4711]"),
            (NINE, "socket:[4711]"),
            (NINE, "socket:[12]"),
        ]);
        assert_eq!(proc.holders(4711), [SEVEN, NINE]);
        assert_eq!(proc.holders(12), [NINE]);
        assert_eq!(proc.holders(471), [0u32; 0]);
    }

    #[test]
    fn one_walk_answers_for_a_moment_and_no_longer() {
        let proc = Proc::with(&[(SEVEN, "socket:[1]")]);
        assert_eq!(proc.holders(1), [SEVEN]);
        proc.opens(EIGHT, 1, "socket:[1]");
        proc.opens(EIGHT, 2, "socket:[2]");
        assert_eq!(proc.holders(1), [SEVEN], "from the walk before");
        assert_eq!(proc.holders(2), [0u32; 0], "from the walk before, in which nobody had it");
        thread::sleep(FRESH);
        assert_eq!(proc.holders(1), [SEVEN, EIGHT]);
    }

    #[test]
    fn a_walk_knows_nothing_of_a_socket_that_came_after_it() {
        // The number is that of a socket which was closed since.
        let proc = Proc::with(&[(SEVEN, "socket:[1]")]);
        assert_eq!(proc.holders(1), [SEVEN]);
        proc.closes_all(SEVEN);
        proc.opens(EIGHT, 1, "socket:[1]");
        assert_eq!(proc.holders_since(1, Instant::now()), [EIGHT]);
    }

    #[test]
    fn who_runs_something_else_since_the_walk_is_looked_at_anew() {
        // It gave the socket to a child and became a browser.
        let proc = Proc::with(&[(SEVEN, "socket:[1]")]);
        assert_eq!(proc.holders(1), [SEVEN]);
        proc.opens(EIGHT, 1, "socket:[1]");
        proc.runs(SEVEN, "/bin/ls");
        assert_eq!(proc.holders(1), [SEVEN, EIGHT]);
        // It has ended, and another has its number.
        fs::remove_dir_all(proc.folder.path().join(SEVEN.to_string())).unwrap();
        assert_eq!(proc.holders(1), [EIGHT]);
    }

    #[test]
    fn this_process_is_found_where_nobody_else_is() {
        let proc = Proc::with(&[(SEVEN, "socket:[1]"), (EIGHT, "socket:[1]"), (EIGHT, "socket:[2]")]);
        symlink(EIGHT.to_string(), proc.folder.path().join("self")).unwrap();
        assert_eq!(proc.holders(1), [SEVEN]);
        assert_eq!(proc.holders(2), [EIGHT]);
    }

    #[test]
    fn files_that_cannot_be_read_are_an_error_and_no_files() {
        let proc = Proc::with(&[(SEVEN, "socket:[1]")]);
        fs::create_dir_all(proc.folder.path().join(EIGHT.to_string())).unwrap();
        fs::write(proc.folder.path().join(EIGHT.to_string()).join("fd"), b"").unwrap();
        assert!(proc.walks.holders(proc.folder.path(), 1, Instant::now()).is_err());
        assert!(proc.walks.last.lock().unwrap().is_none(), "half a walk is not kept");
    }

    #[test]
    fn only_what_is_called_a_socket_is_one() {
        assert_eq!(socket(b"socket:[18446744073709551615]"), Some(u64::MAX));
        for other in ["socket:[]", "socket:[1", "socket:[-1]", "socket:[18446744073709551616]", "pipe:[1]", ""] {
            assert_eq!(socket(other.as_bytes()), None, "{other}");
        }
    }
}
