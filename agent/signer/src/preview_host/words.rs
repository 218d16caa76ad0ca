//! What the signer and its preview host say to each other. Numbers are of four octets, the highest first.
//!
//! The signer believes the host as little as the file that it read: every number of an answer is held against the task.

/// How many octets stand before the file.
pub const HEAD: usize = 13;

/// How many octets stand before the pixels.
const DRAWN_HEAD: usize = 21;

/// The most pixels of a drawing, in all: 32 MB.
const MOST_PIXELS: u32 = 8_000_000;

/// The most pixels of a drawing in one direction.
const LONGEST_SIDE: u32 = 8_000;

/// The most pages that a document is believed to have.
const MOST_PAGES: u32 = 1_000_000;

/// What is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The small PNG file of a site.
    Logo,
    /// An image: PNG, JPEG, GIF (its first picture), WebP or BMP.
    Image,
    /// A page of a PDF.
    Pdf,
}

impl Subject {
    /// The most octets of the file.
    #[must_use]
    pub fn longest(self) -> usize {
        match self {
            Self::Logo => 64 * 1024,
            Self::Image | Self::Pdf => 32 * 1024 * 1024,
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Logo => 1,
            Self::Image => 2,
            Self::Pdf => 3,
        }
    }
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// In a row.
    pub width: u32,
    /// The rows.
    pub height: u32,
}

/// The most pixels that a drawing may have in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// In a row.
    pub width: u32,
    /// The rows.
    pub height: u32,
}

impl Room {
    /// For the picture of a site.
    pub const LOGO: Self = Self { width: super::logo::MOST_PIXELS, height: super::logo::MOST_PIXELS };

    /// The size in it that something of this shape gets, at most so many times its own; `None` for what has none.
    pub(super) fn fit(self, width: f64, height: f64, most: f64) -> Option<Size> {
        if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
            return None;
        }
        let by_area = (f64::from(MOST_PIXELS) / width / height).sqrt();
        let by_side = f64::from(LONGEST_SIDE) / width.max(height);
        let in_room = (f64::from(self.width) / width).min(f64::from(self.height) / height);
        let scale = in_room.min(by_area).min(by_side).min(most);
        // Down: the product stays below its bound.
        let pixels = |length: f64| ((length * scale) as u32).max(1);
        Some(Size { width: pixels(width), height: pixels(height) })
    }

    fn holds(self, size: Size) -> bool {
        (1..=self.width.min(LONGEST_SIDE)).contains(&size.width)
            && (1..=self.height.min(LONGEST_SIDE)).contains(&size.height)
            && size.width * size.height <= MOST_PIXELS
    }
}

/// What is asked of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// What the file is.
    pub subject: Subject,
    /// Which page, counted from 0.
    pub page: u32,
    /// How large it may become.
    pub room: Room,
}

impl Task {
    /// As it stands before the file.
    #[must_use]
    pub fn write(&self) -> [u8; HEAD] {
        let mut said = [0; HEAD];
        let numbers = [self.page, self.room.width, self.room.height];
        let octets = std::iter::once(self.subject.code()).chain(numbers.into_iter().flat_map(u32::to_be_bytes));
        for (place, octet) in said.iter_mut().zip(octets) {
            *place = octet;
        }
        said
    }

    /// Reads what [`Task::write`] wrote.
    #[must_use]
    pub fn read(said: &[u8; HEAD]) -> Option<Self> {
        let (code, rest) = said.split_first()?;
        let subject =
            [Subject::Logo, Subject::Image, Subject::Pdf].into_iter().find(|subject| subject.code() == *code)?;
        let ([page, width, height], _) = numbers(rest)?;
        Some(Self { subject, page, room: Room { width, height } })
    }
}

/// What the host says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Here it is.
    Drawn(Drawing),
    /// The file is encrypted, and nobody gave a password.
    Encrypted,
}

/// What was drawn.
#[derive(Clone, PartialEq, Eq)]
pub struct Drawing {
    /// How many pages there are.
    pub pages: u32,
    /// How large the image is in its file; of a page `None`.
    pub original: Option<Size>,
    /// How large it is here.
    pub size: Size,
    /// Four octets for each pixel, row by row.
    pub rgba: Vec<u8>,
}

impl std::fmt::Debug for Drawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawing").field("pages", &self.pages).field("size", &self.size).finish_non_exhaustive()
    }
}

impl Answer {
    /// What leaves before the pixels, and the pixels.
    #[must_use]
    pub fn write(&self) -> (Vec<u8>, &[u8]) {
        match self {
            Self::Encrypted => (vec![b'E'], &[]),
            Self::Drawn(drawing) => {
                let original = drawing.original.unwrap_or(Size { width: 0, height: 0 });
                let numbers = [drawing.pages, original.width, original.height, drawing.size.width, drawing.size.height];
                let head = std::iter::once(b'D').chain(numbers.into_iter().flat_map(u32::to_be_bytes));
                (head.collect(), &drawing.rgba)
            }
        }
    }

    /// The most octets of an answer to this task.
    #[must_use]
    pub fn longest(task: &Task) -> usize {
        let pixels = u64::from(task.room.width) * u64::from(task.room.height);
        DRAWN_HEAD + usize::try_from(pixels.min(u64::from(MOST_PIXELS)) * 4).unwrap_or(usize::MAX)
    }

    /// Reads what the host said; `None` for what is no answer to this task.
    #[must_use]
    pub fn read(said: &[u8], task: &Task) -> Option<Self> {
        let (kind, rest) = said.split_first()?;
        match kind {
            b'E' => rest.is_empty().then_some(Self::Encrypted),
            b'D' => {
                let ([pages, original_width, original_height, width, height], rgba) = numbers(rest)?;
                let size = Size { width, height };
                // The sizes first: their product may be larger than any number.
                let fits = task.room.holds(size) && u32::try_from(rgba.len()) == Ok(width * height * 4);
                let has_page = (1..=MOST_PAGES).contains(&pages) && task.page < pages;
                let original = Size { width: original_width, height: original_height };
                let original = (original_width > 0 && original_height > 0).then_some(original);
                let rgba = rgba.to_vec();
                (fits && has_page).then_some(Self::Drawn(Drawing { pages, original, size, rgba }))
            }
            _ => None,
        }
    }
}

/// So many numbers, and what follows them.
fn numbers<const N: usize>(octets: &[u8]) -> Option<([u32; N], &[u8])> {
    let mut numbers = [0; N];
    let mut rest = octets;
    for number in &mut numbers {
        let (first, after) = rest.split_first_chunk::<4>()?;
        *number = u32::from_be_bytes(*first);
        rest = after;
    }
    Some((numbers, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: Task = Task { subject: Subject::Pdf, page: 1, room: Room { width: 10, height: 20 } };

    fn said(pages: u32, width: u32, height: u32, octets: usize) -> Vec<u8> {
        let mut said = vec![b'D'];
        said.extend([pages, 0, 0, width, height].into_iter().flat_map(u32::to_be_bytes));
        said.resize(DRAWN_HEAD + octets, 7);
        said
    }

    #[test]
    fn a_task_is_read_as_it_was_written() {
        for subject in [Subject::Logo, Subject::Image, Subject::Pdf] {
            let task = Task { subject, ..TASK };
            assert_eq!(Task::read(&task.write()), Some(task));
        }
        assert_eq!(Task::read(&[0; HEAD]), None);
    }

    #[test]
    fn only_a_drawing_of_the_size_that_it_says_and_that_was_asked_for_is_shown() {
        assert!(matches!(Answer::read(&said(2, 2, 3, 24), &TASK), Some(Answer::Drawn(_))));
        assert!(said(2, 10, 20, 800).len() <= Answer::longest(&TASK));
        for wrong in [
            said(2, 2, 3, 23),
            said(2, 2, 3, 25),
            said(2, 0, 3, 0),
            said(2, 11, 1, 44),
            said(2, 1, 21, 84),
            said(2, u32::MAX, u32::MAX, 4),
            // Fewer pages than the one that was asked for; more than anybody has.
            said(1, 2, 3, 24),
            said(u32::MAX, 2, 3, 24),
            vec![b'D', 0, 0],
            vec![b'E', 0],
            vec![b'X'],
            Vec::new(),
        ] {
            assert_eq!(Answer::read(&wrong, &TASK), None, "{wrong:?}");
        }
        assert_eq!(Answer::read(b"E", &TASK), Some(Answer::Encrypted));
    }

    #[test]
    fn whatever_the_shape_a_drawing_fits_its_room() {
        let room = Room { width: 1200, height: 1600 };
        assert_eq!(room.fit(600.0, 600.0, 9.0), Some(Size { width: 1200, height: 1200 }));
        assert_eq!(room.fit(10.0, 10.0, 1.0), Some(Size { width: 10, height: 10 }));
        assert_eq!(room.fit(1e9, 1.0, 9.0), Some(Size { width: 1200, height: 1 }));
        let endless = Room { width: u32::MAX, height: u32::MAX };
        for (width, height) in [(1e-9, 1e9), (595.0, 842.0), (1e300, 1e300), (1.0, 7.7e6)] {
            let size = endless.fit(width, height, f64::MAX).unwrap();
            assert!(endless.holds(size), "{size:?}");
        }
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(room.fit(wrong, 1.0, 1.0), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_host_says_is_refused_or_in_bounds(
            mut said: Vec<u8>,
            kind in proptest::option::of(0_u8..3),
            width: u32,
            height: u32,
        ) {
            if let (Some(kind), Some(first)) = (kind, said.first_mut()) {
                *first = *b"DEX".get(usize::from(kind)).unwrap();
            }
            let task = Task { room: Room { width, height }, ..TASK };
            if let Some(Answer::Drawn(drawing)) = Answer::read(&said, &task) {
                assert!(drawing.size.width <= width && drawing.size.height <= height);
                assert_eq!(drawing.rgba.len() as u64, u64::from(drawing.size.width) * u64::from(drawing.size.height) * 4);
            }
        }
    }
}
