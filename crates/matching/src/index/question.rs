//! What is asked of a shelf: an upper bound of the score for every post on it, in whole numbers.
//!
//! A score is counted in points, [`POINTS`] for 1. Everything that is rounded is rounded up, so that no post scores
//! more than its bound. The texts come on top: who asks adds what is known of them, at most [`TextPoints::most`].

use crate::profile::{Gives, Spread, Wants};
use crate::score::Coefficients;
use crate::weights::{Line, Weights, lines};

use super::postings::MOST_AMOUNT;
use super::shelf::{AT_ONCE, Blocks, Column, FULL_WEIGHT, FULL_WORTH, LANES};

/// Points in a score of 1.
const POINTS: f64 = 32_000.0;
/// Points that rounding may take off a bound: one for each of the products and for the text.
const SLACK: u16 = 8;
/// What a value of 1 is where support and its product with the theme are worked out.
const FULL: f64 = 65_000.0;
/// Support is counted in steps of this while lines steeper than 1 are followed.
const STEP: u16 = 8;
/// One more than the largest number of 16 bits: products are cut back by it.
const CUT: f64 = 65_536.0;

/// Columns and how much each counts, for one signal.
#[derive(Debug)]
struct Columns {
    counted: Vec<(usize, u16)>,
    /// What the sum is for a value of 1.
    full: f64,
}

impl Columns {
    /// What a request asks of a shelf of offers.
    fn wanted(spread: &Spread) -> Self {
        let columns = u16::try_from(spread.iter().count()).unwrap_or(u16::MAX);
        // Rounding up adds less than 1 for each column; the sum of 256 times a worth still fits in 16 bits.
        let scale = 256_u16.saturating_sub(columns).max(FULL_WEIGHT);
        Self {
            counted: spread
                .iter()
                .map(|(column, weight)| (column, up(weight * f64::from(scale))))
                .collect(),
            full: f64::from(scale) * f64::from(FULL_WORTH),
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
            full: f64::from(FULL_WORTH) * f64::from(FULL_WEIGHT),
        }
    }

    /// Adds the columns to `sums`, of as many blocks.
    #[inline(always)]
    fn sum<'a>(&self, sums: &mut [[u16; LANES]], columns: impl Fn(usize) -> &'a [Column]) {
        for (column, counts) in &self.counted {
            for (sums, column) in sums.iter_mut().zip(columns(*column)) {
                for (sum, value) in sums.iter_mut().zip(column) {
                    *sum = sum.saturating_add(u16::from(*value).wrapping_mul(*counts));
                }
            }
        }
    }
}

/// A request that looks for offers, or an offer that looks for requests.
#[derive(Debug)]
pub(super) struct Question {
    themes: Columns,
    support: Columns,
    phases: Columns,
    formula: Formula,
    text: TextPoints,
}

/// What texts bring, in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextPoints {
    /// The points of a text that fits fully.
    pub(super) most: u16,
    /// The points of a text that answers all of the request's word weight, were that not more than fits fully.
    all: f64,
}

/// The points that a word of a request brings for an amount of 1, as a part of [`PARTS`].
#[derive(Debug, Clone, Copy)]
pub(super) struct WordPoints(u32);

/// Parts of a point.
const PARTS: u32 = 1 << 12;

impl TextPoints {
    /// A bound that counts a text that fits fully, once the value of the text is known.
    pub(super) fn lowered(self, bound: u16, value: f64) -> u16 {
        bound.saturating_sub(
            points_below(f64::from(self.most) / POINTS * (1.0 - value)).saturating_sub(1),
        )
    }

    /// The points of a word of which an amount of 1 answers this share of the request's word weight; `None` where the
    /// largest amount brings more than can be counted.
    pub(super) fn of_word(self, share: f64) -> Option<WordPoints> {
        const MOST: f64 = (u16::MAX - 1) as f64 * PARTS as f64 / MOST_AMOUNT as f64;
        let parts = (self.all * share * f64::from(PARTS)).ceil();
        (parts <= MOST).then(|| WordPoints(whole(parts)))
    }
}

impl WordPoints {
    /// The points of an amount of at most [`MOST_AMOUNT`], rounded up. Few instructions: it is asked thousands of times
    /// for each request.
    #[inline]
    pub(super) fn of(self, amount: u32) -> u16 {
        let points = amount.wrapping_mul(self.0) / PARTS;
        // What `of_word` lets through fits in the lower half.
        let [low, high, ..] = points.to_le_bytes();
        u16::from_le_bytes([low, high]).wrapping_add(1)
    }
}

/// The formula of the score in whole numbers; each factor makes points of a sum by [`product`].
#[derive(Debug, Clone, Copy)]
struct Formula {
    region: u16,
    phase: u16,
    theme: u16,
    support: u16,
    /// Theme and support together.
    both: u16,
    lines: [StepLine; 2],
    /// What every pair gets.
    base: u16,
}

/// A [`Line`] from the sum over the columns to a value in steps.
#[derive(Debug, Clone, Copy)]
struct StepLine {
    start: u16,
    slope: u16,
}

impl Question {
    /// What a request asks; `freshness` is the value of that signal.
    pub(super) fn of_request(wants: &Wants, formula: &Scoring, freshness: f64) -> Self {
        let columns = [&wants.themes, &wants.support, &wants.phase].map(Columns::wanted);
        Self::of(columns, formula, freshness)
    }

    /// What an offer asks.
    pub(super) fn of_offer(gives: &Gives, formula: &Scoring) -> Self {
        let columns = [
            Columns::given(&gives.themes),
            Columns::given(&gives.support),
            Columns::given(&gives.phases),
        ];
        // How long each request waits is not looked at.
        Self::of(columns, formula, 1.0)
    }

    fn of([themes, support, phases]: [Columns; 3], scoring: &Scoring, freshness: f64) -> Self {
        let Scoring { count, lines, .. } = scoring;
        let rest = count.freshness * freshness * POINTS;
        let alone = 1.0 - count.interaction;
        let both = (count.theme + count.support) * count.interaction;
        let formula = Formula {
            region: factor(
                count.region,
                f64::from(FULL_WORTH) * f64::from(REGION_SPREAD),
            ),
            phase: factor(count.phase, phases.full),
            theme: factor(count.theme * alone, themes.full),
            support: factor(count.support * alone, FULL),
            both: factor(both, themes.full * FULL / CUT),
            lines: lines.map(|line| StepLine::of(line, support.full)),
            base: up(rest).saturating_add(SLACK),
        };
        Self {
            themes,
            support,
            phases,
            formula,
            text: scoring.text,
        }
    }

    /// Makes `bounds` those of every post in some blocks, `base` points more for each.
    #[inline(always)]
    pub(super) fn bounds(&self, blocks: &Blocks<'_>, base: u16, bounds: &mut [[u16; LANES]]) {
        let mut themes = [[0; LANES]; AT_ONCE];
        let mut support = [[0; LANES]; AT_ONCE];
        bounds.fill([0; LANES]);
        self.themes.sum(&mut themes, |column| blocks.theme(column));
        self.support
            .sum(&mut support, |column| blocks.support(column));
        self.phases.sum(bounds, |column| blocks.phase(column));
        let formula = Formula {
            base: self.formula.base.saturating_add(base),
            ..self.formula
        };
        let each = bounds.iter_mut().zip(&mut themes).zip(&mut support);
        for (((bounds, themes), support), region) in each.zip(blocks.region()) {
            formula.make_points(bounds, themes, support, region);
        }
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

/// A byte becomes 16 bits by this.
const REGION_SPREAD: u16 = 257;

impl Formula {
    /// Makes bounds of what are sums over the phases, step by step over all lanes: each loop is a few instructions.
    #[inline(always)]
    fn make_points(
        &self,
        bounds: &mut [u16; LANES],
        themes: &mut [u16; LANES],
        support: &mut [u16; LANES],
        region: &Column,
    ) {
        // At most a little over 32,000 points in all.
        for (bound, worth) in bounds.iter_mut().zip(region) {
            let worth = u16::from(*worth).wrapping_mul(REGION_SPREAD);
            let points = product(*bound, self.phase).wrapping_add(product(worth, self.region));
            *bound = points.wrapping_add(self.base);
        }
        add_products(bounds, themes, self.theme);
        let [first, second] = self.lines;
        for sum in support.iter_mut() {
            let steps = first.at(*sum).min(second.at(*sum)).min(u16::MAX / STEP);
            *sum = steps.wrapping_mul(STEP);
        }
        add_products(bounds, support, self.support);
        for (theme, support) in themes.iter_mut().zip(support) {
            *theme = product(*theme, *support).wrapping_add(1);
        }
        add_products(bounds, themes, self.both);
    }
}

#[inline(always)]
fn add_products(bounds: &mut [u16; LANES], sums: &[u16; LANES], factor: u16) {
    for (bound, sum) in bounds.iter_mut().zip(sums) {
        *bound = bound.wrapping_add(product(*sum, factor));
    }
}

impl StepLine {
    fn of(line: Line, full: f64) -> Self {
        let step = FULL / f64::from(STEP);
        let slope = (line.slope * step * CUT / full).ceil();
        if slope > f64::from(u16::MAX) {
            // Too steep to follow: the other line is a bound by itself.
            return Self {
                start: u16::MAX / STEP,
                slope: 0,
            };
        }
        Self {
            start: up(line.start * step).saturating_add(1),
            slope: up(slope),
        }
    }

    #[inline(always)]
    fn at(self, sum: u16) -> u16 {
        // The highest line ends far below what fits.
        product(sum, self.slope).wrapping_add(self.start)
    }
}

/// The factor by which [`product`] makes `count` points of a sum of `full`, and in proportion of less.
fn factor(count: f64, full: f64) -> u16 {
    up(count * POINTS * CUT / full)
}

/// The upper half of a product: one instruction for many at once. What is cut off is less than 1.
#[inline(always)]
fn product(sum: u16, factor: u16) -> u16 {
    (u32::from(sum).wrapping_mul(u32::from(factor)) >> 16) as u16
}

/// Rounded up; what does not fit becomes the largest that does.
#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
fn up(number: f64) -> u16 {
    number.ceil() as u16
}

/// A whole number that fits.
#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
fn whole(number: f64) -> u32 {
    number as u32
}

/// The points of a score, rounded down: casts leave out what is behind the point.
#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
pub(super) fn points_below(score: f64) -> u16 {
    (score * POINTS) as u16
}
