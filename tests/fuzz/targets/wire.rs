//! The pipes between the halves and from the watcher: a word is written as it was read, and a stream of frames is their
//! words.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use order::wire::{FromSigner, FromWatcher, ToSigner, decode, encode, read};
use serde::{Serialize, de::DeserializeOwned};

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(data: &[u8]) {
    let mut stream = data;
    while let Ok(Some(word)) = read::<T>(&mut stream) {
        let frame = encode(&word).expect("what was read can be written");
        assert_eq!(decode::<T>(&frame[4..]).expect("what was written can be read"), word);
        assert_eq!(read::<T>(&mut &frame[..]).expect("a frame").as_ref(), Some(&word));
        assert!(read::<T>(&mut &frame[..frame.len() - 1]).is_err(), "half a frame is a word");
    }
    if let (Ok(word), Some(body)) = (decode::<T>(data.get(4..).unwrap_or_default()), data.get(4..)) {
        let frame = [&(body.len() as u32).to_be_bytes()[..], body].concat();
        assert_eq!(read::<T>(&mut &frame[..]).expect("a frame"), Some(word));
    }
}

fuzz_target!(|data: &[u8]| {
    check::<ToSigner>(data);
    check::<FromSigner>(data);
    check::<FromWatcher>(data);
});
