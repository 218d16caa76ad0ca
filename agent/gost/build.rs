//! Computes the tables of multiples of the generators, with the very arithmetic of this crate.
//!
//! They are constants. Computing them at run time would cost each program that signs its first two milliseconds, and a
//! generated file in the repository would have to be believed.

#![allow(dead_code, unreachable_pub, reason = "the modules are the library's")]

#[path = "src/comb.rs"]
mod comb;
#[path = "src/equation.rs"]
mod equation;
#[path = "src/field.rs"]
mod field;
#[path = "src/mask.rs"]
mod mask;
#[path = "src/point.rs"]
mod point;

use std::array;
use std::fmt::Write as _;
use std::path::PathBuf;

use comb::{MULTIPLES, Row, WIDTH};
use equation::{CryptoProA, Equation, Tc26Gost256A, Tc26Gost512A};
use point::{Affine, Projective};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for module in ["comb", "equation", "field", "mask", "point"] {
        println!("cargo::rerun-if-changed=src/{module}.rs");
    }
    let mut source = String::new();
    write_table::<Tc26Gost512A, 8>(&mut source, "TC26_GOST_512_A")?;
    write_table::<CryptoProA, 4>(&mut source, "CRYPTO_PRO_A")?;
    write_table::<Tc26Gost256A, 4>(&mut source, "TC26_GOST_256_A")?;
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    std::fs::write(PathBuf::from(out).join("tables.rs"), source)?;
    Ok(())
}

fn write_table<C: Equation<N>, const N: usize>(source: &mut String, name: &str) -> std::fmt::Result {
    // The digits of a scalar cover one bit more than it has, because they are signed.
    let rows = (64 * N + 1).div_ceil(2 * WIDTH);
    writeln!(source, "pub(crate) static {name}: [Row<{N}>; {rows}] = [")?;
    let mut base = Affine::<C, N>::GENERATOR;
    for _ in 0..rows {
        writeln!(source, "    {:?},", multiples(&base))?;
        let mut next = Projective::IDENTITY.add_affine(&base);
        for _ in 0..2 * WIDTH {
            next = next.double();
        }
        base = next.to_affine();
    }
    writeln!(source, "];")
}

fn multiples<C: Equation<N>, const N: usize>(base: &Affine<C, N>) -> Row<N> {
    let mut multiple = Projective::IDENTITY;
    let row: [_; MULTIPLES] = array::from_fn(|_| {
        multiple = multiple.add_affine(base);
        let Affine { x, y } = multiple.to_affine();
        [x, y].map(|coordinate| coordinate.canonical().to_words())
    });
    row
}
