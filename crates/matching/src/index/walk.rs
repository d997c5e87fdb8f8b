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
const FIRST_ROUND: usize = 128;
/// Each next round looks for so many times as many.
const GROWTH: usize = 4;
/// Posts whose words are asked for together: waiting for one takes as long as waiting for all of them.
const TOGETHER: usize = 32;
/// Posts that are asked for together to be scored.
const A_FEW: usize = 4;

/// Who looks for the best posts. Memory is asked for before it is used, because waiting for it takes longer than all
/// that is done with it.
pub(super) trait Judge {
    /// The bound a post must have to be worth looking at; it only rises.
    fn floor(&self) -> u16;

    /// Asks for the memory [`Self::refine`] needs.
    fn fetch_words(&self, number: u32);

    /// A lower bound of the same post, now that its words are looked at.
    fn refine(&self, number: u32, bound: u16) -> u16;

    /// Asks for the memory [`Self::judge`] needs.
    fn fetch_post(&self, number: u32);

    /// Asks the gates, scores the post, and keeps it if it is good.
    fn judge(&mut self, number: u32);
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
        let mut rest = shelf.len();
        for blocks in shelf.blocks() {
            let bounds = question.bounds(&blocks, base);
            for bounds in bounds.iter().take(blocks.len()) {
                let mut bounds = *bounds;
                bounds.iter_mut().skip(rest).for_each(|bound| *bound = 0);
                rest = rest.saturating_sub(LANES);
                self.room.tops.push(tops(&bounds));
                self.room.lanes.push(bounds);
            }
        }
    }

    /// Shows `judge` the posts from the highest bound down, until no bound that is left reaches its floor.
    ///
    /// A post that stands on several shelves may be shown several times.
    pub(super) fn walk(&mut self, judge: &mut impl Judge) {
        let steps = self.steps();
        let mut found = std::mem::take(&mut self.room.found);
        let (mut wanted, mut ceiling) = (FIRST_ROUND, u16::MAX);
        while judge.floor().max(1) < ceiling {
            let level = lowest(&steps, wanted).max(judge.floor()).max(1);
            self.find(&mut found, level, ceiling);
            for some in found.chunks_mut(TOGETHER) {
                let floor = judge.floor();
                let worthy = some.partition_point(|(bound, _)| *bound >= floor);
                if let Some(some) = some.get_mut(..worthy) {
                    self.show(some, judge);
                }
            }
            ceiling = level;
            wanted = wanted.saturating_mul(GROWTH);
        }
        self.room.found = found;
    }

    /// Shows a few posts, given by their bounds and places.
    fn show(&self, some: &mut [(u16, u32)], judge: &mut impl Judge) {
        for (_, place) in some.iter_mut() {
            *place = self.owner(*place);
        }
        for (_, number) in some.iter() {
            judge.fetch_words(*number);
        }
        for (bound, number) in some.iter_mut() {
            *bound = judge.refine(*number, *bound);
        }
        some.sort_unstable_by(|a, b| b.cmp(a));
        for few in some.chunks(A_FEW) {
            let floor = judge.floor();
            for (_, number) in few.iter().take_while(|(bound, _)| *bound >= floor) {
                judge.fetch_post(*number);
            }
            for (bound, number) in few {
                if *bound >= judge.floor() {
                    judge.judge(*number);
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

    /// Finds the posts with a bound of at least `level` and below `ceiling`, the highest first.
    fn find(&self, found: &mut Vec<(u16, u32)>, level: u16, ceiling: u16) {
        found.clear();
        let blocks = (0..)
            .step_by(LANES)
            .zip(&self.room.tops)
            .zip(&self.room.lanes);
        for ((first, tops), lanes) in blocks {
            if tops.iter().fold(0, |most, top| most.max(*top)) < level {
                continue;
            }
            for (group, _) in tops.iter().enumerate().filter(|(_, top)| **top >= level) {
                let rows = (first..).step_by(GROUPS).zip(lanes.as_chunks::<GROUPS>().0);
                for (place, row) in rows {
                    let bound = row.get(group).copied().unwrap_or_default();
                    if (level..ceiling).contains(&bound) {
                        found.push((bound, place + u32::try_from(group).unwrap_or_default()));
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
