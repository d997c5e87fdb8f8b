//! A text cut into words that remember where they stood: which clause, title or body.

use std::rc::Rc;

use super::Step;
use super::inflection::{diminished, forms, verbs};
use super::known::Known;
use crate::text::stem::DutchStemmer;
use crate::text::stop_words::is_stop_word;
use crate::text::words::{Term, fold};

/// The most words of a post that are read; a body of 5,000 characters has about 900.
const MAX_TOKENS: usize = 1_500;
/// The longest word that is looked into; longer ones are no Dutch and only cost time.
const MAX_LETTERS: usize = 40;

/// The shortest stem that is trusted.
const SHORTEST_STEM: usize = 5;

/// Words that begin a new clause without a comma before them.
const CLAUSE_BREAKS: [&str; 11] = [
    "maar", "want", "omdat", "doordat", "terwijl", "hoewel", "echter", "daarom", "zodat", "dus",
    "alleen",
];

/// A word of a text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// As written, in lower case.
    pub(super) written: String,
    /// What is known of it.
    pub(super) known: Rc<Known>,
    /// The clause it stands in, counted through the whole post.
    pub(super) clause: usize,
    /// Whether it stands in the title.
    pub(super) place: Place,
    /// What its sentence does.
    pub(super) mood: Mood,
}

/// What a sentence does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// It tells something.
    Tells,
    /// It ends with a question mark: in a request that is where the need stands.
    Asks,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the title, where a post says in a few words what it is about.
    Title,
    /// In the text.
    Body,
}

/// Cuts a title and a body into words, and looks up each without some steps of the analysis.
pub(super) fn tokens(title: &str, body: &str, without: &[Step]) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut clause = 0;
    for (text, place) in [(title, Place::Title), (body, Place::Body)] {
        let mut sentence = found.len();
        for piece in text.split_inclusive(ends_clause) {
            clause += 1;
            for written in piece.split(|letter: char| !belongs_to_word(letter)) {
                let written = written.trim_matches(['-', '\'', '’', '+']).to_lowercase();
                if written.is_empty() || written.chars().nth(MAX_LETTERS).is_some() {
                    continue;
                }
                if found.len() == MAX_TOKENS {
                    return found;
                }
                if CLAUSE_BREAKS.contains(&written.as_str()) {
                    clause += 1;
                }
                found.push(Token {
                    known: Known::of(&written, without),
                    written,
                    clause,
                    place,
                    mood: Mood::Tells,
                });
            }
            if piece.ends_with('?') {
                let asking = found.get_mut(sentence..).unwrap_or_default();
                asking.iter_mut().for_each(|token| token.mood = Mood::Asks);
            }
            if piece.ends_with(['.', '!', '?', '\n']) {
                sentence = found.len();
            }
        }
    }
    found
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

fn ends_clause(letter: char) -> bool {
    matches!(
        letter,
        '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '\n' | '–' | '—' | '•' | '"'
    )
}

fn belongs_to_word(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, '-' | '\'' | '’' | '+')
        || ('\u{300}'..='\u{36f}').contains(&letter)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_punctuation_and_turns() {
        let found = tokens(
            "Zaal gezocht",
            "We hebben geld, maar geen ruimte. Wie helpt?",
            &[],
        );
        let clause = |word: &str| {
            found
                .iter()
                .find(|token| token.written == word)
                .map(|token| token.clause)
                .unwrap()
        };
        assert_ne!(clause("zaal"), clause("geld"));
        assert_ne!(clause("geld"), clause("ruimte"));
        assert_eq!(clause("geen"), clause("ruimte"));
        assert_ne!(clause("ruimte"), clause("wie"));
    }

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

    #[test]
    fn endless_words_and_texts_are_bounded() {
        assert!(tokens(&"a".repeat(5_000), "", &[]).is_empty());
        assert_eq!(tokens("", &"tuin ".repeat(5_000), &[]).len(), MAX_TOKENS);
    }
}
