//! The words of a post as the index keeps them: short rows of numbers.

use super::term::Term;
use super::words::Words;

/// The number of a word that no post in the collection uses.
pub(super) const NOBODYS: u32 = u32::MAX;

/// Units in a word said once, or 1.
pub(super) const SAID_UNITS: f64 = 4_096.0;

/// The words of an offer, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Given(Box<[Said]>);

/// A word of an offer: the two halves of its number, and how much the offer is about it, in `SAID_UNITS`.
///
/// Three short numbers take six bytes, where a long and a short one would take eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said([u16; 3]);

impl Said {
    fn of(word: u32, said: f64) -> Self {
        let [a, b, c, d] = word.to_le_bytes();
        let units = u16::try_from(units(said * SAID_UNITS)).unwrap_or(u16::MAX);
        Self([
            u16::from_le_bytes([a, b]),
            u16::from_le_bytes([c, d]),
            units,
        ])
    }

    /// The number of the word, and the units.
    fn parts(self) -> (u32, u32) {
        let Self([low, high, units]) = self;
        (
            u32::from(low) | (u32::from(high) << u16::BITS),
            u32::from(units),
        )
    }
}

impl Given {
    /// Keeps words by the numbers `number` gives them.
    pub(super) fn of(words: &Words, mut number: impl FnMut(Term) -> u32) -> Self {
        Self(
            words
                .iter()
                .map(|word| Said::of(number(word.term), word.said))
                .collect(),
        )
    }

    /// Each word with how much the offer is about it, in `SAID_UNITS`.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        self.0.iter().map(|said| said.parts())
    }

    /// Asks for the memory they lie in, so that it has come when they are compared.
    pub(crate) fn fetch(&self) {
        /// Words to a cache line.
        const APART: usize = 10;
        /// Lines asked for, which hold the words of most posts.
        const LINES: usize = 8;
        let last = self.0.len().saturating_sub(1);
        // Always as many lines: a branch on how many there are would wait for that number to come.
        for line in 0..LINES {
            std::hint::black_box(self.0.get((line * APART).min(last)).copied());
        }
    }
}

/// The words of a request, each once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    words: Box<[u32]>,
    /// Each word as the request writes it, in the same order, ended by a line break.
    written: Box<str>,
}

impl Wording {
    /// Keeps words by the numbers `number` gives them.
    pub(super) fn of(words: &Words, mut number: impl FnMut(Term) -> u32) -> Self {
        let room = words.iter().map(|word| word.written.len() + 1).sum();
        let mut written = String::with_capacity(room);
        let numbers = words.iter().map(|word| {
            written.push_str(word.written);
            written.push('\n');
            number(word.term)
        });
        Self {
            words: numbers.collect(),
            written: written.into_boxed_str(),
        }
    }

    /// Each word.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = u32> {
        self.words.iter().copied()
    }

    /// Each word as the request writes it, in the same order.
    pub(super) fn written(&self) -> impl Iterator<Item = &str> {
        self.written.split_terminator('\n')
    }

    /// Asks for the memory they lie in, so that it has come when they are compared.
    pub(crate) fn fetch(&self) {
        /// Words to a cache line.
        const APART: usize = 16;
        for word in self.words.iter().step_by(APART) {
            std::hint::black_box(*word);
        }
    }
}

/// The nearest whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "rarities and amounts are far below what fits, and what does not fit becomes the largest that does"
)]
pub(super) fn units(amount: f64) -> u32 {
    amount.round() as u32
}
