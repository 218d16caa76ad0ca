//! Writing lists, complete and delta.

use pki::{Serial, Signer, Timestamp, oid, revocation::Reason, tlv};

use super::{CRITICAL, NOT_CRITICAL, enumerated, extension, signed};
use crate::TestNcaError;

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The certificate's number.
    pub serial: Serial,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: Option<Reason>,
    /// Since when the key is not to be relied on.
    pub invalid_since: Option<Timestamp>,
    /// Further extensions, as they shall stand there.
    pub further: Vec<u8>,
}

/// A list to be signed.
#[derive(Clone, Debug)]
pub struct List {
    /// Its number.
    pub number: u64,
    /// The number of the list that it holds the changes to; `None` for a complete list.
    pub base: Option<u64>,
    /// When it is made.
    pub this_update: Timestamp,
    /// When the next one comes.
    pub next_update: Option<Timestamp>,
    /// Its entries, in their order.
    pub entries: Vec<Listed>,
    /// The value of an issuingDistributionPoint.
    pub scope: Option<Vec<u8>>,
    /// Further extensions, as they shall stand there.
    pub further: Vec<u8>,
}

impl List {
    /// A complete list that holds for a week.
    #[must_use]
    pub fn complete(number: u64, now: Timestamp, entries: Vec<Listed>) -> Self {
        let next_update = Some(now.plus_days(7));
        Self { number, base: None, this_update: now, next_update, entries, scope: None, further: Vec::new() }
    }

    /// The changes to list `base`, for a day.
    #[must_use]
    pub fn delta(number: u64, base: u64, now: Timestamp, entries: Vec<Listed>) -> Self {
        let next_update = Some(now.plus_days(1));
        Self { base: Some(base), next_update, ..Self::complete(number, now, entries) }
    }

    /// The DER of the CertificateList. As in the NCA's, the algorithm inside has no parameters, and NULL outside.
    ///
    /// # Errors
    /// [`TestNcaError::Signer`], [`TestNcaError::Algorithm`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, TestNcaError> {
        let issuer = signer.certificate();
        let mut entries = Vec::with_capacity(60 * self.entries.len());
        for entry in &self.entries {
            entries.extend(entry.to_der());
        }
        let entries = if entries.is_empty() { entries } else { tlv::element(tlv::SEQUENCE, &[&entries]) };
        let identifier = issuer.subject_key_identifier().unwrap_or_default();
        let identifier = tlv::element(tlv::context_primitive(0), &[identifier]);
        let mut extensions = [
            extension(oid::AUTHORITY_KEY_IDENTIFIER, NOT_CRITICAL, &tlv::element(tlv::SEQUENCE, &[&identifier])),
            extension(oid::CRL_NUMBER, NOT_CRITICAL, &integer(self.number)),
        ]
        .concat();
        if let Some(base) = self.base {
            extensions.extend(extension(oid::DELTA_CRL_INDICATOR, CRITICAL, &integer(base)));
        }
        if let Some(scope) = &self.scope {
            extensions.extend(extension(oid::ISSUING_DISTRIBUTION_POINT, CRITICAL, scope));
        }
        extensions.extend(&self.further);
        let tbs = tlv::element(
            tlv::SEQUENCE,
            &[
                &[tlv::INTEGER, 1, 1],
                &tlv::element(tlv::SEQUENCE, &[&tlv::oid(&signer.algorithm().oid())]),
                issuer.subject().der(),
                &self.this_update.to_der(),
                &self.next_update.map(Timestamp::to_der).unwrap_or_default(),
                &entries,
                &tlv::element(tlv::context(0), &[&tlv::element(tlv::SEQUENCE, &[&extensions])]),
            ],
        );
        signed(signer, &tbs, &[])
    }
}

impl Listed {
    /// A certificate that was revoked.
    #[must_use]
    pub fn new(serial: &Serial, since: Timestamp, reason: Reason) -> Self {
        Self { serial: serial.clone(), since, reason: Some(reason), invalid_since: None, further: Vec::new() }
    }

    fn to_der(&self) -> Vec<u8> {
        let mut extensions = Vec::new();
        if let Some(reason) = self.reason {
            extensions.extend(extension(oid::CRL_REASON, NOT_CRITICAL, &enumerated(reason.number())));
        }
        if let Some(time) = self.invalid_since {
            extensions.extend(extension(oid::INVALIDITY_DATE, NOT_CRITICAL, &time.to_generalized_time()));
        }
        extensions.extend(&self.further);
        let extensions = if extensions.is_empty() { extensions } else { tlv::element(tlv::SEQUENCE, &[&extensions]) };
        let serial = tlv::element(tlv::INTEGER, &[self.serial.bytes()]);
        tlv::element(tlv::SEQUENCE, &[&serial, &self.since.to_der(), &extensions])
    }
}

/// INTEGER.
pub(super) fn integer(number: u64) -> Vec<u8> {
    let octets = number.to_be_bytes();
    let digits: Vec<u8> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
    let sign: &[u8] = if digits.first().is_none_or(|first| first & 0x80 != 0) { &[0] } else { &[] };
    tlv::element(tlv::INTEGER, &[sign, &digits])
}
