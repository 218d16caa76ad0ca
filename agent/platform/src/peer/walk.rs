//! Which processes have a socket open: the folders of their open files (proc_pid_fd(5)).
//!
//! The kernel keeps no list of who has a socket, so the open files of every process have to be read: some milliseconds for a
//! thousand of them. What one walk finds serves every question of the next moment, however many sockets ask.

use super::FRESH;
use rustix::fs::{CWD, Dir, Mode, OFlags, openat, readlinkat_raw};
use std::ffi::CStr;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The most sockets that are kept. Where a computer has more open, each question walks anew.
const MOST_KEPT: usize = 64 * 1024;

/// What a link to a socket says, at the longest: `socket:[18446744073709551615]`.
const LONGEST_LINK: usize = 30;

/// The last walk.
#[derive(Debug, Default)]
pub(super) struct Walks {
    last: Mutex<Option<Walk>>,
}

#[derive(Debug)]
struct Walk {
    begun: Instant,
    /// Inode of a socket and number of a process that has it, in their order.
    open: Vec<(u64, u32)>,
}

impl Walks {
    /// The processes that have this socket, as far as this user may look, and when they had it: at most [`FRESH`] ago. A socket
    /// that was opened since is not in an older walk, because the kernel gives out their numbers one after the other.
    pub(super) fn holders(&self, proc: &Path, inode: u64) -> io::Result<(Vec<u32>, Instant)> {
        let asked = Instant::now();
        // Who asks meanwhile waits for this walk, and has its answer with it.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(walk) = &*last
            && (walk.begun >= asked || walk.begun.elapsed() < FRESH)
            && let Some(pids) = walk.holders(inode)
        {
            return Ok((pids, walk.begun));
        }
        let mut walk = Walk { begun: Instant::now(), open: Vec::new() };
        let own = std::process::id();
        processes(proc)?.filter(|pid| *pid != own).for_each(|pid| walk.read(proc, pid));
        walk.open.sort_unstable();
        // This process has the other ends of all those sockets, as many again to read. That it asks who itself is happens
        // only where nobody else is found.
        let mut pids = walk.holders(inode);
        if pids.is_none() {
            walk.read(proc, own);
            walk.open.sort_unstable();
            pids = walk.holders(inode);
        }
        let begun = walk.begun;
        *last = (walk.open.len() <= MOST_KEPT).then_some(walk);
        Ok((pids.unwrap_or_default(), begun))
    }
}

impl Walk {
    fn read(&mut self, proc: &Path, pid: u32) {
        for_each_socket(proc, pid, |socket| self.open.push((socket, pid)));
    }

    /// `None` where nobody had this socket then.
    fn holders(&self, inode: u64) -> Option<Vec<u32>> {
        let first = self.open.partition_point(|(socket, _)| *socket < inode);
        let those = self.open.get(first..)?.iter().take_while(|(socket, _)| *socket == inode);
        let mut pids: Vec<u32> = those.map(|(_, pid)| *pid).collect();
        pids.dedup();
        (!pids.is_empty()).then_some(pids)
    }
}

/// Every process that there is.
pub(super) fn processes(proc: &Path) -> io::Result<impl Iterator<Item = u32>> {
    Ok(fs::read_dir(proc)?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()))
}

/// Tells every socket among the open files of a process. One that has ended, or that this user may not look at, has none.
fn for_each_socket(proc: &Path, pid: u32, mut tell: impl FnMut(u64)) {
    let folder = proc.join(pid.to_string()).join("fd");
    let Ok(folder) = openat(CWD, &folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()) else {
        return;
    };
    let Ok(files) = Dir::read_from(&folder) else { return };
    for file in files.flatten() {
        // Read beside its folder: the way there is walked once, not for each of a thousand files.
        let mut link = [0; LONGEST_LINK];
        if let Some(socket) = read_link(&folder, file.file_name(), &mut link).and_then(socket) {
            tell(socket);
        }
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

    /// A `/proc` in which these processes have these files open.
    fn proc_with(open: &[(u32, &str)]) -> tempfile::TempDir {
        let proc = tempfile::tempdir().unwrap();
        for (place, (pid, link)) in open.iter().enumerate() {
            let files = proc.path().join(pid.to_string()).join("fd");
            fs::create_dir_all(&files).unwrap();
            symlink(link, files.join(place.to_string())).unwrap();
        }
        proc
    }

    #[test]
    fn everybody_who_has_a_socket_is_told_once() {
        let proc = proc_with(&[
            (7, "socket:[4711]"),
            (7, "socket:[4711]"),
            (8, "/dev/null"),
            (8, "pipe:[4711]"),
            (9, "socket:[4711]"),
            (9, "socket:[12]"),
        ]);
        let walks = Walks::default();
        // The first question walks, the second is answered from that walk.
        for _ in 0..2 {
            let (mut pids, _) = walks.holders(proc.path(), 4711).unwrap();
            pids.sort_unstable();
            assert_eq!(pids, [7, 9]);
        }
        assert_eq!(walks.holders(proc.path(), 12).unwrap().0, [9]);
        assert_eq!(walks.holders(proc.path(), 471).unwrap().0, [0u32; 0]);
    }

    #[test]
    fn a_socket_that_was_opened_since_is_found_at_once_and_a_hand_over_after_a_moment() {
        let proc = proc_with(&[(7, "socket:[1]")]);
        let walks = Walks::default();
        assert_eq!(walks.holders(proc.path(), 1).unwrap().0, [7]);
        symlink("socket:[2]", proc.path().join("7/fd/77")).unwrap();
        assert_eq!(walks.holders(proc.path(), 2).unwrap().0, [7]);
        fs::rename(proc.path().join("7"), proc.path().join("8")).unwrap();
        std::thread::sleep(FRESH);
        assert_eq!(walks.holders(proc.path(), 1).unwrap().0, [8]);
    }

    #[test]
    fn only_what_is_called_a_socket_is_one() {
        assert_eq!(socket(b"socket:[18446744073709551615]"), Some(u64::MAX));
        for other in ["socket:[]", "socket:[1", "socket:[-1]", "socket:[18446744073709551616]", "pipe:[1]", ""] {
            assert_eq!(socket(other.as_bytes()), None, "{other}");
        }
    }
}
