//! How specifically the offer serves the place of the request; also the rule behind the gate on reach.

use domain::explanation::Reason;
use domain::region::{Municipality, Region};
use regions::Regions;

use super::Pair;
use crate::posts::{Demand, Neighbours, Supply};
use crate::weights::RegionValues;

/// Kilometers between the centers of two bordering municipalities at which helping the neighbour is worth half.
const FAR_NEIGHBOUR_KM: f64 = 40.0;

/// In what way an offer serves the place of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Served {
    /// An area of its reach holds the municipality: the municipality itself, or a wider one.
    Within {
        /// The narrowest such area.
        area: Region,
        /// The municipality of the request.
        municipality: Municipality,
    },
    /// It serves neighbours too, and borders on the municipality.
    Beside {
        /// The municipality in its reach that borders on the request's.
        neighbour: Municipality,
        /// The municipality of the request.
        municipality: Municipality,
    },
    /// The place is not known, and it serves the whole country.
    Anywhere,
}

impl Served {
    /// 1 for an offer made for the municipality, less for a wider area, least for a neighbour, 0 where the place is
    /// unknown.
    pub(crate) fn worth(self, values: &RegionValues) -> f64 {
        match self {
            Self::Within { area, .. } => match area {
                Region::Municipality(_) => 1.0,
                Region::Corop(_) => values.corop,
                Region::Province(_) => values.province,
                Region::Netherlands => values.country,
            },
            Self::Beside {
                neighbour,
                municipality,
            } => {
                let apart = Regions::shipped()
                    .distance_km(neighbour, municipality)
                    .unwrap_or(FAR_NEIGHBOUR_KM);
                values.neighbour * (1.0 - 0.5 * (apart / FAR_NEIGHBOUR_KM).min(1.0))
            }
            Self::Anywhere => 0.0,
        }
    }
}

/// How the offer serves the place of the request; `None` where it does not, and the pair may not be matched.
pub(crate) fn served(demand: &Demand, supply: &Supply) -> Option<Served> {
    serving(demand.municipality, supply)
}

/// How the offer serves a municipality, or a place that is not known: only an offer for the whole country is sure to
/// serve that.
pub(crate) fn serving(municipality: Option<Municipality>, supply: &Supply) -> Option<Served> {
    let Some(municipality) = municipality else {
        return supply
            .reach
            .contains(&Region::Netherlands)
            .then_some(Served::Anywhere);
    };
    let regions = Regions::shipped();
    if let Some(area) = regions.covering(&supply.reach, municipality) {
        return Some(Served::Within { area, municipality });
    }
    if supply.neighbours == Neighbours::Excluded {
        return None;
    }
    regions
        .bordering(&supply.reach, municipality)
        .map(|neighbour| Served::Beside {
            neighbour,
            municipality,
        })
}

/// How specifically the offer serves the place of the request.
pub(super) fn value(pair: Pair<'_>, values: &RegionValues) -> f64 {
    served(pair.demand, pair.supply).map_or(0.0, |served| served.worth(values))
}

/// Which area of the reach holds the place.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    match served(pair.demand, pair.supply) {
        Some(Served::Within {
            area: Region::Municipality(_),
            municipality,
        }) => Reason::SameMunicipality { municipality },
        Some(Served::Within { area, municipality }) => Reason::RegionCovers {
            region: area,
            municipality,
        },
        Some(Served::Beside {
            neighbour,
            municipality,
        }) => Reason::NeighbourCovers {
            neighbour,
            municipality,
        },
        Some(Served::Anywhere) | None => Reason::PlaceUnknown,
    }
}
