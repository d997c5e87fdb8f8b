//! The faults we make on purpose, for developers only: what the tests and `cargo xtask torture` break the program with.
//!
//! It uses no other crate of ours: what it says about the program it learned from outside, from its commands, its
//! answers and its files.

pub mod backup;
pub mod database;
pub mod figures;
pub mod frozen;
pub mod kill;
pub mod ledger;
pub mod market;
pub mod outage;
pub mod power;
pub mod program;
pub mod relay;
pub mod simulate;
pub mod smtp;
pub mod sweep;
pub mod throughput;
