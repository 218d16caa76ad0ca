//! Getting the version file.

use crate::services::{LONGEST_VERSION_FILE, ServiceError, Services};
use crate::window::{Argument, Sentence};
use settings::VersionSource;
use std::io;
use std::path::PathBuf;

/// Why there is no version file.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// Its address gives none.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Its path gives none.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    File(PathBuf, io::Error),
}

/// The octets at that place, at most [`LONGEST_VERSION_FILE`]; an address is asked as the services are, through their proxy
/// and within their time, and no redirection is followed.
///
/// # Errors
/// [`Unavailable`].
pub fn fetch(source: VersionSource<'_>, services: &settings::Services) -> Result<Vec<u8>, Unavailable> {
    match source {
        VersionSource::Address(url) => Ok(Services::new(services)?.version_file(url)?),
        VersionSource::File(path) => platform::files::read_chosen(path, LONGEST_VERSION_FILE)
            .map_err(|error| Unavailable::File(path.to_owned(), error)),
    }
}

impl Unavailable {
    /// Whether nobody was there to be asked: no network, perhaps.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Service(ServiceError::Unreachable { .. }) | Self::File(..))
    }

    /// The person's sentence.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let text = |text: &str| Argument::Text(text.to_owned());
        let (id, arguments) = match self {
            Self::Service(ServiceError::Unreachable { host, .. }) => {
                ("updates-unreachable", vec![("host", text(host))])
            }
            Self::Service(ServiceError::TooSlow { host, .. }) => ("updates-slow", vec![("host", text(host))]),
            Self::Service(ServiceError::Status { host, status, .. }) => {
                ("updates-status", vec![("host", text(host)), ("status", text(&status.to_string()))])
            }
            Self::Service(ServiceError::TooLong { .. }) => ("updates-too-long", Vec::new()),
            Self::Service(error) => return error.sentence(),
            Self::File(_, cause) if cause.kind() == io::ErrorKind::FileTooLarge => ("updates-too-long", Vec::new()),
            Self::File(path, cause) => (
                "updates-no-file",
                vec![("file", text(&path.display().to_string())), ("what", text(&cause.to_string()))],
            ),
        };
        Sentence { id, arguments }
    }
}
