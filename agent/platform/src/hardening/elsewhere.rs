//! Systems that are not served yet.

use super::Step;
use crate::Unsupported;

pub(super) fn steps() -> Vec<Step> {
    unsupported()
}

pub(super) fn steps_for_a_pure_function() -> Vec<Step> {
    unsupported()
}

pub(super) fn steps_for_bound_memory(_: u64) -> Vec<Step> {
    unsupported()
}

fn unsupported() -> Vec<Step> {
    vec![Step { name: "rights that are not needed", result: Err(Unsupported { concern: "giving up rights" }.into()) }]
}
