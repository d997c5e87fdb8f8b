//! The options of `cargo xtask bench speed`; read by `arguments`, used by `speed`.

use anyhow::{Result, bail};

use crate::arguments::{number, value};

/// What to measure, and on what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// How many requests, and as many offers.
    pub(super) size: usize,
    /// How many threads match.
    pub(super) threads: usize,
    /// How often each program runs.
    pub(super) rounds: usize,
    /// Who runs beside the engine.
    pub(super) peers: Vec<Peer>,
    /// Which table to make.
    pub(super) what: What,
}

/// Which table to make.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum What {
    /// The engine beside its peers.
    Comparison,
    /// The engine alone, at sizes that double.
    Growth,
}

/// A program that does the engine's work in another way.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
pub(super) enum Peer {
    /// scikit-learn and `sparse_dot_topn`; approximate.
    Sparse,
    /// The definition itself in numpy.
    Exact,
    /// A full-text search engine.
    Tantivy,
    /// One SQL statement that ranks by codes and adds the text for the best.
    Postgres,
}

impl Peer {
    /// All of them, in the order of the table.
    const ALL: [Self; 4] = [Self::Sparse, Self::Exact, Self::Tantivy, Self::Postgres];

    /// What it is called in the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sparse => "sparse_dot_topn",
            Self::Exact => "numpy, exact",
            Self::Tantivy => "tantivy",
            Self::Postgres => "PostgreSQL, two stages",
        }
    }

    /// How many requests it matches before its time is scaled up; nothing means all.
    ///
    /// The slow ones would take an hour for all of them.
    pub(super) fn sample(self) -> Option<usize> {
        match self {
            Self::Sparse => None,
            Self::Exact => Some(2_000),
            Self::Tantivy => Some(5_000),
            Self::Postgres => Some(60),
        }
    }

    fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "sparse" => Self::Sparse,
            "exact" => Self::Exact,
            "tantivy" => Self::Tantivy,
            "postgres" => Self::Postgres,
            _ => bail!("There is no peer `{name}`; there are sparse, exact, tantivy and postgres."),
        })
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            size: super::SIZE_OF_FLOORS,
            threads: 2,
            rounds: 3,
            peers: Peer::ALL.to_vec(),
            what: What::Comparison,
        }
    }
}

impl Wanted {
    /// Reads the words after `cargo xtask bench speed`.
    ///
    /// # Errors
    /// A sentence for the developer when a word is not understood.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut wanted = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--size" => wanted.size = number(&word, &mut words, MIN_SIZE)?,
                "--threads" => wanted.threads = number(&word, &mut words, 1)?,
                "--rounds" => wanted.rounds = number(&word, &mut words, 1)?,
                "--peers" => wanted.peers = peers(&value(&word, &mut words)?)?,
                "--growth" => wanted.what = What::Growth,
                _ => bail!("`bench speed` has no option `{word}`."),
            }
        }
        Ok(wanted)
    }

    /// The sizes at which growth is measured: each twice the one before, from a quarter of the size to twice the size.
    pub(super) fn growing_sizes(&self) -> [usize; 4] {
        [1, 2, 4, 8].map(|times| (self.size / 4).saturating_mul(times))
    }
}

/// Below this a run is over before it can be measured.
const MIN_SIZE: usize = 100;

fn peers(names: &str) -> Result<Vec<Peer>> {
    let mut peers = names
        .split(',')
        .map(Peer::parse)
        .collect::<Result<Vec<_>>>()?;
    peers.sort_unstable();
    peers.dedup();
    Ok(peers)
}

#[cfg(test)]
mod tests {
    use super::{Peer, Wanted, What};

    fn parsed(line: &str) -> Result<Wanted, String> {
        Wanted::parse(line.split_whitespace().map(str::to_owned))
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn without_options_the_floors_are_measured() {
        let wanted = parsed("").expect("no option is needed");
        assert_eq!((wanted.size, wanted.threads, wanted.rounds), (50_000, 2, 3));
        assert_eq!(wanted.peers, Peer::ALL);
        assert_eq!(wanted.what, What::Comparison);
    }

    #[test]
    fn options_may_stand_in_any_order() {
        let wanted = parsed("--peers tantivy,sparse,tantivy --rounds 1 --size 2000 --growth");
        let expected = Wanted {
            size: 2_000,
            threads: 2,
            rounds: 1,
            peers: vec![Peer::Sparse, Peer::Tantivy],
            what: What::Growth,
        };
        assert_eq!(wanted, Ok(expected));
    }

    #[test]
    fn growth_doubles_around_the_size() {
        assert_eq!(
            Wanted::default().growing_sizes(),
            [12_500, 25_000, 50_000, 100_000]
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, expected) in [
            ("--fast", "`bench speed` has no option `--fast`."),
            ("--size", "`--size` wants a value after it."),
            ("--size --growth", "`--size` wants a value after it."),
            (
                "--size 50",
                "`--size` wants a whole number from 100, not `50`.",
            ),
            (
                "--rounds many",
                "`--rounds` wants a whole number from 1, not `many`.",
            ),
            (
                "--peers sparse,lucene",
                "There is no peer `lucene`; there are sparse, exact, tantivy and postgres.",
            ),
        ] {
            assert_eq!(parsed(line), Err(expected.to_owned()), "{line}");
        }
    }
}
