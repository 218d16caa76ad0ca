use super::*;
use proptest::prelude::*;
use serde_json::json;

/// What a strict parser would have made of it.
fn strict(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(text) => serde_json::from_str(text).unwrap(),
        Value::String(text) => text.as_ref().into(),
        Value::Array(items) => items.iter().map(strict).collect(),
        Value::Object(object) => {
            object.0.iter().map(|(name, value)| (name.clone().into_owned(), strict(value))).collect()
        }
    }
}

fn read(text: &str) -> serde_json::Value {
    strict(&parse(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

fn fault(text: &str) -> (Fault, usize) {
    let error = parse(text).map(|value| panic!("{text}: {value:?}")).unwrap_err();
    (error.fault, error.at)
}

#[test]
fn unquoted_names_of_the_official_readme_are_read() {
    let text = "{\n    module: \"kz.gov.pki.ncalayerservices.accessory\", \n    method: \"installBundle\", \n    \
                symname: \"kz.uchet.signUtil\" \n}";
    assert_eq!(
        read(text),
        json!({"module": "kz.gov.pki.ncalayerservices.accessory", "method": "installBundle", "symname": "kz.uchet.signUtil"})
    );
}

#[test]
fn single_quotes_hold_strings_and_names() {
    assert_eq!(read(r#"{'a':'say "hi"', "b":'it\'s'}"#), json!({"a": "say \"hi\"", "b": "it's"}));
}

#[test]
fn unquoted_words_are_literals_numbers_or_strings() {
    assert_eq!(
        read("{a: TRUE, b: False, c: nUll, d: -1.5e3, e: PKCS12, f: two words , g: 007, h: it's}"),
        json!({"a": true, "b": false, "c": null, "d": -1500.0, "e": "PKCS12", "f": "two words", "g": "007", "h": "it's"})
    );
}

#[test]
fn names_may_be_any_word() {
    assert_eq!(read("{1: 2, null: 3, two words: 4, '': 5}"), json!({"1": 2, "null": 3, "two words": 4, "": 5}));
}

#[test]
fn semicolons_arrows_and_equal_signs_are_read() {
    assert_eq!(read("{a=1;b=>2;c:[1;2];}"), json!({"a": 1, "b": 2, "c": [1, 2]}));
    assert_eq!(
        read("{a => 1, b = > 2}").get("a"),
        Some(&json!(1)),
        "the arrow is one token, else a word begins with >"
    );
}

#[test]
fn one_separator_too_many_is_read() {
    assert_eq!(read(r#"{"a":[1,2,],}"#), json!({"a": [1, 2]}));
    assert_eq!(fault("{a:1,,}").0, Fault::MissingName);
}

#[test]
fn array_items_left_out_are_null() {
    assert_eq!(read("[1,,2]"), json!([1, null, 2]));
    assert_eq!(read("[,]"), json!([null]));
    assert_eq!(read("[,,1]"), json!([null, null, 1]));
    assert_eq!(fault("[;]").0, Fault::MissingValue);
}

#[test]
fn what_follows_the_first_value_is_not_looked_at() {
    assert_eq!(read("{\"a\":1} and more"), json!({"a": 1}));
    assert_eq!(read("{};\r\n"), json!({}));
}

#[test]
fn escapes_of_every_kind_are_read() {
    assert_eq!(read(r#""\b\f\n\r\t\"\'\\\/\u04b0\uD83D\uDE00""#), json!("\u{8}\u{c}\n\r\t\"'\\/Ұ😀"));
}

#[test]
fn half_a_surrogate_pair_is_refused_and_never_replaced() {
    for text in [r#""\uD83D""#, r#""\uDE00""#, r#""\uD83D\u0041""#, r#""\uD83Dx""#] {
        assert_eq!(fault(text), (Fault::LoneSurrogate, 1), "{text}");
    }
}

#[test]
fn a_name_that_comes_twice_is_refused() {
    assert_eq!(fault(r#"{"data":"a","x":{},"data":"b"}"#), (Fault::DuplicateName, 1));
    assert_eq!(fault(r#"{data:1,"d\u0061ta":2}"#).0, Fault::DuplicateName);
}

#[test]
fn what_is_cut_or_mixed_up_is_refused_with_the_place() {
    assert_eq!(fault(""), (Fault::MissingValue, 0));
    assert_eq!(fault("{"), (Fault::MissingName, 1));
    assert_eq!(fault("{\"a\""), (Fault::MissingColon, 4));
    assert_eq!(fault("{\"a\":"), (Fault::MissingValue, 5));
    assert_eq!(fault("{\"a\":1"), (Fault::MissingSeparator, 6));
    assert_eq!(fault("[1"), (Fault::MissingSeparator, 2));
    assert_eq!(fault("[1}"), (Fault::MissingSeparator, 2));
    assert_eq!(fault("{a:b/c}"), (Fault::MissingSeparator, 4));
    assert_eq!(fault("\"abc"), (Fault::UnterminatedString, 1));
    assert_eq!(fault("\"a\nb\""), (Fault::UnterminatedString, 2));
    assert_eq!(fault(r#""\x""#), (Fault::IllegalEscape, 1));
    assert_eq!(fault(r#""\u00g0""#), (Fault::IllegalEscape, 1));
    assert_eq!(fault(r#""\u00"#), (Fault::IllegalEscape, 1));
    assert_eq!(fault("{\0}").0, Fault::MissingName);
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(&nested(DEEPEST)).is_ok());
    assert_eq!(fault(&nested(DEEPEST + 1)).0, Fault::TooDeep);
    assert_eq!(fault(&"[".repeat(10_000_000)).0, Fault::TooDeep);
}

#[test]
fn the_number_of_values_is_limited() {
    assert_eq!(fault(&("[".to_owned() + &",".repeat(MOST_VALUES + 1))).0, Fault::TooManyValues);
    assert_eq!(fault(&("[".to_owned() + &"0,".repeat(MOST_VALUES + 1))).0, Fault::TooManyValues);
}

#[test]
fn a_document_without_escapes_is_borrowed_from_the_text() {
    let text = format!("{{\"data\":\"{}\"}}", "MTEK".repeat(1000));
    let Ok(Value::Object(object)) = parse(&text) else { panic!("an object") };
    assert!(matches!(object.get("data"), Some(Value::String(Cow::Borrowed(data))) if data.len() == 4000));
}

/// White space of RFC 8259 §2.
fn blank() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => "[ \t\r\n]{1,3}"]
}

/// Every spelling of a number (RFC 8259 §6) that a double can hold.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| serde_json::Value::from(number).to_string()),
        r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?",
    ]
}

/// How one character of a string is written.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    Plain,
    Short,
    Lower,
    Upper,
}

fn spellings() -> impl Strategy<Value = Vec<Spelling>> {
    let one = prop::sample::select(vec![Spelling::Plain, Spelling::Short, Spelling::Lower, Spelling::Upper]);
    prop::collection::vec(one, 1..8)
}

/// Characters of every kind that matters: of both planes, those with short escapes, controls, quotes of either sort.
fn content() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        prop::sample::select(
            "\u{0}\u{8}\t\n\u{c}\r\u{1f} \"'\\/{}[],:;=#ҢяZ\u{7f}\u{85}\u{2028}\u{feff}\u{ffff}😀"
                .chars()
                .collect::<Vec<_>>()
        ),
    ];
    prop::collection::vec(character, 0..12).prop_map(|characters| characters.into_iter().collect())
}

/// A string as strict JSON, each character in the next of the spellings that it can have.
fn spelled(content: &str, spellings: &[Spelling]) -> String {
    let mut out = "\"".to_owned();
    for (character, spelling) in content.chars().zip(spellings.iter().cycle()) {
        let short = match character {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '/' => Some("\\/"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            _ => None,
        };
        let must = character < ' ' || matches!(character, '"' | '\\');
        match (spelling, short) {
            (Spelling::Short, Some(short)) => out.push_str(short),
            (Spelling::Plain | Spelling::Short, _) if !must => out.push(character),
            (Spelling::Plain, Some(short)) => out.push_str(short),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&match spelling {
                        Spelling::Upper => format!("\\u{unit:04X}"),
                        _ => format!("\\u{unit:04x}"),
                    });
                }
            }
        }
    }
    out.push('"');
    out
}

fn string() -> impl Strategy<Value = String> {
    (content(), spellings()).prop_map(|(content, spellings)| spelled(&content, &spellings))
}

/// A strict JSON text without duplicate names, in any of the spellings that RFC 8259 allows.
fn strict_text() -> impl Strategy<Value = String> {
    let leaf =
        prop_oneof![prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned), number(), string(),];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let spaced = (blank(), inner, blank()).prop_map(|(before, value, behind)| before + &value + &behind).boxed();
        let members = prop::collection::btree_map(content(), (spellings(), blank(), spaced.clone()), 0..8);
        prop_oneof![
            (blank(), prop::collection::vec(spaced, 0..8))
                .prop_map(|(blank, items)| format!("[{blank}{}]", items.join(","))),
            (blank(), members).prop_map(|(blank, members)| {
                let members: Vec<String> = members
                    .into_iter()
                    .map(|(name, (spellings, blank, value))| {
                        format!("{blank}{}{blank}:{value}", spelled(&name, &spellings))
                    })
                    .collect();
                format!("{{{blank}{}}}", members.join(","))
            }),
        ]
    })
}

/// Arrays and objects around a text, one for each step.
fn wrapped(text: String, steps: &[bool]) -> String {
    steps.iter().fold(text, |text, step| if *step { format!("[{text}]") } else { format!("{{\"a\":{text}}}") })
}

proptest! {
    #[test]
    fn strict_json_means_here_what_it_means_everywhere(
        text in strict_text(),
        before in blank(),
        behind in blank(),
    ) {
        let text = before + &text + &behind;
        prop_assert_eq!(&read(&text), &serde_json::from_str::<serde_json::Value>(&text).unwrap(), "{}", text);
    }

    #[test]
    fn strict_json_is_read_down_to_the_stated_depth(
        leaf in prop_oneof![number(), string()],
        steps in prop::collection::vec(any::<bool>(), DEEPEST),
        depth in 0..=DEEPEST,
    ) {
        let text = wrapped(leaf, &steps[..depth]);
        prop_assert_eq!(&read(&text), &serde_json::from_str::<serde_json::Value>(&text).unwrap(), "{}", text);
        let deeper = wrapped(wrapped(text, &steps[depth..]), &[true]);
        prop_assert_eq!(fault(&deeper).0, Fault::TooDeep);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn no_text_made_of_json_signs_panics(text in r#"[\[\]{}:;,=>'"\\/#u0-9a-f \n\u{0}\u{442}-]{0,60}"#) {
        let _ = parse(&text);
    }
}
