//! What is kept of a long shelf of offers besides its columns: who says each word, and, when it is very long, who is
//! good for each theme.

use crate::text::kept::Given;

use super::by_theme::ByTheme;
use super::postings::Postings;
use super::shelf::Shelf;

/// A long shelf of offers.
#[derive(Debug)]
pub(super) struct Followed {
    pub(super) postings: Postings,
    pub(super) by_theme: Option<ByTheme>,
    /// How many offers make a shelf very long.
    very_long: usize,
}

impl Followed {
    /// Follows all who stand on a shelf that just became long; `given` knows the words of each.
    pub(super) fn of<'a>(
        shelf: &Shelf,
        very_long: usize,
        given: impl Fn(u32) -> Option<&'a Given>,
    ) -> Self {
        let mut postings = Postings::default();
        for place in 0..shelf.len() {
            if let Some(given) = shelf.owner(place).and_then(&given) {
                postings.put(place, given);
            }
        }
        let by_theme = (shelf.len() >= very_long).then(|| ByTheme::of(shelf, &postings, given));
        Self {
            postings,
            by_theme,
            very_long,
        }
    }

    /// Follows the offer that came last on the shelf.
    pub(super) fn push<'a>(&mut self, shelf: &Shelf, given: impl Fn(u32) -> Option<&'a Given>) {
        let Some(place) = shelf.len().checked_sub(1) else {
            return;
        };
        let Some(last) = shelf.owner(place).and_then(&given) else {
            return;
        };
        self.postings.put(place, last);
        match &mut self.by_theme {
            Some(by_theme) if !by_theme.is_outgrown() => by_theme.push(shelf.row(place), last),
            _ if shelf.len() >= self.very_long => {
                self.by_theme = Some(ByTheme::of(shelf, &self.postings, given));
            }
            _ => {}
        }
    }

    /// Notes that an offer with these words left a shelf of which now `left` are left; the last one, with its words,
    /// took its place if there is one.
    pub(super) fn swap_remove(
        &mut self,
        (place, left): (usize, usize),
        gone: &Given,
        moved: Option<&Given>,
    ) {
        self.postings.take(place, gone);
        if let Some(moved) = moved {
            self.postings.moved(left, place, moved);
        }
        if let Some(by_theme) = &mut self.by_theme {
            by_theme.swap_remove(place);
        }
        // Somewhat shorter still counts as very long, so that no shelf changes back and forth.
        if left < self.very_long / 2 {
            self.by_theme = None;
        }
    }
}
