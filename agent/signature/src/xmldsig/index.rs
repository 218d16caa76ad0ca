//! One walk over a whole document: its signatures, and the elements that identifiers name.

use std::collections::HashMap;

use super::tree::{Tree, WSU_NAMESPACE};
use super::unsigned::Object;
use super::xml::{Document, Element, Event, Reader, UriId, XmlError, attribute_value};

/// The most signatures of a document. Each is checked over the whole of it.
pub const MAX_SIGNATURES: usize = 32;

/// A document's signatures in document order.
#[derive(Clone, Debug)]
pub(super) struct Index<'a> {
    pub(super) signatures: Vec<Found<'a>>,
    /// There are more than [`MAX_SIGNATURES`].
    pub(super) too_many: bool,
    /// There are comments outside of signatures.
    pub(super) comments: bool,
    /// The document element's name, as written.
    pub(super) root: &'a str,
}

/// A ds:Signature.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    pub(super) tree: Tree<'a>,
    /// Its Objects, in document order.
    pub(super) objects: Vec<Object>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many elements are around it.
    depth: usize,
    /// The depth of an element whose content is not kept.
    closed: Option<usize>,
}

impl<'a> Index<'a> {
    pub(super) fn of(document: &Document<'a>) -> Result<Self, XmlError> {
        let mut index = Self { signatures: Vec::new(), too_many: false, comments: false, root: "" };
        let mut reader = Reader::new(document);
        // Signatures that are open, the innermost last.
        let mut open: Vec<usize> = Vec::new();
        while let Some(event) = reader.next()? {
            if let Event::Start(element) = event {
                if reader.depth() == 1 {
                    index.root = element.name;
                }
                index.enter(element, &reader, &mut open);
                continue;
            }
            let signature = open.last().and_then(|number| index.signatures.get_mut(*number));
            let Some(signature) = signature else {
                index.comments |= matches!(event, Event::Comment(_));
                continue;
            };
            match event {
                Event::End { end, .. } => {
                    let depth = reader.depth();
                    if signature.closed.is_none_or(|closed| depth < closed) {
                        signature.closed = None;
                        signature.tree.leave();
                    }
                    if depth == signature.depth {
                        signature.end = end;
                        open.pop();
                        index.leave_inner(depth, &open);
                    }
                }
                Event::Text(raw) if signature.closed.is_none() => signature.tree.text(raw),
                Event::Cdata(raw) if signature.closed.is_none() => signature.tree.cdata(raw),
                // Only an Object is closed while no other signature is open.
                Event::Text(raw) | Event::Cdata(raw) => {
                    if let Some(object) = signature.objects.last_mut() {
                        object.text(raw, reader.depth());
                    }
                }
                _ => {}
            }
        }
        Ok(index)
    }

    /// A signature inside of another one has ended; where it was not in an Object, the other one goes on from here.
    fn leave_inner(&mut self, depth: usize, open: &[usize]) {
        if let Some(around) = open.last().and_then(|number| self.signatures.get_mut(*number))
            && around.closed == Some(depth + 1)
        {
            around.closed = None;
            around.tree.leave();
        }
    }

    fn enter(&mut self, element: Element<'a>, reader: &Reader<'_, 'a>, open: &mut Vec<usize>) {
        let depth = reader.depth() - 1;
        let is_signature = element.uri == UriId::DSIG && element.local == "Signature";
        if let Some(around) = open.last().and_then(|number| self.signatures.get_mut(*number)) {
            if around.closed.is_none() {
                around.tree.enter(element, reader);
                let is_object = element.uri == UriId::DSIG && element.local == "Object";
                if is_object {
                    around.objects.push(Object::new(&element, depth));
                }
                if is_object || is_signature {
                    around.closed = Some(depth + 1);
                }
            } else if let Some(object) = around.objects.last_mut() {
                object.enter(&element, depth, reader);
            }
        }
        if is_signature && self.signatures.len() == MAX_SIGNATURES {
            self.too_many = true;
        } else if is_signature {
            let mut tree = Tree::default();
            tree.enter(element, reader);
            open.push(self.signatures.len());
            let (start, end) = (element.start, element.start);
            self.signatures.push(Found { tree, objects: Vec::new(), start, end, depth, closed: None });
        }
    }
}

/// An element that an identifier names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) start: usize,
    /// Between its tags.
    pub(super) content: std::ops::Range<usize>,
    pub(super) end: usize,
    /// From the document element on: `/Envelope/Body`, names as written.
    pub(super) path: String,
}

/// Names from the document element on as a path. Of one that is longer than anybody reads, the end.
pub(super) fn path_of(names: &[&str]) -> String {
    const MAX_PATH: usize = 4096;
    let mut length = 0;
    let fits = |name: &&&str| {
        length += name.len() + 1;
        length <= MAX_PATH
    };
    let kept = names.iter().rev().take_while(fits).count();
    let (left_out, kept) = names.split_at(names.len() - kept);
    let mut path = if left_out.is_empty() { String::new() } else { String::from("/…") };
    for name in kept {
        path.push('/');
        path.push_str(name);
    }
    path
}

/// Finds the elements with these identifiers: `Id`, `ID`, `id`, `xml:id`, `wsu:Id`, or the attribute `own`. Two elements
/// are enough to know that an identifier names none.
pub(super) fn by_ids(
    document: &Document<'_>,
    wanted: &[String],
    own: Option<&str>,
) -> Result<HashMap<String, Vec<Target>>, XmlError> {
    let mut found: HashMap<String, Vec<Target>> = wanted.iter().map(|id| (id.clone(), Vec::new())).collect();
    if found.is_empty() {
        return Ok(found);
    }
    let mut reader = Reader::new(document);
    let mut path: Vec<&str> = Vec::new();
    // Where targets begin that are open.
    let mut open: Vec<usize> = Vec::new();
    while let Some(event) = reader.next()? {
        match event {
            Event::Start(element) => {
                path.push(element.name);
                let mut seen: Option<String> = None;
                for attribute in reader.attributes() {
                    let is_id = match attribute.uri {
                        UriId::NONE => {
                            matches!(attribute.local, "Id" | "ID" | "id")
                                || own.is_some_and(|own| own == attribute.local)
                        }
                        UriId::XML => attribute.local == "id",
                        uri => attribute.local == "Id" && reader.scope().uri(uri) == WSU_NAMESPACE,
                    };
                    if !is_id {
                        continue;
                    }
                    let value = attribute_value(attribute.value);
                    // One element with the same identifier in two attributes is one element.
                    if seen.as_deref() == Some(&*value) {
                        continue;
                    }
                    if let Some(targets) = found.get_mut(&*value)
                        && targets.len() < 2
                    {
                        let content = element.content..element.content;
                        let path = path_of(&path);
                        open.push(element.start);
                        targets.push(Target { start: element.start, content, end: element.content, path });
                        seen = Some(value.into_owned());
                    }
                }
            }
            Event::End { start, content_end, end, .. } => {
                path.pop();
                if open.last() != Some(&start) {
                    continue;
                }
                while open.last() == Some(&start) {
                    open.pop();
                }
                for target in found.values_mut().flatten().filter(|target| target.start == start) {
                    target.content.end = content_end;
                    target.end = end;
                }
            }
            _ => {}
        }
    }
    Ok(found)
}
