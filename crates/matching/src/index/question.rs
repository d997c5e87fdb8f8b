//! What is asked of a shelf: an upper bound of the score for every post on it, in whole numbers.
//!
//! A score is counted in points, [`POINTS`] for 1. Everything that is rounded is rounded up, so that no post scores
//! more than its bound. The texts come on top: who asks adds what is known of them, at most [`TextPoints::most`].

use crate::profile::{Gives, Spread, Wants};
use crate::score::Coefficients;
use crate::weights::{Line, Weights, lines};

use super::columns::{Counted, pieces};
use super::row::{FULL_WEIGHT, FULL_WORTH, Row};
use super::shelf::{Column, LANES, Shelf, Worths};
use super::text_points::TextPoints;
use super::wide::{WIDTH, Wide, doubled, everywhere, lower, product, sum, with_bytes};

/// Points in a score of 1.
pub(super) const POINTS: f64 = 32_000.0;
/// Points that rounding may take off a bound: one for each of the products and for the text.
const SLACK: u16 = 8;
/// What a value of 1 is where support and its product with the theme are worked out.
const FULL: f64 = 65_000.0;
/// Support is counted in steps of two to this power while lines steeper than 1 are followed.
const STEP_BITS: u32 = 3;
const STEP: u16 = 1 << STEP_BITS;
/// So many times [`WIDTH`] posts are bounded together.
const STRETCH: usize = 16;
/// One more than the largest number of 16 bits: products are cut back by it.
pub(super) const CUT: f64 = 65_536.0;

/// Columns and how much each counts, for one signal.
#[derive(Debug)]
struct Columns {
    counted: Vec<(usize, u16)>,
    /// How much a worth of the other part counts.
    other: u16,
    /// What the sum is for a value of 1.
    full: f64,
}

impl Columns {
    /// What a request asks of a shelf of offers; the spread counts for a part, 0 to 1, of a value of 1.
    fn wanted(spread: &Spread, part: f64) -> Self {
        let columns = u16::try_from(spread.iter().count()).unwrap_or(u16::MAX);
        // Rounding up adds less than 1 for each column and for the other part; the sum of 256 times a worth still fits
        // in 16 bits.
        let scale = f64::from(255_u16.saturating_sub(columns).max(FULL_WEIGHT));
        let counted = spread.iter();
        Self {
            counted: counted
                .map(|(column, weight)| (column, up(weight * part * scale)))
                .collect(),
            other: up((1.0 - part) * scale),
            full: scale * f64::from(FULL_WORTH),
        }
    }

    /// What an offer has for a shelf of requests.
    fn given(worths: &[f32]) -> Self {
        Self {
            counted: worths
                .iter()
                .map(|worth| up(f64::from(*worth) * f64::from(FULL_WORTH)))
                .enumerate()
                .filter(|(_, worth)| *worth > 0)
                .collect(),
            other: 0,
            full: f64::from(FULL_WORTH) * f64::from(FULL_WEIGHT),
        }
    }

    /// The sum of a single post.
    fn of(&self, worth: impl Fn(usize) -> u8) -> Wide {
        let counted = self.counted.iter();
        counted.fold(everywhere(0), |sum, (column, times)| {
            with_bytes(&sum, &[worth(*column); WIDTH], *times)
        })
    }

    /// The columns of a shelf, with how much each counts.
    fn on<'a>(&self, column: impl Fn(usize) -> &'a [Column]) -> Counted<'a> {
        let counted = self.counted.iter();
        let counted = counted.map(|(place, count)| (pieces(column(*place)), *count));
        Counted(counted.collect())
    }
}

/// A request that looks for offers, or an offer that looks for requests.
#[derive(Debug)]
pub(super) struct Question {
    themes: Columns,
    support: Columns,
    /// Phase and region, which add up.
    apart: Columns,
    /// Their share in the score.
    share_apart: f64,
    formula: Formula,
    text: TextPoints,
}

/// The formula of the score in whole numbers; each factor makes points of a sum by [`product`].
#[derive(Debug)]
struct Formula {
    apart: Wide,
    theme: Wide,
    support: Wide,
    /// Theme and support together.
    both: Wide,
    /// The lines of which the value of support is the lower.
    some: StepLine,
    all: StepLine,
    /// What every pair gets.
    base: u16,
}

/// A [`Line`] from the sum over the columns to a value in steps.
#[derive(Debug, Clone, Copy)]
struct StepLine {
    start: Wide,
    slope: Wide,
}

impl Question {
    /// What a request asks; `freshness` is the value of that signal.
    pub(super) fn of_request(wants: &Wants, formula: &Scoring, freshness: f64) -> Self {
        let count = &formula.count;
        let apart = count.phase + count.region;
        let part = if apart > 0.0 {
            count.phase / apart
        } else {
            1.0
        };
        let columns = [
            Columns::wanted(&wants.themes, 1.0),
            Columns::wanted(&wants.support, 1.0),
            Columns::wanted(&wants.phase, part),
        ];
        Self::of(columns, apart, formula, freshness)
    }

    /// What an offer asks.
    pub(super) fn of_offer(gives: &Gives, formula: &Scoring) -> Self {
        let columns = [
            Columns::given(&gives.themes),
            Columns::given(&gives.support),
            Columns::given(&gives.phases),
        ];
        // How long each request waits is not looked at, and its region is known by the shelf.
        Self::of(columns, formula.count.phase, formula, 1.0)
    }

    /// `share` is that of the columns that stand apart.
    fn of(
        [themes, support, apart]: [Columns; 3],
        share: f64,
        scoring: &Scoring,
        freshness: f64,
    ) -> Self {
        let Scoring { count, lines, .. } = scoring;
        let rest = count.freshness * freshness * POINTS;
        let alone = 1.0 - count.interaction;
        let both = (count.theme + count.support) * count.interaction;
        let [some, all] = lines.map(|line| StepLine::of(line, support.full));
        let formula = Formula {
            apart: everywhere(factor(share, apart.full)),
            theme: everywhere(factor(count.theme * alone, themes.full)),
            support: everywhere(factor(count.support * alone, FULL)),
            both: everywhere(factor(both, themes.full * FULL / CUT)),
            some,
            all,
            base: up(rest).saturating_add(SLACK),
        };
        Self {
            themes,
            support,
            apart,
            share_apart: share,
            formula,
            text: scoring.text,
        }
    }

    /// Makes `bounds` those of every post on a shelf, `base` points more for each.
    #[inline(always)]
    pub(super) fn bounds(&self, shelf: &Shelf, base: u16, bounds: &mut [[u16; LANES]]) {
        let themes = self.themes.on(|column| shelf.theme(column));
        let support = self.support.on(|column| shelf.support(column));
        let mut apart = self.apart.on(|column| shelf.phase(column));
        let mut base = self.formula.base.saturating_add(base);
        match shelf.region() {
            Worths::Same(worth) => base = base.saturating_add(self.points_of_region(worth)),
            Worths::Each(column) => apart.0.push((pieces(column), self.apart.other)),
        }
        let base = everywhere(base);
        let mut room = [[everywhere(0); STRETCH]; 2];
        let (wides, _) = bounds.as_flattened_mut().as_chunks_mut();
        for (first, wides) in (0..).step_by(STRETCH).zip(wides.chunks_mut(STRETCH)) {
            let [of_themes, of_support] = room
                .each_mut()
                .map(|room| room.get_mut(..wides.len()).unwrap_or_default());
            themes.sum_from(first, of_themes);
            support.sum_from(first, of_support);
            apart.sum_from(first, wides);
            for ((wide, themes), support) in wides.iter_mut().zip(of_themes).zip(of_support) {
                *wide = self.formula.points(wide, themes, support, &base);
            }
        }
    }

    /// The bound of a post with such a row, `base` points more.
    pub(super) fn bound(&self, row: &Row, base: u16) -> u16 {
        let themes = self.themes.of(|column| at(&row.themes, column));
        let support = self.support.of(|column| at(&row.support, column));
        let apart = self.apart.of(|column| at(&row.phases, column));
        let apart = with_bytes(&apart, &[row.region; WIDTH], self.apart.other);
        let base = everywhere(self.formula.base.saturating_add(base));
        let [bound, ..] = self.formula.points(&apart, &themes, &support, &base);
        bound
    }

    /// The points of a region that is worth this to every post.
    fn points_of_region(&self, worth: u8) -> u16 {
        let share = f64::from(self.apart.other) * f64::from(worth) / self.apart.full;
        up(share * self.share_apart * POINTS)
    }

    /// What texts bring.
    pub(super) fn text(&self) -> TextPoints {
        self.text
    }

    /// The most points a region worth this can add.
    pub(super) fn region(scoring: &Scoring, worth: f64) -> u16 {
        up(scoring.count.region * worth * POINTS)
    }
}

/// How values become a score, as far as the bounds need it.
#[derive(Debug)]
pub(super) struct Scoring {
    count: Coefficients,
    /// The value of support.
    lines: [Line; 2],
    text: TextPoints,
}

impl Scoring {
    /// Works it out of the weights.
    pub(super) fn of(weights: &Weights) -> Self {
        let count = Coefficients::of(weights);
        let most = count.text * POINTS;
        Self {
            count,
            lines: lines(weights.support.some),
            text: TextPoints {
                most: up(most),
                all: most / weights.text.full_at,
            },
        }
    }
}

impl Formula {
    /// The points of posts by the sums over their columns; `base` is what every one of them gets.
    #[inline(always)]
    fn points(&self, apart: &Wide, themes: &Wide, support: &Wide, base: &Wide) -> Wide {
        const MOST: Wide = [u16::MAX / STEP; WIDTH];
        let steps = lower(&self.some.at(support), &self.all.at(support));
        let support = doubled::<STEP_BITS>(&lower(&steps, &MOST));
        let both = product(&product(themes, &support), &self.both);
        let alone = sum(
            &product(themes, &self.theme),
            &product(&support, &self.support),
        );
        let apart = sum(&product(apart, &self.apart), base);
        // At most a little over 32,000 points in all.
        sum(&apart, &sum(&alone, &both))
    }
}

impl StepLine {
    fn of(line: Line, full: f64) -> Self {
        let step = FULL / f64::from(STEP);
        let slope = (line.slope * step * CUT / full).ceil();
        let (start, slope) = if slope > f64::from(u16::MAX) {
            // Too steep to follow: the other line is a bound by itself.
            (u16::MAX / STEP, 0)
        } else {
            (up(line.start * step).saturating_add(1), up(slope))
        };
        Self {
            start: everywhere(start),
            slope: everywhere(slope),
        }
    }

    #[inline(always)]
    fn at(&self, sums: &Wide) -> Wide {
        // The highest line ends far below what fits.
        sum(&product(sums, &self.slope), &self.start)
    }
}

/// The factor by which [`product`] makes `count` points of a sum of `full`, and in proportion of less.
fn factor(count: f64, full: f64) -> u16 {
    up(count * POINTS * CUT / full)
}

/// A worth in a row; 0 where it has no such column.
fn at(worths: &[u8], column: usize) -> u8 {
    worths.get(column).copied().unwrap_or_default()
}

/// Rounded up; what does not fit becomes the largest that does.
#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
pub(super) fn up(number: f64) -> u16 {
    number.ceil() as u16
}

/// The points of a score, rounded down: casts leave out what is behind the point.
#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
pub(super) fn points_below(score: f64) -> u16 {
    (score * POINTS) as u16
}
