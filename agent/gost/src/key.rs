//! Keys and signatures over any of the curves. The names to use are those of [`gost512`](crate::gost512),
//! [`gost256`](crate::gost256) and [`gost2004`](crate::gost2004), which choose the curve.

use core::fmt::{self, Debug, Formatter};
use core::marker::PhantomData;

use crypto_bigint::{CheckedAdd as _, CtLt as _, Uint};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::comb;
use crate::curve::{ByteArray, Curve, Order, Scalar};
use crate::error::{BadSignature, GenerateError, KeyError};
use crate::field::Fe;
use crate::nonce::NonceGenerator;
use crate::point::Affine;
use crate::vartime::Jacobian;

/// A private key: a number `d` with `0 < d < q`. Wiped when dropped; cannot be cloned, printed or compared.
pub struct SecretKey<C: Curve<N>, const N: usize> {
    d: Uint<N>,
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> SecretKey<C, N> {
    /// From `d` little-endian, as key files of 2015 hold it.
    ///
    /// # Errors
    ///
    /// [`KeyError::ScalarOutOfRange`] unless `0 < d < q`.
    pub fn from_le_bytes(bytes: &C::Bytes) -> Result<Self, KeyError> {
        Self::from_number(Zeroizing::new(Uint::from_le_slice(bytes.as_ref())))
    }

    /// From `d` big-endian, as key files of 2004 hold it (an INTEGER: the caller strips or pads it to the length).
    ///
    /// # Errors
    ///
    /// [`KeyError::ScalarOutOfRange`] unless `0 < d < q`.
    pub fn from_be_bytes(bytes: &C::Bytes) -> Result<Self, KeyError> {
        Self::from_number(Zeroizing::new(Uint::from_be_slice(bytes.as_ref())))
    }

    /// From as many of the first bits as `q` has (RFC 6979, 2.3.2).
    fn from_leftmost_bits(bytes: &C::Bytes) -> Result<Self, KeyError> {
        let number = Zeroizing::new(Uint::from_be_slice(bytes.as_ref()));
        Self::from_number(Zeroizing::new(number.shr_vartime(Order::<C, N>::UNUSED_BITS)))
    }

    fn from_number(d: Zeroizing<Uint<N>>) -> Result<Self, KeyError> {
        // That a number is no key is not secret; by how much it is not, is not looked at.
        let in_range = d.is_nonzero() & d.ct_lt(&Order::<C, N>::VALUE);
        match in_range.to_bool() {
            true => Ok(Self { d: *d, curve: PhantomData }),
            false => Err(KeyError::ScalarOutOfRange),
        }
    }

    /// A new key, uniform among all, out of bytes that `fill` must draw from a cryptographic source.
    ///
    /// # Errors
    ///
    /// [`GenerateError::Source`] with the error of `fill`; [`GenerateError::NotRandom`] when its bytes are the same
    /// nonsense a hundred times.
    pub fn generate<E>(mut fill: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<Self, GenerateError<E>> {
        let mut bytes = Zeroizing::new(C::Bytes::ZERO);
        for _ in 0..100 {
            fill((*bytes).as_mut()).map_err(GenerateError::Source)?;
            // Where q is short by some bits, hardly any number would be below it: those bits are left out.
            if let Some(top) = (*bytes).as_mut().last_mut() {
                *top &= 0xff >> Order::<C, N>::UNUSED_BITS;
            }
            if let Ok(key) = Self::from_le_bytes(&bytes) {
                return Ok(key);
            }
        }
        Err(GenerateError::NotRandom)
    }

    /// `d` little-endian.
    pub fn to_le_bytes(&self) -> Zeroizing<C::Bytes> {
        let mut out = Zeroizing::new(C::Bytes::ZERO);
        write_le((*out).as_mut(), &[self.d.to_words()]);
        out
    }

    /// `Q = d·G`.
    pub fn public_key(&self) -> PublicKey<C, N> {
        let mut product = comb::mul::<C, N>(C::TABLE, &self.d);
        let Affine { x, y } = product.to_affine();
        product.zeroize();
        PublicKey::from_point(x.canonical(), y.canonical())
    }

    /// The signature `r_LE ‖ s_LE` over a digest (the hash's own bytes, in its order).
    ///
    /// `entropy` is 32 fresh random bytes. They are mixed into a nonce that depends on the key and the digest anyway
    /// (RFC 6979, section 3.6): without them, or with bad ones, signatures are safe still, but repeat themselves.
    pub fn sign_digest(&self, digest: &C::Bytes, entropy: &[u8; 32]) -> C::Pair {
        let e = digest_number::<C, N>(digest);
        let (mut d_bytes, mut candidate) = (Zeroizing::new(C::Bytes::ZERO), Zeroizing::new(C::Bytes::ZERO));
        let mut e_bytes = C::Bytes::ZERO;
        write_be((*d_bytes).as_mut(), &self.d);
        write_be(e_bytes.as_mut(), &e.retrieve());
        let mut nonces = NonceGenerator::new((*d_bytes).as_ref(), e_bytes.as_ref(), entropy.as_ref());
        loop {
            nonces.candidate((*candidate).as_mut());
            if let Ok(nonce) = Self::from_leftmost_bits(&candidate)
                && let Some(signature) = self.sign_with_nonce(&e, &nonce)
            {
                return signature;
            }
            nonces.reject();
        }
    }

    /// Steps 3 to 6 of signing (GOST R 34.10-2012, 6.1): `r = (k·G).x mod q`, `s = (r·d + k·e) mod q`; `None` when one
    /// of them is zero and another nonce is needed. A nonce is drawn from the same set as a key, and as secret.
    fn sign_with_nonce(&self, e: &Scalar<C, N>, nonce: &Self) -> Option<C::Pair> {
        let r = Scalar::<C, N>::new(&nonce.public_x());
        let d = Zeroizing::new(Scalar::<C, N>::new(&self.d));
        let k = Zeroizing::new(Scalar::<C, N>::new(&nonce.d));
        let s = (r * *d + *k * e).retrieve();
        let r = r.retrieve();
        if (r.is_zero() | s.is_zero()).to_bool() {
            return None;
        }
        let mut out = C::Pair::ZERO;
        write_le(out.as_mut(), &[r.to_words(), s.to_words()]);
        Some(out)
    }

    #[cfg(test)]
    pub(crate) fn sign_with(&self, digest: &C::Bytes, nonce: &Self) -> Option<C::Pair> {
        self.sign_with_nonce(&digest_number::<C, N>(digest), nonce)
    }

    fn public_x(&self) -> Uint<N> {
        let mut product = comb::mul::<C, N>(C::TABLE, &self.d);
        let x = product.to_affine().x.canonical();
        product.zeroize();
        x
    }
}

impl<C: Curve<N>, const N: usize> Drop for SecretKey<C, N> {
    fn drop(&mut self) {
        self.d.zeroize();
    }
}

impl<C: Curve<N>, const N: usize> ZeroizeOnDrop for SecretKey<C, N> {}

/// A public key: a point of the curve other than the neutral element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey<C: Curve<N>, const N: usize> {
    x: Uint<N>,
    y: Uint<N>,
    curve: PhantomData<C>,
}

impl<C: Curve<N>, const N: usize> PublicKey<C, N> {
    /// From `x_LE ‖ y_LE`, as certificates hold it.
    ///
    /// # Errors
    ///
    /// [`KeyError::CoordinateOutOfRange`] for a coordinate that is not below `p`, [`KeyError::NotOnCurve`] for a point
    /// off the curve, [`KeyError::NotInGroup`] for one that is no multiple of the generator, which only the curve of
    /// [`gost256`](crate::gost256) has.
    pub fn from_le_bytes(bytes: &C::Pair) -> Result<Self, KeyError> {
        let [x, y] = read_le(bytes.as_ref());
        if ![x, y].iter().all(is_coordinate::<C, N>) {
            return Err(KeyError::CoordinateOutOfRange);
        }
        let key = Self::from_point(x, y);
        let point = key.point();
        if !point.is_on_curve_vartime() {
            return Err(KeyError::NotOnCurve);
        }
        if C::COFACTOR != 1 && !Jacobian::double_mul(C::TABLE, &Uint::ZERO, &Order::<C, N>::VALUE, &point).is_identity()
        {
            return Err(KeyError::NotInGroup);
        }
        Ok(key)
    }

    /// `x_LE ‖ y_LE`.
    pub fn to_le_bytes(self) -> C::Pair {
        let mut out = C::Pair::ZERO;
        write_le(out.as_mut(), &[self.x.to_words(), self.y.to_words()]);
        out
    }

    /// Whether `signature` (`r_LE ‖ s_LE`) is this key's over `digest` (the hash's own bytes, in its order): GOST R
    /// 34.10-2012, 6.2. Variable time: nothing of this is secret.
    ///
    /// # Errors
    ///
    /// [`BadSignature`] when it is not, or when `r` or `s` is zero or not below `q`.
    pub fn verify_digest(&self, digest: &C::Bytes, signature: &C::Pair) -> Result<(), BadSignature> {
        let [r, s] = read_le(signature.as_ref());
        let q = Order::<C, N>::VALUE;
        if [r, s].iter().any(|n| n.is_zero_vartime() || *n >= q) {
            return Err(BadSignature);
        }
        let e = digest_number::<C, N>(digest);
        // q is prime, so that every e has an inverse.
        let v = e.invert_vartime().into_option().ok_or(BadSignature)?;
        let z1 = (Scalar::<C, N>::new(&s) * v).retrieve();
        let z2 = (-(Scalar::<C, N>::new(&r) * v)).retrieve();
        let point = Jacobian::double_mul(C::TABLE, &z1, &z2, &self.point());
        // The x that r comes from is r or, being below p > q, perhaps r and some times q.
        let mut candidate = Some(r);
        while let Some(x) = candidate.filter(is_coordinate::<C, N>) {
            if point.has_x(Fe::from_limbs(x.to_words())) {
                return Ok(());
            }
            candidate = x.checked_add(&q).into_option();
        }
        Err(BadSignature)
    }

    fn from_point(x: Uint<N>, y: Uint<N>) -> Self {
        Self { x, y, curve: PhantomData }
    }

    fn point(&self) -> Affine<C, N> {
        Affine { x: Fe::from_limbs(self.x.to_words()), y: Fe::from_limbs(self.y.to_words()) }
    }
}

/// `x_LE ‖ y_LE` in hexadecimal.
impl<C: Curve<N>, const N: usize> Debug for PublicKey<C, N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(")?;
        for byte in self.to_le_bytes().as_ref() {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(")")
    }
}

/// Whether the number is below `p`.
fn is_coordinate<C: Curve<N>, const N: usize>(number: &Uint<N>) -> bool {
    number < Fe::<C, N>::MODULUS.as_ref()
}

/// `e`: the digest read as a little-endian number modulo `q`, and one instead of zero.
fn digest_number<C: Curve<N>, const N: usize>(digest: &C::Bytes) -> Scalar<C, N> {
    let e = Scalar::<C, N>::new(&Uint::from_le_slice(digest.as_ref()));
    match e == Scalar::<C, N>::ZERO {
        true => Scalar::<C, N>::ONE,
        false => e,
    }
}

/// Two numbers, each in half of `bytes`, little-endian.
fn read_le<const N: usize>(bytes: &[u8]) -> [Uint<N>; 2] {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    [first, second].map(Uint::from_le_slice)
}

/// The numbers one after the other, each little-endian.
fn write_le<const N: usize>(out: &mut [u8], numbers: &[[u64; N]]) {
    for (bytes, word) in out.chunks_exact_mut(8).zip(numbers.iter().flatten()) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
}

/// The number, big-endian.
fn write_be<const N: usize>(out: &mut [u8], number: &Uint<N>) {
    for (bytes, word) in out.rchunks_exact_mut(8).zip(number.as_words()) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
}
