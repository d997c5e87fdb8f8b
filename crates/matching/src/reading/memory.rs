//! What was worked out for words, remembered for all threads together.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use super::known::Known;
use crate::text::term::Term;

/// The most words that are remembered, a power of two: some thirty megabytes, and never more than sixty.
///
/// Once the memory is full, other words are worked out each time, so that a flood of odd words neither fills a machine
/// nor drives out the words everybody uses, which came long before.
const MOST: u64 = 1 << 18;
/// The places a word may have.
const CHOICES: usize = 16;

/// Words by their hash, each in one of the next places after it. A word is never forgotten, so nothing locks.
#[derive(Debug)]
pub(super) struct Memory {
    places: Box<[OnceLock<Box<Known>>]>,
    /// The bits of a hash that count.
    mask: u64,
}

static SHARED: LazyLock<Memory> = LazyLock::new(|| Memory::of(MOST));

impl Memory {
    /// The memory of this program.
    pub(super) fn shared() -> &'static Self {
        &SHARED
    }

    /// A memory of at most so many words, a power of two.
    fn of(most: u64) -> Self {
        Self {
            places: (0..most).map(|_| OnceLock::new()).collect(),
            mask: most - 1,
        }
    }

    /// What is known of a lower-case word, worked out where it is not remembered.
    pub(super) fn recall(&self, written: &str, work_out: impl Fn() -> Known) -> Cow<'_, Known> {
        let start = usize::try_from(Term::of(written).number() & self.mask).unwrap_or_default();
        for place in self.places.iter().skip(start).take(CHOICES) {
            let known = place.get_or_init(|| Box::new(work_out()));
            if *known.written == *written {
                return Cow::Borrowed(known);
            }
        }
        Cow::Owned(work_out())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_word_is_worked_out_once_and_no_flood_drives_it_out() {
        let memory = Memory::of(4);
        let times = Cell::new(0);
        let recall = |word: &str| {
            let known = memory.recall(word, || {
                times.set(times.get() + 1);
                Known::of(word, &[]).into_owned()
            });
            assert_eq!(&*known.written, word);
        };
        recall("tuin");
        for flood in 0..100 {
            recall(&format!("woord{flood}"));
        }
        let before = times.get();
        recall("tuin");
        assert_eq!(times.get(), before);
        recall("woord99");
        assert_eq!(times.get(), before + 1);
    }
}
