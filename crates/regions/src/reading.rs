//! Takes a typed place apart: which words are names of places, which say what sort of place or where, and which are
//! not known.

use crate::gazetteer::Entry;
use crate::normalize::joined;
use crate::small_words::{Hint, is_filler, is_link, is_nearby, is_side, province};
use crate::tables::Regions;

/// The most words a name has.
const MAX_NAME_WORDS: usize = 6;

/// A name in the text.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// What it may stand for.
    pub(crate) entries: Vec<Entry>,
    pub(crate) relation: Relation,
    pub(crate) weight: Weight,
}

/// How the place that is meant lies to a place that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// It is that place or lies in it.
    Inside,
    /// It lies near it: in the same municipality or one next to it.
    Near,
}

/// Whether a name must fit the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Names that contradict this one make the place unclear.
    Firm,
    /// It counts where it fits and is overlooked where it does not: "centrum", a loose number.
    Light,
}

/// A typed place, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) clauses: Vec<Clause>,
}

/// A part of the text between commas, brackets and words such as "in".
#[derive(Debug, Default)]
pub(crate) struct Clause {
    /// All its words but those for the sort of place.
    pub(crate) words: Vec<String>,
    pub(crate) known: Vec<Known>,
    /// How many of its words mean nothing to us.
    pub(crate) unknown_words: usize,
}

impl Clause {
    /// Whether its names can be trusted: "Hoek" in "Hoek van Hollland" can not.
    pub(crate) fn is_clear(&self) -> bool {
        self.unknown_words == 0
    }
}

impl Reading {
    /// Takes the pieces of a text apart.
    pub(crate) fn of(regions: &Regions, pieces: &[Vec<String>]) -> Self {
        let whole = pieces.concat();
        // "regio Arnhem/Nijmegen" is one name, though it has a slash.
        match whole.split_first() {
            Some((word, name)) if Hint::of(word).is_some() && regions.is_name(name) => {
                Self::of_pieces(regions, &[whole])
            }
            _ => Self::of_pieces(regions, pieces),
        }
    }

    fn of_pieces(regions: &Regions, pieces: &[Vec<String>]) -> Self {
        let alone = pieces.iter().map(Vec::len).sum::<usize>() == 1;
        let mut reader = Reader {
            regions,
            alone,
            words_in_piece: 0,
            clauses: Vec::new(),
            clause: Clause::default(),
            hint: None,
            relation: Relation::Inside,
        };
        for piece in pieces {
            reader.read(piece);
        }
        Self {
            clauses: reader.clauses,
        }
    }

    /// The names in clauses that can be trusted.
    pub(crate) fn clear(&self) -> Vec<&Known> {
        self.clauses
            .iter()
            .filter(|clause| clause.is_clear())
            .flat_map(|clause| &clause.known)
            .collect()
    }
}

struct Reader<'a> {
    regions: &'a Regions,
    /// Whether the text is a single word.
    alone: bool,
    words_in_piece: usize,
    clauses: Vec<Clause>,
    clause: Clause,
    hint: Option<Hint>,
    relation: Relation,
}

impl Reader<'_> {
    fn read(&mut self, piece: &[String]) {
        self.words_in_piece = piece.len();
        let mut rest = piece;
        while let Some((word, after)) = rest.split_first() {
            if let Some((known, beyond)) = self.longest_name(rest) {
                let (name, _) = rest.split_at(rest.len() - beyond.len());
                self.clause.words.extend_from_slice(name);
                self.clause.known.push(known);
                self.hint = None;
                self.relation = Relation::Inside;
                rest = beyond;
                continue;
            }
            rest = after;
            if let Some(hint) = Hint::of(word) {
                if hint == Hint::Municipality {
                    self.end_clause();
                }
                self.hint = Some(hint);
            } else if is_link(word) {
                self.end_clause();
            } else if is_nearby(word) {
                self.end_clause();
                self.relation = Relation::Near;
            } else {
                self.clause.words.push(word.clone());
                let means_nothing = !is_filler(word);
                self.clause.unknown_words += usize::from(means_nothing);
            }
        }
        self.end_clause();
        if let Some(hint) = self.hint.take() {
            // "Voorst (gemeente)".
            let last = self
                .clauses
                .iter_mut()
                .rev()
                .find_map(|clause| clause.known.last_mut());
            if let Some(last) = last {
                hold_to(hint, last);
            }
        }
    }

    fn end_clause(&mut self) {
        let clause = std::mem::take(&mut self.clause);
        if !clause.known.is_empty() || clause.unknown_words > 0 {
            self.clauses.push(clause);
        }
    }

    /// The longest name the words start with, and the words after it.
    fn longest_name<'w>(&self, words: &'w [String]) -> Option<(Known, &'w [String])> {
        (1..=words.len().min(MAX_NAME_WORDS))
            .rev()
            .find_map(|count| {
                let (name, beyond) = words.split_at_checked(count)?;
                let mut known = self.name(name)?;
                if let Some(hint) = self.hint {
                    hold_to(hint, &mut known);
                }
                if self.relation == Relation::Near {
                    known.relation = Relation::Near;
                }
                Some((known, beyond))
            })
    }

    /// What the words stand for together.
    fn name(&self, words: &[String]) -> Option<Known> {
        let key = joined(words);
        if let Some(digits) = postcode_digits(&key) {
            let entry = self.regions.postcode_entry(digits)?;
            let firm = self.alone || key.len() > digits.len();
            return Some(known(
                vec![entry],
                if firm { Weight::Firm } else { Weight::Light },
            ));
        }
        let first = self.clauses.is_empty() && self.clause.known.is_empty();
        if !first && let Some(entry) = province(&key).and_then(|area| self.regions.area_entry(area))
        {
            let weight = if key.len() == 1 {
                Weight::Light
            } else {
                Weight::Firm
            };
            return Some(known(vec![entry], weight));
        }
        let is_small = |word: &String| is_filler(word) || is_link(word) || Hint::of(word).is_some();
        if words.len() < self.words_in_piece && words.iter().all(is_small) {
            return None;
        }
        let entries = self.regions.gazetteer().find(&key).to_vec();
        let side = !self.alone && is_side(&key);
        (!entries.is_empty())
            .then(|| known(entries, if side { Weight::Light } else { Weight::Firm }))
    }
}

impl Regions {
    fn is_name(&self, words: &[String]) -> bool {
        !self.gazetteer().find(&joined(words)).is_empty()
    }
}

fn known(entries: Vec<Entry>, weight: Weight) -> Known {
    Known {
        entries,
        relation: Relation::Inside,
        weight,
    }
}

/// Keeps the entries of the sort that was named, if there are any.
fn hold_to(hint: Hint, known: &mut Known) {
    let fits = |entry: &Entry| hint.fits(entry.kind);
    if known.entries.iter().any(fits) {
        known.entries.retain(fits);
    } else if hint == Hint::Corop {
        // "regio Amersfoort": somewhere about there.
        known.relation = Relation::Near;
    }
}

/// The four digits of "7311ab" or "7311"; `None` for what is no postcode.
fn postcode_digits(key: &str) -> Option<&str> {
    let (digits, letters) = key.split_at_checked(4)?;
    let is_postcode = !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (letters.is_empty()
            || letters.len() == 2 && letters.bytes().all(|byte| byte.is_ascii_lowercase()));
    is_postcode.then_some(digits)
}
