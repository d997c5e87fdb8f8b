//! The hard rules: a pair that a gate refuses gets no score at all, and the gate says why.

use serde::{Deserialize, Serialize};

use crate::posts::{Demand, Standing, Supply};
use crate::signals::region;

/// What happened to a pair before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Nobody said no to it.
    Open,
    /// One of both sides or a coordinator said no: it is never proposed again.
    Declined,
}

/// Why a pair may not be matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Refusal {
    /// The request is not open.
    DemandNotOpen,
    /// The offer is not open.
    SupplyNotOpen,
    /// One of both organisations is not verified.
    NotVerified,
    /// Both posts are of one organisation.
    SameOrganisation,
    /// The offer carries as many introductions as it can.
    NoCapacity,
    /// Someone said no to this pair before.
    DeclinedBefore,
    /// The offer does not serve the place of the request.
    OutOfReach,
}

impl Refusal {
    /// Every refusal, in the order the gates are tried.
    pub const ALL: [Self; 7] = [
        Self::DemandNotOpen,
        Self::SupplyNotOpen,
        Self::NotVerified,
        Self::SameOrganisation,
        Self::NoCapacity,
        Self::DeclinedBefore,
        Self::OutOfReach,
    ];

    /// The code in JSON and in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DemandNotOpen => "demandNotOpen",
            Self::SupplyNotOpen => "supplyNotOpen",
            Self::NotVerified => "notVerified",
            Self::SameOrganisation => "sameOrganisation",
            Self::NoCapacity => "noCapacity",
            Self::DeclinedBefore => "declinedBefore",
            Self::OutOfReach => "outOfReach",
        }
    }
}

/// Lets a pair through, or names the first rule that refuses it, in the order of [`Refusal::ALL`].
pub fn gate(demand: &Demand, supply: &Supply, history: History) -> Result<(), Refusal> {
    if demand.standing == Standing::NotOpen {
        return Err(Refusal::DemandNotOpen);
    }
    if supply.standing == Standing::NotOpen {
        return Err(Refusal::SupplyNotOpen);
    }
    if demand.standing == Standing::NotVerified || supply.standing == Standing::NotVerified {
        return Err(Refusal::NotVerified);
    }
    if !demand.organisation.is_empty() && demand.organisation == supply.organisation {
        return Err(Refusal::SameOrganisation);
    }
    if supply.capacity_left == 0 {
        return Err(Refusal::NoCapacity);
    }
    if history == History::Declined {
        return Err(Refusal::DeclinedBefore);
    }
    match region::served(demand, supply) {
        Some(_) => Ok(()),
        None => Err(Refusal::OutOfReach),
    }
}
