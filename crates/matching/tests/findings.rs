//! Tries again what the fuzzers of `fuzz/` began with and what they found: what broke the engine once never does again.

#![expect(clippy::unwrap_used, reason = "a failed step should fail the test")]

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../../fuzz/src/lib.rs"]
pub mod checks;

/// The inputs in a folder of `fuzz/`, by name; none when there is no such folder.
fn inputs(kind: &str, name: &str) -> Vec<PathBuf> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let Ok(entries) = fs::read_dir(fuzz.join(kind).join(name)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn no_input_that_is_kept_breaks_anything() {
    for (name, check) in checks::CHECKS {
        let seeds = inputs("seeds", name);
        assert!(seeds.len() > 2, "{name} has too few seeds");
        for path in seeds.iter().chain(&inputs("findings", name)) {
            println!("{}", path.display());
            check(&fs::read(path).unwrap());
        }
    }
}
