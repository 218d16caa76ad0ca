//! The modules of others and the applet: what a page puts into their requests must not get further than it may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use order::{Delivery, Document, FailureCode, Form, KeyInfo, Outcome, Signed, StorageName, Task, TimeStamp, TokenSeen};
use order::{Failure, SignatureCheck};
use proptest::prelude::*;
use serde_json::{Value, json};
use tanba_ncalayer::{Limits, Session, Step};

const KNP: &str = "kz.inessoft.kgd.knp.ncalayer.KNPModuleService";
const ESF: &str = "com.osdkz.esf.signer.esfSigner";
const EZ_SIGNER: &str = "kz.gov.pki.cms.CMSSignUtil";
const UCHET: &str = "kz.uchet.signUtil.commonUtils";

fn receive(request: &Value) -> Step {
    Session::new().receive(
        &request.to_string(),
        &Limits::default(),
        Some(&[TokenSeen::new(Some(StorageName::Kaztoken), "office", "Kaztoken 0")]),
    )
}

fn task(request: &Value) -> Task {
    match receive(request) {
        Step::Ask(ask) => ask.task,
        step => panic!("{request}: {step:?}"),
    }
}

fn reply(request: &Value, limits: &Limits) -> Value {
    match Session::new().receive(&request.to_string(), limits, Some(&[])) {
        Step::Reply(reply) => serde_json::from_str(&reply).unwrap(),
        step => panic!("{request}: {step:?}"),
    }
}

fn key() -> KeyInfo {
    KeyInfo {
        alias: "a".to_owned(), subject_dn: "CN=ТЕСТ".to_owned(), certificate: vec![48, 0], ..KeyInfo::default()
    }
}

fn signed() -> Outcome {
    Outcome::Signed(Signed {
        signatures: vec![b"<a/>".to_vec().into()],
        key: Box::new(key()),
        signer_name: String::new(),
        digests: Vec::new(),
        files: vec!["/a.cms".to_owned()],
        uploaded: None,
    })
}

fn outcomes() -> Vec<Outcome> {
    let check =
        SignatureCheck { is_good: true, key: Some(Box::new(key())), signed_at_ms: Some(0), detail: String::new() };
    let failures = FailureCode::ALL.map(|code| Outcome::Failed(Failure { code, detail: "cause".to_owned() }));
    let others = [
        signed(),
        Outcome::KeyShown(Box::new(key())),
        Outcome::FileChosen("/a".to_owned()),
        Outcome::Verified(vec![check]),
        Outcome::Digest(vec![1].into()),
        Outcome::Saved("/a".to_owned()),
        Outcome::Cancelled,
    ];
    failures.into_iter().chain(others).collect()
}

/// Every request that has a place for a password, with one in it.
fn with_password(password: &str) -> Vec<Value> {
    let key = json!(["PKCS12", "/k.p12", "a", password]);
    let applet = |method: &str, more: Value| {
        let args: Vec<Value> = key.as_array().unwrap().iter().chain(more.as_array().unwrap()).cloned().collect();
        json!({"method": method, "args": args})
    };
    vec![
        json!({"method": "getKeys", "args": ["PKCS12", "/k.p12", password, "SIGN"]}),
        applet("getNotBefore", json!([])),
        applet("getNotAfter", json!([])),
        applet("getSubjectDN", json!([])),
        applet("getIssuerDN", json!([])),
        applet("getRdnByOid", json!(["2.5.4.3", 0])),
        applet("signPlainData", json!(["text"])),
        applet("verifyPlainData", json!(["text", "MTEK"])),
        applet("createCMSSignature", json!(["text", true])),
        applet("createCMSSignatureFromFile", json!(["/a", false])),
        applet("signXml", json!(["<a/>"])),
        applet("signXmlByElementId", json!(["<a/>", "a", "id", ""])),
        json!({"module": KNP, "command": "getCertificates", "path": "/k.p12", "password": password, "pin": password, "p12": password}),
        json!({"module": KNP, "command": "signDocument", "xml": "<a/>", "password": password, "pin": password, "p12": password}),
        json!({"module": UCHET, "method": "signFileFromDiskAndSaveToDiskApi", "args": [password, "/a", "", "/k.p12", password, "PKCS12"]}),
        json!({"module": UCHET, "method": "signFileAndReturnBase64Api", "args": [password, "MTEK", "/k.p12", password, "PKCS12"]}),
    ]
}

#[test]
fn a_password_named_by_a_page_is_in_no_task_no_debug_text_and_no_reply() {
    const PASSWORD: &str = "Xyzzy12-qwerty";
    for request in with_password(PASSWORD) {
        for outcome in outcomes() {
            let mut session = Session::new();
            let step = session.receive(&request.to_string(), &Limits::default(), Some(&[]));
            let mut texts = vec![format!("{step:?}"), format!("{session:?}")];
            let Step::Ask(ask) = step else { panic!("{request}: asks") };
            texts.extend([format!("{:?}", ask.task), serde_json::to_string(&ask.task).unwrap()]);
            texts.extend([format!("{:?}", ask.reply), ask.reply.answer(&outcome), format!("{session:?}")]);
            for text in texts {
                assert!(!text.contains(PASSWORD), "{request}: {text}");
            }
        }
    }
    // The same request with another password is the same task.
    let tasks = |password: &str| with_password(password).iter().map(task).collect::<Vec<_>>();
    assert_eq!(tasks(PASSWORD), tasks(""));
}

#[test]
fn what_is_printed_of_an_open_question_has_neither_paths_nor_documents_nor_names_of_people() {
    for request in with_password("p") {
        let mut session = Session::new();
        let Step::Ask(ask) = session.receive(&request.to_string(), &Limits::default(), Some(&[])) else {
            panic!("asks")
        };
        let printed = format!("{ask:?} {:?}", ask.reply);
        let _ = ask.reply.answer(&Outcome::KeyShown(Box::new(key())));
        let printed = printed + &format!("{session:?}");
        for content in ["/k.p12", "<a/>", "text", "ТЕСТ"] {
            assert!(!printed.contains(content), "{request}: {printed}");
        }
    }
}

#[test]
fn a_request_that_names_a_path_says_so_to_the_policy() {
    for request in with_password("p") {
        let names_none = request["command"] == "signDocument";
        assert_eq!(task(&request).names_a_path(), !names_none, "{request}");
    }
    for request in [
        json!({"method": "verifyCMSSignatureFromFile", "args": ["MTEK", "/a"]}),
        json!({"module": EZ_SIGNER, "method": "signFilePath", "args": ["/a", "", "PKCS12"]}),
        json!({"module": EZ_SIGNER, "method": "checkCMS", "args": ["/a"]}),
        json!({"module": EZ_SIGNER, "method": "saveCMS", "args": ["/a", ""]}),
    ] {
        assert!(task(&request).names_a_path(), "{request}");
    }
    for request in [
        json!({"method": "browseKeyStore", "args": ["PKCS12", "P12", "/media"]}),
        json!({"module": EZ_SIGNER, "method": "getFilePath", "args": ["all", "/media"]}),
        json!({"module": "NURSign", "type": "file", "url_upload": "https://a.kz/"}),
        json!({"method": "getKeys", "args": ["PKCS12", "", "p", "SIGN"]}),
    ] {
        assert!(!task(&request).names_a_path(), "{request}");
    }
}

#[test]
fn what_one_socket_was_shown_another_must_ask_for() {
    let keys = json!({"method": "getKeys", "args": ["PKCS12", "/k.p12", "p", "ALL"]}).to_string();
    let subject = json!({"method": "getSubjectDN", "args": ["PKCS12", "/k.p12", "a", "p"]}).to_string();
    let (mut one, mut other) = (Session::new(), Session::new());
    let limits = Limits::default();
    let Step::Ask(ask) = one.receive(&keys, &limits, Some(&[])) else { panic!("asks") };
    assert!(matches!(one.receive(&subject, &limits, Some(&[])), Step::Ask(_)), "nothing is shown yet");
    assert!(ask.reply.answer(&Outcome::KeyShown(Box::new(key()))).contains("|a\\n"));
    let Step::Reply(reply) = one.receive(&subject, &limits, Some(&[])) else { panic!("replies") };
    assert_eq!(reply, r#"{"result":"CN=ТЕСТ","errorCode":"NONE"}"#);
    assert!(matches!(other.receive(&subject, &limits, Some(&[])), Step::Ask(_)));
}

#[test]
fn a_cancelled_or_failed_question_shows_nothing() {
    let keys = json!({"method": "getKeys", "args": ["PKCS12", "/k.p12", "p", "ALL"]}).to_string();
    let subject = json!({"method": "getSubjectDN", "args": ["PKCS12", "/k.p12", "a", "p"]}).to_string();
    for outcome in outcomes().into_iter().filter(|outcome| !matches!(outcome, Outcome::KeyShown(_))) {
        let mut session = Session::new();
        let Step::Ask(ask) = session.receive(&keys, &Limits::default(), Some(&[])) else { panic!("asks") };
        let _ = ask.reply.answer(&outcome);
        assert!(matches!(session.receive(&subject, &Limits::default(), Some(&[])), Step::Ask(_)), "{outcome:?}");
    }
}

#[test]
fn goszakup_gets_time_stamps_and_its_own_server_gets_the_file() {
    let Task::Sign(task) =
        task(&json!({"module": "NURSign", "type": "file", "token": "t", "url_upload": "https://a.kz/u"}))
    else {
        panic!("signs")
    };
    assert_eq!(task.documents, [Document::Chosen]);
    assert_eq!(task.delivery, Delivery::Upload { url: "https://a.kz/u".to_owned(), token: "t".to_owned() });
    assert!(matches!(task.form, Form::Cms(cms) if cms.time_stamp == TimeStamp::Signature));
}

#[test]
fn documents_over_the_limits_are_refused_without_a_window() {
    let limits = Limits { document: 4, documents: 2 };
    let key = ["PKCS12", "/k.p12", "a", "p"];
    let applet = |method: &str, more: &[Value]| {
        let args: Vec<Value> = key.iter().map(|arg| json!(arg)).chain(more.iter().cloned()).collect();
        json!({"method": method, "args": args})
    };
    let common = json!({"result": "", "errorCode": "COMMON"});
    for request in [
        applet("signPlainData", &[json!("12345")]),
        applet("createCMSSignature", &[json!("12345"), json!(true)]),
        applet("signXml", &[json!("<ab/>")]),
        applet("signXmlByElementId", &[json!("<ab/>"), json!("ab"), json!("id"), json!("")]),
        applet("verifyPlainData", &[json!("12345"), json!("MTEK")]),
        json!({"method": "verifyCMSSignature", "args": ["MTEK", "12345"]}),
        json!({"method": "verifyXml", "args": ["<ab/>"]}),
        json!({"method": "getHash", "args": ["12345", "SHA256"]}),
    ] {
        assert_eq!(reply(&request, &limits), common, "{request}");
    }
    let signature = json!({"method": "verifyCMSSignature", "args": ["MTEKMTEK", ""]});
    assert_eq!(reply(&signature, &limits)["errorCode"], "SIGNATURE_VALIDATION_ERROR");

    let nur_sign = |kind: &str, data: Value| reply(&json!({"module": "NURSign", "type": kind, "data": data}), &limits);
    let too_large = json!({"errorCode": 2});
    assert_eq!(nur_sign("text", json!("12345")), too_large);
    assert_eq!(nur_sign("xml", json!("<ab/>")), too_large);
    assert_eq!(nur_sign("multitext", json!({"0": "1", "1": "12345"})), too_large);
    assert_eq!(nur_sign("multitext", json!({"0": "1", "1": "2", "2": "3"})), too_large);
    assert_eq!(nur_sign("multixml", json!(["<a/>", "<a/>", "<a/>"])), too_large);

    let knp = json!({"module": KNP, "command": "signDocument", "xml": "<ab/>"});
    assert_eq!(
        reply(&knp, &limits),
        json!({"resultStatus": {"resultCode": "INVALID_INPUT_DATA", "resultText": "xml is over the limit of 4 octets"}})
    );
    let esf = |method: &str, data: Value| {
        let request = json!({"module": ESF, "method": method, "storageName": "PKCS12", "data": data});
        reply(&request, &limits)["message"].clone()
    };
    assert_eq!(esf("signPlainData", json!("12345")), "data is over the limit of 4 octets");
    assert_eq!(esf("signPlainDataMap", json!({"a": "1", "b": "12345"})), "data is over the limit of 4 octets");
    assert_eq!(esf("signPlainDataMap", json!({"a": "1", "b": "2", "c": "3"})), "data has more than 2 texts");
    let uchet =
        json!({"module": UCHET, "method": "signFileAndReturnBase64Api", "args": ["t", "MTEKMTEK", "", "p", "PKCS12"]});
    assert_eq!(reply(&uchet, &limits)["message"], "the document is over the limit of 4 octets");
}

#[test]
fn paths_longer_than_any_real_one_are_refused_without_a_window() {
    let long = "/".repeat(32 * 1024 + 1);
    let applet = |method: &str, args: Value| {
        reply(&json!({"method": method, "args": args}), &Limits::default())["errorCode"].clone()
    };
    assert_eq!(applet("getKeys", json!(["PKCS12", long, "p", "ALL"])), "LOAD_KEYSTORE_ERROR");
    assert_eq!(applet("signPlainData", json!(["PKCS12", long, "a", "p", "x"])), "LOAD_KEYSTORE_ERROR");
    let create = json!(["PKCS12", "", "a", "p", long, true]);
    assert_eq!(applet("createCMSSignatureFromFile", create), "FILE_READ_ERROR");
    assert_eq!(applet("verifyCMSSignatureFromFile", json!(["MTEK", long])), "FILE_READ_ERROR");

    let files = |module: &str, method: &str, args: Value| {
        reply(&json!({"module": module, "method": method, "args": args}), &Limits::default())["message"].clone()
    };
    for (module, method, args) in [
        (EZ_SIGNER, "signFilePath", json!([long, "", "PKCS12"])),
        (EZ_SIGNER, "signFilePath", json!(["/a", long, "PKCS12"])),
        (EZ_SIGNER, "checkCMS", json!([long])),
        (EZ_SIGNER, "saveCMS", json!(["/a", long])),
        (UCHET, "signFileFromDiskAndSaveToDiskApi", json!(["t", long, "", "/k.p12", "p", "PKCS12"])),
    ] {
        assert_eq!(files(module, method, args), "file.not_found", "{method}");
    }
    let knp = reply(&json!({"module": KNP, "command": "getCertificates", "path": long}), &Limits::default());
    assert_eq!(knp["resultStatus"], json!({"resultCode": "INVALID_INPUT_DATA", "resultText": "path is no path"}));
}

/// Words that lead deep into these modules.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "PKCS12", "AKKaztokenStore", "KAZTOKEN", "/k.p12", "C:\\k.p12", "a", "SIGN", "ALL", "MTEK", "<a/>", "true", "0",
            "2.5.4.3", "SHA256", "GOST34311", "https://a.kz/", "http://a.kz/", "ru", "",
        ])
        .prop_map(str::to_owned),
        1 => ".{0,8}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        8 => word().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(word(), inner, 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// A method, where it is named, and in which module.
fn method() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    let methods = [
        ("", "method", "browseKeyStore loadSlotList showFileChooser getKeys getNotBefore getRdnByOid signPlainData"),
        ("", "method", "verifyPlainData createCMSSignature createCMSSignatureFromFile verifyCMSSignature getHash"),
        ("", "method", "verifyCMSSignatureFromFile signXml signXmlByElementId verifyXml getSubjectDN setLocale"),
        ("NURSign", "type", "version text binary xml multitext multixml file"),
        (KNP, "command", "info getStorageType getStorageDevicesByType getCertificates signDocument"),
        (ESF, "method", "signPlainData signPlainDataMap auth"),
        (EZ_SIGNER, "method", "getFilePath signFilePath checkCMS saveCMS"),
        (
            UCHET,
            "method",
            "getVersion getFilePath signFileFromDiskAndSaveToDiskApi signFileAndReturnBase64Api checkCMS",
        ),
    ];
    let all: Vec<_> = methods
        .into_iter()
        .flat_map(|(module, selector, names)| names.split(' ').map(move |name| (module, selector, name)))
        .collect();
    prop::sample::select(all)
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "data",
        "upload_url",
        "url_upload",
        "token",
        "requestId",
        "storage",
        "storageType",
        "storageName",
        "type",
        "path",
        "alias",
        "serialNumber",
        "keyUsage",
        "xml",
        "lang",
        "password",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn no_request_panics_and_every_answer_to_every_outcome_is_strict_json(
        (module, selector, method) in method(),
        args in prop::collection::vec(value(), 0..9),
        members in prop::collection::hash_map(name(), value(), 0..6),
    ) {
        let mut request: serde_json::Map<String, Value> = members.into_iter().collect();
        request.extend([("module".into(), module.into()), ("args".into(), args.into()), (selector.into(), method.into())]);
        let request = Value::from(request);
        for outcome in outcomes() {
            let answer = match receive(&request) {
                Step::Silent(_) | Step::Tokens => continue,
                Step::Reply(reply) => reply,
                Step::Ask(ask) => ask.reply.answer(&outcome),
            };
            prop_assert!(serde_json::from_str::<Value>(&answer).is_ok(), "{}", answer);
        }
    }
}
