//! issuingDistributionPoint: which certificates a list is about (RFC 5280 §5.2.5).

use super::error::CrlError;
use crate::certificate::Certificate;
use crate::locations::{Locations, full_name};
use crate::tlv::{self, DerError, Tlv};

/// Which certificates a list is about. Without the extension: all of its issuer's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope {
    /// The places of which one must stand in the certificate.
    point: Option<Vec<String>>,
    only_holders: bool,
    only_authorities: bool,
    /// Whoever does not stand in it may still have been revoked for other reasons.
    pub(super) some_reasons: bool,
}

impl Scope {
    /// From the extension's value.
    pub(super) fn from_tlv(value: Tlv<'_>) -> Result<Self, CrlError> {
        let mut content = value.children();
        let mut fields = content.expect(tlv::SEQUENCE)?.children();
        content.finish()?;
        let mut scope = Self::default();
        if let Some(name) = fields.optional(tlv::context(0))? {
            let mut places = Vec::new();
            full_name(name.children(), &mut places)?;
            scope.point = Some(places);
        }
        scope.only_holders = flag(fields.optional(tlv::context_primitive(1))?)?;
        scope.only_authorities = flag(fields.optional(tlv::context_primitive(2))?)?;
        scope.some_reasons = fields.optional(tlv::context_primitive(3))?.is_some();
        let indirect = flag(fields.optional(tlv::context_primitive(4))?)?;
        let attributes = flag(fields.optional(tlv::context_primitive(5))?)?;
        fields.finish()?;
        if indirect || attributes { Err(CrlError::Foreign) } else { Ok(scope) }
    }

    pub(super) fn covers(&self, certificate: &Certificate) -> bool {
        let is_authority = certificate.basic_constraints_ca();
        let kind = !(self.only_holders && is_authority || self.only_authorities && !is_authority);
        kind && self.point.as_ref().is_none_or(|point| {
            let named = Locations::of(certificate);
            named.crl.iter().chain(&named.delta_crl).any(|place| point.contains(place))
        })
    }
}

/// `[n] IMPLICIT BOOLEAN DEFAULT FALSE`.
fn flag(tlv: Option<Tlv<'_>>) -> Result<bool, DerError> {
    match tlv.map(|tlv| (tlv, tlv.value())) {
        None => Ok(false),
        Some((_, [0xff])) => Ok(true),
        Some((_, [0x00])) => Ok(false),
        Some((tlv, _)) => Err(tlv.wrong("BOOLEAN")),
    }
}
