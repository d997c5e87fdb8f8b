//! Brings the names in one text together: what lies in what decides which place is meant.

use std::collections::BTreeSet;

use domain::region::{Municipality, Region};

use crate::candidate::Candidate;
use crate::gazetteer::Entry;
use crate::reading::{Known, Relation, Weight};
use crate::resolution::Resolution;
use crate::tables::Regions;
use crate::weighing::{Meaning, Rank, rank, weigh};

/// How sure the town is when a part is named that is only listed elsewhere.
const WITH_PART_FROM_ELSEWHERE: f64 = 0.6;
/// How sure the municipality is when the place only lies near it.
const ONLY_NEAR: f64 = 0.6;

impl Regions {
    /// The place that fits all names; the places they stand for each by itself when they contradict.
    pub(crate) fn combine(&self, known: &[&Known]) -> Resolution {
        let mut names: Vec<&Known> = known.to_vec();
        let mut fitting = self.fitting(&names);
        if fitting.is_empty() {
            let firm: Vec<&Known> = names
                .iter()
                .copied()
                .filter(|name| name.weight == Weight::Firm)
                .collect();
            if !firm.is_empty() {
                names = firm;
                fitting = self.fitting(&names);
            }
        }
        let only_near = names.iter().all(|name| name.relation == Relation::Near);
        let certainty = if only_near { ONLY_NEAR } else { 1.0 };
        if fitting.is_empty() {
            return self.wide_or_contradiction(&names, certainty);
        }
        let fits = |entry: &&Entry| {
            entry
                .municipality()
                .is_some_and(|code| fitting.contains(&code))
        };
        if fitting.len() > 1 {
            let meant = names.iter().flat_map(|name| &name.entries).filter(fits);
            return self.choose(&weigh(meant), certainty);
        }
        let narrowest = names
            .iter()
            .filter(|name| only_near || name.relation == Relation::Inside)
            .filter_map(|name| weigh(name.entries.iter().filter(fits)).into_iter().next())
            .max_by_key(|meaning| meaning.entry.kind);
        self.choose(narrowest.as_slice(), certainty)
    }

    /// The municipalities that fit every name; those that fit as a municipality go before those that only lie in a
    /// province of the same name.
    fn fitting(&self, names: &[&Known]) -> BTreeSet<Municipality> {
        let only_near = names.iter().all(|name| name.relation == Relation::Near);
        let named: BTreeSet<Municipality> = names
            .iter()
            .filter(|name| only_near || name.relation == Relation::Inside)
            .flat_map(|name| &name.entries)
            .filter_map(Entry::municipality)
            .collect();
        let fits = |code: Municipality, name: &Known| {
            name.entries.iter().any(|entry| {
                self.holds(entry.region, code)
                    || name.relation == Relation::Near
                        && entry
                            .municipality()
                            .is_some_and(|other| self.borders(other, code))
            })
        };
        let all: BTreeSet<Municipality> = named
            .into_iter()
            .filter(|code| names.iter().all(|name| fits(*code, name)))
            .collect();
        let exactly = |code: &Municipality| {
            names.iter().all(|name| {
                name.entries
                    .iter()
                    .any(|entry| entry.region == Region::Municipality(*code))
            })
        };
        let strict: BTreeSet<Municipality> = all.iter().copied().filter(exactly).collect();
        if strict.is_empty() { all } else { strict }
    }

    /// Names of wide areas that nest give the narrowest one; a town goes before a part that is only listed elsewhere;
    /// other names that contradict give a choice.
    fn wide_or_contradiction(&self, names: &[&Known], certainty: f64) -> Resolution {
        let wide: Vec<Meaning<'_>> = names
            .iter()
            .filter_map(|name| {
                let wide = name
                    .entries
                    .iter()
                    .filter(|entry| entry.municipality().is_none());
                weigh(wide).into_iter().next()
            })
            .collect();
        let narrowest = wide.iter().max_by_key(|meaning| meaning.entry.region);
        if let Some(narrowest) = narrowest
            && wide.len() == names.len()
            && wide
                .iter()
                .all(|other| self.lies_in(narrowest.entry.region, other.entry.region))
        {
            return Resolution::Found(self.candidate(narrowest.entry, certainty));
        }
        let is_small = |name: &&Known| {
            name.entries
                .iter()
                .all(|entry| rank(entry) >= Rank::Smaller)
        };
        let (small, large): (Vec<&Known>, Vec<&Known>) = names.iter().copied().partition(is_small);
        if !small.is_empty() && !self.fitting(&large).is_empty() {
            return match self.combine(&large) {
                Resolution::Found(town) => Resolution::Found(Candidate {
                    confidence: town.confidence * WITH_PART_FROM_ELSEWHERE,
                    ..town
                }),
                other => other,
            };
        }
        let meanings: Vec<Meaning<'_>> =
            names.iter().flat_map(|name| weigh(&name.entries)).collect();
        match meanings.as_slice() {
            [] => Resolution::Unknown(Vec::new()),
            several => Resolution::Ambiguous(self.distinct(several, certainty)),
        }
    }

    fn lies_in(&self, inner: Region, outer: Region) -> bool {
        self.municipalities()
            .iter()
            .all(|facts| !self.holds(inner, facts.code) || self.holds(outer, facts.code))
    }
}
