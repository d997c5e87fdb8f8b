//! Ranks offers for a request and says why; pure.
//!
//! The same input gives the same output: no clock, no randomness, no database, and nothing that can fail. The service
//! keeps an [`Index`] in memory, the command line fills one from CSV files, and both can be checked against [`rank()`].
//!
//! # Example
//!
//! ```
//! use domain::explanation::{Reason, Signal};
//! use matching::{Demand, Neighbours, Standing, Supply, Weights, rank};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let demand = Demand {
//!     key: "req_1".to_owned(),
//!     organisation: "Zuid Doet Samen".to_owned(),
//!     title: "Zaal gezocht voor onze buurtmaaltijd".to_owned(),
//!     body: "Elke donderdag koken wij voor veertig buren en de keuken wordt te klein.".to_owned(),
//!     municipality: Some("GM0200".parse()?),
//!     themes: vec!["eenzaamheid".parse()?],
//!     phase: Some("start".parse()?),
//!     support: vec!["ruimte".parse()?],
//!     opened_at: Some("2026-03-01T09:00:00Z".parse()?),
//!     standing: Standing::Live,
//! };
//! let hall = Supply {
//!     key: "off_1".to_owned(),
//!     organisation: "Stimenz".to_owned(),
//!     title: "Grote keuken en zaal vrij op donderdag".to_owned(),
//!     body: "Voor groepen die samen koken en eten.".to_owned(),
//!     reach: vec!["GM0200".parse()?],
//!     neighbours: Neighbours::Excluded,
//!     themes: vec!["ontmoeten".parse()?, "eenzaamheid".parse()?],
//!     phases: vec![],
//!     support: vec!["ruimte".parse()?],
//!     capacity_left: 2,
//!     introduced_lately: 0,
//!     standing: Standing::Live,
//! };
//! let mut far_away = hall.clone();
//! far_away.key = "off_2".to_owned();
//! far_away.reach = vec!["PV31".parse()?];
//!
//! let ranked = rank(&demand, &[far_away, hall], &Weights::default(), "2026-03-08T09:00:00Z".parse()?);
//!
//! // The far one does not reach Apeldoorn; the other fits, and says why.
//! assert_eq!(ranked.len(), 1);
//! let best = &ranked[0];
//! assert_eq!(best.supply, 1);
//! assert!(best.explanation.score > 0.6);
//! let region = best.explanation.part(Signal::Region).ok_or("every signal has a part")?;
//! assert_eq!(region.reason, Reason::SameMunicipality { municipality: "GM0200".parse()? });
//! # Ok(())
//! # }
//! ```
//!
//! # The score
//!
//! A pair that passes every [`gate`] gets a score of 0 to 1. Each signal has a value `v` of 0 to 1 and a share `w` of
//! the sum of shares; with `c` for the interaction, `f` for freshness and `a` for fairness in [`Weights`]:
//!
//! ```text
//! fit   = w.region·v.region + w.phase·v.phase + w.text·v.text
//!       + w.theme·v.theme·(1 − c·(1 − v.support)) + w.support·v.support·(1 − c·(1 − v.theme))
//! score = ((1 − f)·fit + f·v.freshness) · (1 − a·(1 − v.fairness))
//! ```
//!
//! Theme and kind of help lift each other: the right help on another theme, or the theme with other help, is worth
//! less than the two apart. The parts of an [`Explanation`](domain::explanation::Explanation) are the terms of this
//! sum, so they add up to the score. The values are, signal by signal:
//!
//! - `region`: 1 for the municipality itself, less for a COROP region, a province and the country, least for a neighbor.
//! - `theme`: the best kinship of each asked theme with an offered one, averaged; naming more themes never helps by itself.
//! - `phase`: 1 for the same phase, less with each step to the nearest phase the offer is made for.
//! - `support`: grows with the share of the asked kinds that are given; 0 for none.
//! - `text`: the share of the request's words, weighed by how rare they are, that the offer answers.
//! - `freshness` and `fairness`: bounded by [`MAX_NEAR_TIE`], so that they only order what is nearly equal.
//!
//! What a poster left out is unknown: it gets a middle value that hides nothing and weighs less than a known fit.

mod frozen;
mod gates;
mod index;
pub mod judged;
mod lookup;
mod posts;
mod profile;
mod rank;
mod reading;
mod score;
mod signals;
mod text;
mod weights;

#[cfg(test)]
mod tests;

pub use frozen::{Frozen, Gated, proposals};
pub use gates::{History, Refusal, gate};
pub use index::{Index, Lengths, MAX_ALIKE, Proposal};
pub use posts::{Demand, Neighbours, Standing, Supply};
pub use rank::{MAX_MATCHES, Ranked, rank};
pub use reading::{Finding, Reading, Side, Step};
pub use weights::{
    MAX_NEAR_TIE, PhaseValues, ReadingValues, RegionValues, Shares, SupportValues, TextValues,
    ThemeValues, WeightProblem, Weights,
};

/// The version of the engine, kept with every match it made: it changes whenever the same input may score otherwise.
pub const ALGORITHM: &str = "samenspel-2";
