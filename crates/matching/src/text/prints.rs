//! A rough copy of the words of all offers, small enough to stay near the processor.
//!
//! Before the words of an offer are compared with those of a request, their prints are: sixteen bits of the number of
//! each word, thirty-two to a cache line, the offers close together. Two words may share a print, so what the prints
//! have in common bounds what the words have.

use super::kept::Given;

/// Prints in a row: a cache line.
const WIDTH: usize = 32;

/// The prints of offers, by the number of the offer.
#[derive(Debug, Default)]
pub(crate) struct Prints {
    rows: Vec<[u16; WIDTH]>,
    spots: Vec<Spot>,
    /// Where rows are free, by how many lie beside each other.
    free: Vec<Vec<u32>>,
}

/// Where the prints of an offer are.
#[derive(Debug, Clone, Copy, Default)]
struct Spot {
    start: u32,
    rows: u16,
    /// The most that the offer is about one of its words, in `SAID_UNITS`.
    most: u16,
}

/// The prints of one offer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printed<'a> {
    rows: &'a [[u16; WIDTH]],
    most: u16,
}

/// The print of a word, never 0, which fills up rows.
pub(super) fn print(word: u32) -> u32 {
    word % u32::from(u16::MAX) + 1
}

impl Prints {
    /// Keeps the prints of an offer that has none yet.
    pub(crate) fn put(&mut self, offer: u32, given: &Given) {
        let count = given.iter().len().div_ceil(WIDTH);
        let start = self.room_for(count);
        let mut prints = given.iter().map(|(word, _)| narrow(print(word)));
        for row in self.rows.iter_mut().skip(start).take(count) {
            *row = [0; WIDTH];
            row.iter_mut()
                .zip(&mut prints)
                .for_each(|(place, print)| *place = print);
        }
        let offer = place(offer);
        if self.spots.len() <= offer {
            self.spots.resize(offer + 1, Spot::default());
        }
        if let Some(spot) = self.spots.get_mut(offer) {
            *spot = Spot {
                start: u32::try_from(start).unwrap_or(u32::MAX),
                rows: u16::try_from(count).unwrap_or(u16::MAX),
                most: narrow(
                    given
                        .iter()
                        .map(|(_, units)| units)
                        .max()
                        .unwrap_or_default(),
                ),
            };
        }
    }

    /// Forgets the prints of an offer.
    pub(crate) fn remove(&mut self, offer: u32) {
        let Some(spot) = self.spots.get_mut(place(offer)).map(std::mem::take) else {
            return;
        };
        let rows = usize::from(spot.rows);
        if self.free.len() <= rows {
            self.free.resize(rows + 1, Vec::new());
        }
        if let Some(free) = self.free.get_mut(rows) {
            free.push(spot.start);
        }
    }

    /// The prints of an offer; none of one that is not there.
    pub(crate) fn of(&self, offer: u32) -> Printed<'_> {
        let spot = self.spots.get(place(offer)).copied().unwrap_or_default();
        let start = place(spot.start);
        Printed {
            rows: self
                .rows
                .get(start..start + usize::from(spot.rows))
                .unwrap_or_default(),
            most: spot.most,
        }
    }

    fn room_for(&mut self, count: usize) -> usize {
        if let Some(start) = self.free.get_mut(count).and_then(Vec::pop) {
            return place(start);
        }
        let start = self.rows.len();
        self.rows.resize(start + count, [0; WIDTH]);
        start
    }
}

impl Printed<'_> {
    /// Asks for the memory they lie in, so that it has come when they are compared.
    pub(crate) fn fetch(self) {
        for row in self.rows {
            std::hint::black_box(row.first().copied());
        }
    }

    /// Each print.
    pub(super) fn iter(self) -> impl Iterator<Item = u32> {
        let prints = self.rows.iter().flatten().copied();
        prints.take_while(|print| *print != 0).map(u32::from)
    }

    /// The most that the offer is about one of its words, in `SAID_UNITS`.
    pub(super) fn most(self) -> u32 {
        u32::from(self.most)
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn narrow(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::collection::Collection;
    use crate::text::words::Words;

    #[test]
    fn the_room_of_who_leaves_is_used_again() {
        let long: String = (0..100).map(|number| format!("woord{number}x ")).collect();
        let mut collection = Collection::default();
        let [long, short] =
            [&*long, "tuin schuur"].map(|text| collection.add(&Words::read("", text)));
        let mut prints = Prints::default();
        prints.put(0, &long);
        prints.put(1, &short);
        let rows = prints.rows.len();
        assert_eq!(prints.of(0).iter().count(), 100);
        for _ in 0..3 {
            prints.remove(0);
            assert_eq!(prints.of(0).iter().count(), 0);
            prints.put(0, &long);
            prints.remove(1);
            prints.put(1, &short);
        }
        assert_eq!(prints.rows.len(), rows);
        assert_eq!(prints.of(1).iter().count(), 2);
    }
}
