//! A CMS: beside the file, around it, or with a further signer.

use super::target::Target;
use super::{CommandError, Context, SignArgs, SignatureForm, stamping};
use crate::commands::{Format, read_file};
use pki::Signer;
use signature::cms::{self, ContentDigests, External, amend, stream};
use std::fs::File;
use std::io::BufReader;
use texts::Value;

/// What does not fit into a signature is said before a password is asked for.
pub(super) fn check_size(context: &Context, args: &SignArgs, form: SignatureForm) -> Result<(), CommandError> {
    if form != SignatureForm::Cms || args.detached || args.add {
        return Ok(());
    }
    let octets = std::fs::metadata(&args.file).map_err(|error| CommandError::File(args.file.clone(), error))?.len();
    let most = if is_streamed(args) { stream::MAX_STREAMED_LEN } else { cms::MAX_ATTACHED_LEN as u64 };
    if octets <= most {
        return Ok(());
    }
    Err(CommandError::Failed(context.texts.format("sign-too-large", &[("most", Value::Count(most >> 20))])))
}

/// Nothing is added to it after the signature, so that it need not be held.
fn is_streamed(args: &SignArgs) -> bool {
    !args.timestamp && !args.long_term
}

pub(super) fn sign(
    context: &Context,
    args: &SignArgs,
    signer: &dyn Signer,
    target: &Target,
) -> Result<(), CommandError> {
    let form = match args.format.unwrap_or(Format::Der) {
        Format::Der => cms::TextForm::Der,
        Format::Pem => cms::TextForm::Pem,
        Format::Base64 => cms::TextForm::Base64,
    };
    let failed = |error: &dyn std::fmt::Display| CommandError::Failed(error.to_string());
    let open = || File::open(&args.file).map_err(|error| CommandError::File(args.file.clone(), error));
    if !args.detached && !args.add && is_streamed(args) {
        let mut file = open()?;
        return target.write(|out| {
            let mut out = cms::TextWriter::new(out, form);
            stream::sign_attached(signer, &mut file, &mut out, context.now).map_err(|error| failed(&error))?;
            let out = out.finish().map_err(|error| failed(&error))?;
            if form == cms::TextForm::Base64 {
                out.write_all(b"\n").map_err(|error| failed(&error))?;
            }
            Ok(())
        });
    }
    let der = if args.add {
        add(context, args, signer)?
    } else if args.detached {
        let mut file = BufReader::new(open()?);
        stream::sign_detached(signer, &mut file, context.now).map_err(|error| failed(&error))?
    } else {
        let document = read_file(&args.file, cms::MAX_ATTACHED_LEN as u64)?;
        cms::sign(signer, cms::Content::Attached(&document), context.now).map_err(|error| failed(&error))?
    };
    let der = stamping::add(context, args, signer, der)?;
    let mut octets = cms::encode(&der, form);
    if form == cms::TextForm::Base64 {
        octets.push(b'\n');
    }
    target.put(&octets)
}

/// A further signer in the CMS that the file is.
fn add(context: &Context, args: &SignArgs, signer: &dyn Signer) -> Result<Vec<u8>, CommandError> {
    let der = cms::decode_any(&read_file(&args.file, cms::MAX_LEN as u64 * 2)?)
        .map_err(|_| CommandError::Unreadable(context.texts.text("verify-not-a-signature")))?;
    let digests = match &args.content {
        None => None,
        Some(path) => {
            let fault = |error| CommandError::File(path.clone(), error);
            let mut algorithms = cms::digest_algorithms(&der).unwrap_or_default();
            algorithms.extend(signer.algorithm().digest_algorithm());
            let mut content = BufReader::new(File::open(path).map_err(fault)?);
            Some(ContentDigests::read(&mut content, &algorithms).map_err(fault)?)
        }
    };
    let external = digests.as_ref().map(External::Digests);
    amend::add_signer(&der, signer, external, amend::SameCertificate::Refuse, context.now).map_err(|error| {
        let detail = error.to_string();
        CommandError::Failed(context.texts.format("sign-not-added", &[("detail", Value::Text(&detail))]))
    })
}
