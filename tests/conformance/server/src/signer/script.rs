//! The conversation with whoever decides: a line of JSON for each window that would open, one for each decision.
//!
//! ```text
//! → {"shown":7,"task":"sign","origin":"https://site.example","documents":1}
//! ← {"decide":7,"as":"sign"}
//! → {"withdrawn":8}
//! ```

use order::{Order, Task};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is decided.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Decision {
    /// Do what is asked: sign, show, choose, confirm.
    Sign,
    /// The same with another key than the one that signed last.
    SignAsAnother,
    /// As `Sign`, and the site may name files by their paths from now on.
    AllowPaths,
    /// No.
    Cancel,
    /// The key does not work.
    Fail,
}

/// One decision.
#[derive(Deserialize)]
pub(super) struct Line {
    /// Of which window.
    pub(super) decide: u64,
    /// What.
    #[serde(rename = "as")]
    pub(super) decision: Decision,
}

/// What is said here.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Said {
    /// A decision.
    Decision(Line),
    /// What is plugged in.
    Plugged {
        /// Kinds of token.
        #[serde(rename = "plugged")]
        _plugged: Vec<String>,
    },
}

/// A window is open.
pub(super) fn shown(order: &Order) -> Value {
    let documents = match &order.task {
        Task::Sign(task) => task.documents.len(),
        _ => 0,
    };
    let origin = order.requester.origin.as_record();
    json!({"shown": order.id, "task": name(&order.task), "origin": origin, "documents": documents})
}

/// The page went away, and its window with it.
pub(super) fn withdrawn(id: u64) -> Value {
    json!({"withdrawn": id})
}

fn name(task: &Task) -> &'static str {
    match task {
        Task::Sign(_) => "sign",
        Task::ShowKey(_) => "show-key",
        Task::Stamp { .. } => "stamp",
        Task::ChooseFile(_) => "choose-file",
        Task::Verify(_) => "verify",
        Task::Digest { .. } => "digest",
        Task::Extract { .. } => "extract",
        Task::Tell(_) => "tell",
        Task::NewKey(_) => "new-key",
        Task::ImportCertificate { .. } => "import-certificate",
    }
}
