//! A request among the offers that stand by theme, in rounds: those for its own themes, those for what is kin to them,
//! all others.
//!
//! Before each round but the first it is known what any offer that was not asked could score at most: what such offers
//! give at most, with the most that their words bring. When the best that were found beat that, nobody else is asked,
//! which is so for nearly all requests after one round or two.

use pulp::{Arch, NullaryFnOnce};

use crate::profile::{Spread, THEMES, UNKNOWN};

use super::by_theme::{ANY, ByTheme};
use super::kin::{Circle, around};
use super::postings::Postings;
use super::question::Question;
use super::shelf::Shelf;
use super::text_points::{WordColumns, WordPoints};
use super::walk::{Bounds, Text};

/// The first rounds are about the themes that weigh this much for the request, 0 to 1: what it wants less is seldom
/// decisive.
const WEIGHTY: f64 = 0.1;

/// Who is asked next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Within(Circle),
    All,
    Nobody,
}

/// A request among the offers of a shelf by theme.
#[derive(Debug)]
pub(super) struct Rounds<'a> {
    all: &'a Shelf,
    by_theme: &'a ByTheme,
    wanted: &'a Spread,
    postings: &'a Postings,
    said: SaidPoints,
    /// The shelves that were asked.
    asked: [bool; THEMES],
    next: Next,
}

/// The points of what offers say.
#[derive(Debug)]
struct SaidPoints {
    /// Those that each offer has for the words that are followed, by its place on the shelf of all; those that its
    /// bound counts already are taken out.
    texts: Vec<u16>,
    columns: WordColumns,
    /// The words that have columns.
    common: Vec<(u32, WordPoints)>,
    /// The most that the columns bring.
    in_columns: u16,
    /// The most that words without a column bring that are not followed.
    rest: u16,
    /// Those of a text that fits fully.
    full: u16,
}

impl SaidPoints {
    fn of(
        (all, by_theme): (&Shelf, &ByTheme),
        postings: &Postings,
        words: &[(u32, WordPoints)],
        full: u16,
    ) -> Self {
        let (mut columns, mut in_columns) = (WordColumns::default(), 0_u16);
        let (mut common, mut others) = (Vec::new(), Vec::with_capacity(words.len()));
        for (word, points) in words {
            let column = by_theme.word(*word);
            if column.is_some_and(|column| columns.take_in(column, *points)) {
                in_columns = in_columns.saturating_add(points.of(postings.most(*word)));
                common.push((*word, *points));
            } else {
                others.push((*word, *points));
            }
        }
        let said = postings.said(&others, all.len());
        let mut texts = vec![0; all.len()];
        said.raise(&mut texts);
        Self {
            texts,
            columns,
            common,
            in_columns,
            rest: said.rest,
            full,
        }
    }

    /// Follows the words that have columns as well, so that the most they bring to one offer is known instead of the
    /// most that each brings to any.
    fn follow_all(&mut self, postings: &Postings) {
        let said = postings.said(&std::mem::take(&mut self.common), self.texts.len());
        said.raise(&mut self.texts);
        self.rest = self.rest.saturating_add(said.rest);
        self.columns = WordColumns::default();
        self.in_columns = 0;
    }

    /// The most that anybody has whose bound does not count it yet.
    fn most(&self) -> u16 {
        let text = Arch::new().dispatch(Most(&self.texts));
        self.without_texts().saturating_add(text).min(self.full)
    }

    /// The most that anybody has beside `texts`.
    fn without_texts(&self) -> u16 {
        self.rest.saturating_add(self.in_columns).min(self.full)
    }
}

impl<'a> Rounds<'a> {
    /// Asks nobody yet. `postings` are those of the shelf of all, `full` the points of a text that fits fully.
    pub(super) fn of(
        (all, by_theme): (&'a Shelf, &'a ByTheme),
        wanted: &'a Spread,
        postings: &'a Postings,
        words: &[(u32, WordPoints)],
        full: u16,
    ) -> Self {
        Self {
            all,
            by_theme,
            wanted,
            postings,
            said: SaidPoints::of((all, by_theme), postings, words, full),
            asked: [false; THEMES],
            next: Next::Within(Circle::Own),
        }
    }

    /// Adds the bounds of those who come next, if anybody who is left can reach `floor`; it is `true` while others are
    /// left after them.
    pub(super) fn ask(&mut self, bounds: &mut Bounds<'a>, question: &Question, floor: u16) -> bool {
        let asked_within = match self.next {
            Next::Within(Circle::Own) => None,
            Next::Within(Circle::Family) => Some(Circle::Own),
            Next::All => Some(Circle::Family),
            Next::Nobody => return false,
        };
        if asked_within.is_some_and(|circle| self.falls_short(circle, question, floor)) {
            self.next = Next::Nobody;
            return false;
        }
        self.next = match self.next {
            Next::Within(circle) => {
                self.ask_theme(ANY, bounds, question);
                for theme in weighty(self.wanted).flat_map(|theme| around(theme, circle)) {
                    self.ask_theme(*theme, bounds, question);
                }
                if circle == Circle::Own {
                    Next::Within(Circle::Family)
                } else {
                    Next::All
                }
            }
            Next::All | Next::Nobody => {
                let base = self.said.without_texts();
                let added = bounds.add(self.all, None, question, (base, Text::Compared));
                for (bound, text) in added.as_flattened_mut().iter_mut().zip(&self.said.texts) {
                    *bound = bound.saturating_add(*text);
                }
                Next::Nobody
            }
        };
        self.next != Next::Nobody
    }

    fn ask_theme(&mut self, theme: usize, bounds: &mut Bounds<'a>, question: &Question) {
        let (Some(shelf), Some(asked)) = (self.by_theme.shelf(theme), self.asked.get_mut(theme))
        else {
            return;
        };
        if std::mem::replace(asked, true) || shelf.len() == 0 {
            return;
        }
        let SaidPoints {
            texts,
            columns,
            rest,
            full,
            ..
        } = &mut self.said;
        let base = (*rest).min(*full);
        let added = bounds.add(shelf, Some(self.all), question, (base, Text::Compared));
        columns.add(|column| shelf.word(column), added);
        for (bound, place) in added.as_flattened_mut().iter_mut().zip(shelf.owners()) {
            let text = usize::try_from(*place)
                .ok()
                .and_then(|place| texts.get_mut(place));
            // An offer that stands on several of these shelves needs its full bound on one of them only.
            *bound = bound.saturating_add(text.map(std::mem::take).unwrap_or_default());
        }
    }

    /// Whether no offer can reach `floor` that stands on none of the shelves within a circle around what is wanted.
    fn falls_short(&mut self, circle: Circle, question: &Question, floor: u16) -> bool {
        if self.most_beyond(circle, question) < floor {
            return true;
        }
        if self.said.common.is_empty() {
            return false;
        }
        self.said.follow_all(self.postings);
        self.most_beyond(circle, question) < floor
    }

    /// The most points of an offer on none of the shelves within a circle around what is wanted.
    fn most_beyond(&self, circle: Circle, question: &Question) -> u16 {
        let mut most = self.by_theme.most_beyond(circle).clone();
        for (column, weight) in self.wanted.iter() {
            if !is_weighty(column, weight)
                && column != UNKNOWN
                && let Some(worth) = most.themes.get_mut(column)
            {
                *worth = u8::MAX;
            }
        }
        question.bound(&most, self.said.most())
    }
}

/// The themes that the first rounds are about.
fn weighty(wanted: &Spread) -> impl Iterator<Item = usize> {
    let weighty = wanted
        .iter()
        .filter(|(column, weight)| is_weighty(*column, *weight));
    weighty.map(|(column, _)| column)
}

fn is_weighty(column: usize, weight: f64) -> bool {
    weight >= WEIGHTY && column != UNKNOWN
}

/// The largest of some numbers, with the widest instructions the processor has.
struct Most<'a>(&'a [u16]);

impl NullaryFnOnce for Most<'_> {
    type Output = u16;

    #[inline(always)]
    fn call(self) -> u16 {
        self.0.iter().fold(0, |most, number| most.max(*number))
    }
}
