//! `cargo xtask bench quality`: how good the ranking is on judged posts, and what each part of the engine adds to it.
//!
//! The posts, the judgments and the program that scores a ranking are in `benches/quality`.

mod measures;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use measures::{Measured, Table};

use crate::debian;
use crate::process::{cargo, output, root, succeed, target_folder, works};

/// The sets, as folders of `benches/quality`.
const SETS: [&str; 2] = ["dev/a", "dev/f"];
/// Judgments of requests of one set against offers of the other.
const CROSS: &str = "dev/cross.tsv";

/// Builds, measures both sets together and each alone, and prints two tables.
///
/// # Errors
/// When something is missing or does not run, and when a floor is missed.
pub(crate) fn run() -> Result<()> {
    if !works(Command::new("python3").arg("--version")) {
        debian::install(&["python3"])?;
    }
    println!("Building samenspel and the engine in the release profile.");
    succeed(&mut cargo(["build", "--release", "--quiet", "-p", "cli"]))?;
    let example = ["-p", "matching", "--example", "quality"];
    succeed(cargo(["build", "--release", "--quiet"]).args(example))?;

    let whole = Sample::prepare("both", &SETS)?;
    println!("\n{}", whole.parts()?);
    let mut table = Table::new(whole.measured()?);
    for set in SETS {
        let alone = Sample::prepare(&set.replace('/', "-"), &[set])?;
        table.add(set, alone.measured()?);
    }
    println!("{table}");
    match table.missed() {
        0 => Ok(()),
        missed => bail!("floors missed: {missed}"),
    }
}

/// Some of the sets as the product reads them.
struct Sample {
    sets: Vec<PathBuf>,
    /// Where its CSV files are.
    folder: PathBuf,
}

impl Sample {
    /// Writes the CSV files of these sets anew.
    fn prepare(name: &str, sets: &[&str]) -> Result<Self> {
        let folder = target_folder().join("bench/quality").join(name);
        fs::create_dir_all(&folder)?;
        let sets: Vec<PathBuf> = sets.iter().map(|set| benchmark().join(set)).collect();
        succeed(evaluate("prepare").arg(&folder).args(&sets))?;
        Ok(Self { sets, folder })
    }

    /// Whether judgments across sets say something about it.
    fn is_whole(&self) -> bool {
        self.sets.len() == SETS.len()
    }

    /// What every signal and every step of the reading is worth, as a table.
    fn parts(&self) -> Result<String> {
        let mut command = Command::new(target_folder().join("release/examples/quality"));
        command.args(["requests.csv", "offers.csv"].map(|file| self.folder.join(file)));
        command.args(self.sets.iter().map(|set| set.join("qrels.tsv")));
        if self.is_whole() {
            command.arg(benchmark().join(CROSS));
        }
        output(&mut command)
    }

    /// Ranks with the product, and scores what it answers.
    fn measured(&self) -> Result<Measured> {
        let matches = self.folder.join("matches.csv");
        let mut command = Command::new(target_folder().join("release/samenspel"));
        command.args(["rank", "--top", "10"]);
        command
            .arg("--requests")
            .arg(self.folder.join("requests.csv"));
        command.arg("--offers").arg(self.folder.join("offers.csv"));
        output(command.arg("--output").arg(&matches))?;
        let mut score = evaluate("score");
        score.arg(&matches).args(&self.sets);
        if self.is_whole() {
            score.arg("--extra").arg(benchmark().join(CROSS));
        }
        Measured::read(&output(&mut score)?)
    }
}

/// The folder of the benchmark.
fn benchmark() -> PathBuf {
    root().join("benches/quality")
}

/// The program that prepares and scores.
fn evaluate(what: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(Path::new(&benchmark()).join("evaluate.py"));
    command.arg(what).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
