//! Keys that may leave for a browser's store: what was judged is what is handed over.

use super::{
    super::{CommandError, Context},
    certificates::refuse_gost,
    failed,
};
use crate::{key_file::KeyFileError, life::blocked::Blocked};
use keystore::{OpenError, Password, Skipped, StoreError};
use std::path::{Path, PathBuf};
use texts::Value;

/// A copy of a key file whose keys may all be given away; only its owner can read it, and it goes when this is dropped. The
/// file that the person named may become another one between a look at it and its use.
#[derive(Debug)]
pub(super) struct JudgedKeys(PathBuf);

impl JudgedKeys {
    /// Judges the keys of a PKCS#12 file. Outside of Tanba nothing would hinder whoever has them, so that it is asked now
    /// what is blocked: since the command began, the person may have sat before a question.
    pub(super) fn of(context: &Context, octets: &[u8], password: &Password) -> Result<Self, CommandError> {
        let unopened = |error: OpenError| CommandError::from(KeyFileError::from(StoreError::from(error)));
        let contents = keystore::pkcs12::open(octets, password).map_err(unopened)?;
        if contents.entries.is_empty() {
            return Err(unopened(OpenError::NoKey));
        }
        let has_locked = contents.skipped.iter().any(|skipped| matches!(skipped, Skipped::LockedKey(_)));
        let blocked = Blocked::load(context.places.data()).map_err(|error| CommandError::Failed(error.to_string()))?;
        for entry in &contents.entries {
            // Of a key alone it is not known whether it is blocked.
            let Some(certificate) = &entry.certificate else {
                return Err(failed(context, "install-key-alone", &[]));
            };
            refuse_gost(context, certificate)?;
            if let Some(blocked) = blocked.find(certificate) {
                return Err(failed(context, "sign-blocked", &[("serial", Value::Text(&blocked.serial))]));
            }
        }
        if has_locked {
            return Err(failed(context, "install-key-alone", &[]));
        }
        let path = context.places.runtime().join(format!("install-{}.p12", std::process::id()));
        // Before it is written: what was written in part goes too.
        let copy = Self(path);
        platform::files::write_private(&copy.0, octets).map_err(|error| CommandError::File(copy.0.clone(), error))?;
        Ok(copy)
    }

    /// Where the copy is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for JudgedKeys {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::error!(path = %self.0.display(), %error, "the copy of the key file could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::blocked::Why;
    use keystore::{
        NewKey, OsEntropy,
        pkcs12::{self, Bundle, Iterations},
    };
    use pki::Timestamp;
    use settings::Places;
    use test_nca::{Issued, TestNca};

    const NOW: Timestamp = Timestamp::from_unix(1_795_435_200);

    struct Desk {
        _folder: tempfile::TempDir,
        context: Context,
        issued: Issued,
        password: Password,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let context = Context::at(Places::under(folder.path()), NOW).unwrap();
            let issued = TestNca::of(NewKey::Rsa2048, NOW).unwrap().person().unwrap();
            Self { _folder: folder, context, issued, password: Password::new("Құпия1".to_owned()).unwrap() }
        }

        fn file(&self) -> Vec<u8> {
            self.issued.key_file(&self.password).unwrap().to_vec()
        }

        fn judged(&self, octets: &[u8]) -> Result<JudgedKeys, String> {
            JudgedKeys::of(&self.context, octets, &self.password).map_err(|error| error.to_string())
        }
    }

    #[test]
    fn what_is_handed_over_is_what_was_judged_and_does_not_stay() {
        let desk = Desk::new();
        let file = desk.file();
        let judged = desk.judged(&file).unwrap();
        let copy = judged.path().to_owned();
        assert_eq!(std::fs::read(&copy).unwrap(), file);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop(judged);
        assert!(!copy.exists());
    }

    #[test]
    fn a_key_that_another_process_blocked_meanwhile_is_not_given_away() {
        let desk = Desk::new();
        let mut elsewhere = Blocked::load(desk.context.places.data()).unwrap();
        elsewhere.block(&desk.issued.certificate, Why::Stolen, NOW).unwrap();
        assert!(!desk.context.blocked.has(&desk.issued.certificate), "the command knew it from the start");
        let serial = desk.issued.certificate.serial().to_hex();
        let refused = desk.judged(&desk.file()).unwrap_err();
        assert_eq!(refused, desk.context.say("sign-blocked", &[("serial", Value::Text(&serial))]));
    }

    #[test]
    fn a_key_without_its_certificate_could_be_a_blocked_one() {
        let desk = Desk::new();
        let iterations = Iterations::new(1000).unwrap();
        let bundle = Bundle { key: &desk.issued.key, certificate: None, chain: &[] };
        let alone = pkcs12::write_modern(&bundle, &desk.password, iterations, &OsEntropy).unwrap();
        assert_eq!(desk.judged(&alone).unwrap_err(), desk.context.say("install-key-alone", &[]));
        assert_eq!(std::fs::read_dir(desk.context.places.runtime()).unwrap().count(), 0);
    }
}
