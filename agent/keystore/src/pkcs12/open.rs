//! Reading a key file.

use der::{AnyRef, Decode, Tag, asn1::OctetStringRef};
use pki::{
    Certificate,
    ber::{self, BerErrorKind, Limits},
    tlv,
};
use zeroize::Zeroizing;

use super::{
    Contents, OpenError,
    asn1::{self, CertBag, ContentInfo, EncryptedContentInfo, EncryptedPrivateKeyInfo, MacData, Pfx, SafeBag, Start},
    attributes,
    mac::FileMac,
    oids,
    pbe::{PasswordForms, Scheme},
};
use crate::{Password, PrivateKey, Skipped, pair::Found, work::WorkBudget};

/// The largest file that is read: about five hundred times an NCA key file.
pub const MOST_OCTETS: usize = 1 << 20;
/// A safeContentsBag may hold SafeContents; nobody nests them.
const DEEPEST_SAFE_CONTENTS: usize = 4;

const PFX: &str = "PFX";
pub(super) const AUTHENTICATED_SAFE: &str = "AuthenticatedSafe";
const ENCRYPTED_DATA: &str = "EncryptedData";
pub(super) const SAFE_CONTENTS: &str = "SafeContents";

/// Opens a key file: checks the MAC, deciphers, finds keys and certificates, and which belongs to which.
///
/// # Errors
/// [`OpenError`]; whatever the bytes, within a second and without a panic.
pub fn open(bytes: &[u8], password: &Password) -> Result<Contents, OpenError> {
    open_with_key_password(bytes, password, password)
}

/// The same for a file whose keys are under another password than the file, as Java programs can write it.
///
/// # Errors
/// [`OpenError`]; [`OpenError::KeyPasswordDiffers`] where it is the key's password that is wrong.
pub fn open_with_key_password(
    bytes: &[u8],
    password: &Password,
    key_password: &Password,
) -> Result<Contents, OpenError> {
    with_pfx(bytes, |mac, safe| {
        let mut opening = Opening::new(password, key_password);
        if let Some(mac) = mac {
            opening.check_mac(mac, safe)?;
        }
        opening.authenticated_safe(safe)?;
        opening.found.pair()
    })
}

/// Checks what can be checked without the password: that the file is whole, is a PKCS#12 file, and is protected by means
/// that are known and bearable.
///
/// # Errors
/// [`OpenError`], never [`OpenError::WrongPassword`].
pub fn inspect(bytes: &[u8]) -> Result<(), OpenError> {
    with_pfx(bytes, |mac, safe| {
        if let Some(mac) = mac {
            FileMac::read(mac)?.take_work(&mut WorkBudget::new())?;
        }
        normalised(safe, AUTHENTICATED_SAFE).map(|_| ())
    })
}

/// Whether the bytes begin as a key file does; nothing more is looked at.
#[must_use]
pub fn looks_like_pkcs12(bytes: &[u8]) -> bool {
    asn1::start_of(bytes) == Start::Pfx
}

/// Whether the bytes could be the beginning of a key file, and end before it can be told.
pub(crate) fn begins_cut_off(bytes: &[u8]) -> bool {
    asn1::start_of(bytes) == Start::TooShort
}

/// Reads the outermost structure, and gives its MacData and the octets of its AuthenticatedSafe on.
pub(super) fn with_pfx<T>(
    bytes: &[u8],
    then: impl FnOnce(Option<&MacData<'_>>, &[u8]) -> Result<T, OpenError>,
) -> Result<T, OpenError> {
    if bytes.len() > MOST_OCTETS {
        return Err(OpenError::TooLarge { what: "octets", most: MOST_OCTETS });
    }
    match asn1::start_of(bytes) {
        Start::Pfx if asn1::claims_more_than_there_is(bytes) => return Err(OpenError::Truncated),
        Start::Pfx => {}
        Start::TooShort => return Err(OpenError::Truncated),
        Start::Other => return Err(OpenError::NotPkcs12),
    }
    let der = normalised(bytes, PFX)?;
    let pfx = Pfx::from_der(&der).map_err(OpenError::in_part(PFX))?;
    if pfx.auth_safe.content_type != oids::DATA {
        // SignedData: the public-key integrity mode.
        return Err(OpenError::UnsupportedAlgorithm(pfx.auth_safe.content_type));
    }
    let safe = pfx.auth_safe.content.decode_as::<&OctetStringRef>().map_err(OpenError::in_part(PFX))?;
    then(pfx.mac_data.as_ref(), safe.as_bytes())
}

/// The first element of `bytes` in DER. What follows it is no part of the file, and is let be, as OpenSSL and Java do.
pub(super) fn normalised(bytes: &[u8], part: &'static str) -> Result<Vec<u8>, OpenError> {
    let limits = &Limits::KEY_FILE;
    let der = ber::whole_element(bytes, limits).and_then(|(element, _)| ber::to_der(element, limits));
    der.map_err(|error| match error.kind {
        BerErrorKind::TooDeep(_) => OpenError::TooDeep,
        BerErrorKind::TooLong(most) => OpenError::TooLarge { what: "octets", most },
        BerErrorKind::TooManyElements(most) => OpenError::TooLarge { what: "elements", most },
        // An outermost element without a length, cut before its end.
        BerErrorKind::Truncated if part == PFX && bytes.get(1) == Some(&0x80) => OpenError::Truncated,
        _ => OpenError::Malformed { part, offset: error.offset },
    })
}

/// A password, and the forms of RFC 7292 B.1 that it may have had for the writer, the likeliest first.
struct Forms<'p> {
    utf8: &'p [u8],
    bmp: Vec<Zeroizing<Vec<u8>>>,
}

impl<'p> Forms<'p> {
    fn of(password: &'p Password) -> Self {
        let mut bmp = vec![password.to_bmp_string()];
        if password.is_empty() {
            // "No password" is no octets at all for some writers, and the two zeros of the empty BMPString for others.
            bmp.push(Zeroizing::new(Vec::new()));
        }
        Self { utf8: password.expose().as_bytes(), bmp }
    }

    /// The forms worth trying; only the first, where BMPStrings play no part.
    fn tries(&self, takes_bmp: bool) -> impl Iterator<Item = PasswordForms<'_>> {
        let count = if takes_bmp { self.bmp.len() } else { 1 };
        self.bmp.iter().take(count).map(|bmp| PasswordForms { bmp, utf8: self.utf8 })
    }
}

/// A file that is being opened.
struct Opening<'p> {
    password: Forms<'p>,
    key_password: Forms<'p>,
    /// The MAC was right: what does not decipher is damage, not a wrong password.
    proven: bool,
    work: WorkBudget,
    found: Found,
}

impl<'p> Opening<'p> {
    fn new(password: &'p Password, key_password: &'p Password) -> Self {
        Self {
            password: Forms::of(password),
            key_password: Forms::of(key_password),
            proven: false,
            work: WorkBudget::new(),
            found: Found::default(),
        }
    }

    fn check_mac(&mut self, mac: &MacData<'_>, content: &[u8]) -> Result<(), OpenError> {
        let mac = FileMac::read(mac)?;
        for form in self.password.tries(mac.takes_bmp()) {
            if mac.is_right(&form, content, &mut self.work)? {
                self.proven = true;
                return Ok(());
            }
        }
        Err(OpenError::WrongPassword)
    }

    fn authenticated_safe(&mut self, safe: &[u8]) -> Result<(), OpenError> {
        let der = normalised(safe, AUTHENTICATED_SAFE)?;
        let infos = asn1::elements(&der, Tag::Sequence).map_err(OpenError::in_part(AUTHENTICATED_SAFE))?;
        for info in infos {
            let info: ContentInfo<'_> = info.decode_as().map_err(OpenError::in_part(AUTHENTICATED_SAFE))?;
            match info.content_type {
                oids::DATA => {
                    let contents = info.content.decode_as::<&OctetStringRef>();
                    let contents = contents.map_err(OpenError::in_part(AUTHENTICATED_SAFE))?;
                    self.safe_contents(contents.as_bytes())?;
                }
                oids::ENCRYPTED_DATA => {
                    let plain = self.encrypted_data(info.content)?;
                    self.safe_contents(&plain).map_err(|error| self.judge_plain(error))?;
                }
                // EnvelopedData: encrypted for somebody's public key.
                kind => self.found.skip(Skipped::Part(kind)),
            }
        }
        Ok(())
    }

    /// RFC 5652 section 8: `EncryptedData ::= SEQUENCE { version, encryptedContentInfo, [1] attributes OPTIONAL }`.
    fn encrypted_data(&mut self, content: AnyRef<'_>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let fault = OpenError::in_part(ENCRYPTED_DATA);
        let parts = asn1::elements_of(content, Tag::Sequence).map_err(&fault)?;
        let info = parts.get(1).ok_or(OpenError::Malformed { part: ENCRYPTED_DATA, offset: 0 })?;
        let info: EncryptedContentInfo<'_> = info.decode_as().map_err(&fault)?;
        let sealed = asn1::octets(info.content).map_err(&fault)?;
        let plain = decrypt(&self.password, &Scheme::read(&info.algorithm)?, &sealed, &mut self.work)?;
        plain.ok_or_else(|| self.judge_plain(OpenError::Malformed { part: ENCRYPTED_DATA, offset: 0 }))
    }

    /// Without a MAC, a wrong password shows itself only by what it deciphers to.
    fn judge_plain(&self, error: OpenError) -> OpenError {
        match error {
            OpenError::Malformed { .. } | OpenError::BrokenKey if !self.proven => OpenError::WrongPassword,
            other => other,
        }
    }

    fn safe_contents(&mut self, contents: &[u8]) -> Result<(), OpenError> {
        let der = Zeroizing::new(normalised(contents, SAFE_CONTENTS)?);
        let whole = AnyRef::from_der(&der).map_err(OpenError::in_part(SAFE_CONTENTS))?;
        self.bags(whole, 0)
    }

    fn bags(&mut self, contents: AnyRef<'_>, depth: usize) -> Result<(), OpenError> {
        let fault = OpenError::in_part(SAFE_CONTENTS);
        if depth > DEEPEST_SAFE_CONTENTS {
            return Err(OpenError::TooDeep);
        }
        for bag in asn1::elements_of(contents, Tag::Sequence).map_err(&fault)? {
            let bag: SafeBag<'_> = bag.decode_as().map_err(&fault)?;
            match bag.bag_id {
                oids::KEY_BAG => {
                    self.found.room_for_a_key()?;
                    let info = Zeroizing::new(der::Encode::to_der(&bag.value).map_err(&fault)?);
                    self.key(&info, &bag)?;
                }
                oids::SHROUDED_KEY_BAG => self.shrouded_key(&bag)?,
                oids::CERT_BAG => {
                    let certificate: CertBag<'_> = bag.value.decode_as().map_err(&fault)?;
                    self.certificate(&certificate, &bag)?;
                }
                oids::SAFE_CONTENTS_BAG => self.bags(bag.value, depth + 1)?,
                oids::CRL_BAG => self.found.skip(Skipped::RevocationList),
                oids::SECRET_BAG => self.found.skip(Skipped::Secret),
                kind => self.found.skip(Skipped::Bag(kind)),
            }
        }
        Ok(())
    }

    fn shrouded_key(&mut self, bag: &SafeBag<'_>) -> Result<(), OpenError> {
        self.found.room_for_a_key()?;
        let sealed: EncryptedPrivateKeyInfo<'_> = bag.value.decode_as().map_err(OpenError::in_part(SAFE_CONTENTS))?;
        let scheme = Scheme::read(&sealed.algorithm)?;
        let info = decrypt(&self.key_password, &scheme, sealed.encrypted.as_bytes(), &mut self.work)?;
        // Behind a MAC that was right, this is no damage: the key has a password of its own. By chance a wrong one
        // leaves a padding in place, but no element that ends where it should.
        match info.filter(|info| !self.proven || AnyRef::from_der(info).is_ok()) {
            Some(info) => self.key(&info, bag).map_err(|error| self.judge_plain(error)),
            None if self.proven => {
                self.found.locked_key(&attributes::label(bag));
                Ok(())
            }
            None => Err(OpenError::WrongPassword),
        }
    }

    fn key(&mut self, private_key_info: &[u8], bag: &SafeBag<'_>) -> Result<(), OpenError> {
        let key = PrivateKey::from_pkcs8(private_key_info).map_err(|_| OpenError::BrokenKey)?;
        self.found.key(key, attributes::label(bag));
        Ok(())
    }

    fn certificate(&mut self, bag: &CertBag<'_>, outer: &SafeBag<'_>) -> Result<(), OpenError> {
        let x509 =
            (bag.cert_id == oids::X509_CERTIFICATE).then(|| bag.value.decode_as::<&OctetStringRef>().ok()).flatten();
        match x509.and_then(|der| Certificate::from_der(der.as_bytes()).ok()) {
            Some(certificate) => self.found.certificate(certificate, attributes::label(outer)),
            // An sdsiCertificate, or an X.509 one that is beyond reading: the others may still be good.
            None => {
                self.found.skip(Skipped::Certificate);
                Ok(())
            }
        }
    }
}

/// `None` where no form of the password deciphers it to a SEQUENCE, which everything that is enciphered here is.
fn decrypt(
    password: &Forms<'_>,
    scheme: &Scheme<'_>,
    data: &[u8],
    work: &mut WorkBudget,
) -> Result<Option<Zeroizing<Vec<u8>>>, OpenError> {
    for form in password.tries(scheme.takes_bmp()) {
        match scheme.decrypt(&form, data, work)? {
            Ok(plain) if plain.first() == Some(&tlv::SEQUENCE) => return Ok(Some(plain)),
            _ => {}
        }
    }
    Ok(None)
}
