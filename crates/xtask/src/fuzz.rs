//! `cargo xtask fuzz`: looks for input that breaks the engine, led by which branches an input reaches.
//!
//! The targets are in `fuzz/`, and libFuzzer runs them. It needs every branch counted; LLVM does that for the compiler
//! of `rust-toolchain.toml` as well as for a nightly one, as long as no sanitizer is asked for.

mod log;
mod wanted;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use log::Log;
pub(crate) use wanted::Wanted;

use crate::debian;
use crate::process::{Kept, output, root, succeed, target_folder, works};

/// The programs of `fuzz/`, which have a folder of seeds of the same name.
const TARGETS: [&str; 4] = ["reading", "market", "weights", "places"];

/// What makes LLVM count branches and tell what is compared with what (clang's documentation of `SanitizerCoverage`).
const FLAGS: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// The largest input, in bytes: more than the longest title and body.
const MAX_BYTES: usize = 8_192;
/// Seconds after which one input is a finding: time must stay bounded.
const MAX_SECONDS: usize = 5;
/// The memory that makes an input a finding, in MiB.
const MAX_MEMORY: usize = 1_024;

/// Runs every target for its share of the time, and prints what each has done.
///
/// # Errors
/// When something is missing or does not build, and when an input breaks something; the error names its file.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let folder = build()?;
    let seconds = wanted.seconds() / TARGETS.len();
    println!("Each target gets {seconds} seconds.\n");
    println!(
        "{:<10}{:>12}{:>10}{:>10}{:>12}{:>12}   seed",
        "target", "inputs", "a second", "branches", "corpus", "peak, MiB"
    );
    let mut findings = Vec::new();
    for name in TARGETS {
        let target = Target::prepare(name, &folder)?;
        let (log, found) = target.run(seconds, wanted)?;
        println!("{name:<10}{log}");
        findings.extend(found.iter().map(|path| told(name, path, &log)));
    }
    if findings.is_empty() {
        println!("\nNo findings. What reached something new is kept in target/fuzz/corpus.");
        return Ok(());
    }
    bail!("findings: {}\n{}", findings.len(), findings.join("\n"))
}

/// Builds the targets with every branch counted; gives the folder they are in.
fn build() -> Result<PathBuf> {
    if !works(Command::new("c++").arg("--version")) {
        debian::install(&["g++"])?;
    }
    println!("Building the targets with every branch counted; the first time takes minutes.");
    let host = host()?;
    let build = target_folder().join("fuzz/build");
    // With a target named, cargo keeps the flags away from what runs while building.
    succeed(
        crate::process::cargo(["build", "--release", "--quiet", "--bins"])
            .args(["--target", &host, "--manifest-path"])
            .arg(root().join("fuzz/Cargo.toml"))
            .arg("--target-dir")
            .arg(&build)
            .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}")),
    )?;
    Ok(build.join(host).join("release"))
}

/// The machine that the compiler builds for when nothing else is asked.
fn host() -> Result<String> {
    let told = output(Command::new("rustc").arg("-vV").current_dir(root()))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` tells no host")?.to_owned())
}

/// One program with its folders.
struct Target {
    program: PathBuf,
    /// Inputs in the repository; they are not changed.
    given: Vec<PathBuf>,
    /// Inputs that reached something new, in this run and before.
    corpus: PathBuf,
    /// Inputs that broke something.
    findings: PathBuf,
    log: PathBuf,
}

impl Target {
    fn prepare(name: &str, programs: &Path) -> Result<Self> {
        let own = target_folder().join("fuzz");
        let given = ["seeds", "findings"].map(|kind| root().join("fuzz").join(kind).join(name));
        let target = Self {
            program: programs.join(name),
            given: given.into_iter().filter(|path| path.is_dir()).collect(),
            corpus: own.join("corpus").join(name),
            findings: own.join("findings").join(name),
            log: own.join(format!("{name}.log")),
        };
        fs::create_dir_all(&target.corpus)?;
        fs::create_dir_all(&target.findings)?;
        Ok(target)
    }

    /// Runs it for so many seconds; gives what it said and the files of what it found.
    fn run(&self, seconds: usize, wanted: &Wanted) -> Result<(Log, Vec<PathBuf>)> {
        let before = self.found()?;
        let started = Instant::now();
        let mut command = self.command(seconds, wanted);
        command
            .stdout(File::create(&self.log)?)
            .stderr(File::options().append(true).open(&self.log)?);
        let ended = Kept::start(&mut command, None)?.wait()?;
        let said = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        let log = Log::read(&said, started.elapsed());
        let found: Vec<PathBuf> = self.found()?.difference(&before).cloned().collect();
        if !ended.success() && found.is_empty() {
            bail!(
                "{} ended with {ended}; read {}",
                self.program.display(),
                self.log.display()
            );
        }
        Ok((log, found))
    }

    fn command(&self, seconds: usize, wanted: &Wanted) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(&self.corpus).args(&self.given);
        command.arg(format!("-artifact_prefix={}/", self.findings.display()));
        command.arg(format!("-max_total_time={seconds}"));
        command.arg(format!("-max_len={MAX_BYTES}"));
        command.arg(format!("-timeout={MAX_SECONDS}"));
        command.arg(format!("-rss_limit_mb={MAX_MEMORY}"));
        command.arg(format!("-seed={}", wanted.seed));
        command.arg("-print_final_stats=1");
        command
    }

    /// The files of what was found, in this run and before.
    fn found(&self) -> Result<BTreeSet<PathBuf>> {
        let entries = fs::read_dir(&self.findings)?;
        entries.map(|entry| Ok(entry?.path())).collect()
    }
}

/// What to do with a finding.
fn told(target: &str, path: &Path, log: &Log) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let why = log.why().unwrap_or("it took too much time or memory");
    format!(
        "{target}: {}\n  {why}\n  Keep it as fuzz/findings/{target}/{name}: \
         `cargo test -p matching --test findings` then fails until it is mended.",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::{TARGETS, Target, Wanted, host, told};
    use crate::process::root;

    /// A target that runs a script instead of libFuzzer.
    fn scripted(name: &str, script: &str) -> Target {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let findings = folder.join("findings");
        fs::create_dir_all(&findings).expect("a folder of our own");
        let program = folder.join("program");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be run");
        Target {
            program,
            given: Vec::new(),
            corpus: folder.join("corpus"),
            findings,
            log: folder.join("log"),
        }
    }

    #[test]
    fn a_finding_is_named_with_its_file_and_its_reason() {
        let target = scripted(
            "finding",
            "echo \"thread 'x' panicked at src/places.rs:7:1:\" >&2; echo 'no place' >&2\n\
             for word; do case $word in -artifact_prefix=*) touch \"${word#*=}crash-1\";; esac; done\n\
             exit 77",
        );
        let (log, found) = target
            .run(1, &Wanted::default())
            .expect("a finding is no fault");
        let [path] = found.as_slice() else {
            panic!("one finding, not {found:?}");
        };
        let said = told("places", path, &log);
        assert!(said.contains("findings/crash-1"), "{said}");
        assert!(said.contains("src/places.rs:7:1: no place"), "{said}");
        let again = target.run(1, &Wanted::default());
        let problem = again.expect_err("an end without a new finding is a fault");
        assert!(problem.to_string().contains("log"), "{problem}");
        fs::remove_dir_all(target.findings.parent().expect("its folder")).expect("ours");
    }

    #[test]
    fn a_run_that_ends_well_has_no_findings() {
        let target = scripted("quiet", "echo 'stat::number_of_executed_units: 12'");
        let (log, found) = target.run(1, &Wanted::default()).expect("it ends well");
        assert!(found.is_empty(), "{found:?}");
        assert!(log.to_string().trim_start().starts_with("12 "), "{log}");
        fs::remove_dir_all(target.findings.parent().expect("its folder")).expect("ours");
    }

    #[test]
    fn every_target_is_a_program_with_seeds() {
        let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("a manifest");
        for target in TARGETS {
            assert!(
                manifest.contains(&format!("path = \"targets/{target}.rs\"")),
                "{target}"
            );
            let seeds = root().join("fuzz/seeds").join(target);
            let mut seeds = fs::read_dir(seeds).expect("a folder of seeds");
            assert!(seeds.next().is_some(), "{target} has no seeds");
        }
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    }

    #[test]
    fn the_compiler_tells_what_it_builds_for() {
        let host = host().expect("rustc is there");
        assert!(host.contains('-'), "{host}");
    }
}
