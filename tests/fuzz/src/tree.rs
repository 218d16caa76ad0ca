//! Mutating DER as the tree that it is. Flipped octets mostly give lengths that do not fit, which is one error out of the
//! many that a reader can make.

use pki::tlv::{OCTET_STRING, Reader, write_header};

/// An element: its content, or the elements in it.
#[derive(Clone)]
enum Node {
    Leaf(u8, Vec<u8>),
    /// The tag, octets that come first (those of a BIT STRING), the elements.
    Branch(u8, Vec<u8>, Vec<Node>),
}

const BIT_STRING: u8 = 0x03;
const DEEPEST: usize = 24;

fn parse(bytes: &[u8], depth: usize) -> Option<Vec<Node>> {
    let mut elements = Reader::new(bytes);
    let mut nodes = Vec::new();
    while !elements.is_empty() && depth < DEEPEST {
        let element = elements.read().ok()?;
        let (tag, value) = (element.tag(), element.value());
        let (first, inside) = match (tag, value) {
            (BIT_STRING, [0, rest @ ..]) => (&value[..1], rest),
            _ => (&value[..0], value),
        };
        // Structures within OCTET STRINGs and BIT STRINGs: extensions, keys, tokens.
        let may_hold = tag & 0x20 != 0 || matches!(tag, OCTET_STRING | BIT_STRING) && inside.len() > 1;
        nodes.push(match may_hold.then(|| parse(inside, depth + 1)).flatten() {
            Some(children) => Node::Branch(tag, first.to_vec(), children),
            None => Node::Leaf(tag, value.to_vec()),
        });
    }
    elements.is_empty().then_some(nodes)
}

fn encode(nodes: &[Node], out: &mut Vec<u8>) {
    for node in nodes {
        match node {
            Node::Leaf(tag, value) => {
                write_header(out, *tag, value.len());
                out.extend(value);
            }
            Node::Branch(tag, first, children) => {
                let mut content = first.clone();
                encode(children, &mut content);
                write_header(out, *tag, content.len());
                out.extend(content);
            }
        }
    }
}

fn count(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + if let Node::Branch(.., children) = node { count(children) } else { 0 }).sum()
}

/// The list that holds the node of that number, and its place there.
fn find(nodes: &mut Vec<Node>, number: usize) -> Option<(&mut Vec<Node>, usize)> {
    let mut left = number;
    for place in 0..nodes.len() {
        if left == 0 {
            return Some((nodes, place));
        }
        left -= 1;
        let inside = if let Node::Branch(.., children) = &nodes[place] { count(children) } else { 0 };
        if left < inside {
            let Node::Branch(.., children) = &mut nodes[place] else { return None };
            return find(children, left);
        }
        left -= inside;
    }
    None
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }
}

/// Changes one to three elements of the DER in `data[..size]`, and mostly keeps the lengths right; `otherwise` is for
/// what is no DER, and for the content of one element.
pub fn mutate(data: &mut [u8], size: usize, seed: u32, otherwise: impl Fn(&mut [u8], usize, usize) -> usize) -> usize {
    let most = data.len();
    let mut dice = Dice(u64::from(seed) << 16 | 0x9e37);
    let tree = parse(&data[..size], 0).filter(|nodes| !nodes.is_empty());
    let Some(mut tree) = tree.filter(|_| dice.below(4) != 0) else { return otherwise(data, size, most) };
    for _ in 0..=dice.below(3) {
        change(&mut tree, &mut dice, &otherwise);
    }
    let mut out = Vec::new();
    encode(&tree, &mut out);
    if out.len() > most {
        return otherwise(data, size, most);
    }
    data[..out.len()].copy_from_slice(&out);
    out.len()
}

fn change(tree: &mut Vec<Node>, dice: &mut Dice, otherwise: &impl Fn(&mut [u8], usize, usize) -> usize) {
    const TAGS: [u8; 20] =
        [1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x24, 0x30, 0x31, 0x80, 0x81, 0xa0, 0xa1, 0xa2];
    let total = count(tree);
    let other = dice.below(total);
    let Some(other) = find(tree, other).map(|(nodes, place)| nodes[place].clone()) else { return };
    let chosen = dice.below(total);
    let Some((nodes, place)) = find(tree, chosen) else { return };
    match dice.below(12) {
        0 => drop(nodes.remove(place)),
        1 => nodes.insert(place, nodes[place].clone()),
        2 => {
            let next = dice.below(nodes.len());
            nodes.swap(place, next);
        }
        3 => nodes[place] = other,
        4 => nodes.insert(place, other),
        5 => {
            let (Node::Leaf(tag, _) | Node::Branch(tag, ..)) = &mut nodes[place];
            *tag = TAGS[dice.below(TAGS.len())];
        }
        6 => {
            let tag = [0x30, 0x31, 0xa0, 0x04][dice.below(4)];
            nodes[place] = Node::Branch(tag, Vec::new(), vec![nodes[place].clone()]);
        }
        7 => match &mut nodes[place] {
            Node::Branch(.., children) => {
                let children = std::mem::take(children);
                nodes.splice(place..=place, children);
            }
            Node::Leaf(_, value) => value.clear(),
        },
        8 => match &mut nodes[place] {
            Node::Branch(.., children) => children.push(other),
            Node::Leaf(_, value) => value.reverse(),
        },
        _ => match &mut nodes[place] {
            Node::Leaf(_, value) => {
                let mut room = value.clone();
                room.resize(value.len() + 16, 0);
                let size = otherwise(&mut room, value.len(), value.len() + 16);
                room.truncate(size);
                *value = room;
            }
            Node::Branch(_, first, _) => first.iter_mut().for_each(|octet| *octet ^= 1 << dice.below(8)),
        },
    }
}
