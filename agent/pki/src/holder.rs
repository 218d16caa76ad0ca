//! Whom a certificate speaks of: the person, the organisation, and in what role (kz-crypto 5.5, 8.2).

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::name::Name;
use crate::oid;

macro_rules! twelve_digits {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 12]);

        impl $name {
            /// From exactly twelve decimal digits.
            pub fn new(digits: &str) -> Option<Self> {
                let digits: [u8; 12] = digits.as_bytes().try_into().ok()?;
                digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
            }

            #[doc = concat!("From the form in certificates: `", $prefix, "` and the twelve digits.")]
            pub fn from_attribute(value: &str) -> Option<Self> {
                Self::new(value.strip_prefix($prefix)?)
            }

            #[doc = concat!("The form in certificates: `", $prefix, "` and the twelve digits.")]
            pub fn to_attribute(self) -> String {
                format!(concat!($prefix, "{}"), self)
            }

            /// The last digit is the one that the others make. Most mistyped numbers fail here; so do a few numbers
            /// that were really given out, and those of tests.
            pub fn control_digit_fits(&self) -> bool {
                control_digit(&self.0).is_some_and(|digit| self.0.last() == Some(&digit))
            }

            /// The twelve digits.
            pub fn as_str(&self) -> &str {
                // Only digits get in.
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }
    };
}

/// The control digit of a number: the sum of the digits by their places modulo 11, and where that is 10, once more with
/// the places moved by two. `None` for a number that is not given out, because both are 10.
fn control_digit(number: &[u8; 12]) -> Option<u8> {
    let sum = |places: [u32; 11]| {
        let products = number.iter().zip(places).map(|(digit, place)| u32::from(digit - b'0') * place);
        products.sum::<u32>() % 11
    };
    let digit = match sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) {
        10 => sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]),
        digit => digit,
    };
    u8::try_from(digit).ok().filter(|digit| *digit < 10).map(|digit| digit + b'0')
}

twelve_digits! {
    /// ИИН/ЖСН: a person's individual identification number, twelve digits.
    Iin, "IIN"
}
twelve_digits! {
    /// БИН/БСН: an organisation's business identification number, twelve digits.
    Bin, "BIN"
}

/// What the extended key usage says about the holder's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A natural person, for themselves.
    Person,
    /// An information system of a person.
    PersonSystem,
    /// Belongs to a legal entity.
    Organisation,
    /// First head.
    Head,
    /// Has the right to sign.
    RightToSign,
    /// Has the right to sign financial documents.
    FinancialSign,
    /// Personnel department.
    Hr,
    /// Employee.
    Employee,
    /// An information system of a legal entity, or one of its registered kinds.
    InformationSystem,
    /// Administrator in the NCA's system.
    NcaAdmin,
    /// Manager in the NCA's system.
    NcaManager,
    /// Operator in the NCA's system.
    NcaOperator,
    /// Was identified in person.
    IdentifiedInPerson,
    /// Was identified remotely, by any method.
    IdentifiedRemotely,
    /// Treasury client.
    Treasury,
    /// Notary.
    Notary,
    /// Another purpose that is none of the standard extended key usages.
    Other(ObjectIdentifier),
}

const ROLES: [(Role, ObjectIdentifier); 16] = [
    (Role::Person, oid::ROLE_PERSON),
    (Role::PersonSystem, oid::ROLE_PERSON_SYSTEM),
    (Role::Organisation, oid::ROLE_ORGANISATION),
    (Role::Head, oid::ROLE_HEAD),
    (Role::RightToSign, oid::ROLE_RIGHT_TO_SIGN),
    (Role::FinancialSign, oid::ROLE_FINANCIAL_SIGN),
    (Role::Hr, oid::ROLE_HR),
    (Role::Employee, oid::ROLE_EMPLOYEE),
    (Role::InformationSystem, oid::ROLE_INFORMATION_SYSTEM),
    (Role::NcaAdmin, oid::ROLE_NCA_ADMIN),
    (Role::NcaManager, oid::ROLE_NCA_MANAGER),
    (Role::NcaOperator, oid::ROLE_NCA_OPERATOR),
    (Role::IdentifiedInPerson, oid::IDENTIFIED_IN_PERSON),
    (Role::IdentifiedRemotely, oid::IDENTIFIED_REMOTELY),
    (Role::Treasury, oid::ROLE_TREASURY),
    (Role::Notary, oid::ROLE_NOTARY),
];

impl Role {
    /// The role behind an extended key usage; `None` for the standard ones such as clientAuth.
    pub fn from_oid(usage: &ObjectIdentifier) -> Option<Self> {
        if oid::is_under(usage, &oid::ID_KP) {
            return None;
        }
        // These two have registered children that mean the same here (kz-crypto 5.5).
        for parent in [Self::InformationSystem, Self::IdentifiedRemotely] {
            if oid::is_under(usage, &parent.oid()) {
                return Some(parent);
            }
        }
        let known = ROLES.iter().find(|(_, known)| known == usage).map(|(role, _)| *role);
        Some(known.unwrap_or(Self::Other(*usage)))
    }

    /// The extended key usage of this role.
    pub fn oid(&self) -> ObjectIdentifier {
        match self {
            Self::Other(oid) => *oid,
            _ => ROLES.iter().find(|(role, _)| role == self).map_or(oid::ROLE_PERSON, |(_, oid)| *oid),
        }
    }
}

/// The holder, as the certificate's subject and extended key usage describe them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The common name: surname and name of a person, or the name of a system. Empty when there is none.
    pub name: String,
    /// Surname.
    pub surname: Option<String>,
    /// The attribute givenName, in which the NCA puts the patronymic.
    pub given: Option<String>,
    /// The person's number.
    pub iin: Option<Iin>,
    /// The organisation's name.
    pub organisation: Option<String>,
    /// The organisation's number.
    pub bin: Option<Bin>,
    /// E-mail address.
    pub email: Option<String>,
    /// In the order of the extended key usage.
    pub roles: Vec<Role>,
}

impl Holder {
    pub(crate) fn new(subject: &Name, usages: &[ObjectIdentifier]) -> Self {
        let owned = |oid| subject.get(&oid).map(str::to_owned);
        // The order of the attributes differs between issuers, and there may be several units (kz-crypto 8.2).
        let bin = subject
            .attributes()
            .filter(|(kind, _)| *kind == oid::ORGANISATIONAL_UNIT)
            .find_map(|(_, value)| Bin::from_attribute(value));
        let iin = subject
            .attributes()
            .filter(|(kind, _)| *kind == oid::SERIAL_NUMBER)
            .find_map(|(_, value)| Iin::from_attribute(value));
        Self {
            name: owned(oid::COMMON_NAME).unwrap_or_default(),
            surname: owned(oid::SURNAME),
            given: owned(oid::GIVEN_NAME),
            iin,
            organisation: owned(oid::ORGANISATION),
            bin,
            email: owned(oid::EMAIL),
            roles: usages.iter().filter_map(Role::from_oid).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iin_is_exactly_twelve_digits() {
        assert_eq!(Iin::new("123456789011").unwrap().as_str(), "123456789011");
        for wrong in ["12345678901", "1234567890111", "12345678901a", "", "١٢٣٤٥٦", " 23456789011"] {
            assert_eq!(Iin::new(wrong), None, "{wrong}");
        }
        assert_eq!(Bin::from_attribute("BIN123456789021").unwrap().to_attribute(), "BIN123456789021");
        assert_eq!(Bin::from_attribute("IIN123456789021"), None);
    }

    #[test]
    fn a_mistyped_number_is_told_by_its_control_digit() {
        // Two banks, from their own pages.
        for number in ["971240001315", "940140000385"] {
            assert!(Bin::new(number).unwrap().control_digit_fits(), "{number}");
            let mut swapped = number.as_bytes().to_vec();
            swapped.swap(0, 1);
            let swapped = String::from_utf8(swapped).unwrap();
            assert!(!Bin::new(&swapped).unwrap().control_digit_fits(), "{swapped}");
        }
        // 285 and 11 are 296, which leaves 10; moved by two places 377, which leaves 3.
        assert!(Iin::new("123456789013").unwrap().control_digit_fits());
        assert!(!Iin::new("123456789011").unwrap().control_digit_fits());
    }

    #[test]
    fn a_role_and_its_usage_are_each_others_inverse() {
        for (role, oid) in ROLES {
            assert_eq!(Role::from_oid(&oid), Some(role));
            assert_eq!(role.oid(), oid);
        }
    }

    #[test]
    fn children_of_the_information_system_are_information_systems() {
        let child = ObjectIdentifier::new_unwrap("1.2.398.3.3.4.1.2.6.17");
        assert_eq!(Role::from_oid(&child), Some(Role::InformationSystem));
        // A longer number is not a child.
        let neighbour = ObjectIdentifier::new_unwrap("1.2.398.3.3.4.1.2.61");
        assert_eq!(Role::from_oid(&neighbour), Some(Role::Other(neighbour)));
    }

    #[test]
    fn standard_usages_are_no_roles() {
        assert_eq!(Role::from_oid(&oid::CLIENT_AUTH), None);
        assert_eq!(Role::from_oid(&oid::EMAIL_PROTECTION), None);
    }
}
