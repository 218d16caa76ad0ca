//! What the corpora begin with: one well-made example of everything, and the NCA's own material where it is.

use keystore::pkcs12::{self, Bundle, Iterations};
use keystore::{IssuingKey, NewKey, PrivateKey};
use order::wire::{self, FromSigner, ToSigner};
use order::{
    Cms, Content, Delivery, Document, Failure, FailureCode, Form, KeyFilter, Order, Origin, Outcome, Requester,
    SignTask, Signed, SiteChoice, Task, TimeStamp,
};
use pki::ber::{self, Limits};
use pki::issue::Profile;
use pki::request::{self, CertificationRequest, Wanted, message::Message, revocation::Statement};
use pki::revocation::Reason;
use pki::tsp::{Policy, Request, Token};
use pki::{Signer, ocsp, oid};
use signature::cms::amend::{self, SameCertificate};
use signature::{cms, pades, xmldsig};
use test_nca::Issued;
use test_nca::services::{List, Listed, OcspReply, Said, Stamp, ocsp_refusal, stamp_refusal, stamp_response};

use crate::world::{DOCUMENT, NONCE, entropy, now, password, world};
use crate::{documents, sealed};

/// A seed: which target, what it is called, its octets.
pub type Seed = (&'static str, String, Vec<u8>);

/// All of them.
pub fn all() -> Vec<Seed> {
    let mut seeds = Vec::new();
    let issued = issued();
    certificates(&issued, &mut seeds);
    requests(&issued, &mut seeds);
    key_files(&issued, &mut seeds);
    signatures(&issued, &mut seeds);
    services(&mut seeds);
    xml(&issued, &mut seeds);
    pdf(&mut seeds);
    pdf_objects(&mut seeds);
    dialect(&mut seeds);
    sockets(&mut seeds);
    wire(&mut seeds);
    token_host(&mut seeds);
    of_the_nca(&mut seeds);
    seeds
}

/// A person for every kind of key.
fn issued() -> Vec<(&'static str, Issued)> {
    let kinds = [
        ("gost512", NewKey::Gost512),
        ("gost256", NewKey::Gost256),
        ("gost2004", NewKey::Gost2004),
        ("rsa", NewKey::Rsa2048),
        ("p256", NewKey::P256),
        ("p384", NewKey::P384),
    ];
    let world = world();
    kinds
        .into_iter()
        .map(|(name, kind)| {
            let key = PrivateKey::generate(kind, &*entropy()).unwrap();
            let profile = Profile::Person { purposes: vec![oid::EMAIL_PROTECTION] };
            let subject = world.person.certificate.subject().clone();
            let (from, to) = (now().plus_days(-1), now().plus_days(364));
            (name, world.nca.certify(key, subject, profile, from, to).unwrap())
        })
        .collect()
}

fn certificates(issued: &[(&str, Issued)], seeds: &mut Vec<Seed>) {
    let world = world();
    let authorities = [("root", world.nca.root()), ("authority", world.nca.authority())];
    let services = [("responder", &world.responder), ("stamper", &world.stamper), ("head", &world.head)];
    let all = authorities
        .into_iter()
        .chain(services.map(|(name, issued)| (name, &issued.certificate)))
        .chain(issued.iter().map(|(name, issued)| (*name, &issued.certificate)));
    for (name, certificate) in all {
        seeds.push(("certificate", format!("{name}.cer"), certificate.der().to_vec()));
        seeds.push(("ber", format!("{name}.cer"), certificate.der().to_vec()));
    }
    seeds.push(("certificate", "person.pem".into(), world.person.certificate.to_pem().into_bytes()));
}

fn asked(wanted: &Wanted, issued: &Issued) -> CertificationRequest {
    let entropy = entropy();
    let signer = IssuingKey::new(&issued.key, &*entropy).unwrap();
    request::make(wanted, issued.certificate.public_key(), &signer).unwrap()
}

fn requests(issued: &[(&str, Issued)], seeds: &mut Vec<Seed>) {
    let mut add = |name: String, bytes: Vec<u8>| seeds.push(("request", name, bytes));
    for (name, issued) in issued {
        let wanted = Wanted { email: Some("a@example.kz".into()), ..Wanted::again(&issued.certificate) };
        let request = asked(&wanted, issued);
        add(format!("{name}.der"), request.der().to_vec());
        if *name == "gost512" {
            add("gost512.pem".into(), request.to_pem().into_bytes());
        }
    }
    let world = world();
    let head = &world.head.certificate;
    add("head.der".into(), asked(&Wanted::again(head), &world.head).der().to_vec());
    // What comes back, and the statement that takes it back.
    add("answer.pem".into(), [world.nca.root().to_pem(), head.to_pem()].concat().into_bytes());
    let envelope = cms::sign(&*world.head.signer().unwrap(), cms::Content::Attached(DOCUMENT), now()).unwrap();
    add("answer.p7b".into(), envelope);
    let statement = Statement {
        invalid_since: Some(now()),
        comment: Some("жоғалды".into()),
        ..Statement::about(head, Reason::KeyCompromise)
    };
    add("statement.der".into(), statement.to_der());
    add("revocation.der".into(), Message::Revocation(statement).to_der());
    add("renewal.der".into(), Message::Renewal(asked(&Wanted::again(head), &world.head)).to_der());
}

fn key_files(issued: &[(&str, Issued)], seeds: &mut Vec<Seed>) {
    let authority = world().nca.authority();
    for (name, issued) in issued {
        let key = issued.key.to_pkcs8();
        let safe = sealed::open_safe(&key, &[issued.certificate.der(), authority.der()]);
        seeds.push(("p12", format!("{name}.safe"), [&[0], &safe[..]].concat()));
        seeds.push(("jks", format!("{name}.jks"), sealed::jks(&key, issued.certificate.der(), authority.der())));
        let bundle = Bundle { key: &issued.key, certificate: Some(&issued.certificate), chain: &[authority.clone()] };
        let few = Iterations::new(2).unwrap();
        let modern = pkcs12::write_modern(&bundle, &password(), few, &*entropy()).unwrap();
        seeds.push(("p12", format!("{name}-modern.safe"), behind_the_mac(&modern)));
        seeds.push(("p12", format!("{name}-modern.p12"), modern.to_vec()));
    }
    let nca = world().person.key_file(&password()).unwrap();
    seeds.push(("p12", "nca.safe".into(), behind_the_mac(&nca)));
    seeds.push(("p12", "nca.p12".into(), nca.to_vec()));
    seeds.push(("ber", "nca.p12".into(), nca.to_vec()));
}

/// What the target `p12` puts behind a MAC of its own.
fn behind_the_mac(file: &[u8]) -> Vec<u8> {
    let der = ber::to_der(file, &Limits::KEY_FILE).unwrap();
    [&[0], &sealed::safe_of(&der).unwrap()[..]].concat()
}

fn signatures(issued: &[(&str, Issued)], seeds: &mut Vec<Seed>) {
    let mut add = |name: &str, der: &[u8]| {
        for target in ["cms", "cms_stream"] {
            seeds.push((target, name.to_owned(), der.to_vec()));
        }
    };
    for (name, issued) in issued {
        let signer = issued.signer().unwrap();
        let detached = cms::sign(&*signer, cms::Content::Detached(DOCUMENT), now()).unwrap();
        add(&format!("{name}-detached.cms"), &detached);
        add(&format!("{name}-attached.cms"), &cms::sign(&*signer, cms::Content::Attached(DOCUMENT), now()).unwrap());
    }
    let world = world();
    let attached = cms::sign(&*world.signer(), cms::Content::Attached(DOCUMENT), now()).unwrap();
    add("attached.pem", cms::to_pem(&attached).as_bytes());
    add("attached.base64", cms::to_base64_lines(&attached).as_bytes());
    add("indefinite.cms", &indefinite(&attached));
    let head = world.head.signer().unwrap();
    let two = amend::add_signer(&attached, &*head, None, SameCertificate::Refuse, now()).unwrap();
    add("two.cms", &two);
    let stamps: Vec<Token> = amend::stamp_data(&two).unwrap().into_iter().map(token).collect();
    let stamped = amend::add_stamps(&two, &stamps.iter().enumerate().collect::<Vec<_>>()).unwrap();
    add("stamped.cms", &stamped);
    seeds.push(("ber", "stamped.cms".into(), stamped));
    seeds.push(("ber", "indefinite.cms".into(), indefinite(&attached)));
}

/// Every constructed element without a length, and OCTET STRINGs in two pieces.
fn indefinite(der: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut elements = pki::tlv::Reader::new(der);
    while let Ok(element) = elements.read() {
        if element.tag() & 0x20 != 0 {
            out.extend([element.tag(), 0x80]);
            out.extend(indefinite(element.value()));
            out.extend([0, 0]);
        } else if element.tag() == pki::tlv::OCTET_STRING && element.value().len() > 40 {
            let (left, right) = element.value().split_at(20);
            out.extend([0x24, 0x80]);
            out.extend(pki::tlv::element(pki::tlv::OCTET_STRING, &[left]));
            out.extend(pki::tlv::element(pki::tlv::OCTET_STRING, &[right]));
            out.extend([0, 0]);
        } else {
            out.extend(element.raw());
        }
    }
    out
}

fn token(data: &[u8]) -> Token {
    let request = Request::for_data(Policy::Gost512, data, NONCE);
    let stamp = Stamp::new(&request, [7; 20], now()).sign(&*world().stamper.signer().unwrap()).unwrap();
    Token::from_der(&stamp).unwrap()
}

fn services(seeds: &mut Vec<Seed>) {
    let world = world();
    let request = Request::for_data(Policy::Gost512, DOCUMENT, NONCE);
    seeds.push(("tsp", "request".into(), request.to_der()));
    seeds.push(("tsp", "token".into(), token(DOCUMENT).der().to_vec()));
    seeds.push(("tsp", "response".into(), stamp_response(token(DOCUMENT).der())));
    seeds.push(("tsp", "refusal".into(), stamp_refusal(15)));

    let authority = world.nca.authority();
    let serials = [world.person.certificate.serial(), world.head.certificate.serial()];
    let question = ocsp::Request::new(serials[0], authority.into(), NONCE).unwrap();
    seeds.push(("ocsp", "request".into(), question.to_der()));
    let said = [Said::Good, Said::Revoked(now().plus_days(-3), Some(Reason::KeyCompromise)), Said::Unknown];
    for (number, said) in said.into_iter().enumerate() {
        let id = question.certificates()[0].clone();
        let reply = OcspReply::new(vec![(id, said)], question.nonce(), now());
        for (who, signer) in [("responder", world.responder.signer()), ("authority", world.nca.authority_signer())] {
            seeds.push(("ocsp", format!("{who}-{number}"), reply.sign(&*signer.unwrap_or_else(|_| panic!())).unwrap()));
        }
    }
    seeds.push(("ocsp", "refusal".into(), ocsp_refusal(6)));

    let entries = vec![Listed::new(serials[1], now().plus_days(-3), Reason::CertificateHold)];
    let signer = world.nca.authority_signer().unwrap();
    seeds.push(("crl", "complete".into(), List::complete(3, now(), entries.clone()).sign(&*signer).unwrap()));
    seeds.push(("crl", "empty".into(), List::complete(1, now(), Vec::new()).sign(&*signer).unwrap()));
    let removed = Listed::new(serials[1], now(), Reason::RemoveFromCrl);
    seeds.push(("crl", "delta".into(), List::delta(4, 3, now(), vec![removed]).sign(&*signer).unwrap()));
}

fn xml(issued: &[(&str, Issued)], seeds: &mut Vec<Seed>) {
    let form = xmldsig::Form::enveloped(xmldsig::Layout::Lines);
    for (number, document) in documents::XML.iter().enumerate() {
        seeds.push(("xml", format!("{number}.xml"), document.as_bytes().to_vec()));
        let signed = xmldsig::sign(&*world().signer(), document.as_bytes(), &form).unwrap();
        let twice = xmldsig::sign(&*world().head.signer().unwrap(), &signed, &form).unwrap();
        seeds.push(("xml", format!("{number}-signed.xml"), signed));
        seeds.push(("xml", format!("{number}-twice.xml"), twice));
    }
    for (name, issued) in issued {
        let form = xmldsig::Form::enveloped(xmldsig::Layout::Compact);
        // Not every algorithm has a name in XML.
        if let Ok(signed) = xmldsig::sign(&*issued.signer().unwrap(), documents::XML[1].as_bytes(), &form) {
            seeds.push(("xml", format!("{name}.xml"), signed));
        }
    }
    let by_id = xmldsig::Form::from_xpaths(xmldsig::Layout::Compact, "//sum/..", "").ok();
    if let Some(Ok(signed)) = by_id.map(|form| xmldsig::sign(&*world().signer(), documents::XML[1].as_bytes(), &form)) {
        seeds.push(("xml", "by-id.xml".into(), signed));
    }
    let soap = xmldsig::sign_soap(&*world().signer(), documents::XML[6].as_bytes()).unwrap();
    seeds.push(("xml", "soap.xml".into(), soap));
}

fn pdf(seeds: &mut Vec<Seed>) {
    for (number, document) in documents::pdfs().into_iter().enumerate() {
        let signed = pades::sign(&*world().signer(), &document, &pades::Options::at(now())).unwrap();
        let head: Box<dyn Signer> = world().head.signer().unwrap();
        let twice = pades::sign(&*head, &signed, &pades::Options::at(now())).unwrap();
        seeds.push(("pdf", format!("{number}.pdf"), document));
        seeds.push(("pdf", format!("{number}-signed.pdf"), signed));
        seeds.push(("pdf", format!("{number}-twice.pdf"), twice));
    }
}

/// For the offsets of [`documents::pdf_of`] and [`documents::update`].
fn pdf_objects(seeds: &mut Vec<Seed>) {
    let join = |objects: &[String]| objects.join(std::str::from_utf8(documents::BETWEEN).unwrap()).into_bytes();
    let mut form = documents::one_page();
    form[0] = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>/Perms<</DocMDP 7 0 R>>>>".into();
    form.push("<</FT/Sig/T(a)/Kids[8 0 R]>>".into());
    form.push("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 3 9]/Contents<00>/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2>>>>]/M(D:20260101000000Z)>>".into());
    form.push("<</T(b)/Parent 6 0 R/Type/Annot/Subtype/Widget/Rect[1 2 3 4]/P 3 0 R>>".into());
    for number in 0..3 {
        seeds.push(("pdf", format!("objects-{number}"), [&[number], &join(&documents::one_page())[..]].concat()));
        seeds.push(("pdf", format!("objects-form-{number}"), [&[number], &join(&form)[..]].concat()));
    }
    let update = |objects: &[(u8, &str)]| {
        let objects: Vec<Vec<u8>> = objects.iter().map(|(n, object)| [&[n - 1], object.as_bytes()].concat()).collect();
        [&[3], &objects.join(documents::BETWEEN)[..]].concat()
    };
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[9 0 R]/Resources<</Font<</F1 5 0 R>>>>>>";
    seeds.push(("pdf", "update-page".into(), update(&[(3, page), (9, "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>")])));
    let other = "<</Length 3>>\nstream\nq Q\nendstream";
    seeds.push(("pdf", "update-content".into(), update(&[(4, other)])));
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 9 0 R]/SigFlags 3>>/DSS<</Certs[10 0 R]>>>>";
    let field = "<</FT/Sig/T(z)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]>>";
    seeds.push((
        "pdf",
        "update-field".into(),
        update(&[(1, catalog), (9, field), (10, "<</Length 1>>\nstream\n0\nendstream")]),
    ));
}

fn dialect(seeds: &mut Vec<Seed>) {
    let texts = [
        "--heartbeat--",
        "{}",
        r#"{"module":"kz.gov.pki.knca.basics","method":"sign","args":{"allowedStorages":["PKCS12"],"format":"cms","data":"MTIz","signingParams":{"decode":true,"encapsulate":true,"digested":false,"tsaProfile":{}},"signerParams":{"extKeyUsageOids":["1.3.6.1.5.5.7.3.4"],"chain":[]},"locale":"ru"}}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"createCAdESFromBase64","args":["PKCS12","SIGNATURE","MTIz",true]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getKeyInfo","args":["PKCS12"]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getActiveTokens"}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"changeLocale","args":["kk"]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"signXml","args":["PKCS12","AUTHENTICATION","<a/>","",""]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"signXmls","args":["PKCS12","",["<a/>","<b/>"],"/a","//b"]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"createCAdESFromFile","args":["PKCS12","SIGNATURE","/a.pdf",true]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"createCAdESFromBase64Hash","args":["PKCS12","SIGNATURE","MTIz"]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"applyCAdEST","args":["PKCS12","SIGNATURE","MA0GCSqGSIb3DQEHAqAA"],"uuid":1}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"createCMSSignatureFromBase64","args":["PKCS12","","MTIz","false"]}"#,
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"showFileChooser","args":["P12","/media"]}"#,
        r#"{"module":"kz.gov.pki.knca.basics","method":"sign","args":{"format":"xml","data":["<a/>"],"signingParams":{"decode":"false"},"signerParams":{"extKeyUsageOids":[]},"logo":"iVBORw0KGgo="}}"#,
        r#"{"module":"kz.gov.pki.knca.basics","method":"sign","args":{"format":"raw","data":"MTIz","signingParams":{"digested":true,"decode":true,"outputCert":true},"signerParams":{"extKeyUsageOids":[]}}}"#,
        r#"{"module":"kz.gov.pki.ncalayerservices.accessory","method":"installBundle","symname":"a"}"#,
        r#"{"module":"kz.gov.pki.ncalayerservices.accessory","method":"showBundleManager"}"#,
        r#"{"method":"browseKeyStore","args":["PKCS12","P12",""]}"#,
        r#"{"method":"getKeys","args":["PKCS12","/k.p12","p","SIGN"]}"#,
        r#"{"method":"getRdnByOid","args":["PKCS12","/k.p12","a","p","2.5.4.5",0]}"#,
        r#"{"method":"signPlainData","args":["PKCS12","/k.p12","a","p","text"]}"#,
        r#"{"method":"verifyPlainData","args":["PKCS12","/k.p12","a","p","text","MTIz"]}"#,
        r#"{"method":"createCMSSignatureFromFile","args":["PKCS12","/k.p12","a","p","/a.pdf",true]}"#,
        r#"{"method":"verifyCMSSignature","args":["MTIz","text"]}"#,
        r#"{"method":"signXmlByElementId","args":["AKKaztokenStore","","a","p","<a/>","a","id",""]}"#,
        r#"{"method":"verifyXml","args":["<a/>","id","a"]}"#,
        r#"{"method":"getHash","args":["text","GOST34311"]}"#,
        r#"{"module":"NURSign","type":"multitext","data":{"0":"a","1":"b"},"source":"local"}"#,
        r#"{"module":"NURSign","type":"multixml","data":["<a/>","<b/>"]}"#,
        r#"{"module":"NURSign","type":"binary","upload_url":"https://a.kz:8443/f"}"#,
        r#"{"module":"NURSign","type":"file","token":"t","url_upload":"https://a.kz/"}"#,
        r#"{"module":"kz.inessoft.kgd.knp.ncalayer.KNPModuleService","command":"getCertificates","requestId":1,"storage":"KAZTOKEN"}"#,
        r#"{"module":"kz.inessoft.kgd.knp.ncalayer.KNPModuleService","command":"signDocument","requestId":"1","xml":"<a/>","serialNumber":"1a"}"#,
        r#"{"module":"com.osdkz.esf.signer.esfSigner","method":"signPlainDataMap","storageName":"PKCS12","data":{"a":"1"}}"#,
        r#"{"module":"kz.gov.pki.cms.CMSSignUtil","lang":"ru","method":"checkCMS","args":["/a.cms"]}"#,
        r#"{"module":"kz.uchet.signUtil.commonUtils","method":"signFileFromDiskAndSaveToDiskApi","args":["t","/a","/b","/k.p12","p","PKCS12"]}"#,
        "{module='kz.gov.pki.knca.commonUtils';method=>\"getKeyInfo\",args:[,'PKCS12',,]}",
        r#"{"a":[1,-0.5e+3,"\u0441\ud83d\ude00\n",null,true,{"b":[]}]}"#,
    ];
    for (number, text) in texts.iter().enumerate() {
        seeds.push(("dialect", format!("{number}.json"), text.as_bytes().to_vec()));
        // The same as a page sends it, and as a browser gives it to a native host.
        seeds.push(("session", format!("{number}.frames"), [&[0][..], &frame(0x81, text.as_bytes())].concat()));
        seeds.push(("native", format!("{number}.frame"), native(text)));
    }
    let all = texts.iter().flat_map(|text| native(text)).collect();
    seeds.push(("native", "all.frames".to_owned(), all));
}

/// A message to a native host.
fn native(text: &str) -> Vec<u8> {
    [&(text.len() as u32).to_ne_bytes()[..], text.as_bytes()].concat()
}

/// A frame of a client under the mask that changes nothing (RFC 6455 §5.2).
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let head = match payload.len() {
        short @ ..126 => vec![first, 0x80 | short as u8],
        long => [&[first, 0xfe][..], &(long as u16).to_be_bytes()].concat(),
    };
    [head, vec![0; 4], payload.to_vec()].concat()
}

/// What pages do with a socket, and what they must not.
fn sockets(seeds: &mut Vec<Seed>) {
    let call = br#"{"module":"no.such.module"}"#;
    let masked = {
        let mut frame = frame(0x81, call);
        frame[2..6].copy_from_slice(&[1, 2, 3, 4]);
        frame[6..].iter_mut().enumerate().for_each(|(place, octet)| *octet ^= (place % 4) as u8 + 1);
        frame
    };
    let pieces = [frame(0x01, &call[..5]), frame(0x89, b"ping"), frame(0x00, &call[5..9]), frame(0x80, &call[9..])];
    let conversations: [(&str, Vec<u8>); 9] = [
        ("masked", masked),
        ("pieces", pieces.concat()),
        ("ahead", [frame(0x81, call), frame(0x81, b"--heartbeat--"), frame(0x81, b"{}"), frame(0x81, call)].concat()),
        ("close", [frame(0x81, call), frame(0x88, &[0x03, 0xe8]), frame(0x81, call)].concat()),
        ("binary", frame(0x82, &[0, 0xff])),
        ("not-utf8", frame(0x81, &[0xff, 0xfe])),
        ("terabyte", [&[0x81, 0xff][..], &(1u64 << 40).to_be_bytes(), &[0; 4]].concat()),
        ("unmasked", [&[0x81, 2][..], b"{}"].concat()),
        ("piece-of-nothing", frame(0x80, call)),
    ];
    for (name, octets) in conversations {
        seeds.push(("session", name.to_owned(), [&[7][..], &octets].concat()));
    }
}

fn wire(seeds: &mut Vec<Seed>) {
    let documents = vec![
        Document::Content(DOCUMENT.to_vec().into()),
        Document::Digest(vec![7; 64].into()),
        Document::File("/a/b.pdf".into()),
    ];
    let form = Form::Cms(Cms { content: Content::Detached, time_stamp: TimeStamp::Signature });
    let filter = KeyFilter::default();
    let task = Task::Sign(SignTask { documents, form, filter, delivery: Delivery::Page, logo: None });
    let origin = Origin::from_header(Some(b"https://example.kz"));
    let requester = Requester { origin, program: None, first_time: true, paths: order::PathPermission::Ask };
    let order = Order { id: 1, requester, locale: None, task };
    let to = [ToSigner::Order(Box::new(order)), ToSigner::Withdraw { id: 1 }, ToSigner::Waiting { count: 3 }];
    let signed = Signed {
        signatures: vec![vec![1, 2, 3].into()],
        key: Box::default(),
        signer_name: "A".into(),
        digests: Vec::new(),
        files: Vec::new(),
        uploaded: None,
    };
    let failure = Failure { code: FailureCode::TooLarge, detail: "why".into() };
    let from = [
        FromSigner::Ready { version: wire::VERSION },
        FromSigner::Shown { id: 1 },
        FromSigner::Done { id: 1, outcome: Outcome::Signed(signed), site: Some(SiteChoice::Allow) },
        FromSigner::Done { id: 2, outcome: Outcome::Failed(failure), site: None },
        FromSigner::Done { id: 3, outcome: Outcome::Cancelled, site: Some(SiteChoice::Block) },
    ];
    let frames =
        to.iter().map(|word| wire::encode(word).unwrap()).chain(from.iter().map(|word| wire::encode(word).unwrap()));
    for (number, frame) in frames.enumerate() {
        seeds.push(("wire", format!("{number}.frame"), frame));
    }
}

/// What a token host says, and what it is asked.
fn token_host(seeds: &mut Vec<Seed>) {
    use pkcs11::wire::{
        Answer, Asked, Fault, FaultKind, FromHost, Key, KeyKind, PrivateHalf, PublicHalf, Reply, Request, Slot, Token,
        TokenId, Tries, VERSION, write,
    };
    let bytes = |octets: &[u8]| serde_bytes::ByteBuf::from(octets);
    let id = || TokenId { manufacturer: "A".into(), model: "B".into(), serial: "1".into(), label: "C".into() };
    let token = Token {
        id: id(),
        pin_is_set: true,
        needs_login: true,
        pin_pad: false,
        tries: Tries::Low,
        pin_length: (4, 8),
        write_protected: false,
        mechanisms: vec![1, 0x1201],
    };
    let public = PublicHalf::Gost { key_type: 0x30, parameters: bytes(&[6, 1, 42]), value: bytes(&[7; 64]) };
    let private = PrivateHalf { key_type: 0x30, signs: true, always_authenticate: false };
    let key = Key {
        id: bytes(&[1]),
        label: "k".into(),
        certificate: Some(bytes(world().person.certificate.der())),
        public: Some(public.clone()),
        private: Some(private),
    };
    let fault = Fault { kind: FaultKind::WrongPin, function: "C_Login".into(), code: 0xa0 };
    let replies = [
        Reply::Slots(vec![Slot { id: 1, reader: "R".into(), token: Some(token) }]),
        Reply::Keys(vec![key]),
        Reply::Done,
        Reply::Signature(bytes(&[9; 64])),
        Reply::Made(public),
        Reply::Failed(fault.clone()),
    ];
    let ready = FromHost::Ready {
        version: VERSION,
        manufacturer: "M".into(),
        description: "D".into(),
        library_version: (1, 2),
    };
    let words = [ready, FromHost::Unusable(fault), FromHost::SlotsChanged]
        .into_iter()
        .chain((1..).zip(replies).map(|(number, reply)| FromHost::Answer(Answer { number, reply })));
    for (number, word) in words.enumerate() {
        let mut frame = Vec::new();
        write(&word, &mut frame).unwrap();
        seeds.push(("token_host", format!("said-{number}.frame"), frame));
    }
    let (slot, token) = (1, id());
    let requests = [
        Request::Slots,
        Request::LogIn { slot, token: token.clone() },
        Request::Sign {
            slot,
            token: token.clone(),
            key: bytes(&[1]),
            mechanism: 0x1201,
            data: bytes(&[7; 32]),
            pin: true,
        },
        Request::Generate { slot, token, kind: KeyKind::Rsa { bits: 2048 }, id: bytes(&[2]), label: "l".into() },
    ];
    for (number, request) in (1..).zip(requests) {
        let mut frame = Vec::new();
        write(&Asked { number, request }, &mut frame).unwrap();
        seeds.push(("token_host", format!("asked-{number}.frame"), frame));
    }
    seeds.push(("token_host", "pin".into(), b"\0\0\0\x041234".to_vec()));
}

/// The NCA's own material.
fn of_the_nca(seeds: &mut Vec<Seed>) {
    let folders: [(&str, &[&'static str]); 7] = [
        ("ca", &["certificate"]),
        ("cms", &["cms", "cms_stream"]),
        ("crl", &["crl"]),
        ("keys", &["p12", "ber"]),
        ("ocsp", &["ocsp"]),
        ("tsp", &["tsp"]),
        ("xml", &["xml"]),
    ];
    let Some(shared) = nca_material::shared() else { return };
    for (folder, targets) in folders {
        for file in std::fs::read_dir(shared.join("fixtures/nca").join(folder)).unwrap() {
            let path = file.unwrap().path();
            let octets = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if octets.len() > 1 << 16 {
                continue;
            }
            for target in targets {
                seeds.push((target, format!("nca-{name}"), octets.clone()));
            }
            if folder == "keys" {
                seeds.push(("p12", format!("nca-{name}.safe"), behind_the_mac(&octets)));
            }
        }
    }
}
