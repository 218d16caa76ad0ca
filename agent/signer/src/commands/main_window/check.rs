//! What is in the way of signing, as `tanba doctor` finds it, and mending it.

use super::{Context, Ended, MainAction, MainPage, MainRow, clean};
use crate::{
    new_file,
    window::{Tone, whole},
};
use serde::Deserialize;
use texts::Value;

/// What the doctor said last.
#[derive(Default)]
pub(super) struct Check {
    findings: Vec<Finding>,
    fault: String,
    was_heard: bool,
}

#[derive(Deserialize)]
struct Answer {
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    state: State,
    name: String,
    what: String,
    why: String,
    next: Option<String>,
    fix: Option<Fix>,
}

#[derive(Deserialize)]
struct Fix {
    id: String,
    question: String,
}

/// In the order in which a person reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Bad,
    Warning,
    Unknown,
    Good,
}

/// What is to be mended.
pub(super) struct Mending {
    code: String,
    only: String,
}

impl Mending {
    /// The command that does it.
    pub(super) fn command(&self) -> [String; 6] {
        ["doctor", "--fix", &self.code, "--only", &self.only, "--yes"].map(str::to_owned)
    }
}

impl Check {
    /// The command that looks.
    pub(super) fn question() -> [String; 2] {
        ["doctor", "--json"].map(str::to_owned)
    }

    pub(super) fn heard(&mut self, ended: &Ended) {
        self.was_heard = true;
        self.fault.clear();
        match serde_json::from_str::<Answer>(&ended.out) {
            Ok(answer) => {
                self.findings = answer.findings;
                self.findings.sort_by_key(|finding| finding.state);
            }
            // What was found before is no longer known.
            Err(_) => {
                self.findings.clear();
                self.fault = ended.lines().join("\n");
            }
        }
    }

    /// Whether it is known how everything stands.
    pub(super) const fn is_fresh(&self) -> bool {
        self.was_heard
    }

    /// How it stood before is known no longer.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The person does not wait for it.
    pub(super) fn give_up(&mut self, context: &Context) {
        self.forget();
        self.was_heard = true;
        self.fault = context.texts.text("main-files-stopped");
    }

    /// What would be done about a row, as a question, and what `tanba doctor` takes for doing exactly that: others with the
    /// same code stay as they are.
    pub(super) fn fix(&self, row: &str) -> Option<(Mending, String)> {
        let (_, finding) = self.rows().find(|(id, _)| id == row)?;
        let fix = finding.fix.as_ref()?;
        let mending = Mending { code: finding.code.clone(), only: fix.id.clone() };
        Some((mending, without_answers(&whole(&fix.question))))
    }

    /// A code may stand several times.
    fn rows(&self) -> impl Iterator<Item = (String, &Finding)> {
        self.findings.iter().enumerate().map(|(number, finding)| (format!("{number}:{}", finding.code), finding))
    }

    pub(super) fn fill(&self, page: &mut MainPage, context: &Context) {
        let text = |id: &str| context.texts.text(id);
        page.explanation = text("main-check-explained");
        page.actions = vec![
            MainAction::new("again", text("main-check-again")),
            MainAction::new("report", text("main-check-report")),
        ];
        page.empty = match (self.was_heard, self.fault.is_empty()) {
            (true, false) => self.fault.clone(),
            _ => text("main-check-looking"),
        };
        page.rows.extend(self.rows().map(|(id, finding)| row(context, id, finding)));
    }
}

fn row(context: &Context, id: String, finding: &Finding) -> MainRow {
    let text = |id: &str| context.texts.text(id);
    let (badge, tone) = match finding.state {
        State::Good => ("main-check-good", Tone::Good),
        State::Unknown => ("main-check-unknown", Tone::Plain),
        State::Warning => ("main-check-warning", Tone::Warning),
        State::Bad => ("main-check-bad", Tone::Bad),
    };
    let mut notes = vec![whole(&finding.why)];
    notes.extend(finding.next.as_deref().map(whole));
    let actions = finding.fix.iter().map(|_| MainAction::new("mend", text("main-check-mend"))).collect();
    MainRow {
        id,
        title: clean(&finding.name),
        details: whole(&finding.what),
        badge: text(badge),
        tone,
        notes,
        actions,
        ..MainRow::default()
    }
}

/// Writes the report to a file of the person's.
pub(super) fn save(context: &Context, ended: &Ended) -> Result<String, String> {
    if ended.out.trim().is_empty() {
        return Err(ended.lines().join("\n"));
    }
    let file = crate::carry_out::free_file(&context.places, &["TANBA", "REPORT"], "txt");
    new_file::write_new(&file, ended.out.as_bytes())
        .map_err(|error| context.say("main-not-written", &[("what", Value::Text(&error.to_string()))]))?;
    Ok(context.say("main-check-reported", &[("file", Value::Text(&file.display().to_string()))]))
}

/// The question without the answers that are typed at a terminal, `(yes/no)`: here they are buttons.
fn without_answers(question: &str) -> String {
    let asked = question.trim_end();
    let split = asked.strip_suffix(')').and_then(|asked| asked.rsplit_once('('));
    let bare = split.filter(|(_, answers)| answers.contains('/')).map(|(asked, _)| asked.trim_end());
    bare.unwrap_or(asked).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use texts::{Locale, Texts};

    #[test]
    fn a_question_has_no_answers_behind_it() {
        for locale in [Locale::Kk, Locale::Ru, Locale::En] {
            let question = Texts::new(locale).text("doctor-fix-start");
            assert!(question.ends_with(')'), "{question}");
            assert!(without_answers(&question).ends_with('?'), "{question}");
        }
        assert_eq!(without_answers("Forget it (a file)?"), "Forget it (a file)?");
        assert_eq!(without_answers("Forget it (a file)"), "Forget it (a file)");
    }
}
