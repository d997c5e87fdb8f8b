//! Why a request and an offer fit: the score taken apart, as data.
//!
//! The engine makes it, the database keeps it frozen with the match, and [`crate::dutch::reasons`] says it in Dutch.

use serde::{Deserialize, Serialize};

use crate::phase::Phase;
use crate::region::{Municipality, Region};
use crate::support::Support;
use crate::theme::Theme;

/// One of the things the engine weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Signal {
    /// How specifically the offer serves the place of the request.
    Region,
    /// What both are about.
    Theme,
    /// How far the initiative has come, against what the offer is made for.
    Phase,
    /// The kinds of help asked and given.
    Support,
    /// The words both use.
    Text,
    /// How long the request waits.
    Freshness,
    /// How often the offer was introduced lately.
    Fairness,
}

impl Signal {
    /// The signals that make the score; freshness and fairness only break near-ties.
    pub const SCORING: [Self; 5] = [
        Self::Region,
        Self::Theme,
        Self::Phase,
        Self::Support,
        Self::Text,
    ];

    /// The code in JSON and the column in CSV.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Theme => "theme",
            Self::Phase => "phase",
            Self::Support => "support",
            Self::Text => "text",
            Self::Freshness => "freshness",
            Self::Fairness => "fairness",
        }
    }
}

/// Where the codes of a reason come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Both sides filled them in.
    #[default]
    Filled,
    /// At least one side left them open, and the engine read them in its text.
    Text,
}

/// What a signal found, with the data a sentence needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Reason {
    /// The offer is made for the very municipality of the request.
    SameMunicipality {
        /// The municipality of the request.
        municipality: Municipality,
    },
    /// The offer serves a wider area that holds the municipality.
    RegionCovers {
        /// The narrowest area of the reach that holds the municipality.
        region: Region,
        /// The municipality of the request.
        municipality: Municipality,
    },
    /// The offer also serves neighbours, and borders on the municipality.
    NeighbourCovers {
        /// The municipality in the offer's reach that borders on the request's.
        neighbour: Municipality,
        /// The municipality of the request.
        municipality: Municipality,
    },
    /// The place of the request is not known, so the region weighs nothing.
    PlaceUnknown,
    /// Themes both name.
    SameThemes {
        /// The themes they share.
        themes: Vec<Theme>,
        /// Whether both filled them in.
        #[serde(default)]
        source: Source,
    },
    /// Sub-themes of one main theme.
    RelatedThemes {
        /// The main themes they share.
        themes: Vec<Theme>,
        /// Whether both filled them in.
        #[serde(default)]
        source: Source,
    },
    /// The offer is for any theme.
    AnyTheme,
    /// No theme in common.
    OtherThemes,
    /// One side did not say what it is about.
    ThemeUnknown,
    /// The offer is made for the phase of the initiative.
    SamePhase {
        /// The phase of the initiative.
        phase: Phase,
        /// Whether both filled it in.
        #[serde(default)]
        source: Source,
    },
    /// The offer is made for a phase near that of the initiative.
    NearPhase {
        /// The phase of the initiative.
        phase: Phase,
        /// The nearest phase the offer is made for.
        offered: Phase,
        /// Whether both filled it in.
        #[serde(default)]
        source: Source,
    },
    /// The offer is for any phase.
    AnyPhase,
    /// The offer is made for a phase far from that of the initiative.
    OtherPhase {
        /// The phase of the initiative.
        phase: Phase,
        /// The nearest phase the offer is made for.
        offered: Phase,
    },
    /// One side did not say its phase.
    PhaseUnknown,
    /// Kinds of help that are asked and given.
    SameSupport {
        /// The kinds both name.
        support: Vec<Support>,
        /// Kinds asked but not given.
        missing: Vec<Support>,
        /// Whether both filled them in.
        #[serde(default)]
        source: Source,
    },
    /// Nothing of what is asked is given.
    OtherSupport {
        /// What is asked.
        asked: Vec<Support>,
        /// What is given.
        given: Vec<Support>,
    },
    /// One side did not say what help it means.
    SupportUnknown,
    /// Words both texts use, the most telling first.
    SharedWords {
        /// The words as the request writes them.
        words: Vec<String>,
    },
    /// The texts share no telling words.
    NoSharedWords,
    /// The request has been waiting.
    Waiting {
        /// Whole days since it opened.
        days: u32,
    },
    /// The offer was introduced lately and yields a little.
    IntroducedLately {
        /// Introductions in the last weeks.
        times: u32,
    },
}

/// One signal's part in the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Which signal.
    pub signal: Signal,
    /// How well the pair does on it, 0 to 1.
    pub value: f64,
    /// What it added to the score (or took from it): the parts add up to the score.
    pub contribution: f64,
    /// Why.
    pub reason: Reason,
}

/// A score taken apart: the contributions of the parts add up to `score`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// 0 (no fit) to 1, comparable between requests.
    pub score: f64,
    /// The parts in the order of [`Signal`].
    pub parts: Vec<Part>,
    /// The version of the engine that made it.
    pub algorithm: String,
}

impl Explanation {
    /// The part of one signal.
    pub fn part(&self, signal: Signal) -> Option<&Part> {
        self.parts.iter().find(|part| part.signal == signal)
    }
}
