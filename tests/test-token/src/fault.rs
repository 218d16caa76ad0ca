//! Going wrong on purpose, as the configuration says.

use std::{
    fs::{self, File},
    hint::black_box,
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    process, thread,
    time::Duration,
};

use cryptoki_sys::{CK_RV, CK_ULONG};

use crate::{
    card::Answer,
    config::{Fault, How},
    numbers::UNKNOWN_RETURN_CODE,
};

/// What becomes of what a function gives out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twist {
    /// It is left as it is.
    None,
    /// It is random, in the right shape.
    Garbage,
    /// Its lengths and counts are absurd.
    Absurd,
}

/// A length that no memory has room for, and that is not the standard's own "not available".
pub(crate) const ABSURD: CK_ULONG = (CK_ULONG::MAX >> 8) & !0xf;

/// The functions that give nothing out: there is nothing to twist but the return code.
const WITHOUT_OUTPUT: [&str; 14] = [
    "C_Initialize",
    "C_Finalize",
    "C_SetPIN",
    "C_CloseSession",
    "C_CloseAllSessions",
    "C_Login",
    "C_Logout",
    "C_DestroyObject",
    "C_SetAttributeValue",
    "C_FindObjectsInit",
    "C_FindObjectsFinal",
    "C_SignInit",
    "C_SeedRandom",
    "C_GetFunctionList",
];

/// Where faults come from.
pub(crate) struct Source<'a> {
    pub(crate) faults: &'a [Fault],
    /// The files with the counts: this, and a number behind it.
    pub(crate) counts: PathBuf,
    /// The card's folder, where it is a card's.
    pub(crate) card: Option<&'a Path>,
}

/// Does what is to be done before a function begins, and says what is to become of what it gives out.
pub(crate) fn meet(function: &str, source: &Source<'_>) -> Answer<Twist> {
    let mut twist = Twist::None;
    for (position, fault) in source.faults.iter().enumerate() {
        if fault.function != "*" && fault.function != function || !is_due(fault, source, position) {
            continue;
        }
        match &fault.how {
            How::Abort => process::abort(),
            How::Exit { status } => process::exit(*status),
            How::Sleep { seconds } => thread::sleep(Duration::from_secs(*seconds)),
            How::Slow { milliseconds } => thread::sleep(Duration::from_millis(*milliseconds)),
            How::Garbage | How::Absurd if WITHOUT_OUTPUT.contains(&function) => return Err(UNKNOWN_RETURN_CODE),
            How::Garbage => twist = Twist::Garbage,
            How::Absurd => twist = Twist::Absurd,
            How::Noise { lines } => noise(function, *lines),
            How::Leak { megabytes } => leak(*megabytes),
            How::Error { code } => return Err(*code as CK_RV),
            How::Unplug => unplug(source.card),
        }
    }
    Ok(twist)
}

/// The file that counts the calls of a fault.
pub(crate) fn count_file(counts: &Path, position: usize) -> PathBuf {
    let mut name = counts.as_os_str().to_owned();
    name.push(format!("{position}.count"));
    name.into()
}

/// Whether this call is one of those that go wrong. Where it matters, it is counted.
fn is_due(fault: &Fault, source: &Source<'_>, position: usize) -> bool {
    if fault.after == 0 && fault.times.is_none() {
        return true;
    }
    // A count that cannot be kept does not make a call go wrong.
    let Ok(before) = count(&count_file(&source.counts, position)) else { return false };
    before >= fault.after && fault.times.is_none_or(|times| before - fault.after < times)
}

/// How many calls were before this one, over all processes.
fn count(path: &Path) -> io::Result<u64> {
    let mut file = File::options().create(true).truncate(false).read(true).write(true).open(path)?;
    file.lock()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let before = text.trim().parse().unwrap_or_default();
    file.rewind()?;
    // A number never gets shorter: nothing of the old one stays behind.
    write!(file, "{}", before + 1)?;
    Ok(before)
}

fn noise(function: &str, lines: u32) {
    for line in 0..lines {
        // Whether anybody reads it is not the library's affair.
        let _ = writeln!(io::stdout(), "[test token] {function}: line {line} on standard output");
        let _ = writeln!(io::stderr(), "[test token] {function}: line {line} on standard error");
    }
    let _ = io::stdout().flush();
}

fn leak(megabytes: usize) {
    // Written to, so that it counts as used memory.
    black_box(vec![0xa5_u8; megabytes << 20].leak());
}

fn unplug(card: Option<&Path>) {
    if let Some(card) = card {
        let _ = fs::rename(card, unplugged(card));
    }
}

/// Where a card's folder is while the card is out.
pub(crate) fn unplugged(card: &Path) -> PathBuf {
    let mut name = card.as_os_str().to_owned();
    name.push(".unplugged");
    name.into()
}
