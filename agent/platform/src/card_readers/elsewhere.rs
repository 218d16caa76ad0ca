//! Systems whose service is a part of them.

use super::Service;

/// How the service stands.
#[must_use]
pub fn service() -> Service {
    Service::There
}
