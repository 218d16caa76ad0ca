//! The pipe between the signer and a token host: a word is written as it was read, half a frame is none, and a PIN comes
//! out of its frame as it went in.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use pkcs11::wire::{Asked, FromHost, read, read_pin, write, write_pin};
use serde::{Serialize, de::DeserializeOwned};

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(data: &[u8]) {
    let mut stream = data;
    while let Ok(Some(word)) = read::<T>(&mut stream) {
        let mut frame = Vec::new();
        write(&word, &mut frame).expect("what was read can be written");
        assert_eq!(read::<T>(&mut &frame[..]).expect("a frame").as_ref(), Some(&word));
        assert!(read::<T>(&mut &frame[..frame.len() - 1]).is_err(), "half a frame is a word");
    }
}

fuzz_target!(|data: &[u8]| {
    check::<Asked>(data);
    check::<FromHost>(data);
    let mut rest = data;
    if let Ok(pin) = read_pin(&mut rest) {
        let mut frame = Vec::new();
        write_pin(&pin, &mut frame).expect("what was read can be written");
        assert_eq!([&frame, rest].concat(), data, "another PIN");
    }
});
