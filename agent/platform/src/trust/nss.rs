//! NSS's `certutil`, the only tool that writes the databases of Chromium and Firefox.

use super::{Leaf, Standing, TrustError};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The tool for certificates.
const CERTUTIL: &str = "certutil";
/// The tool for PKCS#12 files.
const PK12UTIL: &str = "pk12util";

/// `C`: trusted to name a web server; `P`: this very certificate, not what it may have signed. Both browsers take a leaf
/// so marked and refuse what its key signed (`ncalayer-protocol.md` 2.2).
const TRUST: &str = "CP,,";

/// A database is a local file; this long only a hung one takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most of the tool's answer that is kept: a database of a thousand certificates.
const LONGEST_ANSWER: u64 = 1024 * 1024;

/// What the tool answered.
struct Answer {
    success: bool,
    out: Vec<u8>,
    complaint: String,
}

/// Whether the tool is there.
pub(crate) fn look_for_tool() -> Result<(), TrustError> {
    // Without arguments it only explains itself.
    certutil(&["-H"], None).map(|_| ())
}

/// Makes an empty database with an empty password, as Chromium would.
pub(super) fn create(database: &Path) -> Result<(), TrustError> {
    crate::files::create_private_dir(database)?;
    let answer = certutil(&["-N", "--empty-password", "-d", &location(database)], None)?;
    if answer.success { Ok(()) } else { Err(io::Error::other(answer.complaint).into()) }
}

/// How the leaf stands in this database.
pub(super) fn standing(database: &Path, leaf: Leaf<'_>) -> Result<Standing, TrustError> {
    let location = location(database);
    let list = certutil(&["-L", "-d", &location], None)?;
    if !list.success {
        return Ok(Standing::Unusable(list.complaint));
    }
    // The nickname alone could be another's: what counts is the certificate behind it.
    let stored = certutil(&["-L", "-r", "-n", leaf.nickname, "-d", &location], None)?;
    if !stored.success || stored.out != leaf.der {
        return Ok(Standing::Absent);
    }
    let list = String::from_utf8_lossy(&list.out);
    let is_trusted =
        list.lines().filter_map(|line| line.strip_prefix(leaf.nickname)).any(|attributes| attributes.trim() == TRUST);
    Ok(if is_trusted { Standing::Trusted } else { Standing::Untrusted })
}

/// Has the leaf trusted in this database.
pub(super) fn install(database: &Path, leaf: Leaf<'_>) -> Result<Standing, TrustError> {
    match standing(database, leaf)? {
        Standing::Absent => {}
        Standing::Untrusted => drop(delete(database, leaf)?),
        settled => return Ok(settled),
    }
    let location = location(database);
    let added = certutil(&["-A", "-n", leaf.nickname, "-t", TRUST, "-d", &location], Some(leaf.der))?;
    if added.success {
        return standing(database, leaf);
    }
    // Where a password is missing, the certificate went in without its trust: take it out again.
    delete(database, leaf)?;
    Ok(if added.complaint.contains("SEC_ERROR_BAD_PASSWORD") {
        Standing::Locked
    } else {
        Standing::Unusable(added.complaint)
    })
}

/// Takes the leaf out of this database.
pub(super) fn remove(database: &Path, leaf: Leaf<'_>) -> Result<Standing, TrustError> {
    match standing(database, leaf)? {
        Standing::Trusted | Standing::Untrusted => {
            let deleted = delete(database, leaf)?;
            if deleted.success { standing(database, leaf) } else { Ok(Standing::Unusable(deleted.complaint)) }
        }
        settled => Ok(settled),
    }
}

fn delete(database: &Path, leaf: Leaf<'_>) -> Result<Answer, TrustError> {
    certutil(&["-D", "-n", leaf.nickname, "-d", &location(database)], None)
}

/// `sql:` is the format of `cert9.db`, whatever the tool's own default is.
fn location(database: &Path) -> String {
    format!("sql:{}", database.display())
}

/// Puts a certificate into this database, trusted for nothing. Says what the tool said when it is not there afterwards.
pub(crate) fn put_certificate(database: &Path, name: &str, der: &[u8]) -> Result<Option<String>, TrustError> {
    let added = certutil(&["-A", "-n", name, "-t", ",,", "-d", &location(database)], Some(der))?;
    Ok((!added.success).then_some(added.complaint))
}

/// Puts the keys of a PKCS#12 file into this database; `password` is the line that the tool reads it from.
pub(crate) fn put_keys(database: &Path, file: &Path, password: &[u8]) -> Result<Option<String>, TrustError> {
    let mut command = Command::new(PK12UTIL);
    // The database's own password is an empty one, and never asked for.
    command.arg("-i").arg(file).args(["-d", &location(database), "-k", "/dev/null", "-w", "/dev/stdin"]);
    let put = run(command, PK12UTIL, Some(password))?;
    Ok((!put.success).then_some(put.complaint))
}

/// Runs the tool for certificates, with `input` as the certificate it reads.
fn certutil(arguments: &[&str], input: Option<&[u8]>) -> Result<Answer, TrustError> {
    let mut command = Command::new(CERTUTIL);
    // The password file: an empty password where there is none, and never a question on the terminal.
    command.args(arguments).args(["-f", "/dev/null"]);
    run(command, CERTUTIL, input)
}

fn run(mut command: Command, tool: &'static str, input: Option<&[u8]>) -> Result<Answer, TrustError> {
    let mut child = command
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => TrustError::ToolMissing { tool },
            _ => TrustError::Io(error),
        })?;
    if let (Some(mut to), Some(input)) = (child.stdin.take(), input) {
        // A tool that does not want it says why on its own.
        let _ = to.write_all(input);
    }
    let out = child.stdout.take().map(read_in_background);
    let complaint = child.stderr.take().map(read_in_background);
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(Answer { success: false, out: Vec::new(), complaint: format!("{tool} does not answer") });
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let collect = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| {
        reader.and_then(|reader| reader.join().ok()).unwrap_or_default()
    };
    let complaint = String::from_utf8_lossy(&collect(complaint)).trim().to_owned();
    Ok(Answer { success: status.success(), out: collect(out), complaint })
}

fn read_in_background(from: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut all = Vec::new();
        // A broken pipe ends the answer; the exit status says the rest.
        let _ = from.take(LONGEST_ANSWER).read_to_end(&mut all);
        all
    })
}
