//! `cargo xtask fuzz-api`: sends a running server what the contract allows and what it forbids, by Schemathesis, and
//! fails when an answer is not what the contract says; used by `test` too, for a short time.

mod market;
mod wanted;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::process::{root, shown, target_folder};
use crate::python;
use market::Market;
use wanted::Depth;
pub(crate) use wanted::Wanted;

/// Requests of one round for each operation; a run has as many rounds as it takes.
const EACH: usize = 60;

/// What Schemathesis says about a round.
#[derive(Debug, Deserialize)]
struct Told {
    operations: Operations,
    test_cases: Cases,
    failures: Vec<Finding>,
    errors: Vec<serde_json::Value>,
    complete: bool,
}

#[derive(Debug, Deserialize)]
struct Operations {
    tested: usize,
}

#[derive(Debug, Deserialize)]
struct Cases {
    generated: usize,
}

#[derive(Debug, Deserialize)]
struct Finding {
    title: String,
    operations: Vec<String>,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
enum Asker {
    Coordinator,
    Nobody,
}

/// Runs rounds, by a coordinator and by nobody in turn, until enough was asked.
///
/// # Errors
/// When something is missing, and when an answer was not what the contract says; the error names the report.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let folder = root().join("tests/fuzz_api");
    let python = python::with_requirements("schemathesis", &folder.join("requirements.txt"))?;
    let market = Market::open()?;
    let reports = target_folder().join("fuzz-api");
    fs::create_dir_all(&reports)?;
    println!(
        "{:<13}{:>7}{:>12}{:>10}{:>10}",
        "asked by", "seed", "operations", "requests", "findings"
    );
    let mut asked = 0;
    let mut findings = Vec::new();
    for (round, asker) in (0..).zip([Asker::Coordinator, Asker::Nobody].into_iter().cycle()) {
        let seed = wanted.seed.wrapping_add(round);
        let report = reports.join(format!("round-{round}"));
        let mut command = Command::new(python.with_file_name("schemathesis"));
        command
            .arg("--config-file")
            .arg(folder.join("schemathesis.toml"));
        ask(&mut command, &market, wanted.depth, asker);
        command.args(["--seed", &seed.to_string()]);
        let told = round_of(&mut command, &report)?;
        println!(
            "{:<13}{seed:>7}{:>12}{:>10}{:>10}",
            format!("{asker:?}").to_lowercase(),
            told.operations.tested,
            told.test_cases.generated,
            told.failures.len() + told.errors.len(),
        );
        asked += told.test_cases.generated;
        findings.extend(in_words(&told, &report));
        if asked >= wanted.requests && matches!(asker, Asker::Nobody) {
            break;
        }
    }
    println!("Requests: {asked}");
    findings.extend(market.faults()?);
    if findings.is_empty() {
        println!("No findings.");
        return Ok(());
    }
    bail!("findings: {}\n{}", findings.len(), findings.join("\n"))
}

fn ask(command: &mut Command, market: &Market, depth: Depth, asker: Asker) {
    let phases = match depth {
        Depth::Long => "examples,coverage,fuzzing,stateful",
        Depth::Short => "examples,coverage",
    };
    command
        .arg("run")
        .arg(format!("{}/v1/openapi.json", market.address))
        .args(["--url", &format!("{}/v1", market.address)])
        .args(["--phases", phases])
        .args(["--max-examples", &EACH.to_string()])
        .args(["--generation-database", "none", "--warnings", "off"])
        .args(["--continue-on-failure", "--no-color"]);
    if let Asker::Coordinator = asker {
        command.args([
            "--header",
            &format!("Authorization: Bearer {}", market.token),
        ]);
    }
}

/// Runs one round; what it said goes to a file beside its report.
fn round_of(command: &mut Command, report: &Path) -> Result<Told> {
    let file = report.with_extension("json");
    if file.exists() {
        fs::remove_file(&file)?;
    }
    let said = report.with_extension("txt");
    let status = command
        .args(["--report", "json", "--report-json-path"])
        .arg(&file)
        // It keeps a cache where it runs.
        .current_dir(target_folder())
        .stdin(Stdio::null())
        .stdout(fs::File::create(&said)?)
        .stderr(fs::File::options().append(true).open(&said)?)
        .status()
        .with_context(|| format!("`{}` cannot be started", shown(command)))?;
    let text = fs::read_to_string(&file)
        .with_context(|| format!("it ended with {status}; read {}", said.display()))?;
    let told: Told = serde_json::from_str(&text)?;
    if !told.complete || told.operations.tested == 0 {
        bail!("a round did not reach its end; read {}", said.display());
    }
    Ok(told)
}

/// Each finding with where more is said about it.
fn in_words(told: &Told, report: &Path) -> Vec<String> {
    let said: PathBuf = report.with_extension("txt");
    let errors = told.errors.iter().map(ToString::to_string);
    told.failures
        .iter()
        .map(|finding| format!("{}: {}", finding.title, finding.operations.join(", ")))
        .chain(errors)
        .map(|finding| format!("{finding} ({})", said.display()))
        .collect()
}
