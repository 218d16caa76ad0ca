//! What a page sends is a stranger's text: nothing of it may panic, hang or grow out of proportion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use order::{Outcome, StorageName, Task, TokenSeen};
use proptest::prelude::*;
use serde_json::{Value, json};
use tanba_ncalayer::{Limits, Session, Silence, Step};

fn receive(text: &str) -> Step {
    Session::new().receive(
        text,
        &Limits::default(),
        Some(&[TokenSeen::new(Some(StorageName::Kaztoken), "office", "Kaztoken 0")]),
    )
}

/// Whatever was said must be readable by the strict parser of a page.
fn check(step: Step) -> Result<(), TestCaseError> {
    let reply = match step {
        Step::Silent(_) => return Ok(()),
        Step::Tokens => return Err(TestCaseError::fail("what is plugged in is known")),
        Step::Reply(reply) => reply,
        Step::Ask(ask) => ask.reply.answer(&Outcome::Cancelled),
    };
    prop_assert!(serde_json::from_str::<Value>(&reply).is_ok(), "{}", reply);
    Ok(())
}

/// Words that lead deep into the modules.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "kz.gov.pki.knca.basics",
            "kz.gov.pki.knca.commonUtils",
            "kz.gov.pki.ncalayerservices.accessory",
            "kz.gov.pki.knca.applet.Applet",
            "sign",
            "getKeyInfo",
            "getActiveTokens",
            "createCAdESFromBase64",
            "createCAdESFromFile",
            "createCAdESFromBase64Hash",
            "createCMSSignatureFromBase64",
            "applyCAdEST",
            "signXml",
            "signXmls",
            "showFileChooser",
            "changeLocale",
            "setLocale",
            "installBundle",
            "showBundleManager",
            "PKCS12",
            "AKKaztokenStore",
            "SIGNATURE",
            "cms",
            "xml",
            "raw",
            "MTEK",
            "MA0GCSqGSIb3DQEHAqAA",
            "iVBORw0KGgo=",
            "<a/>",
            "true",
            "ru",
            "2",
        ])
        .prop_map(str::to_owned),
        ".{0,8}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => word().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(name(), inner, 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "module",
        "method",
        "args",
        "uuid",
        "apiVersion",
        "symname",
        "allowedStorages",
        "format",
        "data",
        "signingParams",
        "signerParams",
        "extKeyUsageOids",
        "iin",
        "serialNumber",
        "chain",
        "decode",
        "encapsulate",
        "digested",
        "tsaProfile",
        "outputCert",
        "allowRevoked",
        "logo",
        "locale",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        check(receive(&text))?;
    }

    #[test]
    fn no_mixture_of_our_own_words_panics(
        module in word(),
        method in word(),
        args in value(),
        rest in prop::collection::hash_map(name(), value(), 0..4),
    ) {
        let mut request: serde_json::Map<String, Value> = rest.into_iter().collect();
        request.extend([("module".into(), module.into()), ("method".into(), method.into()), ("args".into(), args)]);
        check(receive(&Value::from(request).to_string()))?;
    }

    #[test]
    fn no_positional_arguments_panic(method in word(), args in prop::collection::vec(value(), 0..6)) {
        let mut args = args;
        if let Some(first) = args.first_mut() {
            *first = "PKCS12".into();
        }
        let request = json!({"module": "kz.gov.pki.knca.commonUtils", "method": method, "args": args});
        check(receive(&request.to_string()))?;
    }

    #[test]
    fn no_sign_request_with_strange_arguments_panics(
        args in prop::collection::hash_map(name(), value(), 0..10),
        format in prop::sample::select(vec!["cms", "xml", "raw"]),
        oids in prop::collection::vec(word(), 0..3),
        signing in prop::collection::hash_map(name(), value(), 0..4),
    ) {
        let mut request = json!({"allowedStorages": null, "format": format, "data": "MTEK"});
        for (name, value) in args {
            request[name] = value;
        }
        request["signerParams"] = json!({"extKeyUsageOids": oids});
        request["signingParams"] = signing.into_iter().collect();
        let request = json!({"module": "kz.gov.pki.knca.basics", "method": "sign", "args": request});
        check(receive(&request.to_string()))?;
    }
}

#[test]
fn a_frame_of_twenty_mebibytes_is_one_document() {
    let data = "TWFu".repeat(5 * 1024 * 1024);
    let request = format!(
        r#"{{"module":"kz.gov.pki.knca.commonUtils","method":"createCAdESFromBase64","args":["PKCS12","SIGNATURE","{data}",true]}}"#
    );
    let Step::Ask(ask) = receive(&request) else { panic!("asks") };
    let Task::Sign(task) = &ask.task else { panic!("signs") };
    assert_eq!(task.documents[0].octets().len(), 15 * 1024 * 1024);
    assert!(format!("{ask:?}").len() < 200, "what is printed has no document in it");
}

#[test]
fn a_document_over_the_limit_is_refused_without_a_window() {
    let limits = Limits { document: 3, documents: 2 };
    let refusal = |request: Value| match Session::new().receive(&request.to_string(), &limits, Some(&[])) {
        Step::Reply(reply) => serde_json::from_str::<Value>(&reply).unwrap(),
        _ => panic!("{request}"),
    };
    let common = |data: &str| json!({"module": "kz.gov.pki.knca.commonUtils", "method": "createCAdESFromBase64", "args": ["PKCS12", "SIGNATURE", data, true]});
    assert_eq!(
        refusal(common("MTEKMQ==")),
        json!({"code": "500", "message": "the document is over the limit of 3 octets"})
    );
    let basics = |data: Value| json!({"module": "kz.gov.pki.knca.basics", "method": "sign", "args": {"format": "cms", "data": data, "signingParams": {}, "signerParams": {"extKeyUsageOids": []}}});
    let over = refusal(basics(json!(["abc", "abcd"])));
    assert_eq!(over["code"], "INVALID_SIGNING_PARAMS");
    assert_eq!(over["details"], "data[1] is over the limit of 3 octets");
    assert_eq!(refusal(basics(json!(["a", "b", "c"])))["details"], "data has more than 2 documents");
}

#[test]
fn a_logo_longer_than_the_original_takes_is_as_if_it_were_not_there() {
    let logo = |characters: usize| {
        // A PNG's head, and no further care for what follows.
        let logo = "iVBORw0KGgoA".to_owned() + &"A".repeat(characters - 12);
        let request = json!({"module": "kz.gov.pki.knca.basics", "method": "sign", "args": {"format": "cms", "data": "x", "logo": logo, "signingParams": {}, "signerParams": {"extKeyUsageOids": []}}});
        let Step::Ask(ask) = receive(&request.to_string()) else { panic!("asks") };
        let Task::Sign(task) = ask.task else { panic!("signs") };
        task.logo.map(|logo| logo.len())
    };
    assert_eq!(logo(50_000), Some(37_500));
    assert_eq!(logo(50_001), None);
    assert_eq!(logo(1_000_000), None);
}

fn common(method: &str, args: Value) -> Value {
    let request = json!({"module": "kz.gov.pki.knca.commonUtils", "method": method, "args": args});
    match receive(&request.to_string()) {
        Step::Reply(reply) => serde_json::from_str(&reply).unwrap(),
        Step::Ask(ask) => json!({"asks": ask.task}),
        Step::Silent(silence) => panic!("{silence}"),
        Step::Tokens => panic!("what is plugged in is known"),
    }
}

#[test]
fn paths_and_xpaths_longer_than_any_real_one_are_refused_without_a_window() {
    let path = |length: usize| common("createCAdESFromFile", json!(["PKCS12", "SIGNATURE", "/".repeat(length), true]));
    assert!(path(32 * 1024).get("asks").is_some());
    assert_eq!(path(32 * 1024 + 1), json!({"code": "500", "message": "file.not_found"}));
    let xpath = |signed: usize, parent: usize| {
        common("signXml", json!(["PKCS12", "SIGNATURE", "<a/>", "/".repeat(signed), "/".repeat(parent)]))
    };
    assert!(xpath(4096, 4096).get("asks").is_some());
    assert_eq!(xpath(4097, 0)["message"], "tbsElementXPath is longer than 4096 octets");
    assert_eq!(xpath(0, 4097)["message"], "signatureParentElementXPath is longer than 4096 octets");
    let folder = common("showFileChooser", json!(["ALL", "/".repeat(32 * 1024 + 1)]));
    assert_eq!(folder["asks"]["ChooseFile"]["folder"], "", "a hint that cannot be meant is left out");
}

#[test]
fn xml_documents_have_the_limits_of_all_others() {
    let limits = Limits { document: 4, documents: 2 };
    let message = |args: Value, method: &str| {
        let request = json!({"module": "kz.gov.pki.knca.commonUtils", "method": method, "args": args});
        match Session::new().receive(&request.to_string(), &limits, Some(&[])) {
            Step::Reply(reply) => serde_json::from_str::<Value>(&reply).unwrap()["message"].clone(),
            _ => panic!("{request}"),
        }
    };
    let over = "the document is over the limit of 4 octets";
    assert_eq!(message(json!(["PKCS12", "", "<ab/>", "", ""]), "signXml"), over);
    assert_eq!(message(json!(["PKCS12", "", ["<a/>", "<ab/>"], "", ""]), "signXmls"), over);
    let many = message(json!(["PKCS12", "", ["<a/>", "<a/>", "<a/>"], "", ""]), "signXmls");
    assert_eq!(many, "there are more than 2 documents");
    assert_eq!(
        message(json!(["PKCS12", "", "MTEKMQo="]), "createCAdESFromBase64Hash"),
        "the hash is over the limit of 4 octets"
    );
    assert_eq!(
        message(json!(["PKCS12", "", "MTEKMQo="]), "applyCAdEST"),
        "the signature is over the limit of 4 octets"
    );
}

#[test]
fn what_is_repeated_to_the_page_is_never_longer_than_a_real_name() {
    let long = "ұ".repeat(100_000);
    for request in [
        json!({"method": long}),
        json!({"module": "kz.gov.pki.knca.commonUtils", "method": long}),
        json!({"module": "kz.gov.pki.knca.commonUtils", "method": "changeLocale", "args": ["ru"], "uuid": long}),
        json!({"module": "kz.gov.pki.knca.basics", "method": long, "args": {}}),
        json!({"module": long}),
    ] {
        let Step::Reply(reply) = receive(&request.to_string()) else { panic!("replies") };
        assert!(reply.len() < 500, "{}", reply.len());
    }
}

#[test]
fn a_flood_of_brackets_or_commas_ends_at_once() {
    for text in ["[".repeat(50_000_000), format!("[{}", ",".repeat(50_000_000)), "{a:".repeat(10_000_000)] {
        assert!(matches!(receive(&text), Step::Silent(Silence::NotJson(_))));
    }
}
