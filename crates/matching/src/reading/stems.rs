//! The stems a word may have: what the lexicon keeps its words by and what the words of a text are looked up by.

use super::inflection::{diminished, forms, verbs};
use crate::text::stem::DutchStemmer;
use crate::text::stop_words::is_stop_word;
use crate::text::term::Term;
use crate::text::words::fold;

/// The shortest stem that is trusted.
const SHORTEST_STEM: usize = 5;

/// The stems a folded word may have.
pub(super) struct Stems(DutchStemmer);

impl Stems {
    pub(super) fn new() -> Self {
        Self(DutchStemmer::new())
    }

    /// What a word is looked up as: as written, by its stem, and by the verb or the thing it may be a form of.
    pub(super) fn of(&self, folded: &str) -> Vec<Term> {
        let written = as_written(folded);
        if is_stop_word(folded) {
            return vec![written];
        }
        // The first two are the word itself, so a short word stands there twice.
        let mut terms = vec![written, self.long(folded).unwrap_or(written)];
        for form in verbs(folded).iter().chain(&diminished(folded)) {
            for term in std::iter::once(as_written(form)).chain(self.long(form)) {
                if !terms.contains(&term) {
                    terms.push(term);
                }
            }
        }
        terms
    }

    /// What a listed word is kept as, so that [`Self::of`] finds it.
    pub(super) fn keys(&self, folded: &str) -> Vec<Term> {
        let forms = forms(folded);
        let mut keys: Vec<Term> = forms.iter().map(|form| as_written(form)).collect();
        if !is_stop_word(folded) {
            keys.extend(self.long(folded));
        }
        keys
    }

    /// What a word of a phrase is compared by: its stem, or itself where it carries only grammar; a number also as any
    /// number and a year as any year.
    pub(super) fn in_phrase(&self, folded: &str) -> Vec<Term> {
        if is_stop_word(folded) {
            return vec![as_written(folded)];
        }
        if let Ok(number) = folded.parse::<u32>() {
            let any = if (1900..2100).contains(&number) {
                "#jaartal"
            } else {
                "#getal"
            };
            return vec![as_written(folded), Term::of(any)];
        }
        let forms = verbs(folded).into_iter().chain(diminished(folded));
        std::iter::once(folded.to_owned())
            .chain(forms)
            .map(|form| Term::of(&self.0.stem(&form)))
            .collect()
    }

    /// The stem of a word, where it is long enough that few other words share it.
    fn long(&self, folded: &str) -> Option<Term> {
        let stem = self.0.stem(folded);
        stem.chars()
            .nth(SHORTEST_STEM - 1)
            .is_some()
            .then(|| Term::of(&stem))
    }
}

/// A word that only equals itself, whatever its stem.
pub(super) fn as_written(folded: &str) -> Term {
    Term::of("=").then(folded)
}

/// A word as it is compared: without accents, hyphens and the apostrophe of a plural; "zo'n" keeps its own.
pub(super) fn plain(written: &str) -> String {
    let mut folded = fold(written);
    folded.retain(|letter| letter != '-');
    let plural = folded
        .strip_suffix("'s")
        .or_else(|| folded.strip_suffix("’s"));
    plural.map(str::to_owned).unwrap_or(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_apostrophes_and_accents_are_spelling() {
        assert_eq!(plain("buurt-tuin"), "buurttuin");
        assert_eq!(plain("coöperatie"), "cooperatie");
        assert_eq!(plain("co-operatie"), "cooperatie");
        assert_eq!(plain("foto's"), "foto");
        assert_eq!(plain("zo'n"), "zo'n");
    }

    #[test]
    fn numbers_stand_for_any_number() {
        let stems = Stems::new();
        assert!(stems.in_phrase("1998").contains(&Term::of("#jaartal")));
        assert!(stems.in_phrase("15").contains(&Term::of("#getal")));
    }
}
