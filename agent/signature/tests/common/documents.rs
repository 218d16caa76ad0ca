//! Documents at random, well-formed and full of what canonical forms differ in.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// What a generated element is before its names are known to be declared.
#[derive(Clone, Debug)]
pub struct Tree {
    name: usize,
    prefix: usize,
    declarations: Vec<(usize, usize)>,
    attributes: Vec<(usize, usize, String, bool)>,
    children: Vec<Child>,
    space: &'static str,
}

#[derive(Clone, Debug)]
enum Child {
    Element(Tree),
    Piece(String),
}

const NAMES: [&str; 6] = ["a", "b", "skip", "Құжат", "c-d.e_1", "e"];
const PREFIXES: [&str; 5] = ["", "p", "q", "ns0", "ә"];
/// Absolute URIs of ASCII without `&`: libxml2 takes others for relative, and writes `&` as it is, which is no XML.
const NAMESPACES: [&str; 6] =
    ["", "urn:p", "urn:q", "http://example.kz/?a=1", "http://example.kz/%D3%99#", "urn:&#x41;:b"];
const ATTRIBUTES: [&str; 8] = ["x", "y", "z", "Id", "xml:lang", "xml:space", "xml:base", "xml:id"];
const VALUES: [&str; 14] = [
    "1",
    "",
    " two  words ",
    "\t",
    "\r\n",
    "\n",
    "\r",
    "&#13;&#10;&#9;&#32;",
    "&lt;&gt;&amp;&quot;&apos;",
    ">",
    "'",
    "\u{1F600}",
    "&#x1F600;",
    "мән",
];
const TEXTS: [&str; 15] = [
    "text",
    " ",
    "\n  ",
    "\r\n",
    "\r",
    "\t",
    "&#xD;",
    "&#xA;",
    "&lt;&gt;&amp;&quot;&apos;",
    ">",
    "] ]",
    "\"'",
    "\u{1F600}қ",
    "&#x10FFFF;",
    "\u{85}\u{2028}",
];
const MISC: [&str; 10] = [
    "<![CDATA[]]>",
    "<![CDATA[<&>\r\n\"]]>",
    "<![CDATA[&amp;]]]]>",
    "<!---->",
    "<!-- a\r\nb & < -->",
    "<?pi?>",
    "<?pi   ?>",
    "<?pi  data \r\n?x ?>",
    "<?Ә б?>",
    "<!-- ә -->",
];

fn piece() -> impl Strategy<Value = Child> {
    prop_oneof![3 => select(&TEXTS[..]), 1 => select(&MISC[..])].prop_map(|text| Child::Piece(text.to_owned()))
}

fn tree() -> impl Strategy<Value = Tree> {
    let element = |children: BoxedStrategy<Vec<Child>>| {
        let declarations = prop::collection::vec((0..PREFIXES.len(), 0..NAMESPACES.len()), 0..4);
        let value = prop::collection::vec(select(&VALUES[..]), 0..3).prop_map(|values| values.concat());
        let attributes =
            prop::collection::vec((0..ATTRIBUTES.len(), 0..2 * PREFIXES.len(), value, any::<bool>()), 0..4);
        let names = (prop_oneof![8 => 0..NAMES.len()], 0..PREFIXES.len());
        (names, declarations, attributes, children, select(&[" ", "\n", "\r\n\t"][..])).prop_map(
            |((name, prefix), declarations, attributes, children, space)| Tree {
                name,
                prefix,
                declarations,
                attributes,
                children,
                space,
            },
        )
    };
    let leaf = element(prop::collection::vec(piece(), 0..3).boxed());
    leaf.prop_recursive(5, 40, 5, move |inner| {
        let child = prop_oneof![2 => inner.prop_map(Child::Element), 3 => piece()];
        element(prop::collection::vec(child, 0..6).boxed())
    })
}

impl Tree {
    fn write(&self, out: &mut String, scope: &[(usize, usize)]) {
        let mut scope = scope.to_vec();
        let mut tag = String::new();
        let mut declared = Vec::new();
        for (prefix, namespace) in &self.declarations {
            let undeclares = *prefix != 0 && *namespace == 0;
            if undeclares || declared.contains(prefix) {
                continue;
            }
            declared.push(*prefix);
            scope.push((*prefix, *namespace));
            let name = if *prefix == 0 { "xmlns".to_owned() } else { format!("xmlns:{}", PREFIXES[*prefix]) };
            tag += &format!("{}{name}=\"{}\"", self.space, NAMESPACES[*namespace]);
        }
        let meaning = |prefix: usize| scope.iter().rev().find(|(known, _)| *known == prefix).map(|(_, uri)| *uri);
        let mut seen = Vec::new();
        for (name, prefix, value, single) in &self.attributes {
            let xml = ATTRIBUTES[*name].starts_with("xml:");
            let prefix = if xml || *prefix >= PREFIXES.len() || meaning(*prefix).is_none() { 0 } else { *prefix };
            let expanded = (if prefix == 0 { None } else { meaning(prefix) }, *name);
            if seen.contains(&expanded) {
                continue;
            }
            seen.push(expanded);
            let written = if prefix == 0 { String::new() } else { format!("{}:", PREFIXES[prefix]) };
            // libxml2 reports values of these that are none; some are wanted.
            let value = match ATTRIBUTES[*name] {
                "xml:space" => "preserve".to_owned(),
                "xml:lang" => "kk".to_owned(),
                "xml:base" => ["http://example.kz/a/b", "c/d", "../e/", "/f"][value.len() % 4].to_owned(),
                "xml:id" => "n1".to_owned(),
                _ => value.clone(),
            };
            let quote = if *single { '\'' } else { '"' };
            let value = if *single { value.replace('\'', "\"") } else { value };
            tag += &format!("{}{written}{} = {quote}{value}{quote}", self.space, ATTRIBUTES[*name]);
        }
        let prefix = if meaning(self.prefix).is_some() { self.prefix } else { 0 };
        let name = if prefix == 0 {
            NAMES[self.name].to_owned()
        } else {
            format!("{}:{}", PREFIXES[prefix], NAMES[self.name])
        };
        if self.children.is_empty() {
            *out += &format!("<{name}{tag}/>");
            return;
        }
        *out += &format!("<{name}{tag}>");
        for child in &self.children {
            match child {
                Child::Element(tree) => tree.write(out, &scope),
                Child::Piece(text) => *out += text,
            }
        }
        *out += &format!("</{name}{}>", if self.space == " " { "" } else { self.space });
    }
}

fn document() -> impl Strategy<Value = String> {
    let beside = || {
        let misc = select(&["<!-- beside -->", "<?beside a?>", "\r\n", " "][..]);
        prop::collection::vec(misc, 0..3).prop_map(|pieces| pieces.concat())
    };
    let declaration =
        select(&["", "<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='utf-8' standalone='no'?>\n"][..]);
    (declaration, beside(), tree(), beside()).prop_map(|(declaration, before, tree, after)| {
        let mut out = format!("{declaration}{}", if declaration.is_empty() { before.trim_start() } else { &before });
        tree.write(&mut out, &[]);
        out + &after
    })
}

/// That many documents, the same ones every time.
pub fn documents(count: usize) -> Vec<String> {
    let strategy = document();
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}
