//! What was decided: signed, shown, refused; for which site, with whose key, when.

use super::{Context, Ended, MainAction, MainPage, MainRow, clean, facts};
use crate::window::Tone;
use serde::Deserialize;
use texts::Value;

/// How many decisions are shown.
const SHOWN: usize = 200;
/// The longest text that is searched for, in letters.
const LONGEST_SEARCH: usize = 200;

/// What `tanba journal list --json` said last.
#[derive(Default)]
pub(super) struct Journal {
    decisions: Vec<Decision>,
    /// Why there is nothing; empty where all went well.
    fault: String,
    was_heard: bool,
}

#[derive(Deserialize)]
struct Answer {
    decisions: Vec<Decision>,
}

/// A decision, as far as it is shown.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Decision {
    number: u64,
    local_time: String,
    origin: String,
    program: String,
    module: String,
    method: String,
    documents: Vec<String>,
    certificate: String,
    signer: String,
    result: String,
}

impl Journal {
    /// The command that answers.
    pub(super) fn question(search: &str) -> Vec<String> {
        let mut command = ["journal", "list", "--json", "--last"].map(str::to_owned).to_vec();
        command.push(SHOWN.to_string());
        let search: String = search.trim().chars().take(LONGEST_SEARCH).collect();
        if !search.is_empty() {
            command.push(format!("--search={search}"));
        }
        command
    }

    pub(super) fn heard(&mut self, ended: &Ended) {
        self.was_heard = true;
        self.fault.clear();
        self.decisions = match serde_json::from_str::<Answer>(&ended.out) {
            Ok(answer) if ended.code == Some(0) => answer.decisions,
            _ => {
                self.fault = ended.lines().join("\n");
                Vec::new()
            }
        };
        // The newest first, as people look for it.
        self.decisions.reverse();
    }

    pub(super) fn fill(&self, page: &mut MainPage, context: &Context, search: &str) {
        let text = |id: &str| context.texts.text(id);
        page.explanation = text("main-journal-explained");
        page.search_label = text("main-journal-search");
        page.actions = vec![MainAction::new("check", text("main-journal-check"))];
        page.empty = match (self.was_heard, self.fault.is_empty(), search.trim().is_empty()) {
            (false, ..) => text("main-reading"),
            (true, false, _) => self.fault.clone(),
            (true, true, true) => text("main-journal-none"),
            (true, true, false) => text("main-journal-none-fit"),
        };
        page.rows.extend(self.decisions.iter().map(|decision| row(context, decision)));
    }
}

fn row(context: &Context, decision: &Decision) -> MainRow {
    let text = |id: &str| context.texts.text(id);
    let (word, code) = decision.result.split_once(':').unwrap_or((&decision.result, ""));
    let result = context.texts.format(&format!("journal-result-{word}"), &[("code", Value::Text(&clean(code)))]);
    let site = match decision.origin.as_str() {
        "null" => text("journal-site-opaque"),
        "-" | "" => text("journal-site-none"),
        origin => clean(origin),
    };
    let program = decision.program.rsplit(['/', '\\']).next().unwrap_or_default();
    let tone = match word {
        "signed" | "key-shown" | "stamped" | "verified" | "saved" | "imported" | "requested" => Tone::Good,
        "failed" | "head-lost" => Tone::Bad,
        "blocked" | "paused" | "path-refused" => Tone::Warning,
        _ => Tone::Plain,
    };
    let mut details = vec![as_people_write(&clean(&decision.local_time))];
    details.extend([clean(program), clean(&decision.signer)].into_iter().filter(|part| !part.is_empty()));
    let what = format!("{} · {}", decision.module, decision.method);
    MainRow {
        id: decision.number.to_string(),
        title: site,
        details: details.join(" · "),
        badge: if word == "failed" { text("main-journal-failed") } else { result.clone() },
        tone,
        facts: facts(
            context,
            &[
                ("main-fact-number", decision.number.to_string()),
                ("main-fact-result", result),
                ("main-fact-call", what),
                ("main-fact-program", decision.program.clone()),
                ("main-fact-signer", decision.signer.clone()),
                ("main-fact-certificate", decision.certificate.clone()),
                ("main-fact-documents", decision.documents.join(", ")),
            ],
        ),
        ..MainRow::default()
    }
}

/// `2026-11-27 22:45:10` as `27.11.2026 22:45:10`, in all three languages, and a day alone likewise; anything else stays as it
/// is.
pub(super) fn as_people_write(moment: &str) -> String {
    let (date, time) = moment.split_at_checked(10).unwrap_or((moment, ""));
    match date.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] if year.len() == 4 => format!("{day}.{month}.{year}{time}"),
        _ => moment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_people_write_it() {
        assert_eq!(as_people_write("2026-11-27 22:45:10 UTC"), "27.11.2026 22:45:10 UTC");
        assert_eq!(as_people_write("2026-11-27"), "27.11.2026");
        for other in ["", "soon", "2026-11 1", "қаңтар 2026-11-27"] {
            assert_eq!(as_people_write(other), other);
        }
    }

    fn ended(code: Option<i32>, out: &str, err: &str) -> Ended {
        Ended { code, out: out.to_owned(), err: err.to_owned() }
    }

    #[test]
    fn what_is_searched_is_never_an_option() {
        assert_eq!(Journal::question("  "), ["journal", "list", "--json", "--last", "200"]);
        assert_eq!(Journal::question(" --purge ").last().unwrap(), "--search=--purge");
        assert!(Journal::question(&"я".repeat(100_000)).last().unwrap().chars().count() < 300);
    }

    #[test]
    fn an_answer_that_cannot_be_read_says_why_and_keeps_nothing_old() {
        let mut journal = Journal::default();
        let one = r#"{"decisions":[{"number":1,"localTime":"2026-11-27 10:00:00","origin":"https://a.kz","program":"p",
            "module":"m","method":"sign","documents":[],"certificate":"","signer":"","result":"signed"}]}"#;
        journal.heard(&ended(Some(0), one, ""));
        assert_eq!(journal.decisions.len(), 1);
        for bad in [ended(Some(0), "{", ""), ended(Some(4), one, "the journal is broken"), ended(None, "", "")] {
            journal.heard(&bad);
            assert!(journal.decisions.is_empty());
        }
        journal.heard(&ended(Some(4), "", "tanba: the journal is broken\n"));
        assert_eq!(journal.fault, "tanba: the journal is broken");
    }
}
