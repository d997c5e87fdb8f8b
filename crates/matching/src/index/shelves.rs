//! Where posts stand: an offer on the shelf of each area it serves, a request on that of its municipality.
//!
//! A request then looks at four shelves at most: its municipality, COROP region and province, and the country. An
//! offer that serves bordering municipalities stands on their shelves too.

use std::collections::BTreeMap;

use domain::region::{Municipality, Region};
use regions::Regions;

use crate::posts::{Demand, Neighbours, Supply};
use crate::signals::region::{Served, serving};
use crate::weights::RegionValues;

use super::row::Row;
use super::shelf::Shelf;

/// An offer that serves more areas than this stands on the shelf of the country alone, and the gate tells who it
/// serves: no offer takes more room than a few others.
const MOST_AREAS: usize = 64;

/// The shelves of one side of the market.
#[derive(Debug)]
pub(super) struct Shelves<A>(BTreeMap<A, Shelf>);

impl<A> Default for Shelves<A> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<A: Copy + Ord> Shelves<A> {
    /// Puts a post on the shelf of an area, and tells its place there.
    pub(super) fn put(&mut self, area: A, owner: u32, row: &Row) -> usize {
        self.0.entry(area).or_default().push(owner, row)
    }

    /// Takes a post off a shelf; tells which other post came to stand in its place.
    pub(super) fn take(&mut self, area: A, place: usize) -> Option<u32> {
        self.0.get_mut(&area)?.swap_remove(place)
    }

    /// The shelf of an area.
    pub(super) fn shelf(&self, area: A) -> Option<&Shelf> {
        self.0.get(&area)
    }

    /// Every shelf with its area.
    pub(super) fn iter(&self) -> impl Iterator<Item = (A, &Shelf)> {
        self.0.iter().map(|(area, shelf)| (*area, shelf))
    }
}

/// The areas on whose shelves an offer stands, each once, with what its region is worth there.
pub(super) fn stands(supply: &Supply, values: &RegionValues) -> Vec<(Region, f64)> {
    let mut areas: BTreeMap<Region, f64> = BTreeMap::new();
    for area in &supply.reach {
        areas.insert(*area, worth_of(*area, values));
        if let (Region::Municipality(listed), Neighbours::Included) = (*area, supply.neighbours) {
            for neighbour in Regions::shipped().neighbours(listed) {
                if let Some(served @ Served::Beside { .. }) = serving(Some(*neighbour), supply) {
                    areas.insert(Region::Municipality(*neighbour), served.worth(values));
                }
            }
        }
    }
    if areas.len() > MOST_AREAS {
        return vec![(Region::Netherlands, 1.0)];
    }
    areas.into_iter().collect()
}

fn worth_of(area: Region, values: &RegionValues) -> f64 {
    // Which municipality within the area is asked for makes no difference.
    let municipality = Municipality::from_number(0);
    Served::Within { area, municipality }.worth(values)
}

/// The place by which a request looks for offers and offers look for it.
pub(super) fn home(demand: &Demand) -> Option<Municipality> {
    demand.municipality
}

/// The areas that hold a place; a place that is not known is only sure to lie in the country.
pub(super) fn areas_around(home: Option<Municipality>) -> Vec<Region> {
    let Some(home) = home else {
        return vec![Region::Netherlands];
    };
    Regions::shipped()
        .municipality(home)
        .map(|facts| {
            vec![
                Region::Municipality(home),
                facts.corop,
                facts.province,
                Region::Netherlands,
            ]
        })
        .unwrap_or_default()
}
