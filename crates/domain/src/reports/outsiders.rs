//! What of a report may be seen by who does not coordinate: nothing from which a few people could be known.
//!
//! Leaving out small figures is not enough, because a total less the figures that are shown gives the one that is not,
//! and so does the same question about a slightly other period or area. So figures under [`LEAST_SHOWN`] are hidden, all
//! others are rounded to a multiple of it, each by itself, so that they need not add up; rows about one organisation are
//! left out; and who asks may only ask for whole months and for provinces or the whole country.

use super::fairness::ABOUT_ONE;
use super::{Cell, Report, ReportKind};

/// The smallest figure that outsiders see, and what other figures are rounded to.
pub const LEAST_SHOWN: u64 = 3;

impl Report {
    /// The report as outsiders may see it.
    #[must_use]
    pub fn for_outsiders(self) -> Self {
        let keeps_empty = matches!(self.kind, ReportKind::Overview | ReportKind::Outcomes);
        let rows = self
            .rows
            .into_iter()
            .filter(|row| !is_about_one(row))
            .map(|row| row.into_iter().map(Cell::for_outsiders).collect())
            .filter(|row: &Vec<Cell>| keeps_empty || row.iter().any(|cell| cell.number().is_some()))
            .collect();
        Self { rows, ..self }
    }
}

impl Cell {
    fn for_outsiders(self) -> Self {
        match self {
            Self::Count(many) => rounded(many).map_or(Self::Hidden, Self::Count),
            Self::Share { part, whole } => match (rounded(part), rounded(whole)) {
                (Some(part), Some(whole)) => Self::Share {
                    part: part.min(whole),
                    whole,
                },
                _ => Self::Hidden,
            },
            Self::Wait { of, .. } if of < LEAST_SHOWN => Self::Hidden,
            Self::Wait { hours, of } => Self::Wait {
                hours: hours.round(),
                of,
            },
            // Whether there is anything at all may not be seen either.
            Self::Missing => Self::Hidden,
            Self::Text(_) | Self::Hidden => self,
        }
    }
}

/// The nearest multiple of [`LEAST_SHOWN`]; nothing for a figure below it.
fn rounded(many: u64) -> Option<u64> {
    (many >= LEAST_SHOWN).then(|| many.saturating_add(LEAST_SHOWN / 2) / LEAST_SHOWN * LEAST_SHOWN)
}

/// Whether a row is about one organisation, or about a tenth that is less than [`LEAST_SHOWN`] of them.
fn is_about_one(row: &[Cell]) -> bool {
    let [Cell::Text(group), Cell::Text(code), ..] = row else {
        return false;
    };
    let few = || code.parse::<u64>().is_ok_and(|many| many < LEAST_SHOWN);
    ABOUT_ONE.contains(&group.as_str()) || (group == "top_ten_percent" && few())
}
