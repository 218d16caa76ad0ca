//! Time stamps, and what a later verification needs, from the NCA's services.

use super::{CommandError, Context, SignArgs};
use crate::commands::say;
use crate::fitness::Measure;
use crate::judgement::{Brought, Judge, Revocation, Source};
use crate::services::Services;
use keystore::{Entropy as _, OsEntropy};
use pki::{
    Certificate, Signer,
    trust::{ChainError, Environment},
    tsp::{Policy, Request, Stamp, Token, TspError},
};
use signature::cms::{self, amend};
use texts::Value;

/// How far a stamp's time may be from this computer's, in seconds.
const CLOCK_TOLERANCE: i64 = 600;

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
    let index = index_of(&der, signer)?;
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

/// Which of the signatures is this signer's: the last one of its certificate.
fn index_of(der: &[u8], signer: &dyn Signer) -> Result<usize, CommandError> {
    let digests = cms::verify(der, None).map_err(failed)?;
    let is_own = |certificate: &Option<Certificate>| certificate.as_ref() == Some(signer.certificate());
    let place = digests.signers.iter().rposition(|one| is_own(&one.certificate));
    place.ok_or_else(|| failed("the new signature is not found again"))
}

/// A time stamp of the policy that goes with the signer's key, verified, of a service that is believed.
pub(super) fn stamp(
    context: &Context,
    services: &Services,
    signer: &dyn Signer,
    data: &[u8],
) -> Result<(Token, Stamp), CommandError> {
    let mut nonce = [0; 8];
    OsEntropy.fill(&mut nonce).map_err(failed)?;
    let policy = Policy::of(signer.algorithm());
    let request = Request::for_data(policy, data, nonce);
    let response = services
        .time_stamp(&request.to_der())
        .map_err(|error| CommandError::Failed(say(&context.texts, &error.sentence())))?;
    let unusable = |detail: String| {
        CommandError::Failed(context.texts.format("sign-stamp-unusable", &[("detail", Value::Text(&detail))]))
    };
    let (token, stamp) = request.accept(&response, data).map_err(|error| unusable(error.to_string()))?;
    let measure = context.measure();
    match stamp.path(&measure.anchors).map(|path| path.anchor.environment()) {
        Ok(Environment::Test) if !measure.test_environment => {
            return Err(unusable(context.texts.text("verify-cert-test")));
        }
        Ok(_) => {}
        // The NCA's service for RSA stands below an authority whose certificate has not been seen (kz-crypto 9.3), and
        // others may know it. Any other stranger in the service's place is somebody in the middle.
        Err(error @ TspError::Chain(ChainError::UnknownIssuer { .. })) if policy == Policy::Rsa => {
            let detail = error.to_string();
            context.note("sign-stamp-not-believed", &[("detail", Value::Text(&detail))]);
        }
        Err(error) => return Err(unusable(error.to_string())),
    }
    if (stamp.time.as_unix() - context.now.as_unix()).abs() > CLOCK_TOLERANCE {
        return Err(unusable(context.texts.text("sign-stamp-time-differs")));
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
