//! Time stamps, and what a later verification needs, from the NCA's services.

use super::{CommandError, Context, SignArgs};
use crate::commands::say;
use crate::fitness::Measure;
use crate::judgement::{Brought, Judge, Revocation, Source};
use crate::services::Services;
use crate::stamping::{self, StampFault, Stamped};
use pki::{
    Certificate, Signer,
    tsp::{Policy, Stamp, Token},
};
use signature::cms::amend;
use texts::Value;

/// Adds what the arguments ask for to the signature of this signer.
pub(super) fn add(
    context: &Context,
    args: &SignArgs,
    signer: &dyn Signer,
    der: Vec<u8>,
) -> Result<Vec<u8>, CommandError> {
    if !args.timestamp && !args.long_term {
        return Ok(der);
    }
    let services = services(context)?;
    let index =
        stamping::index_of(&der, signer.certificate()).ok_or_else(|| failed("the new signature is not found again"))?;
    let data = amend::stamp_data(&der).map_err(failed)?;
    let data = data.get(index).copied().unwrap_or_default();
    // The stamp and the answer about the signer's certificate need nothing of each other, and the person waits for both.
    let measure = context.measure();
    let certificate = signer.certificate();
    let (stamped, own) = std::thread::scope(|scope| {
        let own = args.long_term.then(|| scope.spawn(|| validation_data(&measure, &services, certificate, &[])));
        let stamped = stamp(context, &services, signer, data);
        // A thread that panicked said why on standard error.
        let panicked = || NotKnown { name: String::new(), detail: "asking ended badly".to_owned() };
        (stamped, own.map(|own| own.join().unwrap_or_else(|_| Err(panicked()))))
    });
    let (token, stamp) = stamped?;
    let der = amend::add_stamps(&der, &[(index, &token)]).map_err(failed)?;
    let Some(own) = own else { return Ok(der) };
    let unknown = |NotKnown { name, detail }| {
        CommandError::Failed(
            context
                .texts
                .format("sign-long-term-failed", &[("name", Value::Text(&name)), ("detail", Value::Text(&detail))]),
        )
    };
    let mut found = own.map_err(unknown)?;
    found.extend(validation_data(&measure, &services, &stamp.authority, &stamp.certificates).map_err(unknown)?);
    let ocsp: Vec<&[u8]> = found.ocsp.iter().map(Vec::as_slice).collect();
    let data = amend::ValidationData { certificates: &found.certificates, ocsp_responses: &ocsp, crls: &[] };
    amend::add_validation_data(&der, &data).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> CommandError {
    CommandError::Failed(error.to_string())
}

fn services(context: &Context) -> Result<Services, CommandError> {
    Services::new(&context.settings.services)
        .map_err(|error| CommandError::Failed(say(&context.texts, &error.sentence())))
}

/// A time stamp of the policy that goes with the signer's key.
fn stamp(
    context: &Context,
    services: &Services,
    signer: &dyn Signer,
    data: &[u8],
) -> Result<(Token, Stamp), CommandError> {
    let unusable = |detail: String| {
        CommandError::Failed(context.texts.format("sign-stamp-unusable", &[("detail", Value::Text(&detail))]))
    };
    let stamped = stamping::stamp(&context.measure(), services, Policy::of(signer.algorithm()), data);
    let Stamped { token, stamp, not_believed } = stamped.map_err(|fault| match fault {
        StampFault::Entropy(error) => failed(error),
        StampFault::Service(error) => CommandError::Failed(say(&context.texts, &error.sentence())),
        StampFault::Unusable(error) => unusable(error.to_string()),
        StampFault::Test => unusable(context.texts.text("verify-cert-test")),
        StampFault::OtherTime => unusable(context.texts.text("sign-stamp-time-differs")),
    })?;
    if let Some(detail) = not_believed {
        context.note("sign-stamp-not-believed", &[("detail", Value::Text(&detail))]);
    }
    Ok((token, stamp))
}

/// What is needed to judge a certificate later.
struct ValidationData {
    certificates: Vec<Certificate>,
    ocsp: Vec<Vec<u8>>,
}

impl ValidationData {
    fn extend(&mut self, more: Self) {
        self.certificates.extend(more.certificates);
        self.ocsp.extend(more.ocsp);
    }
}

/// It could not be found out whether a certificate was revoked.
struct NotKnown {
    name: String,
    detail: String,
}

fn validation_data(
    measure: &Measure,
    services: &Services,
    certificate: &Certificate,
    along: &[Certificate],
) -> Result<ValidationData, NotKnown> {
    let judge = Judge { measure, services: Some(services) };
    let brought = Brought { certificates: along.to_vec(), ..Brought::default() };
    let judged = judge.judge(certificate, &brought, &[], None);
    if !matches!(judged.revocation, Revocation::Good { source: Source::Ocsp, .. }) || judged.ocsp.is_empty() {
        let detail = match &judged.revocation {
            Revocation::Revoked { since, .. } => format!("revoked since {}", since.iso8601()),
            _ => judged.troubles.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        };
        let name = certificate.subject().common_name().unwrap_or_default().to_owned();
        return Err(NotKnown { name, detail });
    }
    Ok(ValidationData { certificates: judged.issuers, ocsp: judged.ocsp })
}
