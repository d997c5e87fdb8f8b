//! The Dutch geography: municipalities, places and postcodes, compiled in.
//!
//! The engine asks it what covers what and how far apart two municipalities are; forms, imports and the command line
//! ask it what a person means by a place.
//!
//! ```
//! use regions::Regions;
//!
//! let regions = Regions::shipped();
//! let place = regions.resolve("De Heeze, Apeldoorn");
//! assert_eq!(place.municipality(), "GM0200".parse().ok());
//! ```

mod candidate;
mod combine;
mod context;
mod distance;
mod gazetteer;
mod named;
mod names;
mod normalize;
mod reach;
mod reading;
mod resolution;
mod resolve;
mod resolve_reach;
mod running_text;
mod search;
mod small_words;
mod spelling;
mod tables;
mod telling_words;
mod weighing;

pub use candidate::{Candidate, PlaceKind};
pub use context::Located;
pub use named::{Mention, PlaceNamed};
pub use resolution::Resolution;
pub use tables::{MunicipalityFacts, Point, Regions};
