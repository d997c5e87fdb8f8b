//! The words of one post: folded, without grammar, stemmed, each once. Made when a post comes in, not per pair.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::memo::Memo;
use super::stem::DutchStemmer;
use super::stop_words::is_stop_word;

/// The most words whose stem a thread remembers: some five megabytes.
const MOST_REMEMBERED: usize = 200_000;
/// The most words of a post that are read; a body of 5,000 characters has about 900.
const MAX_WORDS: usize = 2_000;
/// How fast a repeated word stops adding (`k1` of BM25).
const REPETITION: f64 = 1.2;
/// How far a long text pays for its length (`b` of BM25).
const LENGTH: f64 = 0.5;
/// Words of meaning in a usual post. A constant, not the mean of the collection: a post's words then never change.
const USUAL_WORDS: f64 = 60.0;

/// A stem, as the 64-bit FNV-1a hash of its letters.
///
/// A hash orders the words of every post in the same way, whatever came in first, so that sums come out equal to the
/// last bit. Two of a million stems share a hash with a chance of about 3 in 100 million, and would then count as one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Term(u64);

impl Term {
    /// Before any letter: the offset basis of FNV-1a.
    pub(crate) const NONE: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) fn of(stem: &str) -> Self {
        Self::NONE.then(stem)
    }

    /// The hash itself.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// The term of what this is the term of, with some letters after it.
    pub(crate) fn then(self, letters: &str) -> Self {
        const PRIME: u64 = 0x0100_0000_01b3;
        Self(letters.bytes().fold(self.0, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(PRIME)
        }))
    }
}

/// A word of a post.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// Its stem.
    pub(crate) term: Term,
    /// How much the post is about it: grows with repetition up to 2.2, and is about 1 for a word said once.
    pub(crate) said: f64,
    /// As the post first wrote it, in lower case.
    pub(crate) written: Box<str>,
}

/// The words of a post in the order of their terms, each once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words(Vec<Word>);

impl Words {
    /// Reads a title and a body.
    pub(crate) fn read(title: &str, body: &str) -> Self {
        let mut found: BTreeMap<Term, (f64, Box<str>)> = BTreeMap::new();
        let mut length = 0.0;
        for written in [title, body]
            .into_iter()
            .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty())
            .take(MAX_WORDS)
        {
            let Some(term) = term(&written) else {
                continue;
            };
            length += 1.0;
            found
                .entry(term)
                .or_insert_with(|| (0.0, written.into_boxed_str()))
                .0 += 1.0;
        }
        let pays = REPETITION * (1.0 - LENGTH + LENGTH * length / USUAL_WORDS);
        let word = |(term, (times, written)): (Term, (f64, Box<str>))| Word {
            term,
            said: times * (REPETITION + 1.0) / (times + pays),
            written,
        };
        Self(found.into_iter().map(word).collect())
    }

    /// The words in the order of their terms.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Word> {
        self.0.iter()
    }
}

thread_local! {
    static TERMS: RefCell<Memo<Option<Term>>> = const { RefCell::new(Memo::new(MOST_REMEMBERED)) };
}

/// The term of a lower-case word; `None` for grammar, single letters and bare numbers.
fn term(written: &str) -> Option<Term> {
    let work_out = || {
        let folded = fold(written);
        let telling = folded.chars().nth(1).is_some()
            && !folded.chars().all(char::is_numeric)
            && !is_stop_word(&folded);
        telling.then(|| Term::of(&DutchStemmer::new().stem(&folded)))
    };
    TERMS.with_borrow_mut(|terms| *terms.get_or(Term::of(written), work_out))
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
        let garden = of_garden.iter().find(|word| &*word.written == "tuin");
        assert!(garden.unwrap().said < once);
    }

    #[test]
    fn a_word_is_remembered_as_it_was_first_written() {
        let words = Words::read("Tuinen", "de tuin van Cor");
        let written: Vec<&str> = words.iter().map(|word| &*word.written).collect();
        assert!(written.contains(&"tuinen") && !written.contains(&"tuin"));
    }
}
