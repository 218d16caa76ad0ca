//! `tanba keys … --window`: what a person does in windows, without a page.

use super::{CommandError, Context};
use crate::{
    carry_out::{FactoryPins, Fulfilled, Statuses, Wish},
    own_desk,
    tokens::Shelf,
    window,
};
use std::{process::ExitCode, sync::mpsc::channel};
use texts::Value;

/// Something that is needed is missing, as in `EXIT_CODES`: a screen.
const MISSING: u8 = 5;

/// Opens the windows for that wish, and waits until the last one is closed.
pub(super) fn open(context: &Context, wish: Wish) -> Result<ExitCode, CommandError> {
    let (places, now) = (context.places.clone(), context.now);
    let (told, outcome) = channel();
    let shown = window::run(move |desk| {
        let mut fulfilled = None;
        // Sentences are not for two threads, so that this one has a context of its own.
        let done = Context::at(places, now).map_err(|error| error.to_string()).and_then(|context| {
            context.with_room((&Statuses::default(), &FactoryPins::default()), &Shelf::default(), &mut |room| {
                fulfilled = Some(own_desk::open(desk.clone(), &wish, room));
            })
        });
        let outcome = done.map(|()| fulfilled.unwrap_or(Fulfilled::Left)).unwrap_or_else(Fulfilled::Failed);
        // Who waits for it waits below.
        let _ = told.send(outcome);
    });
    if let Err(error) = shown {
        context.note("own-no-screen", &[("what", Value::Text(&error.to_string()))]);
        return Ok(ExitCode::from(MISSING));
    }
    match outcome.recv() {
        Ok(Fulfilled::Done) => Ok(ExitCode::SUCCESS),
        Ok(Fulfilled::Left) | Err(_) => {
            context.note("own-left", &[]);
            Ok(ExitCode::FAILURE)
        }
        Ok(Fulfilled::Failed(what)) => {
            Err(CommandError::Failed(context.say("own-failed", &[("what", Value::Text(&what))])))
        }
    }
}
