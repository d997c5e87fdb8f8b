//! Spelling slips: which known word a word that nobody knows was meant to be.
//!
//! Two words one slip apart become equal by leaving out one letter of each, so every known word is kept under all the
//! words it becomes that way (the symmetric deletes of W. Garbe, 2012), and a look-up costs as many steps as the word
//! has letters, however many words are known.

use crate::text::term::Term;

/// In shorter words a slip too often makes another word.
const SHORTEST: usize = 8;

/// Runs of equal leading bits in which what is left of the words is found: four or five to a run.
const RUNS: u32 = 16;

/// The known words, under everything that leaving out one letter makes of them.
#[derive(Debug, Default)]
pub(super) struct Slips {
    words: Vec<String>,
    /// What is left without a letter, and the place of the word in `words`; sorted.
    shortened: Vec<(Term, usize)>,
    /// Where in `shortened` the terms begin that have these leading bits or higher ones.
    runs: Vec<usize>,
}

impl Slips {
    /// Prepares known words.
    pub(super) fn of(known: impl Iterator<Item = String>) -> Self {
        let words: Vec<String> = known
            .filter(|word| word.chars().nth(SHORTEST - 1).is_some())
            .collect();
        let mut shortened: Vec<(Term, usize)> = words
            .iter()
            .enumerate()
            .flat_map(|(place, word)| without_one(word).map(move |less| (less, place)))
            .collect();
        shortened.sort_unstable();
        shortened.dedup();
        let mut runs = vec![0; (1 << RUNS) + 1];
        for (less, _) in &shortened {
            if let Some(count) = runs.get_mut(run(*less) + 1) {
                *count += 1;
            }
        }
        let mut before = 0;
        for count in &mut runs {
            before += *count;
            *count = before;
        }
        Self {
            words,
            shortened,
            runs,
        }
    }

    /// The known word one slip away: a letter too many, too few, another, or two swapped. The first by the alphabet
    /// where there are several; none where the first letter differs, which people rarely get wrong.
    pub(super) fn meant_by(&self, folded: &str) -> Option<&str> {
        folded.chars().nth(SHORTEST - 1)?;
        let mut places: Vec<usize> = without_one(folded)
            .flat_map(|less| {
                let known = self.run(run(less)).iter();
                known.filter(move |(known, _)| *known == less)
            })
            .map(|(_, place)| *place)
            .collect();
        places.sort_unstable();
        places.dedup();
        places
            .into_iter()
            .filter_map(|place| self.words.get(place))
            .find(|known| {
                known.chars().next() == folded.chars().next()
                    && strsim::osa_distance(known, folded) == 1
            })
            .map(String::as_str)
    }

    fn run(&self, run: usize) -> &[(Term, usize)] {
        match self.runs.get(run..run + 2) {
            Some([start, end]) => self.shortened.get(*start..*end).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The run of a term: its leading bits.
fn run(term: Term) -> usize {
    usize::try_from(term.number() >> (u64::BITS - RUNS)).unwrap_or_default()
}

/// The word itself and everything that leaving out one letter makes of it.
fn without_one(word: &str) -> impl Iterator<Item = Term> {
    let mut before = Term::NONE;
    let shorter = word.char_indices().map(move |(place, letter)| {
        let (_, from) = word.split_at(place);
        let after = from.strip_prefix(letter).unwrap_or_default();
        let less = before.then(after);
        before = before.then(from.strip_suffix(after).unwrap_or_default());
        less
    });
    std::iter::once(Term::of(word)).chain(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_seen_through() {
        let slips = Slips::of(
            ["vergadering", "subsidie", "moestuin"]
                .map(str::to_owned)
                .into_iter(),
        );
        for (typed, meant) in [
            ("vergaderng", Some("vergadering")),
            ("vergaderring", Some("vergadering")),
            ("subsisie", Some("subsidie")),
            ("subsdiie", Some("subsidie")),
            ("moestuin", None),
            ("broestuin", None),
            ("hoestuin", None),
            ("subs", None),
        ] {
            assert_eq!(slips.meant_by(typed), meant, "{typed}");
        }
    }
}
