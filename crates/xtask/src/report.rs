//! Reads what test programs print and makes one table of it; used by `test`.

use std::collections::BTreeMap;
use std::fmt;

/// Which program prints the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `cargo nextest run`: a line per test with its suite.
    Nextest,
    /// `cargo test`: a line that opens a suite, and one with its counts.
    Cargo,
}

/// The counts of one suite: a test program, or the examples in the documentation of a crate.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Counts {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
    /// Seconds spent in tests, summed over those that ran at the same time.
    pub(crate) seconds: f64,
}

/// What has been run so far; shown as a table.
#[derive(Debug, Default)]
pub(crate) struct Report {
    suites: BTreeMap<String, Counts>,
    not_run: u64,
    open_suite: Option<String>,
    summary_seen: bool,
}

impl Report {
    /// Takes in one printed line; most lines say nothing about a result.
    pub(crate) fn read(&mut self, format: Format, line: &str) {
        let line = without_colors(line);
        match format {
            Format::Nextest => self.read_nextest(line.trim()),
            Format::Cargo => self.read_cargo(line.trim()),
        }
    }

    /// How many tests ran, and how many of them failed.
    pub(crate) fn totals(&self) -> Counts {
        self.suites
            .values()
            .fold(Counts::default(), |sum, suite| sum.plus(*suite))
    }

    /// Example: `PASS [   0.004s] (1/3) domain ids::tests::an_id_is_read_back`.
    fn read_nextest(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("Summary [") {
            // Failures are repeated below the summary.
            self.summary_seen = true;
            self.not_run += number_before(rest, " skipped");
            return;
        }
        if self.summary_seen {
            return;
        }
        let Some((status, rest)) = line.split_once(" [") else {
            return;
        };
        let Some((time, rest)) = rest.split_once(']') else {
            return;
        };
        let Some(seconds) = seconds(time) else {
            return;
        };
        let Some(suite) = rest.split_whitespace().find(|word| is_suite(word)) else {
            return;
        };
        let Some(one) = one_test(status, seconds) else {
            return;
        };
        self.add(suite.to_owned(), one);
    }

    /// Examples: `Running unittests src/lib.rs (target/debug/deps/domain-0123456789abcdef)`, `Doc-tests domain`,
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
    fn read_cargo(&mut self, line: &str) {
        if let Some(name) = opened_suite(line) {
            self.open_suite = Some(name);
            return;
        }
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        let suite = self.open_suite.take().unwrap_or_else(|| "?".to_owned());
        self.not_run += number_before(counts, " ignored") + number_before(counts, " filtered out");
        let counts = Counts {
            passed: number_before(counts, " passed"),
            failed: number_before(counts, " failed"),
            seconds: counts
                .rsplit_once("finished in ")
                .and_then(|(_, time)| seconds(time))
                .unwrap_or(0.0),
        };
        if counts.passed + counts.failed > 0 {
            self.add(suite, counts);
        }
    }

    fn add(&mut self, suite: String, counts: Counts) {
        let sum = self.suites.entry(suite).or_default();
        *sum = sum.plus(counts);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.suites.keys().map(|name| name.chars().count()).max();
        let width = width.unwrap_or(0).max("suite".len());
        writeln!(
            out,
            "{:<width$} {:>8} {:>8} {:>10}",
            "suite", "passed", "failed", "seconds"
        )?;
        let mut row = |name: &str, counts: Counts| {
            let Counts {
                passed,
                failed,
                seconds,
            } = counts;
            writeln!(
                out,
                "{name:<width$} {passed:>8} {failed:>8} {seconds:>10.2}"
            )
        };
        for (name, counts) in &self.suites {
            row(name, *counts)?;
        }
        row("all", self.totals())?;
        write!(out, "Not run: {}", self.not_run)
    }
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            seconds: self.seconds + other.seconds,
        }
    }
}

/// The result of one test from nextest's word for it; nothing when it goes on or will be tried again.
fn one_test(status: &str, seconds: f64) -> Option<Counts> {
    let passed = match status.trim() {
        "PASS" | "LEAK" => true,
        "FAIL" | "ABORT" | "TIMEOUT" | "LEAK-FAIL" | "XFAIL" => false,
        signal if signal.starts_with("SIG") => false,
        _ => return None,
    };
    Some(Counts {
        passed: u64::from(passed),
        failed: u64::from(!passed),
        seconds,
    })
}

/// A suite is a plain name such as `cli::e2e`; before it stand counters such as `( 1/120)`.
fn is_suite(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
}

/// The suite that a line of `cargo test` opens, if it opens one.
fn opened_suite(line: &str) -> Option<String> {
    if let Some(name) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{name} (examples)"));
    }
    let (_, program) = line.strip_prefix("Running ")?.rsplit_once('(')?;
    let file = program.trim_end_matches(')').rsplit('/').next()?;
    let (name, _hash) = file.rsplit_once('-')?;
    Some(name.to_owned())
}

/// `  0.004s` and `> 60.000s` are seconds.
fn seconds(time: &str) -> Option<f64> {
    let digits = time.trim().trim_start_matches('>').trim();
    digits.strip_suffix('s')?.parse().ok()
}

/// The whole number right before a word, or 0: in `3 passed; 0 failed` there are 3 before ` passed`.
fn number_before(text: &str, word: &str) -> u64 {
    text.split_once(word)
        .and_then(|(before, _)| before.split_whitespace().last())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

/// Takes the codes out that color a terminal: an escape, a bracket, and all up to a letter.
fn without_colors(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Counts, Format, Report};

    fn read(format: Format, printed: &str) -> Report {
        let mut report = Report::default();
        for line in printed.lines() {
            report.read(format, line);
        }
        report
    }

    fn counts(report: &Report, suite: &str) -> (u64, u64) {
        let counts = report.suites.get(suite).copied().unwrap_or_default();
        (counts.passed, counts.failed)
    }

    const NEXTEST: &str = "
    Finished `test` profile [unoptimized + debuginfo] target(s) in 0.10s
    Starting 6 tests across 2 binaries
        PASS [   0.004s] (1/6) domain ids::tests::an_id_is_read_back
        \u{1b}[32;1mPASS\u{1b}[0m [   0.250s] (2/6) \u{1b}[35;1mdomain\u{1b}[0m theme::tests::labels
        SLOW [> 60.000s] (───) cli::e2e serve::starts
        FAIL [  61.000s] (3/6) cli::e2e serve::starts
        LEAK [   0.100s] (4/6) cli::e2e demo::shows
     SIGABRT [   0.100s] ( 5/6) cli::e2e demo::stops
  TRY 1 FAIL [   0.100s] (6/6) cli::e2e demo::again
        FAIL [   0.100s] (6/6) cli::e2e demo::again
     Summary [  62.100s] 6 tests run: 3 passed, 3 failed, 4 skipped
        FAIL [  61.000s] (3/6) cli::e2e serve::starts
";

    #[test]
    fn nextest_counts_each_test_once_in_its_suite() {
        let report = read(Format::Nextest, NEXTEST);
        assert_eq!(counts(&report, "domain"), (2, 0));
        assert_eq!(counts(&report, "cli::e2e"), (1, 3));
        assert_eq!(report.suites.len(), 2);
        assert_eq!(report.not_run, 4);
        let Counts { passed, failed, .. } = report.totals();
        assert_eq!((passed, failed), (3, 3));
    }

    const CARGO: &str = "
     Running unittests src/lib.rs (target/debug/deps/domain-0123456789abcdef)
running 3 tests
test ids::tests::an_id_is_read_back ... ok
test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 5 filtered out; finished in 0.25s
     Running unittests src/main.rs (target/debug/deps/xtask-0123456789abcdef)
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running ../../tests/main.rs (/tmp/other target/debug/deps/e2e-0123456789abcdef)
test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s
   Doc-tests matching
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.75s
";

    #[test]
    fn cargo_counts_stand_under_the_suite_that_was_opened() {
        let report = read(Format::Cargo, CARGO);
        assert_eq!(counts(&report, "domain"), (2, 1));
        assert_eq!(counts(&report, "e2e"), (7, 0));
        assert_eq!(counts(&report, "matching (examples)"), (1, 0));
        assert_eq!(
            report.suites.len(),
            3,
            "a suite without tests is not listed"
        );
        assert_eq!(report.not_run, 6);
    }

    #[test]
    fn the_table_lines_up_and_ends_with_the_sum() {
        let expected = "\
suite                 passed   failed    seconds
domain                     2        1       0.25
e2e                        7        0       1.50
matching (examples)        1        0       0.75
all                       10        1       2.50
Not run: 6";
        assert_eq!(read(Format::Cargo, CARGO).to_string(), expected);
    }

    #[test]
    fn other_lines_change_nothing() {
        let report = read(
            Format::Nextest,
            "warning: unused [key]\nPASS [soon] domain x",
        );
        assert_eq!(report.totals(), Counts::default());
        let report = read(Format::Cargo, "Running late\ntest x ... ok");
        assert_eq!(report.totals(), Counts::default());
    }
}
