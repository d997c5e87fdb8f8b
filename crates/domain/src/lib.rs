//! The words and rules of the marketplace: who takes part, what they post, how posts meet, and which state follows which.
//!
//! Nothing here reads a clock, a file or a network; the time is always an argument.
//! In reading order: the codes people choose from ([`theme`], [`phase`], [`support`], [`region`]), who takes part
//! ([`organisations`], [`members`], [`sessions`]), what they post ([`requests`], [`offers`], [`posts`]), how posts meet
//! ([`explanation`], [`mod@matches`]), and how people are reached ([`links`], [`letters`]).
//! ([`organisations`], [`members`]), what they post ([`requests`], [`offers`], [`posts`]), how posts meet
//! ([`explanation`], [`mod@matches`]), how people are reached ([`links`], [`letters`]), and what they follow
//! ([`subscriptions`], [`digests`]).

mod codes;
pub mod digests;
pub mod dutch;
pub mod email_address;
pub mod explanation;
pub mod fields;
pub mod ids;
pub mod invalid;
pub mod letters;
pub mod links;
pub mod matches;
pub mod members;
pub mod offers;
pub mod organisations;
pub mod person_name;
pub mod phase;
pub mod posts;
pub mod region;
pub mod reports;
pub mod requests;
pub mod reviews;
pub mod sessions;
pub mod spreadsheets;
pub mod subscriptions;
pub mod support;
pub mod text;
pub mod theme;
pub mod vocabulary;
