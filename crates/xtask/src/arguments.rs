//! The command line of `cargo xtask`, read into a [`Task`]; used by `main`.

use std::fmt::Display;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};

use crate::bench::{self, Bench};
use crate::fuzz;
use crate::fuzz_api;
use crate::torture;

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
cargo xtask test [--sqlite-only] [-p PACKAGE]… [FILTER]…
    Runs all tests on SQLite and PostgreSQL and the examples in the documentation.
    Starts a PostgreSQL server of its own, or uses the one that TEST_POSTGRES_URL names.
    --sqlite-only   leaves PostgreSQL out
    -p PACKAGE      only the tests of this crate
    FILTER          only tests with this in their name
cargo xtask check
    Checks format, lints, documentation and licences.
cargo xtask openapi
    Writes openapi.yaml anew from the code.
cargo xtask bench quality
    Measures how good the ranking is on judged posts, and what each part of the engine adds; fails below the floors.
cargo xtask bench speed [--size N] [--threads N] [--rounds N] [--peers NAME,…] [--growth]
    Measures the engine beside its peers on one generated market, and fails when a floor is missed; takes minutes.
    Gets PostgreSQL, a Dutch word list and Python packages by itself; benches/README.md tells more.
    --size N        requests and as many offers (50000)
    --threads N     threads that match, for every program (2)
    --rounds N      how often each program runs; medians are shown (3)
    --peers NAME,…  some of sparse, exact, tantivy and postgres (all)
    --growth        the engine alone, from a quarter of the size to twice the size: what each doubling costs
cargo xtask fuzz [--minutes N] [--seed N]
    Looks for input that breaks the engine, and fails with the file that does; fuzz/README.md tells more.
    --minutes N     how long, for all targets together (10)
    --seed N        where chance begins; a run begins elsewhere each time without it
cargo xtask fuzz-api [--requests N] [--seed N] [--short]
    Asks a running server what the contract allows and forbids, and fails when it answers otherwise, or with a fault.
    --requests N    how many at least (20000)
    --seed N        where chance begins (1)
    --short         one round of examples and edges, as `test` does
cargo xtask torture KIND [--seed N] [--record] …
    Breaks the program on purpose, for long, and fails when it does not hold.
    --seed N        where chance begins (1)
    --record        writes the figures into docs/reliability.md
    smtp            every moment of SMTP and every fault of a relay: is each letter classified right?
    --one-in N      only some of the cells (1: all)
    power           power cuts while the program answers: is what was answered still there?
    --cuts N        how many (2000)
    kill            servers killed while they make introductions: does each letter arrive, and once?
    --introductions N, --kills N
    sweep           every write broken in turn: does the next start repair it?
    frozen          workers frozen and woken: do they write what is not theirs any more?
    --rounds N      how many, on each database (200)
    backup          backups while clients write: is what was answered before in each?
    --rounds N      how many, on each database (100)
    outage          a relay that is gone for a day: does it cost a letter or an attempt?
    --letters N, --rate N
    simulate        histories by chance in virtual time: do program and relay agree in the end?
    --seeds N       how many (200)
    throughput      introductions and letters a second, beside the least that could be done
    --introductions N
cargo xtask help
    Shows this.";

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Show [`HELP`].
    Help,
    /// Measure the product.
    Bench(Bench),
    /// Check format, lints, documentation and licences.
    Check,
    /// Look for input that breaks the engine.
    Fuzz(fuzz::Wanted),
    /// Ask a running server all that the contract allows and forbids.
    FuzzApi(fuzz_api::Wanted),
    /// Write the contract of the API.
    OpenApi,
    /// Run tests.
    Test(Wanted),
    /// Break the program on purpose.
    Torture(torture::Wanted),
}

/// Which tests to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The databases they run on.
    pub(crate) databases: Databases,
    /// The crates they belong to; empty means all.
    pub(crate) packages: Vec<String>,
    /// Parts of their names; empty means all.
    pub(crate) filters: Vec<String>,
}

impl Wanted {
    /// Whether the tests of this crate take part.
    pub(crate) fn includes(&self, package: &str) -> bool {
        self.packages.is_empty() || self.packages.iter().any(|wanted| wanted == package)
    }

    /// Whether nothing was left out.
    pub(crate) fn is_everything(&self) -> bool {
        self.packages.is_empty() && self.filters.is_empty()
    }
}

/// The databases that tests run on.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Databases {
    /// SQLite and PostgreSQL.
    #[default]
    Both,
    /// SQLite alone.
    SqliteOnly,
}

/// Reads the words after `cargo xtask`; no words mean help.
///
/// # Errors
/// A sentence for the developer when a word is not understood.
pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Task> {
    let mut words = words.into_iter();
    let task = match words.next().as_deref() {
        None | Some("help" | "--help" | "-h") => Task::Help,
        Some("bench") => return Ok(Task::Bench(bench::parse(words)?)),
        Some("check") => Task::Check,
        Some("fuzz") => return Ok(Task::Fuzz(fuzz::Wanted::parse(words)?)),
        Some("fuzz-api") => return Ok(Task::FuzzApi(fuzz_api::Wanted::parse(words)?)),
        Some("openapi") => Task::OpenApi,
        Some("test") => return Ok(Task::Test(parse_wanted(words)?)),
        Some("torture") => return Ok(Task::Torture(torture::Wanted::parse(words)?)),
        Some(other) => bail!("There is no task `{other}`."),
    };
    match words.next() {
        Some(extra) if task != Task::Help => bail!("This task takes no `{extra}`."),
        _ => Ok(task),
    }
}

fn parse_wanted(mut words: impl Iterator<Item = String>) -> Result<Wanted> {
    let mut wanted = Wanted::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--sqlite-only" => wanted.databases = Databases::SqliteOnly,
            "-p" | "--package" => match words.next() {
                Some(package) if !package.starts_with('-') => wanted.packages.push(package),
                _ => bail!("`{word}` wants the name of a crate after it."),
            },
            option if option.starts_with('-') => bail!("`test` has no option `{option}`."),
            _ => wanted.filters.push(word),
        }
    }
    Ok(wanted)
}

/// The word after an option.
///
/// # Errors
/// When there is none, or it is another option.
pub(crate) fn value(option: &str, words: &mut impl Iterator<Item = String>) -> Result<String> {
    let value = words.next().filter(|value| !value.starts_with('-'));
    value.with_context(|| format!("`{option}` wants a value after it."))
}

/// A whole number after an option, from `least` on.
///
/// # Errors
/// When there is none, or another.
pub(crate) fn number<N: FromStr + PartialOrd + Display>(
    option: &str,
    words: &mut impl Iterator<Item = String>,
    least: N,
) -> Result<N> {
    let value = value(option, words)?;
    match value.parse() {
        Ok(number) if number >= least => Ok(number),
        _ => bail!("`{option}` wants a whole number from {least}, not `{value}`."),
    }
}

#[cfg(test)]
mod tests {
    use super::{Databases, Task, Wanted, parse};

    fn parsed(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned)).map_err(|problem| problem.to_string())
    }

    #[test]
    fn tests_run_on_both_databases_unless_told_otherwise() {
        assert_eq!(parsed("test"), Ok(Task::Test(Wanted::default())));
        assert_eq!(Wanted::default().databases, Databases::Both);
        let Ok(Task::Test(wanted)) = parsed("test --sqlite-only") else {
            panic!("`--sqlite-only` is an option of `test`")
        };
        assert_eq!(wanted.databases, Databases::SqliteOnly);
        assert!(wanted.is_everything());
    }

    #[test]
    fn packages_and_filters_may_stand_in_any_order() {
        let expected = Wanted {
            databases: Databases::SqliteOnly,
            packages: vec!["domain".to_owned(), "store".to_owned()],
            filters: vec!["ids".to_owned(), "region".to_owned()],
        };
        assert_eq!(
            parsed("test ids -p domain --sqlite-only region --package store"),
            Ok(Task::Test(expected))
        );
    }

    #[test]
    fn a_package_takes_part_when_named_or_when_none_is() {
        assert!(Wanted::default().includes("cli"));
        let Ok(Task::Test(wanted)) = parsed("test -p domain") else {
            panic!("`-p` is an option of `test`")
        };
        assert!(wanted.includes("domain"));
        assert!(!wanted.includes("cli"));
        assert!(!wanted.is_everything());
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(
            parsed("deploy"),
            Err("There is no task `deploy`.".to_owned())
        );
        assert_eq!(
            parsed("check --fast"),
            Err("This task takes no `--fast`.".to_owned())
        );
        assert_eq!(
            parsed("test --mysql"),
            Err("`test` has no option `--mysql`.".to_owned())
        );
        assert_eq!(
            parsed("test -p"),
            Err("`-p` wants the name of a crate after it.".to_owned())
        );
        assert_eq!(
            parsed("test -p --sqlite-only"),
            Err("`-p` wants the name of a crate after it.".to_owned())
        );
    }

    #[test]
    fn no_task_means_help_and_the_others_have_a_name() {
        assert_eq!(parsed(""), Ok(Task::Help));
        assert_eq!(parsed("help test"), Ok(Task::Help));
        assert_eq!(parsed("check"), Ok(Task::Check));
        assert_eq!(parsed("openapi"), Ok(Task::OpenApi));
        assert!(matches!(parsed("bench speed"), Ok(Task::Bench(_))));
        assert!(matches!(parsed("fuzz --minutes 1"), Ok(Task::Fuzz(_))));
        assert!(matches!(parsed("fuzz-api"), Ok(Task::FuzzApi(_))));
        assert!(matches!(parsed("torture smtp"), Ok(Task::Torture(_))));
    }
}
