//! One request's walk through the house: `ncalayer` reads it, `policy` judges it, `desk` brings it to the person,
//! `journal` writes it down, `ncalayer` answers.

use crate::desk::{self, Decided, Desk};
use crate::door::caller::Caller;
use crate::journal::row::Row;
use crate::journal::{Journal, Weight};
use crate::policy::{self, Acquaintance, Capability, Denial, Policy, Verdict};
use crate::seldom::{Seldom, SeldomBySite};
use crate::setup::Clock;
use crate::tokens::{self, Tokens};
use ncalayer::{Ask, Limits, Session, Step};
use order::{Document, Failure, FailureCode, Order, Outcome, Program, Requester, Task, TokenSeen};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::format_description::well_known::Rfc3339;
use tokio::sync::{Semaphore, watch};

/// More octets than this are hashed or put into text outside the thread that serves sockets.
const LARGE: usize = 256 * 1024;

/// The line of a document whose content is not known yet.
const ELSEWHERE: &str = "elsewhere";

/// Requests that may be on their way at once; only a way to wait for all of them.
const ALL: u32 = 1 << 20;

/// All that a request meets on its way.
pub(crate) struct Walk {
    limits: Limits,
    policy: Arc<Policy>,
    desk: Desk,
    tokens: Tokens,
    journal: Journal,
    clock: Arc<dyn Clock>,
    on_their_way: Semaphore,
    /// Requests that no row is written for, by site.
    unnoted: SeldomBySite,
    /// Rows that found no place before the disk.
    dropped: Seldom,
    /// Sockets that were closed for a cause, by site.
    pub(crate) closed: SeldomBySite,
}

/// An open socket, as those count them who have something to do while there is one.
pub(crate) struct Visit {
    _desk: desk::Visit,
    _tokens: Option<tokens::Visit>,
}

/// How a request ended, and what the journal says of it.
struct Ended {
    outcome: Outcome,
    result: String,
    record: Record,
    site: Option<order::SiteChoice>,
    /// Whether the person answered: from now on the caller is known.
    is_answered: bool,
    /// Whether the page took it back.
    is_withdrawn: bool,
}

/// Whether the journal gets a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Record {
    Row,
    /// Nobody decided anything: only the log hears of it, and seldom.
    None,
}

/// What the journal says of a request before it is known how it ends.
struct Asked {
    at: String,
    module: &'static str,
    method: &'static str,
    documents: String,
}

impl Ended {
    /// The end that the desk tells of.
    fn of(Decided { outcome, site, unasked }: Decided, record: Record) -> Self {
        if let Some(word) = unasked {
            let result = word.to_owned();
            return Self { outcome, result, record, site, is_answered: false, is_withdrawn: false };
        }
        let (result, is_answered) = match &outcome {
            Outcome::Signed(_) => ("signed".to_owned(), true),
            Outcome::KeyShown(_) => ("key-shown".to_owned(), true),
            Outcome::Stamped(_) => ("stamped".to_owned(), true),
            Outcome::FileChosen(_) => ("file-chosen".to_owned(), true),
            Outcome::Saved(_) => ("saved".to_owned(), true),
            Outcome::Verified(_) => ("verified".to_owned(), false),
            Outcome::Digest(_) => ("digest".to_owned(), false),
            Outcome::Told => ("told".to_owned(), false),
            Outcome::Requested(_) => ("requested".to_owned(), true),
            Outcome::Imported(_) => ("imported".to_owned(), true),
            Outcome::Cancelled => ("cancelled".to_owned(), true),
            Outcome::Failed(failure) => (format!("failed:{}", failure.code.as_str()), false),
        };
        let is_answered = is_answered || site.is_some();
        let record = if is_answered { Record::Row } else { record };
        Self { outcome, result, record, site, is_answered, is_withdrawn: false }
    }
}

impl Walk {
    pub(crate) fn new(
        limits: Limits,
        policy: Policy,
        desk: Desk,
        tokens: Tokens,
        journal: Journal,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let on_their_way = Semaphore::new(ALL as usize);
        Self {
            limits,
            policy: Arc::new(policy),
            desk,
            tokens,
            journal,
            clock,
            on_their_way,
            unnoted: SeldomBySite::default(),
            dropped: Seldom::default(),
            closed: SeldomBySite::default(),
        }
    }

    /// Counts an open socket until what comes back is dropped. For who is blocked nobody looks at tokens.
    pub(crate) async fn visit(&self, caller: &Caller) -> Visit {
        let desk = self.desk.visit();
        let is_blocked =
            self.policy.may_be_blocked(&caller.origin) && self.acquaintance(caller).await == Acquaintance::Blocked;
        Visit { _desk: desk, _tokens: (!is_blocked).then(|| self.tokens.visit()) }
    }

    async fn acquaintance(&self, caller: &Caller) -> Acquaintance {
        if !self.policy.may_be_known(&caller.origin) {
            return Acquaintance::New;
        }
        let program = caller.program().await;
        self.policy.acquaintance(&caller.origin, program.as_ref())
    }

    /// Reads one text frame. [`Step::Tokens`]: it is read again once [`Walk::tokens`] has come back. What there is to know of
    /// tokens depends on who asks, so nobody is answered from what is known already.
    pub(crate) fn read(&self, session: &mut Session, text: &str) -> Step {
        session.receive(text, &self.limits, None)
    }

    /// Waits until it is known which tokens are plugged in, but not for long; what of it is for this caller. Nobody is asked
    /// before a page hears of them, and a label is often a name, or a number that leads to one: until the person has
    /// answered this caller once it hears of kinds alone, and one that is blocked hears of none.
    pub(crate) async fn tokens(&self, caller: &Caller) -> Arc<[TokenSeen]> {
        match self.acquaintance(caller).await {
            Acquaintance::Blocked => Arc::default(),
            Acquaintance::Seen => self.tokens.known().await,
            Acquaintance::New => {
                let known = self.tokens.known().await;
                known.iter().map(|token| TokenSeen::new(token.storage, "", "")).collect()
            }
        }
    }

    /// Reads a text frame whose answer depends on these tokens.
    pub(crate) fn read_knowing(&self, session: &mut Session, text: &str, tokens: &[TokenSeen]) -> Step {
        session.receive(text, &self.limits, Some(tokens))
    }

    /// Waits until every request on its way has ended, but not for ever.
    pub(crate) async fn finish(&self, patience: Duration) {
        if tokio::time::timeout(patience, self.on_their_way.acquire_many(ALL)).await.is_err() {
            tracing::warn!("a request did not come to its end");
        }
    }

    /// Carries a request to the person and back. `gone` ends when the page has gone; then it is withdrawn. `None` only
    /// when the dialect itself came to grief over the answer.
    pub(crate) async fn carry(&self, caller: &Caller, ask: Ask, gone: watch::Receiver<()>) -> Option<String> {
        let _way = self.on_their_way.acquire().await;
        let Ask { task, locale, module, method, reply } = ask;
        let now = Instant::now();
        // From the cheapest to the dearest: who is too fast on its socket is not looked up, who is blocked or too fast in
        // its program is not hashed.
        let needs = Capability::of(&task);
        let record = if Capability::open_a_window(&needs) { Record::Row } else { Record::None };
        let (program, verdict) = if caller.may_knock(now) {
            let program = caller.program().await;
            let verdict = self.policy.judge(&caller.origin, program.as_ref(), &needs, now);
            (program, verdict)
        } else {
            (None, Verdict::Deny(self.policy.judge_unseen(&caller.origin)))
        };
        let (first_time, task, documents) = match verdict {
            Verdict::Deny(_) => (false, task, String::new()),
            Verdict::Allow | Verdict::Ask { .. } => {
                if record == Record::None {
                    self.policy.weigh_check(&caller.origin, program.as_ref(), task.octets(), now);
                }
                let (task, documents) = with_digests(task).await;
                (matches!(verdict, Verdict::Ask { first_time: true }), task, documents)
            }
        };
        let asked = Asked { at: self.moment(), module, method, documents };
        let ended = if let Verdict::Deny(denial) = verdict {
            denied(denial)
        } else {
            let (origin, paths) = (caller.origin.clone(), self.policy.paths(&caller.origin, program.as_ref()));
            let requester = Requester { origin, program: program.clone(), first_time, paths };
            self.ask(Order { id: self.desk.next_id(), requester, locale, task }, gone, record).await
        };
        self.say(caller, module, method, &ended);
        if ended.is_withdrawn {
            self.policy.withdrawn(&caller.origin, program.as_ref(), verdict, Instant::now());
        }
        if ended.is_answered {
            self.remember(caller, program.clone(), ended.site).await;
        }
        let outcome = ended.outcome;
        if ended.record == Record::Row {
            let weight = if ended.is_answered { Weight::Decision } else { Weight::Noise };
            self.write_down(caller, program, asked, &outcome, ended.result, weight).await;
        }
        if size(&outcome) <= LARGE {
            return Some(reply.answer(&outcome));
        }
        let answered = tokio::task::spawn_blocking(move || reply.answer(&outcome)).await;
        answered.inspect_err(|error| tracing::error!(%error, "putting an answer into text ended badly")).ok()
    }

    /// Now, to the millisecond, as the journal writes it.
    pub(crate) fn moment(&self) -> String {
        let now = self.clock.now();
        let whole = now.nanosecond() / 1_000_000 * 1_000_000;
        now.replace_nanosecond(whole).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
    }

    /// Says in the log how a request ended, and why where it failed: once for each row of the journal, seldom for what has
    /// none.
    fn say(&self, caller: &Caller, module: &str, method: &str, ended: &Ended) {
        let (origin, result) = (caller.origin.as_record(), ended.result.as_str());
        let cause = cause(&ended.outcome);
        match ended.record {
            Record::Row => tracing::info!(origin, module, method, result, cause, "a request has ended"),
            Record::None => {
                if let Some(times) = self.unnoted.happened(&origin) {
                    tracing::info!(origin, module, method, result, cause, times, "requests have ended without a row");
                }
            }
        }
    }

    async fn ask(&self, order: Order, mut gone: watch::Receiver<()>, record: Record) -> Ended {
        // Looking up the program and hashing took their time: no window opens for a page that has gone meanwhile.
        if gone.has_changed().is_err() {
            let (outcome, result) = (Outcome::Cancelled, "gone".to_owned());
            return Ended { outcome, result, record: Record::None, site: None, is_answered: false, is_withdrawn: true };
        }
        let mut pending = self.desk.submit(order);
        tokio::select! {
            decided = pending.decided() => return Ended::of(decided, record),
            // Nothing is ever sent this way: it only ends.
            _ = gone.changed() => {}
        }
        // What the person decided while the window was being taken back counts all the same: a signature exists, even if
        // no page is there to get it.
        match pending.withdrawn().await {
            Some(decided) if leaves_something(&decided.outcome) => Ended::of(decided, record),
            decided => {
                let site = decided.and_then(|decided| decided.site);
                let record = if site.is_some() { Record::Row } else { record };
                let (outcome, result) = (Outcome::Cancelled, "withdrawn".to_owned());
                Ended { outcome, result, record, site, is_answered: site.is_some(), is_withdrawn: true }
            }
        }
    }

    async fn remember(&self, caller: &Caller, program: Option<Program>, site: Option<order::SiteChoice>) {
        let (policy, origin, now) = (Arc::clone(&self.policy), caller.origin.clone(), self.clock.now());
        let remembered =
            tokio::task::spawn_blocking(move || policy.remember(&origin, program.as_ref(), site, now)).await;
        if let Err(error) = remembered {
            tracing::error!(%error, "remembering a site ended badly");
        }
    }

    /// One row for one decision. A journal that cannot be written is said aloud in the log, but a person whose disk is
    /// full still signs.
    async fn write_down(
        &self,
        caller: &Caller,
        program: Option<Program>,
        asked: Asked,
        outcome: &Outcome,
        result: String,
        weight: Weight,
    ) {
        let (certificate, signer) = match outcome {
            Outcome::Signed(signed) => (hex_digest(&signed.key.certificate), signed.signer_name.clone()),
            Outcome::KeyShown(key) | Outcome::Imported(key) => (hex_digest(&key.certificate), key.subject_cn.clone()),
            Outcome::Requested(requested) => (String::new(), requested.name.clone()),
            _ => (String::new(), String::new()),
        };
        let documents = match outcome {
            Outcome::Signed(signed) => with_found(asked.documents, &signed.digests),
            _ => in_short(asked.documents),
        };
        let row = Row {
            at: asked.at,
            origin: caller.origin.as_record(),
            program: program.map(|program| program.path).unwrap_or_default(),
            module: asked.module.to_owned(),
            method: asked.method.to_owned(),
            documents,
            certificate,
            signer,
            result,
        };
        match (self.journal.record(row, weight).await, weight) {
            (Ok(()), _) => {}
            (Err(error), Weight::Decision) => tracing::error!(%error, "a decision is missing in the journal"),
            (Err(error), Weight::Noise) => {
                if let Some(times) = self.dropped.happened() {
                    tracing::warn!(%error, times, "rows that nobody decided are missing in the journal");
                }
            }
        }
    }
}

/// What a request gets that nobody is asked about.
fn denied(denial: Denial) -> Ended {
    let (outcome, result, record) = match denial {
        // As if the person had said no: a site that learned it is blocked would ask for another name.
        Denial::Blocked { is_noted } => {
            (Outcome::Cancelled, "blocked", if is_noted { Record::Row } else { Record::None })
        }
        // In the same words: what a site cannot tell from a no, it cannot make use of.
        Denial::Paused { is_noted } => {
            (Outcome::Cancelled, policy::PAUSED, if is_noted { Record::Row } else { Record::None })
        }
        Denial::PathRefused { is_noted } => {
            (Outcome::Cancelled, policy::PATH_REFUSED, if is_noted { Record::Row } else { Record::None })
        }
        Denial::TooFast => {
            let detail = "this site asks faster than a person can answer".to_owned();
            (Outcome::Failed(Failure { code: FailureCode::TooManyRequests, detail }), "too-fast", Record::None)
        }
    };
    let result = result.to_owned();
    Ended { outcome, result, record, site: None, is_answered: false, is_withdrawn: false }
}

/// Whether it is there even if the page never hears of it.
fn leaves_something(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Signed(_) | Outcome::Stamped(_) | Outcome::Saved(_) | Outcome::Requested(_) | Outcome::Imported(_)
    )
}

/// Why it failed, for the log; empty where it did not.
fn cause(outcome: &Outcome) -> &str {
    match outcome {
        // What is wrong with a document is said in the document's own words.
        Outcome::Failed(Failure { code: FailureCode::Malformed, .. }) => "malformed",
        Outcome::Failed(failure) => &failure.detail,
        _ => "",
    }
}

/// The task, and the digests of its documents for the journal.
async fn with_digests(task: Task) -> (Task, String) {
    if task.octets() <= LARGE as u64 {
        let digests = digests(&task);
        return (task, digests);
    }
    let task = Arc::new(task);
    let for_thread = Arc::clone(&task);
    let digests = tokio::task::spawn_blocking(move || {
        let digests = digests(&for_thread);
        drop(for_thread);
        digests
    });
    let digests = digests.await.unwrap_or_else(|error| {
        tracing::error!(%error, "hashing documents ended badly");
        String::new()
    });
    // The thread has let go of it.
    (Arc::unwrap_or_clone(task), digests)
}

fn digests(task: &Task) -> String {
    match task {
        Task::Sign(task) => task.documents.iter().map(digest_line).collect::<Vec<_>>().join("\n"),
        Task::Stamp { cms } => hex_digest(cms),
        Task::ImportCertificate { certificates } => {
            certificates.iter().map(|one| hex_digest(one)).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// The documents of a request that ended without a signature: beyond a few, their number and one digest over all
/// digests. A page that asks for thousands and goes away must not fill the disk.
fn in_short(digests: String) -> String {
    const MOST: usize = 16;
    let count = digests.lines().count();
    if count <= MOST { digests } else { format!("{count} documents: {}", hex_digest(digests.as_bytes())) }
}

fn digest_line(document: &Document) -> String {
    let digest = hex_digest(document.octets());
    match document {
        Document::Content(_) | Document::Cms(_) => digest,
        Document::Digest(_) => format!("digest:{digest}"),
        // What is in them is known when they are signed.
        Document::File(_) | Document::Chosen | Document::Remote(_) => ELSEWHERE.to_owned(),
    }
}

/// The same lines, with the digests that the signer found of documents that did not come with the request.
fn with_found(asked: String, found: &[impl AsRef<[u8]>]) -> String {
    if found.is_empty() {
        return asked;
    }
    let found: Vec<String> = found.iter().map(hex::encode).collect();
    if asked.lines().count() != found.len() {
        return found.join("\n");
    }
    let line = |(asked, found)| if asked == ELSEWHERE { found } else { asked };
    asked.lines().zip(found.iter().map(String::as_str)).map(line).collect::<Vec<_>>().join("\n")
}

fn hex_digest(octets: &[u8]) -> String {
    hex::encode(Sha256::digest(octets))
}

fn size(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Signed(signed) => signed.signatures.iter().map(|signature| signature.len()).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_signer_found_takes_the_place_of_what_was_elsewhere() {
        let found = [[1; 2], [2; 2]];
        assert_eq!(with_found("aa\nelsewhere".into(), &found), "aa\n0202");
        assert_eq!(with_found("digest:aa\nelsewhere".into(), &found), "digest:aa\n0202");
        assert_eq!(with_found("aa".into(), &[] as &[[u8; 2]]), "aa");
        // Whatever it signed is written down.
        assert_eq!(with_found("elsewhere".into(), &found), "0101\n0202");
    }

    #[test]
    fn the_log_has_no_word_of_a_document() {
        let failed = |code| Outcome::Failed(Failure { code, detail: "the element SECRET".to_owned() });
        assert_eq!(cause(&failed(FailureCode::Malformed)), "malformed");
        assert_eq!(cause(&failed(FailureCode::Service)), "the element SECRET");
    }
}
