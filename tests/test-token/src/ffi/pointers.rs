//! Pointers of a caller, held to the promise with which they came.
//!
//! Each type here is made by an `unsafe fn new` from what a C function got. Who calls it passes on the caller's promise,
//! which PKCS#11 v2.40 §5.1 makes for every function: a pointer is null, or points to as many valid values of its type as
//! the length beside it says, which nobody else touches until the function returns. Everything else here is safe under
//! that promise, and null is answered with CKR_ARGUMENTS_BAD where the standard does not give it a meaning.

use std::{mem, ptr, slice};

use cryptoki_sys::*;
use keystore::{Entropy, OsEntropy};

use crate::{
    card::Answer,
    fault::{ABSURD, Twist},
    template::Template,
};

/// The longest input that is taken, in octets or attributes: longer ones are mistakes of the caller.
const MOST: CK_ULONG = 1 << 24;

/// A place for one value.
pub(super) struct Out<T>(*mut T);

impl<T: Copy> Out<T> {
    /// # Safety
    /// The promise of this module, for one value.
    pub(super) unsafe fn new(place: *mut T) -> Self {
        Self(place)
    }

    pub(super) fn is_there(&self) -> Answer<()> {
        if self.0.is_null() { Err(CKR_ARGUMENTS_BAD) } else { Ok(()) }
    }

    pub(super) fn put(&self, value: T, twist: Twist) -> Answer<()> {
        self.is_there()?;
        // SAFETY: not null; by the promise of `new` there is room for one value.
        unsafe { self.0.write(value) };
        if twist != Twist::None {
            // SAFETY: as above; every T here is a C structure of numbers and arrays of them, which any octets are valid
            // for.
            randomise(unsafe { slice::from_raw_parts_mut(self.0.cast::<u8>(), mem::size_of::<T>()) });
        }
        Ok(())
    }
}

/// A place for a list and its length: a null list asks for the length.
pub(super) struct Room<T> {
    list: *mut T,
    length: *mut CK_ULONG,
}

impl<T: Copy> Room<T> {
    /// # Safety
    /// The promise of this module: one length, and a list that is null or has room for as many values.
    pub(super) unsafe fn new(list: *mut T, length: *mut CK_ULONG) -> Self {
        Self { list, length }
    }

    /// Puts the length where that is all that was asked for (`true`), or where the room is too small.
    pub(super) fn length(&self, needed: usize, twist: Twist) -> Answer<bool> {
        if self.length.is_null() {
            return Err(CKR_ARGUMENTS_BAD);
        }
        // SAFETY: not null; by the promise of `new` it is a length.
        let given = unsafe { self.length.read() };
        if self.list.is_null() || given < needed as CK_ULONG {
            self.put_length(needed, twist);
            return if self.list.is_null() { Ok(true) } else { Err(CKR_BUFFER_TOO_SMALL) };
        }
        Ok(false)
    }

    /// Puts the values and their number.
    pub(super) fn fill(&self, values: &[T], twist: Twist) -> Answer<()> {
        if self.length(values.len(), twist)? {
            return Ok(());
        }
        // SAFETY: neither is null and the room is long enough: `length` looked.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), self.list, values.len()) };
        if twist == Twist::Garbage {
            // SAFETY: as above; T is a number here, for which any octets are valid.
            randomise(unsafe { slice::from_raw_parts_mut(self.list.cast::<u8>(), mem::size_of_val(values)) });
        }
        self.put_length(values.len(), twist);
        Ok(())
    }

    fn put_length(&self, length: usize, twist: Twist) {
        let length = if twist == Twist::Absurd { ABSURD } else { length as CK_ULONG };
        // SAFETY: whoever calls this has seen that it is not null.
        unsafe { self.length.write(length) };
    }
}

/// A list that is read.
pub(super) struct In<T> {
    list: *const T,
    length: CK_ULONG,
}

impl<T: Copy> In<T> {
    /// # Safety
    /// The promise of this module: a list that is null or has as many values.
    pub(super) unsafe fn new(list: *const T, length: CK_ULONG) -> Self {
        Self { list, length }
    }

    pub(super) fn is_null(&self) -> bool {
        self.list.is_null()
    }

    pub(super) fn get(&self) -> Answer<&[T]> {
        match (self.list.is_null(), self.length) {
            (_, MOST..) => Err(CKR_ARGUMENTS_BAD),
            (true, 0) => Ok(&[]),
            (true, _) => Err(CKR_ARGUMENTS_BAD),
            // SAFETY: not null; by the promise of `new` there are so many values, for as long as the function runs, which
            // is longer than this value lives.
            (false, length) => Ok(unsafe { slice::from_raw_parts(self.list, length as usize) }),
        }
    }
}

/// CK_ATTRIBUTE after CK_ATTRIBUTE, read or answered.
pub(super) struct Attributes {
    list: *mut CK_ATTRIBUTE,
    length: CK_ULONG,
}

impl Attributes {
    /// # Safety
    /// The promise of this module, also for the value of each attribute.
    pub(super) unsafe fn new(list: *mut CK_ATTRIBUTE, length: CK_ULONG) -> Self {
        Self { list, length }
    }

    fn each(&self) -> Answer<impl Iterator<Item = *mut CK_ATTRIBUTE>> {
        if self.length >= MOST || self.list.is_null() && self.length > 0 {
            return Err(CKR_ARGUMENTS_BAD);
        }
        let list = self.list;
        // An attribute of the list: `wrapping_add` never leaves it, and an empty list yields none.
        Ok((0..self.length as usize).map(move |position| list.wrapping_add(position)))
    }

    pub(super) fn read(&self) -> Answer<Template> {
        let mut template = Template::default();
        for attribute in self.each()? {
            // SAFETY: an element of the caller's list.
            let CK_ATTRIBUTE { type_, pValue, ulValueLen } = unsafe { attribute.read() };
            // SAFETY: by the promise of `new` the value has as many octets.
            let value = unsafe { In::new(pValue.cast::<u8>(), ulValueLen) };
            template.0.push((type_, value.get().map_err(|_| CKR_ATTRIBUTE_VALUE_INVALID)?.to_vec()));
        }
        Ok(template)
    }

    /// C_GetAttributeValue: every attribute gets its value or its length, whatever becomes of the others; the first thing
    /// that is wrong is what the function returns.
    pub(super) fn answer(&self, value_of: impl Fn(CK_ATTRIBUTE_TYPE) -> Answer<Vec<u8>>, twist: Twist) -> Answer<()> {
        let mut came_to = Ok(());
        for attribute in self.each()? {
            // SAFETY: an element of the caller's list, which nobody else touches.
            let attribute = unsafe { &mut *attribute };
            let length = &raw mut attribute.ulValueLen;
            // SAFETY: by the promise of `new` the value has room for as many octets.
            let room = unsafe { Room::new(attribute.pValue.cast::<u8>(), length) };
            if let Err(error) = value_of(attribute.type_).and_then(|value| room.fill(&value, twist)) {
                attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
                came_to = came_to.and(Err(error));
            }
        }
        came_to
    }
}

fn randomise(octets: &mut [u8]) {
    // Without random numbers, zeros are garbage too.
    if OsEntropy.fill(octets).is_err() {
        octets.fill(0);
    }
}
