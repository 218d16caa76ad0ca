//! The signer as the listener's child: orders come in on standard input, outcomes leave on standard output.
//!
//! One order at a time has a window; the listener keeps the queue. The end of the input ends the process, so that a
//! listener that dies leaves no window behind.

use crate::{
    carry_out::{Done, Input, Person, Room, Screen, Talk, carry_out},
    mailbox::{Attentive, Mailbox, Message, No},
    tokens::Waker,
    turn::Turn,
    window::{Desk, Event, OpenWindow, View},
};
use order::{
    Order,
    wire::{self, FromSigner, ToSigner, WireError},
};
use settings::Places;
use std::{
    collections::VecDeque,
    io::{Read, Write},
    sync::mpsc::Sender,
    thread,
    time::Duration,
};

/// How often it is looked whether the window of another process is still open.
const TURN: Duration = Duration::from_millis(200);

/// What the listener says.
enum Pipe {
    Word(ToSigner),
    Ended,
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
    let mailbox = Mailbox::new();
    thread::spawn({
        let (sender, no) = (mailbox.sender(), mailbox.no().clone());
        move || pump(input, &sender, &no)
    });
    let mut post = Post {
        desk,
        mailbox,
        output,
        order: 0,
        turn: None,
        early: VecDeque::new(),
        shown: None,
        withdrawn: None,
        waiting: None,
        ended: false,
    };
    wire::write(&FromSigner::Ready { version: wire::VERSION }, &mut post.output)?;
    while let Some(order) = post.next_order() {
        let mut done = None;
        post.order = order.id;
        with_room(&mut |room| done = Some(carry_out(&order, room, &mut post)));
        post.turn = None;
        let Done { outcome, site } = done.unwrap_or_else(Done::without_a_place);
        wire::write(&FromSigner::Done { id: order.id, outcome, site }, &mut post.output)?;
    }
    post.desk.clear();
    Ok(())
}

fn pump(mut input: impl Read, sender: &Sender<Message<Pipe>>, no: &No) {
    loop {
        match wire::read(&mut input) {
            Ok(Some(word)) => {
                let withdrawn = if let ToSigner::Withdraw { id } = &word { Some(*id) } else { None };
                if sender.send(Message::Outside(Pipe::Word(word))).is_err() {
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
    let _ = sender.send(Message::Outside(Pipe::Ended));
    no.came(|_| true);
}

struct Post<W> {
    desk: Desk,
    mailbox: Mailbox<Pipe>,
    output: W,
    /// The one that is being carried out.
    order: u64,
    /// From the first window of an order to its end.
    turn: Option<Turn>,
    /// Orders that came before the last one was done; the listener does not do that, and nothing is lost if it does.
    early: VecDeque<Order>,
    /// The order whose window the listener was told of.
    shown: Option<u64>,
    /// The order that was withdrawn while it had no window.
    withdrawn: Option<u64>,
    /// How many requests wait, heard while no window could say it.
    waiting: Option<u32>,
    ended: bool,
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
            match self.mailbox.next() {
                Ok(Message::Outside(Pipe::Word(ToSigner::Order(order)))) => return Some(*order),
                Ok(Message::Outside(Pipe::Word(ToSigner::Withdraw { .. } | ToSigner::Waiting { .. }))) => {}
                // What a closed window still had to say, or was still to be told.
                Ok(Message::Window { .. } | Message::WindowEnded { .. } | Message::TokensChanged) => {}
                Ok(Message::Outside(Pipe::Ended)) | Err(_) => return None,
            }
        }
    }
}

impl<W: Write> Person for Post<W> {
    fn take_turn(&mut self, places: &Places) -> Result<(), String> {
        if self.turn.is_some() {
            return Ok(());
        }
        let mut waits = false;
        while !self.is_withdrawn() {
            self.turn = Turn::take(places.runtime()).map_err(|error| error.to_string())?;
            if self.turn.is_some() {
                break;
            }
            if !std::mem::replace(&mut waits, true) {
                tracing::debug!(order = self.order, "another window of Tanba is open; this order's waits");
            }
            thread::sleep(TURN);
        }
        Ok(())
    }

    fn ask(&mut self, view: View) -> Result<Box<dyn Talk + '_>, String> {
        if self.turn.is_none() {
            return Err("another window of Tanba is open".to_owned());
        }
        let order = self.order;
        let (number, window) = self.mailbox.open(&self.desk, view, order);
        if let Some(count) = self.waiting.take() {
            window.show_waiting(count);
        }
        Ok(Box::new(Open { order, number, window, post: self }))
    }

    fn is_withdrawn(&mut self) -> bool {
        while let Some(message) = self.mailbox.pending() {
            match message {
                Message::Outside(Pipe::Word(ToSigner::Withdraw { id })) if id == self.order => {
                    self.withdrawn = Some(id);
                }
                Message::Outside(Pipe::Word(ToSigner::Withdraw { id })) => self.early.retain(|early| early.id != id),
                Message::Outside(Pipe::Word(ToSigner::Order(order))) => self.early.push_back(*order),
                Message::Outside(Pipe::Word(ToSigner::Waiting { count })) => self.waiting = Some(count),
                // What a closed window still had to say, or was still to be told.
                Message::Window { .. } | Message::WindowEnded { .. } | Message::TokensChanged => {}
                Message::Outside(Pipe::Ended) => self.ended = true,
            }
        }
        self.ended || self.withdrawn == Some(self.order)
    }

    fn waker(&self) -> Waker {
        self.mailbox.waker()
    }
}

struct Open<'a, W> {
    order: u64,
    number: u64,
    window: OpenWindow,
    post: &'a mut Post<W>,
}

impl<W: Write> Attentive for Open<'_, W> {
    type Outside = Pipe;

    fn mailbox(&self) -> &Mailbox<Pipe> {
        &self.post.mailbox
    }

    fn meaning(&mut self, message: Message<Pipe>) -> Option<Input> {
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
            Message::Outside(Pipe::Word(ToSigner::Withdraw { id })) if id == self.order => Some(Input::Withdrawn),
            Message::Outside(Pipe::Word(ToSigner::Withdraw { id })) => {
                self.post.early.retain(|order| order.id != id);
                None
            }
            Message::Outside(Pipe::Word(ToSigner::Waiting { count })) => Some(Input::Waiting(count)),
            Message::TokensChanged => Some(Input::TokensChanged),
            Message::Outside(Pipe::Word(ToSigner::Order(order))) => {
                self.post.early.push_back(*order);
                None
            }
            // The listener ends, and the window with it: the person stopped Tanba, and no page went away.
            Message::Outside(Pipe::Ended) => {
                self.post.ended = true;
                Some(Input::Gone)
            }
        }
    }
}

impl<W: Write> Talk for Open<'_, W> {
    fn next(&mut self) -> Input {
        self.next_input()
    }

    fn next_within(&mut self, patience: Duration) -> Option<Input> {
        self.next_input_within(patience)
    }

    fn pending(&mut self) -> Option<Input> {
        self.pending_input()
    }

    fn screen(&mut self) -> &mut dyn Screen {
        &mut self.window
    }

    fn on_no(&mut self, call: Option<Waker>) {
        self.post.mailbox.no().set(call.map(|call| (self.order, call)));
    }

    fn close(self: Box<Self>) {
        self.window.close();
    }
}

#[cfg(test)]
mod tests;
