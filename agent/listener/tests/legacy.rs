//! Calls that name files by their paths, where the settings let a site name none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use serde_json::{Value, json};
use settings::{Places, edit};
use world::{World, cancelled, sign, signed};

const COMMON_UTILS: &str = "kz.gov.pki.knca.commonUtils";
const EZ_SIGNER: &str = "kz.gov.pki.cms.CMSSignUtil";
const UCHET: &str = "kz.uchet.signUtil.commonUtils";

fn set(world: &World, key: &str, value: &str) {
    edit::set(&Places::under(world.folder.path()), key, value).unwrap();
}

/// Every call of the dialect that can name a file or a folder.
fn calls() -> Vec<Value> {
    let key = ["PKCS12", "/k.p12", "", "p"];
    let applet = |method: &str, more: &[Value]| {
        let arguments: Vec<Value> = key.iter().map(|text| json!(text)).chain(more.iter().cloned()).collect();
        json!({"method": method, "args": arguments})
    };
    let mut calls: Vec<Value> = ["getNotBefore", "getNotAfter", "getSubjectDN", "getIssuerDN"]
        .into_iter()
        .map(|method| applet(method, &[]))
        .collect();
    calls.extend([
        json!({"method": "getKeys", "args": ["PKCS12", "/k.p12", "p", "SIGN"]}),
        applet("getRdnByOid", &[json!("2.5.4.3"), json!(0)]),
        applet("signPlainData", &[json!("text")]),
        applet("verifyPlainData", &[json!("text"), json!("MTEK")]),
        applet("createCMSSignature", &[json!("text"), json!(true)]),
        applet("createCMSSignatureFromFile", &[json!("/a"), json!(true)]),
        json!({"method": "createCMSSignatureFromFile", "args": ["PKCS12", "", "", "p", "/a", true]}),
        json!({"method": "verifyCMSSignatureFromFile", "args": ["MTEK", "/a"]}),
        applet("signXml", &[json!("<a/>")]),
        applet("signXmlByElementId", &[json!("<a/>"), json!("a"), json!(""), json!("")]),
        json!({"module": COMMON_UTILS, "method": "createCAdESFromFile", "args": ["PKCS12", "SIGNATURE", "/a", true]}),
        json!({"module": COMMON_UTILS, "method": "createCMSSignatureFromFile",
            "args": ["PKCS12", "SIGNATURE", "/a", true]}),
        json!({"module": EZ_SIGNER, "method": "signFilePath", "args": ["/a", "/b", "PKCS12"]}),
        json!({"module": EZ_SIGNER, "method": "checkCMS", "args": ["/a"]}),
        json!({"module": EZ_SIGNER, "method": "saveCMS", "args": ["/a", "/b"]}),
        json!({"module": UCHET, "method": "checkCMS", "args": ["/a"]}),
        json!({"module": UCHET, "method": "signFileFromDiskAndSaveToDiskApi",
            "args": ["t", "/a", "/b", "/k.p12", "p", "PKCS12"]}),
        json!({"module": UCHET, "method": "signFileAndReturnBase64Api",
            "args": ["t", "MTEK", "/k.p12", "p", "PKCS12"]}),
    ]);
    calls
}

/// What a page hears in the place of an answer when the person said no, by its module.
fn is_a_no(call: &Value, answer: &Value) -> bool {
    match call["module"].as_str() {
        None => *answer == json!({"result": "", "errorCode": "COMMON"}),
        Some(_) => answer["code"] == "500" && answer["message"] == "action.canceled",
    }
}

#[tokio::test]
async fn whatever_names_a_path_hears_a_no_at_once_and_the_journal_says_why() {
    let mut world = World::new().await;
    set(&world, "legacy.file_paths", "never");
    let calls = calls();
    for call in &calls {
        let mut page = world.page("https://old.kz").await;
        let answer = page.call(&call.to_string()).await;
        assert!(is_a_no(call, &answer), "{call}: {answer}");
    }
    world.signers.none().await;
    world.stop().await;
    let journal = world.journal();
    assert!(!journal.is_empty() && journal.iter().all(|result| result == "path-refused"), "{journal:?}");
    assert_eq!(journal.len(), calls.len());
}

#[tokio::test]
async fn what_names_no_path_is_asked_as_ever() {
    let mut world = World::new().await;
    set(&world, "legacy.file_paths", "never");
    let mut page = world.page("https://old.kz").await;
    page.say(&sign("b25l")).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    signer.finish(order.id, signed(&order)).await;
    page.hear().await;
    // The person's own choice of a file is theirs, and so is a key that no page names.
    for call in [
        json!({"method": "browseKeyStore", "args": ["PKCS12", "P12", "/media"]}),
        json!({"module": COMMON_UTILS, "method": "showFileChooser", "args": ["ALL", "/media"]}),
        json!({"method": "getKeys", "args": ["PKCS12", "", "p", "SIGN"]}),
        json!({"module": "NURSign", "type": "file", "url_upload": "https://old.kz/"}),
    ] {
        page.say(&call.to_string()).await;
        let order = signer.order().await;
        signer.finish(order.id, order::Outcome::Cancelled).await;
        page.hear().await;
    }
    world.stop().await;
    assert_eq!(world.journal(), ["signed", "cancelled", "cancelled", "cancelled", "cancelled"]);
}

#[tokio::test]
async fn only_listed_sites_are_asked_about_and_a_change_holds_for_the_next_request() {
    let mut world = World::new().await;
    let call = json!({"module": EZ_SIGNER, "method": "signFilePath", "args": ["/a", "", "PKCS12"]}).to_string();
    let (mut listed, mut other) = (world.page("https://idp.egov.kz").await, world.page("https://other.kz").await);
    let mut nobody = world.page("null").await;
    set(&world, "legacy.file_paths", "listed");
    set(&world, "legacy.sites", "egov.kz");
    for page in [&mut other, &mut nobody] {
        let answer = page.call(&call).await;
        assert_eq!(answer["message"], "action.canceled", "{answer}");
    }
    world.signers.none().await;
    listed.say(&call).await;
    let mut signer = world.signers.next().await;
    let order = signer.order().await;
    assert_eq!(order.requester.paths, order::PathPermission::Ask, "the list is no yes");
    signer.finish(order.id, order::Outcome::Cancelled).await;
    listed.hear().await;
    // Back to the default, the same socket of the other site is heard.
    set(&world, "legacy.file_paths", "ask");
    other.say(&call).await;
    let order = signer.order().await;
    signer.finish(order.id, order::Outcome::Cancelled).await;
    other.hear().await;
    assert_ne!(
        listed.call(r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getActiveTokens"}"#).await,
        cancelled()
    );
    world.stop().await;
    assert_eq!(world.journal(), ["path-refused", "path-refused", "cancelled", "cancelled"]);
}
