//! How a signature is laid out as text (kz-crypto 14.2 to 14.4).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::tree::WSSE_NAMESPACE;
use super::xml::DSIG_NAMESPACE;

/// Characters of base64 in a line.
const LINE: usize = 76;
const X509_TOKEN: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
const BASE64_BINARY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

/// The white space in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// A line for each element and base64 in lines of 76, as the NCA's library writes: commonUtils and the older
    /// modules. Line ends are `\n`, never `&#13;`.
    Lines,
    /// None at all: basics. Sites are known that take white space between elements away, and with it the signature.
    Compact,
}

/// How KeyInfo carries the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum KeyInfo {
    X509Data,
    /// In a wsse:SecurityTokenReference.
    KeyIdentifier,
}

/// What a signature says, before it has a value.
pub(super) struct Parts<'p> {
    pub(super) layout: Layout,
    pub(super) canonicalization: &'p str,
    pub(super) signature_method: &'p str,
    /// Of word characters only.
    pub(super) reference: &'p str,
    pub(super) transforms: &'p [&'p str],
    pub(super) digest_method: &'p str,
    pub(super) digest: &'p [u8],
    pub(super) key_info: KeyInfo,
    pub(super) certificate: &'p [u8],
}

/// A signature without its value.
pub(super) struct Text {
    pub(super) text: String,
    /// Where ds:SignedInfo begins.
    pub(super) signed_info: usize,
    /// Where the value goes.
    pub(super) value: usize,
}

impl Parts<'_> {
    pub(super) fn text(&self) -> Text {
        let end = self.layout.line_end();
        let mut out = format!("<ds:Signature xmlns:ds=\"{DSIG_NAMESPACE}\">{end}");
        let signed_info = out.len();
        // Writing to a text does not fail.
        let _ = write!(
            out,
            "<ds:SignedInfo>{end}\
             <ds:CanonicalizationMethod Algorithm=\"{}\"/>{end}\
             <ds:SignatureMethod Algorithm=\"{}\"/>{end}\
             <ds:Reference URI=\"{}\">{end}\
             <ds:Transforms>{end}",
            self.canonicalization, self.signature_method, self.reference
        );
        for transform in self.transforms {
            let _ = write!(out, "<ds:Transform Algorithm=\"{transform}\"/>{end}");
        }
        let _ = write!(
            out,
            "</ds:Transforms>{end}\
             <ds:DigestMethod Algorithm=\"{}\"/>{end}\
             <ds:DigestValue>{}</ds:DigestValue>{end}\
             </ds:Reference>{end}\
             </ds:SignedInfo>{end}\
             <ds:SignatureValue>{end}",
            self.digest_method,
            self.layout.base64(self.digest),
        );
        let value = out.len();
        let _ = write!(out, "{end}</ds:SignatureValue>{end}<ds:KeyInfo>{end}");
        let certificate = self.layout.base64(self.certificate);
        let _ = match self.key_info {
            KeyInfo::X509Data => write!(
                out,
                "<ds:X509Data>{end}<ds:X509Certificate>{end}{certificate}{end}</ds:X509Certificate>{end}\
                 </ds:X509Data>{end}"
            ),
            KeyInfo::KeyIdentifier => write!(
                out,
                "<wsse:SecurityTokenReference xmlns:wsse=\"{WSSE_NAMESPACE}\">{end}\
                 <wsse:KeyIdentifier EncodingType=\"{BASE64_BINARY}\" ValueType=\"{X509_TOKEN}\">{certificate}\
                 </wsse:KeyIdentifier>{end}</wsse:SecurityTokenReference>{end}"
            ),
        };
        let _ = write!(out, "</ds:KeyInfo>{end}</ds:Signature>");
        Text { text: out, signed_info, value }
    }
}

impl Layout {
    const fn line_end(self) -> &'static str {
        match self {
            Self::Lines => "\n",
            Self::Compact => "",
        }
    }

    pub(super) fn base64(self, octets: &[u8]) -> String {
        let digits = STANDARD.encode(octets);
        if self == Self::Compact {
            return digits;
        }
        let mut lines = String::with_capacity(digits.len() + digits.len() / LINE + 1);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && place % LINE == 0 {
                lines.push('\n');
            }
            lines.push(digit);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_lines_of_76_and_none_after_the_last() {
        assert_eq!(Layout::Lines.base64(&[0; 57]), "A".repeat(76));
        assert_eq!(Layout::Lines.base64(&[0; 60]), format!("{}\nAAAA", "A".repeat(76)));
        assert_eq!(Layout::Compact.base64(&[0; 60]), "A".repeat(80));
    }
}
