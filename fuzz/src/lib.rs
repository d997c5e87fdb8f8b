//! What must hold for any input, as functions of bytes: used by the programs in `targets/`, which look for input that
//! breaks it, and by the test in `crates/matching/tests/findings.rs`, which tries again what was found before.
//!
//! Each panics with what does not hold. Time is bounded by who calls them.

mod made_up;
mod market;
mod places;
mod reading;
mod weights;

pub use market::market;
pub use places::places;
pub use reading::reading;
pub use weights::weights;

/// What must hold for any bytes; panics with what does not.
pub type Check = fn(&[u8]);

/// Every check with its name, which is that of its program and of its folder of seeds.
pub const CHECKS: [(&str, Check); 4] = [
    ("reading", reading),
    ("market", market),
    ("weights", weights),
    ("places", places),
];
