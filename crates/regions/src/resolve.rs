//! From what a person typed as a place to the place, or to the places it may be.
//!
//! Exact names go first, then names with what tells them apart ("Hengelo, Gelderland"), then slips of the pen, then
//! what is left when words we do not know are overlooked. What stays unclear is asked, never guessed.

use std::collections::BTreeSet;

use domain::region::{Municipality, Region};

use crate::candidate::{Candidate, PlaceKind};
use crate::gazetteer::Entry;
use crate::normalize::{joined, pieces};
use crate::reading::{Known, Reading, Relation, Weight};
use crate::resolution::Resolution;
use crate::spelling;
use crate::tables::Regions;
use crate::weighing::{Meaning, Rank, rank, weigh};

/// The most places offered to choose from.
const MAX_CHOICES: usize = 12;
/// The most parts of a text with words we do not know that are tried as misspelled names.
const MAX_MISSPELLED: usize = 3;
/// The most words we do not know beside a name we do, before it is a story and not a place.
const MAX_UNKNOWN_WORDS: usize = 4;
/// How sure the place is when part of the text is not known, such as a street.
const WITH_UNKNOWN_PART: f64 = 0.8;
/// How sure the municipality is when the place only lies near it.
const ONLY_NEAR: f64 = 0.6;

impl Regions {
    /// What a person means who writes `text` as the place of one request: a municipality, town, district, postcode,
    /// province or COROP region, in any usual spelling, with or without what it lies in.
    ///
    /// Any text may be given; only its first 200 characters are read.
    pub fn resolve(&self, text: &str) -> Resolution {
        let pieces = pieces(text);
        let key = joined(&pieces.concat());
        let exact = self.gazetteer().find(&key);
        if !exact.is_empty() {
            return self.choose(&weigh(exact), 1.0);
        }
        let reading = Reading::of(self, &pieces);
        let clear = reading.clear();
        let complete = reading.clauses.iter().all(|clause| clause.is_clear());
        if complete && !clear.is_empty() {
            return self.combine(&clear);
        }
        self.respelled(&reading)
            .or_else(|| self.overlooking(&reading, &clear))
            .unwrap_or_else(|| Resolution::Unknown(self.like(&reading, &key)))
    }

    /// The place when the parts that are not known are read as misspelled names; `None` if that finds no single place.
    fn respelled(&self, reading: &Reading) -> Option<Resolution> {
        let mut read: Vec<Known> = Vec::new();
        let mut respelled = 0;
        for clause in &reading.clauses {
            if clause.is_clear() {
                read.extend(clause.known.iter().cloned());
                continue;
            }
            respelled += 1;
            let entries = spelling::surely_meant(self.gazetteer(), &joined(&clause.words));
            if entries.is_empty() || respelled > MAX_MISSPELLED {
                return None;
            }
            read.push(Known {
                entries,
                relation: Relation::Inside,
                weight: Weight::Firm,
            });
        }
        match self.combine(&read.iter().collect::<Vec<_>>()) {
            found @ Resolution::Found(_) => Some(found),
            Resolution::Ambiguous(choices) => Some(Resolution::Ambiguous(choices)),
            Resolution::Unknown(_) => None,
        }
    }

    /// The place by the names that are known, overlooking the rest; `None` if no name is known.
    fn overlooking(&self, reading: &Reading, clear: &[&Known]) -> Option<Resolution> {
        let unclear = reading.clauses.iter().filter(|clause| !clause.is_clear());
        let unknown_words: usize = unclear.clone().map(|clause| clause.unknown_words).sum();
        if clear.is_empty() {
            let beside: Vec<&Entry> = unclear
                .flat_map(|clause| &clause.known)
                .flat_map(|known| &known.entries)
                .collect();
            return (!beside.is_empty()).then(|| self.offer(&weigh(beside)));
        }
        let found = match self.combine(clear) {
            Resolution::Found(found) => found,
            other => return Some(other),
        };
        let near = clear.iter().any(|known| known.relation == Relation::Near);
        if unknown_words > MAX_UNKNOWN_WORDS || near || found.kind > PlaceKind::Town {
            return Some(Resolution::Unknown(vec![found]));
        }
        let within = self.area_entry(found.region);
        let named = within.and_then(|area| {
            reading
                .clauses
                .iter()
                .filter(|clause| !clause.is_clear())
                .find_map(|clause| {
                    spelling::in_area(self.gazetteer(), &joined(&clause.words), &area)
                })
        });
        Some(Resolution::Found(match named {
            Some(entry) => self.candidate(&entry, 1.0),
            None => Candidate {
                confidence: found.confidence * WITH_UNKNOWN_PART,
                ..found
            },
        }))
    }

    /// The place that fits all names; the places they stand for each by itself when they contradict.
    fn combine(&self, known: &[&Known]) -> Resolution {
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
        let meant: Vec<Entry> = names
            .iter()
            .flat_map(|name| &name.entries)
            .filter(|entry| {
                entry
                    .municipality()
                    .is_some_and(|code| fitting.contains(&code))
            })
            .cloned()
            .collect();
        if fitting.len() > 1 {
            return self.choose(&weigh(&meant), certainty);
        }
        let narrowest = names
            .iter()
            .filter(|name| only_near || name.relation == Relation::Inside)
            .filter_map(|name| {
                let here = name.entries.iter().filter(|entry| {
                    entry
                        .municipality()
                        .is_some_and(|code| fitting.contains(&code))
                });
                weigh(here).into_iter().next()
            })
            .max_by_key(|meaning| meaning.entry.kind);
        match narrowest {
            Some(meaning) => self.choose(&[meaning], certainty),
            None => self.choose(&weigh(&meant), certainty),
        }
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

    /// Names of wide areas only give the narrowest one; names that contradict give a choice.
    fn wide_or_contradiction(&self, names: &[&Known], certainty: f64) -> Resolution {
        let meanings: Vec<Meaning<'_>> =
            names.iter().flat_map(|name| weigh(&name.entries)).collect();
        let wide = meanings
            .iter()
            .all(|meaning| meaning.entry.municipality().is_none());
        match meanings.iter().max_by_key(|meaning| meaning.entry.region) {
            Some(narrowest) if wide => {
                Resolution::Found(self.candidate(narrowest.entry, certainty * narrowest.share))
            }
            _ => Resolution::Ambiguous(self.distinct(&meanings, certainty)),
        }
    }

    /// One place if it is clear, otherwise a choice.
    fn choose(&self, meanings: &[Meaning<'_>], certainty: f64) -> Resolution {
        match meanings {
            [] => Resolution::Unknown(Vec::new()),
            [first, ..] if first.is_clear() => {
                Resolution::Found(self.candidate(first.entry, certainty * first.share))
            }
            _ => Resolution::Ambiguous(self.distinct(meanings, certainty)),
        }
    }

    fn offer(&self, meanings: &[Meaning<'_>]) -> Resolution {
        Resolution::Unknown(self.distinct(meanings, WITH_UNKNOWN_PART))
    }

    /// Candidates to choose from, each area once.
    fn distinct(&self, meanings: &[Meaning<'_>], certainty: f64) -> Vec<Candidate> {
        let mut areas = BTreeSet::new();
        meanings
            .iter()
            .filter(|meaning| areas.insert(meaning.entry.region))
            .take(MAX_CHOICES)
            .map(|meaning| self.candidate(meaning.entry, certainty * meaning.share))
            .collect()
    }

    /// Places with a name like the text or a part of it.
    fn like(&self, reading: &Reading, key: &str) -> Vec<Candidate> {
        let parts = reading
            .clauses
            .iter()
            .take(MAX_MISSPELLED)
            .map(|clause| joined(&clause.words));
        let mut keys: Vec<String> = std::iter::once(key.to_owned()).chain(parts).collect();
        keys.dedup();
        let mut found: Vec<Candidate> = Vec::new();
        for near in keys
            .iter()
            .flat_map(|key| spelling::like(self.gazetteer(), key))
        {
            for meaning in weigh(&near.name.entries) {
                if rank(meaning.entry) < Rank::PartOfName
                    && found
                        .iter()
                        .all(|other| other.region != meaning.entry.region)
                {
                    found.push(self.candidate(meaning.entry, near.certainty() * meaning.share));
                }
            }
            if found.len() >= MAX_CHOICES {
                break;
            }
        }
        found.truncate(MAX_CHOICES);
        found
    }
}
