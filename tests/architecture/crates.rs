//! Which crate may use which: the arrows between ours, and the home of each crate of others that has one.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::{assert_none, read, root};

/// Each crate of ours with all crates of ours that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("regions", &["domain"]),
    ("matching", &["domain", "regions"]),
    ("store", &["domain"]),
    ("mail", &["domain"]),
    ("app", &["domain", "regions", "matching", "store", "mail"]),
    ("web", &["app", "domain"]),
    ("cli", &["app", "web", "domain", "matching", "regions"]),
    ("torture", &[]),
    ("xtask", &[]),
];

/// Crates of others with the crates of ours that may use them: each isolates one concern.
const HOMES: &[(&str, &[&str])] = &[
    // The torture looks into databases from outside.
    ("diesel", &["store", "torture"]),
    ("diesel_migrations", &["store"]),
    ("libsqlite3-sys", &["store", "torture"]),
    ("pq-sys", &["store"]),
    ("lettre", &["mail"]),
    ("mail-parser", &["mail"]),
    ("ring", &["mail"]),
    ("actix-web", &["web"]),
    ("jsonwebtoken", &["app"]),
    ("clap", &["cli"]),
    ("strsim", &["regions", "matching"]),
];

/// One crate of ours, and the names of what it is built with.
struct Member {
    name: String,
    manifest: String,
    uses: BTreeSet<String>,
}

/// Asks cargo for our crates; what only their tests use does not count.
fn members() -> Vec<Member> {
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap_or_else(|cause| panic!("cargo cannot be run: {cause}"));
    assert!(
        answer.status.success(),
        "cargo refused: {}",
        String::from_utf8_lossy(&answer.stderr)
    );
    let answer: Value = serde_json::from_slice(&answer.stdout)
        .unwrap_or_else(|cause| panic!("cargo answered no JSON: {cause}"));
    let members: Vec<Member> = list(&answer, "packages").map(member).collect();
    assert!(!members.is_empty(), "cargo names no crates");
    members
}

fn member(package: &Value) -> Member {
    Member {
        name: text(package, "name"),
        manifest: text(package, "manifest_path"),
        uses: list(package, "dependencies")
            .filter(|used| text(used, "kind") != "dev")
            .map(|used| text(used, "name"))
            .collect(),
    }
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text(value: &Value, key: &str) -> String {
    let text = value.get(key).and_then(Value::as_str).unwrap_or_default();
    text.to_owned()
}

/// What a table says about a name, if it is in there.
fn row<'a>(table: &[(&str, &'a [&'a str])], name: &str) -> Option<&'a [&'a str]> {
    table
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, values)| *values)
}

#[test]
fn arrows_between_our_crates_point_one_way() {
    let members = members();
    let mut broken = Vec::new();
    for member in &members {
        let Some(allowed) = row(ARROWS, &member.name) else {
            broken.push(format!("{} is not in the table of arrows", member.name));
            continue;
        };
        for used in &member.uses {
            if row(ARROWS, used).is_some() && !allowed.contains(&used.as_str()) {
                broken.push(format!("{} must not depend on {used}", member.name));
            }
        }
    }
    for (name, _) in ARROWS {
        if !members.iter().any(|member| member.name == *name) {
            broken.push(format!("{name} is in the table of arrows but is no crate"));
        }
    }
    assert_none(
        &broken,
        "A new arrow between crates is a change of the architecture: discuss it first.",
    );
}

#[test]
fn crates_of_others_stay_in_their_home() {
    let mut broken = Vec::new();
    for member in members() {
        for used in &member.uses {
            if let Some(homes) =
                row(HOMES, used).filter(|homes| !homes.contains(&member.name.as_str()))
            {
                broken.push(format!(
                    "{} uses {used}, which belongs in {}",
                    member.name,
                    homes.join(" and ")
                ));
            }
        }
    }
    assert_none(
        &broken,
        "Some crates of others may be named in one place only, so that they can be replaced there.",
    );
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let broken: Vec<String> = members()
        .into_iter()
        .filter(|member| !takes_lints(&read(member.manifest.as_ref())))
        .map(|member| member.name)
        .collect();
    assert_none(
        &broken,
        "Every Cargo.toml has `[lints]` with `workspace = true`.",
    );
}

/// Whether a manifest has the two lines that take over the lints.
fn takes_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim);
    lines.any(|line| line == "[lints]") && lines.next() == Some("workspace = true")
}

#[test]
fn lints_are_taken_only_under_their_own_heading() {
    assert!(takes_lints(
        "[package]\nname = \"x\"\n\n[lints]\nworkspace = true\n"
    ));
    assert!(!takes_lints(
        "[lints]\n\n[dependencies]\nworkspace = true\n"
    ));
    assert!(!takes_lints("[package]\nworkspace = true\n"));
}
