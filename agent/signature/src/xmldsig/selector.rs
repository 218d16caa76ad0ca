//! Naming an element of a document: what callers of signXml write as XPath, as far as it names elements plainly.
//!
//! Understood are steps with `/` and `//` from the document on, each a name as it is written in the document (with its
//! prefix) or `*`, with conditions `@name`, `@name='value'`, `name()='…'` and `local-name()='…'`, several joined by `and`
//! or in brackets of their own. Prefixes are not resolved: XPath would need declarations that no caller can give here.
//! Anything else, functions, axes and positions above all, is refused rather than guessed at.

use super::xml::{Element, Reader, attribute_value};

const MAX_LEN: usize = 4096;
const MAX_STEPS: usize = 32;

/// Which element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    /// At any depth below, rather than directly below.
    anywhere: bool,
    /// As written in the document; `None`: any.
    name: Option<String>,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Name(String),
    LocalName(String),
    /// The attribute of that name, as written, is there, and has that value if one is given.
    Attribute(String, Option<String>),
}

/// Why an expression is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("XPath: expected {expected} at byte {offset}")]
pub struct SelectorError {
    /// What is understood there.
    pub expected: &'static str,
    /// Octets before the place.
    pub offset: usize,
}

impl Selector {
    /// The element, wherever it is, that has this name as it is written, with its prefix.
    pub fn by_name(name: &str) -> Self {
        Self { steps: vec![Step { anywhere: true, name: Some(name.to_owned()), conditions: Vec::new() }] }
    }

    /// Reads an expression.
    pub fn from_xpath(expression: &str) -> Result<Self, SelectorError> {
        let mut parser = Parser { text: expression, position: 0 };
        if expression.len() > MAX_LEN {
            return Err(parser.expected("a shorter expression"));
        }
        let mut steps = Vec::new();
        parser.space();
        // A path without a slash in front begins at the document too.
        let mut anywhere = parser.skip("//");
        if !anywhere {
            parser.skip("/");
        }
        loop {
            if steps.len() == MAX_STEPS {
                return Err(parser.expected("fewer steps"));
            }
            steps.push(parser.step(anywhere)?);
            parser.space();
            anywhere = parser.skip("//");
            if !anywhere && !parser.skip("/") {
                break;
            }
        }
        if parser.rest().is_empty() { Ok(Self { steps }) } else { Err(parser.expected("/, // or the end")) }
    }
}

struct Parser<'p> {
    text: &'p str,
    position: usize,
}

impl<'p> Parser<'p> {
    fn rest(&self) -> &'p str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> SelectorError {
        SelectorError { expected, offset: self.position }
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start().len();
    }

    fn skip(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.position += what.len();
        }
        found
    }

    fn name(&mut self) -> Result<String, SelectorError> {
        let rest = self.rest();
        let stop = |c: char| c.is_whitespace() || "/@[]()='\"*,|!<>+$&".contains(c);
        let name = rest.get(..rest.find(stop).unwrap_or(rest.len())).unwrap_or_default();
        let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if !begins || name.contains("::") {
            return Err(self.expected("a name"));
        }
        self.position += name.len();
        Ok(name.to_owned())
    }

    fn step(&mut self, anywhere: bool) -> Result<Step, SelectorError> {
        self.space();
        let name = if self.skip("*") { None } else { Some(self.name()?) };
        let mut conditions = Vec::new();
        self.space();
        while self.skip("[") {
            loop {
                self.space();
                conditions.push(self.condition()?);
                self.space();
                if !self.skip("and ") {
                    break;
                }
            }
            if !self.skip("]") {
                return Err(self.expected("]"));
            }
            self.space();
        }
        Ok(Step { anywhere, name, conditions })
    }

    fn condition(&mut self) -> Result<Condition, SelectorError> {
        if self.skip("@") {
            let name = self.name()?;
            self.space();
            let value = if self.rest().starts_with('=') { Some(self.literal()?) } else { None };
            return Ok(Condition::Attribute(name, value));
        }
        for (function, condition) in
            [("local-name()", Condition::LocalName as fn(String) -> Condition), ("name()", Condition::Name)]
        {
            if self.skip(function) {
                self.space();
                return self.literal().map(condition);
            }
        }
        Err(self.expected("@name, name() or local-name()"))
    }

    /// `='…'`.
    fn literal(&mut self) -> Result<String, SelectorError> {
        if !self.skip("=") {
            return Err(self.expected("="));
        }
        self.space();
        let quote = if self.skip("'") { '\'' } else { '"' };
        if quote == '"' && !self.skip("\"") {
            return Err(self.expected("a text in quotation marks"));
        }
        let rest = self.rest();
        let end = rest.find(quote).ok_or(self.expected("the closing quotation mark"))?;
        self.position += end + 1;
        Ok(rest.get(..end).unwrap_or_default().to_owned())
    }
}

/// Follows a selector through a document.
pub(super) struct Matcher<'s> {
    selector: &'s Selector,
    /// For the document and each open element: bit n, when step n is to be looked for among its children.
    wanted: Vec<u64>,
}

impl<'s> Matcher<'s> {
    pub(super) fn new(selector: &'s Selector) -> Self {
        Self { selector, wanted: vec![1] }
    }

    /// Whether the element that was just entered is one that the selector names.
    pub(super) fn enter(&mut self, element: &Element<'_>, reader: &Reader<'_, '_>) -> bool {
        let around = self.wanted.last().copied().unwrap_or_default();
        let mut inside = 0;
        for (number, step) in self.selector.steps.iter().enumerate().filter(|(number, _)| around >> number & 1 == 1) {
            if step.anywhere {
                inside |= 1 << number;
            }
            if step.matches(element, reader) {
                inside |= 1 << (number + 1);
            }
        }
        self.wanted.push(inside);
        inside >> self.selector.steps.len() & 1 == 1
    }

    pub(super) fn leave(&mut self) {
        self.wanted.pop();
    }
}

impl Step {
    fn matches(&self, element: &Element<'_>, reader: &Reader<'_, '_>) -> bool {
        self.name.as_deref().is_none_or(|name| name == element.name)
            && self.conditions.iter().all(|condition| match condition {
                Condition::Name(name) => name == element.name,
                Condition::LocalName(name) => name == element.local,
                Condition::Attribute(name, value) => reader.attributes().iter().any(|attribute| {
                    attribute.name == name
                        && value.as_deref().is_none_or(|value| attribute_value(attribute.value) == value)
                }),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::xml::{Document, Event};
    use super::*;

    const DOCUMENT: &str =
        "<r xmlns:p='urn:p'><a Id='1'><b/><a Id='2' x='y'><p:b>t</p:b></a></a><c><b q='&lt;'/></c></r>";

    /// The start tags that an expression names.
    fn named(xpath: &str) -> Vec<&str> {
        let selector = Selector::from_xpath(xpath).unwrap();
        let document = Document::new(DOCUMENT.as_bytes()).unwrap();
        let mut reader = Reader::new(&document);
        let mut matcher = Matcher::new(&selector);
        let mut found = Vec::new();
        while let Some(event) = reader.next().unwrap() {
            match event {
                Event::Start(element) if matcher.enter(&element, &reader) => {
                    found.push(&DOCUMENT[element.start..element.content]);
                }
                Event::End { .. } => matcher.leave(),
                _ => {}
            }
        }
        found
    }

    #[test]
    fn plain_paths_name_elements() {
        assert_eq!(named("/r/a"), ["<a Id='1'>"]);
        assert_eq!(named("r/a"), ["<a Id='1'>"]);
        assert_eq!(named("//a"), ["<a Id='1'>", "<a Id='2' x='y'>"]);
        assert_eq!(named("/r//b"), ["<b/>", "<b q='&lt;'/>"]);
        assert_eq!(named("//p:b"), ["<p:b>"]);
        assert_eq!(named("//*[local-name()='b']"), ["<b/>", "<p:b>", "<b q='&lt;'/>"]);
        assert_eq!(named(" //*[ name() = \"p:b\" ] "), ["<p:b>"]);
        assert_eq!(named("//*[@Id='2']"), ["<a Id='2' x='y'>"]);
        assert_eq!(named("//a[@Id][@x='y']"), named("//a[@Id and @x = 'y']"));
        assert_eq!(named("//a[@x]//*"), ["<p:b>"]);
        assert_eq!(named("/*/*/*[@q='<']"), ["<b q='&lt;'/>"]);
        assert!(named("/a").is_empty());
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_place() {
        for (xpath, offset) in [
            ("", 0),
            ("/", 1),
            ("/r/a[1]", 5),
            ("/r/a[last()]", 5),
            ("id('x')", 2),
            ("/r/text()", 7),
            ("//a | //b", 4),
            ("/descendant::a", 1),
            ("/r/..", 3),
            ("//a[@Id='1]", 9),
            ("//a[@Id='1'", 11),
            ("//a[@Id='1' or @x]", 12),
        ] {
            assert_eq!(Selector::from_xpath(xpath).unwrap_err().offset, offset, "{xpath}");
        }
        assert!(Selector::from_xpath(&"/a".repeat(33)).is_err());
        assert!(Selector::from_xpath(&"a".repeat(5000)).is_err());
    }
}
