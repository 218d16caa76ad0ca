//! A bare signature value.

use super::target::Target;
use super::{CommandError, SignArgs};
use pki::Signer;
use signature::cms::ContentDigests;
use signature::raw;
use std::fs::File;
use std::io::BufReader;

pub(super) fn sign(args: &SignArgs, signer: &dyn Signer, target: &Target) -> Result<(), CommandError> {
    let fault = |error| CommandError::File(args.file.clone(), error);
    let algorithm = signer.algorithm().digest_algorithm().into_iter().collect::<Vec<_>>();
    let mut file = BufReader::new(File::open(&args.file).map_err(fault)?);
    let digests = ContentDigests::read(&mut file, &algorithm).map_err(fault)?;
    let digest = algorithm.first().and_then(|algorithm| digests.get(*algorithm)).unwrap_or_default();
    let value = raw::sign(signer, raw::Content::Digest(digest));
    target.put(&value.map_err(|error| CommandError::Failed(error.to_string()))?)
}
