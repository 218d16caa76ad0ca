//! Attributes that are given to a library.

use cryptoki_sys::{CK_ATTRIBUTE, CK_ATTRIBUTE_TYPE, CK_BBOOL, CK_FALSE, CK_TRUE, CK_ULONG};
use std::ptr;

/// A template: attributes with their values, which live as long as it does.
#[derive(Debug, Default)]
pub(super) struct Template(Vec<(CK_ATTRIBUTE_TYPE, Value)>);

/// Each kind in the memory that C would give it, aligned as libraries expect it.
#[derive(Debug)]
enum Value {
    Flag(CK_BBOOL),
    Number(CK_ULONG),
    Octets(Vec<u8>),
}

impl Template {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn flag(mut self, attribute: CK_ATTRIBUTE_TYPE, value: bool) -> Self {
        self.0.push((attribute, Value::Flag(if value { CK_TRUE } else { CK_FALSE })));
        self
    }

    pub(super) fn number(mut self, attribute: CK_ATTRIBUTE_TYPE, value: CK_ULONG) -> Self {
        self.0.push((attribute, Value::Number(value)));
        self
    }

    pub(super) fn octets(mut self, attribute: CK_ATTRIBUTE_TYPE, value: &[u8]) -> Self {
        self.0.push((attribute, Value::Octets(value.to_vec())));
        self
    }

    /// The attributes as C has them. They point into `self`, and are to be used while it is borrowed.
    pub(super) fn attributes(&mut self) -> Vec<CK_ATTRIBUTE> {
        self.0
            .iter_mut()
            .map(|(attribute, value)| {
                let (pointer, length) = match value {
                    Value::Flag(flag) => (ptr::from_mut(flag).cast(), size_of::<CK_BBOOL>()),
                    Value::Number(number) => (ptr::from_mut(number).cast(), size_of::<CK_ULONG>()),
                    Value::Octets(octets) => (octets.as_mut_ptr().cast(), octets.len()),
                };
                // What is put into a template came in a frame, whose length fits into 32 bits.
                CK_ATTRIBUTE { type_: *attribute, pValue: pointer, ulValueLen: length as CK_ULONG }
            })
            .collect()
    }
}
