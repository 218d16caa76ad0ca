//! How much key derivation one file may ask for.

use crate::OpenError;

/// The most rounds of one derivation. Files in the field have 1,024 to 600,000.
pub(crate) const MOST_ITERATIONS: u64 = 1_000_000;

/// The most hash blocks over a whole file, counted as blocks of SHA-256: half a second on a processor without
/// instructions for it, a quarter with them. A file with PBMAC1 and two parts under PBES2, each with 600,000 rounds of
/// HMAC-SHA-256, fits.
pub(crate) const MOST_BLOCKS: u64 = 4_000_000;

/// What a derivation costs beside its rounds: filling salt and password up to whole blocks.
const BASE_BLOCKS: u64 = 64;

/// The work that is still allowed while a file is opened. Every derivation asks here before it begins.
#[derive(Debug)]
pub(crate) struct WorkBudget {
    left: u64,
}

impl WorkBudget {
    pub(crate) fn new() -> Self {
        Self { left: MOST_BLOCKS }
    }

    /// Takes the cost of a derivation of `iterations` rounds with `blocks_per_round` hash blocks each, and gives the
    /// rounds back as the number that is now safe to run.
    pub(crate) fn take(&mut self, iterations: u64, blocks_per_round: u64) -> Result<u32, OpenError> {
        let refused = |most| OpenError::TooManyIterations { asked: iterations, most };
        let rounds = u32::try_from(iterations).map_err(|_| refused(MOST_ITERATIONS))?;
        if iterations > MOST_ITERATIONS {
            return Err(refused(MOST_ITERATIONS));
        }
        let cost = iterations.saturating_mul(blocks_per_round).saturating_add(BASE_BLOCKS);
        match self.left.checked_sub(cost) {
            Some(left) => {
                self.left = left;
                Ok(rounds)
            }
            None => Err(refused(self.left / blocks_per_round.max(1))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_honest_count_is_allowed_and_one_more_is_not() {
        assert_eq!(WorkBudget::new().take(MOST_ITERATIONS, 1), Ok(1_000_000));
        let refused = OpenError::TooManyIterations { asked: 1_000_001, most: MOST_ITERATIONS };
        assert_eq!(WorkBudget::new().take(MOST_ITERATIONS + 1, 1), Err(refused));
        assert!(WorkBudget::new().take(u64::MAX, u64::MAX).is_err());
    }

    #[test]
    fn many_derivations_together_meet_a_limit_too() {
        let mut budget = WorkBudget::new();
        assert!((0..3).all(|_| budget.take(MOST_ITERATIONS, 1).is_ok()));
        assert!(matches!(budget.take(MOST_ITERATIONS, 1), Err(OpenError::TooManyIterations { asked: 1_000_000, .. })));
        let mut budget = WorkBudget::new();
        assert!((0..1_000_000).any(|_| budget.take(1, 1).is_err()), "one round each is not free either");
    }
}
