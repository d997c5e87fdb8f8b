//! Dutch stems: Snowball's, with the endings it leaves unlike each other made alike.

use rust_stemmers::{Algorithm, Stemmer};

/// Makes stems of folded, lower-case words.
pub(crate) struct DutchStemmer(Stemmer);

impl DutchStemmer {
    /// A stemmer; cheap enough to make one per post.
    pub(crate) fn new() -> Self {
        Self(Stemmer::create(Algorithm::Dutch))
    }

    /// The stem of a word.
    ///
    /// Snowball makes `kass` of "kassen" but `kas` of "kas", `fiets` of "fietsen" but `fiet` of "fiets", and `huiz` of
    /// "huizen" but `huis` of "huis"; here each two are one.
    pub(crate) fn stem(&self, folded: &str) -> String {
        let mut stem = self.0.stem(folded).into_owned();
        let mut last = stem.chars().rev();
        let (end, before) = (last.next(), last.next());
        match (before, end) {
            (Some(letter), Some('s')) if !is_vowel(letter) && letter != 'j' => {
                stem.pop();
            }
            (Some(letter), Some(same)) if letter == same && !is_vowel(letter) => {
                stem.pop();
            }
            (_, Some('z')) => {
                stem.pop();
                stem.push('s');
            }
            (_, Some('v')) => {
                stem.pop();
                stem.push('f');
            }
            _ => {}
        }
        stem
    }
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let stemmer = DutchStemmer::new();
        for (one, many) in [
            ("kas", "kassen"),
            ("fiets", "fietsen"),
            ("huis", "huizen"),
            ("brief", "brieven"),
            ("brug", "bruggen"),
            ("opknap", "opknappen"),
            ("zaal", "zalen"),
            ("vrijwilliger", "vrijwilligers"),
            ("les", "lessen"),
        ] {
            assert_eq!(stemmer.stem(one), stemmer.stem(many), "{one} {many}");
        }
        assert_ne!(stemmer.stem("tuin"), stemmer.stem("schuur"));
    }
}
