//! A shelf: posts laid out column by column, so that one instruction sums a column for many posts at once.
//!
//! Every post is a [`Row`] of bytes. The bytes of one column lie beside each other, and sixty-four of them, a cache
//! line, make a block. A sum over a few columns is then a short loop without branches, which the compiler turns into
//! vector instructions, over memory that is read from front to back, which the processor fetches ahead.

use crate::profile::{PHASES, SUPPORTS, THEMES};

use super::row::Row;

/// Posts in a block: a column of them is one cache line.
pub(super) const LANES: usize = 64;
/// The bytes of one column in a block.
pub(super) type Column = [u8; LANES];

/// Posts of one area, in no order.
#[derive(Debug)]
pub(super) struct Shelf {
    themes: [Vec<Column>; THEMES],
    support: [Vec<Column>; SUPPORTS],
    phases: [Vec<Column>; PHASES],
    /// Words that are common here; none on most shelves.
    words: Vec<Vec<Column>>,
    region: Vec<Column>,
    /// What the region of all of them is worth, where that is the same for each that ever came since it was empty: one
    /// column less to read.
    one_region: Option<u8>,
    /// Whose row each is.
    owners: Vec<u32>,
}

/// What one thing is worth of every post on a shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worths<'a> {
    Same(u8),
    Each(&'a [Column]),
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            themes: [const { Vec::new() }; THEMES],
            support: [const { Vec::new() }; SUPPORTS],
            phases: [const { Vec::new() }; PHASES],
            words: Vec::new(),
            region: Vec::new(),
            one_region: None,
            owners: Vec::new(),
        }
    }
}

impl Shelf {
    /// An empty shelf with columns for so many words.
    pub(super) fn with_words(words: usize) -> Self {
        Self {
            words: vec![Vec::new(); words],
            ..Self::default()
        }
    }

    /// A column of the words.
    pub(super) fn word(&self, column: usize) -> &[Column] {
        self.words.get(column).map_or(&[], Vec::as_slice)
    }

    /// Adds a row and tells its place.
    pub(super) fn push(&mut self, owner: u32, row: &Row) -> usize {
        let place = self.owners.len();
        if place == 0 {
            self.one_region = Some(row.region);
        } else if self.one_region != Some(row.region) {
            self.one_region = None;
        }
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

    /// A column of the themes.
    pub(super) fn theme(&self, column: usize) -> &[Column] {
        self.themes.get(column).map_or(&[], Vec::as_slice)
    }

    /// A column of the kinds of help.
    pub(super) fn support(&self, column: usize) -> &[Column] {
        self.support.get(column).map_or(&[], Vec::as_slice)
    }

    /// A column of the phases.
    pub(super) fn phase(&self, column: usize) -> &[Column] {
        self.phases.get(column).map_or(&[], Vec::as_slice)
    }

    /// What the regions are worth.
    pub(super) fn region(&self) -> Worths<'_> {
        self.one_region
            .map_or(Worths::Each(&self.region), Worths::Same)
    }

    /// How many posts stand on it.
    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    /// Whose row stands at a place.
    pub(super) fn owner(&self, place: usize) -> Option<u32> {
        self.owners.get(place).copied()
    }

    /// Whose rows they are, by their places.
    pub(super) fn owners(&self) -> &[u32] {
        &self.owners
    }

    /// Gives the row at a place another owner.
    pub(super) fn own(&mut self, place: usize, owner: u32) {
        if let Some(known) = self.owners.get_mut(place) {
            *known = owner;
        }
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

    /// The row at a place.
    pub(super) fn row(&self, place: usize) -> Row {
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
            words: self.words.iter().map(read).collect(),
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
        for (column, word) in self.words.iter_mut().enumerate() {
            act(word, row.words.get(column).copied().unwrap_or_default());
        }
        act(&mut self.region, row.region);
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
            words: Box::default(),
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
        assert!(matches!(shelf.region(), Worths::Each(blocks) if blocks.len() == 3));
        assert_eq!(shelf.swap_remove(5), Some(129));
        assert_eq!(shelf.swap_remove(128), None);
        assert!(matches!(shelf.region(), Worths::Each(blocks) if blocks.len() == 2));
        assert_eq!(shelf.owner(5), Some(129));
        assert_eq!(shelf.row(5).themes, [129; THEMES]);
        assert_eq!(shelf.swap_remove(500), None);
    }

    #[test]
    fn one_region_is_known_until_another_comes() {
        let mut shelf = Shelf::default();
        for number in [7, 7, 8] {
            shelf.push(0, &row(number));
            assert_eq!(shelf.region() == Worths::Same(7), number == 7);
        }
        for _ in 0..3 {
            assert!(matches!(shelf.region(), Worths::Each(_)));
            shelf.swap_remove(0);
        }
        shelf.push(0, &row(9));
        assert_eq!(shelf.region(), Worths::Same(9));
    }
}
