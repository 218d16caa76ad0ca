//! Signatures with a key file, as the signer makes them once the password is typed: the key file read and opened, the key
//! checked against its certificate, the document signed, the signature verified. One, a thousand in a batch, and one of a
//! file of 1 GiB by the program itself.

use crate::{
    Fault, Line,
    statistics::{median, milliseconds},
};
use keystore::{KeyFile, KeyStore, Password, demo};
use pki::{DigestAlgorithm, Timestamp};
use signature::cms;
use std::{
    fs,
    hint::black_box,
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

const BATCH: usize = 1000;
const GIBIBYTE: u64 = 1 << 30;
/// How often the memory of the program is looked at; the kernel keeps the peak.
const GLANCE: Duration = Duration::from_millis(10);
const RUNS: usize = 201;
const DOCUMENT: usize = 10 * 1024;

pub(crate) fn measure(programs: &Path) -> Result<Vec<Line>, Fault> {
    let now = Timestamp::from_unix(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?);
    let password = || Password::new("Qwerty12".to_owned());
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("demo.p12");
    fs::write(&path, demo::make(now, &password()?)?.key_file)?;
    let document = vec![b'x'; DOCUMENT];

    let (mut opened, mut signed, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let password = password()?;
        let begin = Instant::now();
        let store = KeyFile::at(&path).unlock(&password)?;
        let key = store.list().first().ok_or("the demo key file holds no key")?;
        let signer = store.signer(&key.id)?;
        opened.push(begin.elapsed());
        let middle = Instant::now();
        black_box(cms::sign(signer.as_ref(), cms::Content::Attached(&document), now)?);
        signed.push(middle.elapsed());
        whole.push(begin.elapsed());
    }
    let store = KeyFile::at(&path).unlock(&password()?)?;
    let key = store.list().first().ok_or("the demo key file holds no key")?;
    let signer = store.signer(&key.id)?;
    let begin = Instant::now();
    for _ in 0..BATCH {
        black_box(cms::sign(signer.as_ref(), cms::Content::Attached(&document), now)?);
    }
    let rate = BATCH as f64 / begin.elapsed().as_secs_f64();
    let (long, peak, hashed) = long_file(programs, folder.path(), &path)?;

    let slowest = whole.iter().max().copied().unwrap_or(Duration::ZERO);
    Ok(vec![
        Line::new(
            "a signature of 10 KB with a GOST-512 key file",
            milliseconds(median(whole)),
            format!("bar 10 ms; median of {RUNS}, the slowest {}", milliseconds(slowest)),
        ),
        Line::new("  the key file read, opened, checked", milliseconds(median(opened)), "MAC, 3DES, RC2-40; d·G = Q"),
        Line::new("  signed and verified", milliseconds(median(signed)), "CAdES-BES, attached"),
        Line::new(
            "a batch of 1,000 documents of 10 KB",
            format!("{rate:.0}/s"),
            "bar 400 signatures a second; on one core, each verified",
        ),
        Line::new(
            "a file of 1 GiB signed detached by the program",
            format!("{:.1} s", long.as_secs_f64()),
            format!("{:.2} of the time of Streebog-512 alone over it", long.as_secs_f64() / hashed.as_secs_f64()),
        ),
        Line::new("  resident at its peak", format!("{} MB", peak / 1024), "bar 64 MB"),
    ])
}

/// Time and peak of resident memory in KiB of `tanba-signer sign --detached` over 1 GiB, and the time of the hash alone.
fn long_file(programs: &Path, folder: &Path, key: &Path) -> Result<(Duration, u64, Duration), Fault> {
    let file = folder.join("long");
    fs::File::create(&file)?.set_len(GIBIBYTE)?;
    // Read once, so that what is measured is the program and not the disk.
    io::copy(&mut fs::File::open(&file)?, &mut io::sink())?;
    let data = folder.join("data");
    fs::create_dir_all(data.join("config"))?;
    fs::write(data.join("config/settings.toml"), "test_environment = true\n")?;
    let mut child = Command::new(programs.join("tanba-signer"))
        .arg("--data-dir")
        .arg(&data)
        .arg("sign")
        .arg(&file)
        .arg("--key")
        .arg(key)
        .args(["--password-stdin", "--detached"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let begin = Instant::now();
    child.stdin.take().ok_or("no standard input")?.write_all(b"Qwerty12\n")?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        let now = fs::read_to_string(&status).unwrap_or_default();
        let line = now.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        thread::sleep(GLANCE);
    };
    let long = begin.elapsed();
    if !ended.success() {
        return Err(format!("tanba-signer sign ended with {ended}").into());
    }
    let begin = Instant::now();
    let mut hasher = DigestAlgorithm::Streebog512.hasher();
    let piece = vec![0; 1 << 16];
    for _ in 0..GIBIBYTE >> 16 {
        hasher.update(&piece);
    }
    black_box(hasher.finish());
    Ok((long, peak, begin.elapsed()))
}
