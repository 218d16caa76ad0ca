//! `tanba sites`: what was decided about sites, and taking it back.

use crate::arguments::SitesCommand;
use crate::{Exit, Place};
use listener::{Decision, PathPermission, Site};
use texts::Value;

/// Lists or forgets.
pub(crate) fn sites(place: &Place, command: &SitesCommand) -> Exit {
    match command {
        SitesCommand::List { json: true } => {
            let sites: Vec<_> = listener::sites(&place.places).iter().map(as_json).collect();
            say!("{:#}", serde_json::json!({ "sites": sites }));
            Exit::Done
        }
        SitesCommand::List { json: false } => {
            let sites = listener::sites(&place.places);
            if sites.is_empty() {
                say!("{}", place.texts.text("sites-none"));
            }
            for site in &sites {
                // A file's name is its owner's choice, and must not rewrite a terminal.
                let program = program(site).escape_debug().to_string();
                let arguments = [
                    ("origin", Value::Text(&site.origin)),
                    ("program", Value::Text(&program)),
                    ("site", Value::Text(&site.site)),
                ];
                say!("{}", place.texts.format(sentence(site), &arguments));
                if site.paths == PathPermission::Allowed {
                    say!("{}", place.texts.format("sites-paths", &arguments));
                }
            }
            Exit::Done
        }
        SitesCommand::Forget { origin, program } => {
            let arguments = [("origin", Value::Text(origin.as_str()))];
            match listener::forget_site(&place.places, origin, program.as_deref()) {
                Ok(0) => {
                    eprintln!("{}", place.texts.format("sites-unknown", &arguments));
                    Exit::Failed
                }
                Ok(_) => {
                    say!("{}", place.texts.format("sites-forgotten", &arguments));
                    Exit::Done
                }
                Err(error) => {
                    let what = error.to_string();
                    eprintln!("{}", place.texts.format("cli-error", &[("what", Value::Text(&what))]));
                    Exit::Failed
                }
            }
        }
    }
}

fn sentence(site: &Site) -> &'static str {
    match site.decision {
        Decision::Seen => "sites-seen",
        Decision::Allowed => "sites-allowed",
        // A block holds for the whole site; pages and programs without an origin have none.
        Decision::Blocked if site.site != site.origin => "sites-blocked-site",
        Decision::Blocked => "sites-blocked",
    }
}

/// The program without the word that says what kind of name it is.
fn program(site: &Site) -> &str {
    site.program.split_once(':').map_or(site.program.as_str(), |(_, name)| name)
}

fn as_json(site: &Site) -> serde_json::Value {
    let decision = match site.decision {
        Decision::Seen => "seen",
        Decision::Allowed => "allowed",
        Decision::Blocked => "blocked",
    };
    serde_json::json!({
        "origin": site.origin, "site": site.site, "paths": site.paths == PathPermission::Allowed, "program": site.program, "decision": decision, "since": site.since
    })
}
