//! XML laid out for reading: a line for each element, white space only where there is none that counts. Where an element
//! is signed and not the document, it stands between the nearest lines of what is not.

use crate::unseen::push_visible;
use crate::window::{Extent, LaidOut, Share, XmlLine};
use signature::xmldsig::{Ended, Piece, PieceKind, pieces};
use std::ops::Range;

/// On the way to an element that is signed, so many times as many pieces of the document are looked at as octets are shown.
const PIECES_BEFORE: usize = 16;

/// How many lines are shown on either side of an element that is signed.
const LINES_BESIDE: usize = 6;

/// How many pieces on either side are looked at for them.
const PIECES_BESIDE: usize = 64;

/// The most octets of one of these pieces: there may be a whole file in it.
const LONGEST_BESIDE: usize = 300;

/// The most letters of one of these lines: what is signed must not be pushed out of sight.
const LONGEST_LINE_BESIDE: usize = 72;

/// Deeper elements are indented no more.
const DEEPEST_INDENTATION: usize = 16;

/// In the place of lines that are left out.
const LEFT_OUT: &str = "…";

/// Lays out what is signed, where that is a whole document. `whole` is false where its end was cut off before.
pub(super) fn lay_out(octets: &[u8], is_whole: bool, longest: usize) -> Option<LaidOut> {
    let (lines, extent) = signed_lines(octets, is_whole, 0, longest)?;
    Some(LaidOut { lines: of_share(lines, Share::Whole).collect(), extent })
}

/// Lays out an element that is signed, `canonical`, between what stands beside it in its document.
pub(super) fn lay_out_part(
    document: &[u8],
    place: Range<usize>,
    canonical: &[u8],
    is_whole: bool,
    longest: usize,
) -> Option<LaidOut> {
    let text = std::str::from_utf8(document).ok()?;
    let (found, _) = pieces(document, longest.saturating_mul(PIECES_BEFORE));
    let before = found.partition_point(|piece| piece.place.end <= place.start);
    let behind = found.partition_point(|piece| piece.place.start < place.end);
    let (before, behind) = (found.get(..before)?, found.get(behind..)?);

    let depth = depth_behind(0, before);
    let near = before.get(before.len().saturating_sub(PIECES_BESIDE)..)?;
    let far = before.get(..before.len() - near.len())?;
    let mut above = beside(text, near, depth_behind(0, far));
    let (signed, extent) = signed_lines(canonical, is_whole, depth, longest)?;
    let mut below = beside(text, behind.get(..PIECES_BESIDE).unwrap_or(behind), depth);

    let mut lines = Vec::new();
    if !far.is_empty() || above.len() > LINES_BESIDE {
        above.drain(..above.len().saturating_sub(LINES_BESIDE));
        above.insert(0, LEFT_OUT.to_owned());
    }
    if behind.len() > PIECES_BESIDE || below.len() > LINES_BESIDE {
        below.truncate(LINES_BESIDE);
        below.push(LEFT_OUT.to_owned());
    }
    lines.extend(of_share(above, Share::Beside));
    lines.extend(of_share(signed, Share::Signed));
    lines.extend(of_share(below, Share::Beside));
    Some(LaidOut { lines, extent })
}

fn of_share(lines: Vec<String>, share: Share) -> impl Iterator<Item = XmlLine> {
    lines.into_iter().map(move |text| XmlLine { text, share })
}

fn signed_lines(octets: &[u8], is_whole: bool, depth: usize, longest: usize) -> Option<(Vec<String>, Extent)> {
    let text = std::str::from_utf8(octets).ok()?;
    // Nearly every piece takes an octet at least, and most take more.
    let (found, ended) = pieces(octets, longest);
    if ended == Ended::Fault && is_whole || found.is_empty() {
        return None;
    }
    let mut page = Page::new(depth, longest);
    // It is signed, so it is shown; that it is a document's beginning and no piece of it is the reader's business.
    let head = found.first().and_then(|first| text.get(..first.place.start)).unwrap_or_default();
    page.write(head.trim_start_matches('\u{feff}').trim());
    let is_full = page.lay(text, &found, usize::MAX);
    let extent = if is_full || ended != Ended::Whole { Extent::Beginning } else { Extent::Whole };
    Some((page.finish(), extent))
}

fn beside(text: &str, pieces: &[Piece], depth: usize) -> Vec<String> {
    let mut page = Page::new(depth, usize::MAX);
    page.lay(text, pieces, LONGEST_BESIDE);
    page.finish().into_iter().map(short).collect()
}

/// The beginning of a line that is no part of what is signed.
fn short(mut line: String) -> String {
    if let Some((end, _)) = line.char_indices().nth(LONGEST_LINE_BESIDE) {
        line.truncate(end);
        line.push_str(LEFT_OUT);
    }
    line
}

/// How deep it is behind these pieces.
fn depth_behind(depth: usize, pieces: &[Piece]) -> usize {
    pieces.iter().fold(depth, |depth, piece| match piece.kind {
        PieceKind::Start => depth + 1,
        PieceKind::End => depth.saturating_sub(1),
        PieceKind::Empty | PieceKind::Text | PieceKind::Aside => depth,
    })
}

/// An element that is open.
#[derive(Default)]
struct Open {
    /// White space in it is text.
    flows: bool,
    has_elements: bool,
}

/// For each piece that is a start tag, whether white space in the element is text: there is other text beside it, or
/// nothing else, or the document says so.
fn flowing(text: &str, pieces: &[Piece]) -> Vec<bool> {
    #[derive(Default)]
    struct Seen {
        start: Option<usize>,
        text: bool,
        elements: bool,
    }
    let mut flows = vec![false; pieces.len()];
    let mut open: Vec<Seen> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let written = text.get(piece.place.clone()).unwrap_or_default();
        let mut mark = |start: Option<usize>| {
            if let Some(place) = start.and_then(|start| flows.get_mut(start)) {
                *place = true;
            }
        };
        match piece.kind {
            PieceKind::Start | PieceKind::Empty => {
                if let Some(parent) = open.last_mut() {
                    parent.elements = true;
                }
                if written.contains("xml:space") {
                    mark(Some(index));
                }
                if piece.kind == PieceKind::Start {
                    open.push(Seen { start: Some(index), ..Seen::default() });
                }
            }
            PieceKind::Text => {
                if let Some(parent) = open.last_mut() {
                    parent.text = true;
                    if !written.bytes().all(|octet| octet.is_ascii_whitespace()) {
                        mark(parent.start);
                    }
                }
            }
            PieceKind::End => {
                let Some(Seen { start, text, elements }) = open.pop() else { continue };
                if text && !elements {
                    mark(start);
                }
            }
            PieceKind::Aside => {}
        }
    }
    flows
}

/// Lines that are written, at most so many octets.
struct Page {
    lines: Vec<String>,
    line: String,
    depth: usize,
    room: usize,
}

impl Page {
    fn new(depth: usize, room: usize) -> Self {
        Self { lines: Vec::new(), line: String::new(), depth, room }
    }

    /// Writes pieces, each up to so many octets; whether there was no room for all of them.
    fn lay(&mut self, text: &str, pieces: &[Piece], longest: usize) -> bool {
        let flows = flowing(text, pieces);
        let mut open: Vec<Open> = Vec::new();
        let mut flowing = 0_usize;
        for (piece, flows) in pieces.iter().zip(flows) {
            let whole = text.get(piece.place.clone()).unwrap_or_default();
            let written = whole.get(..whole.floor_char_boundary(longest.min(whole.len()))).unwrap_or_default();
            match piece.kind {
                PieceKind::Start | PieceKind::Empty => {
                    if let Some(parent) = open.last_mut() {
                        parent.has_elements = true;
                    }
                    if flowing == 0 {
                        self.begin_line();
                    }
                    self.write(written);
                    if piece.kind == PieceKind::Start {
                        self.depth += 1;
                        flowing += usize::from(flows);
                        open.push(Open { flows, has_elements: false });
                    }
                }
                PieceKind::End => {
                    self.depth = self.depth.saturating_sub(1);
                    // One that was opened before these pieces had others in it.
                    let element = open.pop().unwrap_or(Open { flows: false, has_elements: true });
                    if flowing == 0 && element.has_elements {
                        self.begin_line();
                    }
                    flowing -= usize::from(element.flows);
                    self.write(written);
                }
                PieceKind::Aside => {
                    if flowing == 0 {
                        self.begin_line();
                    }
                    self.write(written);
                }
                PieceKind::Text if flowing > 0 => self.write(written),
                // Only white space, between elements.
                PieceKind::Text => {}
            }
            if written.len() < whole.len() {
                self.write(LEFT_OUT);
            }
            if self.room == 0 {
                return true;
            }
        }
        false
    }

    fn begin_line(&mut self) {
        self.end_line();
        self.line = "  ".repeat(self.depth.min(DEEPEST_INDENTATION));
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            self.lines.push(line);
        }
    }

    /// With what hides made visible.
    fn write(&mut self, text: &str) {
        let mut chars = text.chars().peekable();
        while self.room > 0
            && let Some(c) = chars.next()
        {
            let before = self.line.len();
            match c {
                '\n' => {
                    // Of text: an empty line stays one.
                    self.lines.push(std::mem::take(&mut self.line));
                    self.room = self.room.saturating_sub(1);
                    continue;
                }
                '\r' if chars.peek() == Some(&'\n') => {}
                '\t' => self.line.push(c),
                c => push_visible(&mut self.line, c),
            }
            self.room = self.room.saturating_sub(self.line.len() - before);
        }
        if chars.next().is_some() {
            self.room = 0;
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.end_line();
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: usize = 32 * 1024;

    fn laid_out(text: &str) -> Vec<String> {
        lay_out(text.as_bytes(), true, LONGEST).unwrap().lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn elements_get_lines_of_their_own_and_text_stays_as_it_is() {
        assert_eq!(
            laid_out("<?xml version=\"1.0\"?><a x=\"1\"> <b>one <i>two</i>\n three</b><c/><d></d>\n<e> </e></a>"),
            [
                "<?xml version=\"1.0\"?>",
                "<a x=\"1\">",
                "  <b>one <i>two</i>",
                " three</b>",
                "  <c/>",
                "  <d></d>",
                "  <e> </e>",
                "</a>",
            ]
        );
        assert_eq!(laid_out("<a xml:space='preserve'> <b/> </a>"), ["<a xml:space='preserve'> <b/> </a>"]);
    }

    #[test]
    fn no_letter_is_lost_or_made_and_what_hides_is_seen() {
        let text = "<a>10\u{202e}0<b c='\u{200b}'/></a>";
        assert_eq!(laid_out(text).concat(), "<a>10‹U+202E›0<b c='‹U+200B›'/></a>");
        assert_eq!(laid_out("<a>1\r2\r\n3</a>"), ["<a>1‹U+000D›2", "3</a>"]);
    }

    #[test]
    fn what_is_not_well_formed_is_not_laid_out() {
        for wrong in ["<a><b></a>", "<!DOCTYPE a><a/>", "<a/><b/>", "", "a"] {
            assert_eq!(lay_out(wrong.as_bytes(), true, LONGEST), None, "{wrong}");
        }
        let cut = lay_out(b"<a><b>one</b><c>tw", false, LONGEST).unwrap();
        assert_eq!(cut.extent, Extent::Beginning);
        assert_eq!(cut.lines.len(), 3);
    }

    #[test]
    fn a_long_document_is_cut_and_says_so() {
        let text = format!("<a>{}</a>", "<b>ң</b>".repeat(1000));
        let cut = lay_out(text.as_bytes(), true, 300).unwrap();
        assert_eq!(cut.extent, Extent::Beginning);
        let shown: usize = cut.lines.iter().map(|line| line.text.len()).sum();
        assert!((200..400).contains(&shown), "{shown}");
        assert_eq!(lay_out(text.as_bytes(), true, LONGEST).unwrap().extent, Extent::Whole);
    }

    #[test]
    fn a_signed_element_is_marked_between_its_neighbours() {
        let document = "<e><h><t>1</t></h><b Id='x'><pay>5</pay></b><f/></e>";
        let (start, end) = (document.find("<b").unwrap(), document.find("<f").unwrap());
        let canonical = "<b Id=\"x\"><pay>5</pay></b>";
        let shown = lay_out_part(document.as_bytes(), start..end, canonical.as_bytes(), true, LONGEST).unwrap();
        let lines: Vec<_> = shown.lines.iter().map(|line| (line.share, line.text.as_str())).collect();
        assert_eq!(
            lines,
            [
                (Share::Beside, "<e>"),
                (Share::Beside, "  <h>"),
                (Share::Beside, "    <t>1</t>"),
                (Share::Beside, "  </h>"),
                (Share::Signed, "  <b Id=\"x\">"),
                (Share::Signed, "    <pay>5</pay>"),
                (Share::Signed, "  </b>"),
                (Share::Beside, "  <f/>"),
                (Share::Beside, "</e>"),
            ]
        );
    }

    #[test]
    fn what_is_far_from_a_signed_element_is_left_out() {
        let many = "<n>padding</n>".repeat(1000);
        let document = format!("<e><x>{}</x>{many}<b>1</b>{many}</e>", "z".repeat(5000));
        let (start, end) = (document.find("<b").unwrap(), document.find("</b>").unwrap() + 4);
        let shown = lay_out_part(document.as_bytes(), start..end, b"<b>1</b>", true, LONGEST).unwrap();
        let signed = shown.lines.iter().position(|line| line.share == Share::Signed).unwrap();
        assert_eq!((signed, shown.lines.len()), (LINES_BESIDE + 1, 2 * LINES_BESIDE + 3));
        assert_eq!((shown.lines[0].text.as_str(), shown.lines[signed].text.as_str()), ("…", "  <b>1</b>"));
        assert_eq!(shown.lines.last().unwrap().text, "…");
    }

    #[test]
    fn what_stands_beside_a_signed_element_does_not_push_it_out_of_sight() {
        let long = format!("harmless {}<i/>{}", "text ".repeat(500), "\n\n\n.".repeat(50));
        let document = format!("<e><!-- {} --><x>{long}</x><b>1</b></e>", "z".repeat(5000));
        let (start, end) = (document.find("<b").unwrap(), document.find("</b>").unwrap() + 4);
        let shown = lay_out_part(document.as_bytes(), start..end, b"<b>1</b>", true, LONGEST).unwrap();
        let before: Vec<_> = shown.lines.iter().take_while(|line| line.share == Share::Beside).collect();
        assert_eq!(before.len(), LINES_BESIDE + 1);
        assert!(before.iter().all(|line| line.text.chars().count() <= LONGEST_LINE_BESIDE + 1));
    }
}
