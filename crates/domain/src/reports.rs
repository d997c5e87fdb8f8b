//! Reports: what was asked, offered, matched and missing, counted from facts. Used by the API and the command line.
//!
//! Who reads the database makes [`Facts`] of it; everything here is counting. A [`Report`] is columns and rows, so that
//! the same result goes out as JSON, as CSV and as a workbook.

use crate::codes::codes;
use crate::region::Region;

mod facts;
mod fairness;
mod gaps;
mod outcomes;
mod outsiders;
mod overview;
mod period;

#[cfg(test)]
mod tests;

pub use facts::{Facts, MatchFact, PostFact};
pub use outsiders::LEAST_SHOWN;
pub use period::Period;

codes!(
    /// A report that can be asked for.
    ReportKind in "report" {
        /// From posts to matches that came to something, and how long each step waited.
        Overview = "overview",
        /// Requests nobody answered and offers nobody used, by area, theme, phase and kind of support.
        Gaps = "gaps",
        /// What came of introductions, and why matches ended before one.
        Outcomes = "outcomes",
        /// Who was proposed and introduced how often.
        Fairness = "fairness",
    }
);

/// The rows of a report under the names of its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Which report it is.
    pub kind: ReportKind,
    /// The names of the columns, in small letters with underscores.
    pub columns: &'static [&'static str],
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in one place of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A code or a name.
    Text(String),
    /// So many.
    Count(u64),
    /// A part of a whole.
    Share {
        /// How many of them.
        part: u64,
        /// Of how many.
        whole: u64,
    },
    /// A middle waiting time.
    Wait {
        /// The median, in hours.
        hours: f64,
        /// Of how many.
        of: u64,
    },
    /// There is nothing to say: no whole to take a share of, nobody who waited.
    Missing,
    /// There is something, but too little to show to outsiders.
    Hidden,
}

impl ReportKind {
    /// Counts this report; `name` gives the Dutch name of an area.
    pub fn count(self, facts: &Facts, name: impl Fn(Region) -> String) -> Report {
        let (columns, rows) = match self {
            Self::Overview => (overview::COLUMNS, overview::rows(facts)),
            Self::Gaps => (gaps::COLUMNS, gaps::rows(facts, name)),
            Self::Outcomes => (outcomes::COLUMNS, outcomes::rows(facts)),
            Self::Fairness => (fairness::COLUMNS, fairness::rows(facts, name)),
        };
        Report {
            kind: self,
            columns,
            rows,
        }
    }
}

impl Cell {
    /// So many of something.
    pub fn count(many: usize) -> Self {
        Self::Count(counted(many))
    }

    /// A code, a name, or nothing.
    pub fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    /// A share, when there is a whole.
    pub fn share(part: usize, whole: usize) -> Self {
        if whole == 0 {
            return Self::Missing;
        }
        Self::Share {
            part: counted(part),
            whole: counted(whole),
        }
    }

    /// The number of a cell that has one: counts as they are, shares as 0 to 1 with four decimals, waits in hours with
    /// one.
    pub fn number(&self) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of people's work stay far below 2^52"
        )]
        let real = |count: u64| count as f64;
        match self {
            Self::Count(many) => Some(real(*many)),
            Self::Share { part, whole } => {
                Some((real(*part) / real(*whole) * 10_000.0).round() / 10_000.0)
            }
            Self::Wait { hours, .. } => Some((hours * 10.0).round() / 10.0),
            Self::Text(_) | Self::Missing | Self::Hidden => None,
        }
    }
}

fn counted(many: usize) -> u64 {
    u64::try_from(many).unwrap_or(u64::MAX)
}
