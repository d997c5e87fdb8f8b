//! The walk: bounds from high to low, until none that is left can reach what is already found.

use std::cell::Cell;

use super::question::Question;
use super::shelf::{LANES, Shelf};

/// Lanes of a block that share a top: every eighth.
const GROUPS: usize = 8;
/// Bounds are first sorted roughly, into steps of this many points.
const STEP: u16 = 128;
/// All steps there can be.
const STEPS: usize = 512;
/// How many posts the first round looks for.
const FIRST_ROUND: usize = 32;
/// Each next round looks for so many times as many.
const GROWTH: usize = 4;
/// Posts whose memory is asked for together: waiting for one takes as long as waiting for all of them.
const AHEAD: usize = 16;

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
    /// Each shelf with the number of its first block.
    shelves: Vec<(usize, &'a Shelf)>,
    room: Room,
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

    /// Asks a question of a shelf; every post on it gets `base` points more.
    pub(super) fn add(&mut self, shelf: &'a Shelf, question: &Question, base: u16) {
        self.shelves.push((self.room.lanes.len(), shelf));
        for (block, posts) in shelf.blocks() {
            let mut bounds = question.bounds(block, base);
            bounds.iter_mut().skip(posts).for_each(|bound| *bound = 0);
            self.room.tops.push(tops(&bounds));
            self.room.lanes.push(bounds);
        }
    }

    /// Visits posts from the highest bound down to `floor`, the bound from which a post is worth a visit; each visit
    /// answers the floor from then on. `fetch` hears shortly before whom a visit is for.
    ///
    /// A post that stands on several shelves may be visited several times.
    pub(super) fn walk(
        &mut self,
        floor: u16,
        fetch: impl Fn(u32),
        mut visit: impl FnMut(u32, u16) -> u16,
    ) {
        let steps = self.steps();
        let mut found = std::mem::take(&mut self.room.found);
        let (mut wanted, mut floor, mut ceiling) = (FIRST_ROUND, floor.max(1), u16::MAX);
        while floor < ceiling {
            let level = lowest(&steps, wanted).max(floor);
            self.find(&mut found, level, ceiling);
            for some in found.chunks_mut(AHEAD) {
                for (_, place) in some.iter_mut().take_while(|(bound, _)| *bound >= floor) {
                    *place = self.owner(*place);
                    fetch(*place);
                }
                for (bound, owner) in some {
                    if *bound >= floor {
                        floor = visit(*owner, *bound).max(1);
                    }
                }
            }
            ceiling = level;
            wanted = wanted.saturating_mul(GROWTH);
        }
        self.room.found = found;
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

    /// Finds the posts with a bound of at least `level` and below `ceiling`, the highest first.
    fn find(&self, found: &mut Vec<(u16, u32)>, level: u16, ceiling: u16) {
        found.clear();
        let blocks = (0..)
            .step_by(LANES)
            .zip(&self.room.tops)
            .zip(&self.room.lanes);
        for ((first, tops), lanes) in blocks {
            for (group, _) in (0..).zip(tops).filter(|(_, top)| **top >= level) {
                let places = (first + group..).step_by(GROUPS);
                let group = usize::try_from(group).unwrap_or_default();
                for (place, bound) in places.zip(lanes.iter().skip(group).step_by(GROUPS)) {
                    if (level..ceiling).contains(bound) {
                        found.push((*bound, place));
                    }
                }
            }
        }
        found.sort_unstable_by(|a: &(u16, u32), b| b.cmp(a));
    }

    /// Whose row stands at a place.
    fn owner(&self, place: u32) -> u32 {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let shelf = self
            .shelves
            .partition_point(|(first, _)| first * LANES <= place);
        shelf
            .checked_sub(1)
            .and_then(|shelf| self.shelves.get(shelf))
            .and_then(|(first, shelf)| shelf.owner(place - first * LANES))
            .unwrap_or(u32::MAX)
    }
}

fn tops(bounds: &[u16; LANES]) -> [u16; GROUPS] {
    let mut tops = [0; GROUPS];
    for bounds in bounds.chunks_exact(GROUPS) {
        for (top, bound) in tops.iter_mut().zip(bounds) {
            *top = (*top).max(*bound);
        }
    }
    tops
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
