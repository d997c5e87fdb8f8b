//! Long words taken apart: Dutch writes a "buurtmoestuin" as one word.

use super::lexicon::Lexicon;
use super::stems::Stems;
use crate::text::term::Term;

/// What may stand between two parts, the likeliest first.
const LINKS: [&str; 5] = ["", "s", "en", "e", "n"];
/// The shortest word that is taken apart.
const SHORTEST: usize = 7;
/// The shortest part.
const SHORTEST_PART: usize = 3;
/// The shortest known part that counts where the other part is not known.
const SHORTEST_ALONE: usize = 5;
/// The most parts of a word.
const MOST_PARTS: usize = 4;

/// A part of a long word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WordPart {
    /// The stems it may have.
    pub(super) terms: Vec<Term>,
    pub(super) role: Role,
}

/// What a part is to its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The last part: what the thing is.
    Head,
    /// A part before it: what kind of thing.
    Modifier,
    /// A known part beside one that is not known.
    Guess,
}

/// Takes a folded word apart; nothing for a word that has no known parts.
pub(super) fn split(lexicon: &Lexicon, stems: &Stems, folded: &str) -> Vec<WordPart> {
    if folded.chars().nth(SHORTEST - 1).is_none() {
        return Vec::new();
    }
    if let Some(mut parts) = whole(lexicon, stems, folded, MOST_PARTS) {
        parts.reverse();
        return parts;
    }
    partly(lexicon, stems, folded)
}

/// The parts of a word made of known parts alone, the head first; the longest first part wins.
fn whole(lexicon: &Lexicon, stems: &Stems, folded: &str, most: usize) -> Option<Vec<WordPart>> {
    for (start, rest) in cuts(folded).rev() {
        if most < 2 || !lexicon.is_part(start) {
            continue;
        }
        for after in LINKS.iter().filter_map(|link| rest.strip_prefix(link)) {
            if after.chars().nth(SHORTEST_PART - 1).is_none() {
                continue;
            }
            let tail = if lexicon.is_head(after) {
                Some(vec![WordPart {
                    terms: stems.of(after),
                    role: Role::Head,
                }])
            } else {
                whole(lexicon, stems, after, most - 1)
            };
            if let Some(mut parts) = tail {
                parts.push(WordPart {
                    terms: stems.of(start),
                    role: Role::Modifier,
                });
                return Some(parts);
            }
        }
    }
    None
}

/// The longest known part at either end of a word whose other part is not known.
fn partly(lexicon: &Lexicon, stems: &Stems, folded: &str) -> Vec<WordPart> {
    let long_enough = |part: &str| part.chars().nth(SHORTEST_ALONE - 1).is_some();
    let guess = |terms| WordPart {
        terms,
        role: Role::Guess,
    };
    let start = cuts(folded)
        .rev()
        .map(|(start, _)| start)
        .find(|start| long_enough(start) && lexicon.is_part(start))
        .map(|start| guess(stems.of(start)));
    let end = cuts(folded)
        .map(|(_, end)| end)
        .find(|end| long_enough(end) && lexicon.is_head(end))
        .map(|end| guess(stems.of(end)));
    start.into_iter().chain(end).collect()
}

/// Every way to cut a word in two with enough letters on both sides.
fn cuts(word: &str) -> impl DoubleEndedIterator<Item = (&str, &str)> {
    word.char_indices()
        .map(|(place, _)| word.split_at(place))
        .filter(|(start, end)| {
            let enough = |part: &str| part.chars().nth(SHORTEST_PART - 1).is_some();
            enough(start) && enough(end)
        })
}

#[cfg(test)]
mod tests {
    use super::super::stems::as_written;
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: &[&str]) {
        let stems = Stems::new();
        let parts = split(Lexicon::shipped(), &stems, word);
        let expected: Vec<Term> = expected.iter().map(|part| as_written(part)).collect();
        let found: Vec<Term> = parts
            .iter()
            .filter_map(|part| part.terms.first().copied())
            .collect();
        assert_eq!(found, expected, "{word}");
    }

    #[test]
    fn compounds_come_apart() {
        check("subsidieaanvraag", &["subsidie", "aanvraag"]);
        check("vrijwilligerscoordinator", &["vrijwilliger", "coordinator"]);
        check("fietsreparaties", &["fiets", "reparaties"]);
    }

    #[test]
    fn plain_words_stay_whole() {
        check("morgen", &[]);
        check("xqzwvkjhg", &[]);
    }
}
