//! The canonical form of a long document beside libxml2: `xmllint --c14n` and ourselves, a process each, both reading the
//! file and writing the canonical form to nowhere.

use crate::{Fault, Line, machine::field};
use signature::xmldsig::{
    c14n::{Comments, Method, Part, Subset, Version, canonicalize},
    xml::Document,
};
use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The argument that makes this program the one that is measured.
pub(crate) const CANONICALIZE: &str = "--canonicalize";
const LENGTH: usize = 50 << 20;
const TURNS: usize = 3;

/// Writes the canonical form of a file.
pub(crate) fn canonicalize_file(path: &Path) -> Result<(), Fault> {
    let octets = fs::read(path)?;
    let document = Document::new(&octets)?;
    let method = Method::new(Version::Inclusive10, Comments::With);
    let subset = Subset { part: Part::Document, without: &[], comments: Comments::With };
    let mut out = io::stdout().lock();
    let mut written = Ok(());
    canonicalize(&document, &subset, &method, &mut |piece| {
        if written.is_ok() {
            written = out.write_all(piece);
        }
    })?;
    Ok(written?)
}

pub(crate) fn measure() -> Result<Vec<Line>, Fault> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("document.xml");
    fs::write(&path, document())?;
    let megabytes = fs::metadata(&path)?.len() as f64 / 1e6;
    let program = std::env::current_exe()?;
    let (mut ours, mut theirs) = (Run::WORST, Run::WORST);
    let mut fault = None;
    for _ in 0..TURNS {
        ours.keep_best(run(Command::new(&program).arg(CANONICALIZE).arg(&path))?);
        match run(Command::new("xmllint").args(["--huge", "--c14n"]).arg(&path)) {
            Ok(run) => theirs.keep_best(run),
            Err(error) => fault = Some(error),
        }
    }
    let rate = |run: &Run| megabytes / run.time.as_secs_f64();
    let (beside_rate, beside_memory) = match fault {
        Some(error) => (format!("NOT MEASURED beside xmllint: {error}"), String::new()),
        None => (
            format!("bar ratio 1; xmllint {:.0} MB/s; ratio {:.2}", rate(&theirs), rate(&ours) / rate(&theirs)),
            format!("bar a quarter of xmllint's {} MB", theirs.peak / 1000),
        ),
    };
    Ok(vec![
        Line::new("canonical form of 50 MB of XML", format!("{:.0} MB/s", rate(&ours)), beside_rate),
        Line::new("  at most resident, the file included", format!("{} MB", ours.peak / 1000), beside_memory),
    ])
}

/// One run of a program.
struct Run {
    time: Duration,
    /// Kilobytes.
    peak: u64,
}

impl Run {
    const WORST: Self = Self { time: Duration::MAX, peak: 0 };

    fn keep_best(&mut self, other: Self) {
        self.time = self.time.min(other.time);
        self.peak = self.peak.max(other.peak);
    }
}

fn run(command: &mut Command) -> Result<Run, Fault> {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        // The last look before the end counts; what a process holds at its end it has held for a while.
        let text = field(&status, "VmHWM").unwrap_or_default();
        peak = text.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(peak).max(peak);
        thread::sleep(Duration::from_millis(2));
    };
    let time = begin.elapsed();
    if ended.success() { Ok(Run { time, peak }) } else { Err("it failed".into()) }
}

/// What sites send, only longer: short elements, some attributes, some Cyrillic text, several namespaces.
fn document() -> String {
    let mut out = String::with_capacity(LENGTH + 1024);
    out.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r:Register xmlns:r=\"urn:example:register\" \
         xmlns=\"urn:example:item\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n",
    );
    let mut number = 0_u32;
    while out.len() < LENGTH {
        // Writing to a text does not fail.
        let _ = writeln!(
            out,
            "  <r:Entry number=\"{number}\" xsi:type=\"r:EntryType\" date='2026-11-{:02}'>\n    <Name>Тауар № {number} \
             &amp; қызмет</Name>\n    <Price currency=\"KZT\">{}.00</Price><Empty/>\n    <!-- checked -->\n  </r:Entry>",
            number % 28 + 1,
            number * 7 % 100_000,
        );
        number += 1;
    }
    out.push_str("</r:Register>\n");
    out
}
