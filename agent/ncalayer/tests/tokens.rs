//! Before it is known which tokens are plugged in: what waits for it, and what does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use order::{StorageName, TokenSeen};
use serde_json::{Value, json};
use tanba_ncalayer::{Limits, Session, Step};

const COMMON: &str = "kz.gov.pki.knca.commonUtils";
const KNP: &str = "kz.inessoft.kgd.knp.ncalayer.KNPModuleService";

fn basics(allowed: Value) -> Value {
    json!({"module": "kz.gov.pki.knca.basics", "method": "sign", "args": {"allowedStorages": allowed, "format": "cms",
        "data": "MTEK", "signingParams": {}, "signerParams": {"extKeyUsageOids": []}}})
}

/// Requests whose answer depends on it.
fn dependent() -> Vec<Value> {
    vec![
        json!({"module": COMMON, "method": "getActiveTokens"}),
        json!({"module": COMMON, "method": "getKeyInfo", "args": ["AKKaztokenStore"]}),
        json!({"module": COMMON, "method": "createCAdESFromBase64", "args": ["AKKaztokenStore", "SIGNATURE", "MTEK", true]}),
        basics(json!(["AKKaztokenStore", "AKJaCartaStore"])),
        json!({"method": "loadSlotList", "args": ["AKKaztokenStore"]}),
        json!({"method": "browseKeyStore", "args": ["AKKaztokenStore", "P12", ""]}),
        json!({"method": "getKeys", "args": ["AKKaztokenStore", "office", "p", "SIGN"]}),
        json!({"module": KNP, "command": "getStorageDevicesByType", "storage": "KAZTOKEN"}),
        json!({"module": KNP, "command": "getCertificates", "storage": "KAZTOKEN"}),
        json!({"module": "com.osdkz.esf.signer.esfSigner", "method": "auth", "storageName": "AKKaztokenStore", "data": "x"}),
        json!({"module": "kz.gov.pki.cms.CMSSignUtil", "method": "signFilePath", "args": ["/a.pdf", "/", "AKKaztokenStore"]}),
    ]
}

/// Requests whose answer does not.
fn independent() -> Vec<Value> {
    vec![
        json!({}),
        json!({"module": COMMON, "method": "changeLocale", "args": ["ru"]}),
        json!({"module": COMMON, "method": "getActiveTokens", "args": ["x"]}),
        json!({"module": COMMON, "method": "getKeyInfo", "args": ["PKCS12"]}),
        json!({"module": COMMON, "method": "getKeyInfo", "args": ["NoSuchStore"]}),
        json!({"module": COMMON, "method": "showFileChooser", "args": ["ALL", ""]}),
        basics(Value::Null),
        basics(json!([])),
        basics(json!(["AKKaztokenStore", "PKCS12"])),
        json!({"method": "loadSlotList", "args": ["PKCS12"]}),
        json!({"method": "getKeys", "args": ["PKCS12", "", "p", "SIGN"]}),
        json!({"module": KNP, "command": "getStorageType"}),
        json!({"module": "NURSign", "type": "version"}),
        json!({"module": "kz.gov.pki.ncalayerservices.accessory", "method": "getServices"}),
        json!({"module": "no.such.module", "method": "getActiveTokens"}),
    ]
}

fn receive(session: &mut Session, request: &Value, tokens: Option<&[TokenSeen]>) -> Step {
    session.receive(&request.to_string(), &Limits::default(), tokens)
}

#[test]
fn a_request_whose_answer_depends_on_tokens_comes_back_until_they_are_known() {
    let plugged = [TokenSeen::new(Some(StorageName::Kaztoken), "office", "Kaztoken 0")];
    for request in dependent() {
        let mut session = Session::new();
        assert!(matches!(receive(&mut session, &request, None), Step::Tokens), "{request}");
        assert!(session.has_looked_at_tokens() && session.refused_by().is_none(), "{request}");
        let with = format!("{:?}", receive(&mut session, &request, Some(&plugged)));
        let without = format!("{:?}", receive(&mut session, &request, Some(&[])));
        assert!(session.has_looked_at_tokens(), "{request}");
        assert_ne!(with, without, "{request}: it does depend on them");
    }
}

#[test]
fn every_other_request_is_answered_as_if_they_were_known() {
    for request in independent() {
        let mut session = Session::new();
        let unknown = format!("{:?}", receive(&mut session, &request, None));
        assert!(!session.has_looked_at_tokens(), "{request}");
        assert_eq!(unknown, format!("{:?}", receive(&mut session, &request, Some(&[]))), "{request}");
        assert_ne!(unknown, "Tokens", "{request}");
    }
}

#[test]
fn a_token_storage_without_a_token_opens_no_window() {
    for (request, wanted) in [
        (json!({"module": COMMON, "method": "getKeyInfo", "args": ["AKJaCartaStore"]}), "storage.empty"),
        (
            json!({"module": COMMON, "method": "signXml", "args": ["AKAKEYStore", "SIGNATURE", "<a/>", "", ""]}),
            "storage.empty",
        ),
        (
            json!({"module": "com.osdkz.esf.signer.esfSigner", "method": "auth", "storageName": "AKJaCartaStore", "data": "x"}),
            "storage.empty",
        ),
        (
            json!({"module": "kz.gov.pki.cms.CMSSignUtil", "method": "signFilePath", "args": ["/a", "/", "AKJaCartaStore"]}),
            "storage.empty",
        ),
        (json!({"method": "getKeys", "args": ["AKJaCartaStore", "", "p", "SIGN"]}), "EMPTY_SLOT"),
        (json!({"method": "signXml", "args": ["AKJaCartaStore", "", "a", "p", "<a/>"]}), "EMPTY_SLOT"),
        (json!({"module": KNP, "command": "signDocument", "storage": "JACARTA", "xml": "<a/>"}), "TOKEN_NOT_AVAILABLE"),
        (basics(json!(["AKJaCartaStore"])), "SIGNING_FAILURE"),
    ] {
        let plugged = [TokenSeen::new(Some(StorageName::Kaztoken), "office", "Kaztoken 0")];
        let Step::Reply(reply) = receive(&mut Session::new(), &request, Some(&plugged)) else { panic!("{request}") };
        assert!(reply.contains(wanted), "{request}: {reply}");
    }
}

#[test]
fn a_terminal_that_knp_was_told_of_means_that_token_and_any_other_word_means_any() {
    let plugged = [TokenSeen::new(Some(StorageName::Kaztoken), "office", "Kaztoken 0")];
    let named = |path: &str| {
        let request = json!({"module": KNP, "command": "getCertificates", "storage": "KAZTOKEN", "path": path});
        match receive(&mut Session::new(), &request, Some(&plugged)) {
            Step::Ask(ask) => match ask.task {
                order::Task::ShowKey(filter) => filter.named.map(|named| named.place),
                _ => panic!("another task"),
            },
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(named("Kaztoken 0").as_deref(), Some("Kaztoken 0"));
    assert_eq!(named("/media/usb/key.p12"), None);
}
