//! `cargo xtask torture KIND`: runs one kind of torture long, prints what came of it, and records it when asked.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it tells a developer on a terminal what it found"
)]

mod kinds;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};
use torture::figures::Figures;
use torture::program::Program;

/// The words of the command line.
struct Words {
    kind: String,
    options: Vec<(String, Option<String>)>,
}

fn main() -> ExitCode {
    let outcome = Words::read(std::env::args().skip(1)).and_then(Words::run);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("{cause:#}");
            ExitCode::FAILURE
        }
    }
}

impl Words {
    /// Options are `--name value`, or `--name` alone before another or at the end.
    fn read(words: impl Iterator<Item = String>) -> Result<Self> {
        let mut words = words.peekable();
        let kind = words.next().context("which torture?")?;
        let mut options = Vec::new();
        while let Some(word) = words.next() {
            let Some(name) = word.strip_prefix("--") else {
                bail!("`{word}` is no option");
            };
            let value = words.next_if(|next| !next.starts_with("--"));
            options.push((name.to_owned(), value));
        }
        Ok(Self { kind, options })
    }

    /// Takes an option out, so that what is left at the end is known to be unknown.
    pub(crate) fn take(&mut self, name: &str) -> Option<Option<String>> {
        let place = self.options.iter().position(|(option, _)| option == name)?;
        Some(self.options.remove(place).1)
    }

    pub(crate) fn number<N: FromStr>(&mut self, name: &str, usual: N) -> Result<N> {
        match self.take(name) {
            None => Ok(usual),
            Some(value) => value
                .and_then(|value| value.parse().ok())
                .with_context(|| format!("`--{name}` wants a whole number")),
        }
    }

    fn run(mut self) -> Result<()> {
        let program = self.take("program").flatten();
        let program = Program::new(program.context("`--program` wants the path of samenspel")?);
        let records = self.take("record").is_some();
        let seed = self.number("seed", 1)?;
        let found = match self.kind.as_str() {
            "smtp" => self.smtp(&program, seed)?,
            "power" => self.power(&program, seed)?,
            "kill" => self.kill(&program, seed)?,
            "sweep" => self.sweep(&program)?,
            "frozen" => self.frozen(&program, seed)?,
            "backup" => self.backup(&program)?,
            "outage" => self.outage(&program)?,
            "simulate" => self.simulate(&program, seed)?,
            "throughput" => self.throughput(&program)?,
            other => bail!("there is no torture `{other}`"),
        };
        self.nothing_else()?;
        println!("{}", found.text);
        if records {
            Figures {
                kind: &self.kind,
                title: found.title,
                command: &found.command,
                found: &found.text,
            }
            .record(&document())?;
        }
        if found.wrong.is_empty() {
            return Ok(());
        }
        bail!("{}", found.wrong.join("\n"))
    }

    fn nothing_else(&self) -> Result<()> {
        match self.options.first() {
            Some((name, _)) => bail!("`{}` takes no `--{name}`", self.kind),
            None => Ok(()),
        }
    }
}

/// Where figures are recorded.
fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md")
}
