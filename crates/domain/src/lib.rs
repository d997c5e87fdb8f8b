//! The words and rules of the marketplace: ids, requests, offers, matches, and which state follows which.
//!
//! Nothing here reads a clock, a file or a network; the time is always an argument.

pub mod dutch;
pub mod explanation;
pub mod ids;
pub mod invalid;
pub mod phase;
pub mod region;
pub mod support;
pub mod theme;
pub mod vocabulary;
