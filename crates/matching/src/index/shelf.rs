//! A shelf: posts laid out column by column, so that one instruction sums a column for many posts at once.
//!
//! Every post is a [`Row`] of bytes: for each theme, kind of help and phase how much it gives (an offer) or wants (a
//! request), rounded up. The bytes of one column lie beside each other, and sixty-four of them, a cache line, make a
//! block. A sum over a few columns is then a short loop without branches, which the compiler turns into vector
//! instructions, over memory that is read from front to back, which the processor fetches ahead.

use std::ops::Range;

use crate::profile::{Gives, PHASES, SUPPORTS, Spread, THEMES, Wants};

/// Posts in a block: a column of them is one cache line.
pub(super) const LANES: usize = 64;
/// Blocks that are bounded together.
pub(super) const AT_ONCE: usize = 8;
/// What a worth of 1 is on a shelf of offers.
pub(super) const FULL_WORTH: u16 = 255;
/// What a weight of 1 is on a shelf of requests. Rounding up adds less than 1 for each of the at most [`THEMES`]
/// columns, so that the weights of a request never add up to more than 256, and its sums fit in 16 bits.
pub(super) const FULL_WEIGHT: u16 = 192;

/// The bytes of one column in a block.
pub(super) type Column = [u8; LANES];

/// A post as bytes.
#[derive(Debug, Clone)]
pub(super) struct Row {
    themes: [u8; THEMES],
    support: [u8; SUPPORTS],
    phases: [u8; PHASES],
    /// How specifically it serves the area of the shelf; 0 for requests, whose region depends on who asks.
    region: u8,
}

impl Row {
    /// An offer; `region` is the worth of the area of the shelf, 0 to 1.
    pub(super) fn of_offer(gives: &Gives, region: f64) -> Self {
        Self {
            themes: gives.themes.map(|worth| byte(f64::from(worth), FULL_WORTH)),
            support: gives
                .support
                .map(|worth| byte(f64::from(worth), FULL_WORTH)),
            phases: gives.phases.map(|worth| byte(f64::from(worth), FULL_WORTH)),
            region: byte(region, FULL_WORTH),
        }
    }

    /// A request.
    pub(super) fn of_request(wants: &Wants) -> Self {
        Self {
            themes: spread(&wants.themes),
            support: spread(&wants.support),
            phases: spread(&wants.phase),
            region: 0,
        }
    }
}

fn spread<const N: usize>(wanted: &Spread) -> [u8; N] {
    let mut row = [0; N];
    for (column, weight) in wanted.iter() {
        if let Some(place) = row.get_mut(column) {
            *place = byte(weight, FULL_WEIGHT);
        }
    }
    row
}

/// A share of `full`, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit becomes the largest that does"
)]
fn byte(share: f64, full: u16) -> u8 {
    (share * f64::from(full)).ceil() as u8
}

/// Posts of one area, in no order.
#[derive(Debug)]
pub(super) struct Shelf {
    themes: [Vec<Column>; THEMES],
    support: [Vec<Column>; SUPPORTS],
    phases: [Vec<Column>; PHASES],
    region: Vec<Column>,
    /// Whose row each is.
    owners: Vec<u32>,
}

/// Some neighbouring blocks of a shelf.
#[derive(Debug, Clone)]
pub(super) struct Blocks<'a> {
    shelf: &'a Shelf,
    numbers: Range<usize>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            themes: [const { Vec::new() }; THEMES],
            support: [const { Vec::new() }; SUPPORTS],
            phases: [const { Vec::new() }; PHASES],
            region: Vec::new(),
            owners: Vec::new(),
        }
    }
}

impl Shelf {
    /// Adds a row and tells its place.
    pub(super) fn push(&mut self, owner: u32, row: &Row) -> usize {
        let place = self.owners.len();
        if place.is_multiple_of(LANES) {
            self.each(|column, _| column.push([0; LANES]), row);
        }
        self.owners.push(owner);
        self.set(place, row);
        place
    }

    /// Takes a row out. The last row takes its place; whose that is, is told where it is another.
    pub(super) fn swap_remove(&mut self, place: usize) -> Option<u32> {
        let last = self.owners.len().checked_sub(1)?;
        if place > last {
            return None;
        }
        let moved = self.row(last);
        self.set(place, &moved);
        self.owners.swap_remove(place);
        if last.is_multiple_of(LANES) {
            self.each(|column, _| column.truncate(last / LANES), &moved);
        }
        self.owners.get(place).copied()
    }

    /// The blocks, a few at a time, so that each column is read in longer stretches.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Blocks<'_>> {
        let all = self.region.len();
        (0..all).step_by(AT_ONCE).map(move |first| Blocks {
            shelf: self,
            numbers: first..(first + AT_ONCE).min(all),
        })
    }

    /// How many posts stand on it.
    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    /// Whose row stands at a place.
    pub(super) fn owner(&self, place: usize) -> Option<u32> {
        self.owners.get(place).copied()
    }

    fn set(&mut self, place: usize, row: &Row) {
        let (block, lane) = (place / LANES, place % LANES);
        let write = |column: &mut Vec<Column>, value| {
            if let Some(place) = column
                .get_mut(block)
                .and_then(|column| column.get_mut(lane))
            {
                *place = value;
            }
        };
        self.each(write, row);
    }

    fn row(&self, place: usize) -> Row {
        let (block, lane) = (place / LANES, place % LANES);
        let read = |column: &Vec<Column>| {
            column
                .get(block)
                .and_then(|column| column.get(lane))
                .copied()
                .unwrap_or_default()
        };
        Row {
            themes: self.themes.each_ref().map(read),
            support: self.support.each_ref().map(read),
            phases: self.phases.each_ref().map(read),
            region: read(&self.region),
        }
    }

    /// Does something with every column and what a row has for it.
    fn each(&mut self, mut act: impl FnMut(&mut Vec<Column>, u8), row: &Row) {
        let themes = self.themes.iter_mut().zip(row.themes);
        let support = self.support.iter_mut().zip(row.support);
        let phases = self.phases.iter_mut().zip(row.phases);
        for (column, value) in themes.chain(support).chain(phases) {
            act(column, value);
        }
        act(&mut self.region, row.region);
    }
}

impl<'a> Blocks<'a> {
    /// A column of the themes, for each block.
    #[inline(always)]
    pub(super) fn theme(&self, column: usize) -> &'a [Column] {
        self.cut(self.shelf.themes.get(column))
    }

    /// A column of the kinds of help, for each block.
    #[inline(always)]
    pub(super) fn support(&self, column: usize) -> &'a [Column] {
        self.cut(self.shelf.support.get(column))
    }

    /// A column of the phases, for each block.
    #[inline(always)]
    pub(super) fn phase(&self, column: usize) -> &'a [Column] {
        self.cut(self.shelf.phases.get(column))
    }

    /// The column of the region, for each block.
    #[inline(always)]
    pub(super) fn region(&self) -> &'a [Column] {
        self.cut(Some(&self.shelf.region))
    }

    #[inline(always)]
    fn cut(&self, column: Option<&'a Vec<Column>>) -> &'a [Column] {
        column
            .and_then(|column| column.get(self.numbers.clone()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u8) -> Row {
        Row {
            themes: [number; THEMES],
            support: [number; SUPPORTS],
            phases: [number; PHASES],
            region: number,
        }
    }

    #[test]
    fn the_last_row_fills_the_gap() {
        let mut shelf = Shelf::default();
        for number in 0..130 {
            assert_eq!(
                shelf.push(u32::from(number), &row(number)),
                usize::from(number)
            );
        }
        assert_eq!(
            shelf
                .blocks()
                .map(|blocks| blocks.numbers.len())
                .collect::<Vec<_>>(),
            [3]
        );
        assert_eq!(shelf.swap_remove(5), Some(129));
        assert_eq!(shelf.swap_remove(128), None);
        assert_eq!(
            shelf
                .blocks()
                .map(|blocks| blocks.numbers.len())
                .sum::<usize>(),
            2
        );
        assert_eq!(shelf.owner(5), Some(129));
        assert_eq!(shelf.row(5).themes, [129; THEMES]);
        assert_eq!(shelf.swap_remove(500), None);
    }
}
