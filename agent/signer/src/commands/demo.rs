//! `tanba keys demo`: a key for trying Tanba out, TEST wherever it is shown.

use super::{CommandError, Context, authorities};
use keystore::{Password, demo};
use pki::{Validity, trust::Environment};
use std::{path::Path, process::ExitCode};
use texts::Value;

/// The demo key's password. It protects nothing, and is told to everybody.
const DEMO_PASSWORD: &str = "Tanba-2026";

pub(super) fn make(context: &Context) -> Result<ExitCode, CommandError> {
    let at = context.places.data().join("demo").join("TANBA-DEMO-TEST.p12");
    let mut known = context.known_keys()?;
    let lives = known
        .files()
        .iter()
        .filter(|file| file.path == at && at.is_file())
        .flat_map(|file| &file.certificates)
        .any(|certificate| certificate.validity_at(context.now) == Validity::Current);
    let path = at.display().to_string();
    if !lives {
        let failed = |error: &dyn std::error::Error| CommandError::Failed(error.to_string());
        let password = Password::new(DEMO_PASSWORD.to_owned()).map_err(|error| failed(&error))?;
        let made = demo::make(context.now, &password).map_err(|error| failed(&error))?;
        write(&at, &made.key_file)?;
        write(&authorities::folder(context, Environment::Test).join("tanba-demo.cer"), made.authority.der())?;
        known.remember(&at, vec![made.certificate])?;
    }
    if !context.settings.test_environment {
        // This one alone: whatever else the file says is the person's.
        settings::edit::set(&context.places, "test_environment", "true")
            .map_err(|error| CommandError::Failed(error.to_string()))?;
    }
    let settings = context.places.settings_file().display().to_string();
    context.line(
        if lives { "keys-demo-there" } else { "keys-demo-made" },
        &[("path", Value::Text(&path)), ("password", Value::Text(DEMO_PASSWORD)), ("settings", Value::Text(&settings))],
    );
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    if let Some(folder) = path.parent() {
        platform::files::create_private_dir(folder).map_err(|error| CommandError::File(folder.to_owned(), error))?;
    }
    platform::files::write_private(path, bytes).map_err(|error| CommandError::File(path.to_owned(), error))
}
