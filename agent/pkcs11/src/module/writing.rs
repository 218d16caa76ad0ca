//! Making, writing and removing keys and certificates; another PIN.

use super::{Module, Seat, fault, listing::Objects, raw, template::Template, using::of_class_and_id};
use crate::{
    numbers::{EC_KEY_PAIR_GEN, KEY_EC, KEY_RSA, RSA_PKCS_KEY_PAIR_GEN},
    wire::{Fault, FaultKind, KeyKind, LONGEST_CERTIFICATE, LONGEST_NAME, MOST_KEYS, PublicHalf, TokenId},
};
use cryptoki::{context::Pkcs11, session::Session, slot::Slot};
use cryptoki_sys::{
    CK_MECHANISM_TYPE, CKA_CERTIFICATE_TYPE, CKA_CLASS, CKA_EC_PARAMS, CKA_EXTRACTABLE, CKA_GOSTR3410_PARAMS,
    CKA_GOSTR3411_PARAMS, CKA_ID, CKA_KEY_TYPE, CKA_LABEL, CKA_MODULUS_BITS, CKA_PRIVATE, CKA_PUBLIC_EXPONENT,
    CKA_SENSITIVE, CKA_SIGN, CKA_SUBJECT, CKA_TOKEN, CKA_VALUE, CKA_VERIFY, CKC_X_509, CKO_CERTIFICATE,
    CKO_PRIVATE_KEY, CKO_PUBLIC_KEY,
};
use serde_bytes::ByteBuf;

/// 65537, big-endian.
const EXPONENT: &[u8] = &[1, 0, 1];

/// A certificate to be written.
pub(super) struct NewCertificate<'a> {
    pub(super) id: &'a [u8],
    pub(super) label: &'a str,
    pub(super) certificate: &'a [u8],
    pub(super) subject: &'a [u8],
}

impl Module {
    /// C_GenerateKeyPair; the public half.
    pub(super) fn generate(
        &mut self,
        slot: u64,
        token: &TokenId,
        kind: &KeyKind,
        id: &[u8],
        label: &str,
    ) -> Result<PublicHalf, Fault> {
        check_names(id, label)?;
        self.with_token(slot, Some(token), |raw, context, seat| {
            must_be_open(seat)?;
            let session = writing_session(context, slot)?;
            let session = session.handle();
            // What is there under this CKA_ID would be taken for the other half of what is made.
            if !raw.find(session, Template::new().octets(CKA_ID, id), 1)?.is_empty() {
                return Err(fault::own(FaultKind::Other));
            }
            let plan = Plan::of(kind, id, label)?;
            let (public, private) = raw.generate(session, plan.mechanism, plan.public, plan.private)?;
            Objects { raw, session }.public_half(public).and_then(usable).inspect_err(|_| {
                // A key whose public half cannot be read is of no use to anybody.
                let _ = raw.destroy(session, private);
                let _ = raw.destroy(session, public);
            })
        })
    }

    /// C_CreateObject of a certificate, in the place of those of the same CKA_ID that it `replaces`.
    pub(super) fn put_certificate(
        &mut self,
        slot: u64,
        token: &TokenId,
        new: &NewCertificate<'_>,
        replaces: &[ByteBuf],
    ) -> Result<(), Fault> {
        check_names(new.id, new.label)?;
        if new.certificate.len() > LONGEST_CERTIFICATE {
            return Err(fault::own(FaultKind::NoRoom));
        }
        self.with_token(slot, Some(token), |raw, context, _| {
            let session = writing_session(context, slot)?;
            let session = session.handle();
            let objects = Objects { raw, session };
            let (mut is_there, mut old) = (false, Vec::new());
            for object in of_class_and_id(raw, session, CKO_CERTIFICATE, new.id, MOST_KEYS)? {
                match objects.certificate(object)? {
                    Some(der) if *der == *new.certificate && !is_there => is_there = true,
                    Some(der) if *der == *new.certificate || is_among(replaces, &der) => old.push(object),
                    // Another key's, or none at all: a CKA_ID alone gives nobody away.
                    _ => {}
                }
            }
            // First the new one: a token that takes no further one still has the old one.
            if !is_there {
                let template = Template::new()
                    .number(CKA_CLASS, CKO_CERTIFICATE)
                    .number(CKA_CERTIFICATE_TYPE, CKC_X_509)
                    .flag(CKA_TOKEN, true)
                    .flag(CKA_PRIVATE, false)
                    .octets(CKA_LABEL, new.label.as_bytes())
                    .octets(CKA_ID, new.id)
                    .octets(CKA_SUBJECT, new.subject)
                    .octets(CKA_VALUE, new.certificate);
                raw.create(session, template)?;
                read_back(&objects, new)?;
            }
            for object in old {
                // The key has its new certificate whatever becomes of this; a former one that a token does not let go stays
                // in its lists for the person to see.
                if let Err(fault) = raw.destroy(session, object) {
                    tracing::warn!(?fault, "a former certificate stays on the token");
                    break;
                }
            }
            Ok(())
        })
    }

    /// C_DestroyObject of the keys of a CKA_ID, and of those of its certificates that are named.
    pub(super) fn remove(
        &mut self,
        slot: u64,
        token: &TokenId,
        id: &[u8],
        certificates: &[ByteBuf],
    ) -> Result<(), Fault> {
        // An empty one would be that of all that have none.
        if id.is_empty() {
            return Err(fault::own(FaultKind::NoSuchKey));
        }
        self.with_token(slot, Some(token), |raw, context, seat| {
            // Without the login the private key would not be seen, and be left behind alone.
            must_be_open(seat)?;
            let session = writing_session(context, slot)?;
            let session = session.handle();
            let objects = Objects { raw, session };
            let mut found = false;
            // In this order what is left after a failure is listed as it was, or as a certificate without its key.
            for class in [CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_CERTIFICATE] {
                for object in of_class_and_id(raw, session, class, id, MOST_KEYS)? {
                    let goes = |der: Option<ByteBuf>| der.is_some_and(|der| is_among(certificates, &der));
                    if class == CKO_CERTIFICATE && !goes(objects.certificate(object)?) {
                        continue;
                    }
                    raw.destroy(session, object)?;
                    found = true;
                }
            }
            if found { Ok(()) } else { Err(fault::own(FaultKind::NoSuchKey)) }
        })
    }

    /// C_SetPIN, before anybody is logged in: the library checks the present PIN itself.
    pub(super) fn set_pin(&mut self, slot: u64, token: &TokenId, present: &str, new: &str) -> Result<(), Fault> {
        self.with_token(slot, Some(token), |raw, context, seat| {
            match (present.is_empty() && new.is_empty(), seat.pin_pad) {
                (true, true) => {}
                (false, _) if !present.is_empty() && !new.is_empty() => {}
                // An empty one is nobody's, and would count.
                _ => return Err(fault::own(FaultKind::WrongPin)),
            }
            let session = writing_session(context, slot)?;
            raw.set_pin(session.handle(), present.as_bytes(), new.as_bytes())
        })
    }
}

/// Whether it is one of these certificates.
/// What was written is there, under its CKA_ID and octet by octet; until that is seen nothing that it replaces goes. What a
/// token may have made of it instead is left: where a token does not do as it says, nothing is destroyed.
fn read_back(objects: &Objects<'_>, new: &NewCertificate<'_>) -> Result<(), Fault> {
    for object in of_class_and_id(objects.raw, objects.session, CKO_CERTIFICATE, new.id, MOST_KEYS)? {
        if objects.certificate(object)?.is_some_and(|der| *der == *new.certificate) {
            return Ok(());
        }
    }
    Err(fault::nonsense("C_CreateObject"))
}

fn is_among(certificates: &[ByteBuf], der: &[u8]) -> bool {
    certificates.iter().any(|one| one.as_slice() == der)
}

/// A session that writes, closed when it is done: the one that stays open only reads.
fn writing_session(context: &Pkcs11, slot: u64) -> Result<Session, Fault> {
    let slot = Slot::try_from(slot).map_err(|_| fault::own(FaultKind::TokenGone))?;
    context.open_rw_session(slot).map_err(|error| fault::of(&error))
}

fn must_be_open(seat: &Seat) -> Result<(), Fault> {
    if seat.is_open() { Ok(()) } else { Err(fault::own(FaultKind::NotLoggedIn)) }
}

/// What is written must be listed again.
fn check_names(id: &[u8], label: &str) -> Result<(), Fault> {
    let fits = (1..=LONGEST_NAME).contains(&id.len()) && label.len() <= LONGEST_NAME;
    if fits { Ok(()) } else { Err(fault::own(FaultKind::Unsupported)) }
}

/// A public half with something in it.
fn usable(half: Option<PublicHalf>) -> Result<PublicHalf, Fault> {
    let is_whole = match &half {
        Some(PublicHalf::Rsa { modulus, exponent }) => !modulus.is_empty() && !exponent.is_empty(),
        Some(PublicHalf::Ec { point, .. }) => !point.is_empty(),
        Some(PublicHalf::Gost { value, .. }) => !value.is_empty(),
        Some(PublicHalf::Other { .. }) | None => false,
    };
    half.filter(|_| is_whole).ok_or_else(|| fault::nonsense("C_GenerateKeyPair"))
}

/// What C_GenerateKeyPair gets.
struct Plan {
    mechanism: CK_MECHANISM_TYPE,
    public: Template,
    private: Template,
}

impl Plan {
    fn of(kind: &KeyKind, id: &[u8], label: &str) -> Result<Self, Fault> {
        let (mechanism, key_type) = match kind {
            KeyKind::Rsa { .. } => (RSA_PKCS_KEY_PAIR_GEN, KEY_RSA),
            KeyKind::Ec { .. } => (EC_KEY_PAIR_GEN, KEY_EC),
            KeyKind::Gost { mechanism, key_type, .. } => (*mechanism, *key_type),
        };
        let key_type = raw::narrow(key_type)?;
        let half = |class, is_private| {
            Template::new()
                .number(CKA_CLASS, class)
                .number(CKA_KEY_TYPE, key_type)
                .flag(CKA_TOKEN, true)
                .flag(CKA_PRIVATE, is_private)
                .octets(CKA_ID, id)
                .octets(CKA_LABEL, label.as_bytes())
        };
        let public = half(CKO_PUBLIC_KEY, false).flag(CKA_VERIFY, true);
        let public = match kind {
            KeyKind::Rsa { bits } => {
                public.number(CKA_MODULUS_BITS, raw::narrow(u64::from(*bits))?).octets(CKA_PUBLIC_EXPONENT, EXPONENT)
            }
            KeyKind::Ec { parameters } => public.octets(CKA_EC_PARAMS, parameters),
            // The mechanism puts them into the private half itself (PKCS#11 v2.40, 2.58.9).
            KeyKind::Gost { parameters, digest_parameters, .. } => {
                public.octets(CKA_GOSTR3410_PARAMS, parameters).octets(CKA_GOSTR3411_PARAMS, digest_parameters)
            }
        };
        let private =
            half(CKO_PRIVATE_KEY, true).flag(CKA_SIGN, true).flag(CKA_SENSITIVE, true).flag(CKA_EXTRACTABLE, false);
        Ok(Self { mechanism: raw::narrow(mechanism)?, public, private })
    }
}
