//! A folder of one test's own, in which somebody types commands of the real program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::server::PROGRAM;

/// The folder; removed when dropped.
pub(crate) struct Folder(TempDir);

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The answer itself, if it ended with this code; else the test fails with what was said.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    /// What it answered, as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {}", self.out))
    }

    /// The same, if standard error has each of these texts.
    #[track_caller]
    pub(crate) fn saying(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "no {text} in: {}", self.err);
        }
        self
    }
}

/// The rows of a CSV text, each cell by the name of its column.
pub(crate) fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with an empty database under the usual name.
    pub(crate) fn with_database() -> Self {
        let folder = Self::new();
        folder
            .run(&["migrate", "--database", "samenspel.sqlite"])
            .expect(0);
        folder
    }

    /// The same, in which the organisations of the examples are known.
    pub(crate) fn with_organisations() -> Self {
        let folder = Self::with_database();
        let ran = folder.run(&["import", "organisations", &example("organisations.csv")]);
        assert!(ran.expect(0).out.contains("37 regels ingelezen"));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file; its name.
    pub(crate) fn write<'a>(&self, name: &'a str, text: &str) -> &'a str {
        std::fs::write(self.path(name), text).unwrap();
        name
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files in a folder inside it, sorted.
    pub(crate) fn names(&self, inside: &str) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path(inside))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Everything of one kind in its database, each cell by the name of its column.
    pub(crate) fn exported(&self, what: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.run(&["export", what]).expect(0).out)
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A command that is not started yet; nobody types into it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        command
    }
}

/// A file of the example data in the repository.
pub(crate) fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name)
        .display()
        .to_string()
}
