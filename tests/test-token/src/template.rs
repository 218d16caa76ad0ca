//! Attributes as a caller gives them.

use cryptoki_sys::*;

use crate::card::Answer;

/// CK_ATTRIBUTE after CK_ATTRIBUTE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Template(pub(crate) Vec<(CK_ATTRIBUTE_TYPE, Vec<u8>)>);

impl Template {
    pub(crate) fn get(&self, wanted: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        self.0.iter().find(|(attribute, _)| *attribute == wanted).map(|(_, value)| value.as_slice())
    }

    /// A CK_ULONG, where it is given.
    pub(crate) fn ulong(&self, wanted: CK_ATTRIBUTE_TYPE) -> Answer<Option<CK_ULONG>> {
        let number = |value: &[u8]| value.try_into().map(CK_ULONG::from_ne_bytes);
        self.get(wanted).map(number).transpose().map_err(|_| CKR_ATTRIBUTE_VALUE_INVALID)
    }

    /// A CK_BBOOL; one that is not given is false.
    pub(crate) fn is_true(&self, wanted: CK_ATTRIBUTE_TYPE) -> Answer<bool> {
        match self.get(wanted) {
            None | Some([CK_FALSE]) => Ok(false),
            Some([CK_TRUE]) => Ok(true),
            Some(_) => Err(CKR_ATTRIBUTE_VALUE_INVALID),
        }
    }
}
