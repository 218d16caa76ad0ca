//! One list: its frame, its signature, its entries.

use const_oid::ObjectIdentifier;

use super::error::CrlError;
use super::number::CrlNumber;
use super::scope::Scope;
use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::cms::Algorithm;
use crate::extensions::{self, KeyUsage};
use crate::key::{PublicKey, VerifyError};
use crate::name::Name;
use crate::oid;
use crate::revocation::{Freshness, Reason, Revocation};
use crate::serial::Serial;
use crate::time::Timestamp;
use crate::tlv::{self, DerError, Reader, Tlv};
use crate::trust::{Authority, identifiers_agree};

/// More extensions than this are refused, in the list and in an entry.
const MOST_EXTENSIONS: usize = 32;

/// A revocation list, complete or delta: a view of the octets that arrived. It says nothing before [`Crl::verify`].
#[derive(Clone, Debug)]
pub struct Crl<'a> {
    tbs: Tlv<'a>,
    algorithm: SignatureAlgorithm,
    signature: &'a [u8],
    issuer: Name,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    entries: Option<Tlv<'a>>,
    number: Option<CrlNumber>,
    base: Option<CrlNumber>,
    expired_since: Option<Timestamp>,
    authority_key_identifier: Option<&'a [u8]>,
    scope: Scope,
}

/// A list that its authority signed.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    crl: Crl<'a>,
    key: PublicKey,
}

/// What a list says about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Revoked.
    Revoked(Revocation),
    /// In a delta CRL: taken off the list.
    Removed,
}

impl<'a> Crl<'a> {
    /// Lists above this are refused: 128 MiB. The NCA's has some 21 MB.
    pub const MAX_LEN: usize = 128 << 20;

    /// From exactly one DER CertificateList. The entries are not looked at.
    ///
    /// # Errors
    /// [`CrlError`].
    pub fn from_der(der: &'a [u8]) -> Result<Self, CrlError> {
        if der.len() > Self::MAX_LEN {
            return Err(CrlError::TooLarge(der.len()));
        }
        let mut outer = tlv::whole(der, tlv::SEQUENCE)?.children();
        let tbs = outer.expect(tlv::SEQUENCE)?;
        let algorithm = algorithm(outer.read()?)?;
        let signature = outer.read()?.whole_bits()?;
        outer.finish()?;

        let mut fields = tbs.children();
        let version = match fields.optional(tlv::INTEGER)? {
            Some(version) if version.small_integer()? == 1 => 2,
            Some(version) => return Err(version.wrong("CRL version").into()),
            None => 1,
        };
        // The NCA's own lists have NULL parameters outside and none inside.
        if self::algorithm(fields.read()?)? != algorithm {
            return Err(CrlError::AlgorithmDiffers);
        }
        let issuer = Name::from_tlv(fields.expect(tlv::SEQUENCE)?)?;
        let this_update = Timestamp::from_tlv(fields.read()?)?;
        let next_update = match fields.peek() {
            Some(tlv::UTC_TIME | tlv::GENERALIZED_TIME) => Some(Timestamp::from_tlv(fields.read()?)?),
            _ => None,
        };
        let entries = fields.optional(tlv::SEQUENCE)?;
        let mut crl = Self {
            tbs,
            algorithm,
            signature,
            issuer,
            this_update,
            next_update,
            entries,
            number: None,
            base: None,
            expired_since: None,
            authority_key_identifier: None,
            scope: Scope::default(),
        };
        match fields.optional(tlv::context(0))? {
            Some(tagged) if version == 2 => crl.take_extensions(tagged)?,
            Some(tagged) => return Err(tagged.wrong("extensions of a version 2 CRL").into()),
            None => {}
        }
        fields.finish()?;
        Ok(crl)
    }

    fn take_extensions(&mut self, tagged: Tlv<'a>) -> Result<(), CrlError> {
        let mut inner = tagged.children();
        let mut list = inner.expect(tlv::SEQUENCE)?.children();
        inner.finish()?;
        let mut seen: Vec<ObjectIdentifier> = Vec::new();
        while !list.is_empty() {
            let extension = list.read()?;
            let (oid, critical, value) = extensions::fields(extension)?;
            if seen.len() >= MOST_EXTENSIONS {
                return Err(extension.wrong("extensions: too many").into());
            }
            if seen.contains(&oid) {
                return Err(CrlError::DuplicateExtension(oid));
            }
            seen.push(oid);
            let mut content = value.children();
            match oid {
                oid::CRL_NUMBER => self.number = Some(CrlNumber::from_tlv(content.read()?)?),
                oid::DELTA_CRL_INDICATOR => self.base = Some(CrlNumber::from_tlv(content.read()?)?),
                oid::EXPIRED_CERTS_ON_CRL => {
                    self.expired_since = Some(Timestamp::from_tlv(content.expect(tlv::GENERALIZED_TIME)?)?);
                }
                oid::AUTHORITY_KEY_IDENTIFIER => {
                    let identifier = content.expect(tlv::SEQUENCE)?.children().optional(tlv::context_primitive(0))?;
                    self.authority_key_identifier = identifier.map(|identifier| identifier.value());
                }
                oid::ISSUING_DISTRIBUTION_POINT => {
                    self.scope = Scope::from_tlv(value)?;
                    continue;
                }
                // Where else something is; nothing depends on it.
                oid::FRESHEST_CRL | oid::AUTHORITY_INFO_ACCESS => continue,
                unknown if critical => return Err(CrlError::UnknownCritical(unknown)),
                _ => continue,
            }
            content.finish()?;
        }
        Ok(())
    }

    /// Whose list it says it is.
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Its number.
    pub fn number(&self) -> Option<CrlNumber> {
        self.number
    }

    /// It holds the changes since the list of that number; `None` for a complete list.
    pub fn base(&self) -> Option<CrlNumber> {
        self.base
    }

    /// When it was made.
    pub fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// When the next one comes at the latest.
    pub fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// Checks that this is the authority's list: name, key identifier, that it may sign lists, and the signature over
    /// all of it.
    ///
    /// # Errors
    /// [`CrlError`].
    pub fn verify(self, authority: Authority<'_>) -> Result<Verified<'a>, CrlError> {
        let same_key = identifiers_agree(self.authority_key_identifier, authority.key_identifier());
        if self.issuer != *authority.name() || !same_key {
            return Err(CrlError::Issuer);
        }
        if !authority.may(KeyUsage::CRL_SIGN) {
            return Err(CrlError::Purpose);
        }
        let unsupported = CrlError::Signature(VerifyError::Unsupported(self.algorithm.oid()));
        let digest_algorithm = self.algorithm.digest_algorithm().ok_or(unsupported)?;
        if digest_algorithm.is_weak() {
            return Err(CrlError::Weak(self.algorithm.oid()));
        }
        let digest = digest_algorithm.digest(self.tbs.raw());
        authority.public_key().verify(&digest, self.signature, self.algorithm).map_err(CrlError::Signature)?;
        Ok(Verified { crl: self, key: authority.public_key().clone() })
    }

    fn find(&self, serial: &Serial) -> Result<Option<Entry>, CrlError> {
        let Some(entries) = self.entries else { return Ok(None) };
        let mut entries = entries.children();
        let mut found = None;
        while !entries.is_empty() {
            let mut fields = entries.expect(tlv::SEQUENCE)?.children();
            let number = fields.expect(tlv::INTEGER)?;
            let date = fields.read()?;
            let extensions = fields.optional(tlv::SEQUENCE)?;
            fields.finish()?;
            if let Some(extensions) = extensions {
                refuse_unknown_critical(extensions)?;
            }
            if number.value() != serial.bytes() {
                continue;
            }
            let entry = self.entry(date, extensions)?;
            // Of two entries the revocation counts.
            if !matches!(found, Some(Entry::Revoked(_))) {
                found = Some(entry);
            }
        }
        Ok(found)
    }

    fn entry(&self, date: Tlv<'_>, extensions: Option<Tlv<'_>>) -> Result<Entry, CrlError> {
        let since = Timestamp::from_tlv(date)?;
        let (mut reason, mut invalid_since) = (None, None);
        let mut list = extensions.map_or(Reader::new(&[]), |extensions| extensions.children());
        while !list.is_empty() {
            let (oid, _, value) = extensions::fields(list.read()?)?;
            let mut content = value.children();
            match oid {
                oid::CRL_REASON => {
                    let number = content.expect(ENUMERATED)?;
                    reason = Some(Reason::from_content(number.value()).ok_or(number.wrong("CRLReason"))?);
                }
                oid::INVALIDITY_DATE => {
                    invalid_since = Some(Timestamp::from_tlv(content.expect(tlv::GENERALIZED_TIME)?)?);
                }
                _ => continue,
            }
            content.finish()?;
        }
        match (reason, self.base) {
            (Some(Reason::RemoveFromCrl), Some(_)) => Ok(Entry::Removed),
            (Some(Reason::RemoveFromCrl), None) => Err(CrlError::Removal),
            _ => Ok(Entry::Revoked(Revocation { since, invalid_since, reason })),
        }
    }
}

/// ENUMERATED.
const ENUMERATED: u8 = 0x0a;

impl<'a> Verified<'a> {
    /// The list.
    pub fn crl(&self) -> &Crl<'a> {
        &self.crl
    }

    /// It is that authority's: what was verified was verified with its name and key.
    pub fn is_of(&self, authority: Authority<'_>) -> bool {
        self.crl.issuer == *authority.name() && self.key == *authority.public_key()
    }

    /// It is about that certificate, as far as the list's own scope goes.
    pub fn covers(&self, certificate: &Certificate) -> bool {
        certificate.issuer() == self.crl.issuer() && self.crl.scope.covers(certificate)
    }

    /// Whoever does not stand in it was not revoked, for whatever reason.
    pub fn is_about_all_reasons(&self) -> bool {
        !self.crl.scope.some_reasons
    }

    /// It was made when the certificate had expired, and an authority need not keep those (RFC 5280 §5): that it does not
    /// have the certificate says nothing, unless it says that it still has those that expired then.
    pub fn may_have_dropped(&self, certificate: &Certificate) -> bool {
        let not_after = certificate.not_after();
        self.crl.this_update > not_after && self.crl.expired_since.is_none_or(|since| since > not_after)
    }

    /// What stands in the list about a certificate with that number of its issuer. The whole list is walked over,
    /// because an unknown critical extension of any entry makes all of it unusable (RFC 5280 §5.3); nothing is kept.
    ///
    /// # Errors
    /// [`CrlError`]: the list cannot be used.
    pub fn find(&self, serial: &Serial) -> Result<Option<Entry>, CrlError> {
        self.crl.find(serial)
    }

    /// It was made, and the next one is not due.
    ///
    /// # Errors
    /// [`CrlError::FromTheFuture`], [`CrlError::NoNextUpdate`], [`CrlError::Stale`].
    pub fn is_fresh(&self, freshness: &Freshness) -> Result<(), CrlError> {
        if !freshness.has_begun(self.crl.this_update) {
            return Err(CrlError::FromTheFuture(self.crl.this_update));
        }
        let until = self.crl.next_update.ok_or(CrlError::NoNextUpdate)?;
        if freshness.still_holds(until) { Ok(()) } else { Err(CrlError::Stale(until)) }
    }

    /// `delta` holds the changes to this list (RFC 5280 §5.2.4): of the same authority and scope, starting at this list
    /// or before it, and newer.
    ///
    /// # Errors
    /// [`CrlError::Base`], [`CrlError::Issuer`], [`CrlError::Scope`].
    pub fn is_continued_by(&self, delta: &Verified<'_>) -> Result<(), CrlError> {
        if self.crl.issuer != delta.crl.issuer || self.key != delta.key {
            return Err(CrlError::Issuer);
        }
        if self.crl.scope != delta.crl.scope {
            return Err(CrlError::Scope);
        }
        let base = delta.crl.base.unwrap_or(0.into());
        match (self.crl.number, delta.crl.base, delta.crl.number) {
            (Some(here), Some(base), Some(changes)) if base <= here && here < changes => Ok(()),
            _ => Err(CrlError::Base { base }),
        }
    }
}

/// The algorithm of an AlgorithmIdentifier without parameters.
fn algorithm(identifier: Tlv<'_>) -> Result<SignatureAlgorithm, DerError> {
    let algorithm = Algorithm::from_tlv(identifier)?;
    if algorithm.plain {
        Ok(SignatureAlgorithm::from_oid(&algorithm.oid))
    } else {
        Err(identifier.wrong("signature algorithm without parameters"))
    }
}

/// This stands in the way of half a million entries: only what is critical is looked at closely. Of the extensions of
/// entries that are known none needs to be critical but certificateIssuer, which stands in lists about others'
/// certificates.
fn refuse_unknown_critical(extensions: Tlv<'_>) -> Result<(), CrlError> {
    let mut list = extensions.children();
    while !list.is_empty() {
        let extension = list.expect(tlv::SEQUENCE)?;
        let mut fields = extension.children();
        fields.expect(tlv::OID)?;
        if fields.peek() == Some(tlv::BOOLEAN) {
            let (oid, critical, _) = extensions::fields(extension)?;
            if critical && ![oid::CRL_REASON, oid::INVALIDITY_DATE].contains(&oid) {
                return Err(CrlError::UnknownCritical(oid));
            }
        }
    }
    Ok(())
}
