//! What a process that gave up files and connections can still do. Each attempt is made by a process of its own: this
//! program, started anew.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use rustix::process::Signal;
use std::{
    fs::{self, File},
    hint::black_box,
    io::{Read as _, Write as _},
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _, process::ExitStatusExt as _},
    path::Path,
    process::{Command, ExitStatus, Stdio},
};
use tanba_platform::hardening::{give_up_files_and_connections, give_up_what_is_not_needed};

/// Names the attempt, and the folder it is made in.
const ATTEMPT: [&str; 2] = ["TANBA_TEST_ATTEMPT", "TANBA_TEST_FOLDER"];

/// What a decoder that was taken over might try. Limits stop the fewest of it.
const FORBIDDEN: [&str; 24] = [
    "rename",
    "symlink",
    "link",
    "unlink",
    "mkdir",
    "truncate",
    "chmod",
    "utimes",
    "stat",
    "chdir",
    "open",
    "read what is open",
    "write what is open",
    "socket",
    "memfd",
    "execve",
    "clone",
    "kill the parent",
    "ask whether the parent is there",
    "end itself by another signal",
    "pidfd of the parent",
    "be traced",
    "limits",
    "memory that is code",
];

#[test]
fn who_gave_up_files_and_connections_is_ended_by_any_other_system_call() {
    for what in FORBIDDEN {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "before").unwrap();
        let before = fs::metadata(&file).unwrap();
        let status = attempted(what, folder.path());
        assert_eq!(status.signal(), Some(Signal::SYS.as_raw()), "{what}: {status}");
        assert_eq!(fs::read(&file).unwrap(), b"before", "{what}");
        let after = fs::metadata(&file).unwrap();
        assert_eq!(
            (after.permissions(), after.modified().unwrap()),
            (before.permissions(), before.modified().unwrap())
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{what}");
    }
}

#[test]
fn who_gave_up_files_and_connections_computes_reads_and_writes() {
    let folder = tempfile::tempdir().unwrap();
    for what in ["nothing", "memory", "a hash table", "the time", "standard streams", "a panic"] {
        let status = attempted(what, folder.path());
        assert_eq!(status.code(), Some(0), "{what}: {status}");
    }
    // As without the filter.
    for what in ["more memory than there is", "a stack that runs over", "abort"] {
        let status = attempted(what, folder.path());
        assert_eq!(status.signal(), Some(Signal::ABORT.as_raw()), "{what}: {status}");
    }
}

/// How a process ended that was shut in and then tried this.
fn attempted(what: &str, folder: &Path) -> ExitStatus {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "an_attempt", "--nocapture"])
        .env_remove("RUST_BACKTRACE")
        .envs(ATTEMPT.into_iter().zip([what.as_ref(), folder.as_os_str()]))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(b"said");
    child.wait().unwrap()
}

/// Does nothing but where another test names an attempt for it: then the process is its own.
#[test]
fn an_attempt() {
    let [Some(what), Some(folder)] = ATTEMPT.map(std::env::var_os) else { return };
    let attempt = attempt(what.to_str().unwrap(), folder.as_ref());
    // Who is ended this way would leave a core file.
    for step in give_up_what_is_not_needed().into_iter().chain(give_up_files_and_connections()) {
        step.result.unwrap_or_else(|error| panic!("{}: {error}", step.name));
    }
    attempt();
    // Not by way of the test's end, which is none of a pure function.
    std::process::exit(0);
}

/// What is needed is made ready before the process is shut in: only the attempt itself may end it.
fn attempt(what: &str, folder: &Path) -> Box<dyn FnOnce()> {
    let (file, other) = (folder.join("file"), folder.join("other"));
    let parent = rustix::process::getppid().unwrap();
    match what {
        "rename" => Box::new(move || tried(fs::rename(file, other))),
        "symlink" => Box::new(move || tried(std::os::unix::fs::symlink(file, other))),
        "link" => Box::new(move || tried(fs::hard_link(file, other))),
        "unlink" => Box::new(move || tried(fs::remove_file(file))),
        "mkdir" => Box::new(move || tried(fs::create_dir(other))),
        "truncate" => {
            let file = File::options().write(true).open(file).unwrap();
            Box::new(move || tried(file.set_len(0)))
        }
        "chmod" => Box::new(move || tried(fs::set_permissions(file, fs::Permissions::from_mode(0o777)))),
        "utimes" => {
            let file = File::open(file).unwrap();
            Box::new(move || tried(file.set_modified(std::time::UNIX_EPOCH)))
        }
        "stat" => Box::new(move || tried(fs::metadata(file))),
        "chdir" => Box::new(|| tried(std::env::set_current_dir("/"))),
        "open" => Box::new(move || tried(File::open(file))),
        "read what is open" => {
            let mut file = File::open(file).unwrap();
            Box::new(move || tried(file.read(&mut [0])))
        }
        "write what is open" => {
            let mut file = File::options().append(true).open(file).unwrap();
            Box::new(move || tried(file.write(b"after")))
        }
        "socket" => Box::new(|| tried(std::net::UdpSocket::bind(("127.0.0.1", 0)))),
        "memfd" => Box::new(|| tried(rustix::fs::memfd_create("code", rustix::fs::MemfdFlags::CLOEXEC))),
        "execve" => {
            let mut command = Command::new("/bin/true");
            Box::new(move || tried(command.exec()))
        }
        "clone" => Box::new(|| tried(std::thread::Builder::new().spawn(|| ()))),
        "kill the parent" => Box::new(move || tried(rustix::process::kill_process(parent, Signal::CONT))),
        "ask whether the parent is there" => Box::new(move || tried(rustix::process::test_kill_process(parent))),
        "end itself by another signal" => {
            let own = rustix::process::getpid();
            Box::new(move || tried(rustix::process::kill_process(own, Signal::TERM)))
        }
        "pidfd of the parent" => {
            Box::new(move || tried(rustix::process::pidfd_open(parent, rustix::process::PidfdFlags::empty())))
        }
        "be traced" => Box::new(move || {
            let tracer = rustix::process::PTracer::ProcessID(parent);
            tried(rustix::process::set_ptracer(tracer));
        }),
        "limits" => Box::new(|| {
            black_box(rustix::process::getrlimit(rustix::process::Resource::Nofile));
        }),
        "memory that is code" => {
            let memory = memmap2::MmapMut::map_anon(1 << 16).unwrap();
            Box::new(move || tried(memory.make_exec()))
        }
        "nothing" => Box::new(|| ()),
        "memory" => Box::new(|| {
            let mut grown = vec![1_u8; 1 << 10];
            for _ in 0..16 {
                grown.extend_from_within(..);
            }
            assert_eq!(grown.iter().map(|octet| usize::from(*octet)).sum::<usize>(), 1 << 26);
            let mut mapped = memmap2::MmapMut::map_anon(1 << 16).unwrap();
            mapped[0] = 7;
            assert_eq!(mapped.make_read_only().unwrap()[0], 7);
        }),
        "a hash table" => Box::new(|| {
            let table: std::collections::HashMap<_, _> = (0..1000).map(|number| (number, ())).collect();
            black_box(table);
        }),
        "the time" => Box::new(|| {
            black_box((std::time::Instant::now(), std::time::SystemTime::now()));
        }),
        "standard streams" => Box::new(|| {
            let mut said = Vec::new();
            std::io::stdin().read_to_end(&mut said).unwrap();
            assert_eq!(said, b"said");
            std::io::stdout().write_all(&said).unwrap();
            std::io::stdout().flush().unwrap();
            std::io::stderr().write_all(&said).unwrap();
        }),
        "a panic" => Box::new(|| assert!(std::panic::catch_unwind(|| panic!("as a decoder does")).is_err())),
        "more memory than there is" => Box::new(|| tried(black_box(vec![1_u8; 1 << 30]))),
        "a stack that runs over" => Box::new(|| tried(black_box(down(1)))),
        "abort" => Box::new(|| std::process::abort()),
        what => panic!("what is {what}?"),
    }
}

/// Whatever came of it: nobody should get here.
fn tried<T>(_: T) {}

#[allow(unconditional_recursion)]
fn down(depth: u64) -> u64 {
    let room = black_box([depth; 1000]);
    down(black_box(depth + 1)) + room[0]
}
