//! `tanba verify`: whether the signatures of a file hold, whose they are, and why not.
//!
//! - `cms`, `xml`, `pdf`: each format's report as [`Findings`], which know no format.
//! - `words`, `json`: findings for people and for programs.

mod cms;
mod findings;
mod json;
mod pdf;
mod words;
mod xml;

use super::{CommandError, Context, VerifyArgs, output};
use crate::judgement::Judge;
use crate::services::Services;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

/// Octets that tell the formats apart. A PDF may have some rubbish before its header (ISO 32000-1, annex H, note 13).
const HEAD: u64 = 1024;

pub(super) fn verify(context: &Context, args: &VerifyArgs) -> Result<ExitCode, CommandError> {
    let measure = context.measure();
    let services = if args.offline {
        None
    } else {
        let services = Services::new(&context.settings.services);
        Some(services.map_err(|error| CommandError::Failed(super::say(&context.texts, &error.sentence())))?)
    };
    let judge = Judge { measure: &measure, services: services.as_ref() };
    let kind = kind_of(&args.file)?;
    if kind != Kind::Cms && args.content.is_some() {
        return Err(CommandError::Usage(context.texts.text("verify-content-not-wanted")));
    }
    let mut findings = match kind {
        Kind::Cms => cms::look(context, args, &judge)?,
        Kind::Xml => xml::look(context, &args.file, &judge)?,
        Kind::Pdf => pdf::look(context, &args.file, &judge)?,
    };
    if args.require_revocation {
        findings.require_revocation();
    }
    if args.json {
        output::print_json(&json::of(&findings, &measure));
    } else {
        words::say(context, &findings, &measure);
    }
    Ok(ExitCode::from(findings.exit_code()))
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Cms,
    Xml,
    Pdf,
}

/// By its first octets; whatever is neither PDF nor XML is read as CMS and said to be none there.
pub(super) fn kind_of(path: &Path) -> Result<Kind, CommandError> {
    let fault = |error| CommandError::File(path.to_owned(), error);
    let mut head = Vec::new();
    File::open(path).map_err(fault)?.take(HEAD).read_to_end(&mut head).map_err(fault)?;
    Ok(kind(&head))
}

fn kind(head: &[u8]) -> Kind {
    // A CMS may hold a PDF within its first octets.
    if head.first() == Some(&pki::tlv::SEQUENCE) {
        return Kind::Cms;
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if text.first() == Some(&b'<') {
        Kind::Xml
    } else if head.windows(5).any(|octets| octets == b"%PDF-") {
        Kind::Pdf
    } else {
        Kind::Cms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart_by_what_stands_in_the_file() {
        assert_eq!(kind(b"%PDF-1.7\n"), Kind::Pdf);
        assert_eq!(kind(b"rubbish\n%PDF-1.4"), Kind::Pdf);
        assert_eq!(kind(b"<?xml version='1.0'?><a/>"), Kind::Xml);
        assert_eq!(kind(b"\xef\xbb\xbf\n <a>%PDF-1.4</a>"), Kind::Xml);
        assert_eq!(kind(b"\x30\x82\x01\x00 %PDF-1.7"), Kind::Cms);
        assert_eq!(kind(b"-----BEGIN CMS-----"), Kind::Cms);
        assert_eq!(kind(b""), Kind::Cms);
    }
}
