//! Which picture of which document is wanted, which one is being drawn, and what is known from those before. One is drawn at
//! a time, however often somebody asks.

use crate::preview_host::{Answer, Drawing, Size};
use std::collections::HashMap;

/// A picture that somebody wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// Which document, counted from 0.
    pub(super) document: usize,
    /// Which of its pages, counted from 0.
    pub(super) page: u32,
    /// How wide it may be, in pixels.
    pub(super) width: u32,
    /// What for.
    pub(super) scale: Scale,
}

/// How large a picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scale {
    /// Beside the document's name, until somebody looks closer.
    Small,
    /// As wide as there is room.
    #[default]
    Width,
    /// Twice as wide.
    Large,
}

/// For how many pixels in a row there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Places {
    /// Beside the document's name.
    pub(super) small: u32,
    /// Where it is looked at.
    pub(super) wide: u32,
}

/// Why a document has no pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Undrawn {
    /// It is encrypted.
    Encrypted,
    /// Nobody knows.
    Failed,
}

/// What is known of a document since it was drawn, or was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// So many pages, and for an image how large it is.
    Drawn { pages: u32, original: Option<Size> },
    /// It cannot be.
    Undrawn(Undrawn),
}

/// What came of drawing something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// This is to be shown.
    Drawing(Drawing),
    /// The document has no pictures.
    Undrawn,
    /// This page has none.
    NoPage,
    /// Nobody wants it any more.
    Unwanted,
}

/// The pictures of one window.
#[derive(Debug, Default)]
pub(super) struct Album {
    is_open: bool,
    document: usize,
    page: u32,
    scale: Scale,
    /// The document whose small picture is on the screen.
    small: Option<usize>,
    /// What is on the screen, or was said that there is none of.
    settled: Option<Wish>,
    running: Option<Wish>,
    known: HashMap<usize, Known>,
}

impl Album {
    /// Whether somebody looks.
    pub(super) fn open(&mut self, is_open: bool) {
        self.is_open = is_open;
    }

    /// Another document, from its beginning.
    pub(super) fn choose(&mut self, document: usize) {
        if self.document != document {
            (self.document, self.page, self.scale) = (document, 0, Scale::Width);
        }
    }

    /// To another page, where there is one.
    pub(super) fn turn(&mut self, by: i32) {
        if let Some(page) = self.page.checked_add_signed(by).filter(|page| *page < self.pages()) {
            self.page = page;
        }
    }

    /// The other size.
    pub(super) fn enlarge(&mut self) {
        self.scale = if self.scale == Scale::Large { Scale::Width } else { Scale::Large };
    }

    pub(super) fn scale(&self) -> Scale {
        self.scale
    }

    pub(super) fn page(&self) -> u32 {
        self.page
    }

    /// How many pages the chosen document has, as far as that is known.
    pub(super) fn pages(&self) -> u32 {
        match self.known(self.document) {
            Some(Known::Drawn { pages, .. }) => pages,
            Some(Known::Undrawn(_)) | None => 0,
        }
    }

    pub(super) fn known(&self, document: usize) -> Option<Known> {
        self.known.get(&document).copied()
    }

    /// What is wanted; `None` where all of it is there, or nothing can be drawn.
    pub(super) fn wish(&self, places: Places) -> Option<Wish> {
        if matches!(self.known(self.document), Some(Known::Undrawn(_))) {
            return None;
        }
        let (page, width, scale) = match (self.is_open, self.scale) {
            (false, _) => (0, places.small, Scale::Small),
            (true, Scale::Large) => (self.page, places.wide.saturating_mul(2), Scale::Large),
            (true, _) => (self.page, places.wide, Scale::Width),
        };
        Some(Wish { document: self.document, page, width, scale })
    }

    /// Whether this is settled already.
    pub(super) fn has(&self, wish: Wish) -> bool {
        match wish.scale {
            Scale::Small => self.small == Some(wish.document),
            Scale::Width | Scale::Large => self.settled == Some(wish),
        }
    }

    /// Whether this may be drawn now; it is noted that it is. While another one is drawn it may not.
    pub(super) fn may_draw(&mut self, wish: Wish) -> bool {
        match wish.scale {
            Scale::Small => self.small = None,
            Scale::Width | Scale::Large => self.settled = None,
        }
        let is_free = self.running.is_none();
        if is_free {
            self.running = Some(wish);
        }
        is_free
    }

    /// What was drawn is here; `wanted` is what is wanted now.
    pub(super) fn came(&mut self, wish: Wish, wanted: Option<Wish>, answer: Option<Answer>) -> Came {
        self.running = None;
        let was_drawn = matches!(self.known(wish.document), Some(Known::Drawn { .. }));
        let (known, came) = match answer {
            Some(Answer::Drawn(drawing)) => {
                let known = Known::Drawn { pages: drawing.pages, original: drawing.original };
                (Some(known), Came::Drawing(drawing))
            }
            _ if was_drawn => (None, Came::NoPage),
            Some(Answer::Encrypted) => (Some(Known::Undrawn(Undrawn::Encrypted)), Came::Undrawn),
            None => (Some(Known::Undrawn(Undrawn::Failed)), Came::Undrawn),
        };
        if let Some(known) = known {
            // The first one told of all its pages; what another says of them is not needed.
            self.known.entry(wish.document).or_insert(known);
        }
        if wanted != Some(wish) {
            return Came::Unwanted;
        }
        match wish.scale {
            Scale::Small => self.small = Some(wish.document),
            Scale::Width | Scale::Large => self.settled = Some(wish),
        }
        came
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: Places = Places { small: 10, wide: 100 };

    fn drawn(pages: u32) -> Option<Answer> {
        let size = Size { width: 1, height: 1 };
        Some(Answer::Drawn(Drawing { pages, original: None, size, rgba: vec![0; 4] }))
    }

    fn open() -> Album {
        let mut album = Album::default();
        album.open(true);
        album
    }

    #[test]
    fn before_somebody_looks_there_is_a_small_picture_of_the_first_page() {
        let mut album = Album::default();
        let small = album.wish(PLACES).unwrap();
        assert_eq!((small.page, small.width, small.scale), (0, 10, Scale::Small));
        assert!(album.may_draw(small));
        assert!(matches!(album.came(small, Some(small), drawn(2)), Came::Drawing(_)));
        assert!(album.has(small));
        album.open(true);
        let wide = album.wish(PLACES).unwrap();
        assert_eq!((wide.width, wide.scale, album.has(wide)), (100, Scale::Width, false));
        album.turn(1);
        album.open(false);
        assert_eq!(album.wish(PLACES), Some(small), "it is still there");
        album.choose(1);
        assert!(!album.has(album.wish(PLACES).unwrap()));
    }

    #[test]
    fn pages_are_turned_as_far_as_there_are_some() {
        let mut album = open();
        album.turn(1);
        assert_eq!(album.page(), 0, "nobody knows yet whether there is another");
        let first = album.wish(PLACES).unwrap();
        assert!(album.may_draw(first));
        assert!(matches!(album.came(first, Some(first), drawn(2)), Came::Drawing(_)));
        for (by, page) in [(-1, 0), (1, 1), (1, 1), (-1, 0)] {
            album.turn(by);
            assert_eq!(album.page(), page);
        }
    }

    #[test]
    fn one_is_drawn_at_a_time_and_the_last_wish_counts() {
        let mut album = open();
        let first = album.wish(PLACES).unwrap();
        assert!(album.may_draw(first));
        album.choose(3);
        let second = album.wish(PLACES).unwrap();
        assert!(!album.may_draw(second));
        assert_eq!(album.came(first, Some(second), drawn(1)), Came::Unwanted);
        assert!(album.may_draw(second));
        assert!(matches!(album.came(second, Some(second), drawn(1)), Came::Drawing(_)));
        assert!(album.has(second) && !album.has(first));
    }

    #[test]
    fn what_cannot_be_drawn_is_not_tried_again() {
        for (answer, why) in [(None, Undrawn::Failed), (Some(Answer::Encrypted), Undrawn::Encrypted)] {
            let mut album = open();
            let wish = album.wish(PLACES).unwrap();
            assert!(album.may_draw(wish));
            assert_eq!(album.came(wish, Some(wish), answer), Came::Undrawn);
            assert_eq!((album.known(0), album.wish(PLACES)), (Some(Known::Undrawn(why)), None));
        }
    }

    #[test]
    fn a_page_that_fails_does_not_take_the_others_along() {
        let mut album = open();
        let first = album.wish(PLACES).unwrap();
        album.may_draw(first);
        album.came(first, Some(first), drawn(2));
        album.turn(1);
        let second = album.wish(PLACES).unwrap();
        album.may_draw(second);
        assert_eq!(album.came(second, Some(second), None), Came::NoPage);
        album.turn(-1);
        assert_eq!(album.wish(PLACES), Some(first));
    }

    #[test]
    fn another_document_begins_at_its_first_page_and_as_wide_as_the_window() {
        let mut album = open();
        album.enlarge();
        assert_eq!(album.wish(PLACES).unwrap().width, 200);
        album.choose(1);
        assert_eq!((album.scale(), album.page()), (Scale::Width, 0));
    }
}
