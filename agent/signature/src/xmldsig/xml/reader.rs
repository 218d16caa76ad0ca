//! A walk over a document: markup with its names resolved, every element closed by its own tag.

use super::document::Document;
use super::scope::Scope;
use super::token::{QName, RawAttribute, Token, Tokenizer};
use super::{Fault, MAX_DEPTH, PrefixId, UriId, XmlError, XmlErrorKind, attribute_value};

/// What stands next in a document. Text and values are as they are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    Start(Element<'a>),
    End {
        /// As written in the start tag.
        name: &'a str,
        /// Where the start tag begins.
        start: usize,
        /// Where the end tag begins; for an element without one, where its tag ends.
        content_end: usize,
        /// Where the element ends.
        end: usize,
    },
    Text(&'a str),
    Cdata(&'a str),
    Comment(&'a str),
    Instruction {
        target: &'a str,
        data: &'a str,
    },
}

/// A start tag. Its attributes are [`Reader::attributes`] until the next event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    /// As written, with its prefix.
    pub(crate) name: &'a str,
    pub(crate) local: &'a str,
    pub(crate) prefix: PrefixId,
    pub(crate) uri: UriId,
    /// Where the tag begins.
    pub(crate) start: usize,
    /// Where the tag ends.
    pub(crate) content: usize,
    /// `<name/>`: there is no end tag.
    pub(crate) empty: bool,
}

/// An attribute that is no namespace declaration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute<'a> {
    /// As written, with its prefix.
    pub(crate) name: &'a str,
    pub(crate) local: &'a str,
    pub(crate) prefix: PrefixId,
    pub(crate) uri: UriId,
    /// As written between the quotes.
    pub(crate) value: &'a str,
    offset: usize,
}

/// A walk over a document.
pub(crate) struct Reader<'d, 'a> {
    document: &'d Document<'a>,
    tokens: Tokenizer<'a>,
    scope: Scope<'a>,
    open: Vec<Open<'a>>,
    /// The element that was just entered ends at once.
    ends: bool,
    seen_root: bool,
    raw: Vec<RawAttribute<'a>>,
    attributes: Vec<Attribute<'a>>,
    declared: Vec<PrefixId>,
}

struct Open<'a> {
    name: &'a str,
    start: usize,
    mark: usize,
}

impl<'d, 'a> Reader<'d, 'a> {
    pub(crate) fn new(document: &'d Document<'a>) -> Self {
        Self {
            document,
            tokens: Tokenizer::new(document.text(), document.body()),
            scope: Scope::new(),
            open: Vec::new(),
            ends: false,
            seen_root: false,
            raw: Vec::new(),
            attributes: Vec::new(),
            declared: Vec::new(),
        }
    }

    /// What prefixes mean; after a start tag, inside of that element.
    pub(crate) fn scope(&self) -> &Scope<'a> {
        &self.scope
    }

    /// The attributes of the start tag that was read last, in the order of their expanded names.
    pub(crate) fn attributes(&self) -> &[Attribute<'a>] {
        &self.attributes
    }

    /// The prefixes that it declares.
    pub(crate) fn declared(&self) -> &[PrefixId] {
        &self.declared
    }

    /// Elements that are open: after a start tag with that element, after an end tag without.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Behind what was read last.
    pub(crate) fn position(&self) -> usize {
        self.tokens.position()
    }

    /// What stands next; `None` behind a whole document.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'a>>, XmlError> {
        self.advance().map_err(|fault| self.document.error(fault))
    }

    fn advance(&mut self) -> Result<Option<Event<'a>>, Fault> {
        if std::mem::take(&mut self.ends) {
            let place = self.tokens.position();
            return self.close(None, place).map(Some);
        }
        loop {
            let offset = self.tokens.position();
            let Some(token) = self.tokens.next(&mut self.raw)? else {
                let whole = self.open.is_empty() && self.seen_root;
                return if whole { Ok(None) } else { Err(Fault { kind: XmlErrorKind::End, offset }) };
            };
            let outside = self.open.is_empty();
            let refused = Err(Fault { kind: XmlErrorKind::OutsideRoot, offset });
            return Ok(Some(match token {
                Token::Start { .. } if outside && self.seen_root => return refused,
                Token::Start { name, empty } => Event::Start(self.enter(name, offset, empty)?),
                Token::End { name } => self.close(Some(name), offset)?,
                Token::Text(text) if outside => {
                    // White space there is no part of the document; a reference to it would be text.
                    if text.bytes().all(super::chars::is_space) {
                        continue;
                    }
                    return refused;
                }
                Token::Cdata(_) if outside => return refused,
                Token::Text(text) => Event::Text(text),
                Token::Cdata(text) => Event::Cdata(text),
                Token::Comment(text) => Event::Comment(text),
                Token::Instruction { target, data } => Event::Instruction { target, data },
            }));
        }
    }

    fn close(&mut self, name: Option<&str>, content_end: usize) -> Result<Event<'a>, Fault> {
        let wrong = Fault { kind: XmlErrorKind::EndTag, offset: content_end };
        let Open { name: opened, start, mark } = self.open.pop().ok_or(wrong)?;
        if name.is_some_and(|name| name != opened) {
            return Err(wrong);
        }
        self.scope.leave(mark);
        Ok(Event::End { name: opened, start, content_end, end: self.tokens.position() })
    }

    fn enter(&mut self, name: QName<'a>, start: usize, empty: bool) -> Result<Element<'a>, Fault> {
        if self.open.len() == MAX_DEPTH {
            return Err(Fault { kind: XmlErrorKind::TooDeep, offset: start });
        }
        self.open.push(Open { name: name.whole, start, mark: self.scope.mark() });
        self.seen_root = true;
        self.ends = empty;
        self.declare()?;
        self.resolve_attributes()?;
        let (prefix, uri) = self.resolve(name.prefix, start)?;
        let content = self.tokens.position();
        Ok(Element { name: name.whole, local: name.local, prefix, uri, start, content, empty })
    }

    fn declare(&mut self) -> Result<(), Fault> {
        self.declared.clear();
        for attribute in &self.raw {
            let prefix = match attribute.name {
                QName { whole: "xmlns", .. } => "",
                QName { prefix: "xmlns", local, .. } => local,
                _ => continue,
            };
            let fault = |kind| Fault { kind, offset: attribute.offset };
            let id = self.scope.declare(prefix, attribute_value(attribute.value)).map_err(fault)?;
            self.declared.push(id);
        }
        self.declared.sort_unstable();
        if self.declared.is_sorted_by(|a, b| a < b) {
            return Ok(());
        }
        let offset = self.raw.first().map_or(0, |attribute| attribute.offset);
        Err(Fault { kind: XmlErrorKind::DuplicateAttribute, offset })
    }

    fn resolve_attributes(&mut self) -> Result<(), Fault> {
        self.attributes.clear();
        for RawAttribute { name, value, offset } in &self.raw {
            if name.whole == "xmlns" || name.prefix == "xmlns" {
                continue;
            }
            // An attribute without a prefix has no namespace, whatever the default is (Namespaces in XML §6.2).
            let (prefix, uri) = match name.prefix {
                "" => (PrefixId::EMPTY, UriId::NONE),
                prefix => self.resolve(prefix, *offset)?,
            };
            let (name, local) = (name.whole, name.local);
            self.attributes.push(Attribute { name, local, prefix, uri, value, offset: *offset });
        }
        let scope = &self.scope;
        let order = |a: &Attribute<'_>, b: &Attribute<'_>| {
            scope.uri_rank(a.uri).cmp(&scope.uri_rank(b.uri)).then_with(|| a.local.cmp(b.local))
        };
        if self.attributes.len() > 1 {
            self.attributes.sort_by(order);
        }
        let twins = self.attributes.windows(2).find_map(|pair| match pair {
            [a, b] if order(a, b).is_eq() => Some(a.offset.max(b.offset)),
            _ => None,
        });
        twins.map_or(Ok(()), |offset| Err(Fault { kind: XmlErrorKind::DuplicateAttribute, offset }))
    }

    fn resolve(&self, prefix: &str, offset: usize) -> Result<(PrefixId, UriId), Fault> {
        let unbound = Fault { kind: XmlErrorKind::UnboundPrefix, offset };
        let id = self.scope.prefix(prefix).ok_or(unbound)?;
        Ok((id, self.scope.lookup(id).ok_or(unbound)?))
    }
}
