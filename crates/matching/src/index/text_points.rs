//! What texts bring to a bound, in points.

use pulp::{Arch, NullaryFnOnce};
use smallvec::SmallVec;

use super::columns::{Counted, pieces};
use super::postings::MOST_AMOUNT;
use super::question::{CUT, POINTS, points_below, up};
use super::shelf::{Column, LANES};
use super::wide::{Wide, capped, everywhere, product, sum};

/// What texts bring, in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextPoints {
    /// The points of a text that fits fully.
    pub(super) most: u16,
    /// The points of a text that answers all of the request's word weight, were that not more than fits fully.
    pub(super) all: f64,
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

/// A whole number that fits.
#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
fn whole(number: f64) -> u32 {
    number as u32
}

/// The most words whose columns are added up.
const MOST_COLUMNS: usize = 16;
/// The largest sum of their columns that is counted: rounding up adds less than 1 for each, and it fits in 16 bits.
const SCALE: f64 = (u8::MAX as usize - MOST_COLUMNS) as f64;
/// The amounts in a step of a column of words: an offer is about no word for more than 2.2, which is 226 steps.
const AMOUNTS_TO_A_STEP: u32 = 10;

/// An amount in steps of a column of words, rounded up.
pub(super) fn steps(amount: u32) -> u8 {
    u8::try_from(amount.div_ceil(AMOUNTS_TO_A_STEP)).unwrap_or(u8::MAX)
}

/// Words of a request that have a column on a shelf, with the points that a step of each brings.
#[derive(Debug, Default)]
pub(super) struct WordColumns {
    counted: SmallVec<[(usize, f64); MOST_COLUMNS]>,
    /// The points that a step of all of them brings.
    total: f64,
}

impl WordColumns {
    /// Takes a word in by its column; it is `false` where that would be more than can be counted.
    pub(super) fn take_in(&mut self, column: usize, points: WordPoints) -> bool {
        let a_step = f64::from(points.0) / f64::from(PARTS) * f64::from(AMOUNTS_TO_A_STEP);
        let total = self.total + a_step;
        let fits = self.counted.len() < MOST_COLUMNS && total * CUT / SCALE < f64::from(u16::MAX);
        if fits {
            self.total = total;
            self.counted.push((column, a_step));
        }
        fits
    }

    /// Adds to each bound what its offer says of these words, at most a point more for all of them together.
    pub(super) fn add<'a>(
        &self,
        column: impl Fn(usize) -> &'a [Column],
        bounds: &mut [[u16; LANES]],
    ) {
        if self.counted.is_empty() {
            return;
        }
        let counted = self.counted.iter().map(|(place, points)| {
            let times = up(points / self.total * SCALE);
            (pieces(column(*place)), times)
        });
        Arch::new().dispatch(Adding {
            counted: Counted(counted.collect()),
            factor: everywhere(up(self.total * CUT / SCALE)),
            bounds,
        });
    }
}

/// Adding the points of columns to bounds, with the widest instructions the processor has.
struct Adding<'a> {
    counted: Counted<'a>,
    /// It makes points of a sum by [`product`].
    factor: Wide,
    bounds: &'a mut [[u16; LANES]],
}

impl NullaryFnOnce for Adding<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let one = everywhere(1);
        let bounds = self.bounds.as_flattened_mut().as_chunks_mut().0;
        for (first, bounds) in (0..).step_by(2).zip(bounds.as_chunks_mut::<2>().0) {
            for (bound, sums) in bounds.iter_mut().zip(self.counted.sums::<2>(first)) {
                *bound = capped(bound, &sum(&product(&sums, &self.factor), &one));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn columns_bring_what_their_amounts_do_and_little_more(
            shares in prop::collection::vec(0.0..1.0_f64, 1..24),
            amounts in prop::collection::vec(prop::collection::vec(0..2_300_u32, LANES), 24),
            most in 1.0..32_000.0_f64,
            full_at in 0.01..1.0_f64,
        ) {
            let total: f64 = shares.iter().sum();
            let text = TextPoints { most: up(most), all: most / full_at };
            let mut columns = WordColumns::default();
            let mut taken = Vec::new();
            for (share, amounts) in shares.iter().zip(&amounts) {
                // An amount of 1 is one word said once.
                let share = share / total / 1_024.0;
                if let Some(points) = text.of_word(share)
                    && columns.take_in(taken.len(), points)
                {
                    let column: Vec<u8> = amounts.iter().map(|amount| steps(*amount)).collect();
                    taken.push((share * text.all, amounts, [Column::try_from(column).unwrap()]));
                }
            }
            let mut bounds = [[0; LANES]];
            columns.add(|place| &taken[place].2, &mut bounds);
            for (place, bound) in bounds[0].iter().enumerate() {
                let points: f64 = taken.iter().map(|(points, amounts, _)| points * f64::from(amounts[place])).sum();
                prop_assert!(f64::from(*bound) >= points.min(65_535.0), "{bound} for {points}");
                // A step is ten amounts, and there are more than two hundred in the largest sum.
                let each: f64 = taken.iter().map(|(points, ..)| points * 10.0 + 0.02).sum();
                let loose = points + each + 2.0 + each * 255.0 / SCALE * taken.len() as f64;
                prop_assert!(f64::from(*bound) <= loose, "{bound} for {points}, at most {loose}");
            }
        }
    }
}
