//! What must stay in step outside the Rust code: migrations of both databases, and links between documents.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{assert_none, entries, from_root, name, read, root};

#[test]
fn migrations_of_both_databases_are_in_step() {
    let [sqlite, postgres] =
        ["migrations/sqlite", "migrations/postgres"].map(|folder| migrations(&root().join(folder)));
    assert!(!sqlite.is_empty(), "migrations/sqlite has no migrations");
    let broken: Vec<String> = sqlite
        .symmetric_difference(&postgres)
        .map(|name| format!("{name} is there for one database only"))
        .collect();
    assert_none(
        &broken,
        "A migration has the same name under migrations/sqlite and migrations/postgres.",
    );
}

#[test]
fn every_migration_goes_up_and_down() {
    let mut broken = Vec::new();
    for folder in ["migrations/sqlite", "migrations/postgres"] {
        for migration in migrations(&root().join(folder)) {
            for file in ["up.sql", "down.sql"] {
                let path = root().join(folder).join(&migration).join(file);
                if !path.is_file() || read(&path).trim().is_empty() {
                    broken.push(from_root(&path));
                }
            }
        }
    }
    assert_none(
        &broken,
        "A migration has an up.sql and a down.sql, as a release must be taken back at times.",
    );
}

fn migrations(folder: &Path) -> BTreeSet<String> {
    let folders = entries(folder).into_iter().filter(|path| path.is_dir());
    folders.map(|path| name(&path)).collect()
}

#[test]
fn links_between_documents_are_alive() {
    let mut broken = Vec::new();
    for document in documents() {
        let folder = document.parent().unwrap_or(root());
        for target in links(&read(&document)) {
            if !folder.join(&target).exists() {
                broken.push(format!("{} links to {target}", from_root(&document)));
            }
        }
    }
    assert_none(
        &broken,
        "A link in a document leads to a file that is there.",
    );
}

/// Documents at the root and in `docs`.
fn documents() -> Vec<PathBuf> {
    let mut files = entries(root());
    files.extend(entries(&root().join("docs")));
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    assert!(!files.is_empty(), "no document is found");
    files
}

/// The files that a document links to: the part in brackets of `[text](file#part)`.
fn links(document: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in prose(document) {
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains(':') {
                links.push(file.to_owned());
            }
        }
    }
    links
}

/// The lines of a document outside its blocks of code.
fn prose(document: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    document.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

#[test]
fn links_are_found_in_prose_only() {
    let document = "\
See [the house](ARCHITECTURE.md#crates), [above](#top) and [Rust](https://rust-lang.org).
![A picture](docs/picture.svg \"Picture\")
```
[not a link](nowhere.md)
```
[Mail us](mailto:us@example.nl) or [read](docs/a.md).
";
    assert_eq!(
        links(document),
        ["ARCHITECTURE.md", "docs/picture.svg", "docs/a.md"]
    );
}
