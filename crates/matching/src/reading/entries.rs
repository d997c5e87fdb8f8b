//! What a form of the lexicon says: what it points to, how surely, and in whose words.

use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;

/// Which side of the market writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Who asks.
    Request,
    /// Who offers.
    Offer,
}

/// What a form of the lexicon points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// A theme or sub-theme.
    Theme(Theme),
    /// A kind of help.
    Support(Support),
    /// How far an initiative is.
    Phase(Phase),
    /// That an offer is for every phase.
    AnyPhase,
    /// What the stretch of text around it does.
    Cue(Cue),
}

/// What a stretch of text does: ask, tell what is there, refuse, offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    /// It asks for something.
    Ask,
    /// It tells that something is there already.
    Have,
    /// It says that something is not wanted or not given.
    Refuse,
    /// It offers something.
    Offer,
}

/// A phrase that tells what the words on one side of it are there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cue {
    pub(super) deed: Deed,
    /// Where the words stand that it is about.
    pub(super) direction: Direction,
}

/// On which side of a cue the words stand that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// After it: "op zoek naar een zaal".
    Following,
    /// Before it: "zaal gezocht".
    Preceding,
}

/// What a form says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) about: About,
    /// How surely, 0 to 1.
    pub(super) strength: f64,
    /// The side that means this by it; `None` is both.
    pub(super) side: Option<Side>,
    /// Whether it counts as a part of a longer word too.
    pub(super) whole: Whole,
}

/// Whether a form counts inside a longer word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// Only as a word of its own.
    Only,
    /// As a part of a compound too.
    OrPart,
}

impl About {
    /// Which list it belongs to; uses of one list compete for the same words.
    pub(super) fn list(self) -> u8 {
        match self {
            Self::Theme(_) => 0,
            Self::Support(_) => 1,
            Self::Phase(_) | Self::AnyPhase => 2,
            Self::Cue(_) => 3,
        }
    }
}

impl Entry {
    /// Whether it counts in a post of this side.
    pub(super) fn counts_for(&self, side: Side) -> bool {
        self.side.is_none_or(|only| only == side)
    }
}
