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

/// So the tool says that a database is under a password.
const WRONG_PASSWORD: &str = "SEC_ERROR_BAD_PASSWORD";

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

/// Whether the database asks for a password of its own. It is only met where keys are looked at.
pub(super) fn is_locked(database: &Path) -> Result<bool, TrustError> {
    let keys = certutil(&["-K", "-d", &location(database)], None)?;
    Ok(!keys.success && keys.complaint.contains(WRONG_PASSWORD))
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
    Ok(if added.complaint.contains(WRONG_PASSWORD) { Standing::Locked } else { Standing::Unusable(added.complaint) })
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

/// More certificates than this nobody put there.
const MOST_VOUCHING: usize = 64;

/// The flags for TLS, where a word is the tool's three groups of trust flags, of which they are the first.
fn flags_for_tls(word: &str) -> Option<&str> {
    let groups: Vec<&str> = word.split(',').collect();
    let are_flags = |group: &&str| group.chars().all(|flag| "pPcCTuwg".contains(flag));
    match groups.as_slice() {
        [tls, _, _] if groups.iter().all(are_flags) => Some(*tls),
        _ => None,
    }
}

/// The nicknames under which something stands that is trusted to vouch for web servers (`C`), from the tool's list.
fn vouching_names(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| {
        let (nickname, flags) = line.trim_end().rsplit_once(char::is_whitespace)?;
        flags_for_tls(flags).filter(|tls| tls.contains('C')).map(|_| nickname.trim())
    })
}

/// What is trusted to vouch for web servers: nickname and certificate.
pub(super) fn vouching(database: &Path) -> Result<Vec<(String, Vec<u8>)>, TrustError> {
    let location = location(database);
    let list = certutil(&["-L", "-d", &location], None)?;
    let list = if list.success { String::from_utf8_lossy(&list.out).into_owned() } else { String::new() };
    let mut found = Vec::new();
    for nickname in vouching_names(&list).take(MOST_VOUCHING) {
        for der in certificates_under(&location, nickname)? {
            found.push((nickname.to_owned(), der));
        }
    }
    Ok(found)
}

/// The certificates that stand under a nickname: several, where they share a subject.
fn certificates_under(location: &str, nickname: &str) -> Result<Vec<Vec<u8>>, TrustError> {
    let stored = certutil(&["-L", "-r", "-n", nickname, "-d", location], None)?;
    Ok(if stored.success { one_by_one(&stored.out) } else { Vec::new() })
}

/// DER values that stand behind each other.
fn one_by_one(mut octets: &[u8]) -> Vec<Vec<u8>> {
    let mut values = Vec::new();
    while let Some((value, rest)) = first_value(octets) {
        values.push(value.to_vec());
        octets = rest;
    }
    values
}

/// The first DER value, with its tag and length of one to four octets, and what follows it.
fn first_value(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (long, head) = match *octets.get(1)? {
        short @ 0..=0x7f => (usize::from(short), 2),
        form @ 0x81..=0x84 => {
            let count = usize::from(form & 0x7f);
            let length = octets.get(2..2 + count)?.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet));
            (length, 2 + count)
        }
        _ => return None,
    };
    octets.split_at_checked(long.checked_add(head)?)
}

/// Takes exactly this certificate out. The tool deletes by nickname, one at a time and not of our choosing where several
/// share one: then nothing is taken out.
pub(super) fn take_out(database: &Path, nickname: &str, der: &[u8]) -> Result<(), TrustError> {
    let location = location(database);
    let is_there = |found: &[Vec<u8>]| found.iter().any(|one| one == der);
    let before = certificates_under(&location, nickname)?;
    if !is_there(&before) {
        return Ok(());
    }
    if before.len() > 1 {
        return Err(io::Error::other("several certificates share this name").into());
    }
    let deleted = certutil(&["-D", "-n", nickname, "-d", &location], None)?;
    if is_there(&certificates_under(&location, nickname)?) {
        return Err(io::Error::other(deleted.complaint).into());
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_tools_list_only_what_may_vouch_for_web_servers_is_taken() {
        let list = "\nCertificate Nickname                                         Trust Attributes\n\
                    \u{20}                                                           SSL,S/MIME,JAR/XPI\n\n\
                    root rsa.cer                                                 CT,C,C\n\
                    nca_rsa.cer                                                  TCu,Cu,\n\
                    a client's authority                                         T,,\n\
                    own key                                                      u,u,u\n\
                    mail only                                                    ,C,\n\
                    Tanba 127.0.0.1 00000000                                     CP,,\n";
        let names: Vec<_> = vouching_names(list).collect();
        assert_eq!(names, ["root rsa.cer", "nca_rsa.cer", "Tanba 127.0.0.1 00000000"]);
    }

    #[test]
    fn values_behind_each_other_are_told_apart_and_rubbish_is_none() {
        let long = [&[0x30, 0x81, 0x80][..], &[7; 0x80]].concat();
        let both = [&long[..], &[0x30, 0x01, 0x05]].concat();
        assert_eq!(one_by_one(&both), [long.clone(), vec![0x30, 0x01, 0x05]]);
        for rubbish in [&[][..], &[0x30], &[0x30, 0x80, 0, 0], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x05, 1]]
        {
            assert!(one_by_one(rubbish).is_empty(), "{rubbish:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_the_tool_could_say_makes_it_panic(list in "(.{0,40}\n){0,4}", octets: Vec<u8>) {
            let _ = vouching_names(&list).count();
            proptest::prop_assert!(one_by_one(&octets).concat().len() <= octets.len());
        }
    }
}
