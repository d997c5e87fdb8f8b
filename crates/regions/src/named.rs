//! Finds the places that a running text names, without taking every word with a capital for one.
//!
//! Many names of places are words, given names or surnames too. Such a name counts only behind a word such as "in" or
//! "dorp"; any name is passed over where it is part of a longer name, behind a title or a given name, or denied.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::candidate::{Candidate, PlaceKind};
use crate::gazetteer::Entry;
use crate::normalize::key;
use crate::running_text::{Before, Shape, Word, words};
use crate::small_words::{is_side, province};
use crate::tables::Regions;
use crate::telling_words::{
    Lead, is_article, is_board, is_denial, is_institution, is_of, is_people, is_title,
};
use crate::weighing::{Rank, rank, weigh};

/// The most words a name has in a running text.
const MAX_NAME_WORDS: usize = 4;
/// The most names of places that are kept of one text.
const MAX_NAMES: usize = 40;

/// The keys of names that are ordinary words as well.
static ORDINARY: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    include_str!("../data/ordinary.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(','))
        .map(key)
        .filter(|key| !key.is_empty())
        .collect()
});

/// A place that a text names.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceNamed {
    /// The name as it stands in the text, the first time.
    pub written: String,
    /// Whether the text says that something is there.
    pub mention: Mention,
    /// What it may stand for, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// How a text speaks of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mention {
    /// It is only named: "Zwolle doet ook mee", "naar Zwolle".
    Named,
    /// Something is there or about there: "in Zwolle", "rond Zwolle", "gemeente Zwolle".
    Located,
}

impl Regions {
    /// The places a Dutch text names with a capital, each name once, in the order of the text; at most 40.
    ///
    /// Any text may be given; only its first 8,000 characters are read.
    pub fn places_in(&self, text: &str) -> Vec<PlaceNamed> {
        let named = self.named_in(&[text]);
        named
            .iter()
            .map(|name| PlaceNamed {
                written: name.written.to_owned(),
                mention: name.mention,
                candidates: self.distinct(&weigh(&name.entries), 1.0),
            })
            .collect()
    }

    /// The same for several texts, with what each name may stand for at all.
    pub(crate) fn named_in<'t>(&self, texts: &[&'t str]) -> Vec<Named<'t>> {
        let mut found: Vec<Named<'t>> = Vec::new();
        let mut keys: BTreeMap<String, usize> = BTreeMap::new();
        for text in texts {
            let words = words(text);
            let mut finder = Finder {
                regions: self,
                text,
                words: &words,
                last: None,
            };
            let mut at = 0;
            while at < words.len() && found.len() < MAX_NAMES {
                let (named, next) = finder.read(at);
                at = next;
                let Some(named) = named else {
                    continue;
                };
                // "gemeente Utrecht" says more than "Utrecht".
                let narrowed = format!("{} {}", key(named.written), named.entries.len());
                match keys.get(&narrowed).and_then(|index| found.get_mut(*index)) {
                    Some(before) => before.mention = before.mention.max(named.mention),
                    None => {
                        keys.insert(narrowed, found.len());
                        found.push(named);
                    }
                }
            }
        }
        found
    }
}

/// A name in a text.
#[derive(Debug, Clone)]
pub(crate) struct Named<'t> {
    pub(crate) written: &'t str,
    pub(crate) mention: Mention,
    /// Everything the name may stand for where it stands.
    pub(crate) entries: Vec<Entry>,
}

/// Words that stand together and make a name.
struct Span {
    start: usize,
    end: usize,
    entries: Vec<Entry>,
    is_ordinary: bool,
}

impl Span {
    /// Whether it may be a town or something wider, which people name without saying what it is.
    fn is_town(&self) -> bool {
        self.entries.iter().any(|entry| rank(entry) == Rank::Town)
    }
}

/// Reads a text from left to right.
struct Finder<'a, 't> {
    regions: &'a Regions,
    text: &'t str,
    words: &'a [Word<'t>],
    /// Where the last name ended that was taken for a place, and how the text spoke of it.
    last: Option<(usize, Mention)>,
}

impl<'t> Finder<'_, 't> {
    /// The place that is named from this word on, if one is, and where to read on.
    fn read(&mut self, at: usize) -> (Option<Named<'t>>, usize) {
        if let Some(named) = self.abbreviation(at) {
            return (Some(named), at + 1);
        }
        let longest = (1..=MAX_NAME_WORDS)
            .rev()
            .find_map(|count| self.span(at, at + count));
        let Some(mut span) = longest else {
            return (None, at + 1);
        };
        let end = span.end;
        let Some(mention) = self.mention(&mut span) else {
            return (None, end);
        };
        self.last = Some((end, mention));
        let written = self.written(span.start, end);
        let named = Named {
            written,
            mention,
            entries: span.entries,
        };
        (Some(named), end)
    }

    /// The province whose abbreviation stands directly behind a place: "Hengelo (Gld)".
    fn abbreviation(&self, at: usize) -> Option<Named<'t>> {
        self.last.filter(|(end, _)| *end == at)?;
        let word = self.words.get(at)?;
        let is_behind = word.before <= Before::Sign && word.shape == Shape::Capital;
        let short = key(word.text);
        let area = province(&short).filter(|_| is_behind && short.len() > 1)?;
        Some(Named {
            written: word.text,
            mention: Mention::Located,
            entries: vec![self.regions.area_entry(area)?],
        })
    }

    /// The words from `start` to `end` as a name, if they are one.
    fn span(&self, start: usize, end: usize) -> Option<Span> {
        let words = self.words.get(start..end)?;
        let (first, last) = (words.first()?, words.last()?);
        let together = words
            .iter()
            .skip(1)
            .all(|word| word.before == Before::Space);
        let is_begin = first.shape == Shape::Capital || words.len() > 1 && is_article(first.text);
        if !together || !is_begin || last.shape != Shape::Capital {
            return None;
        }
        let written = self.text.get(first.start..last.end)?;
        let mut name = key(written);
        let mut entries = self.meanings(&name);
        if entries.is_empty()
            && let Some((town, side)) = written.rsplit_once('-')
            && is_side(&side.to_lowercase())
        {
            // "Zwolle-Zuid" lies in Zwolle.
            name = key(town);
            entries = self.meanings(&name);
        }
        // Every town has a centre and a north.
        (!entries.is_empty() && !is_side(&name)).then(|| Span {
            start,
            end,
            entries,
            is_ordinary: ORDINARY.contains(&name),
        })
    }

    /// What a name may stand for; nothing for the country, which says no more than a hamlet of that name.
    fn meanings(&self, key: &str) -> Vec<Entry> {
        let entries = self.regions.gazetteer().find(key);
        if entries.iter().any(|entry| entry.kind == PlaceKind::Country) {
            return Vec::new();
        }
        let whole = entries
            .iter()
            .filter(|entry| rank(entry) < Rank::PartOfName);
        whole.cloned().collect()
    }

    /// How the text speaks of the place; `None` if the name does not stand for a place here.
    fn mention(&self, span: &mut Span) -> Option<Mention> {
        let lead = self.lead(span)?;
        let first = self.words.get(span.start)?;
        if let Lead::Kind(hint) = lead {
            let fits = |entry: &Entry| hint.fits(entry.kind);
            if span.entries.iter().any(fits) {
                span.entries.retain(fits);
                return Some(Mention::Located);
            }
        }
        if first.is_loud {
            let is_told = !matches!(lead, Lead::None);
            return (span.is_town() && !span.is_ordinary && (is_told || self.ends_at(span)))
                .then(|| mention_after(lead));
        }
        if self.goes_on(span) {
            return None;
        }
        let is_told = match lead {
            Lead::Board | Lead::In | Lead::List(Mention::Located) => {
                span.is_town() && first.shape == Shape::Capital
            }
            _ => false,
        };
        (is_told || !span.is_ordinary).then(|| mention_after(lead))
    }

    /// What stands before the name; `None` if that makes it the name of somebody or something else.
    fn lead(&self, span: &Span) -> Option<Lead> {
        let first = self.words.get(span.start)?;
        if let Some((end, mention)) = self.last {
            let between = self.words.get(end..span.start).unwrap_or_default();
            let is_joined = match between {
                [] => true,
                [only] => matches!(only.text, "en" | "of" | "tot") && only.before <= Before::Comma,
                _ => false,
            };
            if is_joined && first.before <= Before::Comma {
                return Some(Lead::List(mention));
            }
        }
        if first.before != Before::Space {
            return Some(Lead::None);
        }
        let before = self.before(span.start)?;
        let leading = Lead::of(&before.text.to_lowercase());
        if let Some(lead) = leading {
            return (!self.is_denied(span.start - 1)).then_some(lead);
        }
        if is_article(before.text) {
            let further = span.start.checked_sub(1).and_then(|at| self.before(at));
            return Some(further.map_or(Lead::None, |word| {
                Lead::of(&word.text.to_lowercase()).unwrap_or(Lead::None)
            }));
        }
        if is_of(before.text) {
            return self.is_of_people(span.start - 1).then_some(Lead::None);
        }
        if is_title(before.text) {
            return None;
        }
        match before.shape {
            Shape::Capital if is_board(before.text) => Some(Lead::Board),
            Shape::Capital if is_institution(before.text) => Some(Lead::None),
            // A given name, or the first part of a name; the first word of a sentence has its capital for another reason.
            Shape::Capital => (before.before == Before::Sentence || !before.has_small_letters())
                .then_some(Lead::None),
            Shape::Small | Shape::Number => Some(Lead::None),
        }
    }

    /// Whether "van" before a name can mean where somebody is from, and not what they are called.
    fn is_of_people(&self, at: usize) -> bool {
        let is_small = self
            .words
            .get(at)
            .is_some_and(|of| of.shape == Shape::Small);
        let owner = self.before(at);
        is_small
            && owner.is_none_or(|owner| {
                !is_title(owner.text)
                    && (owner.shape != Shape::Capital
                        || is_institution(owner.text)
                        || is_people(owner.text))
            })
    }

    /// Whether the word before the one at `at` denies it: "niet in Ede".
    fn is_denied(&self, at: usize) -> bool {
        self.before(at)
            .is_some_and(|word| is_denial(&word.text.to_lowercase()))
    }

    /// Whether another word with a capital follows that makes it the name of something else.
    fn goes_on(&self, span: &Span) -> bool {
        self.words.get(span.end).is_some_and(|next| {
            next.before == Before::Space
                && next.shape == Shape::Capital
                && next.has_small_letters()
                && !is_side(&next.text.to_lowercase())
                && self.meanings(&key(next.text)).is_empty()
        })
    }

    /// Whether nothing follows the name within its part of the sentence.
    fn ends_at(&self, span: &Span) -> bool {
        self.words
            .get(span.end)
            .is_none_or(|next| next.before != Before::Space)
    }

    /// The word before the one at `at`, when only white space parts them.
    fn before(&self, at: usize) -> Option<&Word<'t>> {
        let joined = self.words.get(at)?.before == Before::Space;
        let before = at.checked_sub(1).filter(|_| joined)?;
        self.words.get(before)
    }

    /// The name as it stands in the text, with the apostrophe of 't and 's.
    fn written(&self, start: usize, end: usize) -> &'t str {
        let bounds = (self.words.get(start), end.checked_sub(1));
        let (Some(first), Some(last)) = (bounds.0, bounds.1.and_then(|at| self.words.get(at)))
        else {
            return "";
        };
        let apostrophe = self
            .text
            .get(..first.start)
            .and_then(|before| before.chars().next_back())
            .filter(|sign| matches!(sign, '\'' | '’' | '‘'))
            .filter(|_| first.text.starts_with("s-") || first.text == "t");
        let from = first.start - apostrophe.map_or(0, char::len_utf8);
        self.text.get(from..last.end).unwrap_or_default()
    }
}

fn mention_after(lead: Lead) -> Mention {
    match lead {
        Lead::Kind(_) | Lead::In | Lead::Board => Mention::Located,
        Lead::List(mention) => mention,
        Lead::Toward | Lead::None => Mention::Named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ordinary_name_is_the_name_of_a_place() {
        let gazetteer = Regions::shipped().gazetteer();
        assert!(ORDINARY.len() > 250);
        for key in ORDINARY.iter() {
            assert!(!gazetteer.find(key).is_empty(), "{key}");
        }
    }
}
