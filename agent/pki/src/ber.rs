//! BER to DER, for the files whose writers stream: NCA key files (kz-crypto 7.1) and some CMS.
//!
//! What is changed: indefinite lengths become definite, lengths take their shortest form, and a constructed OCTET
//! STRING is joined to a primitive one. What is not: the content of primitive elements (so an OCTET STRING that holds
//! BER is normalised by a second call on its content), the order of a SET OF, and `[n]` IMPLICIT OCTET STRINGs, which
//! cannot be told from `[n]` EXPLICIT without the schema: such a constructed `[n]` keeps its (normalised) chunks.
//!
//! Work and memory are linear in the input: one list of elements, bounded by [`Limits::max_elements`], no recursion.

use crate::tlv;

/// How much is accepted before giving up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets of input.
    pub max_len: usize,
    /// Elements inside one another. Values above 32 count as 32.
    pub max_depth: usize,
    /// Elements in all.
    pub max_elements: usize,
}

impl Limits {
    /// Enough for any key file: 1 MiB, 32 levels, 10 000 elements.
    pub const KEY_FILE: Self = Self { max_len: 1 << 20, max_depth: 32, max_elements: 10_000 };
}

const DEEPEST: usize = 32;

/// Why bytes are not acceptable BER, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: {kind}")]
pub struct BerError {
    /// From the start of the input.
    pub offset: usize,
    /// What is wrong.
    pub kind: BerErrorKind,
}

/// The ways in which bytes fail to be acceptable BER.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BerErrorKind {
    /// The bytes end inside an element.
    #[error("the data ends in the middle of an element")]
    Truncated,
    /// More than [`Limits::max_len`] octets.
    #[error("more than {0} bytes")]
    TooLong(usize),
    /// More levels than [`Limits::max_depth`].
    #[error("nested deeper than {0} levels")]
    TooDeep(usize),
    /// More than [`Limits::max_elements`] elements.
    #[error("more than {0} elements")]
    TooManyElements(usize),
    /// A tag number of 31 or above.
    #[error("tag numbers above 30 are not used here")]
    HighTag,
    /// A length of more than eight octets, or the reserved form.
    #[error("a length that cannot be")]
    Length,
    /// An element is longer than the one around it.
    #[error("an element reaches beyond the one around it")]
    Overrun,
    /// The indefinite form on a primitive element.
    #[error("a primitive element without a length")]
    IndefinitePrimitive,
    /// End-of-contents octets where none are due.
    #[error("end-of-contents outside of an element of indefinite length")]
    StrayEnd,
    /// A universal type in constructed form that DER has only primitive, other than OCTET STRING.
    #[error("a constructed form of tag {0:#04x}")]
    ConstructedPrimitive(u8),
    /// A SEQUENCE or SET in primitive form.
    #[error("a primitive form of tag {0:#04x}")]
    PrimitiveConstructed(u8),
    /// Something other than OCTET STRINGs inside a constructed OCTET STRING.
    #[error("a piece of an OCTET STRING has tag {0:#04x}")]
    Piece(u8),
    /// Bytes after the element.
    #[error("unexpected bytes after the element")]
    Trailing,
}

const CONSTRUCTED: u8 = 0x20;
const CONSTRUCTED_OCTETS: u8 = tlv::OCTET_STRING | CONSTRUCTED;

/// What becomes of an element in the output.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Emit {
    /// Header and content (or children).
    Whole,
    /// A piece of an OCTET STRING: its content only.
    Bare,
}

struct Node<'a> {
    tag: u8,
    emit: Emit,
    /// Content of primitive elements.
    content: &'a [u8],
    /// Octets of content in the output.
    output_len: usize,
}

struct Frame {
    node: usize,
    /// End of the content, when the length was definite.
    end: Option<usize>,
    /// Nothing inside may reach beyond this.
    limit: usize,
    /// Children are pieces of an OCTET STRING.
    joins: bool,
}

/// The DER of the one BER element that `bytes` consists of.
pub fn to_der(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, BerError> {
    let (nodes, end) = scan(bytes, limits)?;
    if end != bytes.len() {
        return Err(BerError { offset: end, kind: BerErrorKind::Trailing });
    }
    let mut out = Vec::with_capacity(bytes.len());
    for node in &nodes {
        if node.emit == Emit::Whole {
            tlv::write_header(&mut out, node.tag, node.output_len);
        }
        out.extend_from_slice(node.content);
    }
    Ok(out)
}

/// Splits `bytes` after its first BER element, whose structure is checked: (element, rest).
pub fn whole_element<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(&'a [u8], &'a [u8]), BerError> {
    let (_, end) = scan(bytes, limits)?;
    bytes.split_at_checked(end).ok_or(BerError { offset: bytes.len(), kind: BerErrorKind::Truncated })
}

/// Elements in the order of their headers, and where the outermost one ends.
fn scan<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Vec<Node<'a>>, usize), BerError> {
    if bytes.len() > limits.max_len {
        return Err(BerError { offset: limits.max_len, kind: BerErrorKind::TooLong(limits.max_len) });
    }
    let max_depth = limits.max_depth.min(DEEPEST);
    let mut nodes: Vec<Node<'a>> = Vec::new();
    let mut frames: Vec<Frame> = Vec::new();
    let mut position = 0;
    loop {
        // Close everything that ends here.
        while let Some(frame) = frames.last() {
            match frame.end {
                Some(end) if position == end => {}
                None if bytes.get(position..frame.limit).is_some_and(|rest| rest.starts_with(&[0, 0])) => position += 2,
                _ => break,
            }
            let node = frame.node;
            frames.pop();
            let added = nodes.get(node).map_or(0, |node| emitted_len(node.emit, node.output_len));
            grow_parent(&mut nodes, &frames, added);
        }
        if frames.is_empty() && !nodes.is_empty() {
            return Ok((nodes, position));
        }

        let fail = |kind| BerError { offset: position, kind };
        let (limit, joins) = frames.last().map_or((bytes.len(), false), |frame| (frame.limit, frame.joins));
        let header = header(bytes.get(position..limit).unwrap_or_default()).map_err(fail)?;
        let (tag, start) = (header.tag, position + header.len);
        let constructed = tag & CONSTRUCTED != 0;
        if tag == 0 {
            return Err(fail(BerErrorKind::StrayEnd));
        }
        if joins && tag != tlv::OCTET_STRING && tag != CONSTRUCTED_OCTETS {
            return Err(fail(BerErrorKind::Piece(tag)));
        }
        check_form(tag).map_err(fail)?;
        if nodes.len() >= limits.max_elements {
            return Err(fail(BerErrorKind::TooManyElements(limits.max_elements)));
        }
        if frames.len() >= max_depth {
            return Err(fail(BerErrorKind::TooDeep(max_depth)));
        }
        let end = match header.content {
            None if !constructed => return Err(fail(BerErrorKind::IndefinitePrimitive)),
            None => None,
            Some(length) => match start.checked_add(length) {
                Some(end) if end <= limit => Some(end),
                // Beyond the input is truncation; beyond the enclosing element is a lie about a length.
                Some(end) if end <= bytes.len() => return Err(fail(BerErrorKind::Overrun)),
                _ => return Err(fail(BerErrorKind::Truncated)),
            },
        };
        let emit = if joins { Emit::Bare } else { Emit::Whole };
        if constructed {
            let octets = tag == CONSTRUCTED_OCTETS;
            frames.push(Frame { node: nodes.len(), end, limit: end.unwrap_or(limit), joins: octets });
            let tag = if octets { tlv::OCTET_STRING } else { tag };
            nodes.push(Node { tag, emit, content: &[], output_len: 0 });
            position = start;
        } else {
            let end = end.unwrap_or(start);
            let content = bytes.get(start..end).unwrap_or_default();
            nodes.push(Node { tag, emit, content, output_len: content.len() });
            grow_parent(&mut nodes, &frames, emitted_len(emit, content.len()));
            if frames.is_empty() {
                return Ok((nodes, end));
            }
            position = end;
        }
    }
}

fn grow_parent(nodes: &mut [Node<'_>], frames: &[Frame], added: usize) {
    if let Some(parent) = frames.last().and_then(|frame| nodes.get_mut(frame.node)) {
        parent.output_len += added;
    }
}

const fn emitted_len(emit: Emit, content: usize) -> usize {
    match emit {
        Emit::Whole => tlv::header_len(content) + content,
        Emit::Bare => content,
    }
}

/// Universal types have one form in DER; OCTET STRING may be constructed here because it will be joined.
const fn check_form(tag: u8) -> Result<(), BerErrorKind> {
    if tag & 0xc0 != 0 {
        return Ok(());
    }
    // EXTERNAL, EMBEDDED PDV, SEQUENCE, SET
    let naturally_constructed = matches!(tag & 0x1f, 8 | 11 | 16 | 17);
    match (naturally_constructed, tag & CONSTRUCTED != 0) {
        (true, false) => Err(BerErrorKind::PrimitiveConstructed(tag)),
        (false, true) if tag != CONSTRUCTED_OCTETS => Err(BerErrorKind::ConstructedPrimitive(tag)),
        _ => Ok(()),
    }
}

struct Header {
    tag: u8,
    len: usize,
    /// `None`: indefinite.
    content: Option<usize>,
}

fn header(bytes: &[u8]) -> Result<Header, BerErrorKind> {
    let (tag, first, rest) = match bytes {
        [tag, ..] if tag & 0x1f == 0x1f => return Err(BerErrorKind::HighTag),
        [tag, first, rest @ ..] => (*tag, *first, rest),
        _ => return Err(BerErrorKind::Truncated),
    };
    match first {
        0x00..=0x7f => Ok(Header { tag, len: 2, content: Some(usize::from(first)) }),
        0x80 => Ok(Header { tag, len: 2, content: None }),
        0x81..=0x88 => {
            let count = usize::from(first & 0x7f);
            let digits = rest.get(..count).ok_or(BerErrorKind::Truncated)?;
            let length = digits.iter().fold(0_u64, |length, digit| length << 8 | u64::from(*digit));
            let length = usize::try_from(length).map_err(|_| BerErrorKind::Length)?;
            Ok(Header { tag, len: 2 + count, content: Some(length) })
        }
        _ => Err(BerErrorKind::Length),
    }
}
