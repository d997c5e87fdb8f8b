//! What every Rust file of ours must look like; the reasons are in STYLE.md.

use super::assert_none;
use super::sources::{Source, lines_where, sources};

/// How long a file may be.
const MAX_LINES: usize = 400;

/// Files that may be longer, each with the reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "common", "helper", "helpers", "manager", "managers", "misc", "service", "services", "util",
    "utils",
];

/// What is not finished; in two parts each, so that this file does not break its own rule.
const UNFINISHED: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
    concat!("#[", "ignore"),
];

/// What makes an answer depend on more than what was asked.
const IMPURE: &[&str] = &[
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "HashMap",
    "HashSet",
    "std::fs",
    "std::net",
    "std::env",
];

/// The only file that hands a letter to a mail server.
const SENDER: &str = "crates/app/src/jobs/deliver.rs";

#[test]
fn no_file_is_too_long() {
    let mut broken = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        let waived = LONG_FILES.iter().any(|(path, _)| *path == source.path);
        if lines > MAX_LINES && !waived {
            broken.push(format!("{} has {lines} lines", source.path));
        }
        if lines <= MAX_LINES && waived {
            broken.push(format!("{} needs no exception any more", source.path));
        }
    }
    assert_none(
        &broken,
        &format!("A file has at most {MAX_LINES} lines: split it by noun."),
    );
}

#[test]
fn every_file_says_what_it_is() {
    let broken: Vec<String> = sources()
        .into_iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| source.path)
        .collect();
    assert_none(
        &broken,
        "A file opens with `//!`: what it is and who uses it.",
    );
}

#[test]
fn nothing_is_unfinished() {
    let sources = sources();
    let mut broken = lines_where(&sources, |line| {
        UNFINISHED.iter().any(|word| line.contains(word))
    });
    let marks = [
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("XX", "X"),
    ];
    for source in &sources {
        for (number, line) in (1..).zip(source.text.lines()) {
            if marks
                .iter()
                .any(|mark| words(line).any(|word| word == *mark))
            {
                broken.push(format!("{}:{number}  {}", source.path, line.trim()));
            }
        }
    }
    assert_none(
        &broken,
        "What is committed is finished; what is not, is an issue.",
    );
}

#[test]
fn no_lint_is_silenced_for_good() {
    let sources = sources();
    let silencers = [concat!("#[al", "low("), concat!("#![al", "low(")];
    let broken = lines_where(&sources, |line| {
        silencers.iter().any(|word| line.contains(word))
    });
    assert_none(
        &broken,
        "Use `#[expect(.., reason = \"..\")]`, which reports itself when it is no longer needed.",
    );
}

#[test]
fn names_say_what_is_inside() {
    let sources = sources();
    let mut broken = lines_where(&sources, |line| {
        declared_module(line).is_some_and(|name| EMPTY_NAMES.contains(&name))
    });
    for source in &sources {
        let path = source.path.trim_end_matches(".rs");
        if path.split('/').any(|part| EMPTY_NAMES.contains(&part)) {
            broken.push(source.path.clone());
        }
    }
    assert_none(&broken, "Name a module after the thing it is about.");
}

#[test]
fn only_the_store_speaks_to_the_database() {
    // Tests and tortures may make and inspect databases of their own; the program may not go past the store.
    let crates = sources_where(|source| {
        source.is_under("crates")
            && !source.is_under("crates/store")
            && !source.is_under("crates/torture")
            && !source.path.contains("/tests/")
    });
    let broken = lines_where(&crates, |line| line.contains("diesel::"));
    assert_none(&broken, "Only the crate `store` knows SQL.");
}

#[test]
fn only_the_delivery_job_sends_mail() {
    let others = sources_where(|source| {
        source.is_under("crates") && !source.is_under("crates/mail") && source.path != SENDER
    });
    let broken = lines_where(&others, |line| {
        line.contains(".transmit(") || line.contains(".open_session(")
    });
    assert_none(
        &broken,
        &format!(
            "A letter goes into the outbox in the transaction of its cause; {SENDER} alone sends it."
        ),
    );
}

/// The table that hides the order of its hashes.
const LOOKUP: &str = "crates/matching/src/lookup.rs";

#[test]
fn domain_and_matching_are_pure() {
    let pure = sources_where(|source| {
        let pure = ["crates/domain/src", "crates/matching/src"];
        pure.iter().any(|folder| source.is_under(folder)) && source.path != LOOKUP
    });
    assert!(pure.len() > 1, "the pure crates are not found");
    let broken = lines_where(&pure, |line| IMPURE.iter().any(|word| line.contains(word)));
    assert_none(
        &broken,
        "The same input gives the same output: time is an argument, maps are ordered, files are read elsewhere.",
    );
}

fn sources_where(wanted: impl Fn(&Source) -> bool) -> Vec<Source> {
    sources()
        .into_iter()
        .filter(|source| wanted(source))
        .collect()
}

/// The words of a line, letters only.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_alphanumeric())
}

/// The module that a line declares, if it declares one.
fn declared_module(line: &str) -> Option<&str> {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| word.starts_with("pub"));
    if words.next() != Some("mod") {
        return None;
    }
    words.next().map(|name| name.trim_end_matches([';', '{']))
}

#[test]
fn a_declared_module_is_found() {
    assert_eq!(declared_module("pub(crate) mod ids;"), Some("ids"));
    assert_eq!(declared_module("    mod tests {"), Some("tests"));
    assert_eq!(declared_module("mod one;"), Some("one"));
    assert_eq!(declared_module("let mod_name = 1;"), None);
    assert_eq!(declared_module("use super::mod_name;"), None);
}
