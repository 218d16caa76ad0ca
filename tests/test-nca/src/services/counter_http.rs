//! The counter over HTTP.

use pki::Timestamp;
use serde_json::json;

use super::{
    answering::Services,
    counter::{Receipt, Refused},
    server::{Answer, Asked},
};

const WRONG_METHOD: Answer = ("405 Method Not Allowed", "text/plain", Vec::new());

/// The answer to what is asked at the counter; `None` for what is asked elsewhere.
pub(super) fn answer(asked: &Asked, services: &Services, now: Timestamp) -> Option<Answer> {
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    let steps: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (counter, body) = (services.counter(), asked.body.as_slice());
    let (is_post, is_get) = (asked.method == "POST", asked.method == "GET");
    let number = |text: &str| text.parse().map_err(|_| Refused::NotFound("there is no such request"));
    let made = match steps.as_slice() {
        ["requests"] if is_post => counter.apply(body, now).map(receipt),
        ["renewals"] if is_post => counter.renew(services, body, now).map(receipt),
        ["revocations"] if is_post => counter.revoke(services, body, now).map(receipt),
        ["requests", filed, "issue"] if is_post => {
            number(filed).and_then(|filed| counter.issue(filed, now)).map(|issued| certificate(issued.der().to_vec()))
        }
        ["requests", filed, "certificate"] if is_get && query == "as=pkcs7" => number(filed)
            .and_then(|filed| counter.bundle(filed))
            .map(|bundle| ("200 OK", "application/pkcs7-mime", bundle)),
        ["requests", filed, "certificate"] if is_get => {
            number(filed).and_then(|filed| counter.certificate(filed)).map(|own| certificate(own.der().to_vec()))
        }
        ["requests" | "renewals" | "revocations"] | ["requests", _, "issue" | "certificate"] => {
            return Some(WRONG_METHOD);
        }
        _ => return None,
    };
    Some(made.unwrap_or_else(|refused| {
        let status = match refused {
            Refused::Malformed(_) => "400 Bad Request",
            Refused::Forbidden(_) => "403 Forbidden",
            Refused::NotFound(_) => "404 Not Found",
            Refused::Conflict(_) => "409 Conflict",
            Refused::Full => "503 Service Unavailable",
            Refused::Failed(_) => "500 Internal Server Error",
        };
        (status, "text/plain", format!("{refused}\n").into_bytes())
    }))
}

fn receipt(receipt: Receipt) -> Answer {
    let date = receipt.date.iso8601().to_string();
    let text = json!({ "number": receipt.number.to_string(), "date": date.get(..10) });
    ("200 OK", "application/json", text.to_string().into_bytes())
}

fn certificate(der: Vec<u8>) -> Answer {
    ("200 OK", "application/pkix-cert", der)
}
