//! The offers on a very long shelf once more, on a shelf for each theme they are good for.
//!
//! What a request scores highest is nearly always good for one of its themes, so it looks at a few of these shelves
//! (`rounds`). There, words that many say have columns like the codes have: on a short shelf that is less to read than
//! a list.

use smallvec::SmallVec;

use crate::lookup::Lookup;
use crate::profile::{THEMES, UNKNOWN};
use crate::text::kept::Given;

use super::kin::{Circle, around};
use super::postings::{Postings, amount};
use super::row::{FULL_WORTH, Row};
use super::shelf::Shelf;
use super::text_points::steps;

/// An offer is good for a theme when it gives more than this of what can be given.
const GOOD: u16 = FULL_WORTH * 3 / 10;
/// An offer that is good for more themes than this stands among those for any theme, so that none takes the room of
/// many.
const MOST_THEMES: usize = 8;
/// The shelf of those for any theme.
pub(super) const ANY: usize = UNKNOWN;
/// A word that more than one offer in so many says has a column.
const COMMON: usize = 32;

/// The offers of a shelf by theme.
#[derive(Debug)]
pub(super) struct ByTheme {
    /// For each theme, by its column, those who are good for it; each row is owned by its place on the shelf of all.
    shelves: Vec<Shelf>,
    /// Where each offer stands, by its place on the shelf of all.
    spots: Vec<SmallVec<[Spot; 2]>>,
    /// What [`Self::most_beyond`] answers for each circle.
    beyond_own: Row,
    beyond_family: Row,
    /// The columns of words.
    words: Lookup<u32, usize>,
    /// How many stood here when the words were chosen.
    chosen_among: usize,
}

/// A place on the shelf of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    theme: u8,
    place: u32,
}

impl ByTheme {
    /// Puts all who stand on a shelf by their themes; `given` knows the words of each.
    pub(super) fn of<'a>(
        all: &Shelf,
        postings: &Postings,
        given: impl Fn(u32) -> Option<&'a Given>,
    ) -> Self {
        let common = postings.common(all.len() / COMMON);
        let mut by_theme = Self {
            shelves: (0..THEMES)
                .map(|_| Shelf::with_words(common.len()))
                .collect(),
            spots: Vec::with_capacity(all.len()),
            beyond_own: Row::default(),
            beyond_family: Row::default(),
            words: Lookup::default(),
            chosen_among: all.len(),
        };
        by_theme.words.extend(common.into_iter().zip(0..));
        for place in 0..all.len() {
            if let Some(given) = all.owner(place).and_then(&given) {
                by_theme.push(all.row(place), given);
            }
        }
        by_theme
    }

    /// Whether so many came since the words were chosen that others may be common now. Only speed depends on it.
    pub(super) fn is_outgrown(&self) -> bool {
        self.spots.len() > 2 * self.chosen_among
    }

    /// Adds the offer that came last on the shelf of all, with its words.
    pub(super) fn push(&mut self, mut row: Row, given: &Given) {
        let themes = themes_of(&row);
        if themes[..] != [ANY] {
            let stands = |circle, column| {
                let mut around = around(column, circle).iter();
                around.any(|theme| themes.contains(theme))
            };
            self.beyond_own
                .raise(&row, |column| !stands(Circle::Own, column));
            self.beyond_family
                .raise(&row, |column| !stands(Circle::Family, column));
        }
        row.words = vec![0; self.words.len()].into();
        for (word, units) in given.iter() {
            let column = self.words.get(&word);
            if let Some(said) = column.and_then(|column| row.words.get_mut(*column)) {
                *said = steps(amount(units));
            }
        }
        let owner = number(self.spots.len());
        let spots = themes.into_iter().filter_map(|theme| {
            let place = self.shelves.get_mut(theme)?.push(owner, &row);
            Some(Spot {
                theme: u8::try_from(theme).ok()?,
                place: number(place),
            })
        });
        self.spots.push(spots.collect());
    }

    /// Takes out the offer at a place on the shelf of all; the last one there takes its place.
    pub(super) fn swap_remove(&mut self, place: usize) {
        let Some(gone) = self.spots.get_mut(place).map(std::mem::take) else {
            return;
        };
        for spot in gone {
            let shelf = self.shelf_mut(spot.theme);
            let moved = shelf.and_then(|shelf| shelf.swap_remove(index(spot.place)));
            let moved = moved.and_then(|owner| self.spots.get_mut(index(owner)));
            for known in moved.into_iter().flatten() {
                if known.theme == spot.theme {
                    *known = spot;
                }
            }
        }
        self.spots.swap_remove(place);
        for spot in self.spots.get(place).cloned().unwrap_or_default() {
            if let Some(shelf) = self.shelf_mut(spot.theme) {
                shelf.own(index(spot.place), number(place));
            }
        }
    }

    /// The shelf of a theme, by its column.
    pub(super) fn shelf(&self, theme: usize) -> Option<&Shelf> {
        self.shelves.get(theme)
    }

    /// The column of a word, where it has one.
    pub(super) fn word(&self, word: u32) -> Option<usize> {
        self.words.get(&word).copied()
    }

    /// The most that was ever given by offers that are not for any theme; of a theme, only by those who stand on no
    /// shelf within a circle around it.
    pub(super) fn most_beyond(&self, circle: Circle) -> &Row {
        match circle {
            Circle::Own => &self.beyond_own,
            Circle::Family => &self.beyond_family,
        }
    }

    fn shelf_mut(&mut self, theme: u8) -> Option<&mut Shelf> {
        self.shelves.get_mut(usize::from(theme))
    }
}

/// The themes on whose shelves an offer stands.
fn themes_of(row: &Row) -> SmallVec<[usize; MOST_THEMES]> {
    let good = (0..).zip(row.themes).filter(|(theme, worth)| {
        u16::from(*worth) > GOOD && around(*theme, Circle::Own) == [*theme]
    });
    let themes: SmallVec<[usize; MOST_THEMES]> = good.map(|(theme, _)| theme).collect();
    if themes.is_empty() || themes.len() > MOST_THEMES {
        SmallVec::from_slice(&[ANY])
    } else {
        themes
    }
}

/// A place as it is kept.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::shelf::Worths;

    fn row(themes: &[usize]) -> Row {
        let mut row = Row::default();
        for theme in themes {
            row.themes[*theme] = 200;
        }
        row
    }

    proptest! {
        /// Offers come and go on both the shelf of all and those by theme.
        #[test]
        fn everyone_stands_by_their_themes_and_nobody_else(
            offers in prop::collection::vec(prop::collection::vec(0..THEMES, 0..12), 1..40),
            leaving in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        ) {
            let (mut all, nothing) = (Shelf::default(), Given::default());
            let mut by_theme = ByTheme::of(&all, &Postings::default(), |_| None);
            for (owner, themes) in (0..).zip(&offers) {
                all.push(owner, &row(themes));
                by_theme.push(row(themes), &nothing);
            }
            for place in leaving {
                if all.len() > 0 {
                    let place = place.index(all.len());
                    all.swap_remove(place);
                    by_theme.swap_remove(place);
                }
            }
            let mut expected: Vec<(usize, usize)> = (0..all.len())
                .flat_map(|place| themes_of(&all.row(place)).into_iter().map(move |theme| (theme, place)))
                .collect();
            expected.sort_unstable();
            let mut found: Vec<(usize, usize)> = Vec::new();
            for (theme, shelf) in by_theme.shelves.iter().enumerate() {
                prop_assert!(matches!(shelf.region(), Worths::Same(0)) || shelf.len() == 0);
                for place in 0..shelf.len() {
                    let owner = index(shelf.owner(place).unwrap());
                    prop_assert_eq!(shelf.row(place).themes, all.row(owner).themes);
                    found.push((theme, owner));
                }
            }
            found.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
