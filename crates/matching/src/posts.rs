//! What the engine knows of both sides of the market: a request ([`Demand`]) and an offer ([`Supply`]).
//!
//! The callers fill these from rows, from a form that is still being written, or from a CSV file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::phase::Phase;
use domain::region::{Municipality, Region};
use domain::support::Support;
use domain::theme::Theme;

/// Whether a post may be matched at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Open, of a verified organisation.
    Live,
    /// A draft, paused, hidden, closed or expired.
    NotOpen,
    /// Of an organisation that is not verified yet.
    NotVerified,
}

/// Whether an offer also serves the municipalities that border on those of its reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Neighbours {
    /// The bordering municipalities too, with a lower region value.
    Included,
    /// Only the reach itself.
    Excluded,
}

/// What the engine knows of a request (vraag).
///
/// What is `None` or empty is unknown: it weighs less and hides nothing, except that without a municipality only
/// offers for the whole country pass, because an introduction outside an offer's reach is worse than none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Demand {
    /// The id in the caller's storage or file; ties are broken by it.
    pub key: String,
    /// The organisation that asks, as an id or a name; empty is unknown and equals no other.
    pub organisation: String,
    /// The title as written.
    pub title: String,
    /// The text as written.
    pub body: String,
    /// Where help is needed.
    pub municipality: Option<Municipality>,
    /// What it is about.
    pub themes: Vec<Theme>,
    /// How far the initiative has come.
    pub phase: Option<Phase>,
    /// The kinds of help that are asked.
    pub support: Vec<Support>,
    /// When it opened: a request that waits long gains a little.
    pub opened_at: Option<DateTime<Utc>>,
    /// Whether it may be matched.
    pub standing: Standing,
}

/// What the engine knows of an offer (aanbod).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Supply {
    /// The id in the caller's storage or file; ties are broken by it.
    pub key: String,
    /// The organisation that offers, as an id or a name; empty is unknown and equals no other.
    pub organisation: String,
    /// The title as written.
    pub title: String,
    /// The text as written.
    pub body: String,
    /// The areas it serves; an offer without any serves none.
    pub reach: Vec<Region>,
    /// Whether it serves bordering municipalities too.
    pub neighbours: Neighbours,
    /// What it is about; empty is any theme.
    pub themes: Vec<Theme>,
    /// The phases it is made for; empty is any phase.
    pub phases: Vec<Phase>,
    /// The kinds of help it gives; empty is unknown.
    pub support: Vec<Support>,
    /// Introductions it can still carry.
    pub capacity_left: u32,
    /// Introductions in the last weeks: an offer that was introduced often yields a little.
    pub introduced_lately: u32,
    /// Whether it may be matched.
    pub standing: Standing,
}
