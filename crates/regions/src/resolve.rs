//! From what a person typed as a place to the place, or to the places it may be.
//!
//! Exact names go first, then names with what tells them apart ("Hengelo, Gelderland"), then slips of the pen, then
//! what is left when words we do not know are overlooked. What stays unclear is asked, never guessed.

use std::collections::BTreeSet;

use crate::candidate::{Candidate, PlaceKind};
use crate::gazetteer::Entry;
use crate::normalize::{joined, pieces};
use crate::reading::{Clause, Known, Reading, Relation, Weight};
use crate::resolution::Resolution;
use crate::spelling;
use crate::tables::Regions;
use crate::weighing::{Meaning, Rank, WELL_KNOWN, rank, weigh};

/// The most places offered to choose from.
const MAX_CHOICES: usize = 12;
/// The most parts of a text with words we do not know that are tried as misspelled names.
const MAX_MISSPELLED: usize = 3;
/// The most words we do not know beside a name we do, before it is a story and not a place.
const MAX_UNKNOWN_WORDS: usize = 4;
/// How sure the place is when part of the text is not known, such as a street.
const WITH_UNKNOWN_PART: f64 = 0.8;
/// The most words of a part of a town that is not listed, and how sure the town before them is.
const MAX_WORDS_OF_PART: usize = 2;
const START_OF_UNKNOWN: f64 = 0.7;

impl Regions {
    /// What a person means who writes `text` as the place of one request: a municipality, town, district, postcode,
    /// province or COROP region, in any usual spelling, with or without what it lies in.
    ///
    /// Any text may be given; only its first 200 characters are read.
    pub fn resolve(&self, text: &str) -> Resolution {
        let pieces = pieces(text);
        let key = joined(&pieces.concat());
        let exact = self.gazetteer().find_written(&key);
        if !exact.is_empty() {
            return self.choose(&weigh(&exact), 1.0);
        }
        let reading = Reading::of(self, &pieces);
        let clear = reading.clear();
        let complete = reading.clauses.iter().all(Clause::is_clear);
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
        let mut certainty = 1.0;
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
            certainty = entries
                .iter()
                .map(|entry| entry.certainty)
                .fold(certainty, f64::min);
            read.push(Known {
                entries,
                relation: Relation::Inside,
                weight: Weight::Firm,
            });
        }
        match self.combine(&read.iter().collect::<Vec<_>>()) {
            Resolution::Found(found) => Some(Resolution::Found(Candidate {
                confidence: found.confidence.min(certainty),
                ..found
            })),
            Resolution::Ambiguous(candidates) => Some(Resolution::Ambiguous(candidates)),
            Resolution::Unknown(_) => None,
        }
    }

    /// The place by the names that are known, overlooking the rest; `None` if no name is known.
    fn overlooking(&self, reading: &Reading, clear: &[&Known]) -> Option<Resolution> {
        let unclear = reading.clauses.iter().filter(|clause| !clause.is_clear());
        let unknown_words: usize = unclear.clone().map(|clause| clause.unknown_words).sum();
        if clear.is_empty() {
            if let [only] = reading.clauses.as_slice()
                && let Some(found) = self.well_known_start(only)
            {
                return Some(found);
            }
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
        let near = clear.iter().all(|known| known.relation == Relation::Near);
        if unknown_words > MAX_UNKNOWN_WORDS || near || is_small(found.kind) {
            return Some(Resolution::Unknown(vec![found]));
        }
        if found.kind == PlaceKind::Postcode {
            return Some(Resolution::Found(found));
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

    /// The well-known town a clause starts with, when a part of it that is not listed follows.
    fn well_known_start(&self, clause: &Clause) -> Option<Resolution> {
        let [start] = clause.known.as_slice() else {
            return None;
        };
        let meanings = weigh(&start.entries);
        let first = meanings.first()?;
        let is_trusted = clause.starts_with_name
            && clause.unknown_words <= MAX_WORDS_OF_PART
            && first.is_clear()
            && first.entry.kind >= PlaceKind::Municipality
            && first.entry.inhabitants >= WELL_KNOWN;
        is_trusted
            .then(|| Resolution::Found(self.candidate(first.entry, START_OF_UNKNOWN * first.share)))
    }

    /// One place if it is clear, otherwise a choice.
    pub(crate) fn choose(&self, meanings: &[Meaning<'_>], certainty: f64) -> Resolution {
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
    pub(crate) fn distinct(&self, meanings: &[Meaning<'_>], certainty: f64) -> Vec<Candidate> {
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

/// Whether a place of this kind is too small to be trusted when words beside it are not known.
fn is_small(kind: PlaceKind) -> bool {
    matches!(
        kind,
        PlaceKind::Village | PlaceKind::District | PlaceKind::Neighbourhood
    )
}
