//! Takes a running text apart into words that remember what stands before them and how they are written; used to find
//! the names of places in what people tell.

/// How much of a text is read, in characters: the longest title and body a post may have, and more would cost work.
const MAX_READ: usize = 8_000;
/// The fewest words of a sentence in which capitals can be told to mean nothing.
const MIN_LOUD: usize = 3;
/// A point behind one of these does not end a sentence.
const SHORT: [&str; 12] = [
    "st", "gem", "prov", "dhr", "mw", "mevr", "mej", "drs", "ing", "ds", "bijv", "nr",
];

/// A word of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'t> {
    pub(crate) text: &'t str,
    /// Where it starts and ends in the text, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) before: Before,
    pub(crate) shape: Shape,
    /// Whether nearly every word of its sentence has a capital, as in a title in capitals: then a capital says nothing.
    pub(crate) is_loud: bool,
}

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Before {
    /// Only white space.
    Space,
    /// A comma or a slash, as in a list.
    Comma,
    /// Another sign, such as a bracket or a quotation mark.
    Sign,
    /// The end of a sentence, or nothing at all.
    Sentence,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Small,
    Capital,
    Number,
}

impl Word<'_> {
    /// Whether it has small letters too: a name has, an abbreviation such as NL has not.
    pub(crate) fn has_small_letters(&self) -> bool {
        self.text.chars().any(char::is_lowercase)
    }
}

/// The words of a text, in one pass; only its first 8,000 characters are read.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let letters: Vec<(usize, char)> = text.char_indices().take(MAX_READ).collect();
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut before = Before::Sentence;
    let mut start = None;
    for (index, &(at, letter)) in letters.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|before| letters.get(before));
        let next = letters.get(index + 1);
        if is_of_word(letter, start.and(previous), next) {
            start = start.or(Some(at));
            continue;
        }
        if let Some(start) = start.take() {
            words.extend(word(text, start, at, before));
            before = Before::Space;
        }
        before = before.max(what_it_parts(letter, &words, next));
    }
    if let Some(start) = start {
        let end = letters
            .last()
            .map_or(text.len(), |(at, letter)| at + letter.len_utf8());
        words.extend(word(text, start, end, before));
    }
    mark_loud(&mut words);
    words
}

fn word(text: &str, start: usize, end: usize, before: Before) -> Option<Word<'_>> {
    let word = text.get(start..end)?;
    let mut letters = word.chars().filter(|letter| letter.is_alphanumeric());
    let first = letters.next()?;
    // 's-Hertogenbosch has its capital behind the hyphen.
    let behind = word.strip_prefix("s-").and_then(|rest| rest.chars().next());
    let shape = if first.is_numeric() {
        Shape::Number
    } else if behind.unwrap_or(first).is_uppercase() {
        Shape::Capital
    } else {
        Shape::Small
    };
    Some(Word {
        text: word,
        start,
        end,
        before,
        shape,
        is_loud: false,
    })
}

/// Whether a character belongs to a word: letters, accents, and what joins two letters, also in an address of mail.
fn is_of_word(
    letter: char,
    previous: Option<&(usize, char)>,
    next: Option<&(usize, char)>,
) -> bool {
    let beside = |beside: Option<&(usize, char)>| {
        beside.is_some_and(|(_, letter)| letter.is_alphanumeric() || is_accent(*letter))
    };
    letter.is_alphanumeric()
        || previous.is_some() && is_accent(letter)
        || matches!(letter, '-' | '\'' | '’' | '.' | '@' | '_') && beside(previous) && beside(next)
}

/// An accent that was typed as a character of its own, or a mark that cannot be seen.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}')
}

/// How far a sign parts the words on its two sides.
fn what_it_parts(sign: char, words: &[Word<'_>], next: Option<&(usize, char)>) -> Before {
    let last = words.last().map_or("", |word| word.text);
    match sign {
        '.' if last.chars().count() == 1 || SHORT.contains(&last.to_lowercase().as_str()) => {
            Before::Space
        }
        '.' | '!' | '?' | ':' | '\n' | '\r' | '•' | '*' | '…' => Before::Sentence,
        // A dash before a word that it is not joined to opens a line of a list or another thought.
        '-' | '–' | '—' => Before::Sign,
        // "a/d" is one word of a name.
        '/' if last.chars().count() == 1 => Before::Space,
        ',' | ';' | '/' => Before::Comma,
        // "Beek & Donk" is one name.
        '&' | '+' => Before::Space,
        // 's-Hertogenbosch and 't Harde open with an apostrophe, which is no quotation mark.
        '\'' | '’' | '‘' if next.is_some_and(|(_, next)| matches!(next, 's' | 't' | 'S' | 'T')) => {
            Before::Space
        }
        _ if sign.is_whitespace() || is_accent(sign) => Before::Space,
        _ => Before::Sign,
    }
}

/// Marks the words of sentences of which more than half of the words after the first have a capital.
fn mark_loud(words: &mut [Word<'_>]) {
    for sentence in words.chunk_by_mut(|_, next| next.before != Before::Sentence) {
        let (Some(_), rest) = (sentence.first(), sentence.iter().skip(1)) else {
            continue;
        };
        let rest: Vec<&Word<'_>> = rest.filter(|word| word.shape != Shape::Number).collect();
        let capitals = rest.iter().filter(|word| word.shape == Shape::Capital);
        let is_loud = rest.len() >= MIN_LOUD && capitals.count() * 2 > rest.len();
        for word in sentence {
            word.is_loud = is_loud;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&str, Before)> {
        words(text)
            .iter()
            .map(|word| (word.text, word.before))
            .collect()
    }

    #[test]
    fn signs_part_words_and_joining_signs_do_not() {
        assert_eq!(
            told("Wij koken in Ede. St. Jan helpt, soms (in Krimpen a/d IJssel)"),
            [
                ("Wij", Before::Sentence),
                ("koken", Before::Space),
                ("in", Before::Space),
                ("Ede", Before::Space),
                ("St", Before::Sentence),
                ("Jan", Before::Space),
                ("helpt", Before::Space),
                ("soms", Before::Comma),
                ("in", Before::Sign),
                ("Krimpen", Before::Space),
                ("a", Before::Space),
                ("d", Before::Space),
                ("IJssel", Before::Space),
            ]
        );
        let names: Vec<&str> = told("'s-Hertogenbosch, ’t Harde info@zaal.nl o.a. Su\u{301}dwest")
            .into_iter()
            .map(|(text, _)| text)
            .collect();
        assert_eq!(
            names,
            [
                "s-Hertogenbosch",
                "t",
                "Harde",
                "info@zaal.nl",
                "o.a",
                "Su\u{301}dwest"
            ]
        );
    }

    #[test]
    fn a_sentence_in_capitals_is_loud_and_a_list_of_two_names_is_not() {
        assert!(
            words("HULP GEZOCHT IN BEST")
                .iter()
                .all(|word| word.is_loud)
        );
        assert!(
            words("Wij helpen in Ede en Best")
                .iter()
                .all(|word| !word.is_loud)
        );
        let mixed = words("Samen Sterk In De Wijk. wij koken in Ede");
        assert!(mixed[0].is_loud && !mixed[8].is_loud);
    }

    #[test]
    fn any_text_is_taken_apart_in_bounds() {
        for text in [
            "",
            " .,'",
            "\u{301}",
            "é".repeat(20_000).as_str(),
            "'",
            "a/",
            "-a-",
        ] {
            for word in words(text) {
                assert_eq!(text.get(word.start..word.end), Some(word.text));
            }
        }
    }
}
