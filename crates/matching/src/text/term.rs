//! Words and stems as numbers, which is how they are compared everywhere.

use std::hash::{BuildHasherDefault, Hasher};

use crate::lookup::Lookup;

/// A stem, as the 64-bit FNV-1a hash of its letters.
///
/// A hash orders the words of every post in the same way, whatever came in first, so that sums come out equal to the
/// last bit. Two of a million stems share a hash with a chance of about 3 in 100 million, and would then count as one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// Values by terms.
pub(crate) type ByTerm<V> = Lookup<Term, V, BuildHasherDefault<AsItIs>>;

/// The hash of a term: the term itself, which is one already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AsItIs(Term);

impl Hasher for AsItIs {
    fn write_u64(&mut self, number: u64) {
        self.0 = Term(number);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.finish().rotate_left(u8::BITS) ^ u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0.number()
    }
}
