//! Where a signature goes: whole or not at all, and over nothing that nobody said may be written over.

use super::{CommandError, Context, SignArgs};
use crate::commands::new_place::refuse_missing_folder;
use crate::new_file::Part;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use texts::Value;

/// Where a signature goes.
pub(super) struct Target {
    path: PathBuf,
    force: bool,
    /// Those of the file that is replaced, or else of the document.
    permissions: Option<fs::Permissions>,
}

impl Target {
    /// `-` is standard output.
    pub(super) fn new(context: &Context, args: &SignArgs, path: &Path) -> Result<Self, CommandError> {
        let alike = [path, &args.file].into_iter().find_map(|one| fs::metadata(one).ok().filter(fs::Metadata::is_file));
        let permissions = alike.map(|metadata| metadata.permissions());
        let target = Self { path: path.to_owned(), force: args.force, permissions };
        if !target.is_standard_output() && !args.force && path.exists() {
            let path = path.display().to_string();
            return Err(CommandError::Failed(context.texts.format("sign-exists", &[("path", Value::Text(&path))])));
        }
        if !target.is_standard_output() {
            refuse_missing_folder(context, path)?;
        }
        Ok(target)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn is_standard_output(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Puts these octets there.
    pub(super) fn put(&self, octets: &[u8]) -> Result<(), CommandError> {
        self.write(|out| out.write_all(octets).map_err(|error| self.fault(error)))
    }

    /// Has it written there: into a file beside it that takes its name when all is well, so that what is there already is
    /// kept until then.
    pub(super) fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), CommandError>,
    ) -> Result<(), CommandError> {
        if self.is_standard_output() {
            let mut out = io::stdout().lock();
            write(&mut out)?;
            return out.flush().map_err(|error| self.fault(error));
        }
        // Nobody else reads it before it has the rights of what it is made from.
        let (part, file) = Part::beside(&self.path).map_err(|error| self.fault(error))?;
        let mut out = io::BufWriter::new(file);
        write(&mut out)?;
        let file = out.into_inner().map_err(|error| self.fault(error.into_error()))?;
        if let Some(permissions) = self.permissions.clone() {
            file.set_permissions(permissions).map_err(|error| self.fault(error))?;
        }
        file.sync_all().map_err(|error| self.fault(error))?;
        // `new` looked whether something has that name; this settles it.
        let settled = if self.force { part.replace(&self.path) } else { part.settle(&self.path) };
        settled.map_err(|error| self.fault(error))
    }

    fn fault(&self, error: io::Error) -> CommandError {
        CommandError::File(self.path.clone(), error)
    }
}
