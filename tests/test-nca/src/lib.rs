//! A miniature NCA: issues keys and certificates for tests.
