//! One window at a time: the queue before the signer.
//!
//! Any number of sockets put orders on the desk; the signer gets one, and the next when that one is done. A page that
//! goes away takes its order with it, from the queue or from the screen. The signer is started by the first order and
//! let go when nobody has needed it for a while.
//!
//! - [`Desk`]: what the walk of a request holds.
//! - `clerk`: the one task that owns the queue and the signer.
//! - `signer_process`: the child process and the pipe to it.

mod clerk;
mod signer_process;

use crate::board::Board;
use crate::policy::{Account, Capability};
use crate::setup::{Patience, SignerCommand};
use crate::stop::Stop;
use clerk::Clerk;
use order::{Failure, FailureCode, Order, Outcome, SiteChoice, Task};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot, watch};

/// Room in a frame of the pipe for all that is not a document.
const ENVELOPE: u64 = 1024 * 1024;

/// What a document costs in an order beside its octets.
const DOCUMENT_OVERHEAD: u64 = 64;

/// What a signature costs in an answer beside the document inside it: a certificate, the signed attributes, two numbers
/// of a key.
const SIGNATURE_OVERHEAD: u64 = 4 * 1024;

/// The largest request that the door lets in goes through the pipe, and so do its signatures: the person is never asked
/// for what then fails for its size. No document is larger decoded than it was in the message.
const _: () = {
    let message = settings::Limits::MOST_FRAME_MEBIBYTES * 1024 * 1024;
    let documents = ncalayer::Limits::STANDARD.documents as u64;
    let pipe = order::wire::LONGEST_FRAME as u64;
    assert!(message + documents * DOCUMENT_OVERHEAD + ENVELOPE <= pipe);
    assert!(message + documents * SIGNATURE_OVERHEAD + ENVELOPE <= pipe);
    // The largest document reaches the dialect as base64, with line ends and all, and is not cut off at the door.
    assert!(ncalayer::Limits::STANDARD.document as u64 / 3 * 4 * 66 / 64 + ENVELOPE <= message);
};

/// How an order ended.
#[derive(Debug)]
pub(crate) struct Decided {
    /// What becomes of the page's request.
    pub(crate) outcome: Outcome,
    /// What the person said of the site itself.
    pub(crate) site: Option<SiteChoice>,
    /// The journal's word where it came to no window, and so is nobody's answer.
    pub(crate) unasked: Option<&'static str>,
}

impl Decided {
    fn failed(code: FailureCode, detail: &str) -> Self {
        Self { outcome: Outcome::Failed(Failure { code, detail: detail.to_owned() }), site: None, unasked: None }
    }

    /// The person wants no window now; the page hears what a person's no sounds like.
    fn paused() -> Self {
        Self { outcome: Outcome::Cancelled, site: None, unasked: Some(crate::policy::PAUSED) }
    }
}

/// An order on its way, and who waits for it.
struct Job {
    id: u64,
    /// Until the signer has it: a document is not kept twice.
    order: Option<Box<Order>>,
    /// Whether the person has to do with it: the signer is also asked what nobody is.
    asks: bool,
    /// Whom it is charged to.
    account: Account,
    answer: oneshot::Sender<Decided>,
    /// Says that the page has gone: whoever waits then waits only for what the person says of the site.
    withdrawn: watch::Receiver<bool>,
}

impl Job {
    /// Whether nobody waits for the outcome any more.
    fn is_withdrawn(&self) -> bool {
        *self.withdrawn.borrow() || self.answer.is_closed()
    }
}

/// What the desk is made of.
#[derive(Clone, Debug)]
pub(crate) struct DeskSetup {
    pub(crate) signer: SignerCommand,
    /// Who is told how many wait for the person.
    pub(crate) board: Board,
    pub(crate) patience: Patience,
    /// How long the signer stays when nobody is connected.
    pub(crate) idle: Duration,
    /// How many orders may wait behind the open window.
    pub(crate) waiting: usize,
}

/// The way to the desk.
#[derive(Clone)]
pub(crate) struct Desk {
    jobs: mpsc::UnboundedSender<Job>,
    shared: Arc<Shared>,
}

/// What the clerk and everybody else look at.
#[derive(Default)]
struct Shared {
    /// Rung when something changed that no message tells of: an order was withdrawn, a socket came or went.
    bell: Notify,
    sockets: AtomicUsize,
    last_id: AtomicU64,
}

impl Desk {
    /// Opens the desk; its task ends when `stop` says so, or when the last [`Desk`] is gone.
    pub(crate) fn open(setup: DeskSetup, stop: Stop) -> (Self, tokio::task::JoinHandle<()>) {
        // Unbounded, but not without a bound: the clerk refuses what is over the queue's, and each socket waits for its
        // answer before it asks again.
        let (jobs, incoming) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        let clerk = Clerk::new(setup, Arc::clone(&shared));
        (Self { jobs, shared }, tokio::spawn(clerk.work(incoming, stop)))
    }

    /// A number for the next order.
    pub(crate) fn next_id(&self) -> u64 {
        self.shared.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Puts an order on the desk. Dropping what comes back withdraws it.
    pub(crate) fn submit(&self, order: Order) -> Pending {
        let (answer, decided) = oneshot::channel();
        let (withdraw, withdrawn) = watch::channel(false);
        if size(&order.task) > u64::from(order::wire::LONGEST_FRAME).saturating_sub(ENVELOPE) {
            let refused = Decided::failed(FailureCode::TooLarge, "the documents are larger than the signer takes");
            // The receiver is right here.
            let _ = answer.send(refused);
        } else {
            // Without a clerk the answer's sender is dropped, and the order fails.
            let (id, account) = (order.id, Account::of(&order.requester));
            let asks = Capability::open_a_window(&Capability::of(&order.task));
            let _ = self.jobs.send(Job { id, order: Some(Box::new(order)), asks, account, answer, withdrawn });
        }
        Pending { decided, withdraw, shared: Arc::clone(&self.shared) }
    }

    /// Counts one open socket, until what comes back is dropped.
    pub(crate) fn visit(&self) -> Visit {
        self.shared.sockets.fetch_add(1, Ordering::Relaxed);
        self.shared.bell.notify_one();
        Visit { shared: Arc::clone(&self.shared) }
    }
}

fn size(task: &Task) -> u64 {
    let documents = match task {
        Task::Sign(task) => task.documents.len() as u64,
        _ => 1,
    };
    task.octets() + documents * DOCUMENT_OVERHEAD
}

/// An order on the desk.
pub(crate) struct Pending {
    decided: oneshot::Receiver<Decided>,
    withdraw: watch::Sender<bool>,
    shared: Arc<Shared>,
}

impl Pending {
    /// Waits for the person.
    pub(crate) async fn decided(&mut self) -> Decided {
        let stopped = |_| Decided::failed(FailureCode::SignerUnavailable, "Tanba is stopping");
        (&mut self.decided).await.unwrap_or_else(stopped)
    }

    /// Takes the order back, and waits for how it ended in the signer all the same: what the person says of the site while
    /// the window says goodbye, or a signature that was made at that very moment. `None` when it never came so far. The
    /// clerk gives up on a signer that does not let go, so this ends.
    pub(crate) async fn withdrawn(mut self) -> Option<Decided> {
        self.withdraw.send_replace(true);
        self.shared.bell.notify_one();
        (&mut self.decided).await.ok()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.decided.close();
        self.shared.bell.notify_one();
    }
}

/// An open socket, as the desk counts them.
pub(crate) struct Visit {
    shared: Arc<Shared>,
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.shared.sockets.fetch_sub(1, Ordering::Relaxed);
        self.shared.bell.notify_one();
    }
}
