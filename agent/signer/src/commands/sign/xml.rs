//! A signature inside of an XML document, or of a SOAP message.

use super::target::Target;
use super::{CommandError, Context, SignArgs, SignatureForm};
use crate::commands::read_file;
use pki::Signer;
use signature::xmldsig::{self, Form, Layout};
use texts::Value;

pub(super) fn sign(
    context: &Context,
    args: &SignArgs,
    form: SignatureForm,
    signer: &dyn Signer,
    target: &Target,
) -> Result<(), CommandError> {
    let document = read_file(&args.file, xmldsig::xml::MAX_LEN as u64)?;
    let layout = if args.compact { Layout::Compact } else { Layout::Lines };
    let signed = if form == SignatureForm::Soap {
        xmldsig::sign_soap(signer, &document)
    } else {
        xmldsig::sign(signer, &document, &Form::enveloped(layout))
    };
    let signed = signed.map_err(|error| {
        let detail = error.to_string();
        CommandError::Failed(context.texts.format("sign-xml-failed", &[("detail", Value::Text(&detail))]))
    })?;
    target.put(&signed)
}
