//! Streebog (ГОСТ Р 34.11-2012, RFC 6986).
//!
//! Own code, because documents are long: it takes three quarters of the time of the `streebog` crate, which the tests
//! hold it against.
//!
//! The three layers of the transform `LPS`, the substitution, the transposition and the linear map, are one look-up for
//! each byte ([`TABLE`]), and a round has two transforms that do not wait for each other, of the key and of the block.
//! What takes the time is then to take words apart into bytes. [`round`] does it in two ways at once: most bytes are
//! loaded one by one from where the round before stored its words, the others are shifted out of registers.

#![expect(clippy::indexing_slicing, reason = "tables of 256 words indexed by bytes, arrays of 8 under loops of 8")]

use core::array;
use core::marker::PhantomData;

use digest::HashMarker;
use digest::array::ArraySize;
use digest::block_api::{
    Block, BlockSizeUser, Buffer, BufferKindUser, Eager, FixedOutputCore, OutputSizeUser, Reset, UpdateCore,
};
use digest::consts::{U32, U64};

use crypto_bigint::U512;

digest::buffer_fixed!(
    /// Streebog with 512 bits (ГОСТ Р 34.11-2012, RFC 6986): the hash of GOST-2015 keys.
    pub struct Streebog512(Core<U64>);
    impl: BaseFixedTraits Default Clone HashMarker Reset FixedOutputReset;
);

digest::buffer_fixed!(
    /// Streebog with 256 bits (ГОСТ Р 34.11-2012, RFC 6986).
    pub struct Streebog256(Core<U32>);
    impl: BaseFixedTraits Default Clone HashMarker Reset FixedOutputReset;
);

/// A number of 512 bits, its least significant word first.
type Words = [u64; 8];
/// The same with the bytes of each word apart, least significant first.
type Bytes = [[u8; 8]; 8];

/// The state between blocks, for digests of `S` bytes.
#[derive(Clone)]
pub struct Core<S> {
    h: Words,
    /// Bits hashed so far.
    n: Words,
    /// The sum of the blocks modulo 2^512.
    sigma: Words,
    size: PhantomData<S>,
}

/// The constants of the iterations, `C₁` to `C₁₂` (section 6.5 of the RFC), and a zero, with which a round does only
/// what is left to do after the last.
static CONSTANTS: [Words; 13] = {
    let hex = [
        "B1085BDA1ECADAE9EBCB2F81C0657C1F2F6A76432E45D016714EB88D7585C4FC\
         4B7CE09192676901A2422A08A460D31505767436CC744D23DD806559F2A64507",
        "6FA3B58AA99D2F1A4FE39D460F70B5D7F3FEEA720A232B9861D55E0F16B50131\
         9AB5176B12D699585CB561C2DB0AA7CA55DDA21BD7CBCD56E679047021B19BB7",
        "F574DCAC2BCE2FC70A39FC286A3D843506F15E5F529C1F8BF2EA7514B1297B7B\
         D3E20FE490359EB1C1C93A376062DB09C2B6F443867ADB31991E96F50ABA0AB2",
        "EF1FDFB3E81566D2F948E1A05D71E4DD488E857E335C3C7D9D721CAD685E353F\
         A9D72C82ED03D675D8B71333935203BE3453EAA193E837F1220CBEBC84E3D12E",
        "4BEA6BACAD4747999A3F410C6CA923637F151C1F1686104A359E35D7800FFFBD\
         BFCD1747253AF5A3DFFF00B723271A167A56A27EA9EA63F5601758FD7C6CFE57",
        "AE4FAEAE1D3AD3D96FA4C33B7A3039C02D66C4F95142A46C187F9AB49AF08EC6\
         CFFAA6B71C9AB7B40AF21F66C2BEC6B6BF71C57236904F35FA68407A46647D6E",
        "F4C70E16EEAAC5EC51AC86FEBF240954399EC6C7E6BF87C9D3473E33197A93C9\
         0992ABC52D822C3706476983284A05043517454CA23C4AF38886564D3A14D493",
        "9B1F5B424D93C9A703E7AA020C6E41414EB7F8719C36DE1E89B4443B4DDBC49A\
         F4892BCB929B069069D18D2BD1A5C42F36ACC2355951A8D9A47F0DD4BF02E71E",
        "378F5A541631229B944C9AD8EC165FDE3A7D3A1B258942243CD955B7E00D0984\
         800A440BDBB2CEB17B2B8A9AA6079C540E38DC92CB1F2A607261445183235ADB",
        "ABBEDEA680056F52382AE548B2E4F3F38941E71CFF8A78DB1FFFE18A1B336103\
         9FE76702AF69334B7A1E6C303B7652F43698FAD1153BB6C374B4C7FB98459CED",
        "7BCD9ED0EFC889FB3002C6CD635AFE94D8FA6BBBEBAB07612001802114846679\
         8A1D71EFEA48B9CAEFBACD1D7D476E98DEA2594AC06FD85D6BCAA4CD81F32D1B",
        "378EE767F11631BAD21380B00449B17ACDA43C32BCDF1D77F82012D430219F9B\
         5D80EF9D1891CC86E71DA4AA88E12852FAF417D5D9B21B9948BC924AF11BD720",
    ];
    let mut constants = [[0; 8]; 13];
    let mut i = 0;
    while i < hex.len() {
        constants[i] = U512::from_be_hex(hex[i]).to_words();
        i += 1;
    }
    constants
};

/// The substitution `π` (section 6.2).
static SUBSTITUTION: [u8; 256] = [
    252, 238, 221, 17, 207, 110, 49, 22, 251, 196, 250, 218, 35, 197, 4, 77, 233, 119, 240, 219, 147, 46, 153, 186, 23,
    54, 241, 187, 20, 205, 95, 193, 249, 24, 101, 90, 226, 92, 239, 33, 129, 28, 60, 66, 139, 1, 142, 79, 5, 132, 2,
    174, 227, 106, 143, 160, 6, 11, 237, 152, 127, 212, 211, 31, 235, 52, 44, 81, 234, 200, 72, 171, 242, 42, 104, 162,
    253, 58, 206, 204, 181, 112, 14, 86, 8, 12, 118, 18, 191, 114, 19, 71, 156, 183, 93, 135, 21, 161, 150, 41, 16,
    123, 154, 199, 243, 145, 120, 111, 157, 158, 178, 177, 50, 117, 25, 61, 255, 53, 138, 126, 109, 84, 198, 128, 195,
    189, 13, 87, 223, 245, 36, 169, 62, 168, 67, 201, 215, 121, 214, 246, 124, 34, 185, 3, 224, 15, 236, 222, 122, 148,
    176, 188, 220, 232, 40, 80, 78, 51, 10, 74, 167, 151, 96, 115, 30, 0, 98, 68, 26, 184, 56, 130, 100, 159, 38, 65,
    173, 69, 70, 146, 39, 94, 85, 47, 140, 163, 165, 125, 105, 213, 149, 59, 7, 88, 179, 64, 134, 172, 29, 247, 48, 55,
    107, 228, 136, 217, 231, 137, 225, 27, 131, 73, 76, 63, 248, 254, 141, 83, 170, 144, 202, 216, 133, 97, 32, 113,
    103, 164, 45, 43, 9, 91, 203, 155, 37, 208, 190, 229, 108, 82, 89, 166, 116, 210, 230, 244, 180, 192, 209, 102,
    175, 194, 57, 75, 99, 182,
];

/// The matrix `A` of the linear map `l` (section 6.4), from its last row up: row `i` belongs to bit `i`.
static LINEAR: [u64; 64] = [
    0x641c314b2b8ee083,
    0xc83862965601dd1b,
    0x8d70c431ac02a736,
    0x07e095624504536c,
    0x0edd37c48a08a6d8,
    0x1ca76e95091051ad,
    0x3853dc371220a247,
    0x70a6a56e2440598e,
    0xa48b474f9ef5dc18,
    0x550b8e9e21f7a530,
    0xaa16012142f35760,
    0x492c024284fbaec0,
    0x9258048415eb419d,
    0x39b008152acb8227,
    0x727d102a548b194e,
    0xe4fa2054a80b329c,
    0xf97d86d98a327728,
    0xeffa11af0964ee50,
    0xc3e9224312c8c1a0,
    0x9bcf4486248d9f5d,
    0x2b838811480723ba,
    0x561b0d22900e4669,
    0xac361a443d1c8cd2,
    0x456c34887a3805b9,
    0x5b068c651810a89e,
    0xb60c05ca30204d21,
    0x71180a8960409a42,
    0xe230140fc0802984,
    0xd960281e9d1d5215,
    0xafc0503c273aa42a,
    0x439da0784e745554,
    0x86275df09ce8aaa8,
    0x0321658cba93c138,
    0x0642ca05693b9f70,
    0x0c84890ad27623e0,
    0x18150f14b9ec46dd,
    0x302a1e286fc58ca7,
    0x60543c50de970553,
    0xc0a878a0a1330aa6,
    0x9d4df05d5f661451,
    0xaccc9ca9328a8950,
    0x4585254f64090fa0,
    0x8a174a9ec8121e5d,
    0x092e94218d243cba,
    0x125c354207487869,
    0x24b86a840e90f0d2,
    0x486dd4151c3dfdb9,
    0x90dab52a387ae76f,
    0x46b60f011a83988e,
    0x8c711e02341b2d01,
    0x05e23c0468365a02,
    0x0ad97808d06cb404,
    0x14aff010bdd87508,
    0x2843fd2067adea10,
    0x5086e740ce47c920,
    0xa011d380818e8f40,
    0x83478b07b2468764,
    0x1b8e0b0e798c13c8,
    0x3601161cf205268d,
    0x6c022c38f90a4c07,
    0xd8045870ef14980e,
    0xad08b0e0c3282d1c,
    0x47107ddd9b505a38,
    0x8e20faa72ba0b470,
];

/// What a byte contributes to the word that it is transposed into, by the place of the word that it comes from.
static TABLE: [[u64; 256]; 8] = {
    let mut table = [[0; 256]; 8];
    let mut i = 0;
    while i < 8 * 256 {
        let (word, byte) = (i / 256, i % 256);
        let mut bit = 0;
        while bit < 8 {
            if SUBSTITUTION[byte] >> bit & 1 == 1 {
                table[word][byte] ^= LINEAR[8 * word + bit];
            }
            bit += 1;
        }
        i += 1;
    }
    table
};

/// One word of `LPS(state)`, the one made of the bytes `i`.
fn transformed_word(state: &Bytes, i: usize) -> u64 {
    (0..8).fold(0, |word, j| word ^ TABLE[j][usize::from(state[j][i])])
}

/// A round of the block cipher `E`: from a key and a block, each with what is to be added to it added already, to the
/// next key, plus `constant`, and the next block, plus the next key.
///
/// Out of line and from one place in memory to another, so that bytes are loaded from where words were stored. (Words
/// that the compiler moves in between, as it does with results, have to be waited for.)
#[inline(never)]
fn round([key, block]: &[Bytes; 2], constant: &Words, next: &mut [Bytes; 2]) {
    let mut shifted_key = Shifted::of(key);
    let mut shifted_block = Shifted::of(block);
    let [next_key, next_block] = next;
    for i in 0..8 {
        let key_word = shifted_key.next_word(key, i);
        let block_word = shifted_block.next_word(block, i);
        next_key[i] = (key_word ^ constant[i]).to_le_bytes();
        next_block[i] = (key_word ^ block_word).to_le_bytes();
    }
}

/// The words of a state whose bytes are shifted out of registers. Two was the fastest by measurement, by a tenth.
struct Shifted([u64; 2]);

impl Shifted {
    fn of(state: &Bytes) -> Self {
        Self([u64::from_le_bytes(state[6]), u64::from_le_bytes(state[7])])
    }

    /// The word of `LPS(state)` made of the bytes `i`, for `i` = 0, 1, … in this order.
    fn next_word(&mut self, state: &Bytes, i: usize) -> u64 {
        let loaded = (0..6).fold(0, |word, j| word ^ TABLE[j][usize::from(state[j][i])]);
        let [sixth, seventh] = self.0.each_mut().map(|word| {
            let byte = *word as u8;
            *word >>= 8;
            usize::from(byte)
        });
        loaded ^ TABLE[6][sixth] ^ TABLE[7][seventh]
    }
}

/// The compression function `g_N(h, m)` (section 8).
fn compress(h: &mut Words, n: &Words, m: &Words) {
    let [first, rest @ ..] = &CONSTANTS;
    let start = xor(h, n).map(u64::to_le_bytes);
    let start: Words = array::from_fn(|i| transformed_word(&start, i));
    let mut state = [xor(&start, first), xor(&start, m)].map(|words| words.map(u64::to_le_bytes));
    let mut next = [[[0; 8]; 8]; 2];
    let (pairs, _) = rest.as_chunks::<2>();
    for [one, another] in pairs {
        round(&state, one, &mut next);
        round(&next, another, &mut state);
    }
    let [_, block] = state;
    *h = xor(&xor(h, m), &block.map(u64::from_le_bytes));
}

fn xor(a: &Words, b: &Words) -> Words {
    array::from_fn(|i| a[i] ^ b[i])
}

fn add(sum: &mut Words, addend: &Words) {
    let mut carry = false;
    for (word, addend) in sum.iter_mut().zip(addend) {
        (*word, carry) = word.carrying_add(*addend, carry);
    }
}

impl<S> Core<S> {
    /// Takes in a block, of which `bits` are of the message.
    fn block(&mut self, block: &[u8; 64], bits: u64) {
        let (words, _) = block.as_chunks::<8>();
        let m = array::from_fn(|i| u64::from_le_bytes(words[i]));
        compress(&mut self.h, &self.n, &m);
        add(&mut self.n, &[bits, 0, 0, 0, 0, 0, 0, 0]);
        add(&mut self.sigma, &m);
    }
}

impl<S: ArraySize> Default for Core<S> {
    fn default() -> Self {
        // The start value: 0 for digests of 512 bits, 00000001 eight times a word for those of 256.
        let start = if S::USIZE == 64 { 0 } else { 0x0101_0101_0101_0101 };
        Self { h: [start; 8], n: [0; 8], sigma: [0; 8], size: PhantomData }
    }
}

impl<S: ArraySize> Reset for Core<S> {
    fn reset(&mut self) {
        *self = Self::default();
    }
}

impl<S> HashMarker for Core<S> {}

impl<S> BlockSizeUser for Core<S> {
    type BlockSize = U64;
}

impl<S> BufferKindUser for Core<S> {
    type BufferKind = Eager;
}

impl<S: ArraySize + 'static> OutputSizeUser for Core<S> {
    type OutputSize = S;
}

impl<S> UpdateCore for Core<S> {
    fn update_blocks(&mut self, blocks: &[Block<Self>]) {
        for block in blocks {
            self.block(block.as_ref(), 512);
        }
    }
}

impl<S: ArraySize + 'static> FixedOutputCore for Core<S> {
    fn finalize_fixed_core(&mut self, buffer: &mut Buffer<Self>, out: &mut digest::Output<Self>) {
        let length = buffer.get_pos();
        let mut block = buffer.pad_with_zeros();
        block[length] = 1;
        self.block(block.as_ref(), 8 * length as u64);
        compress(&mut self.h, &[0; 8], &self.n);
        compress(&mut self.h, &[0; 8], &self.sigma);
        // Of the number, which is little-endian, the most significant bytes.
        let digest = self.h.map(u64::to_le_bytes);
        let digest = digest.as_flattened();
        out.copy_from_slice(&digest[digest.len() - S::USIZE..]);
    }
}
