//! The pipes between the listener and what it starts, in [`frames`].

use crate::{Order, Outcome, SiteChoice, TokenSeen};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{Read, Write};

/// The version of this conversation; the signer names it first, and the listener refuses another.
pub const VERSION: u32 = 5;

/// The longest frame, in octets: all documents that a door takes at once, and the signatures with them inside. The desk
/// of the listener proves that it is enough.
pub const LONGEST_FRAME: u32 = 400 * 1024 * 1024;

/// What the listener tells the signer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToSigner {
    /// Carry this out. One at a time: the next comes after the last one's [`FromSigner::Done`].
    Order(Box<Order>),
    /// Nobody waits for this order's answer any more: the page went away.
    Withdraw {
        /// The order's id.
        id: u64,
    },
    /// So many further requests wait behind the open window.
    Waiting {
        /// Requests not yet handed over.
        count: u32,
    },
}

/// What the signer tells the listener.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromSigner {
    /// The first frame: which conversation the signer speaks.
    Ready {
        /// [`VERSION`] of the signer.
        version: u32,
    },
    /// The window for this order is on the screen.
    Shown {
        /// The order's id.
        id: u64,
    },
    /// The order's end.
    Done {
        /// The order's id.
        id: u64,
        /// What became of it.
        outcome: Outcome,
        /// What the person decided about the site, if anything.
        site: Option<SiteChoice>,
    },
}

/// What the watcher of tokens (`tanba-signer watch`) tells the listener. It is told nothing; the end of its input ends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromWatcher {
    /// The first frame: which conversation the watcher speaks.
    Ready {
        /// [`VERSION`] of the watcher.
        version: u32,
    },
    /// All tokens that are plugged in now. Said once when they are known, and again after each change.
    Tokens(Vec<TokenSeen>),
}

impl FromWatcher {
    /// The longest frame, in octets: [`TokenSeen::MOST`] tokens with the longest names.
    pub const LONGEST_FRAME: u32 = 64 * 1024;

    /// Whether a watcher of ours may have said this: CBOR itself knows no bounds.
    #[must_use]
    pub fn is_within_bounds(&self) -> bool {
        match self {
            Self::Ready { .. } => true,
            Self::Tokens(tokens) => TokenSeen::are_within_bounds(tokens),
        }
    }
}

pub use frames::{FrameError as WireError, decode};

/// The octets of one frame, length and all.
///
/// # Errors
/// [`WireError::TooLong`] when the word does not fit into a frame.
pub fn encode<T: Serialize>(word: &T) -> Result<Vec<u8>, WireError> {
    frames::encode(word, LONGEST_FRAME)
}

/// Writes one frame and flushes it.
///
/// # Errors
/// As [`encode`], and [`WireError::Io`].
pub fn write<T: Serialize>(word: &T, to: &mut impl Write) -> Result<(), WireError> {
    frames::write(word, LONGEST_FRAME, to)
}

/// Reads one frame; `None` at the end of the stream between two frames.
///
/// # Errors
/// [`WireError::Io`] for a stream that ends inside a frame, [`WireError::TooLong`], [`WireError::Malformed`].
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> Result<Option<T>, WireError> {
    frames::read(LONGEST_FRAME, from)
}

/// The length, in octets, of the body that follows a frame's first four octets.
///
/// # Errors
/// [`WireError::TooLong`] over `longest`.
pub fn body_length(head: [u8; 4], longest: u32) -> Result<usize, WireError> {
    frames::body_length(head, longest.min(LONGEST_FRAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Cms, Content, Delivery, Document, Form, KeyFilter, Origin, PathPermission, Requester, SignTask, Task, TimeStamp,
    };
    use serde_bytes::ByteBuf;

    fn order() -> ToSigner {
        ToSigner::Order(Box::new(Order {
            id: 7,
            requester: Requester {
                origin: Origin::from_header(Some(b"https://egov.kz")),
                program: None,
                first_time: true,
                paths: PathPermission::Ask,
            },
            locale: None,
            task: Task::Sign(SignTask {
                documents: vec![Document::Content(ByteBuf::from(vec![0xff; 3]))],
                form: Form::Cms(Cms { content: Content::Detached, time_stamp: TimeStamp::None }),
                filter: KeyFilter::default(),
                delivery: Delivery::Page,
                logo: None,
            }),
        }))
    }

    #[test]
    fn a_word_comes_through_the_pipe_as_it_went_in() {
        let mut pipe = Vec::new();
        write(&order(), &mut pipe).unwrap();
        write(&ToSigner::Withdraw { id: 7 }, &mut pipe).unwrap();
        let mut from = pipe.as_slice();
        assert_eq!(read::<ToSigner>(&mut from).unwrap(), Some(order()));
        assert_eq!(read::<ToSigner>(&mut from).unwrap(), Some(ToSigner::Withdraw { id: 7 }));
        assert_eq!(read::<ToSigner>(&mut from).unwrap(), None);
    }

    #[test]
    fn documents_travel_as_octets_not_as_lists_of_numbers() {
        let Ok(small) = encode(&order()) else { panic!("encodes") };
        let mut large = order();
        if let ToSigner::Order(order) = &mut large
            && let Task::Sign(task) = &mut order.task
        {
            task.documents[0] = Document::Content(ByteBuf::from(vec![0xff; 1003]));
        }
        assert!(encode(&large).unwrap().len() < small.len() + 1010);
    }

    #[test]
    fn a_cut_frame_is_an_error_and_not_the_end() {
        let pipe = encode(&order()).unwrap();
        for cut in 1..pipe.len() {
            assert!(read::<ToSigner>(&mut &pipe[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn a_length_over_the_limit_is_refused_before_anything_is_read() {
        assert!(matches!(read::<ToSigner>(&mut [0xff; 4].as_slice()), Err(WireError::TooLong(_))));
    }

    #[test]
    fn octets_behind_the_word_are_refused() {
        let mut body = encode(&order()).unwrap().split_off(4);
        body.push(0);
        assert!(matches!(decode::<ToSigner>(&body), Err(WireError::Malformed(_))));
    }
}
