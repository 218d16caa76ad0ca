use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

fn from(site: &str) -> Origin {
    Origin::from_header(Some(site.as_bytes()))
}

/// The site that a document names, for a page of this one and a key for documents.
fn named(document: &str, site: &str) -> Option<String> {
    other_site(document.as_bytes(), LoginUse::Unsaid, &from(site)).map(|other| other.named)
}

fn token(claims: &str) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"GOST"}"#), URL_SAFE_NO_PAD.encode(claims))
}

#[test]
fn a_ticket_of_another_site_is_seen_in_every_form() {
    let tickets = [
        "<login><timeTicket>1700000000000</timeTicket><sessionid>17</sessionid><url>https://idp.egov.kz/idp/login</url></login>".to_owned(),
        r#"<?xml version="1.0" encoding="UTF-8"?><auth host="idp.egov.kz" ticket="42"/>"#.to_owned(),
        "<AuthnRequest Destination='https://idp.egov.kz/saml' ID='a1'/>".to_owned(),
        "<root><returnUrl> https://egov.kz:8443/cms?x=1#y </returnUrl></root>".to_owned(),
        r#"{"nonce":"5","audience":["https://egov.kz"]}"#.to_owned(),
        r#"{"redirect_uri":"https://egov.kz/cb"}"#.to_owned(),
        token(r#"{"aud":"egov.kz","exp":1}"#),
        format!("<t><jwt>{}</jwt></t>", token(r#"{"aud":"https://www.egov.kz"}"#)),
        "Вход на портал https://egov.kz/login, время 10:15".to_owned(),
    ];
    for ticket in tickets {
        let found = named(&ticket, "https://evil.kz");
        assert!(
            found.as_deref().is_some_and(|host| host == "egov.kz" || host.ends_with(".egov.kz")),
            "{ticket}: {found:?}"
        );
        assert_eq!(named(&ticket, "https://my.egov.kz"), None, "{ticket}: its own site");
    }
}

#[test]
fn both_names_are_told() {
    let other = other_site(
        b"<a><callback>https://idp.egov.kz/x</callback></a>",
        LoginUse::Unsaid,
        &from("https://evil.kz:444"),
    );
    assert_eq!(other, Some(OtherSite { named: "idp.egov.kz".into(), asks: "evil.kz".into() }));
    for (origin, asks) in [(Origin::Opaque, "null"), (Origin::Absent, "-")] {
        let other = other_site(b"<a><callback>https://idp.egov.kz/x</callback></a>", LoginUse::Unsaid, &origin);
        assert_eq!(other.map(|other| other.asks).as_deref(), Some(asks));
    }
}

#[test]
fn a_name_that_only_looks_like_the_asking_site_is_another_one() {
    for url in [
        "https://egov.kz.evil.com/",
        "https://egov.kz@evil.com/",
        "https://evil.com\\@egov.kz/",
        "https://evil-egov.kz/",
        "HTTPS://EVIL.COM/egov.kz",
    ] {
        let ticket = format!("<login><url>{url}</url></login>");
        assert!(named(&ticket, "https://egov.kz").is_some(), "{url}");
    }
    // Two organisations under one public suffix are two sites.
    assert!(named("<login><url>https://stat.gov.kz</url></login>", "https://kgd.gov.kz").is_some());
}

#[test]
fn ordinary_documents_raise_no_alarm() {
    for document in [
        r#"<f:form xmlns:f="http://www.kgd.gov.kz/forms/1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.kgd.gov.kz/forms/1 http://kgd.gov.kz/f.xsd"><f:iin>1</f:iin></f:form>"#,
        "<invoice><seller><name>ТОО Ромашка</name><website>https://romashka.com</website></seller></invoice>",
        "<doc><text>См. https://adilet.zan.kz/rus/docs/K1500000377</text></doc>",
        "<service>1.0.2</service>",
        "<file url='document.pdf' site='Алматы' service='v1.0'/>",
        r#"{"host":"db-1","service":"payments","url":"/api/v1"}"#,
        "Договор. Сайт исполнителя: https://romashka.com",
        "%PDF-1.7",
        "",
        "<",
        "{",
    ] {
        assert_eq!(named(document, "https://portal.kz"), None, "{document}");
    }
    // Signed before: the signature's own addresses are no site's.
    let signed = r#"<login><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Reference URI="http://a.kz"/></ds:Signature></login>"#;
    assert_eq!(named(signed, "https://portal.kz"), None);
}

#[test]
fn with_a_key_for_logging_in_every_named_site_counts() {
    let document = b"<d><website>https://egov.kz</website></d>";
    let ask = |login| other_site(document, login, &from("https://evil.kz"));
    assert_eq!(ask(LoginUse::Unsaid), None);
    assert_eq!(ask(LoginUse::Login).map(|other| other.named).as_deref(), Some("egov.kz"));
}

/// The sites that a document names, for a page of evil.kz and a key for logging in.
fn in_login(document: &[u8]) -> Option<String> {
    other_site(document, LoginUse::Login, &from("https://evil.kz")).map(|other| other.named)
}

#[test]
fn no_disguise_hides_the_site_of_a_ticket() {
    let ticket = "<login><url>https://egov.kz/in</url></login>";
    let long = " \n".repeat(LONGEST);
    let wide: Vec<u8> = ticket.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let disguised: [Vec<u8>; 20] = [
        format!("{long}{ticket}{long}").into_bytes(),
        format!("<!--{long}x-->{ticket}").into_bytes(),
        format!("{ticket}<!--{}-->", "x".repeat(LONGEST)).into_bytes(),
        [b"\xff\xfe".to_vec(), wide].concat(),
        b"<login><url><!---->https://egov.kz</url></login>".to_vec(),
        b"<login><url>https<?x?>://egov<![CDATA[.kz]]></url></login>".to_vec(),
        b"<login><url><x/>https://egov.kz</url></login>".to_vec(),
        b"<login returnUrl='https://evil.kz'><url>https://egov.kz</url></login>".to_vec(),
        b"<login audience='evil.kz'><url>https://egov.kz</url></login>".to_vec(),
        b"<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><url>https://egov.kz</url></Signature>".to_vec(),
        b"<login xmlns='http://www.w3.org/2000/09/xmldsig#'><url>https://egov.kz</url></login>".to_vec(),
        b"<!DOCTYPE login><login><url>https://egov.kz</url></login>".to_vec(),
        b"<login><host>egov.kz</host>".to_vec(),
        b"{\"url\":\"https:\\/\\/egov.kz\",}".to_vec(),
        b"{\"host\": \"egov.kz\", \"nonce\": 5}\0".to_vec(),
        b"{'host': 'egov.kz'}".to_vec(),
        b"[login] egov.kz".to_vec(),
        b"host=egov.kz&nonce=5".to_vec(),
        b"redirect_uri=https%3A%2F%2Fegov.kz%2Fcb".to_vec(),
        b"Login to egov.kz.".to_vec(),
    ];
    for document in disguised {
        let shown = String::from_utf8_lossy(document.get(..200).unwrap_or(&document)).into_owned();
        assert_eq!(in_login(&document).as_deref(), Some("egov.kz"), "{shown}");
    }
    for text in ["host=egov.kz&nonce=5", "Login to egov.kz", "Для аутентификации на сайте: egov.kz:443"]
    {
        assert_eq!(named(text, "https://evil.kz").as_deref(), Some("egov.kz"), "{text}: with any key");
    }
}

#[test]
fn the_asking_site_cannot_crowd_the_other_one_out() {
    let many = |name: &str, site: &str| (0..50).map(|n| format!("<{name}>a{n}.{site}</{name}>")).collect::<String>();
    let own = format!("<login>{}<url>egov.kz</url></login>", many("returnUrl", "evil.kz"));
    assert_eq!(in_login(own.as_bytes()).as_deref(), Some("egov.kz"));
    let weak = format!("<login><url>evil.kz</url>{}<url>egov.kz</url></login>", many("issuer", "other.kz"));
    assert_eq!(in_login(weak.as_bytes()).as_deref(), Some("egov.kz"));
    let several =
        b"<login><url>https://a.kz</url><url>b.kz</url><url>c.kz</url><url>d.kz</url><url>egov.kz</url></login>";
    assert_eq!(in_login(several).as_deref(), Some("a.kz, b.kz, c.kz +2"));
}

#[test]
fn an_ordinary_ticket_of_the_asking_site_may_speak_of_others() {
    for document in [
        "<login><url>https://evil.kz/in</url><issuer>https://pki.gov.kz</issuer></login>",
        "<login schemaUrl='https://schema.kz/1.xsd'><host>evil.kz</host></login>",
        r#"{"aud":"evil.kz","iss":"https://idp.kz","service":"https://other.kz"}"#,
        "<login xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a http://kgd.gov.kz/f.xsd'><url>evil.kz</url></login>",
        "Вход на evil.kz, ivan@mail.kz",
    ] {
        assert_eq!(in_login(document.as_bytes()), None, "{document}");
    }
    for document in [
        "<letter><kind>Входящий</kind><authorizedPerson>Иванов</authorizedPerson><url>https://romashka.com</url></letter>",
        "Входящее письмо. Сайт исполнителя: https://romashka.com",
        "Пропуск на вход в здание выдаёт охрана по списку, который подписал директор. Сайт завода romashka.com",
    ] {
        assert_eq!(named(document, "https://portal.kz"), None, "{document}");
    }
}

#[test]
fn a_long_document_is_no_ticket() {
    let ticket = format!("<login><url>https://egov.kz</url><x>{}</x></login>", "x".repeat(LONGEST));
    assert_eq!(named(&ticket, "https://evil.kz"), None);
}

proptest! {
    #[test]
    fn no_document_panics(document in prop::collection::vec(any::<u8>(), 0..400), text in ".{0,200}") {
        let _ = other_site(&document, LoginUse::Login, &from("https://evil.kz"));
        let _ = other_site(text.as_bytes(), LoginUse::Login, &Origin::Opaque);
        let _ = other_site(format!("<a url=\"{text}\">{text}</a>").as_bytes(), LoginUse::Login, &Origin::Absent);
    }

    #[test]
    fn the_asking_site_is_never_another_one(host in "[a-z]{1,10}\\.kz", sub in "([a-z]{1,5}\\.){0,3}", path in "[a-z/?=&]{0,20}") {
        let ticket = format!("<login><url>https://{sub}{host}/{path}</url></login>");
        prop_assert_eq!(named(&ticket, &format!("https://{host}")), None);
    }
}
