//! Finding a page in the page tree (ISO 32000-1, 7.7.3).

use std::rc::Rc;

use super::PdfError;
use super::file::{Dictionary, Document, Object, Reference};

/// How deep page trees are followed.
const MAX_DEPTH: usize = 64;

/// Nodes of the page tree that are looked at.
const MAX_NODES: usize = 200_000;

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageChoice {
    /// The first one.
    First,
    /// The last one.
    Last,
    /// That one, counted from 1.
    Number(usize),
}

/// A page, with what it inherits.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) reference: Reference,
    pub(super) dictionary: Dictionary,
    /// Left, bottom, right, top of what is shown of it.
    pub(super) area: [f64; 4],
    /// Quarter turns clockwise, 0 to 3, by which it is shown.
    pub(super) turns: u8,
}

/// What pages inherit from the nodes above them; shared, for a node may have many kids.
#[derive(Clone, Default)]
struct Inherited {
    media_box: Option<Rc<Object>>,
    crop_box: Option<Rc<Object>>,
    rotate: Option<Rc<Object>>,
}

impl Inherited {
    fn extend(&mut self, node: &Dictionary) {
        for (key, value) in
            [("MediaBox", &mut self.media_box), ("CropBox", &mut self.crop_box), ("Rotate", &mut self.rotate)]
        {
            if let Some(own) = node.get(key) {
                *value = Some(Rc::new(own.clone()));
            }
        }
    }
}

pub(super) fn find(document: &Document<'_>, choice: PageChoice) -> Result<Page, PdfError> {
    let (catalog, root) = document.catalog()?;
    let Some(root) = root.get("Pages").and_then(Object::as_reference) else {
        return Err(PdfError::Object { number: catalog.number, what: "the catalog has no pages" });
    };
    let wanted = match choice {
        PageChoice::First | PageChoice::Last => 1,
        PageChoice::Number(number) => number,
    };
    let mut walk = Walk { document, left: wanted, nodes: 0, backwards: choice == PageChoice::Last };
    if wanted == 0 {
        return Err(PdfError::NoPage(0));
    }
    let found = walk.node(root, Inherited::default(), 0)?;
    let (reference, dictionary, inherited) = found.ok_or(PdfError::NoPage(wanted))?;
    let area = area(document, &inherited)?
        .ok_or(PdfError::Object { number: reference.number, what: "the page has no usable size" })?;
    let degrees = match &inherited.rotate {
        Some(rotate) => document.resolve(rotate)?.as_integer().unwrap_or(0),
        None => 0,
    };
    let turns = (degrees.rem_euclid(360) / 90) as u8;
    Ok(Page { reference, dictionary, area, turns })
}

struct Walk<'d> {
    document: &'d Document<'d>,
    left: usize,
    nodes: usize,
    backwards: bool,
}

type Found = Option<(Reference, Dictionary, Inherited)>;

impl Walk<'_> {
    fn node(&mut self, reference: Reference, mut inherited: Inherited, depth: usize) -> Result<Found, PdfError> {
        self.nodes += 1;
        // A circle ends here too.
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err(PdfError::TooMany("pages"));
        }
        let Object::Dictionary(node) = self.document.get(reference)? else {
            return Err(PdfError::Object { number: reference.number, what: "it is no page" });
        };
        inherited.extend(&node);
        let Object::Array(mut kids) = self.document.value(&node, "Kids")? else {
            self.left -= 1;
            return Ok((self.left == 0).then_some((reference, node, inherited)));
        };
        if self.backwards {
            kids.reverse();
        }
        for kid in kids {
            let Some(kid) = kid.as_reference() else { continue };
            if let Some(found) = self.node(kid, inherited.clone(), depth + 1)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// The crop box within the media box.
fn area(document: &Document<'_>, inherited: &Inherited) -> Result<Option<[f64; 4]>, PdfError> {
    let rectangle = |object: &Option<Rc<Object>>| -> Result<Option<[f64; 4]>, PdfError> {
        let Some(object) = object else { return Ok(None) };
        let Object::Array(sides) = document.resolve(object)? else { return Ok(None) };
        let mut numbers = Vec::new();
        for side in sides.iter().take(5) {
            numbers.extend(document.resolve(side)?.as_number());
        }
        let [a, b, c, d] = numbers.as_slice() else { return Ok(None) };
        Ok(Some([a.min(*c), b.min(*d), a.max(*c), b.max(*d)]))
    };
    let Some(media) = rectangle(&inherited.media_box)? else { return Ok(None) };
    let shown = match rectangle(&inherited.crop_box)? {
        Some([a, b, c, d]) => {
            let [left, bottom, right, top] = media;
            [a.max(left), b.max(bottom), c.min(right), d.min(top)]
        }
        None => media,
    };
    let [left, bottom, right, top] = shown;
    Ok((left < right && bottom < top).then_some(shown))
}
