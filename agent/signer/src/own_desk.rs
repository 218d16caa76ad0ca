//! Windows that a person opens themself. The one way in for whatever shows them: a command, and whatever else has a
//! [`Desk`] of its own.
//!
//! No page waits for an answer here, and no listener is told of one: what comes from the window and from the tokens is all
//! that happens.

use crate::{
    carry_out::{Fulfilled, Input, Person, Room, Screen, Talk, Wish, fulfil},
    mailbox::{Attentive, Mailbox, Message},
    tokens::Waker,
    turn::Turn,
    window::{Desk, OpenWindow, View},
};
use settings::Places;
use std::{convert::Infallible, time::Duration};

/// Nobody numbers what a person does by hand, and there is one such thing at a time.
const ORDER: u64 = 0;

/// Opens the windows for that wish, one after the other, and returns when the last one is closed. Until then it is their
/// turn, and no other process of Tanba shows a window.
pub fn open(desk: Desk, _turn: &Turn, wish: &Wish, room: &mut Room<'_>) -> Fulfilled {
    fulfil(wish, room, &mut Own { desk, mailbox: Mailbox::new() })
}

/// The person at the desk.
struct Own {
    desk: Desk,
    mailbox: Mailbox<Infallible>,
}

impl Person for Own {
    fn take_turn(&mut self, _: &Places) -> Result<(), String> {
        // Whoever opened this desk has it.
        Ok(())
    }

    fn ask(&mut self, view: View) -> Result<Box<dyn Talk + '_>, String> {
        let (number, window) = self.mailbox.open(&self.desk, view, ORDER);
        Ok(Box::new(Open { number, window, own: self }))
    }

    fn is_withdrawn(&mut self) -> bool {
        false
    }

    fn waker(&self) -> Waker {
        self.mailbox.waker()
    }
}

struct Open<'a> {
    number: u64,
    window: OpenWindow,
    own: &'a mut Own,
}

impl Attentive for Open<'_> {
    type Outside = Infallible;

    fn mailbox(&self) -> &Mailbox<Infallible> {
        &self.own.mailbox
    }

    fn meaning(&mut self, message: Message<Infallible>) -> Option<Input> {
        match message {
            Message::Window { window, event } if window == self.number => Some(Input::Window(event)),
            Message::WindowEnded { window } if window == self.number => Some(Input::Gone),
            Message::Window { .. } | Message::WindowEnded { .. } => None,
            Message::TokensChanged => Some(Input::TokensChanged),
            Message::Outside(nobody) => match nobody {},
        }
    }
}

impl Talk for Open<'_> {
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
        self.own.mailbox.no().set(call.map(|call| (ORDER, call)));
    }

    fn close(self: Box<Self>) {
        self.window.close();
    }
}
