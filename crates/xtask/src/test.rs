//! `cargo xtask test`: gets what the tests need, runs them, and sums up.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Write as _, pipe, stdout};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::arguments::{Databases, Wanted};
use crate::postgres::Postgres;
use crate::process::{Kept, cargo, root, shown, works};
use crate::report::{Format, Report};
use crate::{debian, fuzz_api, python, torture};

/// The crate whose tests run the whole program, and need Python and strace.
const BLACK_BOX: &str = "cli";

/// Programs of others that those tests run, each in a Debian package of its own name.
const TOOLS: [&str; 2] = ["curl", "npm"];

/// Runs the wanted tests.
///
/// # Errors
/// When something is missing, a test fails, or there is nothing to run.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let started = Instant::now();
    require_compiler()?;
    let python = if wanted.includes(BLACK_BOX) {
        torture::require_strace()?;
        require_tools()?;
        Some(python::prepare()?)
    } else {
        None
    };
    let postgres = Postgres::prepare(wanted.databases)?;

    let mut report = Report::default();
    let mut broken = Vec::new();
    for (format, arguments) in steps(wanted, runner(), has_library) {
        let mut command = cargo(&arguments);
        postgres.hand_to(&mut command);
        if let Some(python) = &python {
            command.env(python::PYTHON, python);
        }
        let step = shown(&command);
        println!("\n== {step}");
        if !stream(command, format, &mut report)? {
            broken.push(step);
        }
    }

    if wanted.is_everything() {
        println!("\n== fuzz-api --short");
        if let Err(cause) = fuzz_api::run(&fuzz_api::Wanted::short()) {
            println!("{cause:#}");
            broken.push("fuzz-api --short".to_owned());
        }
    }

    println!("\n{report}");
    println!("Databases: {}", postgres.in_words());
    let made = postgres.databases_made()?;
    if let Some(made) = made {
        println!("Databases the tests made on PostgreSQL: {made}");
    }
    println!("Duration: {} s", started.elapsed().as_secs());
    if !broken.is_empty() {
        bail!("{}", broken.join("; "));
    }
    if report.totals().passed == 0 {
        bail!("no test ran");
    }
    if wanted.is_everything() && wanted.databases == Databases::Both && made == Some(0) {
        bail!("all tests ran, but none of them used PostgreSQL");
    }
    println!("All passed.");
    Ok(())
}

fn require_tools() -> Result<()> {
    for tool in TOOLS {
        if !works(Command::new(tool).arg("--version")) {
            debian::install(&[tool])?;
        }
    }
    Ok(())
}

/// SQLite and the client of PostgreSQL are compiled from C.
fn require_compiler() -> Result<()> {
    let compiler = std::env::var_os("CC").unwrap_or_else(|| OsString::from("cc"));
    if !works(Command::new(&compiler).arg("--version")) {
        bail!(
            "there is no C compiler `{}`; install the Debian packages `gcc` and `libc6-dev`",
            compiler.display()
        );
    }
    Ok(())
}

/// Nextest when it is installed, as it runs each test in a process of its own.
fn runner() -> Format {
    if works(&mut cargo(["nextest", "--version"])) {
        Format::Nextest
    } else {
        println!("cargo-nextest is not installed; using `cargo test`.");
        Format::Cargo
    }
}

/// Whether a crate is a library, as only those have examples in their documentation that can be run.
fn has_library(package: &str) -> bool {
    let file: PathBuf = ["crates", package, "src", "lib.rs"].iter().collect();
    root().join(file).exists()
}

/// The commands of cargo that together run the wanted tests.
fn steps(
    wanted: &Wanted,
    runner: Format,
    has_library: impl Fn(&str) -> bool,
) -> Vec<(Format, Vec<String>)> {
    if runner == Format::Cargo && wanted.packages.is_empty() {
        return vec![(
            Format::Cargo,
            arguments(&["test", "--no-fail-fast"], &[], &wanted.filters),
        )];
    }
    let programs: &[&str] = match runner {
        Format::Nextest => &["nextest", "run", "--no-fail-fast", "--no-tests=pass"],
        Format::Cargo => &["test", "--no-fail-fast", "--bins", "--tests", "--examples"],
    };
    let mut steps = vec![(
        runner,
        arguments(programs, &wanted.packages, &wanted.filters),
    )];
    let libraries: Vec<String> = wanted
        .packages
        .iter()
        .filter(|package| has_library(package))
        .cloned()
        .collect();
    if wanted.packages.is_empty() || !libraries.is_empty() {
        let examples = ["test", "--doc", "--no-fail-fast"];
        steps.push((
            Format::Cargo,
            arguments(&examples, &libraries, &wanted.filters),
        ));
    }
    steps
}

fn arguments(task: &[&str], packages: &[String], filters: &[String]) -> Vec<String> {
    let mut words: Vec<String> = task.iter().map(|&word| word.to_owned()).collect();
    if packages.is_empty() {
        words.push("--workspace".to_owned());
    }
    for package in packages {
        words.extend(["--package".to_owned(), package.clone()]);
    }
    if !filters.is_empty() {
        words.push("--".to_owned());
        words.extend(filters.iter().cloned());
    }
    words
}

/// Runs a command, shows what it prints while the report reads along, and tells whether it ended well.
fn stream(mut command: Command, format: Format, report: &mut Report) -> Result<bool> {
    let (reader, writer) = pipe()?;
    if stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    // One pipe for both, as the names of suites and their results must stay in order.
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut kept = Kept::start(&mut command, None)?;
    // It holds our writing ends, and while they are open the pipe never ends.
    drop(command);
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let mut screen = stdout().lock();
        screen.write_all(&line)?;
        screen.flush()?;
        report.read(format, &String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(kept.wait()?.success())
}

#[cfg(test)]
mod tests {
    use super::{Format, steps};
    use crate::arguments::Wanted;

    fn lines(wanted: &Wanted, runner: Format) -> Vec<String> {
        steps(wanted, runner, |package| package != "xtask")
            .into_iter()
            .map(|(_, arguments)| arguments.join(" "))
            .collect()
    }

    fn wanted(packages: &[&str], filters: &[&str]) -> Wanted {
        Wanted {
            packages: packages.iter().map(|&name| name.to_owned()).collect(),
            filters: filters.iter().map(|&name| name.to_owned()).collect(),
            ..Wanted::default()
        }
    }

    #[test]
    fn everything_is_the_workspace_and_its_examples() {
        assert_eq!(
            lines(&Wanted::default(), Format::Nextest),
            [
                "nextest run --no-fail-fast --no-tests=pass --workspace",
                "test --doc --no-fail-fast --workspace",
            ]
        );
        assert_eq!(
            lines(&Wanted::default(), Format::Cargo),
            ["test --no-fail-fast --workspace"]
        );
    }

    #[test]
    fn packages_and_filters_are_handed_on() {
        assert_eq!(
            lines(&wanted(&["domain", "xtask"], &["ids"]), Format::Nextest),
            [
                "nextest run --no-fail-fast --no-tests=pass --package domain --package xtask -- ids",
                "test --doc --no-fail-fast --package domain -- ids",
            ]
        );
    }

    #[test]
    fn a_crate_without_library_has_no_examples_to_run() {
        assert_eq!(lines(&wanted(&["xtask"], &[]), Format::Nextest).len(), 1);
        assert_eq!(
            lines(&wanted(&["xtask"], &[]), Format::Cargo),
            ["test --no-fail-fast --bins --tests --examples --package xtask"]
        );
    }
}
