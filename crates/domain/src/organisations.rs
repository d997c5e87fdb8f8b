//! Organisations: who asks, who offers, who follows.

use chrono::{DateTime, Utc};

use crate::codes::codes;
use crate::ids::OrganisationId;
use crate::person_name::DisplayName;
use crate::region::Municipality;

codes!(
    /// What an organisation is to the marketplace; every kind may ask, offer and follow.
    OrganisationKind in "kind" {
        /// A citizens' initiative (initiatief).
        Initiative = "initiative",
        /// An organisation that helps initiatives (partner).
        Partner = "partner",
        /// A municipality, fund or company (systeempartij).
        SystemParty = "system_party",
    }
);

codes!(
    /// Whether a coordinator knows the organisation to be what it says.
    OrganisationState in "state" {
        /// Not looked at yet: its posts wait unseen.
        Unverified = "unverified",
        /// May post, match and be introduced.
        Verified = "verified",
        /// Looked at and refused, with a reason.
        Refused = "refused",
    }
);

/// An organisation and what a coordinator decided about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// The name people know it by.
    pub name: DisplayName,
    /// What it is to the marketplace.
    pub kind: OrganisationKind,
    /// The place as its member wrote it; may be empty.
    pub place: String,
    /// The municipality of that place, where it is known.
    pub municipality: Option<Municipality>,
    /// Its own site; may be empty.
    pub website: String,
    /// Whether a coordinator verified it.
    pub state: OrganisationState,
    /// Why it was refused; may be empty.
    pub reason: String,
    /// The id it had in the file it was imported from.
    pub reference: Option<String>,
    /// When it registered.
    pub created_at: DateTime<Utc>,
    /// Counts its changes, from 1.
    pub version: i32,
}

impl Organisation {
    /// An organisation that just registered.
    pub fn register(
        name: DisplayName,
        kind: OrganisationKind,
        place: String,
        municipality: Option<Municipality>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: OrganisationId::new(now),
            name,
            kind,
            place,
            municipality,
            website: String::new(),
            state: OrganisationState::Unverified,
            reason: String::new(),
            reference: None,
            created_at: now,
            version: 1,
        }
    }

    /// Whether its posts may be seen and matched.
    pub fn is_verified(&self) -> bool {
        self.state == OrganisationState::Verified
    }
}
