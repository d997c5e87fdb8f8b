//! Suggestions while a person is still typing.

use domain::region::Region;

use crate::candidate::{Candidate, PlaceKind};
use crate::gazetteer::Name;
use crate::normalize::key;
use crate::resolution::Resolution;
use crate::spelling;
use crate::tables::Regions;
use crate::weighing::{Meaning, rank, weigh};

/// The most suggestions given, whatever is asked.
const MAX_SUGGESTIONS: usize = 50;
/// From this many letters on, names that hold them in the middle are suggested too, and names like them.
const MIN_INSIDE: usize = 3;
/// How sure a name is that starts with what was typed.
const STARTS: f64 = 0.8;
/// How sure a name is that holds what was typed somewhere else.
const HOLDS: f64 = 0.4;
/// How sure a name is that is only spelled like it.
const LOOKS: f64 = 0.5;

impl Regions {
    /// Places a person may be typing, at most `limit` and never more than 50: first what the text already means, then
    /// names that start with it, names that hold it, and names like it; within each the most populous first.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Candidate> {
        let mut list = Suggestions {
            found: Vec::new(),
            limit: limit.min(MAX_SUGGESTIONS),
        };
        let key = key(text);
        if key.is_empty() {
            return list.found;
        }
        match self.resolve(text) {
            Resolution::Found(found) => list.add([found]),
            Resolution::Ambiguous(several) => list.add(several),
            Resolution::Unknown(_) => {}
        }
        list.add(self.postcodes_starting(&key));
        list.add(self.named(self.gazetteer().starting_with(&key), STARTS));
        if key.len() >= MIN_INSIDE && !list.is_full() {
            let inside = self
                .gazetteer()
                .names()
                .iter()
                .filter(|name| name.key.contains(&key) && !name.key.starts_with(&key));
            list.add(self.named(inside, HOLDS));
        }
        if key.len() >= MIN_INSIDE && !list.is_full() {
            for near in spelling::like(self.gazetteer(), &key) {
                list.add(self.named([near.name], LOOKS * near.certainty()));
            }
        }
        list.found
    }

    /// The meanings of some names, towns before smaller places, the most populous first.
    fn named<'a>(
        &self,
        names: impl IntoIterator<Item = &'a Name>,
        certainty: f64,
    ) -> Vec<Candidate> {
        let mut meanings: Vec<Meaning<'a>> = names
            .into_iter()
            .flat_map(|name| weigh(&name.entries))
            .collect();
        meanings.sort_by_key(|meaning| {
            (
                rank(meaning.entry),
                std::cmp::Reverse(meaning.entry.inhabitants),
            )
        });
        meanings
            .iter()
            .take(MAX_SUGGESTIONS)
            .map(|meaning| self.candidate(meaning.entry, certainty * meaning.share))
            .collect()
    }

    /// The known postcodes that start with two or three digits.
    fn postcodes_starting(&self, key: &str) -> Vec<Candidate> {
        let (2..=3, Ok(digits)) = (key.len(), key.parse::<u16>()) else {
            return Vec::new();
        };
        let width = if key.len() == 2 { 100 } else { 10 };
        let first = digits * width;
        self.postcodes()
            .range(first..first + width)
            .take(MAX_SUGGESTIONS)
            .filter_map(|(digits, _)| self.postcode_entry(&digits.to_string()))
            .map(|entry| self.candidate(&entry, STARTS))
            .collect()
    }
}

/// A list that holds each place once.
struct Suggestions {
    found: Vec<Candidate>,
    limit: usize,
}

impl Suggestions {
    fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    fn add(&mut self, candidates: impl IntoIterator<Item = Candidate>) {
        for candidate in candidates {
            if self.is_full() {
                return;
            }
            if !self.found.iter().any(|other| same_place(other, &candidate)) {
                self.found.push(candidate);
            }
        }
    }
}

/// A municipality and the town it is named after are one place to who types the name.
fn same_place(a: &Candidate, b: &Candidate) -> bool {
    a.region == b.region
        && (a.name == b.name
            || matches!(
                a.region,
                Region::Province(_) | Region::Corop(_) | Region::Netherlands
            ))
        && (a.kind == PlaceKind::Postcode) == (b.kind == PlaceKind::Postcode)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        let found = Regions::shipped().search(text, 5);
        found.into_iter().map(|candidate| candidate.label).collect()
    }

    #[test]
    fn what_starts_with_the_letters_comes_first_and_the_largest_of_them_leads() {
        assert_eq!(labels("apel")[0], "gemeente Apeldoorn (Gelderland)");
        assert_eq!(labels("den h")[0], "gemeente 's-Gravenhage (Zuid-Holland)");
        assert!(labels("Zuil").contains(&"Zuilen (gemeente Utrecht, Utrecht)".to_owned()));
    }

    #[test]
    fn what_the_text_already_means_leads() {
        assert_eq!(labels("Ede")[0], "gemeente Ede (Gelderland)");
        assert_eq!(
            labels("Hengelo")[1],
            "Hengelo (gemeente Bronckhorst, Gelderland)"
        );
        assert_eq!(
            labels("De Heeze, Apeldoorn")[0],
            "De Heeze (gemeente Apeldoorn, Gelderland)"
        );
        assert_eq!(labels("7311 AB"), ["7311 (Apeldoorn, gemeente Apeldoorn)"]);
    }

    #[test]
    fn letters_in_the_middle_and_slips_are_found_too() {
        assert!(labels("gravenhage")[0].contains("'s-Gravenhage"));
        assert!(labels("wagenigen").contains(&"gemeente Wageningen (Gelderland)".to_owned()));
        assert_eq!(labels("731")[0], "7311 (Apeldoorn, gemeente Apeldoorn)");
    }

    #[test]
    fn no_more_is_given_than_asked_and_each_place_once() {
        let regions = Regions::shipped();
        assert!(regions.search("", 10).is_empty());
        assert!(regions.search("a", 0).is_empty());
        assert_eq!(regions.search("a", 7).len(), 7);
        assert_eq!(regions.search("e", 5_000).len(), MAX_SUGGESTIONS);
        let mut shown: Vec<String> = regions
            .search("oost", 50)
            .into_iter()
            .map(|c| c.label)
            .collect();
        let before = shown.len();
        shown.sort();
        shown.dedup();
        assert_eq!(shown.len(), before);
    }
}
