//! Who gets keys, and the names of the authorities.

use pki::{
    Name, ObjectIdentifier, Role,
    holder::{Bin, Iin},
    issue::{Profile, Subject},
    name::NameBuilder,
    oid,
    tlv::DerError,
};

use crate::TestNcaError;

/// The people of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Person {
    /// Somebody for themselves: IIN 000000000001.
    Citizen,
    /// The first head of the organisation with BIN 000000000021: IIN 000000000002.
    Head,
    /// An employee there: IIN 000000000003.
    Employee,
    /// Somebody there who may sign in its name: IIN 000000000004.
    RightToSign,
}

/// A person with a key for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Who.
    pub person: Person,
    /// What for, in the order of the certificate: the standard extended key usages, before the roles.
    pub purposes: Vec<ObjectIdentifier>,
}

impl Holding {
    /// A key for signing, like all that the NCA's SDK has: emailProtection.
    #[must_use]
    pub fn signing(person: Person) -> Self {
        Self { person, purposes: vec![oid::EMAIL_PROTECTION] }
    }

    /// A key for logging in: clientAuth.
    #[must_use]
    pub fn authentication(person: Person) -> Self {
        Self { person, purposes: vec![oid::CLIENT_AUTH] }
    }

    pub(crate) fn profile(&self) -> Profile {
        let purposes = self.purposes.clone();
        let role = match self.person {
            Person::Citizen => return Profile::Person { purposes },
            Person::Head => Role::Head,
            Person::Employee => Role::Employee,
            Person::RightToSign => Role::RightToSign,
        };
        Profile::Organisation { purposes, roles: vec![role] }
    }
}

impl Person {
    pub(crate) fn subject(self) -> Result<Subject, TestNcaError> {
        let (name, iin) = match self {
            Self::Citizen => ("АЗАМАТ", "000000000001"),
            Self::Head => ("БАСШЫ", "000000000002"),
            Self::Employee => ("ҚЫЗМЕТКЕР", "000000000003"),
            Self::RightToSign => ("ӨКІЛ", "000000000004"),
        };
        let bin = "000000000021";
        let organisation = match self {
            Self::Citizen => None,
            _ => Some(("ЖШС \"ТЕСТ\"".to_owned(), Bin::new(bin).ok_or(TestNcaError::Number(bin))?)),
        };
        Ok(Subject {
            common_name: format!("ТЕСТ {name}"),
            surname: "ТЕСТ".to_owned(),
            iin: Iin::new(iin).ok_or(TestNcaError::Number(iin))?,
            organisation,
            given: Some("ТЕСТҰЛЫ".to_owned()),
            email: None,
        })
    }
}

pub(crate) fn root_name() -> Result<Name, DerError> {
    authority("TEST-NCA НЕГІЗГІ ОРТАЛЫҚ (GOST)")
}

pub(crate) fn authority_name() -> Result<Name, DerError> {
    authority("TEST-NCA КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)")
}

fn authority(common_name: &str) -> Result<Name, DerError> {
    NameBuilder::new().with(oid::COMMON_NAME, common_name).with(oid::COUNTRY, "KZ").build()
}

/// The NCA's time-stamp service has such a name, with an organisation.
pub(crate) fn time_stamping_name() -> Result<Name, DerError> {
    authority("TEST-NCA TIME-STAMPING AUTHORITY")
}

pub(crate) fn ocsp_responder_name() -> Result<Name, DerError> {
    authority("TEST-NCA OCSP RESPONDER")
}
