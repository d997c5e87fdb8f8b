//! Finds our Rust files, and tells their code from their comments; used by the rules of style.

use std::path::{Path, PathBuf};

use super::{entries, from_root, read, root};

/// One Rust file of ours.
pub(super) struct Source {
    /// Where it is, from the root of the repository.
    pub(super) path: String,
    /// All of its text.
    pub(super) text: String,
}

impl Source {
    /// Its lines with their numbers, from 1, without those that are only a comment.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..)
            .zip(self.text.lines())
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Whether it is in this folder.
    pub(super) fn is_under(&self, folder: &str) -> bool {
        Path::new(&self.path).starts_with(folder)
    }
}

/// All Rust files of our crates and our tests.
pub(super) fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    for folder in ["crates", "tests"] {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 10, "our own files are not found");
    files
        .iter()
        .map(|file| Source {
            path: from_root(file),
            text: read(file),
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Every line of code for which `breaks` holds, as `path:line  text`.
pub(super) fn lines_where<'a>(
    sources: impl IntoIterator<Item = &'a Source>,
    breaks: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.code().filter(|(_, line)| breaks(line)) {
            found.push(format!("{}:{number}  {}", source.path, line.trim()));
        }
    }
    found
}

#[test]
fn comments_are_not_code() {
    let source = Source {
        path: "crates/domain/src/ids.rs".to_owned(),
        text: "//! What it is.\n\nlet one = 1; // why\n    /// A clock.\nlet two = 2;\n".to_owned(),
    };
    let found = lines_where([&source], |line| !line.is_empty());
    let expected = [
        "crates/domain/src/ids.rs:3  let one = 1; // why",
        "crates/domain/src/ids.rs:5  let two = 2;",
    ];
    assert_eq!(found, expected);
    assert!(source.is_under("crates/domain"));
    assert!(!source.is_under("crates/dom"));
}
