//! `tanba journal export`: many decisions into a file that only its owner reads.

use super::{Fault, record, wanted};
use crate::Exit;
use crate::arguments::{ExportFormat, ExportOptions};
use listener::journal::{Ledger, Wanted};
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use texts::{Texts, Value};

pub(super) fn export(texts: &Texts, ledger: &Ledger, options: &ExportOptions) -> Result<Exit, Fault> {
    let wanted = wanted(&options.which)?;
    if options.file == Path::new("-") {
        write_all(ledger, &wanted, options.format, BufWriter::new(io::stdout().lock()))?;
        return Ok(Exit::Done);
    }
    let path = options.file.display().to_string();
    let of_file = |fault| match fault {
        Fault::Output(cause) => Fault::NotWritten { path: path.clone(), cause },
        other => other,
    };
    let target = Target::of(options).map_err(of_file)?;
    let written = write_all(ledger, &wanted, options.format, BufWriter::new(&target.file)).and_then(|count| {
        target.finish()?;
        Ok(count)
    });
    let count = written.map_err(of_file).inspect_err(|_| {
        // The error that matters is the first one; half an export is worth nothing.
        let _ = std::fs::remove_file(&target.written);
    })?;
    say!("{}", texts.format("journal-exported", &[("count", Value::Count(count)), ("path", Value::Text(&path))]));
    Ok(Exit::Done)
}

fn write_all(ledger: &Ledger, wanted: &Wanted, format: ExportFormat, mut out: impl Write) -> Result<u64, Fault> {
    if format == ExportFormat::Csv {
        out.write_all(record::CSV_HEAD.as_bytes())?;
    }
    let mut count = 0;
    let mut written = Ok(());
    ledger.each(wanted, &mut |decision| {
        let line = match format {
            ExportFormat::Jsonl => format!("{}\n", record::as_json(&decision)),
            ExportFormat::Csv => record::as_csv(&decision),
        };
        count += 1;
        written = out.write_all(line.as_bytes());
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    written?;
    out.flush()?;
    Ok(count)
}

/// Where an export goes: to its own name at once where that is free; else beside the file that it takes the place of.
struct Target {
    file: File,
    written: PathBuf,
    wanted: PathBuf,
}

impl Target {
    fn of(options: &ExportOptions) -> Result<Self, Fault> {
        let wanted = options.file.clone();
        let written = if options.force { beside(&wanted)? } else { wanted.clone() };
        let mut open = OpenOptions::new();
        // Never into what is there, a link to elsewhere included.
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        match open.open(&written) {
            Ok(file) => Ok(Self { file, written, wanted }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !options.force => {
                Err(Fault::Exists(wanted.display().to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn finish(&self) -> io::Result<()> {
        self.file.sync_all()?;
        if self.written == self.wanted { Ok(()) } else { std::fs::rename(&self.written, &self.wanted) }
    }
}

/// A name of our own in the same folder.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut other = OsString::from(".");
    other.push(name);
    other.push(format!(".{}", std::process::id()));
    Ok(path.with_file_name(other))
}
