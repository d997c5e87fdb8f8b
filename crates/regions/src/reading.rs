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
    /// Whether it is a name with words we do not know behind it: "Almere Buitenpoort".
    pub(crate) starts_with_name: bool,
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
        let words = pieces.concat();
        let mut reader = Reader {
            regions,
            alone: words.len() == 1,
            piece_ahead: None,
            clauses: Vec::new(),
            clause: Clause::default(),
            hint: None,
            relation: Relation::Inside,
        };
        reader.read(&words, pieces);
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
    /// The number of words of the piece that starts here; `None` in the middle of one.
    piece_ahead: Option<usize>,
    clauses: Vec<Clause>,
    clause: Clause,
    hint: Option<Hint>,
    relation: Relation,
}

impl Reader<'_> {
    /// Reads from left to right, the longest name first. A name may run on to the end of a later piece, as
    /// "Arnhem/Nijmegen" does.
    fn read(&mut self, words: &[String], pieces: &[Vec<String>]) {
        let ends: Vec<usize> = pieces
            .iter()
            .scan(0, |end, piece| {
                *end += piece.len();
                Some(*end)
            })
            .collect();
        let mut at = 0;
        while let Some((word, _)) = words.get(at..).and_then(<[String]>::split_first) {
            let end = ends
                .iter()
                .copied()
                .find(|end| *end > at)
                .unwrap_or(words.len());
            let starts_piece = at == 0 || ends.contains(&at);
            self.piece_ahead = starts_piece.then_some(end - at);
            if starts_piece {
                self.end_piece();
            }
            let name = (1..=MAX_NAME_WORDS)
                .rev()
                .filter(|count| at + count <= end || ends.contains(&(at + count)))
                .find_map(|count| {
                    let name = words.get(at..at + count)?;
                    Some((name, self.name_as_told(name)?))
                });
            match name {
                Some((name, known)) => {
                    at += name.len();
                    self.take_name(name, known);
                }
                None => {
                    at += 1;
                    self.take_word(word);
                }
            }
        }
        self.end_piece();
    }

    fn take_name(&mut self, words: &[String], known: Known) {
        self.clause.starts_with_name = self.clause.words.is_empty();
        self.clause.words.extend_from_slice(words);
        self.clause.known.push(known);
        self.hint = None;
        self.relation = Relation::Inside;
    }

    fn take_word(&mut self, word: &str) {
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
            self.clause.words.push(word.to_owned());
            if is_filler(word) {
                // "Bergen op …" is the start of a longer name.
                self.clause.starts_with_name = false;
            } else {
                self.clause.unknown_words += 1;
            }
        }
    }

    fn end_piece(&mut self) {
        self.end_clause();
        if let Some(hint) = self.hint.take() {
            // "Voorst (gemeente)".
            let mut before = self.clauses.iter_mut().rev();
            if let Some(last) = before.find_map(|clause| clause.known.last_mut()) {
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

    /// What the words stand for together, after the words before them that say what sort of place it is and where.
    fn name_as_told(&self, words: &[String]) -> Option<Known> {
        let mut known = self.name(words)?;
        if let Some(hint) = self.hint {
            hold_to(hint, &mut known);
        }
        if self.relation == Relation::Near {
            known.relation = Relation::Near;
        }
        Some(known)
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
        if Some(words.len()) != self.piece_ahead && words.iter().all(is_small) {
            return None;
        }
        let entries = self.regions.gazetteer().find_written(&key);
        let side = !self.alone && is_side(&key);
        (!entries.is_empty())
            .then(|| known(entries, if side { Weight::Light } else { Weight::Firm }))
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
