//! The posts that say nearly the same as one that is being placed, among those of its kind and place.
//!
//! Only the words that the index keeps are compared, so a market of many thousands of posts takes milliseconds.

use std::collections::BTreeSet;

use domain::region::{Municipality, Region};
use regions::Regions;

use crate::text::words::Words;

use super::Index;
use super::shelves::areas_around;

/// The least likeness of near-duplicates.
///
/// Of the pairs that people wrote for the tests, one question told twice, with slips, in another order and with other
/// words between, is 0.50 or more alike, and two questions of one theme and place are 0.42 at most; of all pairs of
/// different requests in `benches/quality` none is more than 0.25. A question too many costs its reader a glance.
const NEAR: f64 = 0.45;

/// The most that are answered.
pub const MAX_ALIKE: usize = 10;

impl Index {
    /// The keys of the requests in a municipality that are near-duplicates of this text, the most alike first, at most
    /// [`MAX_ALIKE`].
    pub fn requests_like(&self, title: &str, body: &str, home: Municipality) -> Vec<String> {
        let likeness = self.collection.likeness(&Words::read(title, body));
        let shelf = self.seeking.shelf(Some(home));
        let owners = shelf.into_iter().flat_map(|shelf| {
            let owners = (0..shelf.len()).filter_map(|place| shelf.owner(place));
            owners.filter_map(|owner| self.demands.get(owner))
        });
        most_alike(owners.map(|demand| {
            let alike = likeness.to(demand.wording.iter());
            (alike, demand.post.key.as_str())
        }))
    }

    /// The keys of the offers whose reach has a municipality in common with `reach` and that are near-duplicates of this
    /// text, the most alike first, at most [`MAX_ALIKE`].
    pub fn offers_like(&self, title: &str, body: &str, reach: &[Region]) -> Vec<String> {
        let likeness = self.collection.likeness(&Words::read(title, body));
        let touched = touched(reach);
        let here = self.supplies.posts().filter(|supply| {
            let mut areas = supply.post.reach.iter();
            areas.any(|area| touched.contains(area))
        });
        most_alike(here.map(|supply| {
            let words = supply.given.iter().map(|(word, _)| word);
            (likeness.to(words), supply.post.key.as_str())
        }))
    }
}

/// The keys of those that are near, the most alike first and then by key.
fn most_alike<'a>(posts: impl Iterator<Item = (f64, &'a str)>) -> Vec<String> {
    let mut near: Vec<_> = posts.filter(|(alike, _)| *alike >= NEAR).collect();
    near.sort_unstable_by(|one, other| {
        let by_key = || one.1.cmp(other.1);
        other.0.total_cmp(&one.0).then_with(by_key)
    });
    let best = near.into_iter().take(MAX_ALIKE);
    best.map(|(_, key)| key.to_owned()).collect()
}

/// Every area that has a municipality in common with these.
fn touched(reach: &[Region]) -> BTreeSet<Region> {
    let regions = Regions::shipped();
    let served = regions
        .municipalities()
        .iter()
        .filter(|facts| reach.iter().any(|area| regions.holds(*area, facts.code)));
    served
        .flat_map(|facts| areas_around(Some(facts.code)))
        .collect()
}
