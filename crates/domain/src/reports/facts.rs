//! What reports are counted from: posts and matches, without texts or people.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::ids::{OfferId, OrganisationId, RequestId};
use crate::matches::{MatchOrigin, MatchState};
use crate::phase::Phase;
use crate::posts::PostState;
use crate::region::Region;
use crate::support::Support;
use crate::theme::Theme;

/// Everything a report counts, narrowed to what was asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The requests that were placed in the period.
    pub requests: Vec<PostFact>,
    /// The offers that were placed in the period.
    pub offers: Vec<PostFact>,
    /// The matches that were made in the period.
    pub matches: Vec<MatchFact>,
    /// The names of the organisations.
    pub organisations: BTreeMap<OrganisationId, String>,
}

/// A request or an offer that was open at some time.
#[derive(Debug, Clone, PartialEq)]
pub struct PostFact {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// The provinces it counts in; the country as a whole for an offer that reaches all of it.
    pub regions: Vec<Region>,
    /// Its main themes; empty is unknown, or any.
    pub themes: Vec<Theme>,
    /// Its phases; empty is unknown, or any.
    pub phases: Vec<Phase>,
    /// Its kinds of support; empty is unknown.
    pub support: Vec<Support>,
    /// Where it is now.
    pub state: PostState,
    /// The code of the reason it was closed or hidden; empty else.
    pub reason: String,
    /// How often it was introduced, ever.
    pub introductions: usize,
}

/// A match, and when it took its steps; a moment that is no longer known is `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchFact {
    /// The request.
    pub request: RequestId,
    /// The offer.
    pub offer: OfferId,
    /// Who asks.
    pub asker: OrganisationId,
    /// Who offers.
    pub giver: OrganisationId,
    /// The province of the request.
    pub region: Option<Region>,
    /// The phase of the request.
    pub phase: Option<Phase>,
    /// How it came to be.
    pub origin: MatchOrigin,
    /// Where it is now.
    pub state: MatchState,
    /// The code of the reason it ended.
    pub reason: String,
    /// When the request opened, where this is its first match; `None` else.
    pub waited_since: Option<DateTime<Utc>>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When a person reviewed it.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// When it was approved, by a person or by the dial.
    pub approved_at: Option<DateTime<Utc>>,
    /// When both sides were asked.
    pub invited_at: Option<DateTime<Utc>>,
    /// When both sides were introduced.
    pub introduced_at: Option<DateTime<Utc>>,
}

impl PostFact {
    /// Whether it ended, or stays open, without anybody's help: it was never introduced, and nobody said that it is no
    /// longer needed.
    pub fn is_unmet(&self) -> bool {
        let is_wanted = match self.state {
            PostState::Open | PostState::Expired => true,
            PostState::Closed => self.reason == "no_response",
            PostState::Draft | PostState::Pending | PostState::Paused | PostState::Hidden => false,
        };
        is_wanted && self.introductions == 0
    }
}

impl MatchFact {
    /// Whether both sides were introduced.
    pub fn was_introduced(&self) -> bool {
        self.introduced_at.is_some()
            || matches!(
                self.state,
                MatchState::Introduced
                    | MatchState::Succeeded
                    | MatchState::Failed
                    | MatchState::Unknown
            )
    }

    /// Whether both sides were asked.
    pub fn was_invited(&self) -> bool {
        self.invited_at.is_some()
            || self.was_introduced()
            || matches!(self.state, MatchState::Invited | MatchState::Declined)
    }

    /// Whether it was approved.
    pub fn was_approved(&self) -> bool {
        self.approved_at.is_some() || self.was_invited() || self.state == MatchState::Approved
    }
}
