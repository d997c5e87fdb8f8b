//! `cargo xtask bench`: measures the product; each bench is a module and a variant of [`Bench`].

mod quality;
mod speed;
mod verdict;

use anyhow::{Result, bail};

/// One thing to measure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bench {
    /// How good the ranking is on judged posts.
    Quality,
    /// How fast the engine is beside its peers, or how it grows.
    Speed(speed::Wanted),
}

/// Reads the words after `cargo xtask bench`.
///
/// # Errors
/// A sentence for the developer when a word is not understood.
pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Bench> {
    match words.next().as_deref() {
        Some("quality") => match words.next() {
            None => Ok(Bench::Quality),
            Some(extra) => bail!("`bench quality` takes no `{extra}`."),
        },
        Some("speed") => Ok(Bench::Speed(speed::Wanted::parse(words)?)),
        Some(other) => bail!("There is no bench `{other}`; there are `quality` and `speed`."),
        None => bail!("`bench` wants the name of a bench after it, such as `quality`."),
    }
}

/// Measures, and prints what was found.
///
/// # Errors
/// When something is missing or does not run, or when what was measured is below its floor.
pub(crate) fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Quality => quality::run(),
        Bench::Speed(wanted) => speed::run(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_bench_has_a_name() {
        let parsed = |line: &str| {
            parse(line.split_whitespace().map(str::to_owned)).map_err(|problem| problem.to_string())
        };
        assert!(parsed("speed --size 2000").is_ok());
        assert!(parsed("quality").is_ok());
        assert_eq!(
            parsed("quality --fast"),
            Err("`bench quality` takes no `--fast`.".to_owned())
        );
        assert_eq!(
            parsed("beauty"),
            Err("There is no bench `beauty`; there are `quality` and `speed`.".to_owned())
        );
        assert_eq!(
            parsed(""),
            Err("`bench` wants the name of a bench after it, such as `quality`.".to_owned())
        );
    }
}
