//! Linux: the databases of the user's browsers, through NSS's own tools.

use super::{PersonalStores, Put};
use crate::trust::{SystemTrust, TrustError, nss};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The stores of the current user.
#[derive(Clone, Debug)]
pub struct SystemStore(SystemTrust);

impl SystemStore {
    /// The stores of the current user.
    ///
    /// # Errors
    /// [`TrustError::NoHome`].
    pub fn of_user() -> Result<Self, TrustError> {
        SystemTrust::of_user().map(Self)
    }

    /// The stores below this home folder.
    #[must_use]
    pub fn below(home: PathBuf) -> Self {
        Self(SystemTrust::below(home))
    }

    fn each(&self, put: impl Fn(&Path) -> Result<Option<String>, TrustError>) -> Result<Vec<Put>, TrustError> {
        nss::look_for_tool()?;
        self.0.create_missing()?;
        Ok(self
            .0
            .places()
            .into_iter()
            .map(|(path, browser)| {
                let problem = put(&path).unwrap_or_else(|error| Some(error.to_string()));
                Put { path, browser, problem }
            })
            .collect())
    }
}

impl PersonalStores for SystemStore {
    fn put_certificate(&self, name: &str, der: &[u8]) -> Result<Vec<Put>, TrustError> {
        self.each(|database| nss::put_certificate(database, name, der))
    }

    fn put_keys(&self, file: &Path, password: &str) -> Result<Vec<Put>, TrustError> {
        // Reserved at once, so that no copy stays behind.
        let mut line = Zeroizing::new(Vec::with_capacity(password.len() + 1));
        line.extend_from_slice(password.as_bytes());
        line.push(b'\n');
        self.each(|database| nss::put_keys(database, file, &line))
    }
}
