//! Where a post uses words of the lexicon, and how surely each says what it stands for.

use super::entries::{About, Entry, Side};
use super::phrases::Next;
use super::tokens::Token;

/// The most words a gap in a phrase may hold.
const WIDEST_GAP: usize = 2;
/// The most words a phrase spans: six of its own with the gaps between them.
const LONGEST: usize = 16;

/// A use of the lexicon in a post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    /// Its first word, counted through the post.
    pub(super) start: usize,
    /// The word after its last.
    pub(super) end: usize,
    pub(super) about: About,
    /// How surely it says it, 0 to 1.
    pub(super) strength: f64,
}

impl Hit {
    /// Whether another use says the same part of the text better: a longer one of the same list.
    fn is_inside(&self, other: &Self) -> bool {
        let shorter = self.end - self.start < other.end - other.start;
        shorter
            && other.start <= self.start
            && self.end <= other.end
            && self.about.list() == other.about.list()
            && (self.strength <= other.strength || matches!(self.about, About::Cue(_)))
    }
}

/// Finds every use that counts for a side, in the order of the text.
pub(super) fn hits(tokens: &[Token], side: Side) -> Vec<Hit> {
    let mut found: Vec<Hit> = Vec::new();
    for (start, token) in tokens.iter().enumerate() {
        let mut add = |end: usize, kept: f64, entry: &Entry| {
            if entry.counts_for(side) {
                found.push(Hit {
                    start,
                    end,
                    about: entry.about,
                    strength: entry.strength * kept,
                });
            }
        };
        phrases(tokens, start, token, &mut add);
        for (kept, entry) in &token.known.said {
            add(start + 1, *kept, entry);
        }
    }
    let holds = |at: usize, hit: &Hit| {
        // What holds a use stands near it in the order of the text: it begins at most a phrase's length before it.
        let before = found.get(..at).unwrap_or_default().iter().rev();
        let after = found.get(at..).unwrap_or_default().iter();
        before
            .take_while(|other| other.start + LONGEST > hit.start)
            .chain(after.take_while(|other| other.start == hit.start))
            .any(|other| hit.is_inside(other))
    };
    found
        .iter()
        .enumerate()
        .filter(|(at, hit)| !holds(*at, hit))
        .map(|(_, hit)| *hit)
        .collect()
}

/// The phrases that begin at a word.
fn phrases(
    tokens: &[Token],
    start: usize,
    first: &Token,
    add: &mut impl FnMut(usize, f64, &Entry),
) {
    let second = tokens
        .get(start + 1)
        .filter(|token| token.clause == first.clause);
    for starts in &first.known.starts {
        let words = second.map_or(&[][..], |token| &token.known.in_phrase);
        for phrase in starts.going_on(words) {
            if let Some(end) = follows(&phrase.rest, tokens, start + 1, first.clause) {
                add(end, 1.0, &phrase.entry);
            }
        }
    }
}

/// Where a phrase ends whose remaining steps begin at `at`; `None` where the text goes on otherwise.
fn follows(steps: &[Next], tokens: &[Token], at: usize, clause: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(at);
    };
    match step {
        Next::Gap => (0..=WIDEST_GAP).find_map(|words| follows(rest, tokens, at + words, clause)),
        Next::Word(term) => {
            let token = tokens.get(at).filter(|token| token.clause == clause)?;
            if !token.known.in_phrase.contains(term) {
                return None;
            }
            follows(rest, tokens, at + 1, clause)
        }
    }
}
