//! Where the key is that signs: in a file, or on a token.

use super::{CommandError, Context, SignArgs, check_key_file};
use crate::{
    commands::token::{self, Named},
    key_file::{self, KeyFileError},
};
use keystore::{ListedKey, UnlockedStore};
use pki::Signer;
use std::path::Path;
use texts::Value;

/// A key file or a token, there and not opened yet.
pub(super) enum Source<'a> {
    File(&'a Path),
    Token(Box<Named>),
}

impl<'a> Source<'a> {
    pub(super) fn of(context: &Context, args: &'a SignArgs) -> Result<Self, CommandError> {
        match (&args.key, &args.token) {
            (Some(file), _) => {
                check_key_file(file)?;
                Ok(Self::File(file))
            }
            (None, Some(token)) => Ok(Self::Token(Box::new(Named::find(context, token)?))),
            (None, None) => Err(CommandError::Usage(context.texts.text("sign-no-key-named"))),
        }
    }

    /// Asks for the password or PIN.
    pub(super) fn open(&self, context: &Context, args: &SignArgs) -> Result<Box<dyn UnlockedStore>, CommandError> {
        match self {
            Self::File(file) => {
                let password = context.password(args.password_stdin, file)?;
                Ok(key_file::open(file, &password)?)
            }
            Self::Token(token) => token.open(context, args.password_stdin),
        }
    }

    /// The key that signs.
    pub(super) fn signer(
        &self,
        context: &Context,
        store: &dyn UnlockedStore,
        alias: Option<&str>,
    ) -> Result<Box<dyn Signer>, CommandError> {
        let key = self.choose(context, store.list(), alias)?;
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
        if let Self::File(_) = self {
            return super::choose(context, keys, alias);
        }
        let mut fitting =
            keys.iter().filter(|key| key.certificate.is_some() && alias.is_none_or(|alias| key.alias == alias));
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
}

/// The names that `--alias` takes.
fn names(keys: &[ListedKey]) -> String {
    let named: Vec<_> = keys.iter().filter(|key| key.certificate.is_some()).map(|key| key.alias.as_str()).collect();
    named.join(", ")
}
