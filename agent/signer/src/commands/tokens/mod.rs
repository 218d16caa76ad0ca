//! `tanba tokens list | add | remove | pin`.

mod list;
mod pin;
pub(super) mod plugged;

use super::{CommandError, Context, libraries as asked, libraries::IDENTITY_CARD, say};
use crate::libraries;
use clap::{Subcommand, builder::PossibleValuesParser};
use keystore::pkcs11::{
    self, Added, Catalogue, Library, LibraryFault, Origin, OwnFile, OwnFileError, TOKEN_STORAGES, TokenFault,
};
use platform::trusted::Distrust;
use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};
use texts::Value;

/// `tanba tokens`.
#[derive(Debug, Subcommand)]
pub enum TokensCommand {
    /// List the tokens that are plugged in, and the libraries: those that are asked, those that are not and why
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Add the PKCS#11 library of a token that Tanba does not know
    ///
    /// The library must lie where only you and the administrator can write: what is loaded could otherwise be exchanged by
    /// somebody else. It is written down in tokens.toml beside settings.toml; docs/tokens.md says what else can stand there.
    Add {
        /// The library: a file whose name ends in .so, .dll or .dylib
        library: PathBuf,
        /// Whose token it is [default: whose the library is known to be, else its file name]
        #[arg(long, value_name = "NAME")]
        vendor: Option<String>,
        /// What NCALayer calls the token, for sites that ask for one kind of token
        #[arg(long, value_name = "STORAGE", value_parser = PossibleValuesParser::new(TOKEN_STORAGES))]
        storage: Option<String>,
    },
    /// Change a token's PIN
    ///
    /// The present PIN is asked for first. A wrong one costs a try, as it does when signing; the token is asked once. Where the
    /// reader has a pad, all of it is typed there.
    Pin {
        /// The token, by its label or serial number
        token: String,
        /// Read the present PIN from the first line of standard input, and the new one from the second
        #[arg(long, visible_alias = "pin-stdin")]
        password_stdin: bool,
    },
    /// Take out a library that was added; the file itself stays where it is
    Remove {
        /// The library
        library: PathBuf,
    },
}

pub(super) fn run(context: &Context, command: &TokensCommand) -> Result<ExitCode, CommandError> {
    match command {
        TokensCommand::List { json } => list::list(context, *json),
        TokensCommand::Add { library, vendor, storage } => add(context, library, vendor.as_deref(), storage.as_deref()),
        TokensCommand::Pin { token, password_stdin } => pin::change(context, token, *password_stdin),
        TokensCommand::Remove { library } => remove(context, library),
    }
}

fn add(
    context: &Context,
    library: &Path,
    vendor: Option<&str>,
    storage: Option<&str>,
) -> Result<ExitCode, CommandError> {
    let library = absolute(library)?;
    // What was checked is what is loaded: a link in the path may lead elsewhere a moment later.
    let real = pkcs11::check(&library).map_err(|why| match why {
        Distrust::Missing(path) => CommandError::File(path, io::ErrorKind::NotFound.into()),
        why => CommandError::Failed(say(&context.texts, &libraries::distrust(&why))),
    })?;
    let catalogue = libraries::catalogue(&context.places).map_err(|error| asked::wrong_file(context, &error))?;
    let vendor = vendor_of(context, &catalogue, &library, vendor);
    let path = library.display().to_string();
    if let Some(off) = catalogue.switched_off(&vendor, &[&library]) {
        let file = match &off.origin {
            Origin::BuiltIn => String::new(),
            Origin::File(file) => file.display().to_string(),
        };
        let places = [("path", Value::Text(&path)), ("file", Value::Text(&file))];
        return Err(CommandError::Failed(context.say("tokens-add-off", &places)));
    }
    let mut own = own_file(context)?;
    if own.has(&library) {
        return Err(CommandError::Failed(context.say("tokens-add-again", &[("path", Value::Text(&path))])));
    }
    try_to_load(context, &vendor, &real)?;
    own.add(Added { vendor: &vendor, driver: &library, storage }).map_err(|error| not_written(context, &error))?;
    context.line("tokens-added", &[("vendor", Value::Text(&vendor)), ("path", Value::Text(&path))]);
    Ok(ExitCode::SUCCESS)
}

/// Has a host of its own load the library: what cannot be loaded is not written down. One that is loaded and then does not
/// do its work may only lack its service, and is added.
fn try_to_load(context: &Context, vendor: &str, library: &Path) -> Result<(), CommandError> {
    let library = Library { vendor: vendor.to_owned(), path: library.to_owned(), rules: Vec::new() };
    let snapshot = asked::ask(context, vec![library])?;
    for LibraryFault { path, fault, .. } in &snapshot.faults {
        let (path, why) = (path.display().to_string(), say(&context.texts, &libraries::fault(fault)));
        let what = context.say(
            "tokens-fault",
            &[("vendor", Value::Text(vendor)), ("path", Value::Text(&path)), ("why", Value::Text(&why))],
        );
        if matches!(fault, TokenFault::BadLibrary(_) | TokenFault::Crashed | TokenFault::NotResponding) {
            return Err(CommandError::Failed(what));
        }
        context.note("tokens-but", &[("what", Value::Text(&what))]);
    }
    Ok(())
}

fn remove(context: &Context, library: &Path) -> Result<ExitCode, CommandError> {
    // A vendor's name, and no file: libraries are taken out by their path.
    if library.components().count() == 1 && !library.exists() && library.extension().is_none() {
        let name = library.display().to_string();
        return Err(CommandError::Usage(context.say("tokens-remove-name", &[("name", Value::Text(&name))])));
    }
    let library = absolute(library)?;
    let path = library.display().to_string();
    if own_file(context)?.remove(&library).map_err(|error| not_written(context, &error))? {
        context.line("tokens-removed", &[("path", Value::Text(&path))]);
        return Ok(ExitCode::SUCCESS);
    }
    let file = context.places.tokens_file().display().to_string();
    let places = [("path", Value::Text(&path)), ("file", Value::Text(&file))];
    Err(CommandError::Failed(context.say("tokens-remove-unknown", &places)))
}

/// A library is remembered by where it is, and not by where somebody stood when they named it.
fn absolute(library: &Path) -> Result<PathBuf, CommandError> {
    std::path::absolute(library).map_err(|error| CommandError::File(library.to_owned(), error))
}

/// The vendor as the person named them, in the spelling that is known; else whose library of this name is known; else the
/// file's name.
fn vendor_of(context: &Context, catalogue: &Catalogue, library: &Path, named: Option<&str>) -> String {
    let of_file = || library.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    match named.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) if name.to_lowercase() == asked::vendor(context, IDENTITY_CARD).to_lowercase() => {
            IDENTITY_CARD.to_owned()
        }
        Some(name) => catalogue.vendor(name).unwrap_or(name).to_owned(),
        None => catalogue.entry_of(library).map_or_else(of_file, |entry| entry.vendor.clone()),
    }
}

fn own_file(context: &Context) -> Result<OwnFile, CommandError> {
    OwnFile::load(&context.places.tokens_file()).map_err(|error| asked::wrong_file(context, &error))
}

fn not_written(context: &Context, error: &OwnFileError) -> CommandError {
    let what = error.to_string();
    let file = context.places.tokens_file().display().to_string();
    match error {
        OwnFileError::Catalogue(error) => asked::wrong_file(context, error),
        OwnFileError::ByHand(_) => {
            CommandError::Failed(context.say("tokens-file-by-hand", &[("file", Value::Text(&file))]))
        }
        _ => CommandError::Failed(what),
    }
}
