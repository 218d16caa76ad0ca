//! A home folder with `tanba` beside a signer that is a script, and pages.

use crate::bus::Bus;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Nothing takes so long, on a busy computer either.
const LONG: Duration = Duration::from_secs(40);

/// Windows stay until there is a file `close`; of requests nothing is ever said.
const SIGNER: &str = r#"
case "$1" in
    guardian) cat "$OUT/guardian" ;;
    open) echo "$$ $*" >>"$OUT/opened"; while [ ! -e "$OUT/close" ]; do sleep 0.05; done ;;
    host) exec sleep 60 ;;
esac
"#;

pub(crate) struct World {
    folder: tempfile::TempDir,
}

/// A window that was opened.
pub(crate) struct Window {
    pub(crate) pid: u32,
    /// The words it was started with.
    pub(crate) words: String,
}

impl World {
    /// One in which browsers trust the certificate, or nobody can tell.
    pub(crate) fn new() -> Self {
        let world = Self::untrusted();
        if has_certutil() {
            world.trust();
        }
        world
    }

    pub(crate) fn untrusted() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(env!("CARGO_BIN_EXE_tanba"), folder.path().join("tanba")).unwrap();
        let signer = folder.path().join("tanba-signer");
        fs::write(&signer, format!("#!/bin/sh\nOUT='{}'\n{SIGNER}", folder.path().display())).unwrap();
        fs::set_permissions(&signer, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(folder.path().join("guardian"), "{\"state\":\"fine\"}").unwrap();
        Self { folder }
    }

    pub(crate) fn trust(&self) {
        self.tanba(&["trust", "install"]);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.at_home(&self.path("tanba"));
        command.arg("--data-dir").arg(self.path("home")).args(arguments);
        command
    }

    fn at_home(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("HOME", self.folder.path()).env("LC_ALL", "en_US.UTF-8").env_remove("LANGUAGE");
        for name in ["XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        command
    }

    /// What a command says; it must not fail.
    pub(crate) fn tanba(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// `tanba run`, ready.
    pub(crate) fn run(&self, bus: Option<&Bus>, arguments: &[&str]) -> Running {
        self.listen(self.command(&[&["run", "--port", "0"], arguments].concat()), bus)
    }

    /// The same but for looking more often what has changed; `examples/quick_tray.rs` says what.
    pub(crate) fn run_quickly(&self, bus: &Bus) -> Running {
        let deps = std::env::current_exe().unwrap();
        let program = deps.ancestors().nth(2).unwrap().join("examples/quick_tray");
        assert!(program.exists(), "{} is missing: cargo build --examples", program.display());
        let mut command = self.at_home(&program);
        command.arg(self.path("home"));
        self.listen(command, Some(bus))
    }

    fn listen(&self, mut command: Command, bus: Option<&Bus>) -> Running {
        if let Some(bus) = bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address);
        }
        let log = fs::File::create(self.path("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("https://127.0.0.1:").nth(1).unwrap_or_else(|| panic!("no address in {line:?}"));
        Running { child, port: port.trim().trim_end_matches('/').parse().unwrap() }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap()
    }

    /// The windows that were opened so far.
    pub(crate) fn opened(&self) -> Vec<Window> {
        let opened = fs::read_to_string(self.path("opened")).unwrap_or_default();
        let window = |line: &str| {
            let (pid, words) = line.split_once(' ').unwrap();
            Window { pid: pid.parse().unwrap(), words: words.to_owned() }
        };
        opened.lines().map(window).collect()
    }

    /// `tanba open`, closed again; what the window was started with.
    pub(crate) fn open(&self, arguments: &[&str]) -> String {
        fs::write(self.path("close"), "").unwrap();
        // The test's port is nobody's in particular.
        self.tanba(&["settings", "set", "port", &free_port().to_string()]);
        let before = self.opened().len();
        self.tanba(&[&["open"], arguments].concat());
        let opened = self.opened();
        assert_eq!(opened.len(), before + 1);
        opened[before].words.clone()
    }

    /// The process of the listener of these folders, while there is one.
    pub(crate) fn listener(&self) -> Option<u32> {
        let lock = fs::read_to_string(self.path("home/run/tanba.lock")).unwrap_or_default();
        // Whoever only looks whether there is one leaves a record too, and has ended.
        lock.lines().next()?.parse().ok().filter(|pid| is_alive(*pid))
    }

    pub(crate) fn end_listener(&self) {
        if let Some(pid) = self.listener() {
            kill(pid);
            until("it ends", || !is_alive(pid));
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::write(self.path("close"), "");
        if let Some(pid) = self.listener() {
            kill(pid);
        }
    }
}

pub(crate) struct Running {
    child: Child,
    port: u16,
}

impl Running {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    /// Whether the local page comes.
    pub(crate) fn serves(&self) -> bool {
        let mut stream = self.connect();
        write!(stream, "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.contains("<title>Tanba</title>")
    }

    /// A page with an open socket.
    pub(crate) fn page(&self, origin: &str) -> Page {
        let mut stream = self.connect();
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: {origin}\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.port
        )
        .unwrap();
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            assert_ne!(stream.read_line(&mut line).unwrap(), 0, "no handshake");
        }
        let mut page = Page(stream);
        assert!(page.hear().contains("version"));
        page
    }

    /// How long its threads have worked since it began.
    pub(crate) fn seconds_of_work(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u32 = [11, 12].map(|field: usize| fields[field].parse::<u32>().unwrap()).iter().sum();
        f64::from(ticks) / 100.0
    }

    /// How often its threads were woken, those that are left.
    pub(crate) fn wakings(&self) -> u64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let of_thread = |status: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            line.map_or(0, |number| number.trim().parse().unwrap())
        };
        // A thread may end at this very moment.
        let status = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("status")).unwrap_or_default();
        threads.map(|thread| of_thread(&status(thread.unwrap()))).sum()
    }

    /// How it ended, by itself.
    pub(crate) fn ended(mut self) -> Option<i32> {
        let mut status = None;
        until("it ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap().code()
    }

    pub(crate) fn stop(self) -> Option<i32> {
        kill(self.child.id());
        self.ended()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page's socket, with frames of less than 64 KiB.
pub(crate) struct Page(BufReader<TcpStream>);

impl Page {
    pub(crate) fn say(&mut self, text: &str) {
        let length = u16::try_from(text.len()).unwrap().to_be_bytes();
        // A mask of zeros is one.
        let frame = [&[0x81, 0x80 | 126][..], &length, &[0; 4], text.as_bytes()].concat();
        self.0.get_mut().write_all(&frame).unwrap();
    }

    pub(crate) fn hear(&mut self) -> String {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).unwrap();
        assert_eq!(head[0], 0x81, "a text");
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length).unwrap();
                usize::from(u16::from_be_bytes(length))
            }
            short => usize::from(short),
        };
        let mut text = vec![0; length];
        self.0.read_exact(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    pub(crate) fn ask_to_sign(&mut self) {
        self.say(
            r#"{"module":"kz.gov.pki.knca.basics","method":"sign","args":{"format":"cms","data":"dGV4dA==","signingParams":{},"signerParams":{"extKeyUsageOids":[]}}}"#,
        );
    }
}

/// Waits for what must become true.
#[track_caller]
pub(crate) fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let end = Instant::now() + LONG;
    while !is_true() {
        assert!(Instant::now() < end, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether a process runs, or has ended and nobody has taken notice.
pub(crate) fn is_alive(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

fn kill(pid: u32) {
    let _ = Command::new("kill").arg(pid.to_string()).status();
}

pub(crate) fn session_of_this_process() -> u32 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    stat.rsplit(')').next().unwrap().split_whitespace().nth(3).unwrap().parse().unwrap()
}

/// Whether NSS's tools are here.
pub(crate) fn has_certutil() -> bool {
    Command::new("certutil").arg("-H").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
