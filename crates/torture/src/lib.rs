//! The faults we make on purpose, for developers only: what the tests and `cargo xtask torture` break the program with.
//!
//! It uses no other crate of ours: what it says about the program it learned from outside.

pub mod relay;
