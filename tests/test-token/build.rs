//! Keeps the C library in memory once it is loaded: AWS-LC leaves a destructor with every thread that used it, which must
//! not be called when its code is gone. Libraries of vendors are often linked so, for reasons of the same kind.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
}
