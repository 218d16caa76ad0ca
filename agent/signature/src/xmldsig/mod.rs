//! XML signatures (XMLDSig) in the forms of the NCA's own tools (kz-crypto 14).
//!
//! [`sign`] makes one signature: over the document, enveloped in its document element, or over one element by its
//! identifier; in lines as the NCA's library writes, or compact as basics does. The document's own octets are kept.
//! [`sign_soap`] signs the body of a SOAP message as WS-Security has it. Signatures that a document carries already become
//! part of what the next one covers.
//!
//! [`verify`] reads that and what else is about, and says for every reference which element it covers and whether that is
//! the whole document: a good signature over one element says nothing about others. An identifier has to name exactly one
//! element. Accepted are references within the document, one enveloped-signature transform and one canonicalisation, each
//! optional; nothing is ever fetched, and no XPath or XSLT is run. A later enveloped signature is no part of what an
//! earlier one saw, so an earlier one is computed without the later ones where it does not hold with them, and is then
//! only as good as they are.
//!
//! What no signature covers: comments, KeyInfo (the certificate in it has to be believed on its own) and what stands
//! beside an element that is signed by its identifier. KeyInfo has room for nothing but keys and certificates, and a
//! ds:Object has to be named by a reference, so that neither is a place for content that nobody signed.
//!
//! * [`xml`]: reading; [`c14n`]: canonical forms
//! * `index`, `tree`, `structure`, `key_info`: what signatures a document has and what they say
//! * `unsigned`: what may stand where nothing is signed
//! * `verify`, [`Report`]: judging them
//! * [`pieces`]: a document taken apart, for showing it
//! * `selector`, `locate`, `subject`, `place`, `layout`, `make`, `soap`: making them
//!
//! # Limits
//!
//! Beside those of [`xml`]: [`MAX_SIGNATURES`] signatures of a document, [`MAX_REFERENCES`] references and 4 MB of text
//! of a signature, and three gigabytes walked over for one document.

mod algorithms;
pub mod c14n;
mod index;
mod key_info;
mod layout;
mod locate;
mod make;
mod pieces;
mod place;
mod report;
mod selector;
mod soap;
mod structure;
mod subject;
mod tree;
mod unsigned;
mod value;
mod verify;
pub mod xml;
#[cfg(test)]
mod xmlsec;

pub use algorithms::{digest_algorithm, digest_uri, signature_algorithm, signature_uri};
pub use index::MAX_SIGNATURES;
pub use layout::Layout;
pub use make::{Form, Hashed, LONGEST_BEGINNING, Role, Share, SignError, Signed, check, sign, sign_soap};
pub use pieces::{Ended, Piece, PieceKind, pieces};
pub use report::{Covers, Problem, ReferenceReport, Remark, Report, SignatureReport};
pub use selector::{Selector, SelectorError};
pub use structure::MAX_REFERENCES;
pub use verify::{Options, verify};
