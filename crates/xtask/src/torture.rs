//! `cargo xtask torture`: gets what a kind of torture needs, builds the program, and lets `crates/torture` break it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::arguments::Databases;
use crate::debian;
use crate::postgres::Postgres;
use crate::process::{cargo, succeed, target_folder, works};

/// What a kind needs beside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// `strace`, to see what reaches the disk.
    Strace,
    /// A PostgreSQL server beside SQLite.
    Postgres,
    /// The load generator of Postfix.
    SmtpSource,
}

/// Every kind of torture.
const KINDS: &[(&str, &[Need])] = &[
    ("smtp", &[]),
    ("power", &[Need::Strace]),
    ("kill", &[Need::Postgres]),
    ("sweep", &[Need::Postgres]),
    ("frozen", &[Need::Postgres]),
    ("backup", &[Need::Postgres]),
    ("outage", &[]),
    ("simulate", &[]),
    ("throughput", &[Need::Postgres, Need::SmtpSource]),
];

/// As fast as a release, with the clock that can be moved.
const PROFILE: &str = "torture";

/// What was typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    kind: usize,
    options: Vec<String>,
}

impl Wanted {
    /// Reads the words after `cargo xtask torture`; the options are read by the torture itself.
    ///
    /// # Errors
    /// A sentence for the developer when there is no such kind.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let kinds: Vec<&str> = KINDS.iter().map(|(name, ..)| *name).collect();
        let kinds = kinds.join(", ");
        let name = words
            .next()
            .with_context(|| format!("`torture` wants one of {kinds} after it."))?;
        let Some(kind) = KINDS.iter().position(|(kind, ..)| *kind == name) else {
            bail!("There is no torture `{name}`; there are {kinds}.");
        };
        Ok(Self {
            kind,
            options: words.collect(),
        })
    }
}

/// Builds the program, and tortures it.
///
/// # Errors
/// When something is missing or does not build, or when the program does not hold.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let (name, needs) = KINDS.get(wanted.kind).context("no such torture")?;
    if needs.contains(&Need::Strace) {
        require_strace()?;
    }
    let databases = if needs.contains(&Need::Postgres) {
        Databases::Both
    } else {
        Databases::SqliteOnly
    };
    let postgres = Postgres::prepare(databases)?;
    succeed(&mut cargo([
        "build",
        "--profile",
        PROFILE,
        "-p",
        "cli",
        "-p",
        "torture",
    ]))?;
    let built = target_folder().join(PROFILE);
    let mut torture = Command::new(built.join("torture"));
    postgres.hand_to(&mut torture);
    torture
        .arg(name)
        .arg("--program")
        .arg(built.join("samenspel"))
        .args(&wanted.options);
    if needs.contains(&Need::SmtpSource) {
        torture.arg("--smtp-source").arg(smtp_source()?);
    }
    succeed(&mut torture)
}

/// The load generator of Postfix: the one installed, or one unpacked from its Debian package without installing a mail
/// server.
///
/// # Errors
/// When it cannot be had.
fn smtp_source() -> Result<PathBuf> {
    let installed = Path::new("/usr/sbin/smtp-source");
    if installed.exists() {
        return Ok(installed.to_owned());
    }
    let unpacked = debian::unpack("postfix")?;
    Ok(unpacked.join("usr/sbin/smtp-source"))
}

/// Installs `strace` when it is missing.
///
/// # Errors
/// When it cannot be installed.
pub(crate) fn require_strace() -> Result<()> {
    if works(Command::new("strace").arg("--version")) {
        return Ok(());
    }
    debian::install(&["strace"]).context("power cuts need `strace`; install the Debian package")
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    fn parsed(line: &str) -> Result<Wanted, String> {
        Wanted::parse(line.split_whitespace().map(str::to_owned))
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_torture_has_a_name_and_its_own_options() {
        let wanted = parsed("power --cuts 10 --record").unwrap();
        assert_eq!(wanted.options, ["--cuts", "10", "--record"]);
        assert_eq!(
            parsed("hunger"),
            Err(
                "There is no torture `hunger`; there are smtp, power, kill, sweep, frozen, backup, outage, simulate, throughput."
                    .to_owned()
            )
        );
        assert_eq!(
            parsed(""),
            Err(
                "`torture` wants one of smtp, power, kill, sweep, frozen, backup, outage, simulate, throughput after it."
                    .to_owned()
            )
        );
    }
}
