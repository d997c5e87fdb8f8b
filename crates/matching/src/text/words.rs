//! The words of one post: folded, without grammar, stemmed, each once. Made when a post comes in, not per pair.

use super::stem::DutchStemmer;
use super::stop_words::is_stop_word;
use super::term::Term;

/// The most words of a post that are read; a body of 5,000 characters has about 900.
const MAX_WORDS: usize = 2_000;
/// How fast a repeated word stops adding (`k1` of BM25).
const REPETITION: f64 = 1.2;
/// How far a long text pays for its length (`b` of BM25).
const LENGTH: f64 = 0.5;
/// Words of meaning in a usual post. A constant, not the mean of the collection: a post's words then never change.
const USUAL_WORDS: f64 = 60.0;

/// A word of a post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Word<'a> {
    /// Its stem.
    pub(crate) term: Term,
    /// How much the post is about it: grows with repetition up to 2.2, and is about 1 for a word said once.
    pub(crate) said: f64,
    /// As the post first wrote it, in lower case.
    pub(crate) written: &'a str,
}

/// The words of a post in the order of their terms, each once.
#[derive(Debug)]
pub(crate) struct Words {
    /// Each with how much the post is about it, and where it stands in `written`.
    words: Vec<(f64, Met)>,
    written: String,
}

impl Words {
    /// Reads a title and a body.
    pub(crate) fn read(title: &str, body: &str) -> Self {
        let mut words = WordsSoFar::default();
        words.read(title);
        words.read(body);
        words.finish()
    }

    /// The words in the order of their terms.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Word<'_>> {
        self.words.iter().map(|(said, met)| Word {
            term: met.term,
            said: *said,
            written: self.written.get(met.start..met.end).unwrap_or_default(),
        })
    }
}

/// The words of a post that is being read.
#[derive(Debug, Default)]
pub(crate) struct WordsSoFar {
    /// Words that were read, grammar too.
    read: usize,
    /// Every use of a word of meaning.
    met: Vec<Met>,
    written: String,
}

/// A use of a word, in the order of terms and then of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Met {
    term: Term,
    /// Where it begins in the text of all words.
    start: usize,
    /// Where it ends.
    end: usize,
}

impl WordsSoFar {
    /// No words yet, with room for about so many of so many letters together.
    pub(crate) fn with_room(words: usize, letters: usize) -> Self {
        Self {
            met: Vec::with_capacity(words.min(MAX_WORDS)),
            written: String::with_capacity(letters),
            ..Self::default()
        }
    }

    /// Reads the words of a stretch of text, which does not begin or end within a word.
    pub(crate) fn read(&mut self, text: &str) {
        let words = text.split(|letter| !is_in_word(letter));
        for word in words.filter(|word| !word.is_empty()) {
            if self.read == MAX_WORDS {
                return;
            }
            let written = word.to_lowercase();
            self.add(&written, term(&written));
        }
    }

    /// Adds a word, in lower case, whose term is known.
    pub(crate) fn add(&mut self, written: &str, term: Option<Term>) {
        if self.read == MAX_WORDS {
            return;
        }
        self.read += 1;
        if let Some(term) = term {
            let start = self.written.len();
            self.written.push_str(written);
            self.met.push(Met {
                term,
                start,
                end: self.written.len(),
            });
        }
    }

    /// The words, now that all are read.
    pub(crate) fn finish(mut self) -> Words {
        let pays = REPETITION * (1.0 - LENGTH + LENGTH * self.met.len() as f64 / USUAL_WORDS);
        self.met.sort_unstable();
        let uses = self.met.chunk_by(|one, next| one.term == next.term);
        let words = uses.filter_map(|uses| {
            let times = uses.len() as f64;
            Some((times * (REPETITION + 1.0) / (times + pays), *uses.first()?))
        });
        Words {
            words: words.collect(),
            written: self.written,
        }
    }
}

/// Whether a letter is part of a word; what is not stands between words.
pub(crate) fn is_in_word(letter: char) -> bool {
    letter.is_alphanumeric()
}

/// The term of a lower-case word; `None` for grammar, single letters and bare numbers.
pub(crate) fn term(written: &str) -> Option<Term> {
    let folded = fold(written);
    let telling = folded.chars().nth(1).is_some()
        && !folded.chars().all(char::is_numeric)
        && !is_stop_word(&folded);
    telling.then(|| Term::of(&DutchStemmer::new().stem(&folded)))
}

/// Takes the accents off lower-case letters: `café` and `cafe` are one word.
pub(crate) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars() {
        let plain = match letter {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => 'a',
            'ç' | 'ć' | 'č' => 'c',
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' => 'e',
            'ğ' => 'g',
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
            'ł' => 'l',
            'ñ' | 'ń' => 'n',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => 'o',
            'ś' | 'š' | 'ş' => 's',
            'ù' | 'ú' | 'û' | 'ü' | 'ū' => 'u',
            'ý' | 'ÿ' => 'y',
            'ź' | 'ż' | 'ž' => 'z',
            // An accent that is written as a letter of its own.
            '\u{300}'..='\u{36f}' => continue,
            'ĳ' => {
                folded.push('i');
                'j'
            }
            other => other,
        };
        folded.push(plain);
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<Term> {
        Words::read("", text).iter().map(|word| word.term).collect()
    }

    #[test]
    fn forms_of_a_word_are_one_term() {
        assert_eq!(terms("tuinen"), terms("tuin"));
        assert_eq!(terms("CAFÉ"), terms("cafe"));
        assert_eq!(terms("cafe\u{301}"), terms("café"));
        assert_eq!(terms("ĳs"), terms("ijs"));
        assert_ne!(terms("tuin"), terms("schuur"));
    }

    #[test]
    fn grammar_numbers_and_single_letters_are_left_out() {
        assert_eq!(
            terms("het is van ons, zo'n 9.400 € in 2024 's avonds").len(),
            1
        );
        assert!(terms("").is_empty());
    }

    #[test]
    fn repeating_helps_ever_less_and_length_costs() {
        let said = |text: &str| Words::read("", text).iter().next().unwrap().said;
        let (once, twice, often) = (said("tuin"), said("tuin tuin"), said(&"tuin ".repeat(200)));
        assert!(once < twice && twice < 2.0 * once);
        assert!(often < 2.2);
        let long = format!("tuin {}", "schuur ".repeat(300));
        let of_garden = Words::read("", &long);
        let garden = of_garden.iter().find(|word| word.written == "tuin");
        assert!(garden.unwrap().said < once);
    }

    #[test]
    fn a_word_is_remembered_as_it_was_first_written() {
        let words = Words::read("Tuinen", "de tuin van Cor");
        let written: Vec<&str> = words.iter().map(|word| word.written).collect();
        assert!(written.contains(&"tuinen") && !written.contains(&"tuin"));
    }
}
