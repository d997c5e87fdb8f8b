//! Thirty-two numbers of 16 bits at once: what the widest registers of processors hold.
//!
//! The compiler makes one instruction of each function here, where the processor has it. Two things keep it doing so,
//! which was seen in the instructions it makes: the sum lies in an array that is handed on by value, and both sides of
//! a [`product`] come from memory, a factor that is the same everywhere as well ([`everywhere`]).

/// So many numbers.
pub(super) const WIDTH: usize = 32;

/// The numbers.
pub(super) type Wide = [u16; WIDTH];

/// The same number everywhere.
pub(super) fn everywhere(number: u16) -> Wide {
    [number; WIDTH]
}

/// Each of two beside each other.
#[inline(always)]
fn each<T: Copy>(one: &Wide, other: &[T; WIDTH], join: impl Fn(u16, T) -> u16) -> Wide {
    let mut joined = *one;
    for (joined, other) in joined.iter_mut().zip(other) {
        *joined = join(*joined, *other);
    }
    joined
}

/// `sums` with so many times the bytes added; what does not fit becomes the largest that does. A byte times the number
/// must fit.
#[inline(always)]
pub(super) fn with_bytes(sums: &Wide, bytes: &[u8; WIDTH], times: u16) -> Wide {
    each(sums, bytes, |sum, byte| {
        sum.saturating_add(u16::from(byte).wrapping_mul(times))
    })
}

/// The sum, which must fit.
#[inline(always)]
pub(super) fn sum(one: &Wide, other: &Wide) -> Wide {
    each(one, other, u16::wrapping_add)
}

/// The sum; what does not fit becomes the largest that does.
#[inline(always)]
pub(super) fn capped(one: &Wide, other: &Wide) -> Wide {
    each(one, other, u16::saturating_add)
}

/// The lower of both.
#[inline(always)]
pub(super) fn lower(one: &Wide, other: &Wide) -> Wide {
    each(one, other, u16::min)
}

/// Times a power of two, which must fit.
#[inline(always)]
pub(super) fn doubled<const TIMES: u32>(numbers: &Wide) -> Wide {
    each(numbers, numbers, |number, _| number << TIMES)
}

/// The upper half of the product. What is cut off is less than 1.
#[inline(always)]
pub(super) fn product(one: &Wide, other: &Wide) -> Wide {
    each(one, other, |one, other| {
        (u32::from(one).wrapping_mul(u32::from(other)) >> u16::BITS) as u16
    })
}
