//! Speed of signing, verifying and hashing on one core: `cargo run --release -p tanba-gost --example speed`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use gost::hash;

const MEASURED: Duration = Duration::from_secs(1);

fn main() {
    let entropy = [7; 32];

    let key = gost::gost512::SecretKey::from_le_bytes(&[0x5a; 64]).unwrap();
    let public = key.public_key();
    let digest = hash::streebog512(b"speed");
    let signature = key.sign_digest(&digest, &entropy);
    report("gost512 signs", "/s", 1.0, || key.sign_digest(black_box(&digest), &entropy));
    report("gost512 verifies", "/s", 1.0, || {
        public.verify_digest(black_box(&digest), &signature).unwrap();
    });

    let key = gost::gost2004::SecretKey::from_le_bytes(&[0x5a; 32]).unwrap();
    let public = key.public_key();
    let digest = hash::gost34311(b"speed");
    let signature = key.sign_digest(&digest, &entropy);
    report("gost2004 signs", "/s", 1.0, || key.sign_digest(black_box(&digest), &entropy));
    report("gost2004 verifies", "/s", 1.0, || {
        public.verify_digest(black_box(&digest), &signature).unwrap();
    });

    let key = gost::gost256::SecretKey::from_le_bytes(&[0x3a; 32]).unwrap();
    let public = key.public_key();
    let digest = hash::streebog256(b"speed");
    let signature = key.sign_digest(&digest, &entropy);
    report("gost256 signs", "/s", 1.0, || key.sign_digest(black_box(&digest), &entropy));
    report("gost256 verifies", "/s", 1.0, || {
        public.verify_digest(black_box(&digest), &signature).unwrap();
    });

    let document = vec![0xa5; 1 << 20];
    let megabytes = document.len() as f64 / 1e6;
    report("streebog512", " MB/s", megabytes, || hash::streebog512(black_box(&document)));
    report("streebog256", " MB/s", megabytes, || hash::streebog256(black_box(&document)));
    report("gost34311", " MB/s", megabytes, || hash::gost34311(black_box(&document)));
}

/// Runs `work` for a second and prints how many units of it, `units` at a time, went by in a second.
fn report<T>(name: &str, unit: &str, units: f64, mut work: impl FnMut() -> T) {
    let (mut runs, start) = (0, Instant::now());
    while start.elapsed() < MEASURED {
        black_box(work());
        runs += 1;
    }
    let per_second = f64::from(runs) * units / start.elapsed().as_secs_f64();
    println!("{name:<17}{per_second:>10.0}{unit}");
}
