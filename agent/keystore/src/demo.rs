//! A key for trying Tanba out, from an authority that nobody trusts.
//!
//! The key file has the NCA's layout and its certificate the NCA's profile, so that everything works with it as with a
//! real one, except that nobody believes it: its authority is made with it, says TEST in its name, and loses its key at
//! once.

use pki::{
    Certificate, Timestamp,
    holder::Iin,
    issue::{IssueError, Issuer, Profile, Subject, Template, Urls, issue},
    name::NameBuilder,
    oid,
};
use zeroize::Zeroizing;

use crate::{
    CannotSign, Entropy, EntropyError, IssuingKey, OsEntropy, Password, PrivateKey,
    pkcs12::{self, WriteError},
};

/// The common name of the demo authority.
pub const AUTHORITY_NAME: &str = "TANBA DEMO TEST";

const AUTHORITY_DAYS: i64 = 3650;
const PERSON_DAYS: i64 = 365;

/// A demo key and the authority that issued it.
pub struct Demo {
    /// The self-signed authority: to be an anchor of the test environment, and of nothing else.
    pub authority: Certificate,
    /// The person's certificate, for signing and for logging in.
    pub certificate: Certificate,
    /// The person's key file, PKCS#12.
    pub key_file: Zeroizing<Vec<u8>>,
}

/// Why no demo key was made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// No random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A key did not sign.
    #[error(transparent)]
    Sign(#[from] CannotSign),
    /// A certificate was not made.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The key file was not made.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Makes a demo authority and a person's key file under it, valid from `now` for a year.
///
/// # Errors
/// [`DemoError`].
pub fn make(now: Timestamp, password: &Password) -> Result<Demo, DemoError> {
    make_with(now, password, &OsEntropy)
}

/// The same with random bytes from `entropy`.
///
/// # Errors
/// [`DemoError`].
pub fn make_with(now: Timestamp, password: &Password, entropy: &dyn Entropy) -> Result<Demo, DemoError> {
    let authority_key = PrivateKey::generate_gost512(entropy)?;
    let issuing = IssuingKey::new(&authority_key, entropy)?;
    let name = NameBuilder::new().with(oid::COMMON_NAME, AUTHORITY_NAME).with(oid::COUNTRY, "KZ").build();
    let template = Template::root(name.map_err(unwritable)?, now, now.plus_days(AUTHORITY_DAYS), Urls::default());
    let authority = issue(&template, Issuer::Itself(&issuing), &public(&authority_key)?)?;

    let key = PrivateKey::generate_gost512(entropy)?;
    let template = Template {
        // One key for both: with two, every trial would begin with choosing.
        profile: Profile::Person { purposes: vec![oid::CLIENT_AUTH, oid::EMAIL_PROTECTION] },
        ..Template::person(person()?, now, now.plus_days(PERSON_DAYS), Urls::default())
    };
    let issuer = Issuer::Authority { certificate: &authority, signer: &issuing };
    let certificate = issue(&template, issuer, &public(&key)?)?;
    let key_file = pkcs12::write_nca(&key, &certificate, password, entropy)?;
    Ok(Demo { authority, certificate, key_file })
}

/// Nobody: the number belongs to no person.
fn person() -> Result<pki::Name, DemoError> {
    let subject = Subject {
        common_name: "ТЕСТ ТАҢБА".to_owned(),
        surname: "ТЕСТ".to_owned(),
        iin: Iin::new("000000000000").ok_or(IssueError::Key)?,
        organisation: None,
        given: Some("ДЕМО".to_owned()),
        email: None,
    };
    subject.to_name().map_err(unwritable)
}

fn public(key: &PrivateKey) -> Result<pki::PublicKey, DemoError> {
    key.public_key().ok_or(DemoError::Issue(IssueError::Key))
}

fn unwritable(error: pki::tlv::DerError) -> DemoError {
    DemoError::Issue(IssueError::Certificate(error.into()))
}
