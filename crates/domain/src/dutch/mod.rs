//! The catalogue: every Dutch sentence that code makes. Pages and letters have their own words in their templates.
//!
//! Written at level B1: short, active, saying what to do. People are addressed as `u` in letters and messages.

pub mod answers;
pub mod backups;
pub mod commands;
pub mod dates;
pub mod idempotency;
pub mod labels;
pub mod mail;
pub mod match_runs;
pub mod near_duplicates;
pub mod outbox;
pub mod pages;
pub mod places;
pub mod privacy;
pub mod problems;
pub mod reasons;
pub mod reports;
pub mod reviews;
pub mod sessions;
pub mod settings;
pub mod shapes;
pub mod storage;
pub mod subscriptions;
