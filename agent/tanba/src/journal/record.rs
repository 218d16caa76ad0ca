//! Decisions for programs.

use super::moment;
use listener::journal::{Decision, Finding, Report};
use serde_json::{Value, json};

/// The head of a table of decisions (RFC 4180). Without the mark before it, Excel takes UTF-8 for the system's old encoding.
pub(super) const CSV_HEAD: &str =
    "\u{feff}number,at,local_time,origin,program,module,method,documents,certificate,signer,result,hash\r\n";

/// All of a decision, as the journal has it.
pub(super) fn as_json(decision: &Decision) -> Value {
    let documents: Vec<&str> = decision.documents.split('\n').filter(|line| !line.is_empty()).collect();
    json!({
        "number": decision.number,
        "at": decision.at,
        "localTime": moment::in_local_time(&decision.at),
        "origin": decision.origin,
        "program": decision.program,
        "module": decision.module,
        "method": decision.method,
        "documents": documents,
        "certificate": decision.certificate,
        "signer": decision.signer,
        "result": decision.result,
        "hash": in_hexadecimal(&decision.hash),
    })
}

/// One line of the table.
pub(super) fn as_csv(decision: &Decision) -> String {
    let number = decision.number.to_string();
    let hash = in_hexadecimal(&decision.hash);
    let local = moment::in_local_time(&decision.at);
    let Decision { at, origin, program, module, method, documents, certificate, signer, result, .. } = decision;
    let cells = [&number, at, &local, origin, program, module, method, documents, certificate, signer, result, &hash];
    cells.map(|cell| csv_cell(cell)).join(",") + "\r\n"
}

/// A cell of a table that spreadsheets open: what they would take for a formula gets an apostrophe before it, which they
/// take for "this is text". A site or a program chose what stands in it.
fn csv_cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    if guard.is_empty() && !text.contains([',', '"', '\r', '\n']) {
        return text.to_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn in_hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// What a check came to.
pub(super) fn report_as_json(report: Option<&Report>) -> Value {
    let Some(report) = report else { return json!({ "whole": true, "rows": 0, "findings": [] }) };
    let findings: Vec<_> = report.findings.iter().map(finding_as_json).collect();
    json!({ "whole": report.is_whole(), "rows": report.rows, "findings": findings, "untold": report.untold })
}

fn finding_as_json(finding: &Finding) -> Value {
    let mut told = match finding {
        Finding::Missing { from, to } => json!({ "kind": "missing", "from": from, "to": to }),
        Finding::Edited { number } => json!({ "kind": "edited", "number": number }),
        Finding::TailCut { last, head } => json!({ "kind": "tail-cut", "last": last, "head": head }),
        Finding::HeadDiffers { number } => json!({ "kind": "head-differs", "number": number }),
        Finding::HeadMissing => json!({ "kind": "head-missing" }),
        Finding::HeadWasLost { number } => json!({ "kind": "head-was-lost", "number": number }),
        Finding::HeadBehind { head, last } => json!({ "kind": "head-behind", "last": last, "head": head }),
        Finding::Interrupted { last } => json!({ "kind": "interrupted", "last": last }),
        Finding::Purged { through } => json!({ "kind": "purged", "through": through }),
        _ => json!({ "kind": "other" }),
    };
    if let Some(told) = told.as_object_mut() {
        told.insert("fault".to_owned(), finding.is_fault().into());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_ends_the_line() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=\",\"="] {
            let cell = csv_cell(text);
            assert!(cell.starts_with("\"'") && cell.ends_with('"'), "{cell:?}");
        }
        assert_eq!(csv_cell("ТОО \"Ромашка\", a\nb"), "\"ТОО \"\"Ромашка\"\", a\nb\"");
        assert_eq!(csv_cell("https://egov.kz"), "https://egov.kz");
    }
}
