//! What is asked, in words: the sentence below the requester's name, what happens then, and what the buttons say.

use super::{clean, sentence, whole};
use crate::window::model::{
    Care, Consent, Detail, FormView, KeyAct, Learns, Question, Report, StampView, Value as Said,
};
use texts::{Texts, Value};

/// How a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::window) enum Tone {
    /// As most are.
    Plain,
    /// In red: it is most likely a fraud, or could become one.
    Alarm,
    /// There is nothing to decide.
    Told,
}

/// A name that must be read, and what it is the name of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::window) struct Names {
    pub(in crate::window) label: String,
    pub(in crate::window) name: String,
}

/// A question, in words. What a question does not have is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::window) struct QuestionWords {
    pub(in crate::window) tone: Tone,
    /// What the requester asks; it stands below the requester's name.
    pub(in crate::window) asks: String,
    /// What is wrong with what is asked, in red.
    pub(in crate::window) alarms: Vec<String>,
    /// What a certificate says, line by line.
    pub(in crate::window) facts: Vec<Names>,
    /// Two names that differ, one above the other.
    pub(in crate::window) names: Vec<Names>,
    /// What happens then, and what to do when in doubt.
    pub(in crate::window) said: Vec<String>,
    /// What the details are.
    pub(in crate::window) details_label: String,
    /// Paths, addresses, names, in full.
    pub(in crate::window) details: Vec<String>,
    /// The button that does it.
    pub(in crate::window) yes: String,
    /// The button that does not.
    pub(in crate::window) no: String,
    /// The button that does it, and lets this site do so from now on.
    pub(in crate::window) always: String,
    /// What must be understood before the button lives.
    pub(in crate::window) understood: String,
}

impl QuestionWords {
    fn new(tone: Tone, asks: String, yes: String, no: String) -> Self {
        Self {
            tone,
            asks,
            alarms: Vec::new(),
            facts: Vec::new(),
            names: Vec::new(),
            said: Vec::new(),
            details_label: String::new(),
            details: Vec::new(),
            yes,
            no,
            always: String::new(),
            understood: String::new(),
        }
    }
}

/// Says what is asked.
pub(in crate::window) fn question(texts: &Texts, question: &Question) -> QuestionWords {
    let text = |id| texts.text(id);
    match question {
        Question::Sign { documents, .. } => {
            let count = Value::Count(documents.len() as u64);
            let asks = texts.format("window-asks-to-sign", &[("count", count)]);
            QuestionWords::new(Tone::Plain, asks, text("window-sign"), text("window-cancel"))
        }
        Question::ShowKey => QuestionWords {
            said: vec![text("window-show-key-explained")],
            ..QuestionWords::new(
                Tone::Plain,
                text("window-asks-to-show-key"),
                text("window-show-key"),
                text("window-cancel"),
            )
        },
        Question::NewKey { details, .. } => QuestionWords {
            facts: facts(texts, details),
            said: vec![text("window-new-key-explained")],
            ..QuestionWords::new(
                Tone::Plain,
                text("window-asks-for-new-key"),
                text("window-make-key"),
                text("window-cancel"),
            )
        },
        Question::Install { details } => QuestionWords {
            facts: facts(texts, details),
            said: vec![text("window-install-explained")],
            ..QuestionWords::new(
                Tone::Plain,
                text("window-asks-to-install"),
                text("window-install"),
                text("window-cancel"),
            )
        },
        Question::Apply(_) => QuestionWords {
            said: vec![text("own-apply-explained")],
            ..QuestionWords::new(Tone::Plain, text("own-asks-request"), text("own-next"), text("window-cancel"))
        },
        Question::Lost { .. } => QuestionWords {
            said: vec![text("own-lost-explained")],
            ..QuestionWords::new(Tone::Plain, text("own-asks-lost"), text("own-lost-block"), text("window-cancel"))
        },
        Question::Revoke => QuestionWords {
            said: vec![text("own-revoke-explained")],
            ..QuestionWords::new(Tone::Plain, text("own-asks-revoke"), text("window-sign"), text("own-back"))
        },
        Question::Care(what) => care(texts, what),
        Question::Done(report) => done(texts, report),
        Question::Consent(asked) => consent(texts, asked),
        Question::ChooseFile { extension, learns, .. } => QuestionWords {
            said: vec![text(match learns {
                Learns::Path => "window-choose-file-explained",
                Learns::Signature => "window-choose-document-explained",
                Learns::Certificate => "own-choose-certificate-explained",
            })],
            details_label: if extension.is_empty() { String::new() } else { text("window-choose-file-kind") },
            details: if extension.is_empty() { Vec::new() } else { vec![format!("*.{}", whole(extension))] },
            ..QuestionWords::new(
                Tone::Plain,
                text("window-asks-to-choose-file"),
                text("window-choose-file-yes"),
                text("window-choose-file-no"),
            )
        },
        Question::Notice(sentences) => QuestionWords {
            said: sentences.iter().map(|one| sentence(texts, one)).collect(),
            ..QuestionWords::new(Tone::Told, text("window-tells"), text("window-close"), String::new())
        },
    }
}

/// What is done with a key file.
fn care(texts: &Texts, what: &Care) -> QuestionWords {
    let (asks, said, yes, no) = match what {
        Care::Add => ("own-asks-add", "own-add-explained", "own-add", "window-cancel"),
        Care::Change => ("own-asks-password", "own-password-present", "own-next", "window-cancel"),
        Care::Renew => ("own-asks-password", "own-password-explained", "own-password-change", "own-back"),
        Care::BackUp => ("own-asks-backup", "own-backup-present", "own-next", "window-cancel"),
        Care::Backup { .. } => ("own-asks-backup", "own-backup-explained", "own-backup", "own-back"),
        Care::Modernise => ("own-asks-modern", "own-modern-explained", "own-modern", "window-cancel"),
    };
    let text = |id| texts.text(id);
    QuestionWords { said: vec![text(said)], ..QuestionWords::new(Tone::Plain, text(asks), text(yes), text(no)) }
}

/// What came of what the person did.
fn done(texts: &Texts, report: &Report) -> QuestionWords {
    let close = texts.text("window-close");
    let (yes, no) = match report.go_on {
        Some(go_on) => (texts.text(go_on), close),
        None => (close, String::new()),
    };
    QuestionWords {
        facts: facts(texts, &report.details),
        said: report.next.iter().map(|one| sentence(texts, one)).collect(),
        details_label: report.file.as_ref().map(|(label, _)| texts.text(label)).unwrap_or_default(),
        details: report.file.iter().map(|(_, file)| whole(&file.to_string_lossy())).collect(),
        always: report.undo.map(|id| texts.text(id)).unwrap_or_default(),
        ..QuestionWords::new(Tone::Plain, texts.text(report.done), yes, no)
    }
}

/// What a certificate says, line by line.
fn facts(texts: &Texts, details: &[Detail]) -> Vec<Names> {
    let value = |value: &Said| match value {
        Said::Text(text) => clean(text),
        Said::Words(id) => texts.text(id),
    };
    let line = |detail: &Detail| Names {
        label: texts.text(detail.label),
        name: detail.values.iter().map(value).collect::<Vec<_>>().join(", "),
    };
    details.iter().map(line).collect()
}

fn consent(texts: &Texts, asked: &Consent) -> QuestionWords {
    let text = |id| texts.text(id);
    let plain = |asks, yes, no| QuestionWords::new(Tone::Plain, asks, yes, text(no));
    match asked {
        Consent::ReadFiles { paths } => {
            let count = |id| texts.format(id, &[("count", Value::Count(paths.len() as u64))]);
            QuestionWords {
                said: vec![count("window-read-files-explained")],
                details_label: count("window-read-files-details"),
                details: paths.iter().map(|path| whole(path)).collect(),
                always: text("window-files-always"),
                ..plain(count("window-asks-to-read-files"), count("window-read-files-yes"), "window-read-files-no")
            }
        }
        Consent::WriteFile { path } => QuestionWords {
            said: vec![text("window-write-file-explained")],
            details_label: text("window-write-file-details"),
            details: vec![whole(path)],
            always: text("window-files-always"),
            ..plain(text("window-asks-to-write-file"), text("window-write-file-yes"), "window-write-file-no")
        },
        Consent::Fetch { url } => QuestionWords {
            said: vec![text("window-fetch-explained")],
            details_label: text("window-fetch-details"),
            details: vec![whole(url)],
            ..plain(text("window-asks-to-fetch"), text("window-fetch-yes"), "window-fetch-no")
        },
        Consent::Upload { url } => QuestionWords {
            said: vec![text("window-upload-explained")],
            details_label: text("window-upload-details"),
            details: vec![whole(url)],
            ..plain(text("window-asks-to-upload"), text("window-upload-yes"), "window-upload-no")
        },
        Consent::Stamp { signers } => QuestionWords {
            said: vec![text("window-stamp-explained")],
            details_label: text("window-stamp-details"),
            details: signers.iter().map(|signer| whole(signer)).collect(),
            ..plain(text("window-asks-to-stamp"), text("window-stamp-yes"), "window-stamp-no")
        },
        Consent::OtherSite { named, asks } => QuestionWords {
            names: vec![
                Names { label: text("window-other-site-named"), name: clean(named) },
                Names { label: text("window-other-site-asks"), name: clean(asks) },
            ],
            said: vec![text("window-other-site-explained")],
            understood: text("window-other-site-understood"),
            ..QuestionWords::new(
                Tone::Alarm,
                text("window-asks-other-site"),
                text("window-sign-anyway"),
                text("window-sign-not"),
            )
        },
        Consent::KeyAct(act) => {
            let (asks, warning) = match act {
                KeyAct::Certificate => ("window-asks-certificate-request", "window-warning-certificate-request"),
                KeyAct::Revocation => ("window-asks-revocation-request", "window-warning-revocation-request"),
            };
            QuestionWords {
                alarms: vec![text(warning)],
                said: vec![text("window-key-act-doubt")],
                ..QuestionWords::new(Tone::Alarm, text(asks), text("window-sign-anyway"), text("window-sign-not"))
            }
        }
        Consent::BareSignature => QuestionWords {
            alarms: vec![text("window-bare-explained")],
            said: vec![text("window-bare-doubt")],
            ..QuestionWords::new(
                Tone::Alarm,
                text("window-asks-bare"),
                text("window-sign-anyway"),
                text("window-sign-not"),
            )
        },
    }
}

/// What is made, where it is not what most sites ask for.
pub(in crate::window) fn notes(texts: &Texts, question: &Question) -> Vec<String> {
    let Question::Sign { form, .. } = question else {
        return Vec::new();
    };
    let id = match form {
        FormView::Cms { stamp: StampView::None } => return Vec::new(),
        FormView::Cms { stamp: StampView::Added } => "window-form-stamp",
        FormView::Xml => "window-form-xml",
        FormView::Raw => "window-form-raw",
    };
    vec![texts.text(id)]
}
