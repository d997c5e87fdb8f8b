//! Both sides as numbers over the codes: what a request wants and what an offer gives, made once per post.
//!
//! A request spreads a weight of 1 over the themes it asks for, and so for kinds of help and phases; what it leaves
//! open goes to [`UNKNOWN`]. An offer has one worth from 0 to 1 for every code that can be asked. A signal is then a
//! sum of products, which the index bounds for a whole block of offers at once.

use std::collections::BTreeMap;

use domain::explanation::Source;
use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;

use crate::posts::{Demand, Supply};
use crate::reading::{Finding, Reading};
use crate::signals::{phase, support, theme};
use crate::weights::{ReadingValues, Weights};

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

/// What a text says of one list of codes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Read<T> {
    /// The codes it speaks of most, each with its evidence as a share of the largest, 0 to 1; the surest first.
    pub(crate) codes: Vec<(T, f64)>,
    /// How surely it speaks of them at all, 0 to 1.
    pub(crate) certainty: f64,
}

impl<T: Column + PartialEq> Read<T> {
    /// Keeps what a text speaks of mainly.
    fn of(findings: &[Finding<T>], values: &ReadingValues) -> Self {
        /// The most codes a text is about.
        const MOST: usize = 4;
        let most = findings.first().map_or(0.0, |first| first.evidence);
        let codes = findings
            .iter()
            .map(|found| (found.code, found.evidence / most))
            .filter(|(_, share)| *share >= values.main)
            .take(MOST);
        let total: f64 = findings.iter().map(|found| found.evidence).sum();
        let kept: f64 = codes.clone().map(|(_, share)| share * most).sum();
        // A text that speaks a little of everything is about nothing for certain.
        let focus = if total > 0.0 { kept / total } else { 0.0 };
        Self {
            codes: codes.collect(),
            certainty: most / (most + values.even) * (1.0 - values.scatter * (1.0 - focus)),
        }
    }

    /// What may be named as a reason where nothing is filled in: the codes of a reading that is sure enough.
    fn spoken_beside(&self, filled: &[T]) -> Box<[T]> {
        /// The certainty from which on a person would agree.
        const SURE: f64 = 0.3;
        if filled.is_empty() && self.certainty >= SURE {
            self.codes.iter().map(|(code, _)| *code).collect()
        } else {
            Box::default()
        }
    }

    /// How much of the text is about a code, as a share of what it is most about.
    fn share_of(&self, code: T) -> f64 {
        self.codes
            .iter()
            .find(|(known, _)| *known == code)
            .map_or(0.0, |(_, share)| *share)
    }
}

/// Weights over columns that add up to 1, each above 0, in the order of the columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spread(Vec<(usize, f64)>);

impl Spread {
    /// Spreads 1 over what a poster filled in and what their text speaks of.
    ///
    /// What is filled in counts, the more the text speaks of it too; what only the text speaks of adds a little.
    /// Where nothing is filled in, the text counts as far as it is sure, and the rest is [`UNKNOWN`].
    fn of<T: Column + PartialEq>(filled: &[T], read: &Read<T>, values: &ReadingValues) -> Self {
        let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
        for code in filled {
            let stressed = 1.0 + values.stress * read.certainty * read.share_of(*code);
            weights.insert(code.column(), stressed);
        }
        let from_text = read.certainty
            * if filled.is_empty() {
                weights.insert(UNKNOWN, 1.0);
                values.trust
            } else {
                values.beside
            };
        share_out(&mut weights, 1.0 - from_text);
        let mut spoken_of: BTreeMap<usize, f64> = BTreeMap::new();
        for (code, share) in &read.codes {
            spoken_of.insert(code.column(), *share);
        }
        share_out(&mut spoken_of, from_text);
        for (column, weight) in spoken_of {
            *weights.entry(column).or_default() += weight;
        }
        weights.retain(|_, weight| *weight > 0.0);
        Self(weights.into_iter().collect())
    }

    /// The columns with their weights.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.0.iter().copied()
    }

    /// What an offer with these worths answers of it, 0 to 1.
    pub(crate) fn answered(&self, worths: &[f32]) -> f64 {
        let sum: f64 = self
            .iter()
            .map(|(column, weight)| {
                weight * f64::from(worths.get(column).copied().unwrap_or_default())
            })
            .sum();
        // The bound only takes off what rounding may add.
        sum.min(1.0)
    }
}

/// Makes weights add up to `total`, in proportion.
fn share_out(weights: &mut BTreeMap<usize, f64>, total: f64) {
    let sum: f64 = weights.values().sum();
    weights
        .values_mut()
        .for_each(|weight| *weight *= total / sum);
}

/// What a text speaks of where its poster left the field open; empty for a field that is filled in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spoken {
    pub(crate) themes: Box<[Theme]>,
    pub(crate) support: Box<[Support]>,
    pub(crate) phases: Box<[Phase]>,
}

/// The codes of a field and where they come from: what is filled in, else what the text speaks of.
pub(crate) fn named<'a, T>(filled: &'a [T], spoken: &'a [T]) -> (&'a [T], Source) {
    if filled.is_empty() && !spoken.is_empty() {
        (spoken, Source::Text)
    } else {
        (filled, Source::Filled)
    }
}

/// Where a reason comes from that rests on both sides.
pub(crate) fn both(one: Source, other: Source) -> Source {
    if one == Source::Filled { other } else { one }
}

/// What a request wants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wants {
    pub(crate) themes: Spread,
    pub(crate) support: Spread,
    pub(crate) phase: Spread,
    pub(crate) spoken: Spoken,
}

impl Wants {
    /// What a request wants, by its fields and what was read in its text.
    pub(crate) fn read(demand: &Demand, reading: &Reading, weights: &Weights) -> Self {
        let values = &weights.reading;
        let filled: Vec<Phase> = demand.phase.into_iter().collect();
        let themes = Read::of(&reading.themes, values);
        let support = Read::of(&reading.support, values);
        let phases = Read::of(&reading.phases, values);
        Self {
            themes: Spread::of(&demand.themes, &themes, values),
            support: Spread::of(&demand.support, &support, values),
            phase: Spread::of(&filled, &phases, values),
            spoken: Spoken {
                themes: themes.spoken_beside(&demand.themes),
                support: support.spoken_beside(&demand.support),
                phases: phases.spoken_beside(&filled),
            },
        }
    }
}

/// What an offer gives: its worth, 0 to 1, for a request that asks for one code alone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gives {
    pub(crate) themes: [f32; THEMES],
    pub(crate) support: [f32; SUPPORTS],
    pub(crate) phases: [f32; PHASES],
    pub(crate) spoken: Spoken,
}

impl Gives {
    /// What an offer gives, by its fields and what was read in its text.
    pub(crate) fn read(supply: &Supply, reading: &Reading, weights: &Weights) -> Self {
        let values = &weights.reading;
        let themes = Read::of(&reading.themes, values);
        let support = Read::of(&reading.support, values);
        let mut phases = Read::of(&reading.phases, values);
        // An offer for every phase may well name some of them.
        phases.certainty *= 1.0 - reading.any_phase;
        Self {
            themes: table(&supply.themes, &themes, values, |codes| {
                theme::worths(codes, &weights.theme)
            }),
            support: table(&supply.support, &support, values, |codes| {
                support::worths(codes, &weights.support)
            }),
            phases: table(&supply.phases, &phases, values, |codes| {
                phase::worths(codes, &weights.phase)
            }),
            spoken: Spoken {
                themes: themes.spoken_beside(&supply.themes),
                support: support.spoken_beside(&supply.support),
                phases: phases.spoken_beside(&supply.phases),
            },
        }
    }
}

/// The worths of what an offer filled in and what its text speaks of; `worths` knows those of a list of codes.
///
/// Beside what is filled in, the text adds what it is sure of, at less than its full worth. Where nothing is filled
/// in, the text counts as far as it is sure, and the rest is worth what an offer is worth that says nothing.
fn table<const N: usize, T: Column>(
    filled: &[T],
    read: &Read<T>,
    values: &ReadingValues,
    worths: impl Fn(&[T]) -> [f32; N],
) -> [f32; N] {
    let mut spoken_of = [0.0_f32; N];
    for (code, share) in &read.codes {
        let worths = worths(std::slice::from_ref(code));
        for (spoken_of, worth) in spoken_of.iter_mut().zip(worths) {
            *spoken_of = spoken_of.max(worth * narrow(*share));
        }
    }
    let mut table = worths(filled);
    if filled.is_empty() {
        let sure = narrow(read.certainty * values.trust);
        for (worth, spoken_of) in table.iter_mut().zip(spoken_of) {
            *worth += sure * (spoken_of - *worth);
        }
    } else {
        let sure = narrow(read.certainty * values.besides);
        for (worth, spoken_of) in table.iter_mut().zip(spoken_of) {
            *worth = worth.max(sure * spoken_of);
        }
    }
    table
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

    fn spread(filled: &[Support], read: &[(Support, f64)], certainty: f64) -> Vec<(usize, f64)> {
        let read = Read {
            codes: read.to_vec(),
            certainty,
        };
        let values = Weights::default().reading;
        let spread: Vec<_> = Spread::of(filled, &read, &values).iter().collect();
        let total: f64 = spread.iter().map(|(_, weight)| weight).sum();
        assert!((total - 1.0).abs() < 1e-9, "{spread:?}");
        spread
    }

    #[test]
    fn what_is_filled_in_is_spread_evenly_and_what_is_not_is_unknown() {
        let (room, money) = ("ruimte".parse().unwrap(), "geld".parse().unwrap());
        assert_eq!(spread(&[], &[], 0.0), [(UNKNOWN, 1.0)]);
        let both = spread(&[room, money], &[], 0.0);
        assert!(both.iter().all(|(_, weight)| (weight - 0.5).abs() < 1e-9));
    }

    #[test]
    fn the_text_weighs_what_is_filled_in_and_fills_in_the_rest() {
        let (room, money): (Support, Support) =
            ("ruimte".parse().unwrap(), "geld".parse().unwrap());
        let stressed = spread(&[room, money], &[(room, 1.0)], 0.9);
        assert!(
            stressed
                .iter()
                .any(|(column, weight)| *column == room.column() && *weight > 0.5)
        );
        let read = spread(&[], &[(room, 1.0)], 0.9);
        assert_eq!(read.len(), 2);
        assert!(
            read.iter()
                .any(|(column, weight)| *column == room.column() && *weight > 0.5)
        );
    }
}
