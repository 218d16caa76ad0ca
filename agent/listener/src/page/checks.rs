//! The lines of the check page: what may be found at each, and the markup of all of it.
//!
//! Every sentence stands in the document from the beginning, hidden; the script shows the one that is true. So it makes no
//! markup, and there is one place that says which sentences there are: [`LINES`]. A line `x` has its name `check-x`, its
//! reason `check-x-why`, and for each case `check-x-case` and, where something is to be done, `check-x-case-next`.

use super::sentence;
use std::fmt::Write as _;
use texts::Texts;

/// Which part of the page a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Browser,
    Agent,
    Signature,
}

/// How a line stands. Whatever is not known is said as that, and not as good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Ok,
    Attention,
    Fault,
    Unknown,
}

impl State {
    const ALL: [Self; 5] = [Self::Waiting, Self::Ok, Self::Attention, Self::Fault, Self::Unknown];

    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ok => "ok",
            Self::Attention => "attention",
            Self::Fault => "fault",
            Self::Unknown => "unknown",
        }
    }

    /// Whether there is a next step to say.
    fn has_next(self) -> bool {
        !matches!(self, Self::Waiting | Self::Ok)
    }
}

struct Line {
    part: Part,
    id: &'static str,
    cases: &'static [(&'static str, State)],
}

const LINES: [Line; 13] = {
    use Part::{Agent, Browser, Signature};
    use State::{Attention, Fault, Ok, Unknown, Waiting};
    [
        Line {
            part: Browser,
            id: "browser",
            cases: &[("fit", Ok), ("unlisted", Attention), ("old", Fault), ("unknown", Unknown)],
        },
        Line { part: Browser, id: "script", cases: &[("on", Ok)] },
        Line { part: Browser, id: "cookies", cases: &[("on", Ok), ("off", Fault)] },
        Line { part: Browser, id: "crypto", cases: &[("works", Ok), ("missing", Fault)] },
        Line { part: Browser, id: "blocker", cases: &[("none", Ok), ("some", Attention)] },
        Line {
            part: Browser,
            id: "network",
            cases: &[("absent", Ok), ("granted", Ok), ("asked", Unknown), ("denied", Attention)],
        },
        Line { part: Agent, id: "socket", cases: &[("answers", Ok), ("silent", Fault)] },
        Line { part: Agent, id: "tls", cases: &[("trusted", Ok), ("untrusted", Fault), ("unknown", Unknown)] },
        Line { part: Agent, id: "extension", cases: &[("absent", Ok), ("there", Ok)] },
        Line { part: Agent, id: "tokens", cases: &[("seen", Ok), ("none", Unknown), ("unknown", Unknown)] },
        Line {
            part: Agent,
            id: "clock",
            cases: &[("agree", Ok), ("zone", Attention), ("browser", Fault), ("agent", Fault), ("past", Fault)],
        },
        Line {
            part: Signature,
            id: "sign",
            cases: &[
                ("not-yet", Unknown),
                ("open", Waiting),
                ("verifying", Waiting),
                ("good", Ok),
                ("cancelled", Unknown),
                ("failed", Fault),
                ("bad", Fault),
                ("unverified", Unknown),
                ("lost", Fault),
            ],
        },
        Line {
            part: Signature,
            id: "keys",
            cases: &[("asked", Unknown), ("ready", Ok), ("ending", Attention), ("unread", Unknown)],
        },
    ]
};

/// One of these is shown, as the line's state says. Not by colour alone: each has a shape of its own.
const ICON: &str = "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">\
    <circle cx=\"12\" cy=\"12\" r=\"11\"/>\
    <path class=\"waiting\" d=\"M7 12h.1M12 12h.1M17 12h.1\"/>\
    <path class=\"ok\" d=\"M7 12.5l3.5 3.5L17 9\"/>\
    <path class=\"attention\" d=\"M12 6v7.5M12 17.5v.1\"/>\
    <path class=\"fault\" d=\"M8 8l8 8M16 8l-8 8\"/>\
    <path class=\"unknown\" d=\"M9 9.5a3 3 0 1 1 4.4 2.7c-1 .5-1.4 1-1.4 2.1M12 17.5v.1\"/></svg>";

/// The lines of one part.
pub(super) fn lines(texts: &Texts, part: Part) -> String {
    LINES.iter().filter(|line| line.part == part).map(|line| row(texts, line)).collect()
}

/// The names of the states, for the script to put beside a line.
pub(super) fn labels(texts: &Texts) -> String {
    let label = |state: State| {
        let name = state.name();
        format!("<span data-label=\"{name}\">{}</span>", sentence(texts, &format!("check-state-{name}")))
    };
    State::ALL.map(label).concat()
}

fn row(texts: &Texts, line: &Line) -> String {
    let id = line.id;
    let name = sentence(texts, &format!("check-{id}"));
    let mut row = format!(
        "<li id=\"{id}\" class=\"check\" data-state=\"waiting\">{ICON}<h3>{name}</h3><p class=\"label\">{}</p>",
        sentence(texts, "check-state-waiting")
    );
    // What becomes of the test is heard by those who do not see it; of the other lines the result on top tells. So that it
    // is not heard before there is one, its first case stands there from the beginning.
    let is_heard = line.part == Part::Signature;
    row.push_str(if is_heard { "<div class=\"found\" role=\"status\">" } else { "<div class=\"found\">" });
    for (index, (case, state)) in line.cases.iter().enumerate() {
        let hidden = if is_heard && index == 0 { "" } else { " hidden" };
        // Writing to a string does not fail.
        let _ = write!(
            row,
            "<div data-case=\"{case}\" data-state=\"{}\"{hidden}><p>{}</p>",
            state.name(),
            sentence(texts, &format!("check-{id}-{case}"))
        );
        if state.has_next() {
            let _ = write!(row, "<p class=\"next\">{}</p>", sentence(texts, &format!("check-{id}-{case}-next")));
        }
        row.push_str("</div>");
    }
    let _ = write!(
        row,
        "</div><details><summary>{}<span class=\"unseen\"> ({name})</span></summary><p>{}</p></details></li>",
        sentence(texts, "check-why"),
        sentence(texts, &format!("check-{id}-why"))
    );
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use texts::Locale;

    fn identifiers() -> BTreeSet<String> {
        let of_line = |line: &Line| {
            let id = line.id;
            let cases = line.cases.iter().flat_map(move |(case, state)| {
                let next = state.has_next().then(|| format!("check-{id}-{case}-next"));
                [Some(format!("check-{id}-{case}")), next].into_iter().flatten()
            });
            [format!("check-{id}"), format!("check-{id}-why")].into_iter().chain(cases).collect::<Vec<_>>()
        };
        let states = State::ALL.map(|state| format!("check-state-{}", state.name()));
        LINES.iter().flat_map(of_line).chain(states).chain(["check-why".to_owned()]).collect()
    }

    #[test]
    fn every_sentence_of_a_line_is_there_in_every_language_and_none_is_left_over() {
        let wanted = identifiers();
        for locale in Locale::ALL {
            let texts = Texts::new(locale);
            for id in &wanted {
                assert_ne!(&texts.text(id), id, "missing in {}", locale.code());
            }
        }
        let catalogue = include_str!("../../../texts/i18n/kk/check.ftl");
        let template = include_str!("page.html");
        let left_over: Vec<_> = catalogue
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(id, _)| id)
            .filter(|id| {
                id.starts_with("check-") && !wanted.contains(*id) && !template.contains(&format!("{{{{{id}}}}}"))
            })
            .collect();
        assert!(left_over.is_empty(), "no line of the page says {left_over:?}");
    }

    #[test]
    fn the_script_names_only_cases_that_there_are() {
        let known: BTreeSet<_> =
            LINES.iter().flat_map(|line| line.cases.iter().map(|(case, _)| (line.id, *case))).collect();
        let mut named = BTreeSet::new();
        for call in super::super::SCRIPT.split("settle(\"").skip(1) {
            let (id, rest) = call.split_once('"').unwrap();
            // `settle("x", "case")`, or one of two: `settle("x", is ? "case" : "case")`; then perhaps values.
            let end = rest.find([';', '{']).unwrap_or(rest.len());
            let cases = rest[..end].split('"').skip(1).step_by(2);
            named.extend(cases.map(|case| (id, case)));
        }
        assert_eq!(named, known, "the script and the lines differ");
    }
}
