//! Sums over a few columns of a shelf, for many posts at once.

use smallvec::SmallVec;

use super::shelf::Column;
use super::wide::{WIDTH, Wide, everywhere, with_bytes};

/// A column cut up.
pub(super) fn pieces(column: &[Column]) -> Pieces<'_> {
    column.as_flattened().as_chunks().0
}

/// A column of a shelf, cut into pieces as wide as what is worked on at once.
pub(super) type Pieces<'a> = &'a [[u8; WIDTH]];

/// Columns of a shelf and how much each counts.
pub(super) struct Counted<'a>(pub(super) SmallVec<[(Pieces<'a>, u16); 8]>);

impl Counted<'_> {
    /// Makes `sums` those of the posts from a place on, counted in [`WIDTH`]; a block holds two of these.
    #[inline(always)]
    pub(super) fn sum_from(&self, first: usize, sums: &mut [Wide]) {
        let (fours, rest) = sums.as_chunks_mut();
        let two = first + fours.as_flattened().len();
        for (place, four) in (first..).step_by(4).zip(fours) {
            *four = self.sums::<4>(place);
        }
        for (place, two) in (two..).step_by(2).zip(rest.as_chunks_mut().0) {
            *two = self.sums::<2>(place);
        }
    }

    /// Some sums at once: while one waits for its memory, another is worked on.
    #[inline(always)]
    pub(super) fn sums<const SOME: usize>(&self, first: usize) -> [Wide; SOME] {
        let mut sums = [everywhere(0); SOME];
        for (column, times) in &self.0 {
            let from_there = column.get(first..).and_then(<[_]>::first_chunk::<SOME>);
            for (sums, bytes) in sums.iter_mut().zip(from_there.into_iter().flatten()) {
                *sums = with_bytes(sums, bytes, *times);
            }
        }
        sums
    }
}
