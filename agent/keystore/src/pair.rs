//! What was found in a key file, and which certificate belongs to which key.

use pki::Certificate;

use crate::{Contents, Entry, OpenError, PrivateKey, Skipped};

/// The most keys in one file. Each costs a multiplication on the curve.
pub(crate) const MOST_KEYS: usize = 64;
/// The most certificates in one file: Java's own store of authorities has about 150.
pub(crate) const MOST_CERTIFICATES: usize = 256;

/// Keys and certificates as they come out of the file, each with its label.
#[derive(Default)]
pub(crate) struct Found {
    keys: Vec<(PrivateKey, Label)>,
    certificates: Vec<(Certificate, Label)>,
    skipped: Vec<Skipped>,
    /// The alias of the first key that the password did not open.
    locked: Option<String>,
}

/// What the file calls a key or a certificate.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) name: Option<String>,
    pub(crate) local_key_id: Option<Vec<u8>>,
    /// The entry that holds both the key and the certificate, where the format has such entries.
    pub(crate) entry: Option<usize>,
}

impl Label {
    /// Whether the file says that the two are of one key.
    fn goes_with(&self, other: &Self) -> bool {
        self.local_key_id.is_some() && self.local_key_id == other.local_key_id
            || self.entry.is_some() && self.entry == other.entry
    }

    /// Whether it leaves open what belongs to what.
    fn says_nothing(&self) -> bool {
        self.local_key_id.is_none() && self.entry.is_none()
    }

    /// The name, else localKeyId in hexadecimal, else the key's place in the file, counted from 1.
    fn alias(&self, position: usize) -> String {
        match (&self.name, &self.local_key_id) {
            (Some(name), _) if !name.is_empty() => name.clone(),
            (_, Some(id)) if !id.is_empty() => id.iter().map(|octet| format!("{octet:02x}")).collect(),
            _ => (position + 1).to_string(),
        }
    }
}

impl Found {
    pub(crate) fn key(&mut self, key: PrivateKey, label: Label) {
        self.keys.push((key, label));
    }

    /// A key under another password than the file's.
    pub(crate) fn locked_key(&mut self, label: &Label) {
        let alias = label.alias(self.keys.len());
        self.locked.get_or_insert_with(|| alias.clone());
        self.skipped.push(Skipped::LockedKey(alias));
    }

    /// Refuses the next key before it costs anything, where there were too many already.
    pub(crate) fn room_for_a_key(&self) -> Result<(), OpenError> {
        let locked = self.skipped.iter().filter(|skipped| matches!(skipped, Skipped::LockedKey(_))).count();
        if self.keys.len() + locked < MOST_KEYS {
            return Ok(());
        }
        Err(OpenError::TooLarge { what: "keys", most: MOST_KEYS })
    }

    pub(crate) fn certificate(&mut self, certificate: Certificate, label: Label) -> Result<(), OpenError> {
        if self.certificates.len() == MOST_CERTIFICATES {
            return Err(OpenError::TooLarge { what: "certificates", most: MOST_CERTIFICATES });
        }
        self.certificates.push((certificate, label));
        Ok(())
    }

    pub(crate) fn skip(&mut self, what: Skipped) {
        self.skipped.push(what);
    }

    /// Finds the certificate of each key by its public key: that is the only claim that cannot be wrong. What the file
    /// says chooses among several certificates of one key, stands in where no public key is known, and tells "belongs
    /// to another" from "has none".
    pub(crate) fn pair(self) -> Result<Contents, OpenError> {
        let Self { keys, certificates, skipped, locked } = self;
        match locked {
            Some(alias) if keys.is_empty() => return Err(OpenError::KeyPasswordDiffers { alias }),
            _ if keys.is_empty() && certificates.is_empty() => return Err(OpenError::NoKey),
            _ => {}
        }
        let mut taken = vec![false; certificates.len()];
        let (key_count, mut mismatched) = (keys.len(), 0);
        let mut entries = Vec::with_capacity(key_count);
        for (position, (key, label)) in keys.into_iter().enumerate() {
            let lone_pair = key_count == 1 && certificates.len() == 1 && label.says_nothing();
            let claims = |theirs: &Label| label.goes_with(theirs) || lone_pair && theirs.says_nothing();
            let public = key.public_key();
            let fits = |certificate: &Certificate| public.as_ref().is_none_or(|own| own == certificate.public_key());
            let claimed = certificates.iter().position(|(one, theirs)| claims(theirs) && fits(one));
            let own = claimed.or_else(|| {
                public.as_ref().and_then(|_| certificates.iter().position(|(certificate, _)| fits(certificate)))
            });
            if own.is_none() && certificates.iter().any(|(_, theirs)| claims(theirs)) {
                mismatched += 1;
            }
            let certificate = own.and_then(|at| certificates.get(at)).map(|(certificate, _)| certificate.clone());
            if let Some(flag) = own.and_then(|at| taken.get_mut(at)) {
                *flag = true;
            }
            let alias = label.alias(position);
            entries.push(Entry { alias, local_key_id: label.local_key_id, certificate, key });
        }
        if mismatched > 0 && mismatched == key_count {
            return Err(OpenError::KeyDoesNotMatchCertificate);
        }
        let mut others: Vec<Certificate> = Vec::new();
        for ((certificate, _), _) in certificates.into_iter().zip(taken).filter(|(_, taken)| !taken) {
            // Two keys of one authority bring its certificate twice.
            if !others.contains(&certificate) {
                others.push(certificate);
            }
        }
        Ok(Contents { entries, certificates: others, skipped })
    }
}
