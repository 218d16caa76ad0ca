use std::vec::Vec;

use proptest::prelude::*;

use crate::hash::{Digest, Gost34311, Streebog256, Streebog512};

/// Hashes a message cut into pieces.
fn in_pieces<D: Digest>(pieces: &[Vec<u8>]) -> Vec<u8> {
    let mut hash = D::new();
    for piece in pieces {
        hash.update(piece);
    }
    hash.finalize().to_vec()
}

proptest! {
    #[test]
    fn the_hashes_agree_with_other_implementations_however_the_message_is_cut(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..6)
    ) {
        let message = pieces.concat();
        prop_assert_eq!(in_pieces::<Streebog512>(&pieces), streebog::Streebog512::digest(&message).to_vec());
        prop_assert_eq!(in_pieces::<Streebog256>(&pieces), streebog::Streebog256::digest(&message).to_vec());
        prop_assert_eq!(in_pieces::<Gost34311>(&pieces), gost94::Gost94Test::digest(&message).to_vec());
    }
}

#[test]
fn streebog_carries_through_its_counter_and_its_sum() {
    // Blocks of ones overflow the sum at once; 128 blocks are the first count of bits above 16.
    for length in [64, 65, 127, 128, 64 * 128, 64 * 129, 100_000] {
        let message = std::vec![0xff; length];
        assert_eq!(Streebog512::digest(&message), streebog::Streebog512::digest(&message));
    }
}

#[test]
fn gost_34_311_carries_through_its_sum_and_takes_no_block_more_than_there_are() {
    for length in [0, 1, 31, 32, 33, 64, 96, 8192, 100_000] {
        let message = std::vec![0xff; length];
        assert_eq!(Gost34311::digest(&message), gost94::Gost94Test::digest(&message), "{length}");
    }
}

#[test]
fn a_hash_starts_anew_after_its_digest_is_taken() {
    let mut hash = Streebog512::new_with_prefix(b"one");
    assert_eq!(hash.finalize_reset(), Streebog512::digest(b"one"));
    hash.update(b"two");
    assert_eq!(hash.finalize(), Streebog512::digest(b"two"));
}
