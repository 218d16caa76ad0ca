//! PAdES: signatures in PDF documents (ISO 32000-1, 12.8; ETSI EN 319 142-1, baseline B).
//!
//! [`sign`] extends a document by an update that holds a CAdES signature over everything but itself; the octets of the
//! document stay as they are, so that earlier signatures stay valid. [`prepare`] and [`Prepared::finish`] are its two
//! halves, between which a time stamp can be put into the CMS. A [`Stamp`] shows on a page who signed.
//!
//! [`verify`] looks at every signature of a document: whether it covers a whole revision and nothing is left out of it but
//! its own value, whether it fits, and what came after it. Whether the certificate is believed, was valid, or is revoked
//! is not the format's business: [`crate::cms::SignerReport`] hands it out.
//!
//! # Limits
//!
//! A document has at most [`MAX_LEN`] octets, 2 million objects, 1024 updates and 64 signatures; arrays and dictionaries
//! stand at most 64 deep within each other, with 4 million elements in one object; 32 million elements are read, 64 million
//! cross-reference entries looked at, 512 MiB decompressed and 8 GiB hashed, over all revisions and signatures together,
//! before it is given up. Damaged documents are not repaired, and encrypted ones are refused.

mod changes;
mod error;
mod fields;
mod file;
mod make;
mod pages;
mod permission;
mod report;
mod stamp;
mod text;
mod verify;

pub use error::PdfError;
pub use make::{Options, Prepared, TIME_STAMP_ROOM, prepare, sign};
pub use pages::PageChoice;
pub use permission::Permission;
pub use report::{Later, Problem, Remark, Report, SignatureReport, SubFilter};
pub use stamp::{Corner, FontError, Place, Stamp};
pub use verify::verify;

/// A PDF above this is refused: 256 MiB.
pub const MAX_LEN: usize = 256 << 20;
