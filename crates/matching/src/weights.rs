//! How much each signal counts: configuration, with defaults that were measured (docs/matching.md) and a check.
//!
//! Read by the configuration of the service and the command line, kept with every match it made.

mod check;

use serde::{Deserialize, Serialize};

pub use self::check::WeightProblem;

/// The most that freshness or fairness may move a score: enough to break a near-tie, never to overtake a better fit.
pub const MAX_NEAR_TIE: f64 = 0.02;

/// How much each signal counts and where a proposal begins. All numbers are finite and from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// The share of each signal in the score.
    pub shares: Shares,
    /// How far theme and kind of help depend on each other: 0 counts them apart, 1 counts each only as far as the
    /// other fits as well.
    pub interaction: f64,
    /// What each width of reach is worth.
    pub region: RegionValues,
    /// What each kinship of themes is worth.
    pub theme: ThemeValues,
    /// What each distance between phases is worth.
    pub phase: PhaseValues,
    /// What given and missing kinds of help are worth.
    pub support: SupportValues,
    /// What shared words are worth.
    pub text: TextValues,
    /// What the engine reads in a text is worth beside what a poster filled in.
    pub reading: ReadingValues,
    /// The most a request gains by waiting; at most [`MAX_NEAR_TIE`].
    pub freshness: f64,
    /// The most an offer yields by being introduced often; at most [`MAX_NEAR_TIE`].
    pub fairness: f64,
    /// A pair with this score or more is proposed.
    pub proposal_threshold: f64,
}

/// The share of each signal in the score; only their proportions matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shares {
    /// How specifically the offer serves the place.
    pub region: f64,
    /// What both are about.
    pub theme: f64,
    /// How far the initiative has come.
    pub phase: f64,
    /// The kinds of help asked and given.
    pub support: f64,
    /// The words both use.
    pub text: f64,
}

/// What the width of a reach is worth; a reach that names the municipality is worth 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegionValues {
    /// A COROP region that holds the municipality.
    pub corop: f64,
    /// The province that holds it.
    pub province: f64,
    /// The whole country.
    pub country: f64,
    /// A bordering municipality at distance 0; it falls to half of this far away.
    pub neighbour: f64,
}

/// What the best an offer has for an asked theme is worth; the same theme is worth 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThemeValues {
    /// The offer names the main theme of the asked sub-theme.
    pub broader: f64,
    /// The offer names a sub-theme of the asked main theme.
    pub narrower: f64,
    /// Another sub-theme of the same main theme.
    pub sibling: f64,
    /// An offer for any theme.
    pub any: f64,
    /// The request does not say its theme.
    pub unknown: f64,
    /// The most that is lost by naming themes nobody asked for: a longer list does not win by being longer.
    pub focus: f64,
}

/// What the distance from the initiative's phase to the nearest offered phase is worth; the same phase is worth 1.
///
/// The two directions differ: who is ahead of an offer has no use for it any more, who is behind it soon has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhaseValues {
    /// The offer is for the phase that comes next.
    pub next: f64,
    /// The offer is for the phase that was just left.
    pub previous: f64,
    /// Two phases apart either way; further is worth 0.
    pub two_steps: f64,
    /// An offer for any phase.
    pub any: f64,
    /// The request does not say its phase.
    pub unknown: f64,
}

/// What the kinds of help are worth; all that is asked is worth 1, none of it 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SupportValues {
    /// Where a partial answer begins: the rest grows with the share of what is asked that is given.
    pub some: f64,
    /// One side does not say what help it means.
    pub unknown: f64,
}

/// What shared words are worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextValues {
    /// The share of the request's word weight at which the texts fit fully; above 0.
    pub full_at: f64,
}

/// What the engine reads in a text is worth beside what a poster filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadingValues {
    /// The evidence at which a text is as likely as not to be about a code; an outright word is evidence of 1.
    pub even: f64,
    /// The least evidence, as a share of the most, that makes a code one of those a text is mainly about.
    pub main: f64,
    /// The certainty that is lost where a text speaks of everything alike.
    pub scatter: f64,
    /// The part of a field left open that a sure reading fills in.
    pub trust: f64,
    /// How much more a code weighs that is filled in and that the text is sure about.
    pub stress: f64,
    /// The part of what a request wants that a sure reading adds beside what is filled in.
    pub beside: f64,
    /// What a kind or theme is worth that only the text of an offer names beside what is filled in.
    pub besides: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            shares: Shares::default(),
            interaction: 0.6,
            region: RegionValues::default(),
            theme: ThemeValues::default(),
            phase: PhaseValues::default(),
            support: SupportValues::default(),
            text: TextValues::default(),
            reading: ReadingValues::default(),
            freshness: 0.01,
            fairness: 0.01,
            proposal_threshold: 0.46,
        }
    }
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            region: 0.12,
            theme: 0.30,
            phase: 0.14,
            support: 0.28,
            text: 0.16,
        }
    }
}

impl Shares {
    /// All shares together.
    pub(crate) fn total(&self) -> f64 {
        self.region + self.theme + self.phase + self.support + self.text
    }
}

impl Default for RegionValues {
    fn default() -> Self {
        Self {
            corop: 0.9,
            province: 0.85,
            country: 0.55,
            neighbour: 0.5,
        }
    }
}

impl Default for ThemeValues {
    fn default() -> Self {
        Self {
            broader: 0.8,
            narrower: 0.8,
            sibling: 0.25,
            any: 0.6,
            unknown: 0.4,
            focus: 0.2,
        }
    }
}

impl Default for PhaseValues {
    fn default() -> Self {
        Self {
            next: 0.6,
            previous: 0.3,
            two_steps: 0.1,
            any: 0.9,
            unknown: 0.5,
        }
    }
}

impl Default for SupportValues {
    fn default() -> Self {
        Self {
            some: 0.6,
            unknown: 0.5,
        }
    }
}

impl Default for ReadingValues {
    fn default() -> Self {
        Self {
            even: 0.5,
            main: 0.35,
            scatter: 0.5,
            trust: 0.9,
            stress: 1.0,
            beside: 0.1,
            besides: 0.1,
        }
    }
}

/// The share of what is asked at which a partial answer reaches the line that begins at `some`.
const PARTIAL: f64 = 0.2;

/// How fast the worth of a partial answer grows before [`PARTIAL`].
fn steepness(some: f64) -> f64 {
    (some + (1.0 - some) * PARTIAL) / PARTIAL
}

/// What answering a share of what is asked is worth: some of it at once, the rest as the share grows.
///
/// Both run from 0 to 1; a fifth of what is asked already brings it near `some`, so one of two is worth more than half.
pub(crate) fn partly(some: f64, share: f64) -> f64 {
    lines(some)
        .iter()
        .map(|line| line.start + line.slope * share)
        .fold(f64::INFINITY, f64::min)
}

/// A line over the share of what is asked that is given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) start: f64,
    pub(crate) slope: f64,
}

/// The lines of which [`partly`] is the lowest.
pub(crate) fn lines(some: f64) -> [Line; 2] {
    let at_once = Line {
        start: 0.0,
        slope: steepness(some),
    };
    let the_rest = Line {
        start: some,
        slope: 1.0 - some,
    };
    [at_once, the_rest]
}

/// The share of what is asked that is worth `value`, which is at most what [`PARTIAL`] is worth.
pub(crate) fn share_worth(some: f64, value: f64) -> f64 {
    value / steepness(some)
}

impl Default for TextValues {
    fn default() -> Self {
        Self { full_at: 0.25 }
    }
}
