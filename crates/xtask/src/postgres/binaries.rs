//! Where the programs of a PostgreSQL server are; used to start one.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::debian;
use crate::process::output;

/// Where Debian puts each version of the server, as `<version>/bin`; it is not in the PATH.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// The programs that make and run a server.
#[derive(Debug)]
pub(super) struct Binaries {
    /// The folder with `initdb` and `postgres`.
    pub(super) directory: PathBuf,
    /// What the server calls itself, for example `PostgreSQL 15.8`.
    pub(super) version: String,
}

impl Binaries {
    /// Looks for a server that answers, and installs Debian's when there is none.
    ///
    /// # Errors
    /// When there is none and it cannot be installed.
    pub(super) fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        debian::install(&["postgresql"])?;
        Self::find().context("no `initdb` and `postgres` after the package was installed")
    }

    fn find() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        choose(
            candidates(&path, &debian_versions(), pg_config_folder()),
            version_in,
        )
    }
}

/// The folders to look in, best first: the PATH, Debian's folders from the newest version, and what `pg_config` says.
fn candidates(path: &OsStr, debian: &[String], pg_config: Option<PathBuf>) -> Vec<PathBuf> {
    let mut versions: Vec<&String> = debian.iter().collect();
    versions.sort_by_key(|version| std::cmp::Reverse(major(version)));
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .chain(
            versions
                .into_iter()
                .map(|version| Path::new(DEBIAN_FOLDER).join(version).join("bin")),
        )
        .chain(pg_config)
        .collect()
}

/// The first folder where `version` finds a server that works.
fn choose(candidates: Vec<PathBuf>, version: impl Fn(&Path) -> Option<String>) -> Option<Binaries> {
    candidates
        .into_iter()
        .find_map(|directory| version(&directory).map(|version| Binaries { directory, version }))
}

/// The whole number a version begins with, so that 9 comes before 15.
fn major(version: &str) -> u32 {
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// What the server in a folder calls itself; nothing when it is not there or does not answer.
fn version_in(directory: &Path) -> Option<String> {
    let answers = |name: &str| output(Command::new(directory.join(name)).arg("--version")).ok();
    answers("initdb")?;
    parse_version(&answers("postgres")?)
}

/// `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)` becomes `PostgreSQL 15.8`.
fn parse_version(answer: &str) -> Option<String> {
    let number = answer.strip_prefix("postgres (PostgreSQL) ")?;
    let number = number.split_whitespace().next()?;
    Some(format!("PostgreSQL {number}"))
}

fn debian_versions() -> Vec<String> {
    let Ok(folders) = fs::read_dir(DEBIAN_FOLDER) else {
        return Vec::new();
    };
    folders
        .filter_map(|folder| folder.ok()?.file_name().into_string().ok())
        .collect()
}

fn pg_config_folder() -> Option<PathBuf> {
    let answer = output(Command::new("pg_config").arg("--bindir")).ok()?;
    Some(PathBuf::from(answer.trim()))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::PathBuf;

    use super::{candidates, choose, parse_version};

    fn folders() -> Vec<PathBuf> {
        let debian = ["9.6".to_owned(), "17".to_owned(), "15".to_owned()];
        candidates(
            OsStr::new("/usr/bin:relative:/opt/bin"),
            &debian,
            Some(PathBuf::from("/custom")),
        )
    }

    #[test]
    fn the_path_comes_first_then_the_newest_version() {
        let expected = [
            "/usr/bin",
            "/opt/bin",
            "/usr/lib/postgresql/17/bin",
            "/usr/lib/postgresql/15/bin",
            "/usr/lib/postgresql/9.6/bin",
            "/custom",
        ];
        assert_eq!(folders(), expected.map(PathBuf::from));
    }

    #[test]
    fn a_folder_without_a_working_server_is_passed_over() {
        let chosen = choose(folders(), |folder| {
            (folder.starts_with("/usr/lib") && !folder.starts_with("/usr/lib/postgresql/17"))
                .then(|| "PostgreSQL 15.8".to_owned())
        })
        .expect("one folder has a server");
        assert_eq!(
            chosen.directory,
            PathBuf::from("/usr/lib/postgresql/15/bin")
        );
        assert!(choose(folders(), |_| None).is_none());
    }

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        assert_eq!(
            parse_version("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"),
            Some("PostgreSQL 15.8".to_owned())
        );
        assert_eq!(
            parse_version("postgres (PostgreSQL) 18beta1\n"),
            Some("PostgreSQL 18beta1".to_owned())
        );
        assert_eq!(parse_version("not a server\n"), None);
    }
}
