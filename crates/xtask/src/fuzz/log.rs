//! What libFuzzer said while it ran, as a row of a table; used by `fuzz`.

use std::fmt;
use std::time::Duration;

/// What one target did.
#[derive(Debug, PartialEq)]
pub(super) struct Log {
    inputs: f64,
    seconds: f64,
    /// How many branches any input reached.
    branches: String,
    /// How many inputs are kept because each reached something new.
    corpus: String,
    memory: String,
    seed: String,
    why: Option<String>,
}

impl Log {
    /// Reads the log of a run that took so long; what it does not tell is shown as a dash.
    pub(super) fn read(said: &str, took: Duration) -> Self {
        let after = |mark: &str| {
            let found = said.lines().rev().find_map(|line| line.split_once(mark));
            found.and_then(|(_, rest)| rest.split_whitespace().next())
        };
        let shown = |mark: &str| after(mark).unwrap_or("–").to_owned();
        let inputs = after("stat::number_of_executed_units:");
        Self {
            inputs: inputs.and_then(|count| count.parse().ok()).unwrap_or(0.0),
            seconds: took.as_secs_f64(),
            branches: shown(" cov: "),
            corpus: shown(" corp: ").split('/').next().unwrap_or("–").to_owned(),
            memory: shown("stat::peak_rss_mb:"),
            seed: shown("INFO: Seed: "),
            why: why(said),
        }
    }

    /// What a panic said, when there was one.
    pub(super) fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }
}

/// The first line of a panic's message, which stands below where it was.
fn why(said: &str) -> Option<String> {
    let mut lines = said
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    let (place, message) = (lines.next()?, lines.next()?);
    let place = place.split_once("panicked at ")?.1;
    Some(format!("{place} {message}"))
}

impl fmt::Display for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let a_second = self.inputs / self.seconds.max(1.0);
        write!(
            formatter,
            "{:>12.0}{a_second:>10.0}{:>10}{:>12}{:>12}   {}",
            self.inputs, self.branches, self.corpus, self.memory, self.seed
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Log;

    const SAID: &str = "\
INFO: Seed: 41
#7	INITED cov: 2571 ft: 4384 corp: 6/1434b exec/s: 0 rss: 45Mb
#30081	DONE   cov: 2958 ft: 8801 corp: 848/286Kb lim: 931 exec/s: 4297 rss: 51Mb
stat::number_of_executed_units: 30081
stat::peak_rss_mb:              51
";

    #[test]
    fn the_last_word_on_each_thing_counts() {
        let log = Log::read(SAID, Duration::from_secs(7));
        let expected = "       30081      4297      2958         848          51   41";
        assert_eq!(log.to_string(), expected);
        assert_eq!(log.why(), None);
    }

    #[test]
    fn a_panic_tells_where_and_why() {
        let said = format!(
            "{SAID}\nthread '<unnamed>' (7) panicked at src/reading.rs:35:13:\n\"x\" is not there\nnote: run with"
        );
        let log = Log::read(&said, Duration::from_secs(1));
        assert_eq!(log.why(), Some("src/reading.rs:35:13: \"x\" is not there"));
    }

    #[test]
    fn what_is_not_told_is_a_dash() {
        let log = Log::read("", Duration::ZERO).to_string();
        assert!(log.trim().starts_with('0') && log.ends_with('–'), "{log}");
    }
}
