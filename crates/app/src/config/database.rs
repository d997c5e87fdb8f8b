//! Settings of the database.

use serde::Deserialize;

/// Where everything is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// A path to an SQLite file, or `postgres://…`.
    pub url: String,
}
