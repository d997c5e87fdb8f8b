//! A row of a shelf: for each theme, kind of help and phase how much a post gives (an offer) or wants (a request), as
//! bytes that are rounded up.

use crate::profile::{Gives, PHASES, SUPPORTS, Spread, THEMES, Wants};

/// What a worth of 1 is on a shelf of offers.
pub(super) const FULL_WORTH: u16 = 255;
/// What a weight of 1 is on a shelf of requests. Rounding up adds less than 1 for each of the at most [`THEMES`]
/// columns, so that the weights of a request never add up to more than 256, and its sums fit in 16 bits.
pub(super) const FULL_WEIGHT: u16 = 192;

/// A post as bytes.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) themes: [u8; THEMES],
    pub(super) support: [u8; SUPPORTS],
    pub(super) phases: [u8; PHASES],
    /// How much it is about each word that its shelf has a column for.
    pub(super) words: Box<[u8]>,
    /// How specifically it serves the area of the shelf; 0 for requests, whose region depends on who asks.
    pub(super) region: u8,
}

impl Row {
    /// An offer; `region` is the worth of the area of the shelf, 0 to 1.
    pub(super) fn of_offer(gives: &Gives, region: f64) -> Self {
        Self {
            themes: gives.themes.map(|worth| byte(f64::from(worth), FULL_WORTH)),
            support: gives
                .support
                .map(|worth| byte(f64::from(worth), FULL_WORTH)),
            phases: gives.phases.map(|worth| byte(f64::from(worth), FULL_WORTH)),
            words: Box::default(),
            region: byte(region, FULL_WORTH),
        }
    }

    /// A request.
    pub(super) fn of_request(wants: &Wants) -> Self {
        Self {
            themes: spread(&wants.themes),
            support: spread(&wants.support),
            phases: spread(&wants.phase),
            words: Box::default(),
            region: 0,
        }
    }

    /// Makes it give at least what another gives, of the themes only for those columns; words are left as they are.
    pub(super) fn raise(&mut self, other: &Self, is_raised: impl Fn(usize) -> bool) {
        let themes = self.themes.iter_mut().zip(other.themes).enumerate();
        let themes = themes
            .filter(|(column, _)| is_raised(*column))
            .map(|(_, both)| both);
        let support = self.support.iter_mut().zip(other.support);
        let phases = self.phases.iter_mut().zip(other.phases);
        for (most, worth) in themes.chain(support).chain(phases) {
            *most = worth.max(*most);
        }
        self.region = other.region.max(self.region);
    }
}

impl Default for Row {
    fn default() -> Self {
        Self {
            themes: [0; THEMES],
            support: [0; SUPPORTS],
            phases: [0; PHASES],
            words: Box::default(),
            region: 0,
        }
    }
}

fn spread<const N: usize>(wanted: &Spread) -> [u8; N] {
    let mut row = [0; N];
    for (column, weight) in wanted.iter() {
        if let Some(place) = row.get_mut(column) {
            *place = byte(weight, FULL_WEIGHT);
        }
    }
    row
}

/// A share of `full`, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit becomes the largest that does"
)]
fn byte(share: f64, full: u16) -> u8 {
    (share * f64::from(full)).ceil() as u8
}
