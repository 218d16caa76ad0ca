//! Tests over the arithmetic inside, and over vectors that fix the nonce, which no public function takes.

mod field;
mod golden;
mod hashes;
mod nca;
mod points;
mod reference;
mod signatures;
