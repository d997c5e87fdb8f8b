//! The options of `cargo xtask fuzz`; read by `arguments`, used by `fuzz`.

use anyhow::{Result, bail};

use crate::arguments::number;

/// How long to look, and where chance begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// For all targets together.
    minutes: usize,
    /// The seed of libFuzzer; 0 is another one each time.
    pub(super) seed: u32,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            minutes: 10,
            seed: 0,
        }
    }
}

impl Wanted {
    /// Reads the words after `cargo xtask fuzz`.
    ///
    /// # Errors
    /// A sentence for the developer when a word is not understood.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut wanted = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--minutes" => wanted.minutes = number(&word, &mut words, 1)?,
                "--seed" => wanted.seed = number(&word, &mut words, 1)?,
                _ => bail!("`fuzz` has no option `{word}`."),
            }
        }
        Ok(wanted)
    }

    /// How long, in seconds.
    pub(super) fn seconds(&self) -> usize {
        self.minutes.saturating_mul(60)
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
    fn ten_minutes_are_usual_and_both_options_may_be_given() {
        assert_eq!(parsed(""), Ok(Wanted::default()));
        assert_eq!(Wanted::default().seconds(), 600);
        let wanted = Wanted {
            minutes: 1,
            seed: 7,
        };
        assert_eq!(parsed("--seed 7 --minutes 1"), Ok(wanted));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, expected) in [
            ("--hours 1", "`fuzz` has no option `--hours`."),
            ("--minutes", "`--minutes` wants a value after it."),
            (
                "--minutes 0",
                "`--minutes` wants a whole number from 1, not `0`.",
            ),
            (
                "--seed one",
                "`--seed` wants a whole number from 1, not `one`.",
            ),
        ] {
            assert_eq!(parsed(line), Err(expected.to_owned()), "{line}");
        }
    }
}
