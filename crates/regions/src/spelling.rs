//! Finds the names a misspelled one is like.
//!
//! A slip is a letter too many, too few, another one, or two swapped (optimal string alignment distance). The shorter
//! or less known a name, the less a slip proves: then it is only offered as a choice.

use strsim::osa_distance;

use crate::gazetteer::{Entry, Gazetteer, Name};
use crate::weighing::{Rank, WELL_KNOWN, rank};

/// Below this many letters a slip proves nothing.
const MIN_LETTERS: usize = 5;
/// From this many letters on, one slip points to any town; before, only to a well-known one.
const MANY_LETTERS: usize = 8;
/// From this many letters on, two slips may point to a well-known town.
const MANY_LETTERS_FOR_TWO: usize = 9;
/// What a slip takes off the certainty, spread over the letters.
const DOUBT_PER_SLIP: f64 = 1.5;
/// The longest text that is compared, in bytes: longer than any name and two slips.
const MAX_COMPARED: usize = 60;

/// The towns and wider areas a key is so like that a person surely meant one of them; all equally near.
pub(crate) fn surely_meant(gazetteer: &Gazetteer, key: &str) -> Vec<Entry> {
    let letters = key.chars().count();
    let slips = match letters {
        0..MIN_LETTERS => return Vec::new(),
        MIN_LETTERS..MANY_LETTERS_FOR_TWO => 1,
        _ => 2,
    };
    let near = within(gazetteer.names(), key, slips);
    let Some(nearest) = near.first().map(|found| found.slips) else {
        return Vec::new();
    };
    let only_well_known = nearest > 1 || letters < MANY_LETTERS;
    near.iter()
        .take_while(|found| found.slips == nearest)
        .filter(|found| found.name.key.chars().next() == key.chars().next())
        .filter(|found| is_of_the_pen(found, key))
        .flat_map(|found| &found.name.entries)
        .filter(|entry| rank(entry) < Rank::Smaller)
        .filter(|entry| !only_well_known || entry.inhabitants >= WELL_KNOWN)
        .map(|entry| doubted(entry, nearest, letters))
        .collect()
}

/// Whether the difference is one that writing makes: letters left out, doubled or swapped, or others that sound the
/// same. Any other letter makes another word more often than a slip: Moerwijk is not Moerdijk.
fn is_of_the_pen(near: &Near<'_>, typed: &str) -> bool {
    let name = near.name.key.as_str();
    name.len().abs_diff(typed.len()) == near.slips
        || sorted(name) == sorted(typed)
        || sound(name) == sound(typed)
}

fn sorted(key: &str) -> Vec<char> {
    let mut letters: Vec<char> = key.chars().collect();
    letters.sort_unstable();
    letters
}

/// A key with one letter for letters that sound alike in Dutch.
fn sound(key: &str) -> String {
    [
        ("ch", "g"),
        ("ck", "k"),
        ("c", "k"),
        ("ei", "y"),
        ("au", "ou"),
        ("dt", "t"),
        ("d", "t"),
        ("z", "s"),
        ("v", "f"),
    ]
    .iter()
    .fold(key.to_owned(), |sounded, (from, to)| {
        sounded.replace(from, to)
    })
}

/// The places of one area a key is like; knowing the area makes a slip likely, so every kind of place counts.
pub(crate) fn in_area(gazetteer: &Gazetteer, key: &str, area: &Entry) -> Option<Entry> {
    let letters = key.chars().count();
    let slips = match letters {
        0..=3 => return None,
        4..MANY_LETTERS => 1,
        _ => 2,
    };
    within(gazetteer.names(), key, slips)
        .into_iter()
        .find_map(|found| {
            let entries = found.name.entries.iter();
            let entry = entries
                .filter(|entry| entry.region == area.region)
                .min_by_key(|entry| rank(entry))?;
            Some(doubted(entry, found.slips, letters))
        })
}

/// The names a key is like, to offer as choices, the likest first.
pub(crate) fn like<'a>(gazetteer: &'a Gazetteer, key: &str) -> Vec<Near<'a>> {
    let slips = match key.chars().count() {
        0..=2 => return Vec::new(),
        3..=4 => 1,
        5..=7 => 2,
        _ => 3,
    };
    within(gazetteer.names(), key, slips)
}

/// A name and how far it is from what was typed.
#[derive(Debug)]
pub(crate) struct Near<'a> {
    pub(crate) name: &'a Name,
    pub(crate) slips: usize,
}

impl Near<'_> {
    /// How sure it is that the name was meant, above 0 and below 1, by the share of the letters that are right.
    pub(crate) fn certainty(&self) -> f64 {
        remaining(self.slips, self.name.key.chars().count())
    }
}

/// The names at most `slips` away, the nearest first, of the equally near the most populous first.
fn within<'a>(names: &'a [Name], key: &str, slips: usize) -> Vec<Near<'a>> {
    if key.len() > MAX_COMPARED {
        return Vec::new();
    }
    let wanted = letters_of(key);
    let slips_of = |name: &Name| -> Option<usize> {
        // Each slip changes the length by at most one and the set of letters by at most two.
        let far = name.key.len().abs_diff(key.len()) > slips * 2
            || (letters_of(&name.key) ^ wanted).count_ones() as usize > slips * 2;
        (!far)
            .then(|| osa_distance(&name.key, key))
            .filter(|found| *found <= slips)
    };
    let mut near: Vec<Near<'a>> = names
        .iter()
        .filter_map(|name| {
            Some(Near {
                slips: slips_of(name)?,
                name,
            })
        })
        .collect();
    let largest = |name: &Name| name.entries.iter().map(|entry| entry.inhabitants).max();
    near.sort_by(|a, b| {
        a.slips
            .cmp(&b.slips)
            .then(largest(b.name).cmp(&largest(a.name)))
    });
    near
}

/// One bit for each letter that occurs, one for anything else.
fn letters_of(key: &str) -> u32 {
    key.bytes().fold(0, |set, byte| match byte {
        b'a'..=b'z' => set | 1 << (byte - b'a'),
        _ => set | 1 << 26,
    })
}

fn doubted(entry: &Entry, slips: usize, letters: usize) -> Entry {
    Entry {
        certainty: entry.certainty * remaining(slips, letters),
        ..entry.clone()
    }
}

/// The certainty that is left after slips in a word of so many letters.
fn remaining(slips: usize, letters: usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    (1.0 - DOUBT_PER_SLIP * count(slips) / count(letters.max(1))).clamp(0.05, 0.95)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Regions;

    fn meant(key: &str) -> Vec<String> {
        surely_meant(Regions::shipped().gazetteer(), key)
            .iter()
            .map(|entry| entry.region.to_string())
            .collect()
    }

    #[test]
    fn a_slip_in_a_long_or_well_known_name_is_forgiven() {
        for (typed, code) in [
            ("appeldoorn", "GM0200"),
            ("wagenigen", "GM0289"),
            ("leeuwaarden", "GM0080"),
            ("zwole", "GM0193"),
            ("amstredam", "GM0363"),
        ] {
            assert!(meant(typed).contains(&code.to_owned()), "{typed}");
        }
    }

    #[test]
    fn a_short_wrong_word_is_no_guess() {
        for typed in ["edde", "huis", "epee", "gous", "brug", "straat", "wij"] {
            assert!(meant(typed).is_empty(), "{typed}: {:?}", meant(typed));
        }
    }

    #[test]
    fn what_is_like_it_is_offered_nearest_first() {
        let gazetteer = Regions::shipped().gazetteer();
        let found = like(gazetteer, "zuilenn");
        assert_eq!(found[0].name.key, "zuilen");
        assert!(found.windows(2).all(|pair| pair[0].slips <= pair[1].slips));
        assert!(
            found
                .iter()
                .all(|near| (0.0..1.0).contains(&near.certainty()))
        );
        assert!(like(gazetteer, &"a".repeat(5_000)).is_empty());
    }
}
