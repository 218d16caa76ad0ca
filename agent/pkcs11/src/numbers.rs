//! Numbers of PKCS#11 v2.40 and v3.0, and of TC26's vendor range as Rutoken and JaCarta use it (kz-crypto 15.4).

/// CKM_RSA_PKCS_KEY_PAIR_GEN.
pub const RSA_PKCS_KEY_PAIR_GEN: u64 = 0x0000_0000;
/// CKM_RSA_PKCS: over a DigestInfo.
pub const RSA_PKCS: u64 = 0x0000_0001;
/// CKM_SHA256_RSA_PKCS: over a whole message.
pub const SHA256_RSA_PKCS: u64 = 0x0000_0040;
/// CKM_EC_KEY_PAIR_GEN.
pub const EC_KEY_PAIR_GEN: u64 = 0x0000_1040;
/// CKM_ECDSA: over a digest; r and s of one length, big-endian.
pub const ECDSA: u64 = 0x0000_1041;
/// CKM_GOSTR3410_KEY_PAIR_GEN.
pub const GOSTR3410_KEY_PAIR_GEN: u64 = 0x0000_1200;
/// CKM_GOSTR3410: over a digest of 32 octets.
pub const GOSTR3410: u64 = 0x0000_1201;
/// CKM_GOSTR3410_512_KEY_PAIR_GEN of TC26's range.
pub const GOSTR3410_512_KEY_PAIR_GEN: u64 = 0xD432_1005;
/// CKM_GOSTR3410_512 of TC26's range: over a digest of 64 octets.
pub const GOSTR3410_512: u64 = 0xD432_1006;

/// CKK_RSA.
pub const KEY_RSA: u64 = 0x0000_0000;
/// CKK_EC.
pub const KEY_EC: u64 = 0x0000_0003;
/// CKK_GOSTR3410: keys of 256 bits, of 2001 and of 2012; the parameters tell them apart.
pub const KEY_GOSTR3410: u64 = 0x0000_0030;
/// CKK_GOSTR3410_512 of TC26's range.
pub const KEY_GOSTR3410_512: u64 = 0xD432_1003;
