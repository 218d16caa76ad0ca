//! Finding what is to be signed and where the signature goes.

use std::ops::Range;

use super::c14n::Version;
use super::index::by_ids;
use super::make::{Form, Role, SignError, Signed};
use super::place::Place;
use super::selector::Matcher;
use super::subject::{Identified, Subject};
use super::tree::WSU_NAMESPACE;
use super::xml::{Attribute, Document, Element, Event, Reader, UriId, attribute_value, is_nmtoken};

pub(super) struct Located {
    pub(super) subject: Subject,
    /// The end of the element that the signature goes into.
    pub(super) parent: Place,
}

pub(super) fn locate(document: &Document<'_>, form: &Form) -> Result<Located, SignError> {
    let (selector, id_attribute) = match &form.signed {
        Signed::Document => (None, None),
        Signed::Element { selector, id_attribute } => (Some(selector), id_attribute.as_deref()),
    };
    let mut signed = selector.map(Matcher::new);
    let mut parent = form.parent.as_ref().map(Matcher::new);
    let mut signed_places: Vec<(Range<usize>, Option<String>)> = Vec::new();
    let mut parent_places: Vec<Place> = Vec::new();
    let mut reader = Reader::new(document);
    while let Some(event) = reader.next()? {
        match event {
            Event::Start(element) => {
                if signed.as_mut().is_some_and(|matcher| matcher.enter(&element, &reader)) {
                    signed_places.push((element.start..element.content, identifier(&reader, id_attribute)));
                }
                let is_parent = match &mut parent {
                    Some(matcher) => matcher.enter(&element, &reader),
                    None => reader.depth() == 1,
                };
                if is_parent {
                    parent_places.push(Place::of(&element));
                }
                // Two are enough to know that it is not one.
                signed_places.truncate(2);
                parent_places.truncate(2);
            }
            Event::End { start, content_end, end, .. } => {
                signed.iter_mut().chain(&mut parent).for_each(Matcher::leave);
                for (place, _) in signed_places.iter_mut().filter(|(place, _)| place.start == start) {
                    place.end = end;
                }
                for place in parent_places.iter_mut().filter(|place| place.element.start == start) {
                    place.close(content_end, end);
                }
            }
            _ => {}
        }
    }
    let parent = one(parent_places, Role::Parent)?;
    if selector.is_none() {
        return Ok(Located { subject: Subject::Document, parent });
    }
    let (place, id) = one(signed_places, Role::Signed)?;
    let id = id.filter(|id| is_nmtoken(id)).ok_or(SignError::NoId)?;
    unique(document, &id, id_attribute)?;
    let enveloped = place.start <= parent.element.start && parent.element.end <= place.end;
    let id_attribute = id_attribute.map(str::to_owned);
    let version = Version::Inclusive10;
    let element = Identified { id, id_attribute, start: place.start, enveloped, version };
    Ok(Located { subject: Subject::Element(element), parent })
}

fn one<T>(mut found: Vec<T>, role: Role) -> Result<T, SignError> {
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(SignError::SeveralElements(role)),
        (None, _) => Err(SignError::NoElement(role)),
    }
}

/// The identifier of the element that was just entered.
pub(super) fn identifier(reader: &Reader<'_, '_>, id_attribute: Option<&str>) -> Option<String> {
    let plain = |name: &str| find(reader, |attribute| attribute.uri == UriId::NONE && attribute.local == name);
    if let Some(name) = id_attribute {
        return plain(name);
    }
    let wsu = |attribute: &Attribute<'_>| attribute.local == "Id" && reader.scope().uri(attribute.uri) == WSU_NAMESPACE;
    plain("Id")
        .or_else(|| plain("ID"))
        .or_else(|| plain("id"))
        .or_else(|| find(reader, wsu))
        .or_else(|| find(reader, |attribute| attribute.uri == UriId::XML && attribute.local == "id"))
}

fn find(reader: &Reader<'_, '_>, wanted: impl Fn(&Attribute<'_>) -> bool) -> Option<String> {
    let found = reader.attributes().iter().find(|attribute| wanted(attribute))?;
    Some(attribute_value(found.value).into_owned())
}

/// A verifier refuses a reference that more than one element answers to; so it is not made.
pub(super) fn unique(document: &Document<'_>, id: &str, id_attribute: Option<&str>) -> Result<(), SignError> {
    let found = by_ids(document, &[id.to_owned()], id_attribute)?;
    if found.get(id).is_some_and(|targets| targets.len() == 1) {
        return Ok(());
    }
    Err(SignError::IdRepeated(id.to_owned()))
}

impl Place {
    /// Of the element that was just entered; [`Place::close`] makes it whole.
    pub(super) fn of(element: &Element<'_>) -> Self {
        Self {
            name: element.name.to_owned(),
            element: element.start..element.content,
            content_end: element.content,
            empty: element.empty,
        }
    }

    pub(super) fn close(&mut self, content_end: usize, end: usize) {
        self.content_end = content_end;
        self.element.end = end;
    }
}
