//! What a person does without a page: the windows are opened by `tanba keys … --window`, and later by whatever else Tanba
//! shows by itself.
//!
//! They are those of a page's orders, with the person in the page's place: what a page would have given they fill in
//! themself, and what a page would have got they are told.
//!
//! - `request`: a new key and the request for its certificate; `import`: the certificate that came; `lost`: a key that is
//!   given up; `sign`: a file that they brought;
//!   `care`: a key file that is brought into the list, gets another password, is copied.

mod care;
mod import;
mod lost;
mod request;
mod sign;

pub use lost::form as lost_form;
pub use request::{Draft, form as request_form};

use super::errand::{End, Errand};
use super::{Outcome, Person, Room, factory_pin};
use crate::life::blocked::Why;
use std::path::PathBuf;

/// What a person wants to do.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Make a key and ask for its certificate; what is known already stands in the form.
    Request(Draft),
    /// Put a certificate to the key that waits for it; without a file they are asked for it.
    Import(Option<PathBuf>),
    /// Give up a key; what they said happened to it.
    Lost(Why),
    /// Sign this file; the signature goes beside it.
    Sign(PathBuf),
    /// Bring this key file into the list.
    Add(PathBuf),
    /// Give this key file another password.
    ChangePassword(PathBuf),
    /// Copy the key of this file to another place, under a password of its own.
    BackUp(PathBuf),
    /// Make a file with today's protection beside this key file.
    Modernise(PathBuf),
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fulfilled {
    /// It was done, and they were told.
    Done,
    /// They closed the window before anything was done.
    Left,
    /// It could not be done; the cause in English.
    Failed(String),
}

/// Opens the windows in which a person does that.
pub fn fulfil(wish: &Wish, room: &mut Room<'_>, person: &mut dyn Person) -> Fulfilled {
    let mut errand = Errand::of_person(room, person);
    let done = match wish {
        Wish::Request(draft) => request::request(&mut errand, draft),
        Wish::Import(file) => import::import(&mut errand, file.as_deref()),
        Wish::Lost(why) => lost::lost(&mut errand, *why),
        Wish::Sign(file) => sign::sign(&mut errand, file),
        Wish::Add(file) => care::add(&mut errand, file),
        Wish::ChangePassword(file) => care::change_password(&mut errand, file),
        Wish::BackUp(file) => care::back_up(&mut errand, file),
        Wish::Modernise(file) => care::modernise(&mut errand, file),
    };
    match done.map_err(End::into_outcome) {
        Ok(()) => {
            factory_pin::tell(&mut errand, &Outcome::Told);
            Fulfilled::Done
        }
        Err(Outcome::Failed(failure)) => Fulfilled::Failed(failure.detail),
        Err(_) => Fulfilled::Left,
    }
}
