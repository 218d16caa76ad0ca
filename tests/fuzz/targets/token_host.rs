//! The pipe between the signer and a token host, in both directions: a word is written as it was read, and a PIN is read
//! as it was written.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use pkcs11::wire::{self, Asked, FromHost};
use serde::{Serialize, de::DeserializeOwned};

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(data: &[u8]) {
    let mut stream = data;
    while let Ok(Some(word)) = wire::read::<T>(&mut stream) {
        let mut frame = Vec::new();
        if wire::write(&word, &mut frame).is_err() {
            // Names can be written longer than they came, over the limit.
            continue;
        }
        assert_eq!(wire::read::<T>(&mut &frame[..]).expect("what was written can be read"), Some(word));
        assert!(wire::read::<T>(&mut &frame[..frame.len() - 1]).is_err(), "half a frame is a word");
    }
}

fuzz_target!(|data: &[u8]| {
    check::<FromHost>(data);
    check::<Asked>(data);
    if let Ok(pin) = wire::read_pin(&mut &data[..]) {
        let mut frame = Vec::new();
        wire::write_pin(&pin, &mut frame).expect("what was read can be written");
        assert_eq!(Some(&frame[..]), data.get(..frame.len()));
    }
});
