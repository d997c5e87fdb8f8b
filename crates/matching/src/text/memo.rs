//! What was worked out for a word, remembered: posts share most of their words.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::words::Term;

/// A memory of so many words; when it is full it begins again, so that no flood of odd words fills a machine.
#[derive(Debug)]
pub(crate) struct Memo<V> {
    table: HashTable<(Term, V)>,
    most: usize,
}

impl<V> Memo<V> {
    /// An empty memory.
    pub(crate) const fn new(most: usize) -> Self {
        Self {
            table: HashTable::new(),
            most,
        }
    }

    /// What is remembered for a key, worked out with `make` the first time.
    pub(crate) fn get_or(&mut self, key: Term, make: impl FnOnce() -> V) -> &V {
        if self.table.len() >= self.most {
            self.table.clear();
        }
        let entry = self.table.entry(
            key.number(),
            |(known, _)| *known == key,
            |(known, _)| known.number(),
        );
        let found = match entry {
            Entry::Occupied(known) => known,
            Entry::Vacant(place) => place.insert((key, make())),
        };
        &found.into_mut().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_worked_out_once_and_a_full_memory_begins_again() {
        let mut memo = Memo::new(2);
        let mut times = 0;
        for word in ["tuin", "tuin", "kas", "boom", "tuin"] {
            let letters = *memo.get_or(Term::of(word), || {
                times += 1;
                word.len()
            });
            assert_eq!(letters, word.len());
        }
        assert_eq!(times, 4);
        assert!(memo.table.len() <= 2);
    }
}
