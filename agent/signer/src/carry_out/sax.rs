//! What Java's reader says of a document that is no XML: pages show it, and some compare it.

use signature::xmldsig::xml::{XmlError, XmlErrorKind};

/// The text of `org.xml.sax.SAXParseException` (ncalayer-protocol 4.4). The one for an unfinished document is recorded
/// there; the others that Java's reader is known for are spelled as it spells them, and what it does not know is said in
/// our words. Its column is that of the character behind what it could not read, as ours is for what is recorded; for
/// other errors it may differ by some characters.
pub(super) fn exception(document: &[u8], error: &XmlError) -> String {
    let is_blank = document.iter().all(u8::is_ascii_whitespace);
    let before_root = document.get(..error.offset).unwrap_or_default().iter().all(u8::is_ascii_whitespace);
    let message = match error.kind {
        XmlErrorKind::End if is_blank => "Premature end of file.".to_owned(),
        XmlErrorKind::End => "XML document structures must start and end within the same entity.".to_owned(),
        XmlErrorKind::OutsideRoot if before_root => "Content is not allowed in prolog.".to_owned(),
        XmlErrorKind::OutsideRoot if document.get(error.offset) == Some(&b'<') => {
            "The markup in the document following the root element must be well-formed.".to_owned()
        }
        XmlErrorKind::OutsideRoot => "Content is not allowed in trailing section.".to_owned(),
        kind => format!("{kind}."),
    };
    let (line, column) = (error.line, error.column);
    format!("org.xml.sax.SAXParseException; lineNumber: {line}; columnNumber: {column}; {message}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use signature::xmldsig::{Form, Layout, SignError, check};

    fn said(document: &[u8]) -> String {
        match check(document, &Form::enveloped(Layout::Lines)) {
            Err(SignError::Xml(error)) => exception(document, &error),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_unfinished_document_is_what_was_recorded() {
        assert_eq!(
            said(b"<root><name>Ivan</name> "),
            "org.xml.sax.SAXParseException; lineNumber: 1; columnNumber: 25; XML document structures must start and end \
             within the same entity."
        );
        assert!(
            said("<а>\n<ә".as_bytes()).starts_with("org.xml.sax.SAXParseException; lineNumber: 2; columnNumber: 3; ")
        );
    }

    #[test]
    fn what_is_no_xml_at_all_is_told_apart() {
        for (document, message) in [
            (&b""[..], "Premature end of file."),
            (b" \n", "Premature end of file."),
            (b"hello", "Content is not allowed in prolog."),
            (b"<a/>b", "Content is not allowed in trailing section."),
            (b"<a/><b/>", "The markup in the document following the root element must be well-formed."),
            (b"<a></b>", "the end tag does not belong to the open element."),
        ] {
            let said = said(document);
            assert!(said.ends_with(message), "{said}");
        }
    }
}
