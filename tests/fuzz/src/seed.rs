//! `seed DIR`: writes what the corpora begin with, a folder for each target.

use std::fs;
use std::path::PathBuf;

fn main() {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("usage: seed DIR"));
    for (target, name, octets) in fuzz::seeds::all() {
        let place = folder.join(target);
        fs::create_dir_all(&place).and_then(|()| fs::write(place.join(name), octets)).expect("a seed can be written");
    }
}
