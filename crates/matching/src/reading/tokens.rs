//! A text cut into words that remember where they stood: which clause, title or body.

use std::borrow::Cow;

use super::Step;
use super::known::Known;
use crate::text::words::{Words, WordsSoFar, is_in_word};

/// The most words of a post that are read; a body of 5,000 characters has about 900.
const MAX_TOKENS: usize = 1_500;
/// The longest word that is looked into; longer ones are no Dutch and only cost time.
const MAX_LETTERS: usize = 40;

/// Letters of a usual word and the space after it: tells how much room a text needs.
const USUAL_LETTERS: usize = 6;

/// A title and a body cut into words, each looked up once: what is read in a post, and what it is compared by.
#[derive(Debug)]
pub(crate) struct Text {
    pub(super) tokens: Vec<Token>,
    /// The words as posts are compared by them.
    pub(crate) words: Words,
}

/// A word of a text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What is known of it.
    pub(super) known: Cow<'static, Known>,
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

impl Token {
    /// The word, in lower case.
    pub(super) fn written(&self) -> &str {
        &self.known.written
    }
}

impl Text {
    /// Cuts a title and a body into words, and looks up each.
    pub(crate) fn of(title: &str, body: &str) -> Self {
        Self::without(&[], title, body)
    }

    /// The same without some steps of the analysis.
    pub(super) fn without(steps: &[Step], title: &str, body: &str) -> Self {
        let letters = title.len() + body.len();
        let mut cutter = Cutter {
            steps,
            tokens: Vec::with_capacity((letters / USUAL_LETTERS).min(MAX_TOKENS)),
            words: WordsSoFar::with_room(letters / USUAL_LETTERS, letters),
            lower: String::new(),
            clause: 0,
            sentence: 0,
        };
        cutter.read(title, Place::Title);
        cutter.read(body, Place::Body);
        Self {
            tokens: cutter.tokens,
            words: cutter.words.finish(),
        }
    }
}

/// A text that is being cut.
struct Cutter<'a> {
    /// What is left out of the analysis.
    steps: &'a [Step],
    tokens: Vec<Token>,
    words: WordsSoFar,
    /// The word at hand in lower case.
    lower: String,
    clause: usize,
    /// The first token of the sentence at hand.
    sentence: usize,
}

impl Cutter<'_> {
    fn read(&mut self, text: &str, place: Place) {
        self.clause += 1;
        self.sentence = self.tokens.len();
        // Each piece is a word and what stands after it.
        for piece in text.split_inclusive(|letter| !belongs_to_word(letter)) {
            let word = piece.trim_matches(|letter| !begins_word(letter));
            if !word.is_empty() {
                self.add(word, place);
            }
            if let Some(end) = piece.chars().next_back().filter(|end| ends_clause(*end)) {
                self.end_clause(end);
            }
        }
    }

    fn end_clause(&mut self, end: char) {
        self.clause += 1;
        if end == '?' {
            let asking = self.tokens.get_mut(self.sentence..).unwrap_or_default();
            asking.iter_mut().for_each(|token| token.mood = Mood::Asks);
        }
        if matches!(end, '.' | '!' | '?' | '\n') {
            self.sentence = self.tokens.len();
        }
    }

    fn add(&mut self, word: &str, place: Place) {
        set_lower_case(&mut self.lower, word);
        if self.lower.len() > MAX_LETTERS && self.lower.chars().nth(MAX_LETTERS).is_some() {
            return self.words.read(word);
        }
        if self.tokens.len() == MAX_TOKENS {
            // The sentence that does not fit ends here: how it goes on is not read.
            self.sentence = MAX_TOKENS;
            return self.words.read(word);
        }
        let known = Known::of(&self.lower, self.steps);
        // What is a word here is one there too, unless it is joined of several.
        if word.chars().all(is_in_word) {
            self.words.add(&self.lower, known.term);
        } else {
            self.words.read(word);
        }
        if known.begins_clause {
            self.clause += 1;
        }
        self.tokens.push(Token {
            known,
            clause: self.clause,
            place,
            mood: Mood::Tells,
        });
    }
}

fn set_lower_case(lower: &mut String, word: &str) {
    lower.clear();
    if word.is_ascii() {
        lower.push_str(word);
        lower.make_ascii_lowercase();
    } else {
        // What a letter becomes may depend on where it stands.
        lower.push_str(&word.to_lowercase());
    }
}

fn ends_clause(letter: char) -> bool {
    matches!(
        letter,
        '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '\n' | '–' | '—' | '•' | '"'
    )
}

/// Whether a word may begin or end with a letter: an accent may be written as one of its own.
fn begins_word(letter: char) -> bool {
    is_in_word(letter) || ('\u{300}'..='\u{36f}').contains(&letter)
}

/// Whether a word may hold a letter: besides its own what joins words, as in "foto's" and "bed-and-breakfast".
fn belongs_to_word(letter: char) -> bool {
    begins_word(letter) || matches!(letter, '-' | '\'' | '’' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_punctuation_and_turns() {
        let text = Text::of(
            "Zaal gezocht",
            "We hebben geld, maar geen ruimte. Wie helpt?",
        );
        let clause = |word: &str| {
            text.tokens
                .iter()
                .find(|token| token.written() == word)
                .map(|token| token.clause)
                .unwrap()
        };
        assert_ne!(clause("zaal"), clause("geld"));
        assert_ne!(clause("geld"), clause("ruimte"));
        assert_eq!(clause("geen"), clause("ruimte"));
        assert_ne!(clause("ruimte"), clause("wie"));
    }

    #[test]
    fn endless_words_and_texts_are_bounded() {
        assert!(Text::of(&"a".repeat(5_000), "").tokens.is_empty());
        let endless = Text::of("", &"tuin ".repeat(5_000));
        assert_eq!(endless.tokens.len(), MAX_TOKENS);
    }

    #[test]
    fn posts_are_compared_by_the_words_of_their_plain_texts() {
        let words = |words: &Words| -> Vec<_> {
            words
                .iter()
                .map(|word| (word.term, word.said.to_bits(), word.written.to_owned()))
                .collect()
        };
        for (title, body) in [
            ("Foto's van cafe\u{301}s", "Buurt-tuin 'zo'n' AVONDJE"),
            ("ΑΣ'Β", "İstanbul + ĳs- --"),
            ("", &"tuin-huis zaal? ".repeat(900)),
            (&"x".repeat(50), "x"),
        ] {
            assert_eq!(
                words(&Text::of(title, body).words),
                words(&Words::read(title, body))
            );
        }
    }
}
