//! Rows, queries, migrations and transactions, the same on SQLite and on PostgreSQL.
//!
//! [`Db`] is the way in: [`Db::read`] and [`Db::write`] lend a connection to a closure, which calls the functions of
//! one module a noun. Only `dialect` knows which of the two databases it is talking to.

#![recursion_limit = "256"]

pub mod backups;
pub mod changes;
mod connection;
mod db;
pub mod deliveries;
mod dialect;
pub mod digests;
mod error;
mod faults;
pub mod history;
pub mod idempotency;
pub mod letters;
pub mod links;
mod lists;
pub mod match_claims;
pub mod match_runs;
pub mod matches;
pub mod members;
mod migrate;
pub mod offers;
pub mod organisations;
pub mod outbox;
mod page;
mod parts;
pub mod pauses;
pub mod posts;
mod presence;
pub mod privacy;
mod rates;
pub mod recovery;
pub mod reports;
pub mod requests;
mod schema;
pub mod sessions;
pub mod subscriptions;
pub mod suppressions;
pub mod transmissions;
mod writer;

#[cfg(test)]
#[path = "../../../tests/support/fresh.rs"]
mod fresh;

pub use connection::{Conn, Location};
pub use db::{Db, Durability, Opening};
pub use error::StoreError;
pub use page::{Cursor, MAX_PAGE, Page, Slice};
pub use parts::Part;
pub use presence::Presence;
pub use rates::Rates;
