//! A small table from the numbers of words to a number for each: what a pair of posts looks its shared words up in.

/// The fewest slots, a power of two.
const FEWEST_SLOTS: usize = 64;
/// Slots for each number, so that the search for one that is not there soon meets an empty slot.
const ROOM: usize = 2;
/// The number in an empty slot.
const NONE: u32 = u32::MAX;
/// Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, §6.4): 2³² divided by the golden ratio spreads
/// consecutive numbers evenly.
const SPREAD: u32 = 0x9e37_79b1;

/// Bits that tell whether a number may be there: enough that few are set, few enough to stay in the nearest cache.
const BITS: u32 = 4_096;
/// The words that hold them.
const WORDS_OF_BITS: usize = 64;

/// The bit of a number: which word holds it, and where. Numbers are given out in turn, so their last bits are even.
#[inline]
fn bit(number: u32) -> (usize, u64) {
    let place = number % BITS;
    (
        usize::try_from(place / u64::BITS).unwrap_or_default(),
        1 << (place % u64::BITS),
    )
}

/// Values by the numbers of words. Looking up costs about a nanosecond.
#[derive(Debug)]
pub(super) struct Numbered {
    /// A power of two of them, so that `mask` cuts a place down to one that is there.
    slots: Vec<(u32, u32)>,
    mask: usize,
    /// A bit for each number that may be there, which says at once that most others are not.
    seen: [u64; WORDS_OF_BITS],
    /// Bits of a hash that do not count.
    shift: u32,
}

impl Numbered {
    /// A table of at most `count` numbers, each with its value; values of the same number are added up.
    pub(super) fn of(values: impl Iterator<Item = (u32, u32)>, count: usize) -> Self {
        let slots = (count * ROOM).next_power_of_two().max(FEWEST_SLOTS);
        let mut table = Self {
            slots: vec![(NONE, 0); slots],
            mask: slots - 1,
            seen: [0; WORDS_OF_BITS],
            shift: u32::BITS - slots.trailing_zeros(),
        };
        for (number, value) in values.take(count).filter(|(number, _)| *number != NONE) {
            let (word, bit) = bit(number);
            if let Some(word) = table.seen.get_mut(word) {
                *word |= bit;
            }
            let place = table.place(number);
            if let Some(slot) = table.slots.get_mut(place) {
                *slot = (number, slot.1.saturating_add(value));
            }
        }
        table
    }

    /// The value of a number, if it is there.
    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<u32> {
        let (word, bit) = bit(number);
        if self.seen.get(word).is_none_or(|word| word & bit == 0) {
            return None;
        }
        let slot = self.slots.get(self.place(number));
        slot.filter(|(other, _)| *other == number)
            .map(|(_, value)| *value)
    }

    /// Where a number stands, or else the empty slot where it would; there are more slots than numbers.
    fn place(&self, number: u32) -> usize {
        let start = number.wrapping_mul(SPREAD) >> self.shift;
        let mut place = usize::try_from(start).unwrap_or_default() & self.mask;
        while self
            .slots
            .get(place)
            .is_some_and(|(other, _)| *other != number && *other != NONE)
        {
            place = (place + 1) & self.mask;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_found_and_nothing_else() {
        for count in [0, 1, 60, 1_000] {
            let table = Numbered::of(
                (0..count).map(|number| (number * 3, number)),
                count as usize,
            );
            assert!((0..count).all(|number| table.get(number * 3) == Some(number)));
            assert!((0..count).all(|number| table.get(number * 3 + 1).is_none()));
        }
    }
}
