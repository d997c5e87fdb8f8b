//! Feeds the check of the same name; built and run by `cargo xtask fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::reading(data));
