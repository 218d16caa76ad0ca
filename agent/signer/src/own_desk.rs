//! Windows that a person opens themself. The one way in for whatever shows them: a command, and whatever else has a
//! [`Desk`] of its own.
//!
//! No page waits for an answer here, and no listener is told of one: what comes from the window and from the tokens is all
//! that happens.

use crate::{
    carry_out::{Fulfilled, Input, Person, Room, Screen, Talk, Wish, fulfil},
    tokens::Waker,
    window::{Desk, Event, OpenWindow, View},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

/// Opens the windows for that wish, one after the other, and returns when the last one is closed.
pub fn open(desk: Desk, wish: &Wish, room: &mut Room<'_>) -> Fulfilled {
    let (sender, messages) = channel();
    fulfil(wish, room, &mut Own { desk, sender, messages, windows: 0, no: No::default() })
}

enum Message {
    Window { window: u64, event: Event },
    WindowEnded { window: u64 },
    TokensChanged,
}

/// Called as soon as a no comes while something is done.
#[derive(Clone, Default)]
struct No(Arc<Mutex<Option<Waker>>>);

impl No {
    fn set(&self, call: Option<Waker>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = call;
    }

    fn came(&self) {
        if let Some(call) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            call();
        }
    }
}

/// The person at the desk.
struct Own {
    desk: Desk,
    sender: Sender<Message>,
    messages: Receiver<Message>,
    /// How many windows there were: the last words of one are none of the next.
    windows: u64,
    no: No,
}

impl Person for Own {
    fn ask(&mut self, view: View) -> Result<Box<dyn Talk + '_>, String> {
        self.windows += 1;
        let ear = Ear { sender: self.sender.clone(), window: self.windows, no: self.no.clone() };
        let window = self.desk.ask_with(view, move |event| ear.hear(event));
        Ok(Box::new(Open { number: self.windows, window, own: self }))
    }

    fn is_withdrawn(&mut self) -> bool {
        false
    }

    fn waker(&self) -> Waker {
        let sender = self.sender.clone();
        // Nobody listens any more only when all windows are done with.
        Box::new(move || drop(sender.send(Message::TokensChanged)))
    }
}

/// Brings what a window says, and its end, among the other messages.
struct Ear {
    sender: Sender<Message>,
    window: u64,
    no: No,
}

impl Ear {
    fn hear(&self, event: Event) {
        let is_no = matches!(event, Event::Cancel);
        let _ = self.sender.send(Message::Window { window: self.window, event });
        if is_no {
            self.no.came();
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = self.sender.send(Message::WindowEnded { window: self.window });
        self.no.came();
    }
}

struct Open<'a> {
    number: u64,
    window: OpenWindow,
    own: &'a mut Own,
}

impl Open<'_> {
    /// What a message means for this window; `None` when nothing.
    fn meaning(&self, message: Message) -> Option<Input> {
        match message {
            Message::Window { window, event } if window == self.number => Some(Input::Window(event)),
            Message::WindowEnded { window } if window == self.number => Some(Input::Gone),
            Message::Window { .. } | Message::WindowEnded { .. } => None,
            Message::TokensChanged => Some(Input::TokensChanged),
        }
    }
}

impl Talk for Open<'_> {
    fn next(&mut self) -> Input {
        loop {
            match self.own.messages.recv().map(|message| self.meaning(message)) {
                Ok(Some(input)) => return input,
                Ok(None) => {}
                // This very desk holds a sender.
                Err(_) => return Input::Gone,
            }
        }
    }

    fn next_within(&mut self, patience: Duration) -> Option<Input> {
        let until = Instant::now() + patience;
        loop {
            match self.own.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(message) => {
                    if let Some(input) = self.meaning(message) {
                        return Some(input);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => return Some(Input::Gone),
            }
        }
    }

    fn pending(&mut self) -> Option<Input> {
        while let Ok(message) = self.own.messages.try_recv() {
            if let Some(input) = self.meaning(message) {
                return Some(input);
            }
        }
        None
    }

    fn screen(&mut self) -> &mut dyn Screen {
        &mut self.window
    }

    fn on_no(&mut self, call: Option<Waker>) {
        self.own.no.set(call);
    }

    fn close(self: Box<Self>) {
        self.window.close();
    }
}
