//! The design rules of Dutch government APIs, checked on the contract by Spectral.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::node;

/// How Spectral writes down an error; a warning is 1.
const ERROR: u64 = 0;

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The rules that each document breaks, by the name of its file; `documents` may be a pattern.
fn broken_rules(documents: &str) -> BTreeMap<String, BTreeSet<String>> {
    let linter = Command::new(node::spectral())
        .args(["lint", "--quiet", "--format", "json"])
        .args(["--ruleset", "tests/design_rules/rules.yaml", documents])
        .current_dir(repository())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&linter.stderr);
    assert!(said.is_empty(), "{said}");
    let found: Vec<Value> = serde_json::from_slice(&linter.stdout).unwrap();
    let mut broken: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for problem in found.iter().filter(|problem| problem["severity"] == ERROR) {
        let file = Path::new(problem["source"].as_str().unwrap());
        let name = file.file_stem().unwrap().to_str().unwrap();
        let rule = format!("{} at {}", problem["code"], problem["path"]);
        broken.entry(name.to_owned()).or_default().insert(rule);
    }
    broken
}

#[test]
fn the_contract_keeps_every_rule() {
    assert_eq!(broken_rules("openapi.yaml"), BTreeMap::new());
}

#[test]
fn every_rule_finds_the_document_that_breaks_it_and_nothing_else_does() {
    let rules = std::fs::read_to_string(repository().join("tests/design_rules/rules.yaml"));
    let rules: BTreeSet<String> = rules
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("  core-")?.strip_suffix(':'))
        .map(|rule| format!("core-{rule}"))
        .collect();
    assert!(rules.len() > 20, "{rules:?}");
    let broken = broken_rules("tests/design_rules/core-*.yaml");
    let documents: BTreeSet<String> = broken.keys().cloned().collect();
    assert_eq!(
        documents, rules,
        "one document for each rule, and each breaks it"
    );
    for (document, found) in broken {
        assert!(
            found
                .iter()
                .all(|each| each.starts_with(&format!("\"{document}\" at "))),
            "{document}.yaml breaks more: {found:?}"
        );
    }
}
