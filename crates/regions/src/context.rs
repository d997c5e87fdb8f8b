//! What the rest of a post says about its place: other places it names decide which of several is meant, or where it is
//! when nobody filled in a place.
//!
//! It decides only when one place is clearly better supported than all others: an introduction to who cannot come is
//! worse than none.

use domain::region::Region;

use crate::candidate::Candidate;
use crate::gazetteer::Entry;
use crate::named::{Mention, Named};
use crate::resolution::Resolution;
use crate::tables::Regions;
use crate::weighing::{Meaning, weigh};

/// What a name says for a place in the same municipality.
const SAME: f64 = 3.0;
/// What it says for a place in a municipality that borders on it, and a province for what lies in it.
const BESIDE: f64 = 2.0;
/// What it says for a place at most [`NEAR_KM`] away.
const NEAR: f64 = 1.0;
/// Kilometres between places that people still name together.
const NEAR_KM: f64 = 20.0;
/// The part that counts of a name that may itself stand for several places.
const UNCLEAR: f64 = 0.5;
/// The part that counts of a name that the text only names: "naar Zwolle" is said far away as well.
const ONLY_MENTIONED: f64 = 0.75;
/// What all names together must at least say for a place.
const ENOUGH: f64 = 2.0;
/// How many times more they must say for it than for any other.
const CLEARLY: f64 = 2.0;
/// How sure a place is that only the text names, as where something is, and as a name only.
const LOCATED: f64 = 0.8;
const ONLY_NAMED: f64 = 0.5;

/// Where a post is, and which words of its text helped to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The place, or the places it may be.
    pub resolution: Resolution,
    /// The names in the text that decided, as written; empty when the place itself was enough or nothing helped.
    pub words: Vec<String>,
}

impl Regions {
    /// What a person means who writes `place`, as [`Self::resolve`], who tells more in `texts`: when the place may be
    /// several, the names in the texts decide if they clearly support one of them.
    pub fn resolve_beside(&self, place: &str, texts: &[&str]) -> Resolution {
        self.beside(place, texts).resolution
    }

    /// Where a post is: its place with the help of its texts, or, when no place was filled in, the one municipality the
    /// texts name; when they name several, those are the choices.
    pub fn locate(&self, place: &str, texts: &[&str]) -> Located {
        if place.trim().is_empty() {
            self.told(texts)
        } else {
            self.beside(place, texts)
        }
    }

    fn beside(&self, place: &str, texts: &[&str]) -> Located {
        let candidates = match self.resolve(place) {
            Resolution::Ambiguous(candidates) => candidates,
            resolution => return Located::by_itself(resolution),
        };
        let mut tallies: Vec<Tally> = candidates.iter().map(|_| Tally::default()).collect();
        for named in self.named_in(texts) {
            let (Some((index, vote)), written) = (self.vote(&named, &candidates), named.written)
            else {
                continue;
            };
            if let Some(tally) = tallies.get_mut(index) {
                tally.total += vote;
                tally.words.push(written.to_owned());
            }
        }
        let mut ranked: Vec<(Tally, &Candidate)> = tallies.into_iter().zip(&candidates).collect();
        ranked.sort_by(|a, b| b.0.total.total_cmp(&a.0.total));
        let second = ranked.get(1).map_or(0.0, |(tally, _)| tally.total);
        match ranked.into_iter().next() {
            Some((best, meant)) if best.total >= ENOUGH && best.total > CLEARLY * second => {
                Located {
                    resolution: Resolution::Found(Candidate {
                        confidence: best.total / (best.total + second + 1.0),
                        ..meant.clone()
                    }),
                    words: best.words,
                }
            }
            _ => Located::by_itself(Resolution::Ambiguous(candidates)),
        }
    }

    /// For which candidate a name speaks, and how loud: the more than for any other; `None` when it speaks for none.
    fn vote(&self, named: &Named<'_>, candidates: &[Candidate]) -> Option<(usize, f64)> {
        let is_in = |candidate: &&Candidate| {
            let mut entries = named.entries.iter();
            entries.any(|entry| entry.region == candidate.region)
        };
        // The name that was filled in says nothing new when the text repeats it.
        if candidates.iter().filter(is_in).count() > 1 {
            return None;
        }
        let meanings = weigh(&named.entries);
        let is_clear = meanings.first().is_some_and(Meaning::is_clear);
        let of_meaning = if is_clear { 1.0 } else { UNCLEAR };
        let of_mention = match named.mention {
            Mention::Located => 1.0,
            Mention::Named => ONLY_MENTIONED,
        };
        let mut ties: Vec<(usize, f64)> = candidates
            .iter()
            .map(|candidate| {
                let ties = meanings
                    .iter()
                    .map(|meaning| self.tie(meaning.entry, candidate));
                ties.fold(0.0, f64::max)
            })
            .enumerate()
            .collect();
        ties.sort_by(|a, b| b.1.total_cmp(&a.1));
        let second = ties.get(1).map_or(0.0, |(_, tie)| *tie);
        let (index, best) = ties.into_iter().next()?;
        (best > second).then_some((index, (best - second) * of_meaning * of_mention))
    }

    /// What naming a place says for a candidate.
    fn tie(&self, named: &Entry, candidate: &Candidate) -> f64 {
        let Some(code) = candidate.municipality else {
            let is_inside = |code| self.holds(candidate.region, code);
            return if named.region == candidate.region
                || named.municipality().is_some_and(is_inside)
            {
                SAME
            } else {
                0.0
            };
        };
        match named.region {
            Region::Netherlands => 0.0,
            Region::Province(_) | Region::Corop(_) if self.holds(named.region, code) => BESIDE,
            Region::Province(_) | Region::Corop(_) => 0.0,
            Region::Municipality(other) if other == code => SAME,
            Region::Municipality(other) if self.borders(other, code) => BESIDE,
            Region::Municipality(other) => match self.distance_km(other, code) {
                Some(distance) if distance <= NEAR_KM => NEAR,
                _ => 0.0,
            },
        }
    }

    /// The one municipality in which everything lies that the texts put somewhere, or else name.
    fn told(&self, texts: &[&str]) -> Located {
        let mut named = self.named_in(texts);
        let is_town = |name: &Named<'_>| {
            let mut entries = name.entries.iter();
            entries.any(|entry| entry.municipality().is_some())
        };
        let is_located = |name: &Named<'_>| name.mention == Mention::Located;
        let mut confidence = ONLY_NAMED;
        if named.iter().any(|name| is_town(name) && is_located(name)) {
            named.retain(is_located);
            confidence = LOCATED;
        }
        let towns: Vec<&Named<'_>> = named.iter().filter(|name| is_town(name)).collect();
        let meanings: Vec<Meaning<'_>> =
            towns.iter().flat_map(|name| weigh(&name.entries)).collect();
        let shared = meanings.iter().filter(|meaning| {
            let lies_in = |code, name: &Named<'_>| {
                let mut entries = name.entries.iter();
                entries.any(|entry| self.holds(entry.region, code))
            };
            meaning
                .entry
                .municipality()
                .is_some_and(|code| named.iter().all(|name| lies_in(code, name)))
        });
        let shared: Vec<&Meaning<'_>> = shared.collect();
        let resolution = match shared.iter().max_by_key(|meaning| meaning.entry.kind) {
            Some(narrowest)
                if shared
                    .iter()
                    .all(|other| other.entry.region == narrowest.entry.region) =>
            {
                Resolution::Found(self.candidate(narrowest.entry, confidence))
            }
            _ => self.choices(&meanings, confidence),
        };
        Located {
            resolution,
            words: towns.iter().map(|name| name.written.to_owned()).collect(),
        }
    }

    fn choices(&self, meanings: &[Meaning<'_>], confidence: f64) -> Resolution {
        let mut choices = self.distinct(meanings, confidence);
        choices.retain(|choice| choice.municipality.is_some());
        if choices.is_empty() {
            Resolution::Unknown(choices)
        } else {
            Resolution::Ambiguous(choices)
        }
    }
}

/// What the names in a text say for one candidate.
#[derive(Debug, Default)]
struct Tally {
    total: f64,
    words: Vec<String>,
}

impl Located {
    fn by_itself(resolution: Resolution) -> Self {
        Self {
            resolution,
            words: Vec::new(),
        }
    }
}
