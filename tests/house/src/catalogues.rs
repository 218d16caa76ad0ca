//! The three languages say the same things, and code asks only for sentences that exist.

use crate::workspace::{root, sources};
use fluent_bundle::FluentResource;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];
const FOLDER: &str = "agent/texts/i18n";

/// A message or a term: the topic (file) it stands in, and the arguments it takes.
#[derive(Debug, PartialEq, Eq)]
struct Message {
    topic: String,
    variables: BTreeSet<String>,
}

/// One language's messages by identifier; a term's begins with `-`.
fn catalogue(language: &str) -> BTreeMap<String, Message> {
    let mut messages = BTreeMap::new();
    for file in std::fs::read_dir(root().join(FOLDER).join(language)).expect("the language has a folder") {
        let path = file.expect("listed").path();
        let topic = path.file_name().expect("named").to_string_lossy().into_owned();
        let source = std::fs::read_to_string(&path).expect("UTF-8");
        let resource = FluentResource::try_new(source).unwrap_or_else(|(_, errors)| {
            panic!("{language}/{topic}: {errors:?}");
        });
        for entry in resource.entries() {
            let (id, patterns) = match entry {
                Entry::Message(message) => {
                    let attributes = message.attributes.iter().map(|attribute| &attribute.value);
                    (message.id.name.to_owned(), message.value.iter().chain(attributes).collect::<Vec<_>>())
                }
                Entry::Term(term) => (format!("-{}", term.id.name), vec![&term.value]),
                Entry::Junk { content } => panic!("{language}/{topic}: {content}"),
                _ => continue,
            };
            let mut variables = BTreeSet::new();
            for pattern in patterns {
                variables_of_pattern(pattern, &mut variables);
            }
            let message = Message { topic: topic.clone(), variables };
            assert!(messages.insert(id.clone(), message).is_none(), "{language}: {id} stands twice");
        }
    }
    messages
}

fn variables_of_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            variables_of_expression(expression, found);
        }
    }
}

fn variables_of_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => variables_of_inline(inline, found),
        Expression::Select { selector, variants } => {
            variables_of_inline(selector, found);
            for variant in variants {
                variables_of_pattern(&variant.value, found);
            }
        }
    }
}

fn variables_of_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => variables_of_expression(expression, found),
        InlineExpression::FunctionReference { arguments, .. }
        | InlineExpression::TermReference { arguments: Some(arguments), .. } => {
            let CallArguments { positional, named } = arguments;
            for inline in positional.iter().chain(named.iter().map(|argument| &argument.value)) {
                variables_of_inline(inline, found);
            }
        }
        _ => {}
    }
}

/// Every string literal of a source that looks like an identifier of a sentence.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    let word = |text: &&str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    // Not a lexer: a literal with an escaped quote inside shifts the pieces, so every piece is looked at.
    source.split('"').filter(word)
}

/// How code asks for a sentence: at once, or in a few words to be said later.
const CALLS: [&str; 5] = [".text(", ".format(", "Sentence::new(", ".line(", ".note("];

/// The identifiers that a source asks for in so many words.
fn asked_for(source: &str) -> Vec<&str> {
    let first_literal = |call: &'static str| {
        source.match_indices(call).filter_map(move |(position, _)| {
            source[position + call.len()..].trim_start().strip_prefix('"')?.split('"').next()
        })
    };
    CALLS.into_iter().flat_map(first_literal).collect()
}

#[test]
fn a_sentence_is_asked_for_in_any_of_these_ways() {
    let source = "texts.text(\"a\"); texts.format(\n    \"b\", &[]); Sentence::new(\"c\"); card.line(\"d\", x); card.note(\"e\"); \
                  texts.text(id)";
    assert_eq!(asked_for(source), ["a", "b", "c", "d", "e"]);
}

#[test]
fn the_three_languages_have_the_same_sentences_in_the_same_topics_with_the_same_arguments() {
    let reference = catalogue(LANGUAGES[0]);
    for language in &LANGUAGES[1..] {
        let other = catalogue(language);
        for (id, message) in &reference {
            let Some(theirs) = other.get(id) else { panic!("{id} is missing in {language}") };
            assert_eq!(theirs, message, "{id} differs between {} and {language}", LANGUAGES[0]);
        }
        let extra: Vec<_> = other.keys().filter(|id| !reference.contains_key(*id)).collect();
        assert!(extra.is_empty(), "{} has no {extra:?} of {language}", LANGUAGES[0]);
    }
}

#[test]
fn every_sentence_that_code_asks_for_exists() {
    let known = catalogue(LANGUAGES[0]);
    let mut missing = BTreeSet::new();
    for (path, source) in sources(".rs").into_iter().filter(|(path, _)| path.starts_with("agent/")) {
        // The catalogue's own tests ask for what is not there.
        if path.starts_with("agent/texts/") {
            continue;
        }
        let asked = asked_for(&source).into_iter().filter(|id| !known.contains_key(*id));
        missing.extend(asked.map(|id| format!("{path}: {id}")));
    }
    assert!(missing.is_empty(), "no catalogue has {missing:?}");
}

#[test]
fn every_sentence_is_asked_for() {
    let mut used = BTreeSet::new();
    let mut beginnings = BTreeSet::new();
    for suffix in [".rs", ".slint"] {
        for (path, source) in sources(suffix) {
            if path.starts_with("agent/") {
                used.extend(literals(&source).map(str::to_owned));
                // `format!("role-{kind}")`: identifiers that are put together.
                beginnings.extend(
                    source.split('"').filter_map(|piece| piece.split_once("-{")).map(|(start, _)| format!("{start}-")),
                );
            }
        }
    }
    // The page asks through `data-` attributes and placeholders of its own.
    for (path, source) in sources(".html").into_iter().chain(sources(".js")) {
        if path.starts_with("agent/") {
            used.extend(source.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map(str::to_owned));
        }
    }
    // A sentence may stand inside another: `{ other-sentence }`.
    for (_, source) in sources(".ftl") {
        used.extend(source.split(['{', '}']).skip(1).step_by(2).map(|inside| inside.trim().to_owned()));
    }
    let unused: Vec<_> = catalogue(LANGUAGES[0])
        .into_keys()
        .filter(|id| !used.contains(id) && !beginnings.iter().any(|start| id.starts_with(start.as_str())))
        .collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
}
