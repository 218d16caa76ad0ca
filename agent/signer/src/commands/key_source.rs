//! Where the key is that a command has sign: in a file, or on a token.

use super::{
    CommandError, Context, check_key_file, sign,
    token::{self, Named},
};
use crate::{
    applications::{Application, Place},
    key_file::{self, KeyFileError},
    life::standing::is_serial,
};
use keystore::{ListedKey, Password, UnlockedStore};
use pki::{Certificate, Signer};
use std::path::{Path, PathBuf};
use texts::Value;

/// A key file or a token, there and not opened yet.
pub(super) enum Source {
    File(PathBuf),
    Token(Box<Named>),
}

impl Source {
    /// What was named; exactly one of the two.
    pub(super) fn of(context: &Context, file: Option<&Path>, token: Option<&str>) -> Result<Self, CommandError> {
        match (file, token) {
            (Some(file), _) => {
                check_key_file(file)?;
                Ok(Self::File(file.to_owned()))
            }
            (None, Some(token)) => Ok(Self::Token(Box::new(Named::find(context, token)?))),
            (None, None) => Err(CommandError::Usage(context.texts.text("sign-no-key-named"))),
        }
    }

    /// Asks for the password or PIN.
    pub(super) fn secret(&self, context: &Context, from_stdin: bool) -> Result<Password, CommandError> {
        match self {
            Self::File(file) => context.password(from_stdin, file),
            Self::Token(token) => token.pin(context, from_stdin),
        }
    }

    /// Opens it with what was typed. A token that took a PIN once takes it again.
    pub(super) fn unlock(&self, context: &Context, secret: &Password) -> Result<Box<dyn UnlockedStore>, CommandError> {
        match self {
            Self::File(file) => Ok(key_file::open(file, secret)?),
            Self::Token(token) => token.unlock(context, secret),
        }
    }

    /// Asks for the password or PIN, and opens it.
    pub(super) fn open(&self, context: &Context, from_stdin: bool) -> Result<Box<dyn UnlockedStore>, CommandError> {
        self.unlock(context, &self.secret(context, from_stdin)?)
    }

    /// The key that signs.
    pub(super) fn signer(
        &self,
        context: &Context,
        store: &dyn UnlockedStore,
        alias: Option<&str>,
    ) -> Result<Box<dyn Signer>, CommandError> {
        let key = self.choose(context, store.list(), alias)?;
        self.signer_of(context, store, key)
    }

    /// The key of this certificate; `None` where the store has it not.
    pub(super) fn signer_for(
        &self,
        context: &Context,
        store: &dyn UnlockedStore,
        certificate: &Certificate,
    ) -> Result<Option<Box<dyn Signer>>, CommandError> {
        let key = store.list().iter().find(|key| key.certificate.as_ref() == Some(certificate));
        key.map(|key| self.signer_of(context, store, key)).transpose()
    }

    fn signer_of(
        &self,
        context: &Context,
        store: &dyn UnlockedStore,
        key: &ListedKey,
    ) -> Result<Box<dyn Signer>, CommandError> {
        store.signer(&key.id).map_err(|error| match self {
            Self::File(_) => KeyFileError::from(error).into(),
            Self::Token(_) => token::fault(context, error),
        })
    }

    fn choose<'k>(
        &self,
        context: &Context,
        keys: &'k [ListedKey],
        alias: Option<&str>,
    ) -> Result<&'k ListedKey, CommandError> {
        match self {
            Self::File(_) => sign::choose(context, keys, alias),
            Self::Token(_) => choose_on_token(context, keys, alias),
        }
    }

    /// Remembers a token's key that did something here. A list that cannot be written is no reason to take it back.
    pub(super) fn remember(&self, context: &Context, certificate: &Certificate) {
        if let Self::Token(token) = self {
            remember(context, token, certificate);
        }
    }
}

/// The certificates of a key file's keys, and the file where it had to be opened to know them.
pub(super) struct Certificates {
    pub(super) certificates: Vec<Certificate>,
    pub(super) store: Option<Box<dyn UnlockedStore>>,
}

impl Certificates {
    /// Of a remembered file, which may be gone, without its password; else it is opened.
    pub(super) fn of_file(context: &Context, file: &Path, from_stdin: bool) -> Result<Self, CommandError> {
        let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let known = context.known_keys()?;
        match known.files().iter().find(|known| known.path == absolute && !known.certificates.is_empty()) {
            Some(known) => Ok(Self { certificates: known.certificates.clone(), store: None }),
            None => Self::opened(context, file, from_stdin),
        }
    }

    /// As the file has them now.
    pub(super) fn opened(context: &Context, file: &Path, from_stdin: bool) -> Result<Self, CommandError> {
        check_key_file(file)?;
        let password = context.password(from_stdin, file)?;
        let store = key_file::open(file, &password)?;
        let certificates = certificates_of(store.list());
        if certificates.is_empty() {
            return Err(without_certificate(context, file));
        }
        Ok(Self { certificates, store: Some(store) })
    }

    /// Of a token: all that it shows, or the one of that name; of a token that is gone, those that are remembered.
    pub(super) fn of_token(
        context: &Context,
        name: &str,
        alias: Option<&str>,
        from_stdin: bool,
    ) -> Result<(Self, Option<Source>), CommandError> {
        let named = match Named::find(context, name) {
            Ok(named) => named,
            Err(error @ CommandError::Usage(_)) => return Err(error),
            // It need not be there, nor need its library be well.
            Err(error) => {
                let certificates = remembered_on(context, name)?;
                if certificates.is_empty() || alias.is_some() {
                    return Err(error);
                }
                return Ok((Self { certificates, store: None }, None));
            }
        };
        // Some show nothing before the PIN.
        let shows = named.seen.keys.iter().any(|key| key.certificate.is_some());
        let store = if shows { None } else { Some(named.open(context, from_stdin)?) };
        let keys = store.as_ref().map_or(named.seen.keys.as_slice(), |store| store.list());
        let certificates = match alias {
            None => certificates_of(keys),
            Some(_) => choose_on_token(context, keys, alias)?.certificate.iter().cloned().collect(),
        };
        if certificates.is_empty() {
            return Err(CommandError::Failed(context.texts.text("error-token-no-key")));
        }
        Ok((Self { certificates, store }, Some(Source::Token(Box::new(named)))))
    }
}

/// A key file that a request was made with has none yet, and that is as it should be.
fn without_certificate(context: &Context, file: &Path) -> CommandError {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let waits = |one: &Application| matches!(&one.place, Place::File(path) if *path == absolute);
    match context.applications().list() {
        Ok(found) if found.waiting.iter().any(waits) => CommandError::Failed(context.texts.text("keys-still-waiting")),
        _ => KeyFileError::no_certificate().into(),
    }
}

/// The remembered certificates of the one token that is called so.
fn remembered_on(context: &Context, name: &str) -> Result<Vec<Certificate>, CommandError> {
    let known = context.known_tokens()?;
    let mut called = known.keys().iter().filter(|one| token::is_called(&one.token, name)).peekable();
    let first = called.peek().map(|one| one.token.clone());
    let called: Vec<_> = called.collect();
    if called.iter().any(|one| Some(&one.token) != first.as_ref()) {
        return Err(CommandError::Usage(context.say("token-several", &[("name", Value::Text(name))])));
    }
    Ok(called.into_iter().map(|one| one.certificate.clone()).collect())
}

fn certificates_of(keys: &[ListedKey]) -> Vec<Certificate> {
    keys.iter().filter_map(|key| key.certificate.clone()).collect()
}

/// As [`Source::remember`].
pub(super) fn remember(context: &Context, token: &Named, certificate: &Certificate) {
    let known = context.known_tokens();
    let kept = known.and_then(|mut known| known.remember(&token.seen.id, std::slice::from_ref(certificate)));
    if let Err(error) = kept {
        tracing::warn!(%error, "the key of a token could not be remembered");
    }
}

/// The only key with a certificate, or the one of that name or serial number.
fn choose_on_token<'k>(
    context: &Context,
    keys: &'k [ListedKey],
    alias: Option<&str>,
) -> Result<&'k ListedKey, CommandError> {
    let is_it = |key: &&ListedKey| match (&key.certificate, alias) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(one), Some(alias)) => key.alias == alias || is_serial(&one.serial().to_hex(), alias),
    };
    let mut fitting = keys.iter().filter(is_it);
    let names = names(keys);
    match (fitting.next(), fitting.next(), alias) {
        (Some(only), None, _) => Ok(only),
        (Some(_), Some(_), _) => {
            Err(CommandError::Usage(context.say("sign-several-keys-on-token", &[("names", Value::Text(&names))])))
        }
        (None, _, Some(alias)) if !names.is_empty() => {
            let places = [("alias", Value::Text(alias)), ("names", Value::Text(&names))];
            Err(CommandError::Failed(context.say("sign-no-alias-on-token", &places)))
        }
        (None, ..) => Err(CommandError::Failed(context.texts.text("error-token-no-key"))),
    }
}

/// The names that `--alias` takes. Keys made on one token by one program tend to have the same name: those are told by the
/// serial number.
fn names(keys: &[ListedKey]) -> String {
    let named: Vec<_> =
        keys.iter().filter_map(|key| Some((key.alias.as_str(), key.certificate.as_ref()?.serial().to_hex()))).collect();
    let is_alone = |alias: &str| named.iter().filter(|(other, _)| *other == alias).count() == 1;
    let of = |(alias, serial): &(&str, String)| if is_alone(alias) { (*alias).to_owned() } else { serial.clone() };
    let mut names: Vec<_> = named.iter().map(of).collect();
    // A token lists its keys now in one order, now in another.
    names.sort_unstable();
    names.join(", ")
}
