//! Why a service gave no answer.

use super::Service;
use crate::window::{Argument, Sentence};

/// Why a service gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// No connection, or it broke off: no network, no such host, a proxy that refuses.
    #[error("{service} cannot be reached at {host}: {cause}")]
    Unreachable {
        /// Which.
        service: Service,
        /// Where it was looked for.
        host: String,
        /// What the network says.
        cause: String,
    },
    /// It took longer than the settings allow.
    #[error("{service} at {host} does not answer in time")]
    TooSlow {
        /// Which.
        service: Service,
        /// Where.
        host: String,
    },
    /// It answered, but not with what was asked for.
    #[error("{service} at {host} answered with HTTP status {status}")]
    Status {
        /// Which.
        service: Service,
        /// Where.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is longer than any real one.
    #[error("{service} at {host} answered with more than {most} octets")]
    TooLong {
        /// Which.
        service: Service,
        /// Where.
        host: String,
        /// The most that is read.
        most: u64,
    },
    /// The address is not one that may be asked: it stands in somebody's certificate and is not the NCA's.
    #[error("{url} is not an address of the NCA")]
    NotAllowed {
        /// The address.
        url: String,
    },
    /// The settings name a proxy that cannot be one.
    #[error("the proxy of the settings cannot be used: {cause}")]
    Proxy {
        /// Why.
        cause: String,
    },
}

impl ServiceError {
    /// The person's sentence, with the next step.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let (id, places) = match self {
            Self::Unreachable { service, host, .. } => ("service-unreachable", at(*service, host)),
            Self::TooSlow { service, host } => ("service-slow", at(*service, host)),
            Self::Status { service, host, .. } | Self::TooLong { service, host, .. } => {
                ("service-strange", at(*service, host))
            }
            Self::NotAllowed { url } => ("service-not-allowed", vec![("url", url.clone())]),
            Self::Proxy { .. } => ("service-proxy", Vec::new()),
        };
        let arguments = places.into_iter().map(|(place, text)| (place, Argument::Text(text))).collect();
        Sentence { id, arguments }
    }
}

fn at(service: Service, host: &str) -> Vec<(&'static str, String)> {
    vec![("service", service.name().to_owned()), ("host", host.to_owned())]
}
