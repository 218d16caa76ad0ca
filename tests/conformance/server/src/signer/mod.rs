//! The program in the signer's place: the words of `order::wire` on its pipes, decisions from the script.
//!
//! - [`script`]: the lines that are said of windows, and the decisions that come back.
//! - [`hand`]: the key, and what is made with it.
//! - [`work`]: what becomes of each task.

mod hand;
mod script;
mod work;

use crate::Fault;
use hand::Hand;
use order::wire::{self, FromSigner, ToSigner};
use order::{Order, Outcome, SiteChoice};
use script::{Decision, Line, Said};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

/// What happens to a signer.
enum Event {
    Told(ToSigner),
    Decided(Line),
    /// The listener lets it go, or what it says is not understood.
    End,
}

/// Does what it is told until its input ends.
pub(crate) fn run(address: &str, folder: &Path) -> Result<(), Fault> {
    let mut script = TcpStream::connect(address)?;
    script.set_nodelay(true)?;
    let hand = Hand::new(folder)?;
    let (events, happening) = mpsc::channel();
    listen_to_listener(events.clone());
    listen_to_script(&script, events)?;
    let mut out = io::stdout().lock();
    wire::write(&FromSigner::Ready { version: wire::VERSION }, &mut out)?;
    let mut open: Option<Order> = None;
    for event in happening {
        match event {
            Event::Told(ToSigner::Order(order)) if work::needs_window(&order.task) => {
                // What a person would never see a window for.
                if let Some(outcome) = work::refused(&order.task) {
                    finish(&mut out, order.id, outcome, None)?;
                    continue;
                }
                writeln!(script, "{}", script::shown(&order))?;
                wire::write(&FromSigner::Shown { id: order.id }, &mut out)?;
                open = Some(*order);
            }
            Event::Told(ToSigner::Order(order)) => {
                finish(&mut out, order.id, work::carry_out(&order.task, &hand), None)?;
            }
            Event::Told(ToSigner::Withdraw { id }) => {
                if open.take_if(|order| order.id == id).is_some() {
                    writeln!(script, "{}", script::withdrawn(id))?;
                    finish(&mut out, id, Outcome::Cancelled, None)?;
                }
            }
            Event::Told(ToSigner::Waiting { .. }) => {}
            // Whoever decides late decides nothing.
            Event::Decided(line) => {
                if let Some(order) = open.take_if(|order| order.id == line.decide) {
                    let (outcome, site) = decided(&order, line.decision, &hand);
                    finish(&mut out, order.id, outcome, site)?;
                }
            }
            Event::End => break,
        }
    }
    Ok(())
}

fn decided(order: &Order, decision: Decision, hand: &Hand) -> (Outcome, Option<SiteChoice>) {
    match decision {
        // Whoever signs beside somebody is somebody else here anyway.
        Decision::Sign | Decision::SignAsAnother => (work::carry_out(&order.task, hand), None),
        Decision::AllowPaths => (work::carry_out(&order.task, hand), Some(SiteChoice::AllowPaths)),
        Decision::Cancel => (Outcome::Cancelled, None),
        Decision::Fail => (work::failed(order::FailureCode::Signing, "the script says that it fails"), None),
    }
}

fn finish(
    out: &mut impl io::Write,
    id: u64,
    outcome: Outcome,
    site: Option<SiteChoice>,
) -> Result<(), wire::WireError> {
    wire::write(&FromSigner::Done { id, outcome, site }, out)
}

fn listen_to_listener(events: mpsc::Sender<Event>) {
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(Some(word)) = wire::read(&mut input) {
            if events.send(Event::Told(word)).is_err() {
                return;
            }
        }
        let _ = events.send(Event::End);
    });
}

fn listen_to_script(script: &TcpStream, events: mpsc::Sender<Event>) -> io::Result<()> {
    let lines = BufReader::new(script.try_clone()?).lines();
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            match serde_json::from_str(&line) {
                // For the watcher.
                Ok(Said::Plugged { .. }) => {}
                Ok(Said::Decision(line)) => {
                    if events.send(Event::Decided(line)).is_err() {
                        return;
                    }
                }
                Err(error) => eprintln!("the script says what is no decision: {error}"),
            }
        }
    });
    Ok(())
}
