//! What was decided about sites, and taking it back.

use super::journal::as_people_write;
use super::{Context, Ended, MainAction, MainPage, MainRow, clean, facts};
use crate::window::Tone;
use serde::Deserialize;

/// What `tanba sites list --json` said last.
#[derive(Default)]
pub(super) struct Sites {
    sites: Vec<Site>,
    fault: String,
    was_heard: bool,
}

#[derive(Deserialize)]
struct Answer {
    sites: Vec<Site>,
}

#[derive(Deserialize)]
struct Site {
    origin: String,
    site: String,
    program: String,
    decision: String,
    paths: bool,
    since: String,
}

impl Site {
    fn id(&self) -> String {
        format!("{} {}", self.origin, self.program)
    }
}

impl Sites {
    pub(super) fn heard(&mut self, ended: &Ended) {
        self.was_heard = true;
        self.fault.clear();
        self.sites = match serde_json::from_str::<Answer>(&ended.out) {
            Ok(answer) if ended.code == Some(0) => answer.sites,
            _ => {
                self.fault = ended.lines().join("\n");
                Vec::new()
            }
        };
    }

    /// The command that forgets this row, and no other of the same site: a block that another row shows stays.
    pub(super) fn forgetting(&self, row: &str) -> Option<[String; 6]> {
        let site = self.sites.iter().find(|site| site.id() == row)?;
        Some(["sites", "forget", "--program", &site.program, "--", &site.origin].map(str::to_owned))
    }

    pub(super) fn fill(&self, page: &mut MainPage, context: &Context) {
        let text = |id: &str| context.texts.text(id);
        page.explanation = text("main-sites-explained");
        page.empty = match (self.was_heard, self.fault.is_empty()) {
            (false, _) => text("main-reading"),
            (true, false) => self.fault.clone(),
            (true, true) => text("main-sites-none"),
        };
        page.rows.extend(self.sites.iter().map(|site| row(context, site)));
    }
}

fn row(context: &Context, site: &Site) -> MainRow {
    let text = |id: &str| context.texts.text(id);
    let (badge, tone) = match site.decision.as_str() {
        "blocked" => (text("main-sites-blocked"), Tone::Bad),
        "allowed" => (text("main-sites-allowed"), Tone::Good),
        _ => (text("main-sites-seen"), Tone::Plain),
    };
    let title = match site.origin.as_str() {
        "null" => text("journal-site-opaque"),
        "-" | "" => text("journal-site-none"),
        origin => clean(origin),
    };
    let program = site.program.split_once(':').map_or(site.program.as_str(), |(_, name)| name);
    let mut notes = Vec::new();
    if site.decision == "blocked" {
        notes.push(text("main-sites-blocked-note"));
    }
    if site.paths {
        notes.push(text("main-sites-paths"));
    }
    let whole = if site.decision == "blocked" && site.site != site.origin { site.site.clone() } else { String::new() };
    MainRow {
        id: site.id(),
        title,
        details: clean(program),
        badge,
        tone,
        notes,
        facts: facts(
            context,
            &[
                ("main-fact-site", whole),
                ("main-fact-program", program.to_owned()),
                ("main-fact-since", as_people_write(&site.since.chars().take(10).collect::<String>())),
            ],
        ),
        actions: vec![MainAction::new("forget", text("main-sites-forget"))],
        ..MainRow::default()
    }
}
