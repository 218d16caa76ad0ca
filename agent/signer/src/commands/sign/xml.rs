//! A signature inside of an XML document.

use super::target::Target;
use super::{CommandError, SignArgs};
use crate::commands::read_file;
use pki::Signer;
use signature::xmldsig::{self, Form, Layout};

pub(super) fn sign(args: &SignArgs, signer: &dyn Signer, target: &Target) -> Result<(), CommandError> {
    let document = read_file(&args.file, xmldsig::xml::MAX_LEN as u64)?;
    let layout = if args.compact { Layout::Compact } else { Layout::Lines };
    let signed = xmldsig::sign(signer, &document, &Form::enveloped(layout))
        .map_err(|error| CommandError::Failed(error.to_string()))?;
    target.put(&signed)
}
