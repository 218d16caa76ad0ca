//! ГОСТ 34.311-95 (ГОСТ Р 34.11-94, RFC 5831) with the test S-box and a zero start vector.
//!
//! Own code, because documents are long: it is several times as fast as the `gost94` crate, which the tests hold it
//! against, and faster than OpenSSL's engine.
//!
//! What takes the time is 128 rounds of ГОСТ 28147-89 for each block. A round's four pairs of substitutions and its
//! rotation are four look-ups ([`SUBSTITUTED`]), and the four encipherments, which do not wait for each other, go
//! through their rounds side by side. Of the mixing at the end ([`Shifted`]) four steps are taken at a time.

#![expect(
    clippy::indexing_slicing,
    reason = "tables of 256 words indexed by bytes, arrays under loops of their length"
)]

use core::array;

use digest::HashMarker;
use digest::block_api::{
    Block, BlockSizeUser, Buffer, BufferKindUser, Eager, FixedOutputCore, OutputSizeUser, Reset, UpdateCore,
};
use digest::consts::U32;

digest::buffer_fixed!(
    /// ГОСТ 34.311-95 (ГОСТ Р 34.11-94, RFC 5831) with the test S-box: the hash of GOST-2004 keys.
    pub struct Gost34311(Core);
    impl: BaseFixedTraits Default Clone HashMarker Reset FixedOutputReset;
);

/// A number of 256 bits, its least significant word first.
type Words = [u64; 4];

/// The hash between two blocks.
#[derive(Clone, Default)]
pub struct Core {
    /// The value so far.
    h: Words,
    /// Bits of the message so far.
    length: u64,
    /// The blocks' sum.
    sigma: Words,
}

/// The test S-box (RFC 5831, section 5.6): row `k` is applied to nibble `k`, the least significant being 0.
const S_BOX: [u64; 8] = [
    // Values for 0, 1, … 15, one hexadecimal digit each.
    0x4A92_D80E_6B1C_7F53,
    0xEB4C_6DFA_2381_0759,
    0x581D_A342_EFC7_609B,
    0x7DA1_089F_E46C_B253,
    0x6C71_5FD8_4A9E_03B2,
    0x4BA0_721D_3685_9CFE,
    0xDB41_3F59_0AE7_682C,
    0x1FD0_57A4_923E_6B8C,
];

/// What each byte of a round's sum becomes: its two nibbles substituted, in its place, rotated by 11.
static SUBSTITUTED: [[u32; 256]; 4] = {
    let mut table = [[0; 256]; 4];
    let mut i = 0;
    while i < 4 * 256 {
        let (place, byte) = (i / 256, i % 256);
        let low = S_BOX[2 * place] >> (60 - 4 * (byte % 16)) & 15;
        let high = S_BOX[2 * place + 1] >> (60 - 4 * (byte / 16)) & 15;
        table[place][byte] = (((high << 4 | low) as u32) << (8 * place)).rotate_left(11);
        i += 1;
    }
    table
};

/// The constant of the third key; those of the second and the fourth are zero (RFC 5831, section 5.1).
const THIRD: Words = [0xff00_ff00_ff00_ff00, 0x00ff_00ff_00ff_00ff, 0xff00_00ff_00ff_ff00, 0xff00_ffff_0000_00ff];

/// The keys of the four encipherments (section 5.1).
fn keys(h: &Words, m: &Words) -> [[u32; 8]; 4] {
    let (mut u, mut v) = (*h, *m);
    array::from_fn(|i| {
        if i > 0 {
            u = rotated(&u);
            v = rotated(&rotated(&v));
        }
        if i == 2 {
            u = xor(&u, &THIRD);
        }
        let w = xor(&u, &v).map(u64::to_le_bytes);
        // The permutation P: the bytes `k` of the four words are word `k` of the key.
        array::from_fn(|k| u32::from_le_bytes([w[0][k], w[1][k], w[2][k], w[3][k]]))
    })
}

/// The map `A`.
fn rotated([y1, y2, y3, y4]: &Words) -> Words {
    [*y2, *y3, *y4, y1 ^ y2]
}

/// The four words of `h`, each enciphered with its key (section 5.2): ГОСТ 28147-89 in simple replacement.
fn encipher(h: &Words, keys: &[[u32; 8]; 4]) -> Words {
    let mut low = h.map(|word| word as u32);
    let mut high = h.map(|word| (word >> 32) as u32);
    let mut two_rounds = |first: usize, second: usize| {
        for i in 0..4 {
            high[i] ^= substituted(low[i].wrapping_add(keys[i][first]));
        }
        for i in 0..4 {
            low[i] ^= substituted(high[i].wrapping_add(keys[i][second]));
        }
    };
    for _ in 0..3 {
        for k in [0, 2, 4, 6] {
            two_rounds(k, k + 1);
        }
    }
    for k in [7, 5, 3, 1] {
        two_rounds(k, k - 1);
    }
    // The halves are not exchanged after the last round.
    array::from_fn(|i| u64::from(high[i]) | u64::from(low[i]) << 32)
}

#[inline(always)]
fn substituted(sum: u32) -> u32 {
    let [a, b, c, d] = sum.to_le_bytes().map(usize::from);
    SUBSTITUTED[0][a] ^ SUBSTITUTED[1][b] ^ SUBSTITUTED[2][c] ^ SUBSTITUTED[3][d]
}

/// The map `ψ` (section 5.3), a shift register over sixteen words of 16 bits: the sum of words 1, 2, 3, 4, 13 and 16
/// comes in at the top.
struct Shifted(Words);

impl Shifted {
    fn once(self) -> Self {
        let [a, b, c, d] = self.0;
        let sum = a ^ a >> 16 ^ a >> 32 ^ a >> 48 ^ d ^ d >> 48;
        Self([a >> 16 | b << 48, b >> 16 | c << 48, c >> 16 | d << 48, d >> 16 | sum << 48])
    }

    /// `4·times` steps. Of the four words that come in, each has the one before it as a summand: a running sum.
    fn by_fours(self, times: usize) -> Self {
        let [mut a, mut b, mut c, mut d] = self.0;
        for _ in 0..times {
            let mut sum = a ^ (a >> 16 | b << 48) ^ (a >> 32 | b << 32) ^ (a >> 48 | b << 16) ^ d ^ d >> 48;
            sum ^= sum << 16;
            sum ^= sum << 32;
            (a, b, c, d) = (b, c, d, sum);
        }
        Self([a, b, c, d])
    }

    fn plus(self, words: &Words) -> Self {
        Self(xor(&self.0, words))
    }
}

/// The step function `χ(m, h)` (section 5).
fn compress(h: &mut Words, m: &Words) {
    let s = encipher(h, &keys(h, m));
    // ψ⁶¹(h + ψ(m + ψ¹²(s)))
    let Shifted(mixed) = Shifted(s).by_fours(3).plus(m).once().plus(h).by_fours(15).once();
    *h = mixed;
}

fn xor(a: &Words, b: &Words) -> Words {
    array::from_fn(|i| a[i] ^ b[i])
}

impl Core {
    /// Takes in a block, of which `bits` are of the message.
    fn block(&mut self, block: &[u8; 32], bits: u64) {
        let (words, _) = block.as_chunks::<8>();
        let m = array::from_fn(|i| u64::from_le_bytes(words[i]));
        compress(&mut self.h, &m);
        self.length = self.length.wrapping_add(bits);
        let mut carry = false;
        for (word, addend) in self.sigma.iter_mut().zip(m) {
            (*word, carry) = word.carrying_add(addend, carry);
        }
    }
}

impl Reset for Core {
    fn reset(&mut self) {
        *self = Self::default();
    }
}

impl HashMarker for Core {}

impl BlockSizeUser for Core {
    type BlockSize = U32;
}

impl BufferKindUser for Core {
    type BufferKind = Eager;
}

impl OutputSizeUser for Core {
    type OutputSize = U32;
}

impl UpdateCore for Core {
    fn update_blocks(&mut self, blocks: &[Block<Self>]) {
        for block in blocks {
            self.block(block.as_ref(), 256);
        }
    }
}

impl FixedOutputCore for Core {
    fn finalize_fixed_core(&mut self, buffer: &mut Buffer<Self>, out: &mut digest::Output<Self>) {
        // A message that ends with a block has no other: only what is left over is filled up with zeros.
        let length = buffer.get_pos();
        let block = buffer.pad_with_zeros();
        if length > 0 {
            self.block(block.as_ref(), 8 * length as u64);
        }
        let (length, sigma) = ([self.length, 0, 0, 0], self.sigma);
        compress(&mut self.h, &length);
        compress(&mut self.h, &sigma);
        out.copy_from_slice(self.h.map(u64::to_le_bytes).as_flattened());
    }
}
