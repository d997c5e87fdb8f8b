//! The options of `cargo xtask fuzz-api`; read by `arguments`, used by `fuzz_api`.

use anyhow::{Result, bail};

use crate::arguments::number;

/// How much to ask, and where chance begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Requests at least, all rounds together.
    pub(super) requests: usize,
    /// The seed of the first round; each next has one more.
    pub(super) seed: u32,
    /// What is asked.
    pub(super) depth: Depth,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Also by chance, and what one answer gives used for the next question.
    Long,
    /// The examples and the edges of each field.
    Short,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            requests: 20_000,
            seed: 1,
            depth: Depth::Long,
        }
    }
}

impl Wanted {
    /// One round of each kind, always the same: for every change.
    pub(crate) fn short() -> Self {
        Self {
            requests: 1,
            depth: Depth::Short,
            ..Self::default()
        }
    }

    /// Reads the words after `cargo xtask fuzz-api`.
    ///
    /// # Errors
    /// A sentence for the developer when a word is not understood.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut wanted = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--requests" => wanted.requests = number(&word, &mut words, 1)?,
                "--seed" => wanted.seed = number(&word, &mut words, 1)?,
                "--short" => wanted = Self::short(),
                _ => bail!("`fuzz-api` has no option `{word}`."),
            }
        }
        Ok(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    fn parsed(line: &str) -> Result<Wanted, String> {
        Wanted::parse(line.split_whitespace().map(str::to_owned))
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn twenty_thousand_are_usual_and_options_may_be_given() {
        assert_eq!(parsed("").map(|wanted| wanted.requests), Ok(20_000));
        assert_eq!(parsed("--short"), Ok(Wanted::short()));
        let wanted = parsed("--seed 7 --requests 500");
        assert_eq!(
            wanted.map(|wanted| (wanted.requests, wanted.seed)),
            Ok((500, 7))
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let unknown = "`fuzz-api` has no option `--hours`.";
        assert_eq!(parsed("--hours 1"), Err(unknown.to_owned()));
        assert!(parsed("--requests 0").is_err() && parsed("--seed").is_err());
    }
}
