//! Decides between the meanings of one name.
//!
//! Towns and municipalities go before former municipalities, and those before districts and other small places. Of
//! equals, one is taken only when nearly everyone who lives in a place of that name lives there; otherwise the person
//! must choose.

use std::collections::BTreeMap;

use domain::region::Region;

use crate::candidate::PlaceKind;
use crate::gazetteer::Entry;

/// The share of the inhabitants of all places of one name above which a person need not say which one is meant.
const CLEAR_SHARE: f64 = 0.95;
/// The share of a town that goes before all smaller places of its name.
const BEFORE_NAMESAKES: f64 = 0.98;
/// How many times the inhabitants of a town a district elsewhere must have to be as likely meant by their name.
const OUTGROWN: u32 = 5;
/// Inhabitants of a well-known town.
pub(crate) const WELL_KNOWN: u32 = 10_000;

/// What a name may stand for in one area, and how likely that is.
#[derive(Debug)]
pub(crate) struct Meaning<'a> {
    pub(crate) entry: &'a Entry,
    /// The share of the inhabitants of all places in question that live here, 0 to 1.
    pub(crate) share: f64,
}

impl Meaning<'_> {
    /// Whether no other meaning needs to be offered.
    pub(crate) fn is_clear(&self) -> bool {
        self.share >= CLEAR_SHARE
    }
}

/// Which meanings of a name come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Town,
    FormerMunicipality,
    Smaller,
    PartOfName,
}

/// The rank of an entry among the meanings of its name.
pub(crate) fn rank(entry: &Entry) -> Rank {
    match entry.kind {
        PlaceKind::Country
        | PlaceKind::Province
        | PlaceKind::Corop
        | PlaceKind::Municipality
        | PlaceKind::Town
        | PlaceKind::Postcode => Rank::Town,
        PlaceKind::FormerMunicipality => Rank::FormerMunicipality,
        PlaceKind::District if entry.certainty < 1.0 => Rank::PartOfName,
        PlaceKind::Village | PlaceKind::District | PlaceKind::Neighbourhood => Rank::Smaller,
    }
}

/// The meanings that remain, one for each area, the most populous first.
pub(crate) fn weigh<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<Meaning<'a>> {
    let mut areas: BTreeMap<Region, Area<'a>> = BTreeMap::new();
    for entry in entries {
        areas
            .entry(entry.region)
            .and_modify(|area| area.take(entry))
            .or_insert_with(|| Area::new(entry));
    }
    drop_namesake_areas(&mut areas);
    let Some(best) = areas.values().map(|area| rank(area.entry)).min() else {
        return Vec::new();
    };
    let of_best = |area: &&Area<'_>| rank(area.entry) == best;
    let largest = areas
        .values()
        .filter(of_best)
        .map(|area| area.inhabitants)
        .max();
    let outgrows = |area: &&Area<'_>| {
        rank(area.entry) < Rank::PartOfName
            && Some(area.inhabitants) > largest.map(|number| number.saturating_mul(OUTGROWN))
    };
    let mut kept: Vec<&Area<'_>> = areas
        .values()
        .filter(|area| of_best(area) || outgrows(area))
        .collect();
    kept.sort_by_key(|area| std::cmp::Reverse(area.inhabitants));
    let all: f64 = kept.iter().map(|area| f64::from(area.inhabitants)).sum();
    // Even a town that goes before all its namesakes is not quite certain, as long as there are any.
    let only = match (kept.len(), areas.len()) {
        (1, 1) => Some(1.0),
        (1, _) => Some(BEFORE_NAMESAKES),
        _ => None,
    };
    kept.into_iter()
        .map(|area| Meaning {
            entry: area.entry,
            share: only.unwrap_or_else(|| f64::from(area.inhabitants) / all.max(1.0)),
        })
        .collect()
}

/// Everything of one name within one area.
struct Area<'a> {
    entry: &'a Entry,
    inhabitants: u32,
}

impl<'a> Area<'a> {
    fn new(entry: &'a Entry) -> Self {
        Self {
            entry,
            inhabitants: entry.inhabitants,
        }
    }

    /// The widest entry of the best rank stands for the area; the largest number says how many live there.
    fn take(&mut self, entry: &'a Entry) {
        self.inhabitants = self.inhabitants.max(entry.inhabitants);
        if (rank(entry), entry.kind) < (rank(self.entry), self.entry.kind) {
            self.entry = entry;
        }
    }
}

/// A municipality goes before the province it gave its name to, a province before the COROP region with its name.
fn drop_namesake_areas(areas: &mut BTreeMap<Region, Area<'_>>) {
    let has = |kind| areas.values().any(|area| area.entry.kind == kind);
    if has(PlaceKind::Municipality) {
        areas.retain(|_, area| area.entry.kind >= PlaceKind::Municipality);
    } else if has(PlaceKind::Province) {
        areas.retain(|_, area| area.entry.kind != PlaceKind::Corop);
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn entry(kind: PlaceKind, region: &str, inhabitants: u32) -> Entry {
        Entry {
            name: Cow::Borrowed("Ergens"),
            kind,
            region: region.parse().unwrap(),
            inhabitants,
            certainty: 1.0,
        }
    }

    /// Codes of the meanings that remain.
    fn remaining(entries: &[Entry]) -> Vec<String> {
        weigh(entries)
            .iter()
            .map(|meaning| meaning.entry.region.to_string())
            .collect()
    }

    #[test]
    fn a_town_goes_before_a_district_unless_the_district_is_far_larger() {
        let town = entry(PlaceKind::Town, "GM0001", 5_000);
        let small = entry(PlaceKind::District, "GM0002", 20_000);
        let large = entry(PlaceKind::District, "GM0003", 30_000);
        assert_eq!(remaining(&[small.clone(), town.clone()]), ["GM0001"]);
        let share = weigh(&[small.clone(), town.clone()])[0].share;
        assert!((CLEAR_SHARE..1.0).contains(&share));
        assert_eq!(remaining(&[small, town, large]), ["GM0003", "GM0001"]);
    }

    #[test]
    fn equals_are_clear_only_when_nearly_everyone_lives_in_one() {
        let hamlet = entry(PlaceKind::Town, "GM0002", 1_000);
        let city = [
            entry(PlaceKind::Municipality, "GM0001", 60_000),
            hamlet.clone(),
        ];
        assert!(weigh(&city)[0].is_clear());
        let town = [entry(PlaceKind::Municipality, "GM0001", 6_000), hamlet];
        assert!(!weigh(&town)[0].is_clear());
    }

    #[test]
    fn one_name_twice_in_one_municipality_is_one_meaning() {
        let twice = [
            entry(PlaceKind::District, "GM0001", 9_000),
            entry(PlaceKind::Town, "GM0001", 1_000),
        ];
        let meanings = weigh(&twice);
        assert_eq!(meanings.len(), 1);
        assert_eq!(meanings[0].entry.kind, PlaceKind::Town);
        assert!(meanings[0].is_clear());
    }

    #[test]
    fn a_municipality_goes_before_its_province_and_a_province_before_a_namesake_region() {
        let province = entry(PlaceKind::Province, "PV26", 1_400_000);
        let corop = entry(PlaceKind::Corop, "CR17", 1_400_000);
        let city = entry(PlaceKind::Municipality, "GM0344", 370_000);
        assert_eq!(
            remaining(&[province.clone(), corop.clone(), city]),
            ["GM0344"]
        );
        assert_eq!(remaining(&[corop, province]), ["PV26"]);
    }
}
