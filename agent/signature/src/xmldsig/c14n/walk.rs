//! The walk over the document that writes its canonical form.

use std::borrow::Cow;
use std::collections::HashSet;

use super::output::Output;
use super::{Comments, Method, Version, base};
use crate::xmldsig::xml::{
    Attribute, Document, Element, Event, Fault, MAX_NAMESPACE_LEN, PrefixId, Reader, UriId, XmlError, XmlErrorKind,
    attribute_value,
};

/// The document or an element of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The document: its element and the comments and processing instructions beside it.
    Document,
    /// The element whose start tag begins at that octet.
    Element(usize),
}

/// What of a document gets a canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subset<'s> {
    /// All of this,
    pub part: Part,
    /// without the elements whose start tags begin there,
    pub without: &'s [usize],
    /// and with or without comments, whatever the method says about those that are there.
    pub comments: Comments,
}

/// Hands the canonical form to `sink` in pieces. What stands behind an element that is [`Part::Element`] is not read.
pub fn canonicalize(
    document: &Document<'_>,
    subset: &Subset<'_>,
    method: &Method,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), XmlError> {
    let mut walk = Walk {
        exclusive: method.version == Version::Exclusive,
        comments: method.comments == Comments::With && subset.comments == Comments::With,
        method,
        rendered: Vec::new(),
        log: Vec::new(),
        marks: Vec::new(),
        candidates: Vec::new(),
        out: Output::new(sink),
    };
    let mut reader = Reader::new(document);
    if let Part::Element(start) = subset.part {
        if subset.without.contains(&start) {
            return Ok(());
        }
        let (apex, around) = go_to(&mut reader, document, start)?;
        let inherited = inherited(&around, reader.attributes(), method.version);
        let inherited = inherited.map_err(|kind| document.error(Fault { kind, offset: start }))?;
        walk.start(&reader, apex, &inherited).map_err(|fault| document.error(fault))?;
    }
    let outside = if subset.part == Part::Document { 0 } else { reader.depth() - 1 };
    let mut seen_root = false;
    while let Some(event) = reader.next()? {
        match event {
            Event::Start(element) if subset.without.contains(&element.start) => {
                seen_root = true;
                skip(&mut reader, element.start)?;
            }
            Event::Start(element) => {
                seen_root = true;
                walk.start(&reader, element, &[]).map_err(|fault| document.error(fault))?;
            }
            Event::End { name, .. } => {
                walk.end(name);
                if reader.depth() == outside && subset.part != Part::Document {
                    break;
                }
            }
            Event::Text(raw) => walk.out.text(raw),
            Event::Cdata(raw) => walk.out.cdata(raw),
            Event::Comment(raw) if walk.comments => {
                walk.beside(reader.depth(), seen_root, |out| {
                    out.put("<!--");
                    out.line_ends(raw);
                    out.put("-->");
                });
            }
            Event::Comment(_) => {}
            Event::Instruction { target, data } => walk.beside(reader.depth(), seen_root, |out| {
                out.put("<?");
                out.put(target);
                if !data.is_empty() {
                    out.put(" ");
                    out.line_ends(data);
                }
                out.put("?>");
            }),
        }
    }
    walk.out.finish();
    Ok(())
}

/// An `xml:` attribute that an element has from around it: its local name, and its value after normalisation.
type Inherited<'a> = (&'a str, Cow<'a, str>);

/// Reads up to the start tag at `start`; returns it and the `xml:` attributes of the elements around it, the outermost
/// first.
fn go_to<'a>(
    reader: &mut Reader<'_, 'a>,
    document: &Document<'a>,
    start: usize,
) -> Result<(Element<'a>, Vec<Attribute<'a>>), XmlError> {
    let mut around: Vec<(usize, Attribute<'a>)> = Vec::new();
    while let Some(event) = reader.next()? {
        match event {
            Event::Start(element) if element.start == start => {
                return Ok((element, around.into_iter().map(|(_, attribute)| attribute).collect()));
            }
            Event::Start(_) => {
                let depth = reader.depth();
                let own = reader.attributes().iter().filter(|attribute| attribute.uri == UriId::XML);
                around.extend(own.map(|attribute| (depth, *attribute)));
            }
            Event::End { .. } => {
                while around.last().is_some_and(|(depth, _)| *depth > reader.depth()) {
                    around.pop();
                }
            }
            _ => {}
        }
    }
    Err(document.error(Fault { kind: XmlErrorKind::Expected("an element"), offset: start }))
}

/// What the apex gets from `around` it, beside or instead of its `own` attributes (C14N 1.0 §2.4, C14N 1.1 §2.4).
fn inherited<'a>(
    around: &[Attribute<'a>],
    own: &[Attribute<'a>],
    version: Version,
) -> Result<Vec<Inherited<'a>>, XmlErrorKind> {
    let own = || own.iter().filter(|attribute| attribute.uri == UriId::XML);
    let simple = |local: &str| match version {
        Version::Inclusive10 => true,
        Version::Inclusive11 => matches!(local, "lang" | "space"),
        Version::Exclusive => false,
    };
    // The nearest counts.
    let mut known: HashSet<&str> = own().map(|attribute| attribute.local).collect();
    let nearest = around.iter().rev().filter(|attribute| simple(attribute.local) && known.insert(attribute.local));
    let mut found: Vec<Inherited<'a>> =
        nearest.map(|attribute| (attribute.local, attribute_value(attribute.value))).collect();
    if version == Version::Inclusive11 && around.iter().any(|attribute| attribute.local == "base") {
        let mut joined = String::new();
        for attribute in around.iter().chain(own()).filter(|attribute| attribute.local == "base") {
            joined = base::join(&joined, &attribute_value(attribute.value));
            if joined.len() > MAX_NAMESPACE_LEN {
                return Err(XmlErrorKind::LongBase);
            }
        }
        found.push(("base", Cow::Owned(joined)));
    }
    Ok(found)
}

/// Reads to the end of the element whose start tag was just read.
fn skip(reader: &mut Reader<'_, '_>, element: usize) -> Result<(), XmlError> {
    while let Some(event) = reader.next()? {
        if matches!(event, Event::End { start, .. } if start == element) {
            break;
        }
    }
    Ok(())
}

struct Walk<'m, 's> {
    method: &'m Method,
    exclusive: bool,
    comments: bool,
    /// By prefix: what the output has declared it to be; the last counts.
    rendered: Vec<Vec<UriId>>,
    /// Prefixes in the order of their declarations in the output.
    log: Vec<PrefixId>,
    /// Length of the log before each open element.
    marks: Vec<usize>,
    candidates: Vec<PrefixId>,
    out: Output<'s>,
}

impl Walk<'_, '_> {
    /// A node that outside of the document element gets a line of its own.
    fn beside(&mut self, depth: usize, seen_root: bool, write: impl FnOnce(&mut Output<'_>)) {
        if depth == 0 && seen_root {
            self.out.put("\n");
        }
        write(&mut self.out);
        if depth == 0 && !seen_root {
            self.out.put("\n");
        }
    }

    fn start<'a>(
        &mut self,
        reader: &Reader<'_, 'a>,
        element: Element<'a>,
        inherited: &[Inherited<'a>],
    ) -> Result<(), Fault> {
        let apex = self.marks.is_empty();
        self.marks.push(self.log.len());
        self.out.put("<");
        self.out.put(element.name);
        self.namespaces(reader, element, apex)?;
        if inherited.is_empty() {
            for attribute in reader.attributes() {
                self.name(attribute.name);
                self.out.value(attribute.value);
                self.out.put("\"");
            }
        } else {
            self.attributes_of_apex(reader, inherited);
        }
        self.out.put(">");
        Ok(())
    }

    fn name(&mut self, name: &str) {
        self.out.put(" ");
        self.out.put(name);
        self.out.put("=\"");
    }

    fn attributes_of_apex(&mut self, reader: &Reader<'_, '_>, inherited: &[Inherited<'_>]) {
        // Only a joined base replaces one of the element's own.
        let joined = inherited.iter().any(|(local, _)| *local == "base");
        let replaced =
            |attribute: &&Attribute<'_>| !(joined && attribute.uri == UriId::XML && attribute.local == "base");
        let xml = reader.scope().uri(UriId::XML);
        let own = reader.attributes().iter().filter(replaced);
        let mut all: Vec<(&str, &str, &str, Cow<'_, str>)> = own
            .map(|attribute| {
                let uri = reader.scope().uri(attribute.uri);
                (uri, attribute.local, attribute.name, attribute_value(attribute.value))
            })
            .collect();
        let names: Vec<String> = inherited.iter().map(|(local, _)| format!("xml:{local}")).collect();
        for ((local, value), name) in inherited.iter().zip(&names) {
            // A base that joins to nothing is none (C14N 1.1 §2.4).
            if *local != "base" || !value.is_empty() {
                all.push((xml, local, name, value.clone()));
            }
        }
        all.sort();
        for (_, _, name, value) in all {
            self.name(name);
            self.out.normalised_value(&value);
            self.out.put("\"");
        }
    }

    fn namespaces(&mut self, reader: &Reader<'_, '_>, element: Element<'_>, apex: bool) -> Result<(), Fault> {
        let scope = reader.scope();
        let relative = Fault { kind: XmlErrorKind::RelativeNamespace, offset: element.start };
        if reader.declared().iter().filter_map(|prefix| scope.lookup(*prefix)).any(|uri| is_relative(scope.uri(uri))) {
            return Err(relative);
        }
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        if self.exclusive {
            candidates.push(element.prefix);
            let prefixed = reader.attributes().iter().filter(|attribute| attribute.prefix != PrefixId::EMPTY);
            candidates.extend(prefixed.map(|attribute| attribute.prefix));
            let listed = self.method.inclusive_prefixes.iter();
            if apex {
                candidates.extend(listed.filter_map(|name| scope.prefix(name)));
            } else {
                // What the output says of these prefixes is always what the document says: only a declaration matters.
                let declared = reader.declared().iter();
                candidates.extend(declared.filter(|prefix| listed.clone().any(|name| name == scope.name(**prefix))));
            }
        } else if apex {
            candidates.extend(scope.prefixes());
        } else {
            candidates.extend(reader.declared());
        }
        candidates.retain(|prefix| {
            let here = scope.lookup(*prefix);
            here.is_some_and(|uri| uri != UriId::XML) && here != self.rendered(*prefix)
        });
        if candidates.len() > 1 {
            candidates.sort_by_key(|prefix| scope.prefix_rank(*prefix));
            candidates.dedup();
        }
        for prefix in &candidates {
            let Some(uri) = scope.lookup(*prefix) else { continue };
            if is_relative(scope.uri(uri)) {
                return Err(relative);
            }
            self.render(*prefix, uri);
            self.out.put(if *prefix == PrefixId::EMPTY { " xmlns" } else { " xmlns:" });
            self.out.put(scope.name(*prefix));
            self.out.put("=\"");
            self.out.normalised_value(scope.uri(uri));
            self.out.put("\"");
        }
        self.candidates = candidates;
        Ok(())
    }

    fn rendered(&self, prefix: PrefixId) -> Option<UriId> {
        let last = self.rendered.get(prefix.index()).and_then(|stack| stack.last()).copied();
        last.or((prefix == PrefixId::EMPTY).then_some(UriId::NONE))
    }

    fn render(&mut self, prefix: PrefixId, uri: UriId) {
        if self.rendered.len() <= prefix.index() {
            self.rendered.resize_with(prefix.index() + 1, Vec::new);
        }
        if let Some(stack) = self.rendered.get_mut(prefix.index()) {
            stack.push(uri);
            self.log.push(prefix);
        }
    }

    fn end(&mut self, name: &str) {
        self.out.put("</");
        self.out.put(name);
        self.out.put(">");
        let mark = self.marks.pop().unwrap_or_default();
        for prefix in self.log.drain(mark.min(self.log.len())..) {
            if let Some(stack) = self.rendered.get_mut(prefix.index()) {
                stack.pop();
            }
        }
    }
}

/// Whether a namespace is no absolute URI. No namespace is none.
fn is_relative(uri: &str) -> bool {
    let scheme = uri.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    !uri.is_empty() && !is_scheme
}
