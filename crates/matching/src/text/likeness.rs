//! How much two posts of one kind say the same: what tells that a question stands there already.

use super::collection::{Collection, Rarities};
use super::kept::Wording;
use super::numbered::Numbered;

/// The words of a post, to be held against those of many others.
///
/// The likeness of two posts is the Dice coefficient over their words (Dice 1945), each counted once and weighed by its
/// rarity among all posts: twice the weight of what both say, divided by the weight of what each says. It is 1 for the
/// same words in whatever order, 0 for no word in common, and the same whichever post is asked first. A slip makes one
/// word of many another, so it costs no more than that word.
#[derive(Debug)]
pub(crate) struct Likeness<'a> {
    collection: &'a Collection,
    rarities: Rarities,
    /// How rare each word of the post is.
    said: Numbered,
    /// The rarity of all its words together.
    total: u64,
}

impl<'a> Likeness<'a> {
    /// Lays out the words of a post, also of one that is not in the collection.
    pub(super) fn of(collection: &'a Collection, wording: &Wording) -> Self {
        let rarities = collection.rarities_in_all();
        // A post that is not in the collection uses its words too.
        let rarity = |word| rarities.of(collection.using(word).max(1));
        Self {
            said: Numbered::of(
                wording.iter().map(|word| (word, rarity(word))),
                wording.iter().len(),
            ),
            total: wording.iter().map(|word| u64::from(rarity(word))).sum(),
            collection,
            rarities,
        }
    }

    /// The likeness to a post of these words, 0 to 1; 0 where neither says a word.
    pub(crate) fn to(&self, words: impl Iterator<Item = u32>) -> f64 {
        let (mut shared, mut total) = (0_u64, self.total);
        for word in words {
            let rarity = u64::from(self.rarities.of(self.collection.using(word)));
            total += rarity;
            if self.said.get(word).is_some() {
                shared += rarity;
            }
        }
        if total == 0 {
            0.0
        } else {
            2.0 * shared as f64 / total as f64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::Words;

    /// The likeness of two texts in a market of some others.
    fn likeness(one: &str, other: &str) -> f64 {
        let mut collection = Collection::default();
        for _ in 0..50 {
            collection.add_request(&Words::read("", "wij zoeken een zaal"));
        }
        let kept = collection.add_request(&Words::read("", other));
        collection.likeness(&Words::read("", one)).to(kept.iter())
    }

    #[test]
    fn order_and_grammar_make_no_difference() {
        let turned = likeness(
            "Een zaal voor het koor zoeken wij",
            "Wij zoeken zalen voor ons koor",
        );
        assert!((turned - 1.0).abs() < 1e-12, "{turned}");
        assert!(likeness("een koor", "een boot").abs() < 1e-12);
        assert!(likeness("", "").abs() < 1e-12);
        assert!(likeness("woord", "").abs() < 1e-12);
    }

    #[test]
    fn rare_words_decide() {
        let (rare, common) = (
            likeness("koor zoekt pianist", "koor zoekt zaal"),
            likeness("boot zoekt zaal", "koor zoekt zaal"),
        );
        assert!(rare > common && common > 0.0, "{rare} {common}");
    }

    #[test]
    fn it_is_the_same_from_both_sides() {
        let mut collection = Collection::default();
        let [one, other] = ["zaal voor het koor", "koor zoekt pianist in de kerk"].map(|text| {
            let words = Words::read("", text);
            (collection.add_request(&words), words)
        });
        let there = collection.likeness(&one.1).to(other.0.iter());
        let back = collection.likeness(&other.1).to(one.0.iter());
        assert!(there > 0.0 && there < 1.0, "{there}");
        assert_eq!(there.to_bits(), back.to_bits());
    }
}
