//! The rules of the house, as tests: which crate may use which, what files look like, and what must stay in step.
//!
//! A failure says which rule was broken and where; the reasons are in STYLE.md and ARCHITECTURE.md.

mod crates;
mod repository;
mod sources;
mod style;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
fn root() -> &'static Path {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR"));
    cli.ancestors().nth(2).unwrap_or(cli)
}

/// The whole text of a file.
fn read(file: &Path) -> String {
    fs::read_to_string(file)
        .unwrap_or_else(|cause| panic!("{} cannot be read: {cause}", file.display()))
}

/// What is in a folder, by name; nothing when there is no such folder.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = found
        .map(|entry| match entry {
            Ok(entry) => entry.path(),
            Err(cause) => panic!("{} cannot be listed: {cause}", folder.display()),
        })
        .collect();
    paths.sort();
    paths
}

/// The name of a file or folder.
fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// A path as it is written in the repository, with `/` and from its root.
fn from_root(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// Fails with the rule and every place that breaks it.
#[track_caller]
fn assert_none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}
