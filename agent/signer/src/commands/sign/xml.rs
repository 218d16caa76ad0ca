//! A signature inside of an XML document.

use super::target::Target;
use super::{CommandError, Context, SignArgs};
use crate::commands::read_file;
use pki::Signer;
use signature::xmldsig::{self, Form, Layout};
use texts::Value;

pub(super) fn sign(
    context: &Context,
    args: &SignArgs,
    signer: &dyn Signer,
    target: &Target,
) -> Result<(), CommandError> {
    let document = read_file(&args.file, xmldsig::xml::MAX_LEN as u64)?;
    let layout = if args.compact { Layout::Compact } else { Layout::Lines };
    let signed = xmldsig::sign(signer, &document, &Form::enveloped(layout)).map_err(|error| {
        let detail = error.to_string();
        CommandError::Failed(context.texts.format("sign-xml-failed", &[("detail", Value::Text(&detail))]))
    })?;
    target.put(&signed)
}
