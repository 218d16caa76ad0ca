//! What is sent to those who do not get a socket.

use super::head::Refusal;
use crate::page::Page;
use texts::{Locale, Texts};

/// Sent with everything: nothing of ours is framed, sniffed, kept, or told to anybody else.
const ALWAYS: &str = "Connection: close\r\n\
    Cache-Control: no-store\r\n\
    X-Content-Type-Options: nosniff\r\n\
    X-Frame-Options: DENY\r\n\
    Referrer-Policy: no-referrer\r\n\
    Cross-Origin-Opener-Policy: same-origin\r\n\
    Cross-Origin-Embedder-Policy: require-corp\r\n\
    Cross-Origin-Resource-Policy: same-origin\r\n\
    Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\r\n";

/// For pages of text there is nothing to load and nothing to run.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The local page.
pub(super) fn page(page: &Page, is_head: bool) -> Vec<u8> {
    let fields = format!(
        "Content-Type: text/html; charset=utf-8\r\nContent-Language: {}\r\nVary: Accept-Language\r\n\
         Content-Security-Policy: {}\r\n",
        page.language, page.policy
    );
    response("200 OK", &fields, &page.html, is_head)
}

/// A refusal, in a sentence; in the person's own language, because a refused head is not read for another.
pub(super) fn refusal(refusal: Refusal, port: u16, locale: Locale) -> Vec<u8> {
    let texts = Texts::new(locale);
    let port_text = port.to_string();
    let sentence = match refusal {
        Refusal::Malformed => texts.text("page-refused-malformed"),
        Refusal::TooLarge => texts.text("page-refused-too-large"),
        Refusal::ForeignHost => texts.format("page-refused-host", &[("port", texts::Value::Text(&port_text))]),
        Refusal::Method => texts.text("page-refused-method"),
        Refusal::NotFound => texts.text("page-refused-not-found"),
        Refusal::SocketVersion => texts.text("page-refused-version"),
        Refusal::AnotherUser => texts.text("page-refused-another-user"),
        Refusal::UnknownUser => texts.text("page-refused-unknown-user"),
    };
    let (status, field) = match refusal {
        Refusal::Malformed => ("400 Bad Request", ""),
        Refusal::TooLarge => ("431 Request Header Fields Too Large", ""),
        Refusal::ForeignHost => ("421 Misdirected Request", ""),
        Refusal::Method => ("405 Method Not Allowed", "Allow: GET, HEAD\r\n"),
        Refusal::NotFound => ("404 Not Found", ""),
        Refusal::SocketVersion => ("426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
        Refusal::AnotherUser | Refusal::UnknownUser => ("403 Forbidden", ""),
    };
    let fields = format!("{field}Content-Type: text/plain; charset=utf-8\r\nContent-Security-Policy: {NOTHING}\r\n");
    response(status, &fields, &format!("{sentence}\n"), false)
}

fn response(status: &str, fields: &str, body: &str, is_head: bool) -> Vec<u8> {
    let server = concat!("Server: Tanba/", env!("CARGO_PKG_VERSION"));
    let length = body.len();
    let body = if is_head { "" } else { body };
    format!("HTTP/1.1 {status}\r\n{server}\r\n{ALWAYS}{fields}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}
