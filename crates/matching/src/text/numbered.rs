//! A small table from the numbers of words to a number for each: what a pair of posts looks its shared words up in.

/// The fewest slots, a power of two.
const FEWEST_SLOTS: usize = 64;
/// Slots for each word: most words that are looked up are not there, and should meet an empty slot at once.
const ROOM: usize = 4;
/// Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, §6.4): 2³² divided by the golden ratio spreads
/// consecutive numbers evenly.
const SPREAD: u32 = 0x9e37_79b1;

/// Bits that tell whether a number may be there: enough that few are set, few enough to stay in the nearest cache.
const BITS: u32 = 4_096;
/// The words that hold them.
const WORDS_OF_BITS: usize = 64;

/// The bit of a number: which word holds it, and where.
#[inline]
fn bit(number: u32) -> (usize, u64) {
    let place = number.wrapping_mul(SPREAD) / (u32::MAX / BITS + 1);
    (
        usize::try_from(place / u64::BITS).unwrap_or_default(),
        1 << (place % u64::BITS),
    )
}

/// Values by the numbers of words. Looking up costs about a nanosecond.
#[derive(Debug)]
pub(super) struct Numbered {
    /// A power of two of them, so that `mask` cuts a place down to one that is there.
    slots: Vec<Option<(u32, u32)>>,
    mask: usize,
    /// A bit for each number that may be there, which says at once that most others are not.
    seen: [u64; WORDS_OF_BITS],
    /// Bits of a hash that do not count.
    shift: u32,
}

impl Numbered {
    /// A table of `count` numbers, each with its value.
    pub(super) fn of(values: impl Iterator<Item = (u32, u32)>, count: usize) -> Self {
        let slots = (count * ROOM).next_power_of_two().max(FEWEST_SLOTS);
        let mut table = Self {
            slots: vec![None; slots],
            mask: slots - 1,
            seen: [0; WORDS_OF_BITS],
            shift: u32::BITS - slots.trailing_zeros(),
        };
        for (number, value) in values.take(count) {
            let (word, bit) = bit(number);
            if let Some(word) = table.seen.get_mut(word) {
                *word |= bit;
            }
            let mut place = table.start(number);
            while table.slots.get(place).is_some_and(Option::is_some) {
                place = (place + 1) & table.mask;
            }
            if let Some(slot) = table.slots.get_mut(place) {
                *slot = Some((number, value));
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
        self.search(number)
    }

    fn search(&self, number: u32) -> Option<u32> {
        let mut place = self.start(number);
        // There are more slots than numbers, so there is an empty one.
        while let Some(Some((other, value))) = self.slots.get(place) {
            if *other == number {
                return Some(*value);
            }
            place = (place + 1) & self.mask;
        }
        None
    }

    fn start(&self, number: u32) -> usize {
        usize::try_from(number.wrapping_mul(SPREAD) >> self.shift).unwrap_or_default() & self.mask
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
