//! Time stamps for signatures: asked for, verified, and of a service that is believed. The command line and the windows
//! add the same ones.

use crate::{
    fitness::Measure,
    services::{ServiceError, Services},
    window::Sentence,
};
use keystore::{Entropy as _, EntropyError, OsEntropy};
use pki::{
    Certificate,
    trust::{ChainError, Environment},
    tsp::{Policy, Request, Stamp, Token, TspError},
};
use signature::cms;

/// How far a stamp's time may be from this computer's, in seconds.
const CLOCK_TOLERANCE: i64 = 600;

/// A time stamp that may be added.
pub(crate) struct Stamped {
    /// What is added.
    pub(crate) token: Token,
    /// What it says.
    pub(crate) stamp: Stamp,
    /// It fits, but its service stands below nobody who is known here; why, in English.
    pub(crate) not_believed: Option<String>,
}

/// Why there is no time stamp.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StampFault {
    /// The system gives no random numbers.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The service gave no answer.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The answer is no time stamp of this signature, or of nobody who is believed.
    #[error("the time stamp cannot be used: {0}")]
    Unusable(TspError),
    /// A test service made it, outside of the test environment.
    #[error("a test service made the time stamp")]
    Test,
    /// Its time is far from this computer's.
    #[error("the time of the stamp is far from this computer's")]
    OtherTime,
}

impl StampFault {
    /// The sentence for the person, with the next step.
    pub(crate) fn sentence(&self) -> Sentence {
        match self {
            Self::Service(error) => error.sentence(),
            Self::OtherTime => Sentence::new("error-stamp-time"),
            Self::Entropy(_) | Self::Unusable(_) | Self::Test => Sentence::new("error-stamp-unusable"),
        }
    }
}

/// A time stamp of this policy over a signature value.
pub(crate) fn stamp(
    measure: &Measure,
    services: &Services,
    policy: Policy,
    data: &[u8],
) -> Result<Stamped, StampFault> {
    let mut nonce = [0; 8];
    OsEntropy.fill(&mut nonce)?;
    let request = Request::for_data(policy, data, nonce);
    let response = services.time_stamp(&request.to_der())?;
    let (token, stamp) = request.accept(&response, data).map_err(StampFault::Unusable)?;
    let not_believed = match stamp.path(&measure.anchors).map(|path| path.anchor.environment()) {
        Ok(Environment::Test) if !measure.test_environment => return Err(StampFault::Test),
        Ok(_) => None,
        // The NCA's service for RSA stands below an authority whose certificate has not been seen (kz-crypto 9.3), and
        // others may know it. Any other stranger in the service's place is somebody in the middle.
        Err(error @ TspError::Chain(ChainError::UnknownIssuer { .. })) if policy == Policy::Rsa => {
            Some(error.to_string())
        }
        Err(error) => return Err(StampFault::Unusable(error)),
    };
    if (stamp.time.as_unix() - measure.now.as_unix()).abs() > CLOCK_TOLERANCE {
        return Err(StampFault::OtherTime);
    }
    Ok(Stamped { token, stamp, not_believed })
}

/// Which of the signatures is this certificate's: the last one.
pub(crate) fn index_of(der: &[u8], certificate: &Certificate) -> Option<usize> {
    let report = cms::verify(der, None).ok()?;
    report.signers.iter().rposition(|one| one.certificate.as_ref() == Some(certificate))
}
