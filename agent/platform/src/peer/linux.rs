//! Linux: `/proc`.

use super::proc_net::{self, LISTEN, Socket};
use super::sock_diag;
use super::walk::{self, Walks};
use super::{Connection, Owner, PeerError, Peers, PortHolder, PortHolders, Program, ProgramKind, Sighting, browsers};
use std::fs;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Where the kernel tells of its processes.
const PROC: &str = "/proc";

/// The longest command line that is searched for a program's name.
const LONGEST_COMMAND: u64 = 64 * 1024;

/// What the kernel writes behind the path of an executable that was replaced while it runs.
const DELETED: &str = " (deleted)";

/// The system's own knowledge of sockets.
#[derive(Clone, Debug)]
pub struct SystemPeers {
    proc: PathBuf,
    walks: Arc<Walks>,
}

impl Default for SystemPeers {
    fn default() -> Self {
        Self { proc: PathBuf::from(PROC), walks: Arc::default() }
    }
}

impl Peers for SystemPeers {
    fn owner(&self, connection: &Connection) -> Result<Owner, PeerError> {
        Ok(owner_of(&self.socket_of(connection)?))
    }

    fn program(&self, connection: &Connection, since: Instant) -> Result<Sighting, PeerError> {
        let socket = self.socket_of(connection)?;
        let (pids, at) = self.walks.holders(&self.proc, socket.inode, since)?;
        let programs = pids.into_iter().map(|pid| self.describe(pid));
        let program = programs.min_by_key(|program| program.kind == ProgramKind::Browser).ok_or(PeerError::Hidden)?;
        Ok(Sighting { program, at })
    }

    fn holder_of_port(&self, port: u16) -> Result<Option<PortHolder>, PeerError> {
        let listens = |socket: &Socket| {
            let ip = socket.local.ip();
            socket.state == LISTEN && socket.local.port() == port && (ip.is_loopback() || ip.is_unspecified())
        };
        proc_net::find(&self.proc, listens)?.map(|socket| self.holder_of(&socket)).transpose()
    }
}

fn owner_of(socket: &Socket) -> Owner {
    if socket.uid == rustix::process::geteuid().as_raw() { Owner::ThisUser } else { Owner::AnotherUser(socket.uid) }
}

impl SystemPeers {
    /// Who listens on a local port, of each family. A socket on every address of IPv6 counts for both: unless it was told
    /// otherwise it hears IPv4 too, as the port of such a one cannot be taken for 127.0.0.1.
    ///
    /// # Errors
    /// [`PeerError::Io`].
    pub fn holders_of_port(&self, port: u16) -> Result<PortHolders, PeerError> {
        let find = |is_for: fn(IpAddr) -> bool| {
            let listens =
                |socket: &Socket| socket.state == LISTEN && socket.local.port() == port && is_for(socket.local.ip());
            proc_net::find(&self.proc, listens)?.map(|socket| self.holder_of(&socket)).transpose()
        };
        Ok(PortHolders {
            v4: find(|ip| ip == Ipv4Addr::LOCALHOST || ip.is_unspecified())?,
            v6: find(|ip| ip == Ipv6Addr::LOCALHOST || ip == Ipv6Addr::UNSPECIFIED)?,
            has_v6: self.has_v6(),
        })
    }

    /// `net/if_inet6` has one line for each address of IPv6: 32 digits, then its interface.
    fn has_v6(&self) -> bool {
        let lines = crate::files::read_bounded(&self.proc.join("net/if_inet6"), 256 * 1024).unwrap_or_default();
        let loopback = format!("{:032x}", u128::from(Ipv6Addr::LOCALHOST));
        lines.split(|octet| *octet == b'\n').any(|line| line.starts_with(loopback.as_bytes()))
    }

    fn holder_of(&self, socket: &Socket) -> Result<PortHolder, PeerError> {
        let program = self.holders(socket.inode)?.into_iter().next().or_else(|| self.hidden_tanba(socket.uid));
        Ok(PortHolder { owner: owner_of(socket), program })
    }

    /// The caller's end of the connection. A socket without an inode belongs to no process any more, and the kernel
    /// then gives its user as 0: that must not pass for root's.
    fn socket_of(&self, connection: &Connection) -> Result<Socket, PeerError> {
        let ours = canonical(connection.ours);
        let theirs = canonical(connection.theirs);
        let in_table = || proc_net::find(&self.proc, |socket| socket.local == theirs && socket.remote == ours);
        // Another folder is a test's own table.
        let asked = (self.proc == Path::new(PROC)).then(|| sock_diag::find(theirs, ours).ok());
        let found = match asked.flatten() {
            Some(found) => found,
            None => in_table()?,
        };
        found.filter(|socket| socket.inode != 0).ok_or(PeerError::Gone)
    }

    /// Every program, as far as this user may look, that has this socket among its open files.
    fn holders(&self, inode: u64) -> io::Result<Vec<Program>> {
        Ok(self.walks.holders(&self.proc, inode, Instant::now())?.0.into_iter().map(|pid| self.describe(pid)).collect())
    }

    fn of(&self, pid: u32, what: &str) -> PathBuf {
        self.proc.join(pid.to_string()).join(what)
    }

    fn describe(&self, pid: u32) -> Program {
        let link = self.of(pid, "exe");
        let path = fs::read_link(&link).ok();
        let shown = path.as_deref().map(without_mark);
        let file_name = shown
            .as_deref()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned())
            .or_else(|| self.command_name(pid))
            .unwrap_or_default();
        let browser = browsers::name_of(&file_name)
            .filter(|_| path.as_deref().is_some_and(|path| self.stands_where_programs_are_installed(pid, path)));
        let kind = match browser {
            Some(_) => ProgramKind::Browser,
            None if file_name == "tanba" => ProgramKind::Tanba,
            None if self.is_ncalayer(pid) => ProgramKind::NcaLayer,
            None => ProgramKind::Other,
        };
        let name = match (kind, browser) {
            (ProgramKind::NcaLayer, _) => "NCALayer".to_owned(),
            (_, Some(name)) => name.to_owned(),
            _ => file_name,
        };
        Program { pid: Some(pid), path: shown, name, kind }
    }

    fn command_name(&self, pid: u32) -> Option<String> {
        let name = crate::files::read_bounded(&self.of(pid, "comm"), 64).ok()?;
        Some(String::from_utf8_lossy(&name).trim_end().to_owned())
    }

    /// NCALayer is a Java program: its own name stands only in the command line.
    fn is_ncalayer(&self, pid: u32) -> bool {
        crate::files::read_bounded(&self.of(pid, "cmdline"), LONGEST_COMMAND).is_ok_and(|command| {
            command.to_ascii_lowercase().windows(b"ncalayer".len()).any(|part| part == b"ncalayer")
        })
    }

    /// A running Tanba lets nobody look at its open files ([`crate::hardening`]). Where a hidden process of this user
    /// bears its name, it is the one.
    fn hidden_tanba(&self, uid: u32) -> Option<Program> {
        one_of_hidden(walk::processes(&self.proc).ok()?.filter(|pid| {
            fs::read_dir(self.of(*pid, "fd")).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
                && self.command_name(*pid).is_some_and(|name| name == "tanba")
                && self.user_of(*pid) == Some(uid)
        }))
    }

    /// The effective user of a process; its folder belongs to root where it is hidden, its status tells the truth.
    fn user_of(&self, pid: u32) -> Option<u32> {
        let status = crate::files::read_bounded(&self.of(pid, "status"), 16 * 1024).ok()?;
        let status = String::from_utf8_lossy(&status);
        status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    /// Whether the executable is one that this user could not have put there: a program can call itself `firefox`,
    /// but only an administrator can write where browsers are installed.
    fn stands_where_programs_are_installed(&self, pid: u32, path: &Path) -> bool {
        let Ok(running) = fs::metadata(self.of(pid, "exe")) else {
            return false;
        };
        // The link's text is the path inside the process's own view of the disk, which it may have arranged itself. So
        // the file must be the one that this path means to us.
        let same = |path: &Path| {
            fs::metadata(path).is_ok_and(|ours| (ours.dev(), ours.ino()) == (running.dev(), running.ino()))
        };
        if let Ok(inside) = path.strip_prefix("/app") {
            return browsers::FLATPAKS.iter().any(|id| {
                let outside = Path::new("/var/lib/flatpak/app").join(id).join("current/active/files").join(inside);
                same(&outside) && is_out_of_reach(&outside)
            });
        }
        // A browser that was updated while it runs has no file any more; then its view of the disk must be ours.
        if path.as_os_str().as_encoded_bytes().ends_with(DELETED.as_bytes()) {
            let view = |pid: &str| fs::read_link(self.proc.join(pid).join("ns/mnt")).ok();
            let plain = without_mark(path);
            return view(&pid.to_string()).is_some_and(|theirs| view("self").is_some_and(|ours| ours == theirs))
                && running.uid() == 0
                && plain.parent().is_some_and(is_out_of_reach);
        }
        same(path) && is_out_of_reach(path)
    }
}

/// The Tanba among these processes, each of which could be it: by its number only where there is no other.
fn one_of_hidden(mut pids: impl Iterator<Item = u32>) -> Option<Program> {
    let first = pids.next()?;
    let pid = pids.next().is_none().then_some(first);
    Some(Program { pid, path: None, name: "tanba".to_owned(), kind: ProgramKind::Tanba })
}

fn canonical(address: std::net::SocketAddr) -> std::net::SocketAddr {
    std::net::SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn without_mark(path: &Path) -> PathBuf {
    path.to_str().and_then(|text| text.strip_suffix(DELETED)).map_or_else(|| path.to_owned(), PathBuf::from)
}

/// Whether this user can change neither the file nor any folder on the way to it.
fn is_out_of_reach(path: &Path) -> bool {
    // What a link leads to counts, not the link.
    let Ok(real) = fs::canonicalize(path) else {
        return false;
    };
    let me = rustix::process::geteuid();
    real.ancestors().all(|step| {
        let Ok(meta) = fs::metadata(step) else {
            return false;
        };
        // In a folder with the sticky bit nobody replaces what belongs to another.
        let is_sticky = meta.is_dir() && meta.mode() & 0o1000 != 0;
        if me.is_root() {
            // Root can write everywhere; what matters is that nobody else can.
            return meta.uid() == 0 && (meta.mode() & 0o002 == 0 || is_sticky);
        }
        meta.uid() != me.as_raw() && (is_sticky || rustix::fs::access(step, rustix::fs::Access::WRITE_OK).is_err())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    fn connected(address: &str) -> (TcpListener, TcpStream, Connection) {
        let listener = TcpListener::bind(address).unwrap();
        let caller = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let connection = Connection { ours: caller.peer_addr().unwrap(), theirs: caller.local_addr().unwrap() };
        (listener, caller, connection)
    }

    #[test]
    fn a_connection_of_this_very_process_is_ours_and_named() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            if matches!(TcpListener::bind(address), Err(error) if error.kind() == ErrorKind::AddrNotAvailable) {
                println!("NOT RUN: {address} is not an address of this computer");
                continue;
            }
            let (_listener, _caller, connection) = connected(address);
            let peers = SystemPeers::default();
            assert_eq!(peers.owner(&connection).unwrap(), Owner::ThisUser);
            let program = peers.program(&connection, Instant::now()).unwrap().program;
            assert_eq!(program.pid, Some(std::process::id()));
            assert_eq!(program.path, std::env::current_exe().ok());
            assert_eq!(program.kind, ProgramKind::Other);
        }
    }

    #[test]
    fn a_connection_that_is_gone_belongs_to_nobody() {
        let (listener, caller, connection) = connected("127.0.0.1:0");
        drop((listener, caller));
        assert!(matches!(SystemPeers::default().owner(&connection), Err(PeerError::Gone)));
        assert!(matches!(SystemPeers::default().program(&connection, Instant::now()), Err(PeerError::Gone)));
    }

    #[test]
    fn the_holder_of_a_port_is_found_and_an_empty_port_has_none() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let holder = SystemPeers::default().holder_of_port(port).unwrap().unwrap();
        assert_eq!(holder.owner, Owner::ThisUser);
        assert_eq!(holder.program.unwrap().pid, Some(std::process::id()));
        drop(listener);
        assert_eq!(SystemPeers::default().holder_of_port(port).unwrap(), None);
    }

    #[test]
    fn each_family_of_a_port_has_its_own_holder() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let holders = SystemPeers::default().holders_of_port(port).unwrap();
        assert_eq!(holders.v4.unwrap().program.unwrap().pid, Some(std::process::id()));
        assert_eq!(holders.v6, None);
        if !holders.has_v6 {
            println!("NOT RUN: this computer has no ::1");
            return;
        }
        drop(listener);
        let listener = TcpListener::bind("[::1]:0").unwrap();
        let holders = SystemPeers::default().holders_of_port(listener.local_addr().unwrap().port()).unwrap();
        assert_eq!(holders.v4, None);
        assert_eq!(holders.v6.unwrap().owner, Owner::ThisUser);
        let both = TcpListener::bind("[::]:0").unwrap();
        let holders = SystemPeers::default().holders_of_port(both.local_addr().unwrap().port()).unwrap();
        assert!(holders.v4.is_some() && holders.v6.is_some());
    }

    /// A `/proc` with one connection from 127.0.0.1:40000 to port 13579, held by process 77.
    fn proc_with(uid: u32, executable: &Path, command: &str) -> (tempfile::TempDir, SystemPeers, Connection) {
        let proc = tempfile::tempdir().unwrap();
        let process = proc.path().join("77");
        fs::create_dir_all(proc.path().join("net")).unwrap();
        fs::create_dir_all(process.join("fd")).unwrap();
        let connection =
            Connection { ours: "127.0.0.1:13579".parse().unwrap(), theirs: "127.0.0.1:40000".parse().unwrap() };
        let hex = |port: u16| format!("{:08X}:{port:04X}", u32::from_ne_bytes([127, 0, 0, 1]));
        let rest = format!("00000000:00000000 00:00000000 00000000 {uid} 0 4711 1 0 20 4 30 10 -1");
        let table = format!(
            "heading\n 0: {} 00000000:0000 0A {rest}\n 1: {} {} 01 {rest}\n",
            hex(13579),
            hex(40000),
            hex(13579)
        );
        fs::write(proc.path().join("net/tcp"), table).unwrap();
        std::os::unix::fs::symlink("socket:[4711]", process.join("fd/9")).unwrap();
        std::os::unix::fs::symlink(executable, process.join("exe")).unwrap();
        fs::write(process.join("cmdline"), command).unwrap();
        let peers = SystemPeers { proc: proc.path().to_owned(), walks: Arc::default() };
        (proc, peers, connection)
    }

    #[test]
    fn another_user_is_told_apart() {
        let other = rustix::process::geteuid().as_raw() + 1;
        let (_proc, peers, connection) = proc_with(other, Path::new("/usr/bin/env"), "env");
        assert_eq!(peers.owner(&connection).unwrap(), Owner::AnotherUser(other));
        assert_eq!(peers.holder_of_port(13579).unwrap().unwrap().owner, Owner::AnotherUser(other));
    }

    #[test]
    fn a_browser_is_only_known_where_this_user_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let pretender = folder.path().join("firefox");
        fs::write(&pretender, b"").unwrap();
        let (_proc, peers, connection) = proc_with(0, &pretender, "firefox");
        let program = peers.program(&connection, Instant::now()).unwrap().program;
        let writable_by_root_only = rustix::process::geteuid().is_root() && is_out_of_reach(&pretender);
        assert!(writable_by_root_only || program.kind == ProgramKind::Other, "{program:?}");
        assert_eq!(program.path.as_deref(), Some(pretender.as_path()));
    }

    #[test]
    fn a_path_that_means_another_file_to_us_is_no_browser() {
        // The link of a process with its own view of the disk: the text says a browser, the file is another one.
        let (_proc, peers, _) = proc_with(0, Path::new("/usr/bin/env"), "env");
        assert!(peers.stands_where_programs_are_installed(77, Path::new("/usr/bin/env")));
        assert!(!peers.stands_where_programs_are_installed(77, Path::new("/etc/passwd")));
        assert!(!peers.stands_where_programs_are_installed(77, Path::new("/app/lib/firefox/firefox")));
    }

    #[test]
    fn one_of_several_hidden_tanbas_is_a_tanba_without_a_number() {
        let found = |pids: &[u32]| one_of_hidden(pids.iter().copied()).map(|program| (program.kind, program.pid));
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[77]), Some((ProgramKind::Tanba, Some(77))));
        assert_eq!(found(&[77, 78]), Some((ProgramKind::Tanba, None)));
    }

    #[test]
    fn ncalayer_is_recognised_by_its_command_line() {
        let (_proc, peers, _) = proc_with(0, Path::new("/usr/bin/env"), "java\0-jar\0/opt/NCALayer/ncalayer.jar\0");
        let program = peers.holder_of_port(13579).unwrap().unwrap().program.unwrap();
        assert_eq!((program.kind, program.name.as_str()), (ProgramKind::NcaLayer, "NCALayer"));
    }

    #[test]
    fn a_socket_without_a_process_is_not_roots() {
        let (proc, peers, connection) = proc_with(0, Path::new("/usr/bin/env"), "env");
        let table = fs::read_to_string(proc.path().join("net/tcp")).unwrap().replace(" 4711 ", " 0 ");
        fs::write(proc.path().join("net/tcp"), table).unwrap();
        assert!(matches!(peers.owner(&connection), Err(PeerError::Gone)));
    }
}
