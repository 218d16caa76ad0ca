//! The signer as the listener's child: orders come in on standard input, outcomes leave on standard output.
//!
//! One order at a time has a window; the listener keeps the queue. The end of the input ends the process, so that a
//! listener that dies leaves no window behind.

use crate::{
    carry_out::{Done, Input, Person, Room, Screen, Talk, carry_out},
    tokens::Waker,
    window::{Desk, Event, OpenWindow, View},
};
use order::{
    Order,
    wire::{self, FromSigner, ToSigner, WireError},
};
use std::{
    collections::VecDeque,
    io::{Read, Write},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

enum Message {
    Pipe(ToSigner),
    PipeEnded,
    Window { window: u64, event: Event },
    WindowEnded { window: u64 },
    TokensChanged,
}

/// Serves orders until the input ends. `room` is made anew for each order, so that settings, keys and the clock are of
/// that moment.
///
/// # Errors
/// [`WireError`] when an outcome cannot be delivered: nobody is there to decide for any more.
pub fn serve<W: Write>(
    desk: Desk,
    input: impl Read + Send + 'static,
    output: W,
    mut with_room: impl FnMut(&mut dyn FnMut(&mut Room<'_>)),
) -> Result<(), WireError> {
    let (sender, messages) = channel();
    let no = No::default();
    thread::spawn({
        let (sender, no) = (sender.clone(), no.clone());
        move || pump(input, &sender, &no)
    });
    let mut post = Post {
        desk,
        sender,
        messages,
        output,
        order: 0,
        early: VecDeque::new(),
        windows: 0,
        shown: None,
        withdrawn: None,
        waiting: None,
        ended: false,
        no,
    };
    wire::write(&FromSigner::Ready { version: wire::VERSION }, &mut post.output)?;
    while let Some(order) = post.next_order() {
        let mut done = None;
        post.order = order.id;
        with_room(&mut |room| done = Some(carry_out(&order, room, &mut post)));
        let Done { outcome, site } = done.unwrap_or_else(Done::without_a_place);
        wire::write(&FromSigner::Done { id: order.id, outcome, site }, &mut post.output)?;
    }
    post.desk.clear();
    Ok(())
}

/// Called as soon as a no comes for the order that is being worked on: its number, and what is called.
#[derive(Clone, Default)]
struct No(Arc<Mutex<Option<(u64, Waker)>>>);

impl No {
    fn set(&self, call: Option<(u64, Waker)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = call;
    }

    fn came(&self, for_order: impl FnOnce(u64) -> bool) {
        if let Some((order, call)) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && for_order(*order)
        {
            call();
        }
    }
}

fn pump(mut input: impl Read, sender: &Sender<Message>, no: &No) {
    loop {
        match wire::read(&mut input) {
            Ok(Some(word)) => {
                let withdrawn = if let ToSigner::Withdraw { id } = &word { Some(*id) } else { None };
                if sender.send(Message::Pipe(word)).is_err() {
                    return;
                }
                if let Some(id) = withdrawn {
                    no.came(|order| order == id);
                }
            }
            Ok(None) => break,
            Err(error) => {
                tracing::error!(%error, "the listener's words cannot be read");
                break;
            }
        }
    }
    let _ = sender.send(Message::PipeEnded);
    no.came(|_| true);
}

struct Post<W> {
    desk: Desk,
    sender: Sender<Message>,
    messages: Receiver<Message>,
    output: W,
    /// The one that is being carried out.
    order: u64,
    /// Orders that came before the last one was done; the listener does not do that, and nothing is lost if it does.
    early: VecDeque<Order>,
    /// How many windows there were. An order may have several, and the last words of one are none of the next.
    windows: u64,
    /// The order whose window the listener was told of.
    shown: Option<u64>,
    /// The order that was withdrawn while it had no window.
    withdrawn: Option<u64>,
    /// How many requests wait, heard while no window could say it.
    waiting: Option<u32>,
    ended: bool,
    no: No,
}

impl<W: Write> Post<W> {
    fn next_order(&mut self) -> Option<Order> {
        if self.ended {
            return None;
        }
        if let Some(order) = self.early.pop_front() {
            return Some(order);
        }
        loop {
            match self.messages.recv() {
                Ok(Message::Pipe(ToSigner::Order(order))) => return Some(*order),
                Ok(Message::Pipe(ToSigner::Withdraw { .. } | ToSigner::Waiting { .. })) => {}
                // What a closed window still had to say, or was still to be told.
                Ok(Message::Window { .. } | Message::WindowEnded { .. } | Message::TokensChanged) => {}
                Ok(Message::PipeEnded) | Err(_) => return None,
            }
        }
    }
}

impl<W: Write> Person for Post<W> {
    fn ask(&mut self, view: View) -> Result<Box<dyn Talk + '_>, String> {
        let order = self.order;
        self.windows += 1;
        let number = self.windows;
        let ear = Ear { sender: self.sender.clone(), window: number, order, no: self.no.clone() };
        let window = self.desk.ask_with(view, move |event| ear.hear(event));
        if let Some(count) = self.waiting.take() {
            window.show_waiting(count);
        }
        Ok(Box::new(Open { order, number, window, post: self }))
    }

    fn is_withdrawn(&mut self) -> bool {
        while let Ok(message) = self.messages.try_recv() {
            match message {
                Message::Pipe(ToSigner::Withdraw { id }) if id == self.order => self.withdrawn = Some(id),
                Message::Pipe(ToSigner::Withdraw { id }) => self.early.retain(|early| early.id != id),
                Message::Pipe(ToSigner::Order(order)) => self.early.push_back(*order),
                Message::Pipe(ToSigner::Waiting { count }) => self.waiting = Some(count),
                // What a closed window still had to say, or was still to be told.
                Message::Window { .. } | Message::WindowEnded { .. } | Message::TokensChanged => {}
                Message::PipeEnded => self.ended = true,
            }
        }
        self.ended || self.withdrawn == Some(self.order)
    }

    fn waker(&self) -> Waker {
        let sender = self.sender.clone();
        // Nobody listens any more only when the worker has returned.
        Box::new(move || drop(sender.send(Message::TokensChanged)))
    }
}

/// Brings what a window says, and its end, among the other messages.
struct Ear {
    sender: Sender<Message>,
    window: u64,
    order: u64,
    no: No,
}

impl Ear {
    fn hear(&self, event: Event) {
        let is_no = matches!(event, Event::Cancel | Event::BlockSite);
        // Nobody listens any more only when the worker has returned: then the word has no meaning either.
        let _ = self.sender.send(Message::Window { window: self.window, event });
        if is_no {
            self.no.came(|order| order == self.order);
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = self.sender.send(Message::WindowEnded { window: self.window });
        self.no.came(|order| order == self.order);
    }
}

struct Open<'a, W> {
    order: u64,
    number: u64,
    window: OpenWindow,
    post: &'a mut Post<W>,
}

impl<W: Write> Open<'_, W> {
    /// What a message means for this window; `None` when nothing.
    fn meaning(&mut self, message: Message) -> Option<Input> {
        match message {
            Message::Window { window, event } if window == self.number => {
                if matches!(event, Event::Shown) && self.post.shown.replace(self.order) != Some(self.order) {
                    let word = FromSigner::Shown { id: self.order };
                    if let Err(error) = wire::write(&word, &mut self.post.output) {
                        tracing::error!(%error, "the listener is gone");
                        return Some(Input::Gone);
                    }
                }
                Some(Input::Window(event))
            }
            Message::WindowEnded { window } if window == self.number => Some(Input::Gone),
            Message::Window { .. } | Message::WindowEnded { .. } => None,
            Message::Pipe(ToSigner::Withdraw { id }) if id == self.order => Some(Input::Withdrawn),
            Message::Pipe(ToSigner::Withdraw { id }) => {
                self.post.early.retain(|order| order.id != id);
                None
            }
            Message::Pipe(ToSigner::Waiting { count }) => Some(Input::Waiting(count)),
            Message::TokensChanged => Some(Input::TokensChanged),
            Message::Pipe(ToSigner::Order(order)) => {
                self.post.early.push_back(*order);
                None
            }
            // The listener ends, and the window with it: the person stopped Tanba, and no page went away.
            Message::PipeEnded => {
                self.post.ended = true;
                Some(Input::Gone)
            }
        }
    }
}

impl<W: Write> Talk for Open<'_, W> {
    fn next(&mut self) -> Input {
        loop {
            // All senders are gone only when nobody is left to ask.
            let message = self.post.messages.recv().unwrap_or(Message::PipeEnded);
            if let Some(input) = self.meaning(message) {
                return input;
            }
        }
    }

    fn next_within(&mut self, patience: Duration) -> Option<Input> {
        let until = Instant::now() + patience;
        loop {
            let message = match self.post.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => Message::PipeEnded,
            };
            if let Some(input) = self.meaning(message) {
                return Some(input);
            }
        }
    }

    fn pending(&mut self) -> Option<Input> {
        while let Ok(message) = self.post.messages.try_recv() {
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
        self.post.no.set(call.map(|call| (self.order, call)));
    }

    fn close(self: Box<Self>) {
        self.window.close();
    }
}
