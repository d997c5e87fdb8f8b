//! Both sides as numbers over the codes: what a request wants and what an offer gives, made once per post.
//!
//! A request spreads a weight of 1 over the themes it asks for, and so for kinds of help and phases; what it leaves
//! open goes to [`UNKNOWN`]. An offer has one worth from 0 to 1 for every code that can be asked. A signal is then a
//! sum of products, which the index bounds for a whole block of offers at once.

use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;

use crate::posts::{Demand, Supply};
use crate::signals::{phase, support, theme};
use crate::weights::Weights;

/// How many themes there is room for, [`UNKNOWN`] included.
pub(crate) const THEMES: usize = 64;
/// How many kinds of help there is room for, [`UNKNOWN`] included.
pub(crate) const SUPPORTS: usize = 16;
/// How many phases there is room for, [`UNKNOWN`] included.
pub(crate) const PHASES: usize = 8;
/// The column, the first, of what a request does not say; the code with index `i` has column `i + 1`.
pub(crate) const UNKNOWN: usize = 0;

/// A code that has a column of its own.
pub(crate) trait Column: Copy {
    /// Where it stands in the tables of a profile.
    fn column(self) -> usize;
}

impl Column for Theme {
    fn column(self) -> usize {
        self.index() + 1
    }
}

impl Column for Support {
    fn column(self) -> usize {
        self.index() + 1
    }
}

impl Column for Phase {
    fn column(self) -> usize {
        self.index() + 1
    }
}

/// Weights over columns that add up to 1, each above 0, in the order of the columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spread(Vec<(usize, f64)>);

impl Spread {
    /// Spreads 1 evenly over some codes, or puts it on [`UNKNOWN`] where there are none.
    pub(crate) fn even(codes: impl Iterator<Item = usize>) -> Self {
        let mut columns: Vec<usize> = codes.collect();
        columns.sort_unstable();
        columns.dedup();
        if columns.is_empty() {
            columns.push(UNKNOWN);
        }
        let each = columns.iter().fold(0.0, |sum, _| sum + 1.0);
        Self(
            columns
                .into_iter()
                .map(|column| (column, 1.0 / each))
                .collect(),
        )
    }

    /// The columns with their weights.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.0.iter().copied()
    }

    /// What an offer with these worths answers of it, 0 to 1.
    pub(crate) fn answered(&self, worths: &[f32]) -> f64 {
        self.iter()
            .map(|(column, weight)| {
                weight * f64::from(worths.get(column).copied().unwrap_or_default())
            })
            .sum()
    }
}

/// What a request wants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wants {
    pub(crate) themes: Spread,
    pub(crate) support: Spread,
    pub(crate) phase: Spread,
}

impl Wants {
    /// Reads a request.
    pub(crate) fn of(demand: &Demand) -> Self {
        Self {
            themes: Spread::even(demand.themes.iter().map(|theme| theme.column())),
            support: Spread::even(demand.support.iter().map(|kind| kind.column())),
            phase: Spread::even(demand.phase.iter().map(|phase| phase.column())),
        }
    }
}

/// What an offer gives: its worth, 0 to 1, for a request that asks for one code alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gives {
    pub(crate) themes: [f32; THEMES],
    pub(crate) support: [f32; SUPPORTS],
    pub(crate) phases: [f32; PHASES],
}

impl Gives {
    /// Reads an offer.
    pub(crate) fn of(supply: &Supply, weights: &Weights) -> Self {
        Self {
            themes: theme::worths(&supply.themes, &weights.theme),
            support: support::worths(&supply.support, &weights.support),
            phases: phase::worths(&supply.phases, &weights.phase),
        }
    }
}

/// Fills the worths of an offer: `unknown` in the column of what a request does not say, `worth` for every code.
pub(crate) fn worths<const N: usize, T: Column>(
    unknown: f64,
    codes: impl Iterator<Item = T>,
    worth: impl Fn(T) -> f64,
) -> [f32; N] {
    let mut table = [0.0; N];
    let columns =
        std::iter::once((UNKNOWN, unknown)).chain(codes.map(|code| (code.column(), worth(code))));
    for (column, value) in columns {
        if let Some(place) = table.get_mut(column) {
            *place = narrow(value);
        }
    }
    table
}

/// A worth as it is kept: half the room, and exact to seven digits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a worth from 0 to 1 needs no more digits than an f32 has"
)]
fn narrow(worth: f64) -> f32 {
    worth as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_column() {
        assert!(Theme::all().count() < THEMES);
        assert!(Support::all().count() < SUPPORTS);
        assert!(Phase::all().count() < PHASES);
    }

    #[test]
    fn a_spread_is_even_and_adds_up_to_one() {
        let spread = Spread::even([3, 1, 3].into_iter());
        assert_eq!(spread.iter().collect::<Vec<_>>(), [(1, 0.5), (3, 0.5)]);
        assert_eq!(
            Spread::even(std::iter::empty()).iter().collect::<Vec<_>>(),
            [(UNKNOWN, 1.0)]
        );
    }
}
