//! What reaches whoever leads a person through windows, in the order in which it comes: words of the windows, changes of the
//! tokens, and what is said from outside. And the one word that does not wait for its turn: a [`No`].

use crate::{
    carry_out::Input,
    tokens::Waker,
    window::{Desk, Event, OpenWindow, View},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvError, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

/// What comes. `O` is what is said from outside; [`std::convert::Infallible`] where nobody is there to say it.
pub(crate) enum Message<O> {
    Outside(O),
    Window { window: u64, event: Event },
    WindowEnded { window: u64 },
    TokensChanged,
}

/// Where it comes.
pub(crate) struct Mailbox<O> {
    sender: Sender<Message<O>>,
    messages: Receiver<Message<O>>,
    /// How many windows there were: the last words of one are none of the next.
    windows: u64,
    no: No,
}

impl<O: Send + 'static> Mailbox<O> {
    pub(crate) fn new() -> Self {
        let (sender, messages) = channel();
        Self { sender, messages, windows: 0, no: No::default() }
    }

    /// For whoever brings what is said from outside.
    pub(crate) fn sender(&self) -> Sender<Message<O>> {
        self.sender.clone()
    }

    pub(crate) fn no(&self) -> &No {
        &self.no
    }

    /// To be called when tokens have changed.
    pub(crate) fn waker(&self) -> Waker {
        let sender = self.sender.clone();
        // Nobody listens any more only when all windows are done with.
        Box::new(move || drop(sender.send(Message::TokensChanged)))
    }

    /// Opens a window for that order whose words come here, under the number that is returned.
    pub(crate) fn open(&mut self, desk: &Desk, view: View, order: u64) -> (u64, OpenWindow) {
        self.windows += 1;
        let ear = Ear { sender: self.sender.clone(), window: self.windows, order, no: self.no.clone() };
        (self.windows, desk.ask_with(view, move |event| ear.hear(event)))
    }

    /// Waits for the next message.
    pub(crate) fn next(&self) -> Result<Message<O>, RecvError> {
        self.messages.recv()
    }

    /// The next message, if one is here.
    pub(crate) fn pending(&self) -> Option<Message<O>> {
        self.messages.try_recv().ok()
    }
}

/// Called as soon as a no comes while an order is worked on: the order's number, and what is called.
#[derive(Clone, Default)]
pub(crate) struct No(Arc<Mutex<Option<(u64, Waker)>>>);

impl No {
    pub(crate) fn set(&self, call: Option<(u64, Waker)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = call;
    }

    pub(crate) fn came(&self, for_order: impl FnOnce(u64) -> bool) {
        if let Some((order, call)) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && for_order(*order)
        {
            call();
        }
    }
}

/// Brings what a window says, and its end, among the other messages.
struct Ear<O> {
    sender: Sender<Message<O>>,
    window: u64,
    order: u64,
    no: No,
}

impl<O> Ear<O> {
    fn hear(&self, event: Event) {
        let is_no = matches!(event, Event::Cancel | Event::BlockSite);
        // Nobody listens any more only when the worker has returned: then the word has no meaning either.
        let _ = self.sender.send(Message::Window { window: self.window, event });
        if is_no {
            self.no.came(|order| order == self.order);
        }
    }
}

impl<O> Drop for Ear<O> {
    fn drop(&mut self) {
        let _ = self.sender.send(Message::WindowEnded { window: self.window });
        self.no.came(|order| order == self.order);
    }
}

/// Who understands the messages while a window is open, and waits for what means something to it.
pub(crate) trait Attentive {
    type Outside: Send + 'static;

    fn mailbox(&self) -> &Mailbox<Self::Outside>;

    /// What a message means for this window; `None` when nothing.
    fn meaning(&mut self, message: Message<Self::Outside>) -> Option<Input>;

    fn next_input(&mut self) -> Input {
        loop {
            // The mailbox itself holds a sender: nobody is left to ask only when there is no mailbox.
            let Ok(message) = self.mailbox().next() else { return Input::Gone };
            if let Some(input) = self.meaning(message) {
                return input;
            }
        }
    }

    fn next_input_within(&mut self, patience: Duration) -> Option<Input> {
        let until = Instant::now() + patience;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let message = match self.mailbox().messages.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => return Some(Input::Gone),
            };
            if let Some(input) = self.meaning(message) {
                return Some(input);
            }
        }
    }

    fn pending_input(&mut self) -> Option<Input> {
        while let Some(message) = self.mailbox().pending() {
            if let Some(input) = self.meaning(message) {
                return Some(input);
            }
        }
        None
    }
}
