//! `tanba trust`: having browsers trust the local certificate.

use crate::arguments::TrustCommand;
use crate::{Exit, Place};
use listener::leaf::{Leaf, LeafError, Opened, Shelf, hand_trust_on};
use listener::{Clock as _, SystemClock};
use platform::trust::{Standing, Store, SystemTrust, TrustError, TrustStores as _};
use std::io::{self, Write as _};
use texts::{Texts, Value};

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Leaf(#[from] LeafError),
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Installs, shows or removes the trust.
pub(crate) fn trust(place: &Place, command: &TrustCommand) -> Exit {
    let texts = &place.texts;
    let shelf = Shelf::of(&place.places);
    let done = match command {
        TrustCommand::Install => install(texts, &shelf),
        TrustCommand::Status { json } => status(texts, &shelf, *json),
        TrustCommand::Remove => remove(texts, &shelf),
        // The signer's, which `main` has become by then.
        TrustCommand::Ca(_) => return Exit::Failed,
    };
    done.unwrap_or_else(|fault| {
        let (sentence, exit) = explain(texts, &fault);
        eprintln!("{}", texts.format("cli-error", &[("what", Value::Text(&sentence))]));
        exit
    })
}

fn install(texts: &Texts, shelf: &Shelf) -> Result<Exit, Fault> {
    let stores = SystemTrust::of_user()?;
    let Opened { leaf, former } = shelf.open(SystemClock.now())?;
    if let Some(former) = former {
        hand_trust_on(&former, &leaf, &stores)?;
        shelf.settle()?;
    }
    let report = stores.install(leaf.for_trust())?;
    let mut out = io::stdout().lock();
    tell(&mut out, texts, &leaf, &report)?;
    if report.iter().any(|store| store.standing == Standing::Trusted) {
        writeln!(out, "{}", texts.text("trust-restart"))?;
    }
    Ok(all_trust(&report))
}

fn status(texts: &Texts, shelf: &Shelf, json: bool) -> Result<Exit, Fault> {
    let stores = SystemTrust::of_user()?;
    let mut out = io::stdout().lock();
    let Some(leaf) = shelf.peek()? else {
        if json {
            writeln!(out, "{}", serde_json::json!({"certificate": null, "trusted": false, "stores": []}))?;
        } else {
            writeln!(out, "{}", texts.text("trust-no-certificate"))?;
        }
        return Ok(Exit::Failed);
    };
    let report = stores.status(leaf.for_trust())?;
    let exit = all_trust(&report);
    if json {
        writeln!(out, "{}", as_json(&leaf, &report, exit == Exit::Done))?;
    } else {
        tell(&mut out, texts, &leaf, &report)?;
    }
    Ok(exit)
}

fn remove(texts: &Texts, shelf: &Shelf) -> Result<Exit, Fault> {
    let stores = SystemTrust::of_user()?;
    let mut out = io::stdout().lock();
    let Some(leaf) = shelf.peek()? else {
        writeln!(out, "{}", texts.text("trust-no-certificate"))?;
        return Ok(Exit::Done);
    };
    // One that is not settled yet would be handed on to the new one by the next start.
    if let Some(former) = shelf.peek_former()? {
        stores.remove(former.for_trust())?;
        shelf.settle()?;
    }
    let report = stores.remove(leaf.for_trust())?;
    tell(&mut out, texts, &leaf, &report)?;
    let is_gone = report.iter().all(|store| store.standing == Standing::Absent);
    Ok(if is_gone { Exit::Done } else { Exit::Failed })
}

fn all_trust(report: &[Store]) -> Exit {
    let is_trusted = !report.is_empty() && report.iter().all(|store| store.standing == Standing::Trusted);
    if is_trusted { Exit::Done } else { Exit::Failed }
}

fn tell(out: &mut impl io::Write, texts: &Texts, leaf: &Leaf, report: &[Store]) -> io::Result<()> {
    let end = leaf.not_after().date();
    // As the country writes dates.
    let until = format!("{:02}.{:02}.{}", end.day(), u8::from(end.month()), end.year());
    let certificate = [("name", Value::Text(leaf.name())), ("until", Value::Text(&until))];
    writeln!(out, "{}", texts.format("trust-certificate", &certificate))?;
    if report.is_empty() {
        writeln!(out, "{}", texts.text("trust-no-stores"))?;
    }
    for store in report {
        let path = store.path.display().to_string();
        let names = [("browser", Value::Text(store.browser)), ("path", Value::Text(&path))];
        let line = match &store.standing {
            Standing::Trusted => texts.format("trust-store-trusted", &names),
            Standing::Untrusted => texts.format("trust-store-untrusted", &names),
            Standing::Absent => texts.format("trust-store-absent", &names),
            Standing::Locked => texts.format("trust-store-locked", &names),
            Standing::Unusable(cause) => {
                let [browser, path] = names;
                texts.format("trust-store-unusable", &[browser, path, ("what", Value::Text(cause))])
            }
        };
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn as_json(leaf: &Leaf, report: &[Store], trusted: bool) -> serde_json::Value {
    let stores: Vec<_> = report
        .iter()
        .map(|store| {
            let (standing, cause) = match &store.standing {
                Standing::Trusted => ("trusted", None),
                Standing::Untrusted => ("untrusted", None),
                Standing::Absent => ("absent", None),
                Standing::Locked => ("locked", None),
                Standing::Unusable(cause) => ("unusable", Some(cause)),
            };
            serde_json::json!({
                "browser": store.browser,
                "path": store.path.to_string_lossy(),
                "standing": standing,
                "cause": cause,
            })
        })
        .collect();
    serde_json::json!({
        "certificate": {"name": leaf.name(), "not_after": leaf.not_after().unix_timestamp()},
        "trusted": trusted,
        "stores": stores,
    })
}

fn explain(texts: &Texts, fault: &Fault) -> (String, Exit) {
    match fault {
        Fault::Trust(TrustError::ToolMissing { tool }) => {
            (texts.format("trust-tool-missing", &[("tool", Value::Text(tool))]), Exit::Missing)
        }
        Fault::Trust(error @ (TrustError::NoHome | TrustError::Unsupported(_))) => {
            (texts.format("trust-failed", &[("what", Value::Text(&error.to_string()))]), Exit::Missing)
        }
        other => (texts.format("trust-failed", &[("what", Value::Text(&other.to_string()))]), Exit::Failed),
    }
}
