//! The walk: bounds from high to low, until none that is left can reach what is already found.

use std::cell::Cell;
use std::ops::RangeInclusive;

use pulp::{Arch, NullaryFnOnce};

use super::question::Question;
use super::shelf::{LANES, Shelf};

/// Lanes of a block that share a top: every eighth.
const GROUPS: usize = 8;
/// Bounds are first sorted roughly, into steps of this many points.
const STEP: u16 = 128;
/// All steps there can be.
const STEPS: usize = 512;
/// How many posts the first round looks for.
const FIRST_ROUND: usize = 24;
/// Each next round looks for so many times as many.
const GROWTH: usize = 8;
/// Posts whose memory is asked for together: waiting for one takes as long as waiting for all of them.
const TOGETHER: usize = 24;

/// Who looks for the best posts.
pub(super) trait Judge {
    /// The bound a post must have to be worth looking at; it only rises.
    fn floor(&self) -> u16;

    /// Asks for the memory [`Self::judge`] needs for some posts before it is used: waiting for it takes longer than
    /// what is done with it.
    fn fetch(&self, posts: &[Option<(u32, Text)>]);

    /// Asks the gates, scores the post, and keeps it if it is good.
    fn judge(&mut self, number: u32, bound: Bound);
}

/// The most points a post can have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub(super) points: u16,
    pub(super) text: Text,
}

/// How a bound counts the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// As if it fits fully.
    Full,
    /// By the words both sides use.
    Compared,
}

thread_local! {
    /// The room of the last question of this thread: asking for some hundred kilobytes anew would take longer than
    /// filling them.
    static ROOM: Cell<Room> = Cell::default();
}

/// Memory for the bounds of one question.
#[derive(Debug, Default)]
struct Room {
    /// The bounds, block by block.
    lanes: Vec<[u16; LANES]>,
    /// For each block the highest bound of every eighth lane: most lanes need no closer look.
    tops: Vec<[u16; GROUPS]>,
    /// Bounds with the places of the posts they are of.
    found: Vec<(u16, u32)>,
}

/// The bounds of all posts on some shelves.
#[derive(Debug)]
pub(super) struct Bounds<'a> {
    /// The shelves that were asked.
    shelves: Vec<Asked<'a>>,
    room: Room,
}

/// A shelf that was asked.
#[derive(Debug)]
struct Asked<'a> {
    /// The number of its first block among all.
    first: usize,
    shelf: &'a Shelf,
    /// The shelf by whose places it knows who stands on it; `None` where it knows them by their numbers.
    all: Option<&'a Shelf>,
    /// How its bounds count the text.
    text: Text,
}

impl Drop for Bounds<'_> {
    fn drop(&mut self) {
        ROOM.set(std::mem::take(&mut self.room));
    }
}

impl<'a> Bounds<'a> {
    /// No shelves yet.
    pub(super) fn new() -> Self {
        let mut room = ROOM.take();
        room.lanes.clear();
        room.tops.clear();
        Self {
            shelves: Vec::new(),
            room,
        }
    }

    /// Asks a question of a shelf; every post on it gets `base` points more, in which the text is counted as said.
    /// Answers the bounds of its posts by their places, to be raised.
    pub(super) fn add(
        &mut self,
        shelf: &'a Shelf,
        all: Option<&'a Shelf>,
        question: &Question,
        (base, text): (u16, Text),
    ) -> &mut [[u16; LANES]] {
        let first = self.room.lanes.len();
        self.shelves.push(Asked {
            first,
            shelf,
            all,
            text,
        });
        let end = first + shelf.len().div_ceil(LANES);
        let lanes = &mut self.room.lanes;
        lanes.resize(end, [0; LANES]);
        let lanes = lanes.get_mut(first..).unwrap_or_default();
        Arch::new().dispatch(Asking {
            lanes: &mut *lanes,
            shelf,
            question,
            base,
        });
        lanes
    }

    /// Whether no shelf was asked.
    pub(super) fn is_empty(&self) -> bool {
        self.shelves.is_empty()
    }

    /// Forgets all shelves.
    pub(super) fn clear(&mut self) {
        self.shelves.clear();
        self.room.lanes.clear();
        self.room.tops.clear();
    }

    /// Shows `judge` the posts from the highest bound down, until no bound that is left reaches its floor.
    ///
    /// A post that stands on several shelves may be shown several times.
    pub(super) fn walk(&mut self, judge: &mut impl Judge) {
        let Room { lanes, tops, .. } = &mut self.room;
        Arch::new().dispatch(Topping { lanes, tops });
        let steps = self.steps();
        let mut found = std::mem::take(&mut self.room.found);
        let (mut wanted, mut highest) = (FIRST_ROUND, u16::MAX);
        while judge.floor().max(1) <= highest {
            let level = lowest(&steps, wanted).max(judge.floor()).max(1);
            let room = &self.room;
            let bounds = level..=highest;
            found.clear();
            Arch::new().dispatch(Finding {
                room,
                bounds,
                found: &mut found,
            });
            found.sort_unstable_by(|a, b| b.cmp(a));
            self.show(&found, judge);
            highest = level - 1;
            wanted = wanted.saturating_mul(GROWTH);
        }
        self.room.found = found;
    }

    /// Has posts judged that are given by their bounds and places, the highest bound first.
    fn show(&self, found: &[(u16, u32)], judge: &mut impl Judge) {
        for some in found.chunks(TOGETHER) {
            let floor = judge.floor();
            let mut posts = [None; TOGETHER];
            for ((bound, place), post) in some.iter().zip(&mut posts) {
                if *bound >= floor {
                    *post = self.owner(*place);
                }
            }
            judge.fetch(&posts);
            for ((points, _), post) in some.iter().zip(posts) {
                let points = *points;
                if points < judge.floor() {
                    return;
                }
                if let Some((number, text)) = post {
                    judge.judge(number, Bound { points, text });
                }
            }
        }
    }

    /// How many tops there are in each step.
    fn steps(&self) -> [u32; STEPS] {
        let mut steps = [0_u32; STEPS];
        for top in self.room.tops.iter().flatten() {
            if let Some(count) = steps.get_mut(usize::from(*top / STEP)) {
                *count = count.wrapping_add(1);
            }
        }
        steps
    }

    /// Whose row stands at a place, and how the bounds there count the text.
    fn owner(&self, place: u32) -> Option<(u32, Text)> {
        let place = usize::try_from(place).ok()?;
        let asked = self
            .shelves
            .partition_point(|asked| asked.first * LANES <= place);
        let asked = self.shelves.get(asked.checked_sub(1)?)?;
        let owner = asked.shelf.owner(place - asked.first * LANES)?;
        let owner = match asked.all {
            Some(all) => all.owner(usize::try_from(owner).ok()?)?,
            None => owner,
        };
        Some((owner, asked.text))
    }
}

/// Asking a question of a shelf. This and the next two are done with the widest instructions the processor has.
struct Asking<'a> {
    lanes: &'a mut [[u16; LANES]],
    shelf: &'a Shelf,
    question: &'a Question,
    base: u16,
}

impl NullaryFnOnce for Asking<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.question.bounds(self.shelf, self.base, self.lanes);
        // Where nobody stands nobody is found.
        let beyond = self.lanes.as_flattened_mut().get_mut(self.shelf.len()..);
        beyond.unwrap_or_default().fill(0);
    }
}

/// Taking the tops of all blocks.
struct Topping<'a> {
    lanes: &'a [[u16; LANES]],
    tops: &'a mut Vec<[u16; GROUPS]>,
}

impl NullaryFnOnce for Topping<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.tops.extend(self.lanes.iter().map(|bounds| {
            let mut tops = [0; GROUPS];
            for bounds in bounds.as_chunks::<GROUPS>().0 {
                for (top, bound) in tops.iter_mut().zip(bounds) {
                    *top = (*top).max(*bound);
                }
            }
            tops
        }));
    }
}

/// Finding the posts whose bound lies between two, or is one of them.
struct Finding<'a> {
    room: &'a Room,
    bounds: RangeInclusive<u16>,
    found: &'a mut Vec<(u16, u32)>,
}

impl NullaryFnOnce for Finding<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (lowest, highest) = self.bounds.into_inner();
        let Room { lanes, tops, .. } = self.room;
        for ((first, tops), lanes) in (0..).step_by(LANES).zip(tops).zip(lanes) {
            if tops.iter().fold(0, |most, top| most.max(*top)) < lowest {
                continue;
            }
            for (group, _) in (0..).zip(tops).filter(|(_, top)| **top >= lowest) {
                let mut some = [(0, 0); LANES / GROUPS];
                let mut count = 0;
                let lanes = lanes.iter().skip(group).step_by(GROUPS);
                for (place, bound) in (first..).skip(group).step_by(GROUPS).zip(lanes) {
                    if let Some(one) = some.get_mut(count) {
                        *one = (*bound, place);
                    }
                    // Counting instead of branching: which lanes are high cannot be foreseen.
                    count += usize::from((*bound >= lowest) & (*bound <= highest));
                }
                let some = some.get(..count).unwrap_or_default();
                self.found.extend_from_slice(some);
            }
        }
    }
}

/// The lowest bound of the highest steps that hold so many; 0 where there are fewer.
fn lowest(steps: &[u32], wanted: usize) -> u16 {
    let mut held = 0_usize;
    for (step, count) in (0..u16::MAX).zip(steps).rev() {
        held += usize::try_from(*count).unwrap_or_default();
        if held >= wanted {
            return step * STEP;
        }
    }
    0
}
